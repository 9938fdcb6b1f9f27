"""What a run prints while it works and at its end, for people and for programs."""

import itertools
import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import threading
import time
import fcntl

import duckdb
import pytest

import duckdb_file
from program import TIMEOUT

SUMMARY = ["Rows", "Pages", "Requests", "Retries", "Duplicates", "Bytes", "Seconds", "Rows/s", "Peak memory"]


def slow(start_sandbox, seconds):
    """A server that keeps a run busy for so long."""
    return start_sandbox("--records=companies=900", "--record-bytes=0", "--fault", f"slow:{seconds}@offset=499;#1")


def told(outcome):
    """What was told, but for progress, of which a slow machine has more."""
    return [event["event"] for event in outcome.events() if event["event"] != "progress"]


# ---- json


def test_json_lines(ingestr, start_sandbox):
    sandbox = slow(start_sandbox, 4)   # there is a line each second
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", "--progress", "json")
    assert (outcome.status, outcome.err) == (0, "")
    events = outcome.events()
    kinds = [event["event"] for event in events]
    assert kinds[0] == "start" and kinds[-1] == "end" and kinds.count("start") == kinds.count("end") == 1
    assert set(kinds) <= {"start", "progress", "log", "end"} and kinds.count("progress") >= 1
    for event in events:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", event["ts"])
        assert event["level"] in ("debug", "info", "warn", "error") and event["msg"]
    start = events[0]
    assert (start["source_type"], start["dest_type"], start["source_table"], start["dest_table"], start["strategy"]) == (
        "attio", "duckdb", "records:companies", "dest.rows", "replace")
    for event in events:
        if event["event"] == "progress":
            assert {"rows", "batches", "rows_per_sec", "elapsed_sec", "cpu_percent", "mem_mb"} <= event.keys()


def test_the_counters_at_the_end(ingestr, start_sandbox):
    sandbox = start_sandbox("--records=companies=1000", "--record-bytes=0", "--fault=500@query#2")
    end = ingestr.load(sandbox.uri(page_size=100), "records:companies")
    stats = sandbox.stats()
    assert end["rows"] == 1000 and end["error"] is None and end["duplicates"] == 0
    assert end["requests"] >= stats["requests"] and end["retries"] == 1   # one that is not needed any more may be cut off
    assert 10 <= end["pages"] <= 12   # pages overlap by one row
    assert 0 < end["bytes"] <= stats["bytes"]
    assert end["batches"] >= 1 and end["duration_sec"] > 1 and end["peak_mem_mb"] > 0


def test_json_after_a_failed_run(ingestr, start_sandbox):
    outcome = ingestr.ingest(start_sandbox().uri(), "records:nope", "--progress", "json")
    assert outcome.status == 1
    assert told(outcome) == ["start", "end"]
    assert outcome.end()["status"] == "error" and 'no object "nope"' in outcome.end()["error"]
    assert outcome.err == f"Error: {outcome.end()['error']}\n"


@pytest.mark.parametrize("arguments", [
    ["ingest", "--progress", "json"],
    ["ingest", "--nope", "--progress=json"],
    ["ingest", "--progress=json", "--source-uri=foo://x", "--source-table=x", "--dest-uri=duckdb:///x.duckdb"],
    ["ingest", "--progress=json", "--source-uri=attio://?api_key=k123", "--source-table=x", "--dest-uri=duckdb:///x.duckdb"],
])
def test_json_after_wrong_usage(ingestr, arguments):
    outcome = ingestr.run(*arguments)
    assert outcome.status == 2
    assert told(outcome) == ["end"]
    assert outcome.end()["status"] == "error" and outcome.end()["error"]


def test_debug_lines_go_to_stderr_beside_json(ingestr, start_sandbox):
    outcome = ingestr.ingest(start_sandbox().uri(), "objects", "--progress", "json", "--debug")
    assert outcome.status == 0
    assert told(outcome) == ["start", "end"]


def test_retries_are_told_as_json_log_events(ingestr, start_sandbox):
    outcome = ingestr.ingest(start_sandbox("--fault=503-html@1").uri(), "objects", "--progress", "json")
    logged = [event for event in outcome.events() if event["event"] == "log"]
    assert len(logged) == 1 and logged[0]["level"] == "warn" and "trying again" in logged[0]["msg"]


# ---- log


def test_log_lines_on_a_pipe(ingestr, start_sandbox):
    sandbox = slow(start_sandbox, 6)   # there is a line each three seconds
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", "--progress", "log")
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert any(re.match(r"\[PROGRESS\] \d\d:\d\d:\d\d \| Rows: ", line) for line in lines)
    assert "  Source: attio / records:companies" in lines and "  Destination: duckdb / dest.rows" in lines
    assert "Ingestion completed successfully!" in lines
    assert list(outcome.summary())[-len(SUMMARY):] == SUMMARY
    assert outcome.summary()["Rows"] == "900"
    assert "\r" not in outcome.out and "\x1b" not in outcome.out


def test_interactive_falls_back_to_log_lines_on_a_pipe(ingestr, start_sandbox):
    outcome = ingestr.ingest(start_sandbox().uri(), "records:companies", "--progress", "interactive")
    assert outcome.status == 0 and "\r" not in outcome.out and "\x1b" not in outcome.out


def test_the_reader_of_stdout_leaves(ingestr, file, start_sandbox):
    """As with `ingestr … | head -1`: the load goes on."""
    sandbox = slow(start_sandbox, 0.6)
    read_end, write_end = os.pipe()
    process = ingestr.start(*ingestr.ingest_arguments(sandbox.uri(), "records:companies"), stdout=write_end)
    os.close(write_end)
    os.close(read_end)
    _, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, err
    assert duckdb_file.count(file, "dest.rows") == 900


# ---- interactive


def read_terminal(process, terminal):
    """All that the program writes to a terminal until it ends."""
    chunks = []
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        readable, _, _ = select.select([terminal], [], [], 0.2)
        if readable:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:   # what Linux says when the other end is closed
                chunk = b""
            if not chunk:
                break
            chunks.append(chunk)
        elif process.poll() is not None:
            break
    process.wait(timeout=TIMEOUT)
    return b"".join(chunks).decode()


def on_a_terminal(ingestr, arguments, columns, env=None):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = ingestr.start(*arguments, stdout=theirs, stderr=subprocess.STDOUT, env={"TERM": "xterm", **(env or {})})
    os.close(theirs)
    try:
        return process, read_terminal(process, ours)
    finally:
        os.close(ours)


def test_a_line_that_refreshes_on_a_terminal(ingestr, start_sandbox):
    sandbox = slow(start_sandbox, 3)
    process, text = on_a_terminal(ingestr, ingestr.ingest_arguments(sandbox.uri(), "records:companies"), 120)
    assert process.returncode == 0, text
    drawn = re.findall(r"\r([^\r\n]*)\x1b\[K", text)
    shown = [line for line in drawn if line]
    assert len(shown) >= 3
    assert re.fullmatch(r"dest\.rows \| [\d,]+ rows? \| [\d.]+ k?M?B \| [\d,]+ rows/s \| \d+ requests? \| \d+ retr(y|ies) \| \d+:\d\d",
                        shown[-1]), shown[-1]
    last_drawn = text.rindex("\x1b[K")
    summary = text[last_drawn:]
    for name in SUMMARY:
        assert f"{name}:" in summary
    assert "Ingestion completed successfully!" in summary


def test_a_narrow_terminal_is_not_overflowed(ingestr, start_sandbox):
    sandbox = slow(start_sandbox, 2)
    process, text = on_a_terminal(ingestr, ingestr.ingest_arguments(sandbox.uri(), "records:companies"), 30)
    assert process.returncode == 0
    shown = [line for line in re.findall(r"\r([^\r\n]*)\x1b\[K", text) if line]
    assert shown and all(len(line) < 30 for line in shown)


def test_no_color(ingestr, start_sandbox):
    arguments = ingestr.ingest_arguments(start_sandbox().uri(), "objects")
    _, colored = on_a_terminal(ingestr, arguments, 80)
    _, plain = on_a_terminal(ingestr, arguments, 80, env={"NO_COLOR": "1"})
    assert "\x1b[32m" in colored and "\x1b[32m" not in plain


def test_how_much_of_a_file_is_done(ingestr, web_server):
    """Its last two ranges, of eight, come when a share of it has been told."""
    rows = 2_000_000
    duckdb.execute(f"COPY (SELECT i, 'name ' || i AS name, i * 0.37 AS n FROM range({rows}) t(i)) TO '{web_server.folder / 'big.csv'}'")
    asked_for, go_on = itertools.count(1), threading.Event()
    web_server.silent = lambda asked: asked == "range" and next(asked_for) > 6 and not go_on.wait(TIMEOUT)
    process = ingestr.start(*ingestr.ingest_arguments(f"{web_server.url}/big.csv", "t", "--progress", "json"))
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if "percent" in events[-1]:
            go_on.set()
    assert process.wait(timeout=TIMEOUT) == 0, process.stderr.read()
    shares = [event["percent"] for event in events if "percent" in event]
    assert shares and shares == sorted(shares) and 0 < shares[0] < 100 and shares[-1] <= 100
    assert {event["event"] for event in events if "percent" in event} == {"progress"}
    assert events[-1]["rows"] == rows

"""Ctrl-C while somebody else says nothing for long: a server's query, a web server, a store. It ends within about a second, and leaves
nothing behind."""

import contextlib
import os
import signal
import socket
import threading
import time

import duckdb
import pytest

import duckdb_file
from program import SOON, wait_until

ONE_LINE = "Error: interrupted"


def interrupt(ingestr, process, number=signal.SIGINT):
    process.send_signal(number)
    outcome = ingestr.outcome(process)
    assert outcome.seconds < SOON, outcome.err
    assert outcome.status == 130, outcome.err
    assert outcome.error().startswith(ONE_LINE)
    return outcome


@contextlib.contextmanager
def mute_server():
    """Accepts whoever comes, and then says nothing; gives its port and the connections that it has."""
    listening = socket.create_server(("127.0.0.1", 0))
    held = []

    def accept():
        with contextlib.suppress(OSError):
            while True:
                held.append(listening.accept()[0])

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], held
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for connection in held:
            connection.close()


def postgres_sleeps(server):
    return lambda: server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")


def mariadb_sleeps(server):
    return lambda: server.query("SELECT 1 FROM information_schema.processlist WHERE state = 'User sleep'")


SLOW = [("postgres", "SELECT pg_sleep(600)::text AS slept, 1 AS id", postgres_sleeps),
        ("mariadb", "SELECT SLEEP(600) AS slept, 1 AS id", mariadb_sleeps)]


@pytest.mark.parametrize("target", ["duckdb:///attio.duckdb", "parquet://out/x.parquet", "sqlite:///x.db", "postgres", "mariadb"])
@pytest.mark.parametrize("server, query, sleeps", SLOW, ids=[name for name, *_ in SLOW])
def test_a_query_that_gives_no_row(ingestr, folder, request, server, query, sleeps, target):
    source = request.getfixturevalue(server)
    there = request.getfixturevalue(target) if "://" not in target else None
    process = ingestr.start(*ingestr.ingest_arguments(source.uri(), f"query:{query}", "--no-load-timestamp", into="shop.silence" if there else "silence",
                                                      file=there.uri() if there else target))
    asleep = sleeps(source)
    wait_until(asleep, "the query sleeps")
    interrupt(ingestr, process)
    wait_until(lambda: not asleep(), "the server has ended the query")
    assert list(folder.iterdir()) == []
    if there:
        # Where the server takes its time to cancel it the process does not wait, and the next run drops where rows would have landed.
        left = {name for name, in there.query("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%silence%'")}
        assert left <= {"_ingestr_landing_silence"}


@pytest.mark.parametrize("server, query, sleeps", SLOW, ids=[name for name, *_ in SLOW])
def test_others_queries_go_on(ingestr, folder, request, server, query, sleeps):
    source = request.getfixturevalue(server)
    asleep = sleeps(source)
    processes = []
    for number in (1, 2):
        processes.append(ingestr.start("preview", "--source-uri", source.uri(), "--source-table", f"query:{query}"))
        wait_until(lambda: len(asleep()) == number, "the query sleeps")
    interrupt(ingestr, processes[0], signal.SIGTERM)
    wait_until(lambda: len(asleep()) == 1, "one of them is left")
    time.sleep(0.3)   # what would end it comes again and again
    assert len(asleep()) == 1 and processes[1].poll() is None
    interrupt(ingestr, processes[1])


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_parts_that_are_read_side_by_side(ingestr, folder, request, name):
    server = request.getfixturevalue(name)
    sleep, sleeps = ("pg_sleep(600)::text", postgres_sleeps) if name == "postgres" else ("SLEEP(600)", mariadb_sleeps)
    server.execute("CREATE TABLE numbers (id bigint)", "INSERT INTO numbers VALUES (1), (2), (3), (4), (5), (6), (7), (8)",
                   f"CREATE VIEW slow_numbers AS SELECT id, CASE WHEN id > 0 THEN {sleep} END AS slept FROM numbers")
    process = ingestr.start(*ingestr.ingest_arguments(server.uri(), "slow_numbers", "--extract-partition-by", "id", "--no-load-timestamp",
                                                      "--columns", "id:bigint"))
    asleep = sleeps(server)
    wait_until(asleep, "a part sleeps")
    interrupt(ingestr, process)
    wait_until(lambda: not asleep(), "the server has ended all parts")
    server.execute("DROP VIEW slow_numbers", "DROP TABLE numbers")
    assert list(folder.iterdir()) == []


def test_a_table_that_several_connections_read(ingestr, folder, postgres):
    postgres.make_wide("wide", 60_000)
    sessions = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY%wide%'"
    with postgres.reading_stops("wide"):
        process = ingestr.start(*ingestr.ingest_arguments(postgres.uri(), "wide", "--no-load-timestamp"))
        wait_until(lambda: len(postgres.query(f"{sessions} AND wait_event_type = 'Lock'")) >= min(2, os.cpu_count()), "several connections read")
        interrupt(ingestr, process)
    wait_until(lambda: not postgres.query(sessions), "the server has ended all of them")
    postgres.execute("DROP TABLE wide")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "tables", "preview"])
@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_a_database_server_that_is_mute(ingestr, folder, scheme, command):
    with mute_server() as (port, held):
        table = ["--source-table", "rows"] if command == "preview" else []
        process = ingestr.start(command, "--source-uri", f"{scheme}://user:secret@127.0.0.1:{port}/shop?connect_timeout=600", *table)
        wait_until(lambda: held, "it is connected")
        interrupt(ingestr, process)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_a_destination_that_is_mute(ingestr, folder, scheme):
    (folder / "x.csv").write_text("id\n1\n")
    with mute_server() as (port, held):
        process = ingestr.start(*ingestr.ingest_arguments("csv://x.csv", "rows", file=f"{scheme}://user:secret@127.0.0.1:{port}/shop?connect_timeout=600"))
        wait_until(lambda: held, "it is connected")
        interrupt(ingestr, process)
    assert [path.name for path in folder.iterdir()] == ["x.csv"]


def many_rows(path):
    duckdb.sql(f"COPY (SELECT range AS id, md5(range::text) AS word FROM range(300000)) TO '{path}'")


@pytest.mark.parametrize("target", ["duckdb:///new/attio.duckdb", "csv://new/x.csv", "parquet://new/directory/", "sqlite:///new/x.db"])
@pytest.mark.parametrize("moment", ["at once", "while rows come"])
def test_a_web_server_that_says_nothing(ingestr, folder, web_server, target, moment):
    many_rows(web_server.folder / "x.parquet")
    ranges = []
    if moment == "at once":
        web_server.silent = lambda asked: True
    else:   # the head of the file is read, and some of its rows
        web_server.silent = lambda asked: asked == "range" and len(ranges) > 3 or ranges.append(asked)
    process = ingestr.start(*ingestr.ingest_arguments(f"{web_server.url}/x.parquet", "rows", file=target, into="rows"),
                            env={"TMPDIR": str(folder)})
    wait_until(lambda: web_server.requests["silence"], "nothing is said")
    outcome = interrupt(ingestr, process)
    assert outcome.error() == ("Error: interrupted without waiting for others; run the command again to load what is not there yet")
    assert list(folder.iterdir()) == []


def test_a_target_that_is_there_stays(ingestr, folder, file, web_server):
    many_rows(web_server.folder / "x.parquet")
    (folder / "x.csv").write_text("id,word\n1,old\n")
    ingestr.load("csv://x.csv", "rows", "--no-load-timestamp")
    web_server.silent = lambda asked: asked == "range"
    process = ingestr.start(*ingestr.ingest_arguments(f"{web_server.url}/x.parquet", "rows", "--no-load-timestamp"))
    wait_until(lambda: web_server.requests["silence"], "nothing is said")
    interrupt(ingestr, process)
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, "old")]
    web_server.silent = lambda asked: False
    ingestr.load(f"{web_server.url}/x.parquet", "rows", "--no-load-timestamp")
    assert duckdb_file.count(file, "dest.rows") == 300_000 and duckdb_file.tables(file) == ["dest.rows"]
    assert sorted(path.name for path in folder.iterdir()) == ["attio.duckdb", "x.csv"]


def test_json_progress_has_its_end(ingestr, folder, web_server):
    web_server.silent = lambda asked: True
    process = ingestr.start(*ingestr.ingest_arguments(f"{web_server.url}/x.parquet", "rows", "--progress", "json"))
    wait_until(lambda: web_server.requests["silence"], "nothing is said")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.end()["status"] == "error" and "interrupted" in str(outcome.end())


@pytest.mark.parametrize("scheme", ["s3", "az"])
@pytest.mark.parametrize("side, name", [("source", "x.parquet"), ("destination", "x.parquet"), ("destination", "x/")])
def test_a_store_that_says_nothing(ingestr, folder, scheme, side, name):
    (folder / "x.csv").write_text("id\n1\n")
    with mute_server() as (port, held):
        credentials = "access_key_id=a&secret_access_key=b" if scheme == "s3" else "account_name=a&account_key=Yg=="
        place = f"http://127.0.0.1:{port}"
        uri = f"{scheme}://bucket/{name}?{credentials}&endpoint_url={place}"
        source, file = (uri, "duckdb:///attio.duckdb") if side == "source" else ("csv://x.csv", uri)
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--incremental-strategy", "append", file=file), env={"TMPDIR": str(folder)})
        wait_until(lambda: held, "it is connected")
        time.sleep(0.2)   # what it asks for has been sent
        outcome = interrupt(ingestr, process)
        # A file has been sent into the directory, and nobody knows what becomes of it.
        assert name != "x/" or "as it was" not in outcome.err
    assert [path.name for path in folder.iterdir()] == ["x.csv"]

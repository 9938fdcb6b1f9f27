"""Runs that are killed or interrupted: the target stays as it was, and the next run leaves exactly its own rows."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

import duckdb
import pytest

import duckdb_file
from program import SOON, TIMEOUT, wait_until

OLD_ROWS = 300
ROWS = 6000   # 18 MB: several commits into the landing table


@pytest.fixture
def old_target(ingestr, file, start_sandbox):
    """A file with a loaded table; gives its contents."""
    ingestr.load(start_sandbox(f"--records=companies={OLD_ROWS}").uri(), "records:companies")
    return duckdb_file.contents(file)


@pytest.fixture
def slow_sandbox(start_sandbox):
    """Gives the first half of the table and then does not answer, so that a run is caught with half of its rows written."""
    ninth_page = 8 * 499   # pages overlap by one row
    return start_sandbox(f"--records=companies={ROWS}", f"--fault=slow:600@offset={ninth_page};#1x1000")


def start(ingestr, sandbox):
    return ingestr.start(*ingestr.ingest_arguments(sandbox.uri(), "records:companies"))


def bytes_on_disk(folder):
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def half_written(folder, size_before):
    # A block of DuckDB's, for rows are compressed.
    return lambda: bytes_on_disk(folder) >= size_before + 262_144


def kill(process):
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def assert_next_run_is_right(ingestr, folder, file, sandbox):
    sandbox.set_faults()
    ingestr.load(sandbox.uri(), "records:companies")
    loaded = duckdb_file.column(file, "SELECT record_id FROM dest.rows")
    assert sorted(loaded) == sorted(sandbox.ids(object="companies"))
    assert duckdb_file.tables(file) == ["dest.rows"]
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_killed_in_the_middle(ingestr, folder, file, old_target, slow_sandbox):
    half = half_written(folder, bytes_on_disk(folder))
    process = start(ingestr, slow_sandbox)
    wait_until(half, "rows are in the file")
    kill(process)
    with duckdb_file.copy_of(file) as copy:   # as the dead run left it
        left = duckdb_file.contents(copy)
        assert left['"dest"."rows"'] == old_target['"dest"."rows"']
    assert_next_run_is_right(ingestr, folder, file, slow_sandbox)


def test_killed_before_the_file_was_there(ingestr, folder, file, slow_sandbox):
    process = start(ingestr, slow_sandbox)
    wait_until(half_written(folder, 0), "rows are in the file")
    kill(process)
    assert_next_run_is_right(ingestr, folder, file, slow_sandbox)


@pytest.mark.parametrize("requests", [1, 3])
def test_killed_at_the_beginning(ingestr, folder, file, old_target, slow_sandbox, requests):
    slow_sandbox.set_faults(f"slow:600@{requests}x1000")
    process = start(ingestr, slow_sandbox)
    wait_until(lambda: slow_sandbox.stats()["requests"] >= requests, "requests came")
    kill(process)
    with duckdb_file.copy_of(file) as copy:
        assert duckdb_file.contents(copy)['"dest"."rows"'] == old_target['"dest"."rows"']
    assert_next_run_is_right(ingestr, folder, file, slow_sandbox)


def test_killed_at_any_moment(ingestr, folder, file, old_target, start_sandbox):
    """At moments spread over a whole run, the swap at its end included; each time the table is the old or the new one."""
    sandbox = start_sandbox("--records=companies=1500", "--rate-limit=0")
    new_ids = sorted(sandbox.ids(object="companies"))
    old_ids = sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows"))
    begin = time.monotonic()
    ingestr.load(sandbox.uri(), "records:companies", into="dest.other")
    duration = time.monotonic() - begin
    for step in range(8):
        process = start(ingestr, sandbox)
        time.sleep(duration * (step + 2) / 10)   # a point in time is what is tested
        process.kill()
        process.communicate()
        with duckdb_file.copy_of(file) as copy:
            ids = sorted(duckdb_file.column(copy, "SELECT record_id FROM dest.rows"))
        assert ids in (old_ids, new_ids)
    ingestr.load(sandbox.uri(), "records:companies")
    assert sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows")) == new_ids
    assert duckdb_file.tables(file) == ["dest.other", "dest.rows"]
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_in_the_middle(ingestr, folder, file, old_target, slow_sandbox, signal_number):
    half = half_written(folder, bytes_on_disk(folder))
    process = start(ingestr, slow_sandbox)
    wait_until(half, "rows are in the file")
    process.send_signal(signal_number)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON
    assert "interrupted" in outcome.error() and "run the command again" in outcome.error()
    assert duckdb_file.contents(file) == old_target
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]
    assert_next_run_is_right(ingestr, folder, file, slow_sandbox)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_signals_that_follow_each_other_soon_are_one(ingestr, folder, slow_sandbox, signal_number):
    """timeout(1) sends one to the process and one to its group."""
    process = ingestr.start(*ingestr.ingest_arguments(slow_sandbox.uri(), "records:companies", "--progress", "json"))
    wait_until(half_written(folder, 0), "rows are in the file")
    for _ in range(3):
        process.send_signal(signal_number)
        time.sleep(0.01)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and "interrupted" in outcome.error()
    assert outcome.end()["event"] == "end" and outcome.end()["status"] == "error"
    assert list(folder.iterdir()) == []


def writes_to(task, descriptor):
    """A thread of Linux's on x86_64, whose number of write() is 1."""
    with contextlib.suppress(OSError):
        return (task / "syscall").read_text().startswith(f"1 {descriptor:#x} ")
    return False


def test_interrupted_while_nobody_reads_what_it_says(ingestr, shared_sandbox):
    """Whoever writes to a full pipe holds the lock of what would have the last words."""
    if os.environ.get("INGESTR_SANITIZE") == "thread":
        pytest.skip("ThreadSanitizer does not let a process end before its output is written")
    reader, writer = os.pipe()
    try:
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(writer, b" " * 65536):
                pass
        os.set_blocking(writer, True)
        process = ingestr.start(*ingestr.ingest_arguments(shared_sandbox.uri(), "objects", "--progress", "json"), stdout=writer)
        wait_until(lambda: any(writes_to(task, 1) for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir()), "it has something to say")
        deadline = time.monotonic() + SOON
        while process.poll() is None and time.monotonic() < deadline:
            process.send_signal(signal.SIGINT)
            time.sleep(1.5)   # a second signal that comes sooner than a second is the same one
        assert process.returncode == 130
    finally:
        process.kill()
        process.communicate()
        os.close(reader)
        os.close(writer)


def test_interrupted_while_it_waits_to_try_again(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--fault", "503-html@1x100")
    process = start(ingestr, sandbox)
    wait_until(lambda: sandbox.stats()["by_status"].get("503"), "the first attempt failed")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON
    assert list(folder.iterdir()) == []


def test_interrupted_while_the_server_thinks(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--latency-ms", "600000")
    process = start(ingestr, sandbox)
    wait_until(lambda: sandbox.stats()["requests"], "the first request came")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("blocks", [0, 1, 8, 12, 16, 20, 24])   # of 512 bytes
def test_a_new_file_whose_first_writes_were_cut_off(ingestr, folder, file, shared_sandbox, blocks):
    if blocks == 0 and os.environ.get("INGESTR_SANITIZE") == "thread":
        pytest.skip("ThreadSanitizer writes a file of its own before the program begins, which is cut off then")
    arguments = ingestr.ingest_arguments(shared_sandbox.uri(), "objects")
    run = subprocess.run(["/bin/sh", "-c", 'ulimit -c 0; ulimit -f "$0"; exec "$@"', str(blocks), ingestr.binary, *arguments],
                         cwd=folder, env=ingestr.environment(), capture_output=True, timeout=TIMEOUT)
    assert run.returncode == 1 and not list(folder.iterdir()), run.stderr   # it lives, and takes away what it made
    duckdb.connect(str(file)).close()
    os.truncate(file, 512 * blocks)                                         # and this is what is left when it does not
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects")
    assert outcome.status == 0, outcome.err
    assert duckdb_file.tables(file) == ["dest.rows"] and duckdb_file.count(file, "dest.rows") == 6
    assert [path.name for path in folder.iterdir()] == [file.name]

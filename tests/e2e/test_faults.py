"""What goes wrong between client and server while pages are read: the rows must be exactly the server's, each once."""

import concurrent.futures
import json
import os

import pytest

import duckdb_file
from attio_sandbox import Sandbox, sandbox_binary
from program import Program
from scripted_api import paged, record

# Small pages make many requests; the fault hits the third query, in the middle of the table.
ROWS = 600
PAGE_SIZE = 60
SWITCHES = [f"--records=companies={ROWS}", "--record-bytes=800"]
ONE_FAULT = ["429", "500", "502", "503-html", "200-html", "reset", "reset-body", "truncate-body", "truncated-json", "empty-200"]


def load(ingestr, sandbox, table="records:companies"):
    return ingestr.load(sandbox.uri(page_size=PAGE_SIZE), table)


def assert_exact(file, sandbox):
    loaded = duckdb_file.column(file, "SELECT record_id FROM dest.rows")
    assert sorted(loaded) == sorted(sandbox.ids(object="companies"))


@pytest.fixture
def start(start_sandbox):
    return lambda *switches: start_sandbox(*SWITCHES, *switches)


@pytest.fixture(scope="module")
def runs_with_one_fault(tmp_path_factory):
    """All at once, for each of them waits for a second: fault -> end event, loaded ids, ids of the server."""
    def run(fault, folder):
        sandbox = Sandbox(sandbox_binary(), [*SWITCHES, f"--fault={fault}@query#3"])
        try:
            end = load(Program(os.environ["INGESTR_BIN"], folder), sandbox)
            return end, duckdb_file.column(folder / "attio.duckdb", "SELECT record_id FROM dest.rows"), sandbox.ids(
                object="companies")
        finally:
            sandbox.stop()

    with concurrent.futures.ThreadPoolExecutor(len(ONE_FAULT)) as pool:
        runs = {fault: pool.submit(run, fault, tmp_path_factory.mktemp("fault")) for fault in ONE_FAULT}
    return runs


@pytest.mark.parametrize("fault", ONE_FAULT)
def test_a_fault_in_the_middle_is_retried(runs_with_one_fault, fault):
    end, loaded, expected = runs_with_one_fault[fault].result()
    assert end["retries"] == 1 and end["duplicates"] == 0
    assert sorted(loaded) == sorted(expected)


def test_a_budget_of_requests(ingestr, file, start):
    """H19 of tests/CONTRACT.md."""
    sandbox = start("--fault", "500@query#3")
    load(ingestr, sandbox)
    loaded = duckdb_file.column(file, "SELECT record_id FROM dest.rows")
    sandbox = start("--fault", "500@query#3")
    outcome = ingestr.ingest(sandbox.uri(page_size=PAGE_SIZE, max_requests=5), "records:companies")
    assert outcome.status == 1
    assert "the 5 requests that this run may send are used up; allow more with max_requests in --source-uri" in outcome.error()
    assert duckdb_file.column(file, "SELECT record_id FROM dest.rows") == loaded
    sandbox = start()
    most = 100   # up to 32 pages behind the end are asked for in vain, and how many is a matter of time
    end = ingestr.load(sandbox.uri(page_size=PAGE_SIZE, max_requests=most), "records:companies")
    assert end["rows"] == ROWS and end["requests"] <= most


def test_a_fault_at_the_first_request(ingestr, file, start):
    sandbox = start("--fault", "500@1")
    assert load(ingestr, sandbox)["retries"] == 1
    assert_exact(file, sandbox)


def test_faults_all_over(ingestr, file, start):
    step = PAGE_SIZE - 1   # pages overlap by one row
    kinds = ["500", "reset", "truncate-body", "truncated-json", "503-html"]
    faults = [f"{kind}@offset={(2 * i + 1) * step};#1" for i, kind in enumerate(kinds)]
    sandbox = start(*(f"--fault={fault}" for fault in faults))
    end = load(ingestr, sandbox)
    assert end["retries"] == len(faults) and end["requests"] >= sandbox.stats()["requests"]
    assert_exact(file, sandbox)


def test_a_get_is_retried_too_and_twice(ingestr, file, start):
    sandbox = start("--fault", "503-html@/v2/objects#1", "--fault", "truncate-body@/v2/objects#2")
    assert load(ingestr, sandbox, "objects")["retries"] == 2
    assert duckdb_file.count(file, "dest.rows") == 6


@pytest.mark.parametrize("form", [(), ("--retry-after-seconds",)], ids=["date", "seconds"])
def test_the_time_in_retry_after_is_kept(ingestr, file, start, form):
    sandbox = start("--fault", "429@query#3", *form)
    end = load(ingestr, sandbox)
    assert end["retries"] == 1 and end["duration_sec"] >= 1
    assert_exact(file, sandbox)
    log = sandbox.stats()["log"]
    refused = next(line for line in log if line["status"] == 429)
    repeated = [line for line in log if line["offset"] == refused["offset"] and line["number"] > refused["number"]]
    assert repeated[0]["at_ms"] - refused["at_ms"] >= 900


def test_a_rate_limit_lower_than_ours(ingestr, file, start):
    """The server refuses, we slow down, and nothing is lost."""
    sandbox = start("--rate-limit", "4")   # so low that a slow machine is above it
    end = ingestr.load(sandbox.uri(page_size=40), "records:companies")
    # One that was refused and is not needed any more is not sent again.
    assert 0 < end["retries"] <= end["rate_limits"] <= sandbox.stats()["rate_limited"]
    assert_exact(file, sandbox)


@pytest.mark.parametrize("fault", ["slow:0.7", "stall:0.7"])
def test_a_slow_answer_is_waited_for(ingestr, file, start, fault):
    sandbox = start("--fault", f"{fault}@query#3")
    assert load(ingestr, sandbox)["retries"] == 0
    assert_exact(file, sandbox)


def test_a_page_cap_below_the_page_size(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=1234", "--record-bytes=300", "--page-cap", "100")
    end = ingestr.load(sandbox.uri(), "records:companies")
    assert [line["limit"] for line in sandbox.stats()["log"] if line["path"].endswith("/query")][0] == 500
    assert end["rows"] == 1234 and end["duplicates"] == 0
    assert_exact(file, sandbox)


def test_the_same_row_twice_in_one_answer(ingestr, file, start_api):
    api = start_api(paged([record(0), record(1), record(1), record(2)]))
    end = ingestr.load(api.uri(), "records:companies")
    assert end["rows"] == 3 and end["duplicates"] == 1


def test_json_that_is_broken_inside_its_brackets_is_retried(ingestr, file, start_api):
    """Each page comes broken once, in a value that would land in a JSON column as it is."""
    broken = {0: '"workspace_id":nope', 9: '"workspace_id":01', 18: '"workspace_id":"\\q"', 27: '"workspace_id":"w","x"'}
    good = paged([record(number) for number in range(30)])

    def answer(method, path, body, headers):
        text = good(method, path, body, headers)
        member = broken.pop(json.loads(body)["offset"], None) if path.endswith("/query") else None
        return text.replace('"workspace_id":"w"', member, 1) if member else text

    end = ingestr.load(start_api(answer).uri() + "&page_size=10", "records:companies")
    assert not broken and end["rows"] == 30 and end["retries"] == 4
    rows = duckdb_file.column(file, "SELECT id::VARCHAR FROM dest.rows")
    assert [json.loads(text)["workspace_id"] for text in rows] == ["w"] * 30


@pytest.mark.parametrize("fault", ["no-data", "null-data", "object-data"])
@pytest.mark.parametrize("table, where", [("records:companies", "query#3"), ("objects", "/v2/objects#1")])
def test_an_answer_without_data_is_no_end(ingestr, file, start, fault, table, where):
    sandbox = start()
    ingestr.load(sandbox.uri(), table)
    before = duckdb_file.contents(file)
    sandbox.reset()
    sandbox.set_faults(f"{fault}@{where}")
    outcome = ingestr.ingest(sandbox.uri(page_size=PAGE_SIZE), table)
    assert outcome.status == 1
    assert "data" in outcome.error()
    assert duckdb_file.contents(file) == before

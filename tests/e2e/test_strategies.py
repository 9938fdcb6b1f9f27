"""Append, merge, delete+insert, and replace by key, from the sandbox into a file that is there."""

import json

import pytest

import duckdb_file

MERGE = ["--incremental-strategy", "merge", "--primary-key", "record_id"]
BY_CREATION = ["--incremental-strategy", "delete+insert", "--incremental-key", "created_at"]


def ids(file):
    return sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows"))


def created_at(file, position):
    """As text, of the row at that position of all."""
    times = duckdb_file.column(file, "SELECT DISTINCT strftime(created_at, '%Y-%m-%dT%H:%M:%S.%fZ') FROM dest.rows ORDER BY 1")
    return times[int(position * (len(times) - 1))]


def only_the_target(folder, file):
    return duckdb_file.tables(file) == ["dest.rows"] and [path.name for path in folder.iterdir()] == [file.name]


def test_append_twice_doubles(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    for _ in range(2):
        ingestr.load(sandbox.uri(), "records:companies", "--incremental-strategy", "append")
    assert ids(file) == sorted(2 * sandbox.ids(object="companies"))
    assert len(duckdb_file.column(file, "SELECT DISTINCT _ingestr_loaded_at::VARCHAR FROM dest.rows")) == 2
    assert only_the_target(folder, file)


def test_merge_picks_up_changes_and_loses_no_row(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    for _ in range(2):
        ingestr.load(sandbox.uri(), "records:companies", *MERGE)
        assert ids(file) == sorted(sandbox.ids(object="companies"))
    gone = set(ids(file))
    sandbox.change_rows(object="companies", op="delete", position=10, count=300)
    sandbox.change_rows(object="companies", op="insert", position=0, count=5)
    gone -= set(sandbox.ids(object="companies"))
    ingestr.load(sandbox.uri(), "records:companies", *MERGE)
    assert ids(file) == sorted([*gone, *sandbox.ids(object="companies")]) and len(gone) == 300
    times = duckdb_file.query(file, "SELECT record_id FROM dest.rows WHERE _ingestr_loaded_at < "
                                    "(SELECT max(_ingestr_loaded_at) FROM dest.rows)")
    assert {row for row, in times} == gone
    assert only_the_target(folder, file)


def test_merge_of_changed_values_and_columns(ingestr, file, start_sandbox):
    keys = [*MERGE[:2], "--primary-key", "object_id"]
    ingestr.load(start_sandbox("--extra-key", "score=1", "--extra-key", 'kept="x"').uri(), "objects", *keys)
    ingestr.load(start_sandbox("--extra-key", "score=2.5", "--extra-key", "added=true").uri(), "objects", *keys)
    assert duckdb_file.query(file, "SELECT DISTINCT score, kept, added FROM dest.rows") == [(2.5, "x", True)]
    assert duckdb_file.count(file, "dest.rows") == 6


def test_a_key_of_two_columns(ingestr, file, shared_sandbox):
    for _ in range(2):
        ingestr.load(shared_sandbox.uri(), "all_list_entries:companies", "--incremental-strategy=merge",
                     "--primary-key=list_id,entry_id")
    rows, distinct = duckdb_file.query(file, "SELECT count(*), count(DISTINCT (list_id, entry_id)) FROM dest.rows")[0]
    assert rows == distinct > 0


def test_delete_insert_of_an_interval(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    ingestr.load(sandbox.uri(), "records:companies")
    before = ids(file)
    start, end = created_at(file, 0.3)[:10], created_at(file, 0.6)[:10]
    interval = [*BY_CREATION, "--interval-start", start, "--interval-end", end]
    for _ in range(2):
        end_event = ingestr.load(sandbox.uri(), "records:companies", *interval)
        assert 0 < end_event["rows"] < 700
        assert ids(file) == before
    assert duckdb_file.count(file, "dest.rows WHERE _ingestr_loaded_at = (SELECT max(_ingestr_loaded_at) FROM dest.rows)") \
        == end_event["rows"]
    assert only_the_target(folder, file)


def test_delete_insert_of_an_interval_that_begins_with_a_row(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    ingestr.load(sandbox.uri(), "records:companies")
    before = ids(file)
    ingestr.load(sandbox.uri(), "records:companies", *BY_CREATION, "--interval-start", created_at(file, 0.3),
                 "--interval-end", created_at(file, 0.6))
    assert ids(file) == before


def test_the_server_filters_the_interval(ingestr, start_api):
    bodies = []

    def answer(method, path, body, headers):
        if path.endswith("/query"):
            bodies.append(json.loads(body))
            return '{"data":[]}'
        return 404, "{}"

    outcome = ingestr.ingest(start_api(answer).uri(), "records:companies", "--incremental-key=created_at",
                             "--interval-start=2026-01-31", "--interval-end=2026-02-01 01:00:00+01:00")
    assert outcome.status == 0, outcome.err
    assert all(body["filter"] == {"created_at": {"$gte": "2026-01-30T00:00:00.000000Z",
                                                 "$lte": "2026-02-02T00:00:00.000000Z"}} for body in bodies) and bodies


def test_delete_insert_by_landed_bounds(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    for _ in range(2):
        ingestr.load(sandbox.uri(), "records:companies", *BY_CREATION)
        assert ids(file) == sorted(sandbox.ids(object="companies"))


def test_full_refresh_replaces(ingestr, file, start_sandbox):
    ingestr.load(start_sandbox("--records=companies=20").uri(), "records:companies", *MERGE)
    ingestr.load(start_sandbox("--records=companies=7").uri(), "records:companies", *MERGE, "--full-refresh")
    assert duckdb_file.count(file, "dest.rows") == 7


def test_what_a_run_says_of_its_keys(ingestr, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:deals", *MERGE, "--incremental-key=created_at")
    assert "Incremental Strategy: merge\n" in outcome.out and "Incremental Key: created_at\n" in outcome.out
    assert "Primary Key: record_id\n" in outcome.out
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:deals", *MERGE, "--incremental-key=created_at",
                             "--progress=json")
    start = outcome.events()[0]
    assert (start["strategy"], start["incremental_key"], start["primary_key"]) == ("merge", "created_at", ["record_id"])


USAGE = {
    "merge needs --primary-key": ["--incremental-strategy=merge"],
    "delete+insert needs --incremental-key": ["--incremental-strategy=delete+insert"],
    "--incremental-predicate": ["--incremental-predicate=1=1"],
    "--interval-start": ["--interval-start=2024-13-01"],
    "--interval-end": ["--interval-end=03/04/2024"],
    "must be earlier than": ["--interval-start=2026-02-01", "--interval-end=2026-01-01"],
}


@pytest.mark.parametrize("sentence", USAGE)
def test_wrong_keys_and_intervals_are_found_before_the_first_request(ingestr, folder, start_sandbox, sentence):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *USAGE[sentence])
    assert outcome.status == 2 and sentence in outcome.error()
    assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []


@pytest.mark.parametrize("table, flags, sentence", [
    ("records:companies", ["--incremental-strategy=merge", "--primary-key=recrod_id"], "recrod_id, which is no column"),
    ("records:companies", ["--primary-key=id,nope"], "nope, which is no column"),
    ("records:companies", ["--incremental-strategy=delete+insert", "--incremental-key=web_url"], "VARCHAR"),
    ("objects", ["--incremental-key=created_at", "--interval-start=2026-01-01"], "interval"),
    ("records:companies", ["--incremental-key=web_url", "--interval-start=2026-01-01"], "created_at"),
])
def test_what_the_table_cannot_do_is_found_before_the_first_request(ingestr, folder, start_sandbox, table, flags, sentence):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), table, *flags)
    assert outcome.status == 2 and sentence in outcome.error()
    assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []


@pytest.mark.parametrize("flags", [["--incremental-strategy=append"], MERGE, BY_CREATION])
def test_a_failure_in_the_middle_changes_nothing(ingestr, folder, file, start_sandbox, flags):
    sandbox = start_sandbox("--records=companies=4000")
    ingestr.load(sandbox.uri(), "records:companies", *flags)
    before = duckdb_file.contents(file)
    sandbox.set_faults("401@offset=34#1", "401@offset=39#1")
    sandbox.reset()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *flags)
    assert outcome.status == 1 and "API key" in outcome.error()
    assert duckdb_file.contents(file) == before and only_the_target(folder, file)

"""--dry-run: the plan, and nothing else."""

import json

import pytest

import duckdb_file

MERGE = ["--incremental-strategy", "merge", "--primary-key", "record_id"]

REPLACE_PLAN = """\
Plan for objects -> dest.rows
  before the rows:
    create schema dest
    drop landing tables that dead runs left
    drop table dest._ingestr_landing_rows
    create table dest._ingestr_landing_rows (id JSON, workspace_id VARCHAR, object_id VARCHAR, api_slug VARCHAR, singular_noun VARCHAR, plural_noun VARCHAR, created_at TIMESTAMPTZ)
  rows land in dest._ingestr_landing_rows
  after the rows, all or nothing:
    replace dest.rows by dest._ingestr_landing_rows, keeping constraints, defaults, indexes and comments
"""


def test_the_plan_is_printed_and_no_file_is_made(ingestr, folder, start_sandbox):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "objects", "--dry-run", "--no-load-timestamp")
    assert outcome.status == 0, outcome.err
    assert REPLACE_PLAN in outcome.out
    assert outcome.out.endswith("Dry run: nothing was read, nothing was changed.\n") and "completed" not in outcome.out
    assert list(folder.iterdir()) == []
    assert sandbox.stats()["requests"] <= 2   # what the key may do, and a page, which shows that the table is there


def test_no_directory_is_made(ingestr, folder, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", "--dry-run", file="duckdb://a/b/x.duckdb")
    assert outcome.status == 0 and list(folder.iterdir()) == []


@pytest.mark.parametrize("flags, step", [
    (["--incremental-strategy=append"], "insert from dest._ingestr_landing_rows into dest.rows: "),
    (MERGE, "merge from dest._ingestr_landing_rows into dest.rows by record_id: "),
    (["--incremental-strategy=delete+insert", "--incremental-key=created_at"],
     "delete from dest.rows where created_at is between the lowest and the highest of dest._ingestr_landing_rows"),
])
def test_a_table_that_exists_is_left_alone(ingestr, folder, file, start_sandbox, flags, step):
    sandbox = start_sandbox("--records=companies=20")
    ingestr.load(sandbox.uri(), "records:companies", *flags)
    before = file.read_bytes()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *flags, "--dry-run")
    assert outcome.status == 0 and step in outcome.out, outcome.err
    assert file.read_bytes() == before and [path.name for path in folder.iterdir()] == [file.name]


def test_a_plan_for_each_table_of_a_pattern(ingestr, folder, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:*", "--dry-run", into="dest.*")
    assert outcome.status == 0, outcome.err
    for name in ("companies", "people", "deals"):
        assert f"Plan for records:{name} -> dest.records_{name}\n" in outcome.out
    assert list(folder.iterdir()) == []


def test_plans_as_events(ingestr, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", "--dry-run", "--progress=json")
    start, plan, end = outcome.events()
    assert (start["event"], plan["event"], end["event"], end["status"]) == ("start", "plan", "end", "success")
    assert (plan["name"], plan["dest"], plan["landing"]) == ("objects", "dest.rows", "dest._ingestr_landing_rows")
    assert plan["before"][0] == "create schema dest" and plan["after"][-1].startswith("replace dest.")
    assert end["rows"] == 0 and "nothing was changed" in end["msg"]
    assert json.dumps(outcome.events()).count("key_123") == 0


def test_what_is_wrong_shows_in_a_dry_run(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=5")
    ingestr.load(sandbox.uri(), "records:companies", *MERGE)
    before = file.read_bytes()
    sandbox.reset()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *MERGE, "--incremental-predicate=target.nope > 5", "--dry-run")
    assert outcome.status == 2 and "--incremental-predicate" in outcome.error() and "nope" in outcome.error()
    assert sandbox.stats()["requests"] == 0
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", "--primary-key=nope", "--dry-run")
    assert outcome.status == 2 and "nope" in outcome.error()
    assert file.read_bytes() == before


def test_a_wrong_predicate_is_found_before_the_first_request(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=5")
    ingestr.load(sandbox.uri(), "records:companies", *MERGE)
    before = duckdb_file.contents(file)
    sandbox.reset()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *MERGE, "--incremental-predicate=target.created_at >")
    assert outcome.status == 2 and "--incremental-predicate" in outcome.error()
    assert sandbox.stats()["requests"] == 0 and duckdb_file.contents(file) == before

"""scd2 from the sandbox, and schema contracts."""

import duckdb
import pytest

import duckdb_file

SCD2 = ["--incremental-strategy=scd2", "--primary-key=record_id"]


def versions(file):
    """current, closed"""
    return duckdb_file.query(file, "SELECT count(*) FILTER (_scd_is_current), count(*) FILTER (NOT _scd_is_current) FROM dest.rows")[0]


def test_an_unchanged_source_makes_no_versions(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=300")
    for _ in range(3):
        ingestr.load(sandbox.uri(), "records:companies", *SCD2)
        assert versions(file) == (300, 0)
    assert duckdb_file.tables(file) == ["dest.rows"] and [path.name for path in folder.iterdir()] == [file.name]


def test_vanished_and_new_rows(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=300")
    ingestr.load(sandbox.uri(), "records:companies", *SCD2)
    sandbox.change_rows(object="companies", op="delete", position=10, count=40)
    sandbox.change_rows(object="companies", op="insert", position=0, count=5)
    ingestr.load(sandbox.uri(), "records:companies", *SCD2)
    assert versions(file) == (265, 40)
    current = duckdb_file.column(file, "SELECT record_id FROM dest.rows WHERE _scd_is_current")
    assert sorted(current) == sorted(sandbox.ids(object="companies"))
    assert duckdb_file.query(file, "SELECT DISTINCT _scd_valid_to = (SELECT max(_scd_valid_from) FROM dest.rows), "
                                   "_scd_valid_to IS NULL FROM dest.rows ORDER BY ALL") == [(True, False), (None, True)]
    ingestr.load(sandbox.uri(), "records:companies", *SCD2, "--sql-limit=10")   # of some rows nothing has vanished
    assert versions(file) == (265, 40)


def test_changed_values_and_a_new_column(ingestr, file, start_sandbox):
    keys = [SCD2[0], "--primary-key=object_id"]
    for switches in (["--extra-key", "score=1"], ["--extra-key", "score=1"], ["--extra-key", "score=2.5", "--extra-key", "more=[1]"]):
        ingestr.load(start_sandbox(*switches).uri(), "objects", *keys)
    assert duckdb_file.query(file, "SELECT score, more, _scd_is_current, count(*) FROM dest.rows GROUP BY ALL ORDER BY 1") == [
        (1.0, None, False, 6), (2.5, "[1]", True, 6)]
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
    assert names[-5:-1] == ["_scd_valid_from", "_scd_valid_to", "_scd_is_current", "_ingestr_loaded_at"]


def test_a_history_needs_a_key_and_a_table_of_its_own(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=5")
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", SCD2[0])
    assert outcome.status == 2 and "scd2 needs --primary-key" in outcome.error()
    assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []
    ingestr.load(sandbox.uri(), "records:companies")
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *SCD2)
    assert outcome.status == 2 and "was not made by scd2" in outcome.error()
    ingestr.load(sandbox.uri(), "records:companies", *SCD2, "--full-refresh")
    assert versions(file) == (5, 0)


# ---- schema contracts


APPEND = "--incremental-strategy=append"


def load_under(ingestr, contract, sandbox, *flags):
    return ingestr.load(sandbox.uri(), "objects", APPEND, f"--schema-contract={contract}", *flags)


@pytest.fixture
def with_scores(ingestr, start_sandbox):
    """A table whose `score` is a BIGINT; returns a server whose scores are text and that has a new key as well."""
    ingestr.load(start_sandbox("--extra-key", "score=1").uri(), "objects")
    return start_sandbox("--extra-key", 'score="n/a"', "--extra-key", "more=true")


def test_freeze(ingestr, file, with_scores, start_sandbox):
    before = duckdb_file.contents(file)
    outcome = ingestr.ingest(with_scores.uri(), "objects", APPEND, "--schema-contract=freeze")
    assert outcome.status == 1
    assert "score is BIGINT there and VARCHAR in the source, more BOOLEAN is new" in outcome.error()
    assert duckdb_file.contents(file) == before
    load_under(ingestr, "freeze", start_sandbox())   # no score, which is no removed column
    assert duckdb_file.query(file, "SELECT score, count(*) FROM dest.rows GROUP BY 1 ORDER BY 1") == [(1, 6), (None, 6)]


def test_freeze_is_found_before_the_first_request(ingestr, file, start_sandbox):
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA dest; CREATE TABLE dest.rows (api_slug VARCHAR)")
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "objects", APPEND, "--schema-contract=freeze")
    assert outcome.status == 1 and "created_at TIMESTAMPTZ is new" in outcome.error()
    assert sandbox.stats()["requests"] == 0


def test_discard_row(ingestr, file, with_scores):
    end = load_under(ingestr, "discard_row", with_scores)
    assert (end["rows"], end["discarded_rows"], end["discarded_values"]) == (6, 6, 0)
    assert duckdb_file.query(file, "SELECT score, count(*) FROM dest.rows GROUP BY 1") == [(1, 6)]


def test_discard_value(ingestr, file, with_scores):
    columns = duckdb_file.columns(file, "rows", "dest")
    outcome = ingestr.ingest(with_scores.uri(), "objects", APPEND, "--schema-contract=discard_value")
    assert outcome.status == 0 and outcome.summary()["Discarded"] == "0 rows, 12 values"
    assert duckdb_file.query(file, "SELECT score, count(*) FROM dest.rows GROUP BY 1 ORDER BY 1") == [(1, 6), (None, 6)]
    assert duckdb_file.columns(file, "rows", "dest") == columns


def test_a_bad_contract_is_refused_at_once(ingestr, folder, start_sandbox):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "objects", "--schema-contract=bogus")   # also for replace
    assert outcome.status == 2 and '--schema-contract: there is no schema contract "bogus"' in outcome.error()
    assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []


# ---- tables that others have made


def test_append_to_a_table_with_a_primary_key(ingestr, file, start_sandbox):
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA dest; CREATE TABLE dest.rows (record_id VARCHAR PRIMARY KEY, created_at TIMESTAMPTZ)")
    sandbox = start_sandbox("--records=companies=50")
    ingestr.load(sandbox.uri(), "records:companies", APPEND)
    assert duckdb_file.count(file, "dest.rows") == 50
    before = duckdb_file.contents(file)
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", APPEND)
    assert outcome.status == 1 and "is there already" in outcome.error() and "--incremental-strategy merge" in outcome.error()
    assert duckdb_file.contents(file) == before
    for strategy in ("merge", "delete+insert"):
        ingestr.load(sandbox.uri(), "records:companies", f"--incremental-strategy={strategy}", "--primary-key=record_id",
                     "--incremental-key=created_at")
        assert duckdb_file.count(file, "dest.rows") == 50

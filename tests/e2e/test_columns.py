"""Columns that the API adds, and columns it has nothing for."""

import pytest

import duckdb_file
from scripted_api import paged, record

DECLARED = ["id", "workspace_id", "object_id", "record_id", "created_at", "web_url", "values"]
LOADED_AT = ("_ingestr_loaded_at", "TIMESTAMP WITH TIME ZONE")

ADDED_VALUES = {
    "integer": (["1", "-7", "null"], "BIGINT", ["1", "-7", None]),
    "double": (["0.5", "2", "1e3"], "DOUBLE", ["0.5", "2.0", "1000.0"]),
    "boolean": (["true", "null", "false"], "BOOLEAN", ["true", None, "false"]),
    "date": (['"2026-02-28"', "null", '"1999-12-31"'], "DATE", ["2026-02-28", None, "1999-12-31"]),
    "timestamp with a zone": (['"2026-02-28T01:02:03Z"', '"2026-02-28T01:02:03.5+02:00"'], "TIMESTAMP WITH TIME ZONE",
                              ["2026-02-28 01:02:03+00", "2026-02-27 23:02:03.5+00"]),
    "timestamp without a zone": (['"2026-02-28T01:02:03"'], "TIMESTAMP", ["2026-02-28 01:02:03"]),
    "big integer": (["9223372036854775808", "12345678901234567890123456789012345678"], "DECIMAL(38,0)",
                    ["9223372036854775808", "12345678901234567890123456789012345678"]),
    "number of many digits": (["1234567890123456.25", "0.125"], "DECIMAL(19,3)", ["1234567890123456.250", "0.125"]),
    "text": (['"a \\"b\\" \\u00e9"', '"10:30"', '""', "null"], "VARCHAR", ['a "b" é', "10:30", "", None]),
    "almost a date": (['"2026-02-28"', '"2026-02-30"'], "VARCHAR", ["2026-02-28", "2026-02-30"]),
    "nested": (['{"b": [1, 2.50]}', "[]", "null"], "JSON", ['{"b": [1, 2.50]}', "[]", None]),
    "nested among others": (['{"a":1}', "7", '"x"'], "JSON", ['{"a":1}', "7", '"x"']),
    "mixed": (["1.50", '"x"', "true", "12345678901234567890"], "VARCHAR", ["1.50", "x", "true", "12345678901234567890"]),
    "integers and a date": (["20260228", '"2026-02-28"'], "VARCHAR", ["20260228", "2026-02-28"]),
    "only null": (["null", "null"], "VARCHAR", [None, None]),
}


@pytest.mark.parametrize("case", ADDED_VALUES)
def test_an_added_key_becomes_a_column_of_its_strict_type(ingestr, file, start_api, case):
    values, kind, expected = ADDED_VALUES[case]
    api = start_api(paged([record(i, f'"new_key":{value}') for i, value in enumerate(values)]))
    ingestr.load(api.uri(), "records:companies")
    assert duckdb_file.columns(file, "rows", "dest")[7:] == [("new_key", kind), LOADED_AT]
    assert duckdb_file.column(file, "SELECT new_key::VARCHAR FROM dest.rows ORDER BY record_id") == expected


def test_a_key_added_in_mid_table(ingestr, file, start_sandbox):
    """In pages after rows of the table have landed; the rows before it have NULL."""
    sandbox = start_sandbox("--records=companies=4000", "--extra-key", "score@3000=7", "--extra-key", "tags@3500=[1]",
                            "--extra-key", "from_the_start=true")
    ingestr.load(sandbox.uri(), "records:companies")
    assert duckdb_file.columns(file, "rows", "dest")[7:] == [
        ("from_the_start", "BOOLEAN"), ("score", "BIGINT"), ("tags", "JSON"), LOADED_AT]
    assert duckdb_file.query(file, "SELECT count(*), count(from_the_start), count(score), count(tags) FROM dest.rows") == [
        (4000, 4000, 1000, 500)]
    assert sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows WHERE score = 7")) == sorted(
        sandbox.ids(object="companies")[3000:])


def test_a_type_that_widens_in_mid_table(ingestr, file, start_api):
    values = ["1"] * 1500 + ["2.5"] * 10 + ['"many"'] * 10
    api = start_api(paged([record(i, f'"score":{value}', '"filler":"' + "x" * 4000 + '"') for i, value in enumerate(values)]))
    ingestr.load(api.uri(), "records:companies")
    assert dict(duckdb_file.columns(file, "rows", "dest"))["score"] == "VARCHAR"
    assert duckdb_file.query(file, "SELECT score, count(*) FROM dest.rows GROUP BY ALL ORDER BY ALL") == [
        ("1", 1500), ("2.5", 10), ("many", 10)]


@pytest.mark.parametrize("table", ["objects", "lists"])
def test_added_keys_in_the_other_tables(ingestr, file, start_sandbox, table):
    sandbox = start_sandbox("--extra-key", 'stage="beta"', "--extra-key", "limits={\"rows\":12345678901234567890}")
    ingestr.load(sandbox.uri(), table)
    assert duckdb_file.columns(file, "rows", "dest")[-3:] == [("stage", "VARCHAR"), ("limits", "JSON"), LOADED_AT]
    assert set(duckdb_file.query(file, "SELECT stage, limits::VARCHAR FROM dest.rows")) == {
        ("beta", '{"rows":12345678901234567890}')}


def test_added_keys_that_are_called_like_other_columns(ingestr, file, start_api):
    """No value is lost to a name that is taken, whatever its case."""
    api = start_api(paged([record(0, '"Values":1', '"RECORD_ID":2', '"_ingestr_loaded_at":3', '"":4', '"a b\\"c":5')]))
    ingestr.load(api.uri(), "records:companies")
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
    assert names[:7] == DECLARED and names[-1] == LOADED_AT[0] and len(names) == 13
    assert duckdb_file.query(file, "SELECT COLUMNS(c -> c NOT IN "
                                   f"{tuple(DECLARED + [LOADED_AT[0]])}) FROM dest.rows") == [(1, 2, 3, 4, 5)]


def test_declared_columns_stay_when_all_values_are_null(ingestr, file, start_api):
    rows = [f'{{"id":{{"workspace_id":"w","object_id":"o","record_id":"{i}"}},"created_at":null,"web_url":null}}'
            for i in range(3)]
    ingestr.load(start_api(paged(rows)).uri(), "records:companies")
    columns = duckdb_file.columns(file, "rows", "dest")
    assert [name for name, _ in columns] == [*DECLARED, LOADED_AT[0]]
    assert dict(columns)["values"] == "JSON" and dict(columns)["created_at"] == LOADED_AT[1]
    assert duckdb_file.query(file, 'SELECT count(*), count(created_at), count(web_url), count("values") FROM dest.rows') == [
        (3, 0, 0, 0)]


def test_a_value_that_does_not_fit_its_column_is_an_error(ingestr, file, start_api):
    row = record(0).replace("2026-01-02T03:04:05.678000000Z", "yesterday")
    outcome = ingestr.ingest(start_api(paged([row])).uri(), "records:companies")
    assert outcome.status == 1
    assert "created_at" in outcome.error() and "yesterday" in outcome.error()
    assert not file.exists()

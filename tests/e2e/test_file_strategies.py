"""Every strategy, from files."""

import datetime
import json

import pytest

import duckdb_file


@pytest.fixture(params=["csv", "jsonl"])
def load(request, ingestr, folder):
    """Writes rows, given as dicts of JSON texts, into a file and loads it."""
    def run(rows, *flags):
        path = folder / f"rows.{request.param}"
        if request.param == "csv":
            lines = [",".join(rows[0])] + [",".join(value.strip('"') for value in row.values()) for row in rows]
        else:
            lines = ["{" + ",".join(f'"{key}":{value or "null"}' for key, value in row.items()) + "}" for row in rows]
        path.write_text("\n".join(lines) + "\n")
        return ingestr.load(f"{request.param}://{path.name}", "rows", *flags)
    return run


def row(number, text, day="2024-01-01"):
    return {"id": str(number), "text": f'"{text}"', "day": f'"{day}"'}


def rows_in(file):
    return duckdb_file.query(file, "SELECT id, text, day::VARCHAR FROM dest.rows ORDER BY id, text")


def test_replace_ends_with_the_second_data_set(load, file):
    load([row(1, "a"), row(2, "b")])
    load([row(3, "c")])
    assert rows_in(file) == [(3, "c", "2024-01-01")]


def test_append_twice_doubles(load, file):
    for _ in range(2):
        load([row(1, "a")], "--incremental-strategy", "append")
    assert rows_in(file) == [(1, "a", "2024-01-01")] * 2


def test_merge_updates_inserts_and_keeps_the_rest_and_the_last_read_wins(load, file):
    flags = ["--incremental-strategy", "merge", "--primary-key", "id"]
    load([row(1, "a"), row(2, "b")], *flags)
    load([row(2, "first"), row(3, "c"), row(2, "last")], *flags)
    assert rows_in(file) == [(1, "a", "2024-01-01"), (2, "last", "2024-01-01"), (3, "c", "2024-01-01")]


def test_merge_prefers_the_highest_incremental_key(load, file):
    load([row(1, "new", "2024-03-01"), row(1, "old", "2024-02-01")],
         "--incremental-strategy", "merge", "--primary-key", "id", "--incremental-key", "day")
    assert rows_in(file) == [(1, "new", "2024-03-01")]


def test_delete_insert_by_date(load, file):
    flags = ["--incremental-strategy", "delete+insert", "--incremental-key", "day"]
    load([row(1, "a", "2024-01-01"), row(2, "b", "2024-02-01"), row(3, "c", "2024-03-01")], *flags)
    load([row(4, "d", "2024-02-01"), row(5, "e", "2024-02-15")], *flags)
    assert [found[0] for found in rows_in(file)] == [1, 3, 4, 5]


def test_delete_insert_by_number(load, file):
    flags = ["--incremental-strategy", "delete+insert", "--incremental-key", "id"]
    load([row(number, "a") for number in (1, 2, 5, 9)], *flags)
    load([row(2, "b"), row(6, "b")], *flags)
    assert [found[:2] for found in rows_in(file)] == [(1, "a"), (2, "b"), (6, "b"), (9, "a")]


def test_an_interval_leaves_out_rows_of_the_file(load, file):
    flags = ["--incremental-strategy", "delete+insert", "--incremental-key", "day",
             "--interval-start", "2024-02-01", "--interval-end", "2024-02-28"]
    rows = [row(1, "a", "2024-01-31"), row(2, "b", "2024-02-01"), row(3, "c", "2024-02-28"), row(4, "d", "2024-03-01")]
    assert load(rows, *flags)["rows"] == 2
    assert load(rows, *flags)["rows"] == 2
    assert [found[0] for found in rows_in(file)] == [2, 3]


def test_an_interval_of_a_column_that_is_no_time_is_refused(ingestr, folder, file):
    (folder / "rows.csv").write_text("id,day\n1,03/04/2024\n")
    outcome = ingestr.ingest("csv://rows.csv", "rows", "--incremental-strategy", "append", "--incremental-key", "day",
                             "--interval-start", "2024-02-01")
    assert "--incremental-key day is VARCHAR" in outcome.error() and not file.exists()


def test_a_type_that_widens_between_two_files(load, file):
    flags = ["--incremental-strategy", "append"]
    load([{"id": "1", "n": "5"}], *flags)
    load([{"id": "2", "n": "2.5"}, {"id": "3", "n": ""}], *flags)
    assert duckdb_file.query(file, "SELECT id, n FROM dest.rows ORDER BY id") == [(1, 5.0), (2, 2.5), (3, None)]


@pytest.mark.parametrize("uri", ["duckdb:///shop.duckdb", "sqlite:///shop.db"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_text_of_the_target_takes_text_that_looks_like_numbers_as_it_is(ingestr, folder, kind, uri):
    def merge(*skus):
        if kind == "csv":
            lines = ["sku,n"] + [f"{sku},{n}" for n, sku in enumerate(skus)]
        else:
            lines = [f'{{"sku": "{sku}", "n": {n}}}' for n, sku in enumerate(skus)]
        (folder / f"in.{kind}").write_text("\n".join(lines) + "\n")
        ingestr.load(f"{kind}://in.{kind}", "rows", "--no-load-timestamp", "--incremental-strategy", "merge", "--primary-key", "sku",
                     file=uri, into="stock")
    merge("A1", "2.10", "3", "2024-01-01T00:00:00Z", "007")
    merge("9.90", "3", "2.10")
    merge("2024-01-01T00:00:00Z")
    ingestr.load(uri, "stock", "--no-load-timestamp", file="jsonl://out.jsonl", into="stock")
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert {row["sku"]: row["n"] for row in rows} == {"A1": 0, "2.10": 2, "3": 1, "2024-01-01T00:00:00Z": 0, "007": 4, "9.90": 0}
    assert len(rows) == 6


@pytest.mark.parametrize("load", ["jsonl"], indirect=True)   # a field of CSV is no JSON
def test_json_of_the_target_takes_json_as_it_is(load, file):
    load([{"id": "1", "v": '{"a": 1}'}], "--incremental-strategy", "append")
    load([{"id": "2", "v": "2.10"}, {"id": "3", "v": '"2.10"'}, {"id": "4", "v": ""}], "--incremental-strategy", "append")
    assert duckdb_file.query(file, "SELECT v::VARCHAR FROM dest.rows ORDER BY id") == [('{"a": 1}',), ("2.10",), ('"2.10"',), (None,)]


def test_what_a_mask_makes_of_a_value_is_the_same_when_the_target_is_there(load, file):
    flags = ["--incremental-strategy", "merge", "--primary-key", "sku", "--mask", "sku:hash"]
    for _ in range(2):
        load([{"sku": "2.10", "n": "1"}, {"sku": "3", "n": "2"}], *flags)
    assert duckdb_file.query(file, "SELECT count(*), count(DISTINCT sku) FROM dest.rows") == [(2, 2)]

"""Append, merge, delete+insert, and replace by key, from the sandbox into a file that is there."""

import datetime
import json

import duckdb
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


# ---- tables of a DuckDB file that others have made, with columns of its own types

@pytest.fixture
def load_into(ingestr, folder, file):
    """Makes a table by SQL and loads text into it: JSON Lines, or CSV where it begins with a name."""
    def load(made, text, *flags, table="t", strategy="append"):
        with duckdb.connect(str(file)) as connection:
            connection.execute(made)
        kind = "jsonl" if text.startswith("{") else "csv"
        (folder / f"rows.{kind}").write_text(text)
        return ingestr.ingest(f"{kind}://rows.{kind}", "rows", "--no-load-timestamp", "--incremental-strategy", strategy, *flags, into=table)
    return load


@pytest.mark.parametrize("column, value, fine, stored", [
    ("HUGEINT", "1.5", "2", 2), ("HUGEINT", "1.5", "2.0", 2), ("UHUGEINT", "2.7", "2", 2), ("UHUGEINT", "-1", "1", 1),
    ("BIGNUM", "7.6", "7", "7"), ("HUGEINT", "x", "170141183460469231731687303715884105727", 2**127 - 1),
    ("HUGEINT[]", '"[1.5]"', '"[1]"', [1]),
    ("TIMESTAMP_S", "2024-01-01 00:00:00.999999", "2024-01-01 00:00:01", datetime.datetime(2024, 1, 1, 0, 0, 1)),
    ("TIMESTAMP_MS", "2024-01-01 00:00:00.123456", "2024-01-01 00:00:00.123", datetime.datetime(2024, 1, 1, 0, 0, 0, 123000)),
    ("ENUM('a', 'b')", "c", "b", "b"),
])
def test_values_that_a_type_of_duckdb_cannot_hold_are_refused(file, load_into, column, value, fine, stored):
    made = f"CREATE TABLE t (id BIGINT, v {column})"
    for flags in [], ["--schema-contract", "freeze"]:
        outcome = load_into(made, f"id,v\n1,{value}\n2,{fine}\n", *flags)
        assert outcome.status == 1, outcome.out
        assert f"main.t: column v is of the type {column}, which cannot hold" in outcome.error() and "(1 row)" in outcome.error()
        assert "--sql-exclude-columns v" in outcome.error() and duckdb_file.count(file, "t") == 0
        made = "SELECT 1"
    assert load_into(made, f"id,v\n2,{fine}\n").status == 0
    assert duckdb_file.query(file, "SELECT id, v FROM t") == [(2, stored)]
    assert load_into(made, f"id,v\n2,{fine}\n3,\n", "--primary-key", "id", strategy="merge").status == 0
    assert duckdb_file.query(file, "SELECT id, v FROM t ORDER BY id") == [(2, stored), (3, None)]


def test_keys_of_types_of_duckdb(file, load_into):
    made = "CREATE TABLE t (id HUGEINT, since TIMESTAMP_S); INSERT INTO t VALUES (1, '2024-01-01'), (2, '2024-01-02')"
    assert load_into(made, "id,since\n2,2024-01-03 00:00:00\n3,2024-01-04 00:00:00\n", "--primary-key", "id", strategy="merge").status == 0
    assert duckdb_file.query(file, "SELECT id, day(since) FROM t ORDER BY id") == [(1, 1), (2, 3), (3, 4)]
    assert load_into("SELECT 1", "id,since\n9,2024-01-03 00:00:00\n9,2024-01-04 00:00:00\n", "--incremental-key", "since", strategy="delete+insert").status == 0
    assert duckdb_file.query(file, "SELECT id, day(since) FROM t ORDER BY ALL") == [(1, 1), (9, 3), (9, 4)]


def test_json_into_structs_and_maps(file, load_into):
    made = ("CREATE TABLE v (id BIGINT, s STRUCT(a INTEGER, since TIMESTAMP), m MAP(VARCHAR, INTEGER)); "
            "INSERT INTO v VALUES (1, {'a': 1, 'since': '2024-01-01'}, MAP {'x': 1})")
    before = duckdb.connect().execute("SELECT {'a': 1::INTEGER, 'since': TIMESTAMP '2024-01-01'}, MAP {'x': 1}").fetchone()
    assert load_into(made, '{"id":2,"s":{"since":"2024-01-01T00:00:00Z","a":2.0},"m":{"x":2}}\n{"id":3,"s":null,"m":{}}\n', table="v").status == 0
    assert duckdb_file.columns(file, "v")[1:] == [("s", "STRUCT(a INTEGER, since TIMESTAMP)"), ("m", "MAP(VARCHAR, INTEGER)")]
    assert duckdb_file.query(file, "SELECT s, m FROM v ORDER BY id") == [
        before, ({"a": 2, "since": datetime.datetime(2024, 1, 1)}, {"x": 2}), (None, {})]
    for row in '{"id":4,"s":{"a":2.5,"since":null}}', '{"id":4,"s":{"a":2,"b":3}}', '{"id":4,"s":[1]}', '{"id":4,"m":{"x":1.5}}', '{"id":4,"m":{"x":[1]}}':
        outcome = load_into("SELECT 1", row + "\n", table="v")
        assert outcome.status == 1 and "main.v: column" in outcome.error() and "which cannot hold" in outcome.error(), row
    assert duckdb_file.count(file, "v") == 3


def test_a_list_beside_a_huge_number_is_refused(file, load_into):
    outcome = load_into("CREATE TABLE t (id BIGINT, h HUGEINT); INSERT INTO t VALUES (1, 7)", '{"id":2,"h":[1]}\n')
    assert outcome.status == 1 and "column h is of the type HUGEINT, which cannot hold [1] as it is (1 row)" in outcome.error()
    assert duckdb_file.query(file, "FROM t") == [(1, 7)]


# ---- keys and indexes of others

def definitions(file):
    return duckdb_file.column(file, "SELECT sql FROM duckdb_tables() UNION ALL SELECT sql FROM duckdb_indexes() ORDER BY 1")


@pytest.mark.parametrize("unique", ["CREATE UNIQUE INDEX ix ON i(id)", "CREATE UNIQUE INDEX ix ON i(id); CREATE INDEX n ON i(n, id)",
                                    "ALTER TABLE i ADD PRIMARY KEY (id)"])
def test_rows_of_a_table_with_a_unique_index_change(file, load_into, unique):
    made = f"CREATE TABLE i(id BIGINT, n BIGINT, x VARCHAR); {unique}; INSERT INTO i VALUES (1, 5, 'a'), (2, 6, 'b')"
    before = None
    for strategy, rows in [("merge", "1,5\n2,7\n"), ("merge", "2,8\n3,9\n"), ("delete+insert", "2,4\n1,3\n")]:
        by = "--primary-key" if strategy == "merge" else "--incremental-key"
        outcome = load_into(made, "id,n\n" + rows, by, "id", table="i", strategy=strategy)
        assert outcome.status == 0, outcome.err
        made, before = "SELECT 1", before or definitions(file)
    assert duckdb_file.query(file, "FROM i ORDER BY id") == [(1, 3, None), (2, 4, None), (3, 9, None)] and definitions(file) == before


@pytest.mark.parametrize("strategy", [["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "id"]])
@pytest.mark.parametrize("made", [
    "CREATE TABLE i(id INTEGER, n INTEGER); CREATE INDEX ix ON i(n)", "CREATE TABLE i(id INTEGER, n INTEGER, PRIMARY KEY(n))",
    "CREATE TABLE i(id INTEGER, n INTEGER CHECK (n > 0), UNIQUE (n, id))",
    "CREATE TABLE i(id INTEGER, n INTEGER, u UTINYINT DEFAULT 7, w VARCHAR NOT NULL DEFAULT 'x', d HUGEINT GENERATED ALWAYS AS (CAST(n AS HUGEINT) * 2))",
])
def test_a_column_with_an_index_or_a_constraint_gets_a_wider_type(file, load_into, made, strategy):
    outcome = load_into(made + "; INSERT INTO i (id, n) VALUES (1, 5), (2, 6); COMMENT ON TABLE i IS 'ours'; CREATE VIEW v AS SELECT n FROM i",
                        "id,n\n3,3000000000\n3000000000,7\n", *strategy[1:], table="i", strategy=strategy[0])
    assert outcome.status == 0, outcome.err
    wider = made.replace("id INTEGER", "id BIGINT").replace("n INTEGER", "n BIGINT")
    with duckdb.connect(str(file.with_name("wider.duckdb"))) as connection:
        connection.execute(wider)
    assert definitions(file) == definitions(file.with_name("wider.duckdb"))
    assert duckdb_file.column(file, "SELECT n FROM i ORDER BY id") == [5, 6, 3000000000, 7]
    assert duckdb_file.column(file, "SELECT n FROM v ORDER BY n") == [5, 6, 7, 3000000000]
    assert duckdb_file.column(file, "SELECT comment FROM duckdb_tables()") == ["ours"]
    if "UTINYINT" in made:
        assert duckdb_file.query(file, "SELECT u, w, d FROM i WHERE id = 2") == [(7, "x", 12)]


@pytest.mark.parametrize("made, why", [
    ("CREATE TABLE i(id BIGINT, n INTEGER UNIQUE); CREATE TABLE o(n INTEGER REFERENCES i(n))", "a foreign key of another table refers to the table"),
    ("CREATE TABLE o(n INTEGER PRIMARY KEY); CREATE TABLE i(id BIGINT, n INTEGER REFERENCES o(n))", "does not allow that"),
])
def test_a_column_that_cannot_get_a_wider_type(file, load_into, made, why):
    outcome = load_into(made, "id,n\n3,3000000000\n", table="i")
    assert outcome.status == 1 and "column n of main.i: it is INTEGER and would have to become BIGINT, and" in outcome.error()
    assert why in outcome.error() and "keep its type with --columns n:INTEGER" in outcome.error()
    assert duckdb_file.count(file, "i") == 0 and duckdb_file.tables(file) == ["main.i", "main.o"]


def test_keys_that_are_the_same_to_the_collation_of_their_column(file, load_into):
    made = "CREATE TABLE t(\"Id\" VARCHAR COLLATE NOCASE, n BIGINT, x VARCHAR COLLATE NOACCENT NOT NULL); INSERT INTO t VALUES ('Q', 1, 'old')"
    for strategy in "merge", "replace":
        outcome = load_into(made, "Id,n,x\na,1,one\nA,1,two\nb,1,x\nB,2,y\nq,1,new\n", "--primary-key", "Id,n", strategy=strategy)
        assert outcome.status == 0, outcome.err
        assert sorted(duckdb_file.query(file, "FROM t")) == [("A", 1, "two"), ("B", 2, "y"), ("b", 1, "x"), ("q", 1, "new")]
        assert [text.replace("Id", "id") for text in definitions(file)] == [
            "CREATE TABLE t(id VARCHAR COLLATE NOCASE, n BIGINT, x VARCHAR COLLATE NOACCENT NOT NULL);"]
        made = "SELECT 1"
    made = "DROP TABLE t; CREATE TABLE i(id VARCHAR COLLATE NOCASE, n INTEGER); CREATE INDEX ix ON i(n); INSERT INTO i VALUES ('q', 1)"
    assert load_into(made, "id,n\nQ,3000000000\nq,3000000001\n", "--primary-key", "id", table="i", strategy="merge").status == 0
    assert duckdb_file.query(file, "FROM i") == [("q", 3000000001)]
    assert definitions(file) == ["CREATE INDEX ix ON i(n);", "CREATE TABLE i(id VARCHAR COLLATE NOCASE, n BIGINT);"]


def test_columns_by_the_names_of_ours(file, load_into):
    made = "CREATE TABLE t(id BIGINT, _ingestr_row VARCHAR, kept VARCHAR); INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'y')"
    assert load_into(made, "id,_ingestr_row\n1,NEW\n3,new\n", "--primary-key", "id", table="t", strategy="merge").status == 0
    assert sorted(duckdb_file.query(file, "FROM t")) == [(1, "NEW", "x"), (2, "b", "y"), (3, "new", None)]
    made = "CREATE TABLE u(id BIGINT, n VARCHAR, _ingestr_row VARCHAR); INSERT INTO u VALUES (1, 'a', 'x')"
    assert load_into(made, "id,n\n1,NEW\n", "--primary-key", "id", table="u", strategy="merge").status == 0
    assert duckdb_file.query(file, "FROM u") == [(1, "NEW", "x")]


def test_a_table_is_named_with_its_database(file, load_into):
    assert load_into("CREATE SCHEMA s", "id\n1\n", table="attio.s.t").status == 0
    assert load_into("SELECT 1", "id\n2\n", table='"ATTIO".main."t"').status == 0
    assert duckdb_file.tables(file) == ["main.t", "s.t"]
    outcome = load_into("SELECT 1", "id\n1\n", table="shop.main.t")
    assert outcome.status == 2 and "is of the database shop, but this one is called attio; leave the first part out" in outcome.error()

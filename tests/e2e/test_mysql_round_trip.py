"""What our MySQL destination writes, our MySQL source reads back as it was; and keys that are one to a collation."""

import duckdb
import pytest

import duckdb_file
from test_mysql_destination import TYPES, into, landings, make_types, shop, write   # noqa: F401 (a fixture)

# In DuckDB; what it is when it comes back, if that is another type, as docs/mysql.md says.
BACK = {"TINYINT": "SMALLINT", "UINTEGER": "BIGINT", "UBIGINT": "DECIMAL(20,0)", "HUGEINT": "VARCHAR", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
        "INTEGER[]": "JSON", "VARCHAR[]": "JSON", "STRUCT(a INTEGER)": "VARCHAR"}


def test_every_type_comes_back(ingestr, folder, shop, file):   # noqa: F811
    names, _, texts, _ = make_types(folder)
    ingestr.load("duckdb:///types.duckdb", "t", "--no-load-timestamp", **into(shop))
    ingestr.load(shop.uri(), "dest.rows", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest")[1:] == [(name, BACK.get(of, of)) for name, (of, *_) in zip(names, TYPES)]
    for name in names:
        assert duckdb_file.column(file, f"SELECT CAST({name} AS VARCHAR) FROM dest.rows ORDER BY n") == texts[name], name


def test_a_table_goes_there_and_back_into_itself(ingestr, folder, shop, file):   # noqa: F811
    """With the types that come back, a merge changes no column."""
    with duckdb.connect(folder / "x.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, true AS b, TIME '10:00' AS t, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS at, "
                           "'{\"a\": 1.0}'::JSON AS j, uuid() AS u, INTERVAL 1 DAY AS i")
    merge = ["--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp", "--schema-contract", "freeze"]
    ingestr.load("duckdb:///x.duckdb", "t", *merge, **into(shop))
    ingestr.load(shop.uri(), "dest.rows", *merge)
    before = shop.query("SHOW CREATE TABLE dest.rows"), shop.query("SELECT * FROM dest.rows")
    ingestr.load("duckdb:///attio.duckdb", "dest.rows", *merge, **into(shop))
    assert (shop.query("SHOW CREATE TABLE dest.rows"), shop.query("SELECT * FROM dest.rows")) == before


KEYS = ["utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin", "utf8mb4_nopad_bin", "latin1_swedish_ci"]
ROWS = 'key,at,n\na,1,1\nA,3,2\nä,2,3\n"a ",2,4\nb,1,5\nB,1,6\n'
# What is left of those rows, by the highest `at`, else the last: of a, A, ä and "a " those that the collation takes for one.
LEFT = {"utf8mb4_general_ci": {2, 6}, "utf8mb4_unicode_ci": {2, 6}, "utf8mb4_bin": {2, 3, 4, 5, 6}, "utf8mb4_nopad_bin": {1, 2, 3, 4, 5, 6},
        "latin1_swedish_ci": {2, 3, 6}}


@pytest.mark.parametrize("of", ["varchar(20)", "text"])
@pytest.mark.parametrize("collation", KEYS)
def test_keys_that_are_one_to_the_collation(ingestr, folder, shop, collation, of):   # noqa: F811
    charset = collation.partition("_")[0]
    shop.execute("CREATE DATABASE dest", f"CREATE TABLE dest.rows (`key` {of} CHARACTER SET {charset} COLLATE {collation}, at bigint, n bigint, "
                 f"UNIQUE KEY ({'`key`' if of != 'text' else '`key`(50)'}))")
    source = write(folder, "rows.csv", ROWS)
    for _ in range(2):   # into an empty table, and into what is there
        ingestr.load(source, "rows", "--incremental-strategy", "merge", "--primary-key", "key", "--incremental-key", "at", "--no-load-timestamp",
                     **into(shop))
        assert {n for n, in shop.query("SELECT n FROM dest.rows")} == LEFT[collation]
    ingestr.load(write(folder, "more.csv", "key,at,n\nÄ,9,7\nc,1,8\n"), "rows", "--incremental-strategy", "merge", "--primary-key", "key",
                 "--no-load-timestamp", **into(shop))
    case = {"utf8mb4_general_ci": {7, 6, 8}, "utf8mb4_unicode_ci": {7, 6, 8}, "latin1_swedish_ci": {2, 7, 6, 8}}
    assert {n for n, in shop.query("SELECT n FROM dest.rows")} == case.get(collation, LEFT[collation] | {7, 8})
    assert landings(shop) == []


def test_a_history_by_keys_that_are_one_to_the_collation(ingestr, folder, shop):   # noqa: F811
    history = ["--incremental-strategy", "scd2", "--primary-key", "key", "--no-load-timestamp"]
    ingestr.load(write(folder, "first.csv", "key,n\na,1\nb,2\n"), "rows", *history, **into(shop))
    shop.execute("ALTER TABLE dest.rows MODIFY `key` varchar(20) COLLATE utf8mb4_general_ci")
    ingestr.load(write(folder, "second.csv", "key,n\na,7\nA,1\nb,2\n"), "rows", *history, **into(shop))
    assert sorted(shop.query("SELECT `key`, n FROM dest.rows WHERE _scd_is_current")) in ([("A", 1), ("b", 2)], [("a", 1), ("b", 2)])

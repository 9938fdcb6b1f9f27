"""Types that few have, and encodings of servers: what cannot be carried is text by the rule of the page, or refused by name."""

import decimal

import duckdb
import pytest

import duckdb_file
from test_postgres import MADE_TYPES, TYPES as POSTGRES_TYPES

U = "340282366920938463463374607431768211455"

# In DuckDB, a value, and the text that it becomes in a database that has no such type.
ODD = [
    ("UHUGEINT", f"'{U}'", U), ("HUGEINT", "'-170141183460469231731687303715884105728'", "-170141183460469231731687303715884105728"),
    ("ENUM('a', 'it''s')", "'it''s'", "it's"), ("BIT", "'0101'::BIT", "0101"), ("TIMETZ", "'10:30:00.5+02'", "10:30:00.5+02"),
    ("MAP(VARCHAR, INTEGER)", "MAP {'k': 1}", "{k=1}"), ("STRUCT(a INTEGER, b VARCHAR)", "{'a': 1, 'b': 'x'}", "{'a': 1, 'b': x}"),
    ("TIMESTAMP_S", "'2024-02-29 10:00:00'", None), ("TIMESTAMP_MS", "'2024-02-29 10:00:00.125'", None)]


def make(folder):
    with duckdb.connect(folder / "odd.duckdb") as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(f'c{i} {one[0]}' for i, one in enumerate(ODD))})")
        connection.execute(f"INSERT INTO t SELECT {', '.join(one[1] for one in ODD)}")
        connection.execute("INSERT INTO t (c0) VALUES (NULL)")


@pytest.mark.parametrize("target", ["postgres", "mariadb", "sqlite:///shop.db", "duckdb:///to.duckdb"])
def test_types_of_duckdb_that_others_have_not(ingestr, folder, file, request, target):
    make(folder)
    server = request.getfixturevalue(target) if "://" not in target else None
    uri = server.uri() if server else target
    table = {"postgres": "public.odd", "mariadb": "shop.odd"}.get(target, "odd")
    ingestr.load("duckdb:///odd.duckdb", "t", "--no-load-timestamp", file=uri, into=table)
    ingestr.load(uri, table if server else "odd", "--no-load-timestamp")
    columns = dict(duckdb_file.columns(file, "rows", "dest"))
    for i, (of, _, text) in enumerate(ODD):
        if text is None:
            assert columns[f"c{i}"] == "TIMESTAMP"
        else:
            assert duckdb_file.column(file, f"SELECT c{i} FROM dest.rows WHERE c{i} IS NOT NULL") == [text], of
    assert duckdb_file.query(file, "SELECT c7, c8 FROM dest.rows WHERE c7 IS NOT NULL")[0][0].isoformat() == "2024-02-29T10:00:00"
    if server:
        server.execute(f"DROP TABLE {table}")


def test_every_type_of_postgres_by_way_of_a_file_and_back(ingestr, folder, postgres):
    """From PostgreSQL into a DuckDB file, and from there into PostgreSQL: what it says of the values is the same, whatever their types are."""
    ordinary = [one for one in POSTGRES_TYPES if one[1] not in MADE_TYPES]
    names = [name for name, *_ in ordinary]
    postgres.execute("DROP SCHEMA IF EXISTS there CASCADE", "CREATE SCHEMA there",
                     f"CREATE TABLE there.types (id int, {', '.join(f'{name} {kind}' for name, kind, *_ in ordinary)})",
                     *(f"INSERT INTO there.types VALUES ({row}, " + ", ".join("'" + one[2][row].replace("'", "''") + "'" for one in ordinary) + ")"
                       for row in range(2)), "INSERT INTO there.types (id) VALUES (2)")
    ingestr.load(postgres.uri(), "there.types", "--no-load-timestamp")
    ingestr.load("duckdb:///attio.duckdb", "dest.rows", "--no-load-timestamp", file=postgres.uri(), into="there.back")
    # These have another text in the type that carries them: json without the blanks that jsonb makes, char without its own.
    for name in names:
        there, back = (postgres.query(f"SELECT CAST({name} AS text) FROM there.{table} ORDER BY id") for table in ("types", "back"))
        if name in ("ar", "aj"):
            continue
        assert there == back, name
    postgres.execute("DROP SCHEMA there CASCADE")


def test_a_postgres_database_of_another_encoding(ingestr, folder, file, postgres):
    postgres.execute("DROP DATABASE IF EXISTS latin", "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with postgres.connect("latin") as connection:
        connection.execute("CREATE TABLE rows (id int, \"größe\" text, e text)")
        connection.execute("INSERT INTO rows VALUES (1, 'ü ß ÿ', 'é')")
    uri = postgres.uri(database="latin")
    ingestr.load(uri, "rows", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, "ü ß ÿ", "é")]
    (folder / "x.csv").write_text("id,größe\n2,ö\n", encoding="utf-8")
    ingestr.load("csv://x.csv", "rows", "--no-load-timestamp", file=uri, into="public.came")
    with postgres.connect("latin") as connection:
        assert connection.execute("SELECT * FROM came").fetchall() == [(2, "ö")]
    (folder / "y.csv").write_text("id,größe\n2,☃\n", encoding="utf-8")
    outcome = ingestr.ingest("csv://y.csv", "rows", "--no-load-timestamp", file=uri, into="public.came")
    assert outcome.status == 1 and "column größe: 1 row has the character ☃, which the encoding LATIN1" in outcome.error(), outcome.err
    with postgres.connect("latin") as connection:
        assert connection.execute("SELECT * FROM came").fetchall() == [(2, "ö")]


def test_zero_dates_and_encodings_of_mysql(ingestr, folder, file, mariadb):
    mariadb.execute("CREATE DATABASE odd CHARACTER SET latin1",
                    "CREATE TABLE odd.rows (id bigint, d date, dt datetime(3), ts timestamp NULL, la varchar(20), cp varchar(20) CHARACTER SET cp1251, "
                    "sj varchar(20) CHARACTER SET sjis, u3 varchar(20) CHARACTER SET utf8mb3, bu bigint unsigned, b63 bit(63), b64 bit(64))",
                    "INSERT INTO odd.rows VALUES (1, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', 'ü€', 'Ж', 'あ', 'ü☃', "
                    "18446744073709551615, b'1', b'1')",
                    "INSERT INTO odd.rows VALUES (2, '9999-12-31', '1000-01-01 00:00:00.001', '1970-01-01 05:00:01', '', '', '', '', 0, b'0', b'0')")
    ingestr.load(mariadb.uri(database="odd"), "rows", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT id, d, dt, ts, la, cp, sj, u3, bu, b63, b64 FROM dest.rows WHERE id = 1") == [
        (1, None, None, None, "ü€", "Ж", "あ", "ü☃", decimal.Decimal(18446744073709551615), 1, decimal.Decimal(1))]
    assert duckdb_file.query(file, "SELECT d::VARCHAR, dt::VARCHAR, epoch(ts) FROM dest.rows WHERE id = 2") == [
        ("9999-12-31", "1000-01-01 00:00:00.001", 36001)]
    mariadb.execute("INSERT INTO odd.rows (id, d) VALUES (3, '2024-00-00')")
    outcome = ingestr.ingest(mariadb.uri(database="odd"), "rows", "--no-load-timestamp")
    assert outcome.status == 1 and duckdb_file.count(file, "dest.rows") == 2, outcome.err
    # And into columns of these encodings.
    mariadb.execute("TRUNCATE odd.rows", "ALTER TABLE odd.rows DROP COLUMN b63, DROP COLUMN b64")   # bits take no rows of ours
    (folder / "x.csv").write_text("id,la,cp\n4,ü,Ж\n", encoding="utf-8")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    ingestr.load("csv://x.csv", "rows", *append, file=mariadb.uri(), into="odd.rows")
    assert mariadb.query("SELECT id, la, cp, HEX(la), HEX(cp) FROM odd.rows") == [(4, "ü", "Ж", "FC", "C6")]
    (folder / "y.csv").write_text("id,la\n5,☃\n", encoding="utf-8")
    outcome = ingestr.ingest("csv://y.csv", "rows", *append, file=mariadb.uri(), into="odd.rows")
    assert outcome.status == 1 and "la" in outcome.error() and mariadb.query("SELECT id FROM odd.rows") == [(4,)], outcome.err
    mariadb.execute("DROP DATABASE odd")


@pytest.mark.parametrize("declared", ["HUGEINT", "UHUGEINT"])
def test_a_range_of_whole_numbers_of_duckdbs_own(ingestr, folder, declared):
    with duckdb.connect(folder / "sums.duckdb") as connection:
        connection.execute(f"CREATE TABLE t (id {declared}, n VARCHAR); INSERT INTO t VALUES (9, 'o'), (10, 'o'), (11, 'o'), (100, 'o')")
    (folder / "x.csv").write_text("id,n\n9,n\n11,n\n")
    for _ in range(2):
        ingestr.load("csv://x.csv", "x", "--no-load-timestamp", "--incremental-strategy", "delete+insert", "--incremental-key", "id",
                     file="duckdb:///sums.duckdb", into="main.t")
        with duckdb.connect(folder / "sums.duckdb") as connection:
            assert connection.execute("SELECT * FROM t ORDER BY id").fetchall() == [(9, "n"), (11, "n"), (100, "o")]

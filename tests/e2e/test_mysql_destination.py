"""MySQL as a destination, against a real MariaDB, read back by PyMySQL."""

import contextlib
import datetime
import signal

import duckdb
import pytest

import manual
from mariadb_server import PASSWORD, MariadbServer
from program import SOON, wait_until
from tls_front import make_certificate


@pytest.fixture
def shop(mariadb):
    """The server, with nothing in the databases that the tests load into."""
    mariadb.execute("DROP DATABASE IF EXISTS dest", "DROP DATABASE IF EXISTS loaded", "CREATE DATABASE loaded")
    return mariadb


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return f"csv://{name}"


def into(server, **options):
    return {"file": server.uri(**options)}


def columns(server, table="rows", schema="dest"):
    return server.query(f"SELECT column_name, column_type, column_comment FROM information_schema.columns WHERE table_schema = '{schema}' "
                        f"AND table_name = '{table}' ORDER BY ordinal_position")


def landings(server):
    return server.query("SELECT table_name FROM information_schema.tables WHERE LEFT(table_name, 8) = '_ingestr'")


TYPES = [  # in DuckDB; its values; in MariaDB; its values as text
    ("BOOLEAN", ["true", "false"], ("tinyint(1)", "BOOLEAN"), ["1", "0"]),
    ("TINYINT", ["-128"], ("smallint(6)", ""), ["-128"]),
    ("INTEGER", ["2147483647"], ("int(11)", ""), ["2147483647"]),
    ("UINTEGER", ["4294967295"], ("bigint(20)", ""), ["4294967295"]),
    ("UBIGINT", ["18446744073709551615"], ("decimal(20,0)", ""), ["18446744073709551615"]),
    ("HUGEINT", ["170141183460469231731687303715884105727"], ("longtext", ""), ["170141183460469231731687303715884105727"]),
    ("FLOAT", ["1.1", "-0.000012345679", "3.4028235e38", "16777217"], ("float", ""), None),
    ("DOUBLE", ["0.1", "1.7976931348623157e308", "-5e-324", "9007199254740993"], ("double", ""),
     ["0.1", "1.7976931348623157e308", "-5e-324", "9.007199254740992e15"]),
    ("DECIMAL(38,9)", ["12345678901234567890123456789.123456789", "-0.000000001"], ("decimal(38,9)", ""),
     ["12345678901234567890123456789.123456789", "-0.000000001"]),
    ("VARCHAR", ["ü ☃ 🜁\n\t\r'\"\\N\\", "", "NULL", "a\\tb\\", "blank "], ("longtext", ""),
     ["ü ☃ 🜁\n\t\r'\"\\N\\", "", "NULL", "a\\tb\\", "blank "]),
    ("BLOB", ["\\x00\\xFF'\\x5C\\x0A", ""], ("longblob", ""), None),
    ("DATE", ["2024-02-29", "0001-01-01", "9999-12-31"], ("date", ""), ["2024-02-29", "0001-01-01", "9999-12-31"]),
    ("TIME", ["10:30:00.123456", "00:00:00"], ("time(6)", "TIME"), ["10:30:00.123456", "00:00:00.000000"]),
    ("TIMESTAMP", ["2024-01-01 10:00:00.123456", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"], ("datetime(6)", ""),
     ["2024-01-01 10:00:00.123456", "0001-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999"]),
    ("TIMESTAMPTZ", ["2024-07-01 10:00:00.5-04", "2100-01-01 00:00:00+00"], ("datetime(6)", "UTC"),
     ["2024-07-01 14:00:00.500000", "2100-01-01 00:00:00.000000"]),
    ("INTERVAL", ["1 year 2 months 3 days 04:05:06.7"], ("longtext", "INTERVAL"), ["1 year 2 months 3 days 04:05:06.7"]),
    ("UUID", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], ("char(36)", "UUID"), ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("JSON", ['{"b": 1.0, "a":12345678901234567890123,  "b":2}'], ("longtext", "JSON"), ['{"b": 1.0, "a":12345678901234567890123,  "b":2}']),
    ("INTEGER[]", ["[1, NULL, 3]", "[]"], ("longtext", "JSON"), ["[1,null,3]", "[]"]),
    ("VARCHAR[]", ["['a', 'b,c', '', 'it''s']"], ("longtext", "JSON"), ['["a","b,c","","it\'s"]']),
    ("STRUCT(a INTEGER)", ["{'a': 1}"], ("longtext", ""), ["{'a': 1}"]),
]


def make_types(folder):
    """types.duckdb with a table t of them all; the names of its columns, the number of rows with values, and what it says the values are."""
    names = [f"c{i}" for i in range(len(TYPES))]
    rows = max(len(values) for _, values, _, _ in TYPES)
    with duckdb.connect(folder / "types.duckdb") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE t (n INTEGER, " + ", ".join(f"{name} {one[0]}" for name, one in zip(names, TYPES)) + ")")
        for row in range(rows + 1):
            values = [str(row)]
            for of, literals, _, _ in TYPES:
                text = literals[row] if row < len(literals) else None
                nested = of.endswith("[]") or of.startswith("STRUCT")
                values.append("NULL" if text is None else text if nested else f"CAST('{text.replace(chr(39), chr(39) * 2)}' AS {of})")
            connection.execute(f"INSERT INTO t VALUES ({', '.join(values)})")

        def column(sql):
            return [value for value, in connection.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]

        texts = {name: column(f"CAST({f'to_json({name})' if one[0].endswith('[]') else name} AS VARCHAR)") for name, one in zip(names, TYPES)}
        return names, rows, texts, column("c6")


def test_types(ingestr, folder, shop):
    names, rows, _, floats = make_types(folder)
    ingestr.load("duckdb:///types.duckdb", "t", "--no-load-timestamp", **into(shop))
    assert columns(shop)[1:] == [(name, *one[2]) for name, one in zip(names, TYPES)]
    for name, (of, _, _, texts) in zip(names, TYPES):
        if of == "FLOAT":
            assert [row[0] for row in shop.query(f"SELECT {name} + 0e0 FROM dest.rows ORDER BY n")] == floats
        elif of == "BLOB":
            found = [row[0] for row in shop.query(f"SELECT {name} FROM dest.rows ORDER BY n")]
            assert found[:3] == [b"\x00\xff'\\\n", b"", None]
        else:
            found = [row[0] for row in shop.query(f"SELECT CAST({name} AS CHAR) FROM dest.rows ORDER BY n")]
            assert found == texts + [None] * (rows + 1 - len(texts)), name


@pytest.mark.parametrize("of, value, words", [
    ("DOUBLE", "nan", "finite numbers, and not nan"), ("FLOAT", "-inf", "finite numbers, and not -inf"),
    ("DATE", "0044-03-15 (BC)", "dates from 0001-01-01 to 9999-12-31, and not 0044-03-15 (BC)"),
    ("TIMESTAMP", "infinity", "dates from"), ("TIMESTAMPTZ", "12000-01-01 00:00:00+00", "dates from"), ("DATE", "infinity", "dates from")])
def test_a_value_that_mysql_does_not_have_is_refused_by_name(ingestr, folder, shop, of, value, words):
    with duckdb.connect(folder / "odd.duckdb") as connection:
        connection.execute(f"CREATE TABLE t AS SELECT 1 AS id, NULL::{of} AS odd UNION ALL SELECT 2, '{value}'::{of}")
    error = ingestr.ingest("duckdb:///odd.duckdb", "t", **into(shop)).error()
    assert "row 2, column odd: MySQL has" in error and words in error, error
    assert landings(shop) == [] and columns(shop) == []


@pytest.mark.parametrize("name", ["_ingestr_landed_as", "_ingestr_matched", "_INGESTR_LANDING_VALUE"])
def test_a_column_that_is_called_as_one_of_a_landing_table_is_refused(ingestr, folder, shop, name):
    outcome = ingestr.ingest(write(folder, "rows.csv", f"id,{name}\n1,2\n"), "rows", "--schema-naming", "direct", **into(shop))
    assert outcome.status == 2 and outcome.error().startswith(f"Error: {name} is what a load calls a column of its own while rows land; rename"), outcome.err


def test_a_nul_character_is_kept(ingestr, folder, shop):
    (folder / "rows.jsonl").write_text('{"id": 1, "name": "a\\u0000b"}\n{"id": 2, "name": "c"}\n', encoding="utf-8")
    ingestr.load("jsonl://rows.jsonl", "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT id, name FROM dest.rows ORDER BY id") == [(1, "a\0b"), (2, "c")]


def test_strategies_by_themselves(ingestr, folder, shop):
    first = write(folder, "first.csv", "id,name,at\n1,a,2024-01-01\n2,b,2024-01-02\n3,c,2024-01-03\n")
    second = write(folder, "second.csv", "id,name,at,more\n2,B,2024-01-02,x\n4,d,2024-01-04,y\n")
    plain = ["--no-load-timestamp"]
    day = datetime.date
    for source in (first, second):
        ingestr.load(source, "rows", "--incremental-strategy", "merge", "--primary-key", "id", *plain, **into(shop))
    merged = [(1, "a", day(2024, 1, 1), None), (2, "B", day(2024, 1, 2), "x"), (3, "c", day(2024, 1, 3), None), (4, "d", day(2024, 1, 4), "y")]
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == merged
    ingestr.load(second, "rows", "--incremental-strategy", "append", *plain, **into(shop))
    assert shop.query("SELECT count(*) FROM dest.rows") == [(6,)]
    ingestr.load(second, "rows", "--incremental-strategy", "delete+insert", "--incremental-key", "at", *plain, **into(shop))
    assert shop.query("SELECT id FROM dest.rows ORDER BY id") == [(1,), (2,), (4,)]
    ingestr.load(first, "rows", *plain, **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "a", day(2024, 1, 1)), (2, "b", day(2024, 1, 2)), (3, "c", day(2024, 1, 3))]
    history = dict(into="dest.history", **into(shop))
    for source in (first, second):
        ingestr.load(source, "rows", "--incremental-strategy", "scd2", "--primary-key", "id", *plain, **history)
    assert shop.query("SELECT id, name, _scd_is_current FROM dest.history ORDER BY id, _scd_valid_from") == [
        (1, "a", 0), (2, "b", 0), (2, "B", 1), (3, "c", 0), (4, "d", 1)]
    assert landings(shop) == []


def test_versions_of_a_table_whose_name_has_braces(ingestr, folder, shop):
    for text in ("id,n\n1,a\n2,b\n", "id,n\n1,c\n"):
        ingestr.load(write(folder, "rows.csv", text), "rows", "--no-load-timestamp", "--incremental-strategy", "scd2", "--primary-key", "id",
                     into="dest.a{}b", **into(shop))
    assert shop.query("SELECT id, n, _scd_is_current FROM dest.`a{}b` ORDER BY id, _scd_valid_from") == [(1, "a", 0), (1, "c", 1), (2, "b", 0)]


def test_texts_that_differ_by_case_accent_or_blank_are_not_one_key(ingestr, folder, shop):
    source = write(folder, "rows.csv", 'key,n\na,1\nA,2\nä,3\n"a ",4\na,5\n')
    for _ in range(2):
        ingestr.load(source, "rows", "--incremental-strategy", "merge", "--primary-key", "key", "--no-load-timestamp", **into(shop))
        assert sorted(shop.query("SELECT `key`, n FROM dest.rows")) == [("A", 2), ("a", 5), ("a ", 4), ("ä", 3)]


def test_a_load_timestamp_and_more_rows(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    for _ in range(2):
        ingestr.load(source, "rows", "--incremental-strategy", "append", **into(shop))
    assert columns(shop) == [("id", "bigint(20)", ""), ("_ingestr_loaded_at", "datetime(6)", "UTC")]
    assert shop.query("SELECT count(*), count(DISTINCT _ingestr_loaded_at) FROM dest.rows") == [(2, 2)]


def test_the_example_of_the_page(ingestr, folder, shop):
    write(folder, "orders.csv", "id,zip\n1,00123\n")
    outcome = ingestr.run(*manual.example("mysql", "## Destination", dest_uri=shop.uri(database="loaded")))
    assert outcome.status == 0, outcome.err
    assert shop.query("SELECT id, zip FROM loaded.orders") == [(1, "00123")]


def test_from_parquet_and_postgres(ingestr, folder, shop, postgres):
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT range AS id, 'row ' || range AS name FROM range(50000)) TO '{folder}/rows.parquet'")
    ingestr.load("parquet://rows.parquet", "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT count(*), sum(id), max(name) FROM dest.rows") == [(50000, 1249975000, "row 9999")]
    postgres.execute("DROP TABLE IF EXISTS to_mysql", "CREATE TABLE to_mysql AS SELECT n AS id, n * 1.5::numeric(9,1) AS half, "
                     "timestamptz '2024-01-01 12:00:00+02' AS at FROM generate_series(1, 1000) n")
    ingestr.load(postgres.uri(), "to_mysql", "--no-load-timestamp", "--incremental-strategy", "merge", "--primary-key", "id", **into(shop))
    assert shop.query("SELECT count(*), max(at) FROM dest.rows WHERE at IS NOT NULL") == [(1000, datetime.datetime(2024, 1, 1, 10))]


def test_from_attio(ingestr, shop, shared_sandbox):
    merge = ["--incremental-strategy", "merge", "--primary-key", "record_id"]
    for _ in range(2):
        ingestr.load(shared_sandbox.uri(), "records:companies", *merge, **into(shop))
    assert sorted(row[0] for row in shop.query("SELECT record_id FROM dest.rows")) == sorted(shared_sandbox.ids(object="companies"))


def test_replace_keeps_what_others_gave_the_table(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', extra text, "
                 "KEY by_name (name))", "INSERT INTO dest.rows VALUES (7, 'old', 'x'), (1, 'old', 'y')",
                 "CREATE VIEW dest.names AS SELECT id, name FROM dest.rows",
                 "CREATE OR REPLACE USER reader@localhost", "GRANT SELECT ON dest.rows TO reader@localhost")
    source = write(folder, "rows.csv", "id,name,added\n2,newer,\n1,new,2024-01-01\n")
    ingestr.load(source, "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new", datetime.date(2024, 1, 1)), (2, "newer", None)]
    assert [one[:2] for one in columns(shop)] == [("id", "bigint(20)"), ("name", "varchar(20)"), ("added", "date")]
    assert shop.query("SELECT * FROM dest.names ORDER BY id") == [(1, "new"), (2, "newer")]
    assert shop.query("SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = 'dest' ORDER BY 1") == [("by_name",), ("PRIMARY",)]
    assert shop.query("SHOW GRANTS FOR reader@localhost")[1] == ("GRANT SELECT ON `dest`.`rows` TO `reader`@`localhost`",)
    assert landings(shop) == []


def test_replace_of_a_table_with_foreign_keys_and_triggers(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, name varchar(20))",
                 "CREATE TABLE dest.child (of bigint, FOREIGN KEY (of) REFERENCES dest.rows (id) ON DELETE CASCADE)",
                 "CREATE TABLE dest.seen (id bigint)", "INSERT INTO dest.rows VALUES (1, 'old'), (7, 'old')", "INSERT INTO dest.child VALUES (1)",
                 "CREATE TRIGGER dest.watch AFTER INSERT ON dest.rows FOR EACH ROW INSERT INTO seen VALUES (NEW.id)")
    ingestr.load(write(folder, "rows.csv", "id,name\n1,new\n2,newer\n"), "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new"), (2, "newer")]
    assert shop.query("SELECT * FROM dest.child") == [(1,)] and shop.query("SELECT * FROM dest.seen ORDER BY id") == [(1,), (2,)]
    outcome = ingestr.ingest(write(folder, "lost.csv", "id,name\n5,a\n"), "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status == 1 and "a row that dest.child refers to, by its foreign key" in outcome.error(), outcome.error()
    outcome = ingestr.ingest(write(folder, "unnamed.csv", "id\n1\n"), "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status != 0 and "dest.rows would have to lose columns or change their types (name)" in outcome.error(), outcome.error()
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new"), (2, "newer")]
    assert shop.query("SELECT * FROM dest.child") == [(1,)] and landings(shop) == []


FOREIGN = ("CREATE DATABASE dest", "CREATE TABLE dest.rows (id decimal(60,2) PRIMARY KEY, mood enum('sad','ok'), moods set('sad','ok'), "
           "address inet6, born year, at datetime, small tinyint unsigned, code char(3), note varchar(5) CHARACTER SET latin1, day date)")
FOREIGN_CSV = ("id,mood,moods,address,born,at,small,code,note,day\n"
               "1,ok,\"sad,ok\",::1,2024,2024-01-01T10:00:00,255,abc,über,2026-11-24\n2.50,,,,,,,,,2026-11-25\n")
FOREIGN_ROWS = [("1.00", "ok", "sad,ok", "::1", "2024", "2024-01-01 10:00:00", "255", "abc", "über"), ("2.50", *[None] * 8)]


@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "day"],
                                   ["append", "--schema-contract", "freeze"]], ids=" ".join)
def test_rows_for_columns_of_types_that_are_none_of_ours(ingestr, folder, shop, flags):
    shop.execute(*FOREIGN, "INSERT INTO dest.rows (id, mood) VALUES (9, 'sad')")
    if flags[0] != "append":
        shop.execute("INSERT INTO dest.rows (id, mood, day) VALUES (2.5, 'sad', '2026-11-25')")
    before = columns(shop)
    ingestr.load(write(folder, "rows.csv", FOREIGN_CSV), "rows", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    assert columns(shop) == before
    names = "id mood moods address born at small code note".split()
    assert shop.query("SELECT " + ", ".join(f"CAST({name} AS CHAR)" for name in names) + " FROM dest.rows WHERE id <> 9 ORDER BY id") == FOREIGN_ROWS
    assert shop.query("SELECT CAST(mood AS CHAR) FROM dest.rows WHERE id = 9") == [("sad",)] and landings(shop) == []


@pytest.mark.parametrize("column, value", [
    ("mood", "glad"), ("mood", "2"), ("moods", "3"), ("moods", "ok,ok"), ("moods", "ok,sad"), ("moods", "OK"), ("address", "nowhere"), ("born", "24"), ("at", "2024-01-01T10:00:00.5"), ("small", "256"),
    ("small", "1.5"), ("code", "ab "), ("note", "longer"), ("note", "☃"), ("note", "abcde "), ("id", "0.005")])
def test_a_value_that_such_a_column_would_change(ingestr, folder, shop, column, value):
    shop.execute(*FOREIGN)
    row = f'1,"{value}"' if column != "id" else f"{value},ok"
    source = write(folder, "rows.csv", f"id,{column if column != 'id' else 'mood'}\n{row}\n")
    outcome = ingestr.ingest(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop))
    assert outcome.status == 1, outcome.out
    assert "dest.rows" in outcome.error() and column in outcome.error(), outcome.error()
    assert shop.query("SELECT count(*) FROM dest.rows") == [(0,)] and landings(shop) == []


@pytest.mark.parametrize("declared", ["bigint unsigned", "mediumint", "decimal(60,2)"])
def test_a_range_of_numbers_of_the_servers_own(ingestr, folder, shop, declared):
    shop.execute("CREATE DATABASE dest", f"CREATE TABLE dest.rows (id {declared}, v text)", "INSERT INTO dest.rows VALUES (1, 'x'), (9, 'y'), (10, 'z')")
    source = write(folder, "rows.csv", "id,v\n10,b\n9,a\n")
    by_range = ["--incremental-strategy", "delete+insert", "--incremental-key", "id", "--no-load-timestamp"]
    ingestr.load(source, "rows", *by_range, **into(shop))
    there = [(1, "x"), (9, "a"), (10, "b")]
    assert shop.query("SELECT CAST(id AS SIGNED), v FROM dest.rows ORDER BY id") == there
    ingestr.load(shop.uri(database="dest"), "rows", *by_range, **into(shop))   # which has DECIMALs
    assert shop.query("SELECT CAST(id AS SIGNED), v FROM dest.rows ORDER BY id") == there


@pytest.mark.parametrize("explicit", [0, 1])
@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"], ["replace"]], ids=" ".join)
def test_no_time_is_not_the_time_of_the_load(ingestr, folder, shop, flags, explicit):
    before, = shop.query("SELECT @@global.explicit_defaults_for_timestamp")[0]
    shop.execute(f"SET GLOBAL explicit_defaults_for_timestamp = {explicit}")
    try:
        shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, at timestamp(6) NOT NULL)",
                     "INSERT INTO dest.rows VALUES (1, '2024-01-01')")
        with duckdb.connect(folder / "times.duckdb") as connection:
            connection.execute("CREATE TABLE t AS SELECT 1::BIGINT AS id, NULL::TIMESTAMPTZ AS at UNION ALL SELECT 2, now()")
        outcome = ingestr.ingest("duckdb:///times.duckdb", "t", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    finally:
        shop.execute(f"SET GLOBAL explicit_defaults_for_timestamp = {before}")
    assert outcome.status == 1 and "column at of dest.rows cannot be NULL, and 1 row has no value there" in outcome.error(), outcome.err
    assert len(shop.query("SELECT * FROM dest.rows")) == 1 and landings(shop) == []


@pytest.mark.parametrize("declared, room, most", [
    ("text", 65_535, "65,535"), ("tinytext", 255, "255"), ("blob", 65_535, "65,535"), ("mediumblob", 2**24 - 1, "16,777,215"),
    ("text CHARACTER SET latin1", 65_535, "65,535"), ("varchar(20)", 20, None)])
def test_a_value_that_is_longer_than_its_column(ingestr, folder, shop, declared, room, most):
    letter = "ü" if "latin1" in declared else "x"
    of = "BLOB" if "blob" in declared else "VARCHAR"
    with duckdb.connect(folder / "long.duckdb") as connection:
        connection.execute(f"CREATE TABLE fits AS SELECT 1::BIGINT AS id, repeat('{letter}', {room})::{of} AS v")
        connection.execute(f"CREATE TABLE long AS SELECT 2::BIGINT AS id, repeat('{letter}', {room + 4_000})::{of} AS v")
    shop.execute("CREATE DATABASE dest", f"CREATE TABLE dest.rows (id bigint PRIMARY KEY, v {declared})")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    ingestr.load("duckdb:///long.duckdb", "fits", *append, **into(shop))
    there = [(1, room)]
    for flags in (append, ["--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp"], ["--no-load-timestamp"]):
        outcome = ingestr.ingest("duckdb:///long.duckdb", "long", *flags, **into(shop))
        assert outcome.status == 1, outcome.out
        words = [f"column v of dest.rows is of the type {declared.split(' ')[0]}, which holds {most} bytes, and 1 row has more",
                 "give the column another type"] if most else ["dest.rows", "'v'"]
        assert all(word in outcome.error() for word in words), outcome.error()
        assert shop.query("SELECT id, CHAR_LENGTH(v) FROM dest.rows") == there and landings(shop) == []


@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"], ["append", "--schema-contract", "freeze"],
                                   ["append", "--schema-contract", "discard_value"]], ids=" ".join)
def test_a_small_number_of_others_is_no_boolean(ingestr, folder, shop, flags):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, small tinyint(1), tiny tinyint, flag tinyint(1))",
                 "INSERT INTO dest.rows VALUES (9, 1, 1, 1)")
    before = columns(shop)
    with duckdb.connect(folder / "small.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1::BIGINT AS id, 5 AS small, 5 AS tiny, true AS flag")
        connection.execute("CREATE TABLE large AS SELECT 2::BIGINT AS id, 500 AS small")
    ingestr.load("duckdb:///small.duckdb", "t", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    assert columns(shop) == before
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 5, 5, 1), (9, 1, 1, 1)]
    outcome = ingestr.ingest("duckdb:///small.duckdb", "large", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    assert outcome.status == 1 and "small" in outcome.error(), outcome.error()
    # From one such table into the other.
    shop.execute("DELETE FROM dest.rows", "DROP TABLE IF EXISTS shop.same", "CREATE TABLE shop.same LIKE dest.rows", "INSERT INTO shop.same VALUES (3, 7, 8, 0)")
    ingestr.load(shop.uri(), "same", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    shop.execute("DROP TABLE shop.same")
    assert shop.query("SELECT * FROM dest.rows") == [(3, 7, 8, 0)] and columns(shop) == before


def test_replace_leaves_a_boolean_as_others_declared_it(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, flag boolean)",
                 "CREATE TABLE dest.child (of bigint, FOREIGN KEY (of) REFERENCES dest.rows (id))")
    ingestr.load(write(folder, "flags.csv", "id,flag\n1,true\n2,false\n"), "flags", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 1), (2, 0)]
    assert columns(shop) == [("id", "bigint(20)", ""), ("flag", "tinyint(1)", "")]


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL"])
@pytest.mark.parametrize("interval", [[], ["--interval-start", "2024-01-01", "--interval-end", "2024-12-31"]], ids=["landed", "interval"])
def test_rows_that_others_refer_to_are_not_deleted_for_a_moment(ingestr, folder, shop, action, interval):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, day date)",
                 f"CREATE TABLE dest.child (of bigint, CONSTRAINT its_row FOREIGN KEY (of) REFERENCES dest.rows (id) ON DELETE {action})",
                 "INSERT INTO dest.rows VALUES (1, '2024-01-01')", "INSERT INTO dest.child VALUES (1)")
    source = write(folder, "rows.csv", "id,day,more\n1,2024-01-01,x\n")
    by_day = ["--no-load-timestamp", "--incremental-key", "day", *interval]
    outcome = ingestr.ingest(source, "rows", "--incremental-strategy", "delete+insert", *by_day, **into(shop))
    assert outcome.status != 0, outcome.out
    words = f"its_row of dest.child is ON DELETE {action}, so rows of dest.rows that are deleted, if only for a moment, would change dest.child"
    assert words in outcome.error() and "use --incremental-strategy merge" in outcome.error(), outcome.error()
    assert shop.query("SELECT * FROM dest.child") == [(1,)] and landings(shop) == [] and len(columns(shop)) == 2
    ingestr.load(source, "rows", "--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM dest.child") == [(1,)]


def test_a_key_that_the_user_does_not_see_keeps_its_table(ingestr, folder, shop):
    shop.execute("DROP DATABASE IF EXISTS other", "CREATE DATABASE dest", "CREATE DATABASE other", "DROP USER IF EXISTS loads_dest@'127.0.0.1'",
                 "CREATE USER loads_dest@'127.0.0.1' IDENTIFIED BY 'pw'",
                 "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON dest.* TO loads_dest@'127.0.0.1'",
                 "CREATE TABLE dest.rows (id bigint PRIMARY KEY, name longtext)", "INSERT INTO dest.rows VALUES (1, 'a')",
                 "CREATE TABLE other.child (of bigint, CONSTRAINT its_row FOREIGN KEY (of) REFERENCES dest.rows (id))", "INSERT INTO other.child VALUES (1)")
    source = write(folder, "rows.csv", "id,name\n1,x\n2,y\n")
    target = {"file": f"mysql://loads_dest:pw@127.0.0.1:{shop.port}/dest"}
    for flags in ([], ["--full-refresh"]):
        outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", *flags, **target)
        assert outcome.status == 1, outcome.out
        assert "a foreign key of a table that the user may not see refers to dest.rows" in outcome.error() and "grant SELECT" in outcome.error()
        assert shop.query("SELECT * FROM dest.rows") == [(1, "a")] and landings(shop) == []
        assert "REFERENCES `dest`.`rows` (`id`)" in shop.query("SHOW CREATE TABLE other.child")[0][1]
    shop.execute("GRANT SELECT ON other.child TO loads_dest@'127.0.0.1'")
    ingestr.load(source, "rows", "--no-load-timestamp", **target)
    assert shop.query("SELECT * FROM dest.rows") == [(1, "x"), (2, "y")]
    shop.execute("DROP DATABASE other")


def test_a_line_end_behind_a_value_makes_another_of_it(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint, whole bigint, share decimal(5,2), day date)")
    write(folder, "rows.csv", 'id,whole,share,day\n1,"5\n","1.25\n","2024-01-01\n"\n2,5,1.25,2024-01-01\n')
    outcome = ingestr.ingest("csv://rows.csv", "rows", "--no-load-timestamp", "--incremental-strategy=append", "--columns=whole:text,share:text,day:text",
                             "--schema-contract=discard_value", **into(shop))
    assert outcome.status == 0 and "3 values" in outcome.out, outcome.out + outcome.err
    day = datetime.date(2024, 1, 1)
    assert [(id, whole, share and str(share), date) for id, whole, share, date in shop.query("SELECT * FROM dest.rows ORDER BY id")] == [
        (1, None, None, None), (2, 5, "1.25", day)]


def test_rows_that_others_refer_to_are_merged(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id int PRIMARY KEY, n text)", "CREATE TABLE dest.child (id int REFERENCES dest.rows (id))",
                 "INSERT INTO dest.rows VALUES (1, 'o')", "INSERT INTO dest.child VALUES (1)")
    uri = write(folder, "rows.csv", "id,n\n1,n\n")
    outcome = ingestr.ingest(uri, "rows", "--no-load-timestamp", "--incremental-strategy", "delete+insert", "--incremental-key", "id", **into(shop))
    assert outcome.status == 1 and "dest.rows: a row breaks a constraint" in outcome.error(), outcome.err
    assert "other tables refer to rows that are deleted, if only for a moment: load with --incremental-strategy merge, or drop" in outcome.error()
    ingestr.load(uri, "rows", "--no-load-timestamp", "--incremental-strategy", "merge", "--primary-key", "id", **into(shop))
    assert list(shop.query("SELECT * FROM dest.rows")) == [(1, "n")]


def test_tables_that_take_no_rows(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.bits (id bigint, flags bit(8))", "CREATE TABLE dest.isam (id bigint) ENGINE=MyISAM")
    source = write(folder, "rows.csv", "id\n1\n")
    for table, words in [("bits", "column flags of dest.bits is of the type bit(8)"), ("isam", "MyISAM, which has no transactions")]:
        error = ingestr.ingest(source, "rows", "--incremental-strategy", "append", into=f"dest.{table}", **into(shop)).error()
        assert words in error, error


def test_columns_widen(ingestr, folder, shop):
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    for text in ("id,flag,n\n1,true,1\n", "id,flag,n\n2,maybe,1.5\n", "id,flag,n\n3,no,3\n"):
        ingestr.load(write(folder, "rows.csv", text), "rows", *append, **into(shop))
    assert shop.query("SELECT id, flag, CAST(n AS CHAR) FROM dest.rows ORDER BY id") == [(1, "true", "1"), (2, "maybe", "1.5"), (3, "no", "3")]
    assert [one[0] for one in columns(shop)] == ["id", "flag", "n"]


def declarations(server, table="dest.rows"):
    """The lines of SHOW CREATE TABLE that are about columns and keys."""
    text = server.query(f"SHOW CREATE TABLE {table}")[0][1]
    return [line.strip().rstrip(",") for line in text.splitlines()[1:-1]]


def test_a_wider_type_takes_nothing_else_from_a_column(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id int PRIMARY KEY, n int NOT NULL COMMENT 'years' CHECK (n > 0), "
                 "u int DEFAULT 3 COMMENT 'c2', d date DEFAULT '2020-01-01', KEY (u))", "INSERT INTO dest.rows VALUES (1, 1, 1, '2020-01-02')")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,n,u,d\n2,5000000000,7000000000,2021-01-01T10:00:00\n"), "rows", *append, **into(shop))
    assert outcome.status == 0 and "lost" not in outcome.out + outcome.err, outcome.err
    assert declarations(shop) == [
        "`id` int(11) NOT NULL", "`n` bigint(20) NOT NULL COMMENT 'years' CHECK (`n` > 0)", "`u` bigint(20) DEFAULT 3 COMMENT 'c2'",
        "`d` datetime(6) DEFAULT '2020-01-01 00:00:00.000000'", "PRIMARY KEY (`id`)", "KEY `u` (`u`)"]
    assert shop.query("SELECT id, n, u FROM dest.rows ORDER BY id") == [(1, 1, 1), (2, 5000000000, 7000000000)] and landings(shop) == []

    # What the new type does not allow goes with a warning.
    shop.execute("CREATE TABLE dest.kinds (id bigint, n int DEFAULT 5 COMMENT 'the n' CHECK (n > 0), b bool DEFAULT 1 COMMENT 'BOOLEAN', at timestamp NULL DEFAULT "
                 "'2020-01-01 00:00:00' ON UPDATE current_timestamp COMMENT 'when')", "INSERT INTO dest.kinds (id, at) VALUES (1, '2026-01-01 07:00:00')")
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,n,b,at\n2,x,y,z\n"), "rows", *append, into="dest.kinds", **into(shop))
    assert outcome.status == 0, outcome.err
    for lost in ("n CHECK (`n` > 0)", "at ON UPDATE current_timestamp()"):
        assert f"dest.kinds lost what its new columns do not allow: {lost}" in outcome.out + outcome.err, outcome.err
    shop.execute("INSERT INTO dest.kinds (id) VALUES (3)")
    assert shop.query("SELECT id, n, b, at FROM dest.kinds ORDER BY id") == [
        (1, "5", "true", "2026-01-01 12:00:00+00"), (2, "x", "y", "z"), (3, "5", "true", "2020-01-01 05:00:00+00")]
    assert [one[2] for one in columns(shop, "kinds")] == ["", "the n", "", "when"] and landings(shop) == []


def test_replace_takes_nothing_from_a_column_but_its_type(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id int AUTO_INCREMENT PRIMARY KEY COMMENT 'ident', n int NOT NULL DEFAULT 7 "
                 "COMMENT 'the n' CHECK (n > 0), s varchar(10) DEFAULT 'q', ts timestamp DEFAULT current_timestamp ON UPDATE current_timestamp, "
                 "at timestamp NULL DEFAULT current_timestamp ON UPDATE current_timestamp)", "INSERT INTO dest.rows (id) VALUES (50)")
    source = write(folder, "rows.csv", "id,n,s,ts,at\n1,2,x,2026-01-01,2026-01-01T10:00:00\n")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status == 0, outcome.err
    assert "dest.rows lost what its new columns do not allow: ts ON UPDATE current_timestamp()" in outcome.out + outcome.err, outcome.err
    assert declarations(shop) == [
        "`id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'ident'", "`n` bigint(20) NOT NULL DEFAULT 7 COMMENT 'the n' CHECK (`n` > 0)",
        "`s` varchar(10) DEFAULT 'q'", "`ts` date DEFAULT current_timestamp()",
        "`at` datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6)", "PRIMARY KEY (`id`)"]
    shop.execute("INSERT INTO dest.rows (n) VALUES (3)")
    assert shop.query("SELECT id FROM dest.rows ORDER BY id") == [(1,), (51,)] and landings(shop) == []


def test_triggers_do_not_see_a_column_that_becomes_text(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint, b bool COMMENT 'BOOLEAN', n bigint)", "INSERT INTO dest.rows VALUES (1, 1, 1)",
                 "CREATE TABLE dest.seen (id bigint)",
                 "CREATE TRIGGER dest.watch AFTER UPDATE ON dest.rows FOR EACH ROW INSERT INTO seen VALUES (NEW.id)")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,b\n2,maybe\n"), "rows", *append, **into(shop))
    assert outcome.status == 2 and ("column b of dest.rows would have to become VARCHAR, and a trigger for UPDATE would see all rows change; drop "
                                    "that, or leave the column out") in outcome.error(), outcome.error()
    ingestr.load(write(folder, "rows.csv", "id,n\n2,x\n"), "rows", *append, **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 1, "1"), (2, None, "x")]
    assert shop.query("SELECT * FROM dest.seen") == [] and landings(shop) == []


def test_times_of_whole_seconds_become_text(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint, at timestamp NULL, t time, d datetime)", "SET time_zone = '+00:00'",
                 "INSERT INTO dest.rows VALUES (1, '2026-01-01 07:00:00', '10:00:00', '2026-01-01 00:00:00')")
    ingestr.load(write(folder, "rows.csv", "id,at,t,d\n2,x,y,z\n"), "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT at, t, d FROM dest.rows WHERE id = 1") == [("2026-01-01 07:00:00+00", "10:00:00", "2026-01-01 00:00:00")]


GENERATED = "(id int PRIMARY KEY, a int, g int GENERATED ALWAYS AS (a * 2) STORED, v int AS (a + 1) VIRTUAL)"


@pytest.mark.parametrize("flags", ["", "append", "merge --primary-key id", "delete+insert --incremental-key id"])
def test_generated_columns_are_worked_out_by_the_target(ingestr, folder, shop, flags):
    shop.execute("CREATE DATABASE dest", f"CREATE TABLE dest.rows {GENERATED}", f"CREATE TABLE loaded.gs {GENERATED}",
                 "INSERT INTO loaded.gs (id, a) VALUES (1, 5), (2, 6)", "INSERT INTO dest.rows (id, a) VALUES (3, 1)")
    strategy = ["--incremental-strategy", *flags.split()] if flags else []
    outcome = ingestr.ingest(shop.uri(), "loaded.gs", "--no-load-timestamp", *strategy, **into(shop))
    assert outcome.status == 0, outcome.err
    assert "column g: dest.rows works it out itself, so what the source has for it is left out" in outcome.out + outcome.err
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 5, 10, 6), (2, 6, 12, 7)] + ([(3, 1, 2, 2)] if flags else [])
    assert "GENERATED ALWAYS AS (`a` * 2) STORED" in declarations(shop)[2]


def test_a_table_with_a_history(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, n text) WITH SYSTEM VERSIONING",
                 "INSERT INTO dest.rows VALUES (1, 'old')")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    ingestr.load(write(folder, "rows.csv", "id,n\n1,new\n2,new\n"), "rows", "--no-load-timestamp", **into(shop))
    ingestr.load(write(folder, "more.csv", "id,n\n3,x\n"), "more", *append, **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new"), (2, "new"), (3, "x")]
    assert shop.query("SELECT id, n FROM dest.rows FOR SYSTEM_TIME ALL WHERE n = 'old'") == [(1, "old")]
    anew, wider = write(folder, "anew.csv", "id,n\nx,new\n"), write(folder, "wider.csv", "id,n,m\n4,new,1\n")
    changed = "columns of dest.rows would have to be added or changed"
    for source, flags, words in [(anew, [], "dest.rows would have to lose columns or change their types (id)"), (anew, append, f"{changed} (id)"),
                                 (wider, [], f"{changed} (m)"), (wider, append, f"{changed} (m)")]:
        outcome = ingestr.ingest(source, "rows", *flags, "--no-load-timestamp", **into(shop))
        assert outcome.status == 2 and words in outcome.error() and "_ingestr" not in outcome.error(), outcome.error()
    assert shop.query("SELECT count(*) FROM dest.rows FOR SYSTEM_TIME ALL") == [(4,)] and landings(shop) == []


def test_where_local_infile_is_not_allowed(ingestr, folder, shop):
    shop.execute("SET GLOBAL local_infile = 0")
    try:
        (folder / "rows.jsonl").write_text('{"id": 1, "name": "it\'s \\\\ a\\u0000b ☃\\n"}\n{"id": 2, "name": null}\n', encoding="utf-8")
        ingestr.load("jsonl://rows.jsonl", "rows", "--no-load-timestamp", **into(shop))
    finally:
        shop.execute("SET GLOBAL local_infile = 1")
    assert shop.query("SELECT id, name FROM dest.rows ORDER BY id") == [(1, "it's \\ a\0b ☃\n"), (2, None)]


def test_errors_name_the_server_and_no_password(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    shop.execute("CREATE OR REPLACE USER nobody@'127.0.0.1' IDENTIFIED BY 'sesame'", "GRANT SELECT ON loaded.* TO nobody@'127.0.0.1'")
    weak = f"mysql://nobody:sesame@127.0.0.1:{shop.port}/loaded"
    for uri, words in [(shop.uri(password="wr0ng"), "Access denied"), (shop.uri(database="nothing"), "Unknown database"),
                       ("mysql://loader:sesame@127.0.0.1:1/shop", "cannot connect to the MySQL database shop on 127.0.0.1:1"),
                       (shop.uri(ssl_mode="required"), "cannot connect"), (weak, "denied")]:
        outcome = ingestr.ingest(source, "rows", file=uri)
        assert outcome.status == 1
        assert words in outcome.error() and "127.0.0.1:" in outcome.error(), outcome.error()
        assert PASSWORD not in outcome.err and "sesame" not in outcome.err and "wr0ng" not in outcome.err


def test_a_dry_run_makes_nothing(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    outcome = ingestr.ingest(source, "rows", "--dry-run", **into(shop))
    assert outcome.status == 0, outcome.err
    assert "replace dest.rows by dest._ingestr_landing_rows" in outcome.out
    assert shop.query("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'dest'") == [(0,)]


SLOW = "query:SELECT seq AS id, CAST(GET_LOCK('reading', 1000) AS CHAR) AS x FROM seq_1_to_30"


@contextlib.contextmanager
def reading_stops(server):
    """Rows of SLOW do not come as long as it lasts."""
    with server.connect() as holder, holder.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK('reading', 0)")
        yield


def test_another_run_of_the_same_table_is_left_alone(ingestr, folder, shop):
    """Its landing table is not a dead run's."""
    source = write(folder, "rows.csv", "id\n1\n")
    with reading_stops(shop):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), SLOW, **into(shop)))
        wait_until(lambda: landings(shop), "rows are to land")
        ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
        assert landings(shop) == [("_ingestr_landing_rows",)]
        error = ingestr.ingest(source, "rows", **into(shop)).error()
        assert "another run is loading the same table of shop on 127.0.0.1:" in error
    outcome = ingestr.outcome(process)
    assert outcome.status == 0, outcome.err
    assert shop.query("SELECT count(*) FROM dest.rows") == [(30,)] and landings(shop) == []


def test_a_killed_run_is_cleaned_up_by_the_next(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    with reading_stops(shop):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), SLOW, **into(shop)))
        wait_until(lambda: landings(shop), "rows are to land")
        process.kill()
        process.communicate()
        assert landings(shop) == [("_ingestr_landing_rows",)]
    wait_until(lambda: not shop.query(f"SELECT 1 FROM information_schema.processlist WHERE user = '{shop.user}' AND id <> CONNECTION_ID()"), "its sessions end")
    ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
    assert landings(shop) == []


def test_a_dead_runs_landing_table_that_is_in_use_stays(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest._ingestr_landing_dead (id int)")
    with shop.connect() as holder, holder.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM dest._ingestr_landing_dead")
        ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
        error = ingestr.ingest(source, "rows", "--no-load-timestamp", into="dest.dead", **into(shop)).error()
        assert "dest._ingestr_landing_dead, the landing table of an earlier run that was killed, is in the way and cannot be dropped" in error, error
    assert landings(shop) == [("_ingestr_landing_dead",)]
    ingestr.load(source, "rows", "--no-load-timestamp", into="dest.dead", **into(shop))
    assert landings(shop) == []


def test_tables_whose_names_differ_in_case_are_each_themselves(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest._INGESTR_LANDING_mine (a integer)", "CREATE TABLE dest.Rows (a date)")
    source = write(folder, "rows.csv", "id\n1\n")
    for strategy in ("append", "append", "replace"):
        ingestr.load(source, "rows", "--no-load-timestamp", "--incremental-strategy", strategy, **into(shop))
    assert shop.query("SELECT * FROM dest.rows") == [(1,)]
    assert sorted(shop.query("SHOW TABLES FROM dest")) == [("Rows",), ("_INGESTR_LANDING_mine",), ("rows",)]
    error = ingestr.ingest(source, "rows", into="dest._Ingestr_Landing_x", **into(shop)).error()
    assert "table names that begin with _ingestr_landing_ are for rows on their way" in error


def waits(server):
    return server.query("SELECT 1 FROM information_schema.processlist WHERE state LIKE 'Waiting for%' AND info NOT LIKE '%processlist%'") or \
        server.query("SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")


def test_ctrl_c_ends_a_statement_of_the_server(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
    source = write(folder, "rows.csv", "id\n1\n")
    with shop.connect() as holder, holder.cursor() as cursor:
        cursor.execute("LOCK TABLES dest.rows READ")
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop)))
        wait_until(lambda: waits(shop), "the insert waits")
        process.send_signal(signal.SIGINT)
        outcome = ingestr.outcome(process)
        assert outcome.status == 130 and "interrupted" in outcome.err
    assert shop.query("SELECT id FROM dest.rows") == [(7,)]
    assert landings(shop) == [] or "without waiting for others" in outcome.err   # where the server takes its time


def test_ctrl_c_while_a_copy_waits_to_take_the_targets_place(ingestr, folder, shop):
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint, KEY (id))", "INSERT INTO dest.rows VALUES (7)")
    source = write(folder, "rows.csv", "id\n1\n")
    with shop.connect() as holder, holder.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT * FROM dest.rows")
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--no-load-timestamp", **into(shop)))
        wait_until(lambda: waits(shop), "the names are to change")
        process.send_signal(signal.SIGINT)
        outcome = ingestr.outcome(process)
        assert outcome.status == 130 and "as it was" in outcome.err
    assert shop.query("SELECT id FROM dest.rows") == [(7,)] and shop.query("SHOW TABLES FROM dest") == [("rows",)]


def test_ctrl_c_when_the_rows_are_there_does_not_say_that_they_are_not(ingestr, folder, shop):
    """What is left to be done then waits for somebody who reads the landing table."""
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
    source = write(folder, "rows.csv", "id\n1\n")
    with shop.connect() as holder, holder.cursor() as cursor, shop.connect() as reader, reader.cursor() as reading:
        cursor.execute("LOCK TABLES dest.rows READ")
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop)))
        wait_until(lambda: waits(shop), "the insert waits")
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM dest._ingestr_landing_rows")
        cursor.execute("UNLOCK TABLES")
        wait_until(lambda: shop.query("SELECT 1 FROM information_schema.processlist WHERE state LIKE 'Waiting for%' AND info LIKE 'DROP%'"),
                   "the landing table is to go")
        process.send_signal(signal.SIGINT)
        outcome = ingestr.outcome(process)
        assert outcome.status == 130 and "interrupted without waiting for others" in outcome.err, outcome.err
    assert sorted(shop.query("SELECT id FROM dest.rows")) == [(1,), (7,)]
    ingestr.load(source, "rows", "--no-load-timestamp", **into(shop))
    assert landings(shop) == []


@pytest.mark.parametrize("moment", ["while rows land", "while the target changes"])
def test_a_server_that_dies_leaves_the_target_as_it_was(ingestr, folder, moment):
    server = MariadbServer()
    try:
        server.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
        holder = server.connect()
        if moment == "while rows land":
            holder.cursor().execute("SELECT GET_LOCK('reading', 0)")
            source = server.uri(), SLOW
        else:
            holder.cursor().execute("LOCK TABLES dest.rows READ")
            source = write(folder, "rows.csv", "id\n1\n"), "rows"
        process = ingestr.start(*ingestr.ingest_arguments(*source, "--no-load-timestamp", **into(server)))
        wait_until(lambda: landings(server) if moment == "while rows land" else waits(server), "the run waits")
        server.kill()
        outcome = ingestr.outcome(process)
        assert outcome.status == 1
        assert "127.0.0.1" in outcome.error() and PASSWORD not in outcome.err   # of the source or of the destination
        server.restart()
        assert server.query("SELECT id FROM dest.rows") == [(7,)]
        ingestr.load(write(folder, "rows.csv", "id\n1\n"), "rows", "--no-load-timestamp", **into(server))
        assert server.query("SELECT id FROM dest.rows") == [(1,)] and landings(server) == []
    finally:
        server.stop()


def test_a_session_that_is_killed_while_rows_land_ends_the_run_at_once(ingestr, folder, shop):
    """Its system may take minutes to tell whoever still sends; one time of three did."""
    shop.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
    duckdb.connect(folder / "large.duckdb").execute("CREATE TABLE t AS SELECT range AS id, repeat(md5(range::text), 8) AS name FROM range(2000000)")
    for _ in range(3):
        process = ingestr.start(*ingestr.ingest_arguments("duckdb:///large.duckdb", "t", **into(shop)))
        loading = []
        wait_until(lambda: loading.extend(shop.query("SELECT id FROM information_schema.processlist WHERE info LIKE 'LOAD DATA%'")) or loading, "rows land")
        shop.execute(f"KILL {loading[0][0]}")
        outcome = ingestr.outcome(process)
        assert outcome.status == 1 and outcome.seconds < SOON
        assert "the connection to the MySQL database shop on 127.0.0.1:" in outcome.error() and " was lost: " in outcome.error()
        assert shop.query("SELECT id FROM dest.rows") == [(7,)]


class TlsServer(MariadbServer):
    """With a certificate of 127.0.0.1 or of another host."""

    def __init__(self, name):
        self.name = name
        super().__init__()

    def prepare(self):
        super().prepare()
        self.certificate, self.key = make_certificate(self.folder, self.name)
        self.key.chmod(0o644)   # the server runs as another user

    def command(self):
        return [*super().command(), f"--ssl-cert={self.certificate}", f"--ssl-key={self.key}"]


@pytest.mark.parametrize("name, own, others", [
    ("IP:127.0.0.1", ["required", "verify_ca", "verify_identity"], ["required"]),
    ("DNS:example.com", ["required", "verify_ca"], ["required"])])
def test_tls(ingestr, folder, tmp_path, name, own, others):
    source = write(folder, "rows.csv", "id\n1\n")
    foreign, _ = make_certificate(tmp_path, name)
    server = TlsServer(name)
    try:
        for authority, allowed in ((server.certificate, own), (foreign, others)):
            for mode in ("required", "verify_ca", "verify_identity"):
                outcome = ingestr.ingest(source, "rows", file=server.uri(ssl_mode=mode, **({} if mode == "required" else {"ssl_ca": authority})))
                assert (outcome.status == 0) == (mode in allowed), (mode, authority, outcome.err)
                assert mode in allowed or "cannot connect to the MySQL database shop on 127.0.0.1" in outcome.error()
    finally:
        server.stop()

"""SQLite as a destination, read back by Python's own sqlite3."""

import contextlib
import signal
import sqlite3

import duckdb
import pytest

import manual
import mounts
from program import check_peak, wait_until

FILE = "sqlite:///shop.db"


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return f"csv://{name}"


def into(table="rows", **options):
    return {"file": FILE, "into": table, **options}


@contextlib.contextmanager
def opened(folder, name="shop.db"):
    connection = sqlite3.connect(folder / name, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def query(folder, sql, name="shop.db"):
    with opened(folder, name) as connection:
        return connection.execute(sql).fetchall()


def execute(folder, *statements):
    with opened(folder) as connection:
        for statement in statements:
            connection.execute(statement)


def columns(folder, table="rows"):
    return query(folder, f"SELECT name, type FROM pragma_table_xinfo('{table}')")


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("shop.db") and path.name != "shop.db")


TYPES = [  # in DuckDB; its values; declared in SQLite; its values there; in DuckDB once read again, where that differs
    ("BOOLEAN", ["true", "false"], "BOOLEAN", [1, 0]),
    ("TINYINT", ["-128"], "INT2", [-128], "SMALLINT"),
    ("SMALLINT", ["32767"], "INT2", [32767]),
    ("INTEGER", ["2147483647"], "INT4", [2147483647]),
    ("BIGINT", ["-9223372036854775808", "9223372036854775807"], "BIGINT", [-9223372036854775808, 9223372036854775807]),
    ("UBIGINT", ["18446744073709551615"], "DECIMAL_TEXT(20,0)", ["18446744073709551615"], "DECIMAL(20,0)"),
    ("HUGEINT", ["170141183460469231731687303715884105727"], "TEXT", ["170141183460469231731687303715884105727"], "VARCHAR"),
    ("FLOAT", ["1.1", "-inf"], "FLOAT4", [1.10000002384185791015625, float("-inf")]),
    ("DOUBLE", ["0.1", "1.7976931348623157e308", "inf", "5e-324"], "DOUBLE", [0.1, 1.7976931348623157e308, float("inf"), 5e-324]),
    ("DECIMAL(38,9)", ["12345678901234567890123456789.123456789", "-0.000000001"], "DECIMAL_TEXT(38,9)",
     ["12345678901234567890123456789.123456789", "-0.000000001"]),
    ("DECIMAL(2,2)", ["0.50"], "DECIMAL_TEXT(2,2)", ["0.50"]),
    ("VARCHAR", ["ü ☃ 🜁\n\t'\"\\N\\", "", "00123", "1e5"], "TEXT", ["ü ☃ 🜁\n\t'\"\\N\\", "", "00123", "1e5"]),
    ("BLOB", ["\\x00\\xFF'", ""], "BLOB", [b"\x00\xff'", b""]),
    ("DATE", ["2024-02-29", "0001-01-01", "9999-12-31"], "DATE", ["2024-02-29", "0001-01-01", "9999-12-31"]),
    ("TIME", ["10:30:00.123456", "00:00:00"], "TIME", ["10:30:00.123456", "00:00:00"]),
    ("TIMESTAMP", ["2024-01-01 10:00:00.5", "0001-01-01 00:00:00"], "TIMESTAMP", ["2024-01-01 10:00:00.5", "0001-01-01 00:00:00"]),
    ("TIMESTAMPTZ", ["2024-07-01 10:00:00.5-04"], "TIMESTAMPTZ", ["2024-07-01 14:00:00.5+00:00"], "TIMESTAMP WITH TIME ZONE"),
    ("INTERVAL", ["1 year 2 months 3 days 04:05:06.7"], "INTERVAL", ["1 year 2 months 3 days 04:05:06.7"]),
    ("UUID", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], "UUID", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("JSON", ['{"b": 1.0, "a":12345678901234567890123,  "b":2}', "1.50"], "JSON_TEXT",
     ['{"b": 1.0, "a":12345678901234567890123,  "b":2}', "1.50"]),
    ("INTEGER[]", ["[1, NULL, 3]", "[]"], "JSON_TEXT", ["[1,null,3]", "[]"], "JSON"),
    ("STRUCT(a INTEGER)", ["{'a': 1}"], "TEXT", ["{'a': 1}"], "VARCHAR"),
]


def make_types(folder):
    """The names of the columns, and the number of rows."""
    names = [f"c{i}" for i in range(len(TYPES))]
    rows = 1 + max(len(one[1]) for one in TYPES)
    with duckdb.connect(folder / "types.duckdb") as connection:
        connection.execute("CREATE TABLE t (" + ", ".join(f"{name} {one[0]}" for name, one in zip(names, TYPES)) + ")")
        for row in range(rows):
            values = []
            for of, literals, *_ in TYPES:
                text = literals[row] if row < len(literals) else None
                nested = of.endswith("[]") or of.startswith("STRUCT")
                values.append("NULL" if text is None else text if nested else f"CAST('{text.replace(chr(39), chr(39) * 2)}' AS {of})")
            connection.execute(f"INSERT INTO t VALUES ({', '.join(values)})")
    return names, rows


def test_types_there_and_back(ingestr, folder):
    names, rows = make_types(folder)
    ingestr.load("duckdb:///types.duckdb", "t", "--no-load-timestamp", **into())
    assert columns(folder) == [(name, one[2]) for name, one in zip(names, TYPES)]
    for name, one in zip(names, TYPES):
        found = [value for value, in query(folder, f"SELECT {name} FROM rows")]
        assert found == one[3] + [None] * (rows - len(one[3])), name
        assert [type(value) for value in found[:len(one[3])]] == [type(value) for value in one[3]], name
    ingestr.load(FILE, "rows", "--no-load-timestamp", file="duckdb:///back.duckdb")
    with duckdb.connect(folder / "back.duckdb", read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH '{folder / 'types.duckdb'}' AS before (READ_ONLY)")
        assert [(row[0], row[1]) for row in connection.execute("DESCRIBE dest.rows").fetchall()] == [
            (name, one[4] if len(one) > 4 else one[0]) for name, one in zip(names, TYPES)]
        same = [name for name, one in zip(names, TYPES) if not one[0].endswith("[]")]
        before, after = (connection.execute(f"SELECT {', '.join(f'{name}::VARCHAR' for name in same)} FROM {table}").fetchall()
                         for table in ("before.t", "dest.rows"))
        assert before == after


def test_times_to_the_microsecond_there_and_back(ingestr, folder):
    with duckdb.connect(folder / "times.duckdb") as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute("CREATE TABLE t AS SELECT id, ts, ts AT TIME ZONE 'UTC' AS moment, ts::TIME AS clock, ts::DATE AS day FROM ("
                           "SELECT i AS id, TIMESTAMP '0001-01-01' + to_microseconds(CASE WHEN i < 3000 THEN (random() * 315537897599999999)::BIGINT "
                           "ELSE (random() * 315537897599)::BIGINT * 1000000 + 999000 + i - 3000 END) AS ts FROM range(4000) r(i))")
    ingestr.load("duckdb:///times.duckdb", "t", "--no-load-timestamp", **into())
    ingestr.load(FILE, "rows", "--no-load-timestamp", file="duckdb:///times.duckdb", into="back")
    with duckdb.connect(folder / "times.duckdb", read_only=True) as connection:
        assert [row[1] for row in connection.execute("DESCRIBE back").fetchall()] == ["BIGINT", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIME", "DATE"]
        assert connection.execute("SELECT count(*), count(*) FILTER (a.ts = b.ts AND a.moment = b.moment AND a.clock = b.clock AND a.day = b.day) "
                                  "FROM t a JOIN back b USING (id)").fetchone() == (4000, 4000)


def test_lists_of_numbers_that_json_does_not_have(ingestr, folder):
    with duckdb.connect(folder / "lists.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT [0.1, 'nan'::DOUBLE, 'inf'::DOUBLE, NULL] AS doubles, [['-inf'::FLOAT], NULL, []] AS floats, "
                           "[1.50, -0.01] AS decimals, [DATE '2024-01-01'] AS days, ['a\"', NULL] AS texts")
    ingestr.load("duckdb:///lists.duckdb", "t", "--no-load-timestamp", file="sqlite:///lists.db", into="rows")
    with sqlite3.connect(folder / "lists.db") as connection:
        row = connection.execute("SELECT *, json_valid(doubles) AND json_valid(floats) FROM rows").fetchone()
    assert row == ('[0.1,"nan","inf",null]', '[["-inf"],null,[]]', "[1.50,-0.01]", '["2024-01-01"]', '["a\\"",null]', 1)


def test_a_type_of_ours_with_values_that_are_not_ours(ingestr, folder):
    execute(folder, "CREATE TABLE t (a INT2, b FLOAT4, c UUID, d TIMESTAMPTZ, e DECIMAL_TEXT(9,2), f TIME, g JSON_TEXT, h INTERVAL)",
            "INSERT INTO t VALUES (70000, 0.1, 'A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-01-01T00:00:00Z', '1.555', '10:30', '{', 'soon')")
    ingestr.load(FILE, "t", "--no-load-timestamp", file="duckdb:///back.duckdb")
    with duckdb.connect(folder / "back.duckdb", read_only=True) as connection:
        assert connection.execute("FROM dest.rows").fetchall() == [
            (70000, 0.1, "A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11", "2024-01-01T00:00:00Z", "1.555", "10:30", "{", "soon")]


def test_strategies(ingestr, folder):
    first = write(folder, "first.csv", "id,name,at\n1,a,2024-01-01\n2,b,2024-01-02\n3,c,2024-01-03\n")
    second = write(folder, "second.csv", "id,name,at,more\n2,B,2024-01-02,x\n4,d,2024-01-04,y\n")
    plain = ["--no-load-timestamp"]
    merge = ["--incremental-strategy", "merge", "--primary-key", "id", *plain]
    ingestr.load(first, "rows", *merge, **into("main.rows"))
    ingestr.load(second, "rows", *merge, **into())
    assert query(folder, "SELECT * FROM rows ORDER BY id") == [
        (1, "a", "2024-01-01", None), (2, "B", "2024-01-02", "x"), (3, "c", "2024-01-03", None), (4, "d", "2024-01-04", "y")]
    ingestr.load(second, "rows", "--incremental-strategy", "append", *plain, **into())
    assert query(folder, "SELECT count(*) FROM rows") == [(6,)]
    ingestr.load(second, "rows", "--incremental-strategy", "delete+insert", "--incremental-key", "at", *plain, **into())
    assert query(folder, "SELECT id FROM rows ORDER BY id") == [(1,), (2,), (4,)]
    ingestr.load(first, "rows", *plain, **into())
    assert query(folder, "SELECT * FROM rows") == [(1, "a", "2024-01-01"), (2, "b", "2024-01-02"), (3, "c", "2024-01-03")]
    scd2 = ["--incremental-strategy", "scd2", "--primary-key", "id", *plain]
    ingestr.load(first, "rows", *scd2, **into("history"))
    ingestr.load(second, "rows", *scd2, **into("history"))
    assert query(folder, "SELECT id, name, _scd_is_current FROM history ORDER BY id, _scd_valid_from") == [
        (1, "a", 0), (2, "b", 0), (2, "B", 1), (3, "c", 0), (4, "d", 1)]
    assert query(folder, "SELECT name FROM sqlite_schema ORDER BY name") == [("history",), ("rows",)]
    assert leftovers(folder) == []


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_file_in_another_encoding(ingestr, folder, encoding):
    execute(folder, f"PRAGMA encoding = '{encoding}'",
            "CREATE TABLE rows (id INTEGER PRIMARY KEY, Größe TEXT NOT NULL, n DECIMAL_TEXT(4,1), at TIMESTAMP)",
            "INSERT INTO rows VALUES (1, 'alt', '0.5', '2024-01-01 00:00:00'), (5, 'é', '2.0', NULL)",
            "CREATE INDEX by_name ON rows (Größe)", "CREATE VIEW v AS SELECT * FROM rows")
    first = write(folder, "first.csv", "id,größe,n,at\n1,x,1.25,2024-01-01\n2,ü😀,7.0,2024-01-02\n")
    second = write(folder, "second.csv", "id,größe,n,at\n2,y,7.0,2024-01-02\n3,z,8.0,2024-01-02\n")
    rows = "SELECT id, Größe, n FROM rows ORDER BY id"
    ingestr.load(second, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into())
    assert query(folder, rows) == [(1, "alt", "0.5"), (2, "y", "7.0"), (3, "z", "8.0"), (5, "é", "2.0")]
    ingestr.load(first, "rows", "--incremental-strategy", "merge", "--primary-key", "at", "--no-load-timestamp", "--sql-exclude-columns", "id",
                 **into())
    assert query(folder, rows) == [(1, "x", "1.25"), (2, "ü😀", "7.00"), (3, "ü😀", "7.00"), (5, "é", "2.00")]
    for _ in range(2):
        ingestr.load(first, "rows", "--no-load-timestamp", **into())
    assert query(folder, rows) == [(1, "x", 1.25), (2, "ü😀", 7)] and len(query(folder, "SELECT * FROM v")) == 2
    ingestr.load(second, "rows", "--incremental-strategy", "delete+insert", "--incremental-key", "n", "--no-load-timestamp", **into())
    assert query(folder, rows) == [(1, "x", 1.25), (2, "y", 7), (3, "z", 8)]
    for source in (first, second):
        ingestr.load(source, "rows", "--incremental-strategy", "scd2", "--primary-key", "id", "--no-load-timestamp", **into("history"))
    assert query(folder, "SELECT id, größe, _scd_is_current FROM history ORDER BY 1, 3") == [(1, "x", 0), (2, "ü😀", 0), (2, "y", 1), (3, "z", 1)]
    assert query(folder, "PRAGMA encoding") == [(encoding,)]
    execute(folder, "CREATE TABLE mixed (id INTEGER, v)", "INSERT INTO mixed VALUES (1, 'é😀'), (2, 0.5), (3, x'00ff'), (4, NULL)")
    ingestr.load(FILE, "rows", "--incremental-key", "at", "--interval-start", "2024-01-02", file="duckdb:///back.duckdb", into="dest.rows")
    ingestr.load(FILE, "mixed", file="duckdb:///back.duckdb", into="dest.mixed")
    with duckdb.connect(folder / "back.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT id, größe, n FROM dest.rows ORDER BY id").fetchall() == [(2, "y", 7), (3, "z", 8)]
        assert connection.execute("SELECT v FROM dest.mixed ORDER BY id").fetchall() == [("é😀",), ("0.5",), ("00FF",), (None,)]


@pytest.mark.parametrize("definition, there, rows, flags", [
    ("id INTEGER PRIMARY KEY ON CONFLICT IGNORE, name TEXT", [(1, "old")], "1,x\n2,y", ["append"]),
    ("id INTEGER, name TEXT UNIQUE ON CONFLICT REPLACE", [(1, "x"), (9, "z")], "2,x", ["append"]),
    ("id INTEGER, name TEXT, UNIQUE (name) ON CONFLICT REPLACE", [(1, "x"), (9, "z")], "2,x", ["merge", "--primary-key", "id"]),
    ("id INTEGER, name TEXT UNIQUE ON CONFLICT IGNORE", [(1, "x"), (9, "z")], "9,x", ["merge", "--primary-key", "id"]),
    ("id INTEGER, name TEXT NOT NULL ON CONFLICT IGNORE", [], "1,x\n2,", ["append"]),
    ("id INTEGER, name TEXT, _scd_valid_from, _scd_valid_to, _scd_is_current BOOLEAN, UNIQUE (id, _scd_is_current) ON CONFLICT REPLACE",
     [(1, "a", "2024", "2025", 0), (1, "b", "2025", None, 1)], "1,c", ["scd2", "--primary-key", "id"]),
    ("id INTEGER PRIMARY KEY ON CONFLICT REPLACE, name TEXT", [(1, "old")], "3,x\n3,y", ["replace"])])
def test_rules_of_the_table_leave_no_row_out(ingestr, folder, definition, there, rows, flags):
    execute(folder, f"CREATE TABLE rows ({definition})")
    with opened(folder) as connection:
        for row in there:
            connection.execute(f"INSERT INTO rows VALUES ({', '.join('?' * len(row))})", row)
    source = write(folder, "rows.csv", f"id,name\n{rows}\n")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", "--incremental-strategy", *flags, **into())
    assert outcome.status == 1 and ("constraint" in outcome.error() or "is there already" in outcome.error()), outcome.out + outcome.err
    assert query(folder, "SELECT * FROM rows") == there


def test_what_triggers_do_about_conflicts_stays(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT)", "CREATE TABLE names (name TEXT UNIQUE)",
            "CREATE TRIGGER noted AFTER INSERT ON rows BEGIN INSERT OR IGNORE INTO names VALUES (new.name); END")
    ingestr.load(write(folder, "rows.csv", "id,name\n1,x\n2,x\n"), "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into())
    assert query(folder, "SELECT count(*), (SELECT count(*) FROM names) FROM rows") == [(2, 1)]


def test_delete_insert_compares_values_and_not_texts(ingestr, folder):
    def load(rows, *flags):
        ingestr.load(write(folder, "rows.csv", "n\n" + "\n".join(rows) + "\n"), "rows", "--no-load-timestamp", "--columns",
                     "n:decimal(20,2)", "--incremental-strategy", *flags, **into())

    load(["9.00", "10.00", "100.00", "-5.00", "-50.00"], "append")
    load(["10.50", "-6.00"], "delete+insert", "--incremental-key", "n")
    assert query(folder, "SELECT n FROM rows") == [("100.00",), ("-50.00",), ("10.50",), ("-6.00",)]


def test_files_of_every_kind(ingestr, folder):
    (folder / "rows.jsonl").write_text('{"id": 1, "name": "a\\u0000b", "more": {"x": [1, 2]}}\n{"id": 2, "name": null}\n', encoding="utf-8")
    ingestr.load("jsonl://rows.jsonl", "rows", "--no-load-timestamp", **into("jsonl"))
    assert query(folder, "SELECT * FROM jsonl") == [(1, "a\0b", '{"x": [1, 2]}'), (2, None, None)]
    duckdb.sql(f"COPY (SELECT range AS id, 'row ' || range AS name FROM range(100000)) TO '{folder / 'rows.parquet'}'")
    assert ingestr.load("parquet://rows.parquet", "rows", "--no-load-timestamp", **into("parquet"))["rows"] == 100000
    assert query(folder, "SELECT count(*), sum(id), max(name) FROM parquet") == [(100000, 4999950000, "row 99999")]
    ingestr.load(write(folder, "rows.csv", 'id,"say ""hi"" [x] `y` \'z\'",Grüße\n1,2,3\n'), "rows", "--no-load-timestamp",
                 **into('"odd ""table"" 😀"'))
    assert query(folder, 'SELECT * FROM "odd ""table"" 😀"') == [(1, 2, 3)]


def test_from_postgres(ingestr, folder, postgres):
    postgres.execute("DROP TABLE IF EXISTS public.wide", "CREATE TABLE public.wide (id bigint PRIMARY KEY, n numeric(38,10), t timestamptz, "
                     "j jsonb, a text[], u uuid)",
                     "INSERT INTO public.wide VALUES (9007199254740993, 1234567890123456789012345678.0123456789, "
                     "'2024-01-01 10:00:00+02', '{\"a\": 1}', '{x,NULL}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')")
    for _ in range(2):
        ingestr.load(postgres.uri(), "public.wide", "--incremental-strategy", "merge", "--no-load-timestamp", **into())
    assert query(folder, "SELECT * FROM rows") == [
        (9007199254740993, "1234567890123456789012345678.0123456789", "2024-01-01 08:00:00+00:00", '{"a": 1}', '["x",null]',
         "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")]


def test_replace_keeps_what_others_gave_the_table(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) COLLATE NOCASE NOT NULL DEFAULT 'x, y', -- why\n"
            " gone TEXT, upper TEXT GENERATED ALWAYS AS (upper(name)) STORED, CHECK (length(name) > 0), UNIQUE (name))",
            "INSERT INTO rows (id, name) VALUES (7, 'old')",
            "CREATE INDEX by_name ON rows (name DESC)", "CREATE INDEX by_gone ON rows (gone)",
            "CREATE TABLE log (what TEXT)", "CREATE TRIGGER noted AFTER INSERT ON rows BEGIN INSERT INTO log VALUES (new.name); END",
            "CREATE VIEW names AS SELECT name FROM rows", "CREATE TABLE child (of INTEGER REFERENCES rows (id) ON DELETE CASCADE)",
            "INSERT INTO child VALUES (1)")
    source = write(folder, "rows.csv", "id,name,added\n1,new,2024-01-01\n2,newer,\n")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", **into())
    assert outcome.status == 0, outcome.err
    assert "rows lost what its new columns do not allow: index by_gone" in outcome.out + outcome.err
    assert query(folder, "SELECT * FROM rows") == [(1, "new", "NEW", "2024-01-01"), (2, "newer", "NEWER", None)]
    assert columns(folder) == [("id", "INTEGER"), ("name", "VARCHAR(20)"), ("upper", "TEXT"), ("added", "DATE")]
    assert query(folder, "SELECT name FROM sqlite_schema WHERE tbl_name = 'rows' AND sql IS NOT NULL ORDER BY 1") == [
        ("by_name",), ("noted",), ("rows",)]
    assert query(folder, "SELECT * FROM names ORDER BY 1") == [("new",), ("newer",)]
    assert query(folder, "SELECT * FROM child") == [(1,)]
    assert query(folder, "SELECT count(*) FROM log") == [(0,)]   # no trigger has seen the rows
    with opened(folder) as connection:
        for broken in ("INSERT INTO rows (name) VALUES ('')", "INSERT INTO rows (name) VALUES ('NEW')", "INSERT INTO rows (name) VALUES (NULL)"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(broken)
        connection.execute("INSERT INTO rows (id) VALUES (NULL)")
        assert connection.execute("SELECT name FROM rows WHERE id = 8").fetchall() == [("x, y",)]   # 7 was given once

    error = ingestr.ingest(write(folder, "rows.csv", "id,name\n5,a\n6,A\n"), "rows", "--no-load-timestamp", **into()).error()
    assert "a row with the key name: A is there already" in error and "--full-refresh" in error, error
    error = ingestr.ingest(write(folder, "rows.csv", "id,name\n5,a\n6,\n"), "rows", "--no-load-timestamp", **into()).error()
    assert "NOT NULL constraint failed: rows.name" in error, error
    assert query(folder, "SELECT id FROM rows ORDER BY id") == [(1,), (2,), (8,)]
    ingestr.load(write(folder, "rows.csv", "id,name\n5,\n5,\n"), "rows", "--no-load-timestamp", "--full-refresh", **into())
    assert columns(folder) == [("id", "BIGINT"), ("name", "TEXT")]
    assert leftovers(folder) == []


def test_a_column_gets_a_wider_type_in_a_table_of_others(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY, n BIGINT NOT NULL CHECK (n <> '7'), d DOUBLE, CHECK (id > 0))",
            "INSERT INTO rows VALUES (1, 5, 0.1), (2, 6, 1)", "CREATE INDEX by_n ON rows (n)",
            "CREATE TRIGGER noted AFTER DELETE ON rows BEGIN SELECT raise(ABORT, 'rows stay'); END", "CREATE VIEW v AS SELECT n FROM rows")
    source = write(folder, "rows.csv", "id,n,d\n3,x,y\n")
    ingestr.load(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into())
    assert query(folder, "SELECT * FROM rows") == [(1, "5", "0.1"), (2, "6", "1.0"), (3, "x", "y")]
    assert columns(folder) == [("id", "INTEGER"), ("n", "TEXT"), ("d", "TEXT")]
    assert query(folder, "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'rows' ORDER BY 1") == [("by_n",), ("noted",), ("v",)]
    assert query(folder, "SELECT count(*) FROM v") == [(3,)]


@pytest.mark.parametrize("columns, number", [
    ("n INTEGER, body TEXT", "rowid"), ("n INTEGER, body TEXT, rowid TEXT", "_rowid_"), ("n INTEGER, body TEXT PRIMARY KEY", "rowid")])
def test_a_wider_type_leaves_rows_their_numbers(ingestr, folder, columns, number):
    execute(folder, f"CREATE TABLE rows ({columns})", "INSERT INTO rows (n, body) VALUES (1, 'one'), (2, 'two'), (3, 'three')",
            "DELETE FROM rows WHERE n = 1",
            f"CREATE VIRTUAL TABLE search USING fts5 (body, content = rows, content_rowid = {number})",
            "INSERT INTO search (search) VALUES ('rebuild')")
    source = write(folder, "rows.csv", "n,body\n4.5,four\n")
    ingestr.load(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into())
    assert query(folder, f"SELECT {number}, n, body FROM rows") == [(2, 2, "two"), (3, 3, "three"), (4, 4.5, "four")]
    assert query(folder, "SELECT rowid, body FROM search WHERE search MATCH 'three'") == [(3, "three")]


APPEND = ["--incremental-strategy", "append", "--no-load-timestamp"]


def one_value(folder, type_, value):
    """A source of one row, whose column is x."""
    (folder / "one.duckdb").unlink(missing_ok=True)
    with duckdb.connect(folder / "one.duckdb") as connection:
        connection.execute(f"CREATE TABLE t AS SELECT CAST({value} AS {type_}) AS x")
    return "duckdb:///one.duckdb"


@pytest.mark.parametrize("declared, values, type_, value, expected", [
    ("DATE", ["2026-01-31 12:00:00", "2026-01-30"], "TIMESTAMP", "'2026-02-01 01:02:03'", ["2026-01-31 12:00:00", "2026-01-30 00:00:00", "2026-02-01 01:02:03"]),
    ("REAL", ["n/a", 0.5, b"\x01\xff"], "VARCHAR", "'x'", ["n/a", "0.5", b"\x01\xff", "x"]),
    ("NUMERIC", [5, 12345678901234567, 1e300], "VARCHAR", "'x'", ["5", "12345678901234567", "1e+300", "x"]),
    ("INTEGER", [1.5, "abc", 7], "VARCHAR", "'x'", ["1.5", "abc", "7", "x"]),
    ("FLOAT4", [0.1, 1.5, 0.12345678901], "VARCHAR", "'x'", ["0.1", "1.5", "0.12345678901", "x"]),
    ("BOOLEAN", ["yes", 1, 7], "VARCHAR", "'x'", ["yes", "true", "7", "x"]),
    ("DATETIME", [1700000000, "2026-01-31T00:00:00"], "VARCHAR", "'x'", ["1700000000", "2026-01-31T00:00:00", "x"]),
])
def test_a_wider_type_keeps_values_that_are_not_of_the_declared_one(ingestr, folder, declared, values, type_, value, expected):
    execute(folder, f"CREATE TABLE rows (x {declared})")
    with opened(folder) as connection:
        connection.executemany("INSERT INTO rows VALUES (?)", [(one,) for one in values])
    ingestr.load(one_value(folder, type_, value), "t", *APPEND, **into())
    assert [row[0] for row in query(folder, "SELECT x FROM rows")] == expected


@pytest.mark.parametrize("declared, values, type_, value, rows", [
    ("INTEGER", [1.5, "abc", 7], "DECIMAL(10,2)", "1", "2 rows have a value in it that is no BIGINT"),
    ("DECIMAL_TEXT(4,1)", ["x", "1.55", "1.5"], "DECIMAL(10,2)", "1", "2 rows have a value in it that is no DECIMAL(4,1)"),
    ("DECIMAL_TEXT(4,1)", ["x"], "DOUBLE", "1", "1 row has a value in it that is no DECIMAL(4,1)"),
    ("INT4", ["n/a", 1.5], "DOUBLE", "1", "1 row has a value in it that is no INTEGER"),
    ("FLOAT4", ["n/a", 1.5], "DOUBLE", "1", "1 row has a value in it that is no REAL"),
    ("DATE", ["31.01.2026", 20000], "TIMESTAMP", "'2026-01-31'", "2 rows have a value in it that is no DATE"),
    ("BOOLEAN", ["yes", 1], "JSON", "'{}'", "1 row has a value in it that is no BOOLEAN"),
    ("REAL", ["n/a", 1], "JSON", "'{}'", "1 row has a value in it that is no DOUBLE"),
])
def test_values_that_a_wider_type_does_not_have_are_refused_by_column(ingestr, folder, declared, values, type_, value, rows):
    execute(folder, f"CREATE TABLE rows (x {declared})")
    with opened(folder) as connection:
        connection.executemany("INSERT INTO rows VALUES (?)", [(one,) for one in values])
    before = query(folder, "SELECT x, typeof(x) FROM rows")
    outcome = ingestr.ingest(one_value(folder, type_, value), "t", *APPEND, **into())
    assert outcome.status == 1 and "column x of main.rows: it would have to become" in outcome.error() and rows in outcome.error(), outcome.err
    assert query(folder, "SELECT x, typeof(x) FROM rows") == before and columns(folder) == [("x", declared)]


def test_decimals_of_ours_get_wider(ingestr, folder):
    numbers = ["-12.50", "0.00", "0.07", "99.99", "-0.01"]
    values = ", ".join(f"({number})" for number in numbers)
    with duckdb.connect(folder / "numbers.duckdb") as connection:
        connection.execute(f"CREATE TABLE t (x DECIMAL(4,2)); INSERT INTO t VALUES {values}")
        connection.execute("CREATE TABLE u AS SELECT x / 1 AS y, CAST(x AS DECIMAL(2,2)) AS x FROM t WHERE abs(x) < 1; ALTER TABLE u DROP y")
    ingestr.load("duckdb:///numbers.duckdb", "t", *APPEND, **into())
    ingestr.load("duckdb:///numbers.duckdb", "u", *APPEND, **into("small"))
    for table, found in (("rows", numbers), ("small", ["0.00", "0.07", "-0.01"])):
        ingestr.load(one_value(folder, "DECIMAL(10,3)", "1"), "t", *APPEND, **into(table))
        assert query(folder, f"SELECT x FROM {table}") == [(number + "0",) for number in found] + [("1.000",)]


def test_a_column_without_a_type_has_that_of_its_values(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id, v TEXT)", "INSERT INTO rows VALUES (1, 'a'), (2, 'b')",
            "CREATE TABLE made AS SELECT id + 0 AS id, id * 0.5 AS half, v FROM rows")
    merge = ["--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp"]
    ingestr.load(write(folder, "rows.csv", "id,v\n1,A\n3,C\n"), "rows", *merge, **into())
    ingestr.load(write(folder, "rows.csv", "id,half,v\n1,7.5,A\n3,2.5,C\n"), "rows", *merge, **into("made"))
    assert query(folder, "SELECT * FROM rows") == [(1, "A"), (2, "b"), (3, "C")]
    assert query(folder, "SELECT * FROM made") == [(1, 7.5, "A"), (2, 1.0, "b"), (3, 2.5, "C")]
    ingestr.load(write(folder, "rows.csv", "id,v\n7,x\n"), "rows", *APPEND, **into())
    assert query(folder, "SELECT typeof(id), count(*) FROM rows GROUP BY 1") == [("integer", 4)]
    assert columns(folder) == [("id", ""), ("v", "TEXT")]


def test_a_key_of_numbers_and_texts_in_a_column_without_a_type(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id, v TEXT)", "INSERT INTO rows VALUES (1, 'a'), ('x', 'b')")
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,v\n1,A\nx,C\n"), "rows", "--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp",
                             **into())
    assert outcome.status == 1 and "column id of main.rows: 1 row has a value that is no text in it" in outcome.error(), outcome.err
    assert query(folder, "SELECT * FROM rows") == [(1, "a"), ("x", "b")]


@pytest.mark.parametrize("written", ["2026-01-31 0{}:00:00.000000", "2026-01-31T0{}:00:00", "2026-01-31T0{}:00:00.000", "2026-01-31 0{}:00"])
@pytest.mark.parametrize("flags", ["delete+insert --incremental-key at", "merge --primary-key at", "merge --primary-key id,at",
                                   "delete+insert --incremental-key at --interval-start 2026-01-31T07:00:00 --interval-end 2026-01-31T08:00:00"])
def test_times_are_compared_by_the_moment_and_not_as_written(ingestr, folder, flags, written):
    execute(folder, "CREATE TABLE rows (id INTEGER, at DATETIME)", *(f"INSERT INTO rows VALUES ({hour}, '{written.format(hour)}')" for hour in (6, 7, 8, 9)))
    source = write(folder, "rows.csv", "id,at\n7,2026-01-31 07:00:00\n8,2026-01-31 08:00:00\n")
    flags = [part for flag in flags.split() for part in ([flag] if flag != "id,at" else ["id", "--primary-key", "at"])]
    ingestr.load(source, "rows", "--incremental-strategy", *flags, "--no-load-timestamp", **into())
    assert query(folder, "SELECT id FROM rows ORDER BY id") == [(6,), (7,), (8,), (9,)]


@pytest.mark.parametrize("key", ["day", "moment"])
def test_dates_and_moments_of_others_are_keys(ingestr, folder, key):
    execute(folder, "CREATE TABLE rows (day DATE, moment TIMESTAMPTZ, n INTEGER)", "INSERT INTO rows VALUES ('2026-01-31 00:00:00', '2026-01-31T07:00:00.50Z', 1)")
    with duckdb.connect(folder / "src.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT DATE '2026-01-31' AS day, TIMESTAMPTZ '2026-01-31 07:00:00.5+00' AS moment, 2::INTEGER AS n")
    ingestr.load("duckdb:///src.duckdb", "t", "--incremental-strategy", "merge", "--primary-key", key, "--no-load-timestamp", **into())
    assert query(folder, "SELECT n FROM rows") == [(2,)]


def test_a_version_is_not_new_because_a_time_is_written_otherwise(ingestr, folder):
    source = write(folder, "rows.csv", "id,at\n7,2026-01-31 07:00:00\n")
    scd2 = ["--incremental-strategy", "scd2", "--primary-key", "id", "--no-load-timestamp"]
    ingestr.load(source, "rows", *scd2, **into())
    execute(folder, "UPDATE rows SET at = '2026-01-31T07:00:00.000'")
    ingestr.load(source, "rows", *scd2, **into())
    assert query(folder, "SELECT count(*) FROM rows") == [(1,)]


@pytest.mark.parametrize("there", [[], ["a"]])
def test_keys_that_are_one_to_the_target(ingestr, folder, there):
    execute(folder, "CREATE TABLE rows (k TEXT COLLATE NOCASE PRIMARY KEY, v TEXT)", *(f"INSERT INTO rows VALUES ('{k}', 'old')" for k in there))
    merge = ["--incremental-strategy", "merge", "--primary-key", "k", "--no-load-timestamp"]
    outcome = ingestr.ingest(write(folder, "rows.csv", "k,v\na,one\nb,x\nA,two\n"), "rows", *merge, **into())
    assert outcome.status == 1 and outcome.error() == (
        'Error: main.rows: two rows of the source have keys that are one to the table, whose key is k COLLATE NOCASE: "a" and "A"; leave one out in the '
        "source, or make the table anew with --full-refresh"), outcome.err
    assert query(folder, "SELECT k FROM rows") == [(k,) for k in there]
    ingestr.load(write(folder, "rows.csv", "k,v\nA,two\n"), "rows", *merge, **into())
    assert query(folder, "SELECT k, v FROM rows") == [("a" if there else "A", "two")]

def test_numbers_that_were_given_are_not_given_again(ingestr, folder):
    execute(folder, "CREATE TABLE Rows (id INTEGER PRIMARY KEY AUTOINCREMENT, n BIGINT)", "INSERT INTO rows VALUES (1, 1), (50, 1)",
            "DELETE FROM rows WHERE id = 50")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    ingestr.load(write(folder, "rows.csv", "id,n\n2,x\n"), "rows", *append, **into())
    execute(folder, "INSERT INTO rows (n) VALUES ('next')")
    assert query(folder, "SELECT * FROM rows ORDER BY id") == [(1, "1"), (2, "x"), (51, "next")]
    ingestr.load(write(folder, "rows.csv", "id,n\n"), "rows", "--no-load-timestamp", "--columns", "id:bigint,n:bigint", **into())
    execute(folder, "INSERT INTO rows (n) VALUES (1)")
    assert query(folder, "SELECT id FROM rows") == [(52,)]
    assert len(query(folder, "SELECT * FROM sqlite_sequence")) == 1


def test_a_replaced_integer_stays_the_number_of_the_row(ingestr, folder):
    execute(folder, "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT4, m BIGINT, o INT)", "INSERT INTO counted VALUES (50, 1, 1, 1)",
            "DELETE FROM counted", "CREATE TABLE plain (id integer PRIMARY KEY)")
    with duckdb.connect(folder / "src.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 7::INTEGER AS id, 2::BIGINT AS n, 3::SMALLINT AS m, 4::SMALLINT AS o")
        connection.execute("CREATE TABLE small AS SELECT 7::SMALLINT AS id")
    for table, into_table in (("t", "counted"), ("small", "plain")):
        outcome = ingestr.ingest("duckdb:///src.duckdb", table, "--no-load-timestamp", **into(into_table))
        assert outcome.status == 0 and "lost" not in outcome.out + outcome.err, outcome.err
    assert columns(folder, "counted") == [("id", "INTEGER"), ("n", "BIGINT"), ("m", "INT2"), ("o", "INT")]
    assert columns(folder, "plain") == [("id", "INTEGER")]
    execute(folder, "INSERT INTO counted (n) VALUES (5)", "INSERT INTO plain VALUES (NULL)")
    assert query(folder, "SELECT * FROM counted") == [(7, 2, 3, 4), (51, 5, None, None)]
    assert query(folder, "SELECT * FROM plain") == [(7,), (8,)]


@pytest.mark.parametrize("uri", [FILE, "duckdb:///shop.duckdb"])
@pytest.mark.parametrize("flags, named", [(["--incremental-strategy", "merge", "--primary-key", "id"], "--primary-key"),
                                          (["--incremental-strategy", "append", "--schema-contract", "discard_row"], "--schema-contract discard_row")])
def test_a_column_called_rowid(ingestr, folder, uri, flags, named):
    ingestr.load(write(folder, "rows.csv", "id,rowid\n1,1\n2,1\n"), "rows", "--no-load-timestamp", file=uri, into="rows")
    outcome = ingestr.ingest(write(folder, "more.csv", "id,rowid\nx,2\n4,2\n"), "rows", "--no-load-timestamp", *flags, file=uri, into="rows")
    assert (outcome.status, outcome.error()) == (
        2, f'Error: a table with the column "rowid" cannot be loaded by {named} into DuckDB, SQLite or files, because rows land in DuckDB, '
           "which numbers them by that name; leave it out with --sql-exclude-columns")


@pytest.mark.parametrize("flags", ["", "append", "merge --primary-key id", "delete+insert --incremental-key id"])
def test_generated_columns_are_worked_out_by_the_target(ingestr, folder, flags):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY, a BIGINT, g BIGINT AS (a * 2) STORED, v BIGINT AS (a + 1))",
            "INSERT INTO rows (id, a) VALUES (3, 1)")
    strategy = ["--incremental-strategy", *flags.split()] if flags else []
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,a,G,v\n1,5,0,0\n2,6,0,0\n"), "rows", "--no-load-timestamp", *strategy, **into())
    assert outcome.status == 0, outcome.err
    assert "column G: main.rows works it out itself, so what the source has for it is left out" in outcome.out + outcome.err
    assert query(folder, "SELECT * FROM rows ORDER BY id") == [(1, 5, 10, 6), (2, 6, 12, 7)] + ([(3, 1, 2, 2)] if flags else [])


@pytest.mark.parametrize("declared, value, words", [
    ("NUMERIC", "9007199254740993.5", "column n"),           # would be rounded
    ("DECIMAL(10,2)", "12345678901234567.89", "column n"),
])
def test_what_a_column_of_others_cannot_keep_is_refused_by_name(ingestr, folder, declared, value, words):
    execute(folder, f"CREATE TABLE rows (id INTEGER, n {declared})")
    source = write(folder, "rows.csv", f"id,n\n1,{value}\n")
    outcome = ingestr.ingest(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", "--columns", "n:decimal(30,2)", **into())
    assert outcome.status == 1 and words in outcome.error(), outcome.err
    assert query(folder, "SELECT count(*) FROM rows") == [(0,)]


@pytest.mark.parametrize("type_, value, words", [
    ("DOUBLE", "'nan'", "column x: SQLite has no NaN"),
    ("DATE", "'infinity'", "column x: SQLite has dates from the year 1 to 9999, and so not infinity"),
    ("TIMESTAMP", "'12026-01-01 00:00:00'", "column x: SQLite has dates from the year 1 to 9999"),
    ("DATE", "'0044-03-15 (BC)'", "and so not 0044-03-15 (BC)"),
])
def test_values_that_sqlite_does_not_have(ingestr, folder, type_, value, words):
    with duckdb.connect(folder / "odd.duckdb") as connection:
        connection.execute(f"CREATE TABLE t AS SELECT CAST({value} AS {type_}) AS x")
    outcome = ingestr.ingest("duckdb:///odd.duckdb", "t", "--no-load-timestamp", **into())
    assert outcome.status == 1 and words in outcome.error(), outcome.err
    assert not (folder / "shop.db").exists() and leftovers(folder) == []


def test_text_that_a_column_of_others_would_make_a_number(ingestr, folder):
    execute(folder, "CREATE TABLE rows (x JSON)")
    with duckdb.connect(folder / "odd.duckdb") as connection:
        connection.execute("CREATE TABLE good AS SELECT '{\"a\": 1.50}'::JSON AS x; CREATE TABLE bad AS SELECT '1.50'::JSON AS x")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    ingestr.load("duckdb:///odd.duckdb", "good", *append, **into())
    error = ingestr.ingest("duckdb:///odd.duckdb", "bad", *append, **into()).error()
    assert "column x: in a column that is declared JSON SQLite makes a number of the text 1.50" in error
    assert query(folder, "SELECT x FROM rows") == [('{"a": 1.50}',)]


def test_the_examples_of_the_page(ingestr, folder):
    write(folder, "orders.csv", "id,zip\n1,00123\n")
    outcome = ingestr.run(*manual.example("sqlite", "## Destination"))
    assert outcome.status == 0, outcome.err
    assert query(folder, "SELECT id, zip FROM orders") == [(1, "00123")]


def test_directories_are_made_and_go_when_nothing_comes(ingestr, folder):
    source = write(folder, "rows.csv", "id\n1\n")
    ingestr.load(source, "rows", file="sqlite://a/b/shop.db", into="rows")
    assert query(folder / "a/b", "SELECT id FROM rows") == [(1,)]
    outcome = ingestr.ingest("csv://nothing.csv", "rows", file="sqlite://c/d/shop.db", into="rows")
    assert outcome.status == 1 and not (folder / "c").exists()


def test_files_that_cannot_be_used_are_named(ingestr, folder):
    source = write(folder, "rows.csv", "id\n1\n")
    (folder / "text.db").write_text("no database, but long enough to be looked at as one, which needs some hundred bytes " * 10)
    (folder / "place").mkdir()
    for path, words in [("text.db", "cannot use text.db: it is no SQLite database"), ("place", "cannot open place: it is a directory")]:
        outcome = ingestr.ingest(source, "rows", file=f"sqlite:///{path}", into="rows")
        assert outcome.status in (1, 2) and words in outcome.error(), outcome.err
    for name, words in [("dest.rows", "no schema but main"), ("sqlite_x", "begins with sqlite_"), ("_ingestr_landing_x", "rows on their way")]:
        outcome = ingestr.ingest(source, "rows", **into(name))
        assert outcome.status == 2 and words in outcome.error(), outcome.err
    assert not (folder / "shop.db").exists()
    assert "no database" in (folder / "text.db").read_text()


def test_a_dry_run_makes_nothing(ingestr, folder):
    source = write(folder, "rows.csv", "id\n1\n")
    outcome = ingestr.ingest(source, "rows", "--dry-run", file="sqlite://a/shop.db", into="rows")
    assert outcome.status == 0 and "replace main.rows" in outcome.out, outcome.err
    assert not (folder / "a").exists()
    execute(folder, "CREATE TABLE rows (id INTEGER)")
    before = (folder / "shop.db").read_bytes()
    outcome = ingestr.ingest(source, "rows", "--dry-run", "--incremental-strategy", "append", **into())
    assert outcome.status == 0 and "into main.rows" in outcome.out, outcome.err
    assert (folder / "shop.db").read_bytes() == before and leftovers(folder) == []


def test_a_locked_file_is_named(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER)")
    source = write(folder, "rows.csv", "id\n1\n")
    with opened(folder) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        outcome = ingestr.ingest(source, "rows", **into())
        assert outcome.status == 1
        assert "cannot use shop.db: another program has it locked; close it there and run again" in outcome.error()
        assert 4 < outcome.seconds < 30
    ingestr.load(source, "rows", "--no-load-timestamp", **into())
    assert query(folder, "SELECT id FROM rows") == [(1,)]


def test_a_new_file_that_another_program_fills_meanwhile_is_its_own(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--records=companies=3000", "--fault=slow:600@query#2x1000")
    process = ingestr.start(*ingestr.ingest_arguments(sandbox.uri(), "records:companies", **into()))
    wait_until((folder / "shop.db").exists, "the file is there")
    execute(folder, "CREATE TABLE theirs (id INTEGER)", "INSERT INTO theirs VALUES (1)")
    process.send_signal(signal.SIGINT)
    assert ingestr.outcome(process).status == 130 and query(folder, "SELECT id FROM theirs") == [(1,)]


def test_as_in_a_check_makes_no_computed_column(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER, a TEXT CHECK (CAST(a AS INTEGER) < 9), made INTEGER NOT NULL DEFAULT (CAST('7' AS INTEGER)))")
    ingestr.load(write(folder, "rows.csv", "id,a\n1,x2\n"), "rows", "--no-load-timestamp", **into())
    assert query(folder, "SELECT * FROM rows") == [(1, "x2")] and "CHECK (CAST(a" in query(folder, "SELECT sql FROM sqlite_schema")[0][0]


def test_readers_see_the_old_rows_and_are_waited_for(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id BIGINT)", "INSERT INTO rows VALUES (7)")
    source = write(folder, "rows.csv", "id\n1\n")
    with opened(folder) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT id FROM rows").fetchall() == [(7,)]
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--no-load-timestamp", **into()))
        wait_until(lambda: (folder / "shop.db-journal").exists(), "the run changes the table")
        assert reader.execute("SELECT id FROM rows").fetchall() == [(7,)]
        reader.execute("COMMIT")
        outcome = ingestr.outcome(process)
    assert outcome.status == 0, outcome.err
    assert query(folder, "SELECT id FROM rows") == [(1,)]


# Whose last row takes its time.
SLOW = "query:SELECT n AS id, CASE WHEN n = 30 THEN pg_sleep(600)::text END AS x FROM generate_series(1, 30) n"


def work_file(folder):
    return folder / "shop.db.ingestr.tmp" / "rows.duckdb"


def test_killed_while_rows_land(ingestr, folder, postgres):
    execute(folder, "CREATE TABLE rows (id BIGINT)", "INSERT INTO rows VALUES (7)")
    before = (folder / "shop.db").read_bytes()
    process = ingestr.start(*ingestr.ingest_arguments(postgres.uri(), SLOW, "--no-load-timestamp", **into()))
    wait_until(lambda: work_file(folder).exists(), "rows land")
    error = ingestr.ingest(write(folder, "rows.csv", "id\n1\n"), "rows", **into()).error()
    assert "another run is writing there" in error and "shop.db.ingestr.tmp" in error
    process.kill()
    process.communicate()
    assert (folder / "shop.db").read_bytes() == before
    assert leftovers(folder) == ["shop.db.ingestr.tmp"]
    ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", **into())
    assert query(folder, "SELECT id FROM rows") == [(1,)] and leftovers(folder) == []


@pytest.mark.parametrize("strategy", [[], ["--incremental-strategy", "append"], ["--incremental-strategy", "merge", "--primary-key", "id"]], ids=str)
def test_killed_while_the_target_changes(ingestr, folder, strategy):
    execute(folder, "CREATE TABLE rows (id BIGINT, name TEXT)", "INSERT INTO rows VALUES (7, 'old')")
    duckdb.sql(f"COPY (SELECT range AS id, repeat('x', 200) || range AS name FROM range(400000)) TO '{folder / 'rows.parquet'}'")
    process = ingestr.start(*ingestr.ingest_arguments("parquet://rows.parquet", "rows", "--no-load-timestamp", *strategy, **into()))
    # More than SQLite keeps in memory: the file itself is being written.
    wait_until(lambda: (folder / "shop.db").stat().st_size > 1_000_000, "the transaction writes into the file")
    process.kill()
    process.communicate()
    assert "shop.db-journal" in leftovers(folder)
    assert query(folder, "SELECT * FROM rows") == [(7, "old")]   # SQLite has undone it
    ingestr.load(write(folder, "rows.csv", "id,name\n1,new\n"), "rows", "--no-load-timestamp", **into())
    assert query(folder, "SELECT * FROM rows") == [(1, "new")] and leftovers(folder) == []
    assert query(folder, "PRAGMA integrity_check") == [("ok",)]


def test_ctrl_c_while_the_target_changes(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id BIGINT, name TEXT)", "INSERT INTO rows VALUES (7, 'old')")
    duckdb.sql(f"COPY (SELECT range AS id, repeat('x', 200) || range AS name FROM range(400000)) TO '{folder / 'rows.parquet'}'")
    process = ingestr.start(*ingestr.ingest_arguments("parquet://rows.parquet", "rows", "--no-load-timestamp", **into()))
    wait_until(lambda: (folder / "shop.db").stat().st_size > 1_000_000, "the transaction writes into the file")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and "interrupted" in outcome.err
    assert query(folder, "SELECT * FROM rows") == [(7, "old")] and leftovers(folder) == []


def test_the_file_does_not_grow_with_every_run(ingestr, folder):
    duckdb.sql(f"COPY (SELECT range AS id, repeat('x', 100) || range AS name FROM range(50000)) TO '{folder / 'rows.parquet'}'")
    sizes = []
    for _ in range(4):
        ingestr.load("parquet://rows.parquet", "rows", "--no-load-timestamp", **into())
        sizes.append((folder / "shop.db").stat().st_size)
    assert sizes[0] == sizes[-1], sizes


def test_into_the_file_that_is_read(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id BIGINT)", "INSERT INTO rows VALUES (7)")
    ingestr.load(FILE, "rows", "--no-load-timestamp", **into("copy"))
    assert query(folder, "SELECT id FROM copy") == [(7,)]


@pytest.fixture
def small_disk(folder):
    """A directory with room for 12 MB."""
    place = folder / "small"
    place.mkdir()
    with mounts.mounted(place, "-t", "tmpfs", "-o", "size=12m", "tmpfs"):
        yield place


def test_a_full_disk_is_named_and_the_target_stays(ingestr, folder, small_disk):
    with sqlite3.connect(small_disk / "shop.db") as connection:
        connection.execute("CREATE TABLE rows (id BIGINT, name TEXT)")
        connection.execute("INSERT INTO rows VALUES (7, 'old')")
    connection.close()
    # Little where it lands, for it is compressed there, and 40 MB in SQLite.
    duckdb.sql(f"COPY (SELECT range AS id, repeat('x', 200) AS name FROM range(200000)) TO '{folder / 'rows.parquet'}'")
    outcome = ingestr.ingest("parquet://rows.parquet", "rows", "--no-load-timestamp", file=f"sqlite:///{small_disk}/shop.db", into="rows")
    assert outcome.status == 1
    assert "shop.db: no room is left on the disk; make room and run again" in outcome.error(), outcome.err
    assert query(small_disk, "SELECT * FROM rows") == [(7, "old")]
    assert sorted(path.name for path in small_disk.iterdir()) == ["shop.db"]


@pytest.fixture
def read_only_file(folder):
    """A file that nobody may write, not even root, in a directory where one may."""
    execute(folder, "CREATE TABLE rows (id BIGINT)")
    file = folder / "shop.db"
    with mounts.mounted(file, "--bind", file):
        mounts.mount(file, "-o", "remount,bind,ro")
        yield file


def test_a_file_that_may_only_be_read(ingestr, folder, read_only_file):
    source = write(folder, "rows.csv", "id\n1\n")
    outcome = ingestr.ingest(source, "rows", **into())
    assert outcome.status == 1 and "cannot use shop.db: no permission to write it" in outcome.error(), outcome.err
    assert leftovers(folder) == []


def test_a_file_system_that_may_only_be_read(ingestr, folder, small_disk):
    with sqlite3.connect(small_disk / "shop.db") as connection:
        connection.execute("CREATE TABLE rows (id BIGINT)")
    connection.close()
    source = write(folder, "rows.csv", "id\n1\n")
    mounts.mount(small_disk, "-o", "remount,ro")
    outcome = ingestr.ingest(source, "rows", file=f"sqlite:///{small_disk}/shop.db", into="rows")
    assert outcome.status == 1 and str(small_disk) in outcome.error() and "Read-only" in outcome.error(), outcome.err


def test_names_of_columns_that_are_one_for_sqlite(ingestr, folder):
    (folder / "rows.jsonl").write_text('{"a": 1, "A": 2}\n', encoding="utf-8")
    outcome = ingestr.ingest("jsonl://rows.jsonl", "rows", "--no-load-timestamp", "--schema-naming", "direct", **into())
    assert outcome.status == 0, outcome.err
    assert [name for name, _ in columns(folder)] == ["a", "A_2"]
    assert query(folder, "SELECT * FROM rows") == [(1, 2)]


@pytest.mark.parametrize("flags", [["replace"], ["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "id"]],
                         ids=lambda flags: flags[0])
def test_a_strict_table(ingestr, folder, flags):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, price REAL, data BLOB, other ANY) STRICT",
            "INSERT INTO rows VALUES (7, 'old', 1.5, x'00', 'x')")
    (folder / "x.csv").write_text("id,name,price\n1,00123,2.25\n2,b,3\n")
    outcome = ingestr.ingest("csv://x.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *flags, file="sqlite:///shop.db", into="rows")
    assert outcome.status == 0, outcome.err
    old = [] if flags[0] == "replace" else [(7, "old", 1.5)]
    assert query(folder, "SELECT id, name, price FROM rows ORDER BY id") == [(1, "00123", 2.25), (2, "b", 3.0), *old]
    assert "STRICT" in query(folder, "SELECT sql FROM sqlite_master WHERE name = 'rows'")[0][0]
    assert query(folder, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("flags", [["replace"], ["append"], ["merge", "--primary-key", "id"]], ids=lambda flags: flags[0])
def test_a_strict_table_gets_columns_and_wider_types_of_its_own(ingestr, folder, flags):
    execute(folder, "CREATE TABLE rows (id INTEGER PRIMARY KEY, day INTEGER, n INTEGER) STRICT", "INSERT INTO rows VALUES (7, 1, 1)")
    (folder / "x.csv").write_text("id,day,n,at,price,t\n1,2024-02-29,1.5,2024-01-01T00:00:00,1.25,a\n")
    # Columns that are there by then stay what they are, and take the file's text as it is.
    for strategy, at in ((flags, "2024-01-01 00:00:00"), (["replace"], "2024-01-01 00:00:00") if flags[0] == "replace" else
                         (["merge", "--primary-key", "id"], "2024-01-01T00:00:00")):
        outcome = ingestr.ingest("csv://x.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *strategy, file="sqlite:///shop.db", into="rows")
        assert outcome.status == 0, outcome.err
        new = (1, "2024-02-29", 1.5, at, 1.25, "a")
        old = [] if flags[0] == "replace" else [(7, "1", 1.0, None, None, None)]
        assert query(folder, "SELECT * FROM rows ORDER BY id") == [new, *old]
        assert query(folder, "SELECT sql FROM sqlite_master WHERE name = 'rows'")[0][0].endswith("STRICT")


@pytest.mark.parametrize("values", [[5, 6], [0.5], ["007", 5, 0.5, b"x"]], ids=["integers", "reals", "all"])
@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"]], ids=lambda flags: flags[0])
def test_any_of_a_strict_table_keeps_each_value_as_it_is(ingestr, folder, values, flags):
    execute(folder, "CREATE TABLE rows (id INTEGER, x any) STRICT")
    with opened(folder) as connection:
        connection.executemany("INSERT INTO rows VALUES (?, ?)", list(enumerate(values)))
    ingestr.load(write(folder, "x.csv", "id,x\n8,a\n9,05\n"), "x", "--no-load-timestamp", "--incremental-strategy", *flags, **into())
    assert query(folder, "SELECT x FROM rows ORDER BY id") == [(one,) for one in [*values, "a", "05"]]
    assert "x any" in query(folder, "SELECT sql FROM sqlite_master")[0][0]


def test_columns_that_a_strict_table_cannot_have(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER) STRICT", "INSERT INTO rows VALUES (7)")
    for text, flags, words in [("id,ok\n1,true\n", ["--no-load-timestamp"], "column ok of main.rows would be BOOLEAN"),
                               ("id,at\n1,2024-01-01T00:00:00Z\n", ["--no-load-timestamp"], "as in --columns at:text"),
                               ("id\n1\n", [], "leave it out with --no-load-timestamp")]:
        (folder / "x.csv").write_text(text)
        outcome = ingestr.ingest("csv://x.csv", "rows", "--incremental-strategy", "append", *flags, file="sqlite:///shop.db", into="rows")
        assert outcome.status == 2 and words in outcome.error(), outcome.err
        assert query(folder, "SELECT * FROM rows") == [(7,)]
    outcome = ingestr.ingest("csv://x.csv", "rows", file="sqlite:///shop.db", into="rows")   # a replace may
    assert outcome.status == 0, outcome.err
    assert query(folder, "SELECT id, typeof(_ingestr_loaded_at) FROM rows") == [(1, "text")]


def test_a_strict_table_under_a_contract(ingestr, folder):
    execute(folder, "CREATE TABLE rows (id INTEGER, day INTEGER) STRICT", "INSERT INTO rows VALUES (7, 1)")
    (folder / "x.csv").write_text("id,day\n1,2024-02-29\n")
    outcome = ingestr.ingest("csv://x.csv", "rows", "--no-load-timestamp", "--incremental-strategy", "append", "--schema-contract", "freeze",
                             file="sqlite:///shop.db", into="rows")
    assert outcome.status in (1, 2) and "day" in outcome.error(), outcome.err
    assert query(folder, "SELECT * FROM rows") == [(7, 1)]


@pytest.mark.parametrize("strategy", [["replace"], ["append"], ["merge", "--primary-key", "id"]], ids=lambda flags: flags[0])
def test_a_file_with_a_write_ahead_log(ingestr, folder, strategy):
    execute(folder, "PRAGMA journal_mode = wal", "CREATE TABLE rows (id BIGINT, name TEXT)", "INSERT INTO rows VALUES (7, 'old')")
    (folder / "x.csv").write_text("id,name\n1,a\n7,new\n")
    with sqlite3.connect(folder / "shop.db") as reader:   # whose rows are in the log, and stay what it sees
        reader.execute("INSERT INTO rows VALUES (8, 'in the log')")
        reader.commit()
        reader.execute("BEGIN")
        before = reader.execute("SELECT * FROM rows ORDER BY id").fetchall()
        outcome = ingestr.ingest("csv://x.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *strategy, file="sqlite:///shop.db", into="rows")
        assert outcome.status == 0, outcome.err
        assert reader.execute("SELECT * FROM rows ORDER BY id").fetchall() == before == [(7, "old"), (8, "in the log")]
        reader.rollback()
    reader.close()
    expected = {"replace": [(1, "a"), (7, "new")], "append": [(1, "a"), (7, "new"), (7, "old"), (8, "in the log")],
                "merge": [(1, "a"), (7, "new"), (8, "in the log")]}
    assert query(folder, "SELECT * FROM rows ORDER BY id, name") == expected[strategy[0]]
    assert query(folder, "PRAGMA journal_mode") == [("wal",)] and query(folder, "PRAGMA integrity_check") == [("ok",)]


def test_a_merge_of_many_rows_into_many(ingestr, folder):
    """300,000 into as many, half of which are there; the key has no index."""
    rows = 300_000
    for first, name in ((0, "x"), (rows // 2, "y")):
        duckdb.sql(f"COPY (SELECT range AS id, md5((range * 7)::VARCHAR) AS word, '{name}' AS name FROM range({first}, {first + rows})) "
                   f"TO '{folder / name}.parquet'")
        process = ingestr.start(*ingestr.ingest_arguments(f"parquet://{name}.parquet", "rows", "--no-load-timestamp", "--incremental-strategy", "merge",
                                                          "--primary-key", "id", file="sqlite:///shop.db", into="rows"))
        check_peak(process)
        assert ingestr.outcome(process).status == 0
    assert query(folder, "SELECT count(*), count(DISTINCT id), min(id), max(id) FROM rows") == [(450_000, 450_000, 0, 449_999)]
    assert query(folder, "SELECT name, count(*) FROM rows GROUP BY 1 ORDER BY 1") == [("x", 150_000), ("y", 300_000)]

"""SQLite and DuckDB files as sources; the files are written by Python's sqlite3 module and DuckDB's own package."""

import datetime
import json
import sqlite3
import subprocess
import sys

import duckdb
import pytest

import duckdb_file
import manual
import mounts


@pytest.fixture
def sqlite(folder):
    """Call it with statements: they make shop.db."""
    def make(*statements):
        with sqlite3.connect(folder / "shop.db") as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return "sqlite:///shop.db"
    return make


@pytest.fixture
def duckdb_shop(folder):
    """Call it with statements: they make shop.duckdb."""
    def make(*statements):
        with duckdb.connect(folder / "shop.duckdb") as connection:
            for statement in statements:
                connection.execute(statement)
        return "duckdb:///shop.duckdb"
    return make


def loaded(file, *columns):
    return [duckdb_file.column(file, f'SELECT "{name}"::VARCHAR FROM dest.rows ORDER BY id') for name in columns]


def types(file):
    return dict(duckdb_file.columns(file, "rows", "dest"))


SQLITE_TYPES = [
    # declared, values in SQLite's SQL, type, values as text
    ("integer", ["9223372036854775807", "-1"], "BIGINT", ["9223372036854775807", "-1"]),
    ("boolean", ["1", "0"], "BOOLEAN", ["true", "false"]),
    ("boolean", ["1", "2"], "BIGINT", ["1", "2"]),
    ("real", ["0.1", "0.30000000000000004"], "DOUBLE", ["0.1", "0.30000000000000004"]),
    ("real", ["1", "2.5"], "DOUBLE", ["1.0", "2.5"]),
    ("decimal(10,2)", ["12.34", "5"], "DOUBLE", ["12.34", "5.0"]),
    ("numeric", ["9007199254740993", "0.5"], "VARCHAR", ["9007199254740993", "0.5"]),
    ("integer", ["5", "'abc'"], "VARCHAR", ["5", "abc"]),
    ("text", ["'00123'", "'ü ☃'"], "VARCHAR", ["00123", "ü ☃"]),
    ("text", ["'a'", "X'00FF'"], "VARCHAR", ["a", "00FF"]),
    ("blob", ["X'00FF27'", "X''"], "BLOB", ["\\x00\\xFF\\x27", ""]),
    ("date", ["'2024-02-29'", "'0001-01-01'"], "DATE", ["2024-02-29", "0001-01-01"]),
    ("date", ["'2024-02-30'", "'2024-01-01'"], "VARCHAR", ["2024-02-30", "2024-01-01"]),
    ("date", ["''", "'2024-01-01'"], "VARCHAR", ["", "2024-01-01"]),
    ("date", ["'2024-01-01'", "'tomorrow'"], "VARCHAR", ["2024-01-01", "tomorrow"]),
    ("date", ["1700000000", "1700000001"], "BIGINT", ["1700000000", "1700000001"]),
    ("datetime", ["'2024-02-29 10:00:00'", "'2024-02-29T10:00:00.123456'"], "TIMESTAMP",
     ["2024-02-29 10:00:00", "2024-02-29 10:00:00.123456"]),
    ("datetime", ["'2024-02-29 10:00:00+02:00'", "'10:30'"], "VARCHAR", ["2024-02-29 10:00:00+02:00", "10:30"]),
    ("timestamp", ["'2024-12-31 23:59:59.999999'", "'2024-02-29T10:00:59.9995'"], "TIMESTAMP",
     ["2024-12-31 23:59:59.999999", "2024-02-29 10:00:59.9995"]),
    ("timestamp", ["'2024-01-01 24:00:00'", "'2024-01-01 00:00:00'"], "VARCHAR", ["2024-01-01 24:00:00", "2024-01-01 00:00:00"]),
    ("timestamp", ["'2016-12-31 23:59:60'", "'2024-01-01 00:00:00'"], "VARCHAR", ["2016-12-31 23:59:60", "2024-01-01 00:00:00"]),
    ("timestamp", ["'2024-02-30 10:00:00.5'", "'2024-01-01 00:00:00'"], "VARCHAR", ["2024-02-30 10:00:00.5", "2024-01-01 00:00:00"]),
    ("timestamp", ["'2024-13-01 10:00:00'", "'2024-01-01 00:00:00'"], "VARCHAR", ["2024-13-01 10:00:00", "2024-01-01 00:00:00"]),
    ("timestamp", ["''", "'2024-01-01 00:00:00'"], "VARCHAR", ["", "2024-01-01 00:00:00"]),
    ("timestamp", ["'2024-02-29 10:00:00.1234567'", "'2024-01-01 00:00:00'"], "VARCHAR",
     ["2024-02-29 10:00:00.1234567", "2024-01-01 00:00:00"]),
    ("", ["'x'", "1.5"], "VARCHAR", ["x", "1.5"]),
    ("", ["1", "2"], "BIGINT", ["1", "2"]),
]


def test_every_type_of_sqlite(ingestr, file, sqlite):
    names = [f"c{i}" for i in range(len(SQLITE_TYPES))]
    uri = sqlite(
        f"CREATE TABLE t (id integer PRIMARY KEY, {', '.join(f'{n} {kind[0]}' for n, kind in zip(names, SQLITE_TYPES))}, "
        "empty varchar)",
        *(f"INSERT INTO t VALUES ({row}, {', '.join(kind[1][row] for kind in SQLITE_TYPES)}, NULL)" for row in (0, 1)),
        "INSERT INTO t (id) VALUES (2)")
    ingestr.load(uri, "t", "--no-load-timestamp")
    assert types(file) == {"id": "BIGINT", **{n: kind[2] for n, kind in zip(names, SQLITE_TYPES)}, "empty": "VARCHAR"}
    assert loaded(file, *names) == [[*kind[3], None] for kind in SQLITE_TYPES]


def test_reals_among_other_values_have_the_fewest_digits(ingestr, file, sqlite):
    reals = [1.1, 0.1, -2.5, 5.0, 1e300, 5e-324, 1.7976931348623157e308, 123456789.12345678, float("inf"), 0.30000000000000004]
    values = ", ".join("(9e999)" if real == float("inf") else f"({real!r})" for real in reals)
    uri = sqlite("CREATE TABLE t (id INTEGER PRIMARY KEY, v)", f"INSERT INTO t (v) VALUES {values}, ('r1.10'), ('text'), (7), (NULL), (x'00ff'), ('tü'), ('')")
    ingestr.load(uri, "t")
    texts = duckdb_file.column(file, "SELECT v FROM dest.rows ORDER BY id")
    assert texts[:len(reals)] == ["1.1", "0.1", "-2.5", "5.0", "1e+300", "5e-324", "1.7976931348623157e+308", "123456789.12345678", "inf", "0.30000000000000004"]
    assert texts[len(reals):] == ["r1.10", "text", "7", None, "00FF", "tü", ""]


def test_columns_behind_a_generated_one_have_their_types(ingestr, file, sqlite):
    uri = sqlite("CREATE TABLE t (id INT, g TEXT AS (id || 'k'), m DECIMAL_TEXT(9,2), s INT AS (id * 2) STORED, ts TIMESTAMP, b BOOLEAN, "
                 "d DATE, r DOUBLE)",
                 "INSERT INTO t (id, m, ts, b, d, r) VALUES (1, '2.50', '2026-01-31 07:00:00', 1, '2026-01-31', 3)")
    ingestr.load(uri, "t", "--no-load-timestamp")
    assert types(file) == {"id": "BIGINT", "g": "VARCHAR", "m": "DECIMAL(9,2)", "s": "BIGINT", "ts": "TIMESTAMP", "b": "BOOLEAN",
                           "d": "DATE", "r": "DOUBLE"}
    assert loaded(file, *"gmsbdr") == [["1k"], ["2.50"], ["2"], ["true"], ["2026-01-31"], ["3.0"]]


@pytest.mark.parametrize("dest_uri", ["duckdb:///attio.duckdb", "csv://rows.csv"])
def test_text_that_is_not_utf8_is_refused(ingestr, folder, file, sqlite, dest_uri):
    uri = sqlite("CREATE TABLE t (id INT, note TEXT)", "INSERT INTO t VALUES (1, 'ü'), (2, CAST(X'61FF62' AS TEXT)), (3, NULL)")
    remedy = 'has text that is not UTF-8; take its bytes with query:SELECT … CAST("note" AS BLOB) AS "note"'
    for table, place in (("t", "t"), ("query:SELECT id, note FROM t", "the query")):
        outcome = ingestr.ingest(uri, table, file=dest_uri)
        assert (outcome.status, outcome.error()) == (1, f"Error: cannot read shop.db: column note of {place} {remedy}")
        assert not file.exists() and not (folder / "rows.csv").exists()


def test_the_bytes_of_text_that_is_not_utf8(ingestr, file, sqlite):
    uri = sqlite("CREATE TABLE t (id INT, note TEXT)", "INSERT INTO t VALUES (1, CAST(X'61FF62' AS TEXT))")
    ingestr.load(uri, "query:SELECT id, CAST(note AS BLOB) AS note FROM t")
    assert loaded(file, "note") == [["a\\xFFb"]]


def test_sqlite_interval_query_key_and_limit(ingestr, file, sqlite):
    uri = sqlite("CREATE TABLE events (id integer PRIMARY KEY, at datetime, day date)",
                 "INSERT INTO events SELECT value, datetime('2024-01-01', value || ' hours'), date('2024-01-01', value || ' hours') "
                 "FROM (WITH RECURSIVE r(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM r WHERE value < 99) SELECT * FROM r)")
    interval = ["--interval-start", "2024-01-01T05:00:00Z", "--interval-end", "2024-01-01T07:00:00Z"]
    ingestr.load(uri, "events", "--incremental-key", "at", *interval)
    assert loaded(file, "id") == [["5", "6", "7"]]
    ingestr.load(uri, "query:SELECT id, at FROM events WHERE at >= :interval_start AND at <= :interval_end", *interval)
    assert loaded(file, "id") == [["5", "6", "7"]]
    ingestr.load(uri, "events", "--incremental-key", "day", "--interval-start", "2024-01-05", "--sql-limit", "2")
    assert loaded(file, "id") == [["96", "97"]]
    ingestr.load(uri, "events", "--incremental-strategy", "merge")
    assert len(loaded(file, "id")[0]) == 100


MOMENTS = ["2024-12-31 23:59:59.999999", "2025-01-01 00:00:00", "2025-01-01 00:00:00.000001", "2025-01-01 05:00:00", "2025-01-01 05:00:00.5",
           "2025-01-01 05:00:00.500001", "2025-01-02 00:00:00", "2025-01-02 00:00:00.000001", "2025-01-03 00:00:00"]


@pytest.mark.parametrize("start, end", [("2025-01-01", "2025-01-02"), ("2025-01-01 05:00:00", "2025-01-01 05:00:00.5"),
                                        ("2025-01-01 00:00:00.000001", "2025-01-02")])
def test_a_query_of_sqlite_has_the_rows_of_the_interval(ingestr, file, sqlite, start, end):
    first, last = (datetime.datetime.fromisoformat(text) for text in (start, end))
    uri = sqlite("CREATE TABLE e (id INTEGER, moment TIMESTAMPTZ, at TIMESTAMP, day DATE)",
                 *(f"INSERT INTO e VALUES ({i}, '{moment}+00:00', '{moment}', '{moment[:10]}')" for i, moment in enumerate(MOMENTS)))
    for column in ("moment", "at", "day"):
        moments = [datetime.datetime.fromisoformat(moment[:10] if column == "day" else moment) for moment in MOMENTS]
        closed = [str(i) for i, moment in enumerate(moments) if first <= moment <= last]
        opened = [str(i) for i, moment in enumerate(moments) if first < moment < last]
        for condition, expected in [(f"{column} BETWEEN :interval_start AND :interval_end", closed),
                                    (f":interval_start <= {column} AND :interval_end >= {column}", closed),
                                    (f"{column} > :interval_start AND {column} < :interval_end", opened)]:
            ingestr.load(uri, f"query:SELECT id FROM e WHERE {condition}", "--interval-start", start, "--interval-end", end)
            assert loaded(file, "id") == [expected], condition


def test_other_texts_of_times_in_a_query_of_sqlite(ingestr, file, sqlite):
    uri = sqlite("CREATE TABLE e (id INTEGER, at TEXT)", "INSERT INTO e VALUES (1, '2025-01-02T00:00:00+00:00'), (2, '2025-01-02T01:00:00+02:00'), "
                 "(3, '2025-01-02T00:00:01Z')")
    ingestr.load(uri, "query:SELECT id, :interval_end AS ended FROM e WHERE datetime(at) BETWEEN :interval_start AND :interval_end",
                 "--interval-start", "2025-01-01", "--interval-end", "2025-01-02")
    assert loaded(file, "id", "ended") == [["1", "2"], ["2025-01-02 00:00:00"] * 2]


def leave_hot_journal(path):
    """As a writer that is killed in mid-work leaves it: the file is half written, and what it was is in the journal."""
    script = ("import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA cache_size = 5'); c.execute('BEGIN'); "
              "c.execute(\"UPDATE t SET x = 'half'\"); os.kill(os.getpid(), 9)")
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert path.with_name(path.name + "-journal").stat().st_size > 0


def test_a_sqlite_file_whose_writer_was_killed(ingestr, folder, file, sqlite):
    uri = sqlite("CREATE TABLE t (id INTEGER, x TEXT)",
                 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i, printf('%0100d', i) FROM n")
    leave_hot_journal(folder / "shop.db")
    with mounts.mounted(folder / "shop.db", "--bind", folder / "shop.db"):
        mounts.mount(folder / "shop.db", "-o", "remount,bind,ro")
        outcome = ingestr.ingest(uri, "t")
        assert (outcome.status, outcome.error()) == (
            1, "Error: a writer of shop.db was killed in mid-work; open it once as its owner with sqlite3 shop.db .tables, and run again")
    ingestr.load(uri, "t")
    assert duckdb_file.column(file, "SELECT count(*) FROM dest.rows WHERE x <> 'half'") == [20000]


def test_a_sqlite_file_whose_writer_was_killed_with_a_log(ingestr, folder, file, sqlite):
    script = ("import os, sqlite3, sys; c = sqlite3.connect('shop.db', isolation_level=None); c.execute('PRAGMA journal_mode = wal'); "
              "c.execute('CREATE TABLE t (id INTEGER)'); c.execute('INSERT INTO t VALUES (1)'); os.kill(os.getpid(), 9)")
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=False)
    assert (folder / "shop.db-wal").stat().st_size > 0
    ingestr.load("sqlite:///shop.db", "t")
    assert loaded(file, "id") == [["1"]]

def test_tables_of_a_full_text_index_are_no_tables_to_load(ingestr, file, sqlite):
    uri = sqlite("CREATE VIRTUAL TABLE ft USING fts5(body)", "INSERT INTO ft VALUES ('hello')", "CREATE TABLE ft_mine (id INT)",
                 "INSERT INTO ft_mine VALUES (1)")
    assert [table["name"] for table in json.loads(ingestr.run("tables", "--source-uri", uri, "--json").out)] == ["ft", "ft_mine"]
    ingestr.load(uri, "*", into="dest.*")
    assert sorted(duckdb_file.column(file, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'dest'")) == ["ft", "ft_mine"]
    ingestr.load(uri, "ft_content")
    assert loaded(file, "c0") == [["hello"]]


def test_every_type_of_duckdb(ingestr, file, duckdb_shop):
    uri = duckdb_shop(
        "CREATE SCHEMA \"odd schema\"",
        """CREATE TABLE "odd schema"."t.x" AS SELECT 1 AS id, 200::UTINYINT AS a, 18446744073709551615::UBIGINT AS b,
           170141183460469231731687303715884105727::HUGEINT AS c, 1.50::DECIMAL(9,2) AS d, {'a': 1} AS e,
           'x'::ENUM('x', 'y') AS f, [[1], NULL] AS g, MAP {'k': 1} AS h, '101'::BIT AS i, '10:00:00+02'::TIMETZ AS j,
           '{"z": 1.10}'::JSON AS k, INTERVAL 1 MONTH AS l, TIMESTAMPTZ '2024-01-01 00:00:00+01' AS m, NULL AS n,
           '2024-01-01 00:00:00.123456789'::TIMESTAMP_NS AS o, uuid() AS p, 'ab'::BLOB AS q""")
    ingestr.load(uri, '"odd schema"."t.x"', "--no-load-timestamp")
    assert list(types(file).values()) == [
        "INTEGER", "SMALLINT", "DECIMAL(20,0)", "VARCHAR", "DECIMAL(9,2)", "VARCHAR", "VARCHAR", "INTEGER[][]", "VARCHAR", "VARCHAR",
        "VARCHAR", "JSON", "INTERVAL", "TIMESTAMP WITH TIME ZONE", "INTEGER", "VARCHAR", "UUID", "BLOB"]
    assert loaded(file, *"abcdefghijklmo") == [[text] for text in (
        "200", "18446744073709551615", "170141183460469231731687303715884105727", "1.50", "{'a': 1}", "x", "[[1], NULL]", "{k=1}",
        "101", "10:00:00+02", '{"z": 1.10}', "1 month", "2023-12-31 23:00:00+00", "2024-01-01 00:00:00.123456789")]


@pytest.mark.parametrize("table", ["Sales.Items", "sales.items", "SALES.ITEMS"])
def test_duckdb_has_the_key_whatever_the_case(ingestr, file, duckdb_shop, table):
    uri = duckdb_shop('CREATE SCHEMA "Sales"',
                      'CREATE TABLE "Sales"."Items" (id INTEGER PRIMARY KEY, v INTEGER)',
                      'INSERT INTO "Sales"."Items" VALUES (1, 2)')
    for _ in range(2):
        ingestr.load(uri, table, "--incremental-strategy", "merge")
    assert loaded(file, "id", "v") == [["1"], ["2"]]


def test_landing_tables_are_no_tables_of_a_pattern(ingestr, folder, sqlite, duckdb_shop):
    statements = ["CREATE TABLE items AS SELECT 1 AS id", "CREATE TABLE _ingestr_landing_items AS SELECT 2 AS id"]
    for uri, pattern in ((sqlite(*statements), "*"), (duckdb_shop(*statements), "main.*")):
        listed = ingestr.run("tables", "--source-uri", uri)
        assert listed.status == 0 and "items" in listed.out and "_ingestr_landing" not in listed.out
        ingestr.load(uri, pattern, file="duckdb:///many.duckdb", into="dest.*")
        with duckdb.connect(folder / "many.duckdb") as connection:
            assert not [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() if "landing" in name]
        ingestr.load(uri, pattern.replace("*", "_ingestr_landing_items"), file="duckdb:///one.duckdb", into="dest.one")


def test_a_time_of_sqlite_with_a_nul_behind_it_is_text(ingestr, file, sqlite):
    uri = sqlite("CREATE TABLE t (id INTEGER, at DATETIME, day DATE)",
                 "INSERT INTO t VALUES (1, '2020-01-01 00:00:00' || char(0) || 'x', '2020-01-01' || char(0))",
                 "INSERT INTO t VALUES (2, '2020-01-02 00:00:00', '2020-01-02')")
    ingestr.load(uri, "t")
    assert loaded(file, "at", "day") == [["2020-01-01 00:00:00\0x", "2020-01-02 00:00:00"], ["2020-01-01\0", "2020-01-02"]]


def test_duckdb_query_key_and_interval(ingestr, file, duckdb_shop):
    uri = duckdb_shop("CREATE TABLE events (id INTEGER PRIMARY KEY, time TIMESTAMPTZ)",
                      "INSERT INTO events SELECT i, TIMESTAMPTZ '2024-01-01 00:00:00+00' + i * INTERVAL 1 HOUR FROM range(100) r(i)")
    interval = ["--interval-start", "2024-01-01T05:00:00Z", "--interval-end", "2024-01-01T07:00:00Z"]
    ingestr.load(uri, "events", "--incremental-key", "time", *interval)
    assert loaded(file, "id") == [["5", "6", "7"]]
    ingestr.load(uri, "query:SELECT id FROM events WHERE time BETWEEN :interval_start AND :interval_end", *interval)
    assert loaded(file, "id") == [["5", "6", "7"]]
    ingestr.load(uri, "main.events", "--incremental-strategy", "merge", "--full-refresh")
    ingestr.load(uri, "main.events", "--incremental-strategy", "merge")
    assert len(loaded(file, "id")[0]) == 100


@pytest.mark.parametrize("to", ["attio.duckdb", "other/shop.duckdb"])
def test_a_duckdb_file_that_names_itself(ingestr, folder, duckdb_shop, to):
    uri = duckdb_shop("CREATE TABLE base AS SELECT range AS id, range::VARCHAR AS t FROM range(3000)", 'CREATE VIEW v AS SELECT * FROM "shop"."main"."base"',
                      "CREATE VIEW plain AS SELECT * FROM base", "CREATE SCHEMA shop", "CREATE TABLE shop.shop.own AS SELECT 7 AS id")
    (folder / "other").mkdir()
    with duckdb.connect(str(folder / to)) as connection:
        connection.execute("CREATE TABLE base AS SELECT -1::BIGINT AS id, 'theirs' AS t")
    for table in "v", "plain", "base", "query:SELECT * FROM shop.main.base", "query:SELECT id, v.t FROM v JOIN shop.main.base USING (id)":
        outcome = ingestr.ingest(uri, table, file=f"duckdb://{to}", into="dest.rows")
        assert outcome.status == 0, outcome.err
        assert duckdb_file.query(folder / to, "SELECT count(*), min(id), max(id) FROM dest.rows") == [(3000, 0, 2999)], table
    assert ingestr.ingest(uri, "shop.own", file=f"duckdb://{to}", into="dest.rows").status == 0
    assert duckdb_file.column(folder / to, "SELECT id FROM dest.rows") == [7]
    outcome = ingestr.ingest(uri, "query:SELECT * FROM shop.main.missing", file=f"duckdb://{to}", into="dest.rows")
    assert outcome.status != 0 and "missing" in outcome.error()
    outcome = ingestr.ingest(uri, "query:SELECT * FROM v JOIN shop.main.base USING (id)", file=f"duckdb://{to}", into="dest.rows")
    assert outcome.status != 0 and "more than one column called t" in outcome.error()
    preview = ingestr.run("preview", "--source-uri", uri, "--source-table", "v")
    assert preview.status == 0, preview.err


@pytest.mark.parametrize("name, own", [("main", "main_db"), ("memory", "memory"), ("Memory", "Memory"), ("temp", "temp_db"), ("Main", "Main"), ("a.b", "a")])
def test_duckdb_files_by_any_name(ingestr, folder, name, own):
    """Also those that DuckDB itself uses, and what it calls a file instead."""
    path = folder / f"{name}.duckdb"
    (folder / "in.csv").write_text("id\n1\n2\n")
    for strategy in ("replace", "append"):
        ingestr.load("csv://in.csv", "rows", "--incremental-strategy", strategy, file=f"duckdb:///{name}.duckdb", into="main.t")
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT current_database()").fetchall() == [(own,)]
        connection.execute(f"CREATE VIEW v AS SELECT * FROM {own}.main.t")
    ingestr.load(f"duckdb:///{name}.duckdb", "v", file="duckdb:///copy.duckdb")
    assert duckdb_file.column(folder / "copy.duckdb", "SELECT id FROM dest.rows") == [1, 2, 1, 2]


def test_a_file_is_not_copied_into_itself(ingestr, folder, duckdb_shop):
    uri = duckdb_shop("CREATE TABLE a AS SELECT 1 AS x")
    before = duckdb_file.contents(folder / "shop.duckdb")
    outcome = ingestr.ingest(uri, "a", file="duckdb://./shop.duckdb")
    assert outcome.status == 2 and "name the same file" in outcome.error()
    assert duckdb_file.contents(folder / "shop.duckdb") == before


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_tables_preview_and_check(request, ingestr, scheme):
    make = request.getfixturevalue({"sqlite": "sqlite", "duckdb": "duckdb_shop"}[scheme])
    uri = make("CREATE TABLE a (x integer, y text, z integer, PRIMARY KEY (z, x))", "INSERT INTO a VALUES (1, 'hello', 2)",
               "CREATE VIEW v AS SELECT 5 AS five")
    tables = json.loads(ingestr.run("tables", "--source-uri", uri, "--json").out)
    assert [(table["name"].removeprefix("main."), table["key"]) for table in tables] == [("a", ["z", "x"]), ("v", [])]
    assert "hello" in ingestr.run("preview", "--source-uri", uri, "--source-table", "a").out
    assert ingestr.run("preview", "--source-uri", uri, "--source-table", "v").status == 0
    assert ingestr.run("check", "--source-uri", uri).status == 0


@pytest.mark.parametrize("scheme, title", [("sqlite", "SQLite"), ("duckdb", "DuckDB")])
def test_files_that_are_none(ingestr, folder, scheme, title):
    (folder / "text").write_text("hello, this is no database but a text " * 100)

    def error(path, table="t"):
        outcome = ingestr.ingest(f"{scheme}:///{path}", table)
        assert outcome.status != 0
        return outcome.error()

    assert error("missing.db") == f"Error: cannot read missing.db: there is no such file in {folder}"
    assert error("text") == f"Error: cannot read text: it is no {title} database"
    assert "it is a directory" in error(f"/{folder}")


def test_a_table_that_is_missing(ingestr, sqlite, duckdb_shop):
    for uri in (sqlite("CREATE TABLE a (x)"), duckdb_shop("CREATE TABLE a (x INTEGER)")):
        outcome = ingestr.ingest(uri, "missing")
        assert outcome.status == 1 and outcome.error().startswith("Error: missing cannot be read from shop.")


def test_a_query_with_two_columns_of_one_name(ingestr, sqlite, duckdb_shop):
    """DuckDB would give the values of the first for both."""
    for uri in (sqlite("CREATE TABLE a (x)"), duckdb_shop("CREATE TABLE a (x INTEGER)")):
        outcome = ingestr.ingest(uri, "query:SELECT 1 AS x, 2 AS X")
        assert (outcome.status, outcome.error()) == (
            2, "Error: the query of --source-table gives more than one column called X (case makes no difference); name each otherwise with AS")


def test_the_program_and_its_folder_can_be_moved(ingestr, folder, sqlite, tmp_path):
    """Extensions are found beside the program, not where it was built."""
    import pathlib
    import shutil
    built = pathlib.Path(ingestr.binary).parent
    (tmp_path / "moved").mkdir()
    shutil.copy(ingestr.binary, tmp_path / "moved")
    shutil.copytree(built / "lib", tmp_path / "moved" / "lib")
    uri = sqlite("CREATE TABLE a (x)", "INSERT INTO a VALUES (1)")
    ingestr.binary = str(tmp_path / "moved" / "ingestr")
    assert ingestr.run("preview", "--source-uri", uri, "--source-table", "a").status == 0
    extension = tmp_path / "moved/lib/duckdb_extensions/v1.5.5/linux_amd64/sqlite_scanner.duckdb_extension"
    extension.unlink()
    outcome = ingestr.run("preview", "--source-uri", uri, "--source-table", "a")
    assert outcome.status == 1
    assert outcome.error().startswith("Error: the extension sqlite_scanner cannot be loaded; the folder lib beside the program")


def test_the_manuals_example(ingestr, folder, sqlite):
    sqlite("CREATE TABLE events (id integer)", "INSERT INTO events VALUES (1)")
    outcome = ingestr.run(*manual.example("sqlite"))
    assert (outcome.status, outcome.err) == (0, "")
    assert duckdb_file.count(folder / "copy.duckdb", "dest.events") == 1

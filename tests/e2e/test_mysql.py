"""MySQL as a source, against a real MariaDB: every type, queries, keys, errors."""

import json

import pytest

import duckdb_file
import manual
from mariadb_server import PASSWORD, MariadbServer
from program import wait_until

# Column, its type in MariaDB, a value in its SQL, its type in DuckDB and the value there as text.
TYPES = [
    ("t1", "tinyint(1)", "5", "SMALLINT", "5"),
    ("tu", "tinyint unsigned", "255", "SMALLINT", "255"),
    ("ti", "tinyint", "-128", "SMALLINT", "-128"),
    ("su", "smallint unsigned", "65535", "INTEGER", "65535"),
    ("mu", "mediumint unsigned", "16777215", "INTEGER", "16777215"),
    ("iu", "int unsigned", "4294967295", "BIGINT", "4294967295"),
    ("bi", "bigint", "-9223372036854775808", "BIGINT", "-9223372036854775808"),
    ("bu", "bigint unsigned", "18446744073709551615", "DECIMAL(20,0)", "18446744073709551615"),
    ("de", "decimal(38,9)", "12345678901234567890123456789.123456789", "DECIMAL(38,9)",
     "12345678901234567890123456789.123456789"),
    ("du", "decimal(10,2) unsigned zerofill", "99999999.99", "DECIMAL(10,2)", "99999999.99"),
    ("dw", "decimal(65,30)", "12345678901234567890123456789012345.123456789012345678901234567891", "VARCHAR",
     "12345678901234567890123456789012345.123456789012345678901234567891"),
    ("f", "float", "1.23456789", "FLOAT", "1.2345679"),
    ("d", "double", "0.1234567890123456789", "DOUBLE", "0.12345678901234568"),
    ("b1", "bit(1)", "b'1'", "BOOLEAN", "true"),
    ("b8", "bit(8)", "b'10000001'", "BIGINT", "129"),
    ("b64", "bit(64)", "b'1" + "0" * 62 + "1'", "DECIMAL(20,0)", "9223372036854775809"),
    ("ye", "year", "2024", "SMALLINT", "2024"),
    ("da", "date", "'2024-02-29'", "DATE", "2024-02-29"),
    ("zero", "date", "'0000-00-00'", "DATE", None),
    ("dt", "datetime(6)", "'2024-02-29 10:00:00.123456'", "TIMESTAMP", "2024-02-29 10:00:00.123456"),
    ("ts", "timestamp(6) NULL", "'2024-06-01 10:00:00.5'", "TIMESTAMP WITH TIME ZONE", "2024-06-01 15:00:00.5+00"),
    ("tm", "time(6)", "'-838:59:58.9'", "VARCHAR", "-838:59:58.900000"),
    ("ch", "char(3)", "'ab '", "VARCHAR", "ab"),
    ("vc", "varchar(20)", "'ü ☃ 🜁'", "VARCHAR", "ü ☃ 🜁"),
    ("vb", "varchar(20) COLLATE utf8mb4_bin", "'ü ☃'", "VARCHAR", "ü ☃"),
    ("la", "varchar(20) CHARACTER SET latin1", "'ü'", "VARCHAR", "ü"),
    ("ut", "varchar(20) CHARACTER SET utf16", "'☃'", "VARCHAR", "☃"),
    ("tx", "longtext", "'long'", "VARCHAR", "long"),
    ("by", "binary(4)", "X'00FF'", "BLOB", "\\x00\\xFF\\x00\\x00"),
    ("bl", "blob", "X'00FF27'", "BLOB", "\\x00\\xFF\\x27"),
    ("en", "enum('a','b,c')", "'b,c'", "VARCHAR", "b,c"),
    ("se", "set('x','y')", "'x,y'", "VARCHAR", "x,y"),
    ("js", "json", "'{\"b\":1.10,\"a\":12345678901234567890123}'", "VARCHAR", '{"b":1.10,"a":12345678901234567890123}'),
    ("u", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("ip", "inet6", "'::1'", "VARCHAR", "::1"),
    ("pt", "point", "ST_GeomFromText('POINT(1 2)')", "BLOB",
     "\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xF0?\\x00\\x00\\x00\\x00\\x00\\x00\\x00@"),
]


@pytest.fixture(scope="session")
def shop(mariadb):
    """The server with the tables that the tests only read."""
    mariadb.execute(
        f"CREATE TABLE types (id bigint PRIMARY KEY, {', '.join(f'`{name}` {kind} DEFAULT NULL' for name, kind, *_ in TYPES)})",
        f"INSERT INTO types VALUES (1, {', '.join(value for _, _, value, *_ in TYPES)})", "INSERT INTO types (id) VALUES (2)",
        "CREATE DATABASE `odd db`", "CREATE TABLE `odd db`.`my.``table` (`a b` integer, `select` varchar(9), "
                                    "PRIMARY KEY (`select`, `a b`))",
        "INSERT INTO `odd db`.`my.``table` VALUES (1, 'it''s \\\\')",
        "CREATE TABLE events (id integer PRIMARY KEY, at timestamp NULL, day date, local datetime)",
        "INSERT INTO events SELECT seq, from_unixtime(1704067200 + 3600 * seq), date '2024-01-01' + interval seq DIV 24 day, "
        "timestamp '2024-01-01 00:00:00' + interval seq hour FROM seq_0_to_99",
        "CREATE TABLE halves (id integer, day date)", "INSERT INTO halves VALUES (1, '2024-01-00')")
    return mariadb


def ids(file):
    return sorted(duckdb_file.column(file, "SELECT id FROM dest.rows"))


def test_every_type(ingestr, file, shop):
    ingestr.load(shop.uri(), "types", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [("id", "BIGINT"), *((name, kind) for name, _, _, kind, _ in TYPES)]
    for name, _, _, _, value in TYPES:
        assert duckdb_file.column(file, f'SELECT "{name}"::VARCHAR FROM dest.rows ORDER BY id') == [value, None], name


@pytest.mark.parametrize("scheme", ["mariadb", "mysql+pymysql", "MySQL"])
def test_other_names_of_the_scheme(ingestr, file, shop, scheme):
    ingestr.load(shop.uri(scheme=scheme), "shop.events")
    assert ids(file) == list(range(100))


def test_invisible_columns_are_not_loaded(ingestr, file, shop):
    shop.execute("CREATE TABLE hidden (id integer PRIMARY KEY, secret integer INVISIBLE, name text)",
                 "INSERT INTO hidden (id, secret, name) VALUES (1, 2, 'a')",
                 "CREATE TABLE versioned (id integer, since timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE, until timestamp(6) "
                 "GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (since, until)) WITH SYSTEM VERSIONING",
                 "INSERT INTO versioned VALUES (1)",
                 "CREATE TABLE hidden_key (place integer INVISIBLE DEFAULT 7 PRIMARY KEY, id integer)",
                 "INSERT INTO hidden_key (id) VALUES (5)")
    for table, row in (("hidden", (1, "a")), ("versioned", (1,)), ("hidden_key", (5,)), ("query:SELECT id, secret FROM hidden", (1, 2))):
        ingestr.load(shop.uri(), table, "--no-load-timestamp")
        assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [row], table
    outcome = ingestr.ingest(shop.uri(), "hidden_key", "--incremental-strategy=merge")
    assert outcome.status == 2 and "--primary-key" in outcome.error()


def test_odd_names_and_the_primary_key(ingestr, file, shop):
    for _ in range(2):
        ingestr.load(shop.uri(), 'odd db."my.`table"', "--no-load-timestamp", "--incremental-strategy=merge")
    assert duckdb_file.query(file, "FROM dest.rows") == [(1, "it's \\")]


@pytest.mark.parametrize("table, columns, row", [
    ("Twin", [("a", "INTEGER"), ("b", "VARCHAR")], (1, "x")), ("twin", [("c", "INTEGER")], (2,)), ("TWINS.twin", [("d", "INTEGER")], (3,)),
    ("twins.twin", [("e", "INTEGER")], (4,))])
def test_names_that_differ_in_case_are_of_several_tables(ingestr, file, shop, table, columns, row):
    shop.execute("CREATE DATABASE IF NOT EXISTS twins", "CREATE DATABASE IF NOT EXISTS TWINS",
                 "CREATE OR REPLACE TABLE Twin (a integer PRIMARY KEY, b text)", "REPLACE INTO Twin VALUES (1, 'x')",
                 "CREATE OR REPLACE TABLE twin (c integer PRIMARY KEY)", "REPLACE INTO twin VALUES (2)",
                 "CREATE OR REPLACE TABLE TWINS.twin (d integer PRIMARY KEY)", "REPLACE INTO TWINS.twin VALUES (3)",
                 "CREATE OR REPLACE TABLE twins.twin (e integer PRIMARY KEY)", "REPLACE INTO twins.twin VALUES (4)")
    for _ in range(2):
        ingestr.load(shop.uri(), table, "--no-load-timestamp", "--incremental-strategy", "merge")
    assert duckdb_file.columns(file, "rows", "dest") == columns and duckdb_file.query(file, "FROM dest.rows") == [row]
    tables = {one["name"]: one for one in json.loads(ingestr.run("tables", "--source-uri", shop.uri(), "--json").out)}
    assert tables[table if "." in table else f"shop.{table}"]["key"] == [columns[0][0]]


@pytest.fixture(scope="module")
def small_letters():
    """A server that makes small letters of names, as on Windows, with a table."""
    class SmallLetters(MariadbServer):
        options = ["--lower-case-table-names=1"]
    server = SmallLetters()
    server.execute("CREATE TABLE Events (id integer PRIMARY KEY)", "INSERT INTO Events VALUES (7)")
    yield server
    server.stop()


def test_a_server_that_ignores_case(ingestr, file, small_letters):
    for table in ("EVENTS", "Shop.Events"):
        ingestr.load(small_letters.uri(), table, "--no-load-timestamp", "--incremental-strategy", "merge")
        assert duckdb_file.query(file, "FROM dest.rows") == [(7,)]
    for table in ("Copies.Rows", "COPIES.ROWS"):
        ingestr.load(small_letters.uri(), "events", "--no-load-timestamp", "--incremental-strategy", "append", into=table,
                     file=small_letters.uri())
    assert small_letters.query("SELECT id FROM copies.rows") == [(7,), (7,)]
    assert small_letters.query("SHOW TABLES FROM copies") == [("rows",)]


@pytest.mark.parametrize("key, start, end, expected", [
    ("at", "2024-01-01T05:00:00Z", "2024-01-01T07:00:00Z", [5, 6, 7]),
    ("local", "2024-01-01T05:00:00.5", "2024-01-01T06:00:00", [6]),
    ("day", "2024-01-03T00:00:01", "2024-01-04T23:00:00", list(range(72, 96))),
])
def test_the_interval(ingestr, file, shop, key, start, end, expected):
    ingestr.load(shop.uri(), "events", "--incremental-key", key, "--interval-start", start, "--interval-end", end)
    assert ids(file) == expected


@pytest.mark.parametrize("key", ["at", "day", "local"])
def test_a_zero_date_is_in_no_interval(ingestr, file, shop, key):
    shop.execute("DROP TABLE IF EXISTS zeros", "CREATE TABLE zeros (id integer, at timestamp(6) NULL, day date, local datetime)",
                 "INSERT INTO zeros VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00'), (2, NULL, NULL, NULL), "
                 "(3, '2024-01-01', '2024-01-01', '2024-01-01')")
    for ends in (["--interval-end", "2025-01-01"], ["--interval-start", "2000-01-01"],
                 ["--interval-start", "2000-01-01", "--interval-end", "2025-01-01"]):
        ingestr.load(shop.uri(), "zeros", "--incremental-key", key, *ends)
        assert ids(file) == [3], ends
    ingestr.load(shop.uri(), "zeros")
    assert duckdb_file.query(file, f'SELECT id FROM dest.rows WHERE "{key}" IS NULL ORDER BY id') == [(1,), (2,)]


def test_a_query(ingestr, file, shop):
    ingestr.load(shop.uri(), "query:SELECT id, count(*) OVER () AS n, 0.1e0 AS d, sum(id) AS total, du, bu, at FROM types "
                             "JOIN (SELECT id AS i, at FROM events WHERE at >= :interval_start) e ON i = id GROUP BY id",
                 "--interval-start", "2024-01-01T01:00:00Z", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT id, n, d, total::VARCHAR, du::VARCHAR, bu::VARCHAR FROM dest.rows ORDER BY id") == [
        (1, 2, 0.1, "1.0", "99999999.99", "18446744073709551615"), (2, 2, 0.1, "2.0", None, None)]


def test_a_query_with_comments_and_backslashes(ingestr, file, shop):
    ingestr.load(shop.uri(), """query:SELECT id, 'it\\'s' AS a, "\\"" AS b # don't
                                FROM events -- isn't
                                WHERE at >= :interval_start AND at <= :interval_end""",
                 "--interval-start", "2024-01-01T05:00:00Z", "--interval-end", "2024-01-01T06:00:00Z", "--no-load-timestamp")
    assert sorted(duckdb_file.query(file, "FROM dest.rows")) == [(5, "it's", '"'), (6, "it's", '"')]


def test_a_query_that_would_lose_digits_is_refused(ingestr, shop):
    query = "query:SELECT id, sum(dw) AS total FROM types GROUP BY id"
    outcomes = [ingestr.ingest(shop.uri(), query), ingestr.ingest(shop.uri(), query, "--extract-partition-by", "id"),
                ingestr.run("preview", "--source-uri", shop.uri(), "--source-table", query)]
    for outcome in outcomes:
        assert outcome.status == 1 and "column total of the query has more digits than a DOUBLE holds; CAST it in the query" in outcome.error()
        assert "DuckDB" not in outcome.err, outcome.err


def test_what_runs_and_counters_leave_is_no_table(ingestr, file, shop):
    shop.execute("CREATE SEQUENCE shop.numbers", "CREATE TABLE shop._ingestr_landing_dead (a int)",
                 "INSERT INTO shop._ingestr_landing_dead VALUES (1)")
    try:
        listed = ingestr.run("tables", "--source-uri", shop.uri())
        assert listed.status == 0 and "shop.types" in listed.out and "numbers" not in listed.out and "_ingestr_landing" not in listed.out
        ingestr.load(shop.uri(), "_ingestr_landing_dead")
        assert duckdb_file.count(file, "dest.rows") == 1
    finally:
        shop.execute("DROP SEQUENCE shop.numbers", "DROP TABLE shop._ingestr_landing_dead")


def test_a_date_that_is_none_is_refused(ingestr, shop):
    outcome = ingestr.ingest(shop.uri(), "halves")
    assert outcome.status == 1 and "2024-1-0" in outcome.error()


def test_tables_preview_and_check(ingestr, shop):
    tables = {table["name"]: table for table in json.loads(ingestr.run("tables", "--source-uri", shop.uri(), "--json").out)}
    assert tables["shop.events"]["key"] == ["id"]
    assert tables['odd db."my.`table"']["key"] == ["select", "a b"]
    shown = ingestr.run("preview", "--source-uri", shop.uri(), "--source-table", "types", "--limit", "1")
    assert shown.status == 0 and "18446744073709551615" in shown.out
    checked = ingestr.run("check", "--source-uri", shop.uri())
    assert checked.status == 0 and f"shop on 127.0.0.1:{shop.port}" in checked.out


def test_errors_name_the_database_and_no_password(ingestr, shop, folder):
    place = f"127.0.0.1:{shop.port}"

    def error(uri, table="events"):
        outcome = ingestr.ingest(uri, table)
        assert outcome.status != 0
        assert not any(secret in text for secret in (PASSWORD, "wr0ng") for text in (outcome.out, outcome.err))
        return outcome.error()

    assert error(shop.uri(password="wr0ng-password")) == (
        f"Error: cannot connect to the MySQL database shop on {place}: Access denied for user 'loader'@'127.0.0.1' (using "
        "password: YES)")
    assert error(shop.uri(database="nowhere")) == (
        f"Error: cannot connect to the MySQL database nowhere on {place}: Unknown database 'nowhere'")
    assert error(shop.uri().replace(str(shop.port), "1")).startswith(
        "Error: cannot connect to the MySQL database shop on 127.0.0.1:1: Can't connect to server")
    assert error(shop.uri(), "missing") == (
        f"Error: missing cannot be read from shop on {place}: Table 'shop.missing' doesn't exist; "
        "`ingestr tables` lists what there is")
    assert error(shop.uri(), "query:SELECT nope FROM events") == (
        f"Error: shop on {place} refuses the query of --source-table: Unknown column 'nope' in 'SELECT'")
    assert error(shop.uri(), "query:SELECT id AS a, at AS A FROM events") == (
        "Error: the query of --source-table gives more than one column called A (case makes no difference); name each otherwise with AS")
    outcome = ingestr.ingest(shop.uri(), "query:SELECT * FORM log WHERE msg LIKE '%has gone away%'")
    assert outcome.status == 2 and "You have an error in your SQL syntax" in outcome.error() and "lost" not in outcome.error()
    outcome = ingestr.ingest(shop.uri(), "query:selec '{\"a\": 1}'")
    assert outcome.status == 2 and "refuses the query of --source-table: You have an error in your SQL syntax" in outcome.error()
    assert list(folder.glob("*.duckdb")) == []


def test_a_wrong_password_is_tried_once(ingestr, shop):
    def refused():
        return int(shop.query("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")[0][1])

    before = refused()
    assert ingestr.ingest(shop.uri(password="wr0ng-password"), "events").status == 1
    assert refused() == before + 1


def test_what_is_no_query_for_rows(ingestr, shop):
    shop.execute("CREATE TABLE IF NOT EXISTS none (id int)")
    place = f"shop on 127.0.0.1:{shop.port}"
    refused = f"Error: {place} refuses the query of --source-table: "
    assert ingestr.ingest(shop.uri(), "query:SELECT ?").error() == (
        refused + "it has a parameter, such as $1 or ?, that nothing gives a value; write the value in its place")
    for query in ("SHOW TABLES", "INSERT INTO none VALUES (1)"):
        error = ingestr.ingest(shop.uri(), f"query:{query}").error()
        assert error.startswith((refused, "Error: the query of --source-table gives no columns")) and "write a SELECT" in error, error
        assert "/*" not in error and "DuckDB" not in error, error


def test_a_session_that_the_server_ends(ingestr, folder, shop):
    shop.execute("CREATE TABLE IF NOT EXISTS digits (d int)", "DELETE FROM digits", "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)")
    many = "query:SELECT a.d, REPEAT('x', 200) AS pad FROM digits a, digits b, digits c, digits d, digits e, digits f, digits g, digits h"
    process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), many))
    running = "SELECT id FROM information_schema.processlist WHERE info LIKE '%REPEAT%' AND id <> CONNECTION_ID() AND time_ms > 300"
    reading = []
    wait_until(lambda: reading.extend(shop.query(running)) or reading, "the rows are read")
    shop.execute(f"KILL {reading[0][0]}")
    outcome = ingestr.outcome(process)
    assert outcome.status == 1 and outcome.error() == (
        f"Error: shop on 127.0.0.1:{shop.port} ended the session or its statement while the query of --source-table was read (KILL does, and so does a "
        "limit of time); see its log, and run again"), outcome.err
    assert list(folder.iterdir()) == []


def test_a_limit_of_the_servers_time_is_none_for_a_load(ingestr, folder, shop):
    limit, = shop.query("SELECT @@global.max_statement_time")[0]
    shop.execute("SET GLOBAL max_statement_time = 2")
    try:
        ingestr.load(shop.uri(), "query:SELECT 1 AS id, SLEEP(3) AS slept")
    finally:
        shop.execute(f"SET GLOBAL max_statement_time = {limit}")
    assert duckdb_file.query(folder / "attio.duckdb", "SELECT id, slept FROM dest.rows") == [(1, 0)]


def test_the_manuals_example(ingestr, folder, shop):
    outcome = ingestr.run(*manual.example("mysql", source_uri=shop.uri()))
    assert (outcome.status, outcome.err) == (0, "")
    assert duckdb_file.count(folder / "copy.duckdb", "dest.events") == 100


@pytest.mark.parametrize("flags", [["20"], ["50"], ["auto", "--extract-parallelism=16"]], ids=" ".join)
def test_parts_of_years_have_each_row_once(ingestr, file, mariadb, flags):
    """To MariaDB `year < 50` is `year < 2050`."""
    years = [0, 1901, 1969, 1975, 1999, 2001, 2020, 2155]
    values = ", ".join(f"('{year:04}')" for year in years)
    mariadb.execute("CREATE OR REPLACE TABLE years (y year)", f"INSERT INTO years VALUES {values}, (NULL)")
    ingestr.load(mariadb.uri(), "years", "--no-load-timestamp", "--extract-partition-by=y", "--extract-partition-interval", *flags)
    assert duckdb_file.query(file, "SELECT y FROM dest.rows ORDER BY y") == [(year,) for year in years] + [(None,)]


def test_a_number_that_is_no_boolean(ingestr, file, mariadb):
    mariadb.execute("CREATE OR REPLACE TABLE flags (flag tinyint(1) COMMENT 'BOOLEAN')", "INSERT INTO flags VALUES (0), (1), (NULL)")
    ingestr.load(mariadb.uri(), "flags", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT flag FROM dest.rows ORDER BY flag") == [(False,), (True,), (None,)]
    mariadb.execute("INSERT INTO flags VALUES (2)")
    outcome = ingestr.ingest(mariadb.uri(), "flags")
    assert outcome.status == 1 and "flag" in outcome.error() and "'2'" in outcome.error()


def test_texts_of_a_query_are_texts_whatever_their_collation(ingestr, file, mariadb):
    mariadb.execute("CREATE OR REPLACE TABLE words (id bigint, word varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, bytes blob)",
                    "INSERT INTO words VALUES (1, 'ü ☃', X'00FF')")
    ingestr.load(mariadb.uri(), "query:SELECT id, word, bytes, concat(word, ' ', 'it\\'s') AS more FROM words", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, "ü ☃", b"\x00\xff", "ü ☃ it's")]


def test_a_date_that_is_no_day_is_told_of(ingestr, file, mariadb):
    mariadb.execute("CREATE OR REPLACE TABLE days (day date)", "INSERT INTO days VALUES ('2024-00-00')")
    for flags in ([], ["--mask", "day:hash"]):
        outcome = ingestr.ingest(mariadb.uri(), "days", *flags)
        assert outcome.status == 1 and "days cannot be read from shop" in outcome.error(), outcome.err
        assert "2024-0-0; a date in it is no day, so read it as text, as in query:SELECT CAST(column AS CHAR)" in outcome.error()
    ingestr.load(mariadb.uri(), "query:SELECT CAST(day AS CHAR) AS day FROM days", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT day FROM dest.rows") == [("2024-00-00",)]


def test_a_password_of_the_environment(ingestr, file, mariadb):
    mariadb.execute("CREATE OR REPLACE TABLE words (word varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)", "INSERT INTO words VALUES ('x')")
    uri = f"mysql://{mariadb.user}@127.0.0.1:{mariadb.port}/shop"
    for table, target in (("words", None), ("query:SELECT * FROM words", None), ("words", "shop.copied")):
        flags = {"file": uri, "into": target} if target else {}
        outcome = ingestr.ingest(uri, table, "--no-load-timestamp", env={"MYSQL_PWD": PASSWORD}, **flags)
        assert outcome.status == 0, outcome.err
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [("x",)] and mariadb.query("SELECT * FROM copied") == [("x",)]
    mariadb.execute("DROP TABLE copied")
    outcome = ingestr.ingest(uri, "words", env={"MYSQL_PWD": "sesame"})
    assert outcome.status == 1 and "cannot connect" in outcome.error() and "sesame" not in outcome.err

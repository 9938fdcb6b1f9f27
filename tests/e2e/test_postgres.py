"""PostgreSQL as a source, against the real server: every type, the interval, queries, keys, errors."""

import datetime
import decimal
import json
import threading

import duckdb
import pytest

import duckdb_file
import manual
from pgbouncer_server import PgBouncer
from postgres_server import PASSWORD
from program import wait_until

D = decimal.Decimal

# Column, its type in PostgreSQL, three values as PostgreSQL reads them, its type in DuckDB and the values there as text.
TYPES = [
    ("b", "boolean", ["true", "false"], "BOOLEAN", ["true", "false"]),
    ("i2", "smallint", ["-32768", "32767"], "SMALLINT", ["-32768", "32767"]),
    ("i4", "integer", ["-2147483648", "2147483647"], "INTEGER", ["-2147483648", "2147483647"]),
    ("i8", "bigint", ["-9223372036854775808", "9223372036854775807"], "BIGINT",
     ["-9223372036854775808", "9223372036854775807"]),
    ("r4", "real", ["1.1", "NaN"], "FLOAT", ["1.1", "nan"]),
    ("r8", "double precision", ["0.1", "-Infinity"], "DOUBLE", ["0.1", "-inf"]),
    ("n", "numeric", ["123456789012345678901234567890.123456789012345", "NaN"], "VARCHAR",
     ["123456789012345678901234567890.123456789012345", "NaN"]),
    ("n_fits", "numeric(38,9)", ["12345678901234567890123456789.123456789", "-0.000000001"], "DECIMAL(38,9)",
     ["12345678901234567890123456789.123456789", "-0.000000001"]),
    ("n_wide", "numeric(50,2)", ["123456789012345678901234567890123456789012345678.12", "1"], "VARCHAR",
     ["123456789012345678901234567890123456789012345678.12", "1.00"]),
    ("n_rounded", "numeric(5,-2)", ["12345", "0"], "VARCHAR", ["12300", "0"]),
    ("n_small", "numeric(3,5)", ["0.00123", "0"], "VARCHAR", ["0.00123", "0.00000"]),
    ("t", "text", ["ü ☃ 🜁\n'\"\\", ""], "VARCHAR", ["ü ☃ 🜁\n'\"\\", ""]),
    ("vc", "varchar(5)", ["abcde", " a "], "VARCHAR", ["abcde", " a "]),
    ("ch", "char(5)", ["ab", "abcde"], "VARCHAR", ["ab", "abcde"]),
    ("by", "bytea", ["\\x00ff27", "\\x"], "BLOB", ["\\x00\\xFF\\x27", ""]),
    ("da", "date", ["2024-02-29", "infinity"], "DATE", ["2024-02-29", "infinity"]),
    ("old", "date", ["0044-03-15 BC", "0001-01-01"], "DATE", ["0044-03-15 (BC)", "0001-01-01"]),
    ("ti", "time", ["10:30:00.123456", "24:00:00"], "TIME", ["10:30:00.123456", "24:00:00"]),
    ("tz", "timetz", ["10:30:00+02", "10:30:00-05:30"], "VARCHAR", ["10:30:00+02", "10:30:00-05:30"]),
    ("ts", "timestamp", ["2024-01-01 10:00:00.123456", "-infinity"], "TIMESTAMP",
     ["2024-01-01 10:00:00.123456", "-infinity"]),
    ("tt", "timestamptz", ["2024-07-01 10:00:00.5-04", "2024-01-01 00:00:00+00"], "TIMESTAMP WITH TIME ZONE",
     ["2024-07-01 14:00:00.5+00", "2024-01-01 00:00:00+00"]),
    ("iv", "interval", ["1 year 2 mons 3 days 04:05:06.7", "-1 days +00:00:00.000001"], "INTERVAL",
     ["1 year 2 months 3 days 04:05:06.7", "-1 day 00:00:00.000001"]),
    ("u", "uuid", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"] * 2, "UUID", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"] * 2),
    ("j", "json", ['{"a": 1.0, "a":12345678901234567890123}', "null"], "JSON",
     ['{"a": 1.0, "a":12345678901234567890123}', "null"]),
    ("jb", "jsonb", ['{"z":1.10,"b":12345678901234567890123}', '"x"'], "JSON",
     ['{"b": 12345678901234567890123, "z": 1.10}', '"x"']),
    ("ai", "integer[]", ["{1,NULL,3}", "{}"], "INTEGER[]", ["[1, NULL, 3]", "[]"]),
    ("at", "text[]", ['{a,"b,c",""}', "{}"], "VARCHAR[]", ["[a, 'b,c', '']", "[]"]),
    ("an", "numeric[]", ["{1.50,123456789012345678901234567890.5}", "{NaN}"], "VARCHAR[]",
     ["[1.50, 123456789012345678901234567890.5]", "[NaN]"]),
    ("aj", "jsonb[]", ['{"{\\"a\\": 1}"}', "{}"], "JSON[]", ['[{"a": 1}]', "[]"]),
    ("ab", "bytea[]", [r'{"\\x00ff27",NULL,"\\x",ab}', "{}"], "BLOB[]", ["[\\x00\\xFF\\x27, NULL, '', ab]", "[]"]),
    ("m", "mood", ["sad", "it's ok"], "VARCHAR", ["sad", "it's ok"]),
    ("am", "mood[]", ["{sad}", '{"it\'s ok",sad}'], "VARCHAR[]", ["[sad]", "['it\\'s ok', sad]"]),
    ("dom", "positive", ["5", "7"], "INTEGER", ["5", "7"]),
    ("dd", "small_positive", ["5", "7"], "INTEGER", ["5", "7"]),
    ("pr", "rounded_price", ["5", "0.25"], "DECIMAL(9,2)", ["5.00", "0.25"]),
    ("p", "pair", ["(1,x)", "(,)"], "VARCHAR", ["(1,x)", "(,)"]),
    ("ip", "inet", ["10.0.0.1/8", "::1"], "VARCHAR", ["10.0.0.1/8", "::1/128"]),
    ("bi", "bit(3)", ["101", "000"], "VARCHAR", ["101", "000"]),
    ("vb", "bit varying", ["1", "10101"], "VARCHAR", ["1", "10101"]),
    ("mo", "money", ["12.34", "-1"], "VARCHAR", ["$12.34", "-$1.00"]),
    ("x", "xml", ["<a/>", "text"], "VARCHAR", ["<a/>", "text"]),
    ("rg", "int4range", ["[1,5)", "empty"], "VARCHAR", ["[1,5)", "empty"]),
    ("o", "oid", ["42", "4294967295"], "BIGINT", ["42", "4294967295"]),
]
MADE_TYPES = {"mood", "mood[]", "positive", "small_positive", "rounded_price", "pair"}   # by shop()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="session")
def shop(postgres):
    """The server with the tables that the tests only read."""
    postgres.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')", "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
        "CREATE DOMAIN small_positive AS positive CHECK (VALUE < 10)", "CREATE DOMAIN price AS numeric(9,2)",
        "CREATE DOMAIN low_price AS price CHECK (VALUE < 10)", "CREATE DOMAIN rounded_price AS low_price",
        "CREATE TYPE pair AS (a integer, b text)",
        f"CREATE TABLE types (id bigint PRIMARY KEY, {', '.join(f'{name} {kind}' for name, kind, *_ in TYPES)})",
        *(f"INSERT INTO types VALUES ({row + 1}, {', '.join(quoted(values[row]) for _, _, values, *_ in TYPES)})"
          for row in (0, 1)),
        "INSERT INTO types (id) VALUES (3)",
        'CREATE SCHEMA "Odd schema"',
        'CREATE TABLE "Odd schema"."my.table" ("select" integer, "a b" text, "Ü""q" text, PRIMARY KEY ("a b", "select"))',
        """INSERT INTO "Odd schema"."my.table" VALUES (1, 'x', 'y')""",
        "CREATE TABLE events (id integer PRIMARY KEY, at timestamptz, day date, local timestamp)",
        "INSERT INTO events SELECT i, timestamptz '2024-01-01 00:00:00+00' + i * interval '1 hour', "
        "date '2024-01-01' + i / 24, timestamp '2024-01-01' + i * interval '1 hour' FROM generate_series(0, 99) i",
        "CREATE VIEW recent AS SELECT * FROM events WHERE id > 90",
        "CREATE TABLE many AS SELECT i AS id, 'row ' || i AS name FROM generate_series(1, 200000) i",
        "CREATE ROLE guest LOGIN PASSWORD 'guest'", "CREATE TABLE secret_table (a integer)",
        "REVOKE ALL ON secret_table FROM PUBLIC")
    return postgres


def ids(file, table="dest.rows"):
    return sorted(duckdb_file.column(file, f"SELECT id FROM {table}"))


def test_every_type(ingestr, file, shop):
    ingestr.load(shop.uri(), "types", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [("id", "BIGINT"), *((name, kind) for name, _, _, kind, _ in TYPES)]
    for name, _, _, _, values in TYPES:
        found = duckdb_file.column(file, f'SELECT "{name}"::VARCHAR FROM dest.rows ORDER BY id')
        assert found == [*values, None], name


def test_a_list_of_blobs_goes_over_as_it_is(ingestr, shop):
    shop.execute("DROP TABLE IF EXISTS blobs", "DROP TABLE IF EXISTS blobs_copy", "CREATE TABLE blobs (a bytea[])",
                 r"""INSERT INTO blobs VALUES ('{"\\x00ff",NULL}'), ('{{"\\x01"},{"\\x02"}}'), (NULL)""")
    ingestr.load(shop.uri(), "blobs", "--no-load-timestamp", into="public.blobs_copy", file=shop.uri())
    assert shop.query("SELECT a FROM blobs_copy") == shop.query("SELECT a FROM blobs")
    outcome = ingestr.ingest(shop.uri(), "blobs")
    assert outcome.status == 1 and "dimension" in outcome.error()


def test_a_query_has_the_same_types(ingestr, file, shop):
    ingestr.load(shop.uri(), "query: SELECT * FROM types -- all;", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [("id", "BIGINT"), *((name, kind) for name, _, _, kind, _ in TYPES)]


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg2", "pg", "Postgres"])
def test_other_names_of_the_scheme(ingestr, file, shop, scheme):
    ingestr.load(shop.uri(scheme=scheme), "public.events")
    assert ids(file) == list(range(100))


def test_odd_names(ingestr, file, shop):
    ingestr.load(shop.uri(), '"Odd schema"."my.table"', "--no-load-timestamp", "--schema-naming=direct")
    assert duckdb_file.columns(file, "rows", "dest") == [("select", "INTEGER"), ("a b", "VARCHAR"), ('Ü"q', "VARCHAR")]
    assert duckdb_file.query(file, "FROM dest.rows") == [(1, "x", "y")]


@pytest.mark.parametrize("key, start, end, expected", [
    ("at", "2024-01-01T05:00:00Z", "2024-01-01T07:00:00Z", [5, 6, 7]),
    ("at", "2024-01-01T05:00:00.000001Z", "2024-01-01T07:00:00+01:00", [6]),
    ("local", "2024-01-01T05:00:00", "2024-01-01T06:00:00", [5, 6]),
    ("day", "2024-01-03", "2024-01-04", list(range(48, 96))),
    ("day", "2024-01-03T00:00:01", "2024-01-04T23:00:00", list(range(72, 96))),
])
def test_the_interval(ingestr, file, shop, key, start, end, expected):
    ingestr.load(shop.uri(), "events", "--incremental-key", key, "--interval-start", start, "--interval-end", end)
    assert ids(file) == expected


def test_a_query_with_an_interval(ingestr, file, shop):
    ingestr.load(shop.uri(), "query:SELECT id, at, ':interval_start' AS label FROM events WHERE at >= :interval_start AND "
                             "at <= :interval_end ORDER BY id DESC",
                 "--interval-start", "2024-01-01T05:00:00Z", "--interval-end", "2024-01-01T07:00:00Z")
    assert duckdb_file.query(file, "SELECT id, label FROM dest.rows") == [(i, ":interval_start") for i in (7, 6, 5)]


@pytest.mark.parametrize("column", ["at", "local", "day"])
@pytest.mark.parametrize("start, end", [("2024-01-02", "2024-01-03"), ("2024-01-02T00:00:00-05:00", "2024-01-03T00:00:00-05:00")])
def test_a_query_has_the_rows_of_the_interval(ingestr, file, shop, column, start, end):
    interval = ["--interval-start", start, "--interval-end", end]
    ingestr.load(shop.uri(), "events", "--incremental-key", column, *interval)
    expected = sorted(ids(file))
    for moment in (":interval_{}", "TIMESTAMP :interval_{}", ":interval_{}::timestamptz"):
        ingestr.load(shop.uri(), f"query:SELECT id FROM events WHERE {column} BETWEEN {moment.format('start')} AND {moment.format('end')}", *interval)
        assert sorted(ids(file)) == expected


def test_a_query_with_comments_strings_and_casts(ingestr, file, shop):
    ingestr.load(shop.uri(), """query:SELECT id, E'it\\'s' AS a, $x$don't$x$ AS b -- don't
                                FROM events /* :interval_end /* isn't */ */
                                WHERE at >= :interval_start::timestamptz AND at < :interval_end::timestamptz -- it's""",
                 "--interval-start", "2024-01-01T05:00:00Z", "--interval-end", "2024-01-01T07:00:00Z", "--no-load-timestamp")
    assert sorted(duckdb_file.query(file, "FROM dest.rows")) == [(5, "it's", "don't"), (6, "it's", "don't")]


def test_an_interval_that_the_query_lacks_or_does_not_use(ingestr, shop):
    lacking = ingestr.ingest(shop.uri(), "query:SELECT * FROM events WHERE at >= :interval_start")
    assert (lacking.status, lacking.error()) == (
        2, "Error: the query has :interval_start or :interval_end; give --interval-start and --interval-end")
    unused = ingestr.ingest(shop.uri(), "query:SELECT * FROM events", "--interval-start", "2024-01-01")
    assert unused.status == 2 and "the query does not use it" in unused.error()


def test_columns_that_a_key_includes_are_none_of_its_own(ingestr, file, shop):
    shop.execute("CREATE TABLE covered (b int, id int, status text, PRIMARY KEY (id, b) INCLUDE (status))", "INSERT INTO covered VALUES (1, 2, 'new')")
    try:
        listed, = [line for line in ingestr.run("tables", "--source-uri", shop.uri()).out.splitlines() if "covered" in line]
        assert "id, b" in listed and "status" not in listed
        for status in ("new", "paid"):
            shop.execute(f"UPDATE covered SET status = '{status}'")
            ingestr.load(shop.uri(), "covered", "--incremental-strategy", "merge", "--no-load-timestamp")
        assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, 2, "paid")]
    finally:
        shop.execute("DROP TABLE covered")


def test_merge_finds_the_primary_key(ingestr, file, shop):
    ingestr.load(shop.uri(), "events", "--sql-limit", "10")
    for _ in range(2):
        ingestr.load(shop.uri(), "events", "--incremental-strategy", "merge")
    assert ids(file) == list(range(100))


def test_limit_and_excluded_columns(ingestr, file, shop):
    assert ingestr.load(shop.uri(), "many", "--sql-limit", "7", "--sql-exclude-columns", "name")["rows"] == 7
    assert [name for name, _ in duckdb_file.columns(file, "rows", "dest")] == ["id", "_ingestr_loaded_at"]


def test_rows_are_counted(ingestr, file, shop):
    assert ingestr.load(shop.uri(), "many")["rows"] == 200_000
    assert duckdb_file.query(file, "SELECT count(*), sum(id), count(DISTINCT name) FROM dest.rows") == [
        (200_000, 20_000_100_000, 200_000)]


def test_tables_preview_and_check(ingestr, shop):
    listed = ingestr.run("tables", "--source-uri", shop.uri(), "--json")
    tables = {table["name"]: table for table in json.loads(listed.out)}
    assert tables["public.events"]["key"] == ["id"]
    assert tables['Odd schema."my.table"']["key"] == ["a b", "select"]
    assert tables["public.recent"]["description"].startswith("a view of shop on 127.0.0.1:")
    assert "pg_catalog.pg_class" not in tables
    shown = ingestr.run("preview", "--source-uri", shop.uri(), "--source-table", "types", "--limit", "2")
    assert shown.status == 0 and "12345678901234567890123456789.123456789" in shown.out
    checked = ingestr.run("check", "--source-uri", shop.uri())
    assert checked.status == 0 and f"shop on 127.0.0.1:{shop.port}" in checked.out


def test_every_table_of_a_schema(ingestr, file, shop):
    ended = ingestr.run("ingest", "--source-uri", shop.uri(), "--source-table", "public.e*", "--dest-uri",
                        "duckdb:///attio.duckdb", "--dest-table", "copy.*")
    assert ended.status == 0, ended.err
    assert duckdb_file.tables(file) == ["copy.public_events"]


def errors(ingestr, uri, table="events"):
    outcome = ingestr.ingest(uri, table)
    assert outcome.status != 0
    for text in (outcome.out, outcome.err):
        assert PASSWORD not in text and "wr0ng" not in text
    return outcome.error()


CANCELLED = ("canceling statement due to {}; somebody cancelled it there (pg_cancel_backend), or it took longer than statement_timeout allows: raise "
             "that of the role (ALTER ROLE … SET statement_timeout = 0), and run again")


def test_a_timeout_of_locks_is_not_a_table_that_is_missing(ingestr, shop):
    shop.execute("CREATE TABLE held (id bigint)", "ALTER ROLE CURRENT_USER SET lock_timeout = '200ms'")
    try:
        with shop.connect() as connection, connection.transaction():
            connection.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
            error = errors(ingestr, shop.uri(), "held")
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET lock_timeout", "DROP TABLE held")
    assert "held cannot be read from shop on" in error and error.endswith("canceling statement due to lock timeout; let whoever holds it end, and run again"), error


@pytest.mark.parametrize("flags", [("--no-load-timestamp",), ("--mask=id:hash",)])
def test_a_limit_of_the_roles_time_is_none_for_a_load(ingestr, shop, flags):
    shop.execute("ALTER ROLE CURRENT_USER SET statement_timeout = '2s'")
    try:
        ingestr.load(shop.uri(), "query:SELECT 1 AS id, pg_sleep(3)::text AS slept", *flags, file=shop.uri(), into="public.slept")
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET statement_timeout", "DROP TABLE IF EXISTS slept")


@pytest.mark.parametrize("flags", [("--no-load-timestamp",), ("--mask=id:hash",)])
def test_what_somebody_else_cancels_is_not_what_the_user_interrupts(ingestr, shop, flags):
    process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), "query:SELECT 1 AS id, pg_sleep(600)::text AS slept", *flags, file=shop.uri(),
                                                      into="public.slept"))
    running = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep'"
    wait_until(lambda: shop.query(f"SELECT 1 {running}"), "the query runs")
    shop.query(f"SELECT pg_cancel_backend(pid) {running}")
    outcome = ingestr.outcome(process)
    assert outcome.status == 1 and CANCELLED.format("user request") in outcome.error(), outcome.err


def test_a_timeout_behind_a_pooler_is_told_as_one(ingestr, shop):
    shop.execute("CREATE TABLE held (id bigint)", "ALTER ROLE CURRENT_USER SET TimeZone = 'UTC'", "ALTER ROLE CURRENT_USER SET statement_timeout = '3s'")
    pooler = PgBouncer(shop, "session")
    try:
        with shop.connect() as connection, connection.transaction():
            connection.execute("SET statement_timeout = 0")
            connection.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
            error = errors(ingestr, pooler.uri(), "held")
    finally:
        pooler.stop()
        shop.execute("ALTER ROLE CURRENT_USER RESET statement_timeout", "ALTER ROLE CURRENT_USER RESET TimeZone", "DROP TABLE held")
    assert "held cannot be read from" in error and error.endswith(CANCELLED.format("statement timeout")), error


def test_errors_name_the_database_and_no_password(ingestr, shop, folder):
    place = f"127.0.0.1:{shop.port}"
    assert errors(ingestr, shop.uri(password="wr0ng-password")) == (
        f'Error: cannot connect to the PostgreSQL database shop on {place}: password authentication failed for user "loader"')
    assert errors(ingestr, shop.uri(database="nowhere")) == (
        f'Error: cannot connect to the PostgreSQL database nowhere on {place}: database "nowhere" does not exist')
    assert errors(ingestr, shop.uri().replace(str(shop.port), "1")) == (
        "Error: cannot connect to the PostgreSQL database shop on 127.0.0.1:1: Connection refused")
    assert errors(ingestr, shop.uri(), "public.missing") == (
        f'Error: public.missing cannot be read from shop on {place}: relation "public.missing" does not exist; '
        "`ingestr tables` lists what there is")
    assert errors(ingestr, shop.uri(), "query:SELECT nope FROM events") == (
        f'Error: shop on {place} refuses the query of --source-table: column "nope" does not exist')
    assert errors(ingestr, f"postgres://guest:guest@{place}/shop", "secret_table") == (
        f"Error: secret_table cannot be read from shop on {place}: permission denied for table secret_table; "
        "`ingestr tables` lists what there is")
    assert errors(ingestr, "postgres://127.0.0.1") == (
        "Error: the postgres:// URI names no database; write postgres://user:password@host:port/database")
    assert list(folder.glob("*.duckdb")) == []


def test_columns_that_have_one_name_or_are_none(ingestr, shop):
    shop.execute('CREATE TABLE IF NOT EXISTS cases (a integer, "A" integer)', "CREATE TABLE IF NOT EXISTS bare ()")
    place = f"shop on 127.0.0.1:{shop.port}"
    assert errors(ingestr, shop.uri(), "cases") == (
        f"Error: cases cannot be read from {place}: it has more than one column called A (case makes no difference); name each otherwise with "
        "query:SELECT … AS …")
    assert errors(ingestr, shop.uri(), "query:SELECT 1, 2") == (
        "Error: the query of --source-table gives more than one column called ?column? (case makes no difference); name each otherwise with AS")
    ingestr.load(shop.uri(), 'query:SELECT a, "A" AS b FROM cases')
    assert errors(ingestr, shop.uri(), "bare") == f"Error: bare cannot be read from {place}: it has no columns; name another table"
    assert errors(ingestr, shop.uri(), "query:SELECT FROM events") == (
        "Error: the query of --source-table gives no columns; write a SELECT that gives some")


def test_what_cannot_be_read_names_the_cure(ingestr, shop):
    shop.execute("CREATE TABLE IF NOT EXISTS grids (id integer, grid integer[])", "DELETE FROM grids", "INSERT INTO grids VALUES (1, '{{1,2},{3,4}}')",
                 "DROP MATERIALIZED VIEW IF EXISTS unfilled", "CREATE MATERIALIZED VIEW unfilled AS SELECT 1 AS id WITH NO DATA")
    place = f"shop on 127.0.0.1:{shop.port}"
    assert errors(ingestr, shop.uri(), "grids") == (
        f"Error: grids cannot be read from {place}: an array in it has more dimensions than one; read it with query:SELECT to_json(column)")
    assert errors(ingestr, shop.uri(), "unfilled") == (
        f'Error: unfilled cannot be read from {place}: materialized view "unfilled" has not been populated; fill it there with REFRESH MATERIALIZED VIEW')
    assert errors(ingestr, shop.uri(), "query:SELECT $1") == (
        f"Error: {place} refuses the query of --source-table: it has a parameter, such as $1 or ?, that nothing gives a value; write the value in its place")
    for flags in ([], ["--extract-partition-by", "id"]):
        outcome = ingestr.ingest(shop.uri(), "grids", *flags)
        assert outcome.status == 1 and "grids cannot be read from" in outcome.error() and "an array in it has more dimensions than one" in outcome.error(), outcome.err
        outcome = ingestr.ingest(shop.uri(), "query:SELECT id, 1 / (id - 1) AS x FROM grids", *flags)
        assert outcome.status == 1 and outcome.error() == f"Error: {place} refuses the query of --source-table: division by zero", outcome.err
    looked = ["preview", "--source-uri", shop.uri(), "--source-table"]
    assert "grids cannot be read from" in ingestr.run(*looked, "grids").error()
    assert ingestr.run(*looked, "query:SELECT 1 / (id - 1) AS x FROM grids").error() == f"Error: {place} refuses the query of --source-table: division by zero"


@pytest.mark.parametrize("flags", [[], ["--extract-partition-by", "id"]], ids=["whole", "in parts"])
def test_bytes_of_a_database_without_an_encoding(ingestr, file, shop, mariadb, flags):
    shop.execute("DROP DATABASE IF EXISTS ascii", "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        with shop.connect("ascii") as connection:
            connection.execute("CREATE TABLE raw AS SELECT 1 AS id, convert_from('\\xe9'::bytea, 'SQL_ASCII') AS name")
        uri = shop.uri(database="ascii")
        for outcome in (ingestr.ingest(uri, "raw", *flags), ingestr.ingest(uri, "raw", *flags, file=mariadb.uri())):
            assert outcome.status == 1 and outcome.error() == (
                f'Error: raw cannot be read from ascii on 127.0.0.1:{shop.port}: invalid byte sequence for encoding "UTF8": 0xe9; a text in it is no UTF-8, so read '
                "its bytes, as in query:SELECT convert_to(column, 'SQL_ASCII')"), outcome.err
        ingestr.load(uri, "query:SELECT id, convert_to(name, 'SQL_ASCII') AS name FROM raw", "--no-load-timestamp", *flags)
    finally:
        shop.execute("DROP DATABASE ascii WITH (FORCE)")
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, b"\xe9")]


@pytest.mark.parametrize("flags", [["--extract-parallelism", "1"], []], ids=["alone", "side by side"])
@pytest.mark.parametrize("table", ["long", "query:SELECT * FROM long"], ids=["table", "query"])
def test_a_session_that_the_server_ends(ingestr, folder, shop, table, flags):
    shop.make_wide("long", 60_000)
    with shop.reading_stops("long"):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), table, *flags))
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%COPY%long%' AND wait_event_type = 'Lock'"
        ended = []   # of several sessions each when it waits, for the run waits for all of them
        wait_until(lambda: ended.extend(shop.query(ends)) or process.poll() is not None, "the run ends")
        outcome = ingestr.outcome(process)
    assert ended
    read = "long" if table == "long" else "the query of --source-table"
    assert outcome.status == 1 and outcome.error() == (f"Error: the connection to shop on 127.0.0.1:{shop.port} was lost while {read} was read: the server "
                                                       "ended it; see its log, and run again"), outcome.err
    assert list(folder.iterdir()) == []


def test_a_query_changes_nothing(ingestr, shop):
    errors(ingestr, shop.uri(), "query:WITH gone AS (DELETE FROM events RETURNING *) SELECT * FROM gone")
    assert shop.query("SELECT count(*) FROM events") == [(100,)]


@pytest.mark.parametrize("rows", [1, 60_000])
def test_nan_that_a_decimal_cannot_hold_is_refused(ingestr, file, shop, rows):
    """Also in a table that is large enough to be read by several connections."""
    shop.execute("DROP TABLE IF EXISTS not_numbers", "CREATE TABLE not_numbers (n numeric(10,2), note text)",
                 f"INSERT INTO not_numbers SELECT 1.25, repeat('x', 400) FROM generate_series(1, {rows})",
                 "INSERT INTO not_numbers VALUES ('NaN')", "ANALYZE not_numbers")
    for target in ("duckdb:///attio.duckdb", "parquet://rows.parquet", "sqlite:///rows.sqlite"):
        outcome = ingestr.ingest(shop.uri(), "not_numbers", file=target, into="rows")
        assert outcome.status == 1, outcome.err
        assert outcome.error().endswith(': NaN in column n, which DECIMAL(10,2) has not; read it with query:SELECT CAST("n" AS text) AS "n"'), outcome.err
    assert not list(file.parent.iterdir())


@pytest.mark.parametrize("dest_uri", ["duckdb:///attio.duckdb", "parquet://rows.parquet"])
def test_a_large_table_is_read_as_of_one_moment(ingestr, folder, file, shop, dest_uri):
    """Several connections read its pages, while an UPDATE moves every row to another page again and again."""
    shop.execute("DROP TABLE IF EXISTS moving", "CREATE TABLE moving (id integer, n numeric(12,2), version integer, note text)",
                 "INSERT INTO moving SELECT i, i / 100.0, 0, repeat('x', 400) FROM generate_series(1, 60000) i", "ANALYZE moving")
    ends = threading.Event()

    def move():
        with shop.connect() as connection:
            while not ends.is_set():
                connection.execute("UPDATE moving SET version = version + 1")

    mover = threading.Thread(target=move)
    mover.start()
    try:
        wait_until(lambda: shop.query("SELECT min(version) FROM moving")[0][0] > 0, "rows move")
        outcome = ingestr.ingest(shop.uri(), "moving", file=dest_uri)
    finally:
        ends.set()
        mover.join()
    assert outcome.status == 0, outcome.err
    select = "SELECT id, n, version FROM "
    rows = duckdb_file.query(file, select + "dest.rows") if file.exists() else duckdb.sql(f"{select}'{folder}/rows.parquet'").fetchall()
    assert sorted((row[0], row[1]) for row in rows) == [(i, decimal.Decimal(i) / 100) for i in range(1, 60_001)]
    assert len({row[2] for row in rows}) == 1, "rows of several moments"


@pytest.mark.parametrize("name", ["twins", "Twins"])
def test_large_tables_whose_names_differ_in_case(ingestr, file, shop, name):
    shop.execute("DROP TABLE IF EXISTS twins", 'DROP TABLE IF EXISTS "Twins"')
    for one in ("twins", "Twins"):
        shop.execute(f'CREATE TABLE "{one}" AS SELECT i AS id, \'{one}\'::text AS name, repeat(\'x\', 400) AS note FROM generate_series(1, 60000) i',
                     f'ANALYZE "{one}"')
    ingestr.load(shop.uri(), f'public."{name}"')
    assert duckdb_file.query(file, "SELECT DISTINCT name, count(*) FROM dest.rows GROUP BY name") == [(name, 60_000)]


def test_a_password_as_it_is(ingestr, file, shop):
    """Only what ends a URI's user has to be percent-encoded."""
    shop.execute("CREATE ROLE plain LOGIN PASSWORD 'a@b:c/d#e'", "GRANT SELECT ON events TO plain")
    ingestr.load(f"postgres://plain:a@b:c/d#e@127.0.0.1:{shop.port}/shop", "events")
    assert ids(file) == list(range(100))


def test_the_manuals_example(ingestr, folder, shop):
    outcome = ingestr.run(*manual.example("postgres", source_uri=shop.uri()))
    assert (outcome.status, outcome.err) == (0, "")
    assert duckdb_file.count(folder / "copy.duckdb", "dest.events") == 100

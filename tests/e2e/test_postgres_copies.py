"""From one PostgreSQL database into another: rows that nothing is done to go over as they are, in the server's binary form."""

import signal

import pytest

from program import SOON, wait_until

VALUES = {   # a column's type: what it holds, as SQL
    "boolean": "true",
    "smallint": "-32768",
    "bigint": "9223372036854775807",
    "oid": "4294967295",
    "real": "'NaN'",
    "double precision": "5e-324",
    "numeric(38,9)": "12345678901234567890123456789.123456789",
    "numeric(9,2)": "'NaN'",
    "numeric": "1234567890123456789012345678901234567890123456789.5",
    "text": "E'ü ☃ 🜁 \\t\\n\\\\N'",
    "varchar(20)": "''",
    "char(5)": "'abcde'",   # blanks at its end mean nothing
    "bytea": "'\\x00ff27'",
    "date": "'0044-03-15 BC'",
    "time": "'24:00:00'",
    "timestamp": "'-infinity'",
    "timestamptz": "'2024-07-01 10:00:00.123456-04'",
    "interval": "'1 year 2 months -3 days 04:05:06.7'",
    "uuid": "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    "json": """'{"b": 1.0, "a":12345678901234567890123,  "b":2}'""",
    "jsonb": """'{"a": [1.50, null]}'""",
    "mood": "'so so'",
    "inet": "'10.0.0.0/8'",
    "integer[]": "'{1,NULL,3}'",
    "varchar(9)[]": """'{a,"b,c",""}'""",
    "numrange": "'[1.5,3)'",
}

PASSED_ON = "TO STDOUT (FORMAT binary)"   # what the source's server is asked for then, and only then


@pytest.fixture
def shop(postgres):
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
                     "CREATE TYPE mood AS ENUM ('so so')")
    return postgres


def copy(ingestr, server, table, *flags, **options):
    return ingestr.load(server.uri(), table, "--no-load-timestamp", *flags, file=server.uri(), **options)


def differences(server, left, right):
    return server.query(f"(SELECT r::text FROM {left} r EXCEPT ALL SELECT r::text FROM {right} r) UNION ALL "
                        f"(SELECT r::text FROM {right} r EXCEPT ALL SELECT r::text FROM {left} r)")


def test_every_type_goes_over_as_it_is(ingestr, shop):
    columns = ", ".join(f'c{n} {kind}' for n, kind in enumerate(VALUES))
    shop.execute(f"CREATE TABLE odd ({columns})", f"INSERT INTO odd VALUES ({', '.join(VALUES.values())})",
                 "INSERT INTO odd DEFAULT VALUES")
    assert copy(ingestr, shop, "odd")["rows"] == 2
    assert differences(shop, "odd", "dest.rows") == []
    types = dict(zip(VALUES, (kind for kind, in shop.query(
        "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'dest.rows'::regclass AND attnum > 0 ORDER BY attnum"))))
    assert types["numeric(38,9)"] == "numeric(38,9)" and types["varchar(20)"] == "text" and types["varchar(9)[]"] == "text[]"
    assert types["mood"] == "text" and all(types[name] == name for name in ("inet", "numeric", "jsonb", "numrange"))


@pytest.fixture
def statements(shop):
    """What the server was asked to do so far, by its own log."""
    shop.execute("ALTER DATABASE shop SET log_statement = 'all'")
    log = shop.folder / "log"
    before = log.stat().st_size
    yield lambda: log.read_bytes()[before:].decode()
    shop.execute("ALTER DATABASE shop RESET log_statement")


@pytest.mark.parametrize("flags, passed_on, row", [
    ((), True, (1, " x", "y")),
    (("--schema-naming", "direct"), True, (1, " x", "y")),
    (("--sql-limit", "1"), True, (1, " x", "y")),
    (("--mask", "name:redact"), False, (1, "REDACTED", "y")),
    (("--columns", "n:text"), False, ("1", " x", "y")),
    (("--sql-exclude-columns", "n"), False, (" x", "y")),
    (("--trim-whitespace",), False, (1, "x", "y"))])
def test_rows_that_something_is_done_to_come_by_way_of_the_engine(ingestr, shop, statements, flags, passed_on, row):
    shop.execute('CREATE TABLE t (n int, name text, "LoudName" text)', "INSERT INTO t VALUES (1, ' x', 'y')")
    copy(ingestr, shop, "t", *flags)
    assert shop.query("SELECT * FROM dest.rows") == [row]
    name, = shop.query("SELECT attname FROM pg_attribute WHERE attrelid = 'dest.rows'::regclass ORDER BY attnum DESC LIMIT 1")[0]
    assert name == ("LoudName" if "direct" in flags else "loud_name")
    assert (PASSED_ON in statements()) == passed_on


def test_all_strategies_take_them(ingestr, shop, statements):
    shop.execute("CREATE TABLE t (id int PRIMARY KEY, at date, text text)",
                 "INSERT INTO t SELECT i, DATE '2026-01-01' + i, 'old' FROM generate_series(1, 9) i")
    key = ("--primary-key", "id")
    for strategy in (("replace",), ("append",), ("merge", *key), ("delete+insert", "--incremental-key", "at"), ("scd2", *key)):
        for text in ("old", "new"):
            shop.execute(f"UPDATE t SET text = '{text}' WHERE id > 3")
            assert copy(ingestr, shop, "t", "--incremental-strategy", *strategy, into=f"dest.{strategy[0][:6]}")["rows"] == 9
    assert statements().count(PASSED_ON) == 10
    for table, rows in (("replac", 9), ("append", 18), ("merge", 9), ('"delete"', 9), ("scd2", 15)):
        assert shop.query(f"SELECT count(*) FROM dest.{table}") == [(rows,)], table
    assert differences(shop, "t", "dest.merge") == differences(shop, "t", "dest.replac") == []


def test_what_fails_half_way_leaves_the_table_as_it_was(ingestr, shop):
    shop.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)")
    copy(ingestr, shop, "t")
    outcome = ingestr.ingest(shop.uri(), "query:SELECT 1 / (5000 - i) AS n FROM generate_series(1, 10000) i", file=shop.uri())
    assert outcome.status == 1 and "division by zero" in outcome.error() and "shop on 127.0.0.1" in outcome.error()
    assert shop.query("SELECT * FROM dest.rows") == [(1,)]
    assert shop.query("SELECT count(*) FROM pg_class WHERE relname LIKE '\\_ingestr%'") == [(0,)]


def test_ctrl_c_ends_both_statements(ingestr, shop):
    process = ingestr.start(*ingestr.ingest_arguments(
        shop.uri(), "query:SELECT i AS n, pg_sleep(0.01)::text AS s FROM generate_series(1, 100000) i", file=shop.uri()))
    wait_until(lambda: shop.query(f"SELECT 1 FROM pg_stat_activity WHERE query LIKE '%{PASSED_ON}' AND state = 'active'"), "rows come")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON
    wait_until(lambda: not shop.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'ingestr'"), "its sessions end")
    left = shop.query("SELECT relname FROM pg_class WHERE relname LIKE '\\_ingestr%' OR relname = 'rows'")
    assert left == [] or left == [("_ingestr_landing_rows",)] and "without waiting for others" in outcome.err   # where the server takes its time


@pytest.mark.parametrize("statement", ["FROM STDIN (FORMAT binary)", PASSED_ON])
def test_a_session_that_ends_in_mid_copy_ends_the_run(ingestr, shop, statement):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (n int, s text)", "INSERT INTO dest.rows VALUES (1, 'there')")
    process = ingestr.start(*ingestr.ingest_arguments(
        shop.uri(), "query:SELECT generate_series(1, 50000000) AS n, repeat('x', 1000) AS s", file=shop.uri()))
    wait_until(lambda: shop.query(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%{statement}' AND "
                                  "wait_event IN ('ClientRead', 'ClientWrite')"), "rows go over")
    outcome = ingestr.outcome(process)
    assert outcome.status == 1 and outcome.seconds < SOON
    assert f"the connection to the PostgreSQL database shop on 127.0.0.1:{shop.port} was lost: " in outcome.error()
    assert outcome.error().endswith("; run again")
    assert shop.query("SELECT * FROM dest.rows") == [(1, "there")]

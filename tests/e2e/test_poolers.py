"""PgBouncer in front of PostgreSQL, which pools by session or by transaction; with settings that sessions ask for, refused or left out."""

import contextlib

import duckdb
import psycopg
import pytest

from pgbouncer_server import PgBouncer
from postgres_server import PASSWORD
from program import wait_until

MODES = ["session", "transaction"]
LEFT_OUT = {"ignore_startup_parameters": "options"}


@pytest.fixture
def shop(postgres):
    """The server, with a table; its role has the time zone that the server has not."""
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
                     "CREATE TABLE items AS SELECT n AS id, 'ü ' || n AS name, n / 8::float8 AS share, timestamptz '2024-07-01 10:00:00+02' + n * interval '1 s' "
                     "AS made, '\\x00ff'::bytea AS raw FROM generate_series(1, 3000) n",
                     "ALTER TABLE items ADD PRIMARY KEY (id)", f"ALTER ROLE {postgres.user} SET timezone = 'UTC'")
    yield postgres
    postgres.execute(f"ALTER ROLE {postgres.user} RESET timezone")


@contextlib.contextmanager
def pooler(server, mode, **settings):
    pool = PgBouncer(server, mode, **settings)
    try:
        yield pool
        nothing_is_left(server, pool)
    finally:
        pool.stop()


@pytest.fixture(params=[(mode, settings) for mode in MODES for settings in ({}, LEFT_OUT)], ids=lambda one: f"{one[0]}{'-left-out' if one[1] else ''}")
def pool(shop, request):
    mode, settings = request.param
    with pooler(shop, mode, **settings) as pool:
        yield pool


def advisory_locks(server):
    return server.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")


def sessions(server):
    return {pid for pid, in server.query(f"SELECT pid FROM pg_stat_activity WHERE datname = '{server.database}' AND backend_type = 'client backend' "
                                         "AND pid <> pg_backend_pid()")}


def nothing_is_left(server, pool):
    """Neither in the database nor in the sessions that the pooler hands to the next."""
    wait_until(lambda: not advisory_locks(server), "no advisory lock is left")
    assert server.query("SELECT relname FROM pg_class WHERE relname LIKE '\\_ingestr%'") == []
    changed = ("SELECT pg_backend_pid(), array_agg(name || '=' || setting) FROM pg_settings WHERE name IN ('default_transaction_read_only', "
               "'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'search_path', 'role') "
               "AND setting IS DISTINCT FROM reset_val")
    pooled = sessions(server)
    with contextlib.ExitStack() as clients:
        seen = {}
        for _ in range(max(1, len(pooled))):   # each in a transaction, so that no two have the same session
            client = clients.enter_context(psycopg.connect(host="127.0.0.1", port=pool.port, user=server.user, password=PASSWORD,
                                                           dbname=server.database, prepare_threshold=None))
            seen.update(client.execute(changed).fetchall())
        wait_until(lambda: pooled & sessions(server) <= set(seen), "those that nobody was handed have ended")
    assert set(map(str, seen.values())) == {"None"}


def rows_of(server, table):
    return server.query(f"SELECT id, name, share, made AT TIME ZONE 'UTC', raw FROM {table} ORDER BY id")


def into(pool):
    return {"file": pool.uri()}


def test_a_table_is_read(ingestr, shop, pool, file):
    ingestr.load(pool.uri(), "public.items", "--no-load-timestamp")
    with duckdb.connect(file, read_only=True) as connection:
        found = connection.execute("SELECT id, name, share, made AT TIME ZONE 'UTC', raw FROM dest.rows ORDER BY id").fetchall()
    assert found == rows_of(shop, "items") and len(found) == 3000


def test_a_table_is_replaced_and_merged(ingestr, folder, shop, pool):
    with duckdb.connect(folder / "source.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT n::INTEGER AS id, 'ü ' || n AS name, n / 8 AS share, TIMESTAMPTZ '2024-07-01 10:00:00+02' "
                           "+ n * INTERVAL 1 SECOND AS made, '\\x00\\xFF'::BLOB AS raw FROM range(1, 3001) r(n)")
        connection.execute("CREATE TABLE newer AS SELECT * REPLACE (id + 2999 AS id) FROM t WHERE id <= 2")
    for _ in range(2):
        ingestr.load("duckdb:///source.duckdb", "t", "--no-load-timestamp", "--primary-key", "id", **into(pool))
        assert rows_of(shop, "dest.rows") == rows_of(shop, "items")
    end = ingestr.load("duckdb:///source.duckdb", "newer", "--no-load-timestamp", "--primary-key", "id", "--incremental-strategy", "merge", **into(pool))
    assert end["rows"] == 2
    assert shop.query("SELECT id, name FROM dest.rows WHERE id > 2998 ORDER BY id") == [(2999, "ü 2999"), (3000, "ü 1"), (3001, "ü 2")]


def test_a_contract_discards_values(ingestr, folder, shop, pool):
    """By functions of a session's temporary schema."""
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id integer, share smallint)")
    (folder / "rows.csv").write_text("id,share\n1,7\n2,70000\n3,x\n")
    ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", "--incremental-strategy", "append", "--schema-contract", "discard_value", **into(pool))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 7), (2, None), (3, None)]


def test_from_one_table_of_the_server_to_another(ingestr, shop, pool):
    ingestr.load(pool.uri(), "public.items", "--no-load-timestamp", **into(pool))
    assert rows_of(shop, "dest.rows") == rows_of(shop, "items")


def test_a_dry_run(ingestr, shop, pool):
    outcome = ingestr.ingest(pool.uri(), "public.items", "--dry-run", **into(pool))
    assert outcome.status == 0 and "_ingestr_landing_rows" in outcome.out, outcome.err
    assert shop.query("SELECT 1 FROM pg_namespace WHERE nspname = 'dest'") == []


def test_what_is_looked_at(ingestr, shop, pool):
    for arguments in (["check", "--source-uri", pool.uri()], ["tables", "--source-uri", pool.uri()]):
        outcome = ingestr.run(*arguments)
        assert outcome.status == 0, outcome.err


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("settings", [{}, LEFT_OUT], ids=["refused", "left-out"])
def test_sessions_that_are_not_as_they_must_be(ingestr, folder, shop, mode, settings):
    """Values would come out as of another time zone."""
    shop.execute(f"ALTER ROLE {shop.user} RESET timezone")
    (folder / "rows.csv").write_text("id\n1\n")
    with pooler(shop, mode, **settings) as pool:
        for error in (ingestr.ingest(pool.uri(), "public.items").error(), ingestr.ingest("csv://rows.csv", "rows", **into(pool)).error()):
            assert "sessions begin with TimeZone America/New_York instead of UTC" in error
            assert f"run ALTER ROLE \"{shop.user}\" SET TimeZone = 'UTC'" in error


SLOW = "query:SELECT n AS id, pg_advisory_xact_lock_shared(7)::text AS x FROM generate_series(1, 30) n"
LANDINGS = "SELECT relname FROM pg_class WHERE relname LIKE '\\_ingestr\\_landing%' AND relkind = 'r'"


@contextlib.contextmanager
def run_that_lands(ingestr, shop, pool):
    """Its rows come when this ends."""
    with shop.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(7)")
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), SLOW, **into(pool)))
        wait_until(lambda: shop.query(LANDINGS), "rows are to land")
        yield process


@pytest.mark.parametrize("mode", MODES)
def test_another_run_of_the_same_table_is_left_alone(ingestr, folder, shop, mode):
    (folder / "rows.csv").write_text("id\n1\n")
    with pooler(shop, mode) as pool:
        with run_that_lands(ingestr, shop, pool) as process:
            ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", into="dest.other", **into(pool))
            assert shop.query(LANDINGS) == [("_ingestr_landing_rows",)]
            error = ingestr.ingest("csv://rows.csv", "rows", **into(pool)).error()
            assert "another run is loading the same table of shop on 127.0.0.1:" in error
        outcome = ingestr.outcome(process)
        assert outcome.status == 0, outcome.err
        assert shop.query("SELECT count(*) FROM dest.rows") == [(30,)]


@pytest.mark.parametrize("mode", MODES)
def test_what_a_killed_run_left_goes_with_the_next(ingestr, folder, shop, mode):
    (folder / "rows.csv").write_text("id\n1\n")
    with pooler(shop, mode) as pool:
        with run_that_lands(ingestr, shop, pool) as process:
            process.kill()
            process.communicate()
        wait_until(lambda: not advisory_locks(shop), "its sessions end")
        ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", **into(pool))
        assert shop.query("SELECT id FROM dest.rows") == [(1,)]

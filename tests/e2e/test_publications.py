"""A PostgreSQL database all of whose tables are published, as Debezium has it."""

import pytest

from postgres_server import PostgresServer

MERGE = ["--incremental-strategy", "merge", "--primary-key", "id"]
RANGE = ["--incremental-strategy", "delete+insert", "--incremental-key", "id"]
SCD2 = ["--incremental-strategy", "scd2", "--primary-key", "id"]
KEYED = ["--primary-key", "id"]


@pytest.fixture(scope="module")
def published():
    server = PostgresServer()
    server.execute("CREATE PUBLICATION every FOR ALL TABLES")
    yield server
    server.stop()


@pytest.fixture
def shop(published):
    published.execute("DROP SCHEMA IF EXISTS dest CASCADE", "CREATE SCHEMA dest")
    return published


def write(folder, text="id,n\n1,n\n1,m\n2,n\n"):
    (folder / "rows.csv").write_text(text)
    return "csv://rows.csv", "rows", "--no-load-timestamp"


def identity(server):
    return server.query("SELECT relreplident::text, relpersistence::text FROM pg_class WHERE oid = 'dest.rows'::regclass")


@pytest.mark.parametrize("flags", [MERGE, RANGE, SCD2, KEYED], ids=["merge", "delete+insert", "scd2", "replace"])
def test_the_first_load(ingestr, folder, shop, flags):
    ingestr.load(*write(folder), *flags, file=shop.uri())
    rows = [(1, "n"), (1, "m"), (2, "n")] if flags == RANGE else [(1, "m"), (2, "n")]
    assert shop.query("SELECT id, n FROM dest.rows") == rows
    assert identity(shop) == [("d", "p")]


@pytest.mark.parametrize("flags", [MERGE, RANGE, KEYED], ids=["merge", "delete+insert", "replace"])
def test_a_table_with_a_key(ingestr, folder, shop, flags):
    shop.execute("CREATE TABLE dest.rows (id int PRIMARY KEY, n text)", "INSERT INTO dest.rows VALUES (1, 'o'), (3, 'o')")
    ingestr.load(*write(folder, "id,n\n1,n\n1,m\n2,n\n" if flags != RANGE else "id,n\n1,m\n2,n\n"), *flags, file=shop.uri())
    kept = [] if flags == KEYED else [(3, "o")]
    assert shop.query("SELECT id, n FROM dest.rows ORDER BY 1") == [(1, "m"), (2, "n"), *kept]
    assert identity(shop) == [("d", "p")]


@pytest.mark.parametrize("flags", [MERGE, RANGE, SCD2, KEYED], ids=["merge", "delete+insert", "scd2", "replace"])
def test_the_next_load_of_a_table_without_a_key(ingestr, folder, shop, flags):
    ingestr.load(*write(folder), *flags, file=shop.uri())
    before = shop.query("SELECT * FROM dest.rows")
    outcome = ingestr.ingest(*write(folder, "id,n\n1,x\n"), *flags, file=shop.uri())
    assert outcome.status == 2, outcome.err
    assert "does not have a replica identity" in outcome.error()
    assert "; let its owner run ALTER TABLE … REPLICA IDENTITY FULL, or give it a primary key, and run again" in outcome.error()
    assert shop.query("SELECT * FROM dest.rows") == before
    shop.execute("ALTER TABLE dest.rows REPLICA IDENTITY FULL")
    ingestr.load(*write(folder, "id,n\n1,x\n"), *flags, file=shop.uri())
    assert (1, "x") in shop.query("SELECT id, n FROM dest.rows")
    assert identity(shop) == [("f", "p")]


def test_rows_that_pass_are_not_published(ingestr, folder, shop):
    shop.execute("CREATE TABLE dest.rows (id int PRIMARY KEY, n text)",
                 "CREATE TABLE dest.seen (name text, kind text)",
                 "CREATE FUNCTION dest.look() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO dest.seen SELECT relname, relpersistence "
                 "FROM pg_class WHERE relname = '_ingestr_landing_rows'; END $$",
                 "CREATE EVENT TRIGGER look ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION dest.look()")
    try:
        ingestr.load(*write(folder), *MERGE, file=shop.uri())
    finally:
        shop.execute("DROP EVENT TRIGGER look")
    assert shop.query("SELECT DISTINCT * FROM dest.seen") == [("_ingestr_landing_rows", "u")]

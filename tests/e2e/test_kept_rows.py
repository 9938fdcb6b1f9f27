"""Rows of a target that a load cannot delete or see are never there beside the new ones."""

import sqlite3

import pytest

OLD = ["DROP SCHEMA IF EXISTS dest CASCADE", "CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, n text)", "INSERT INTO dest.rows VALUES (1, 'o'), (2, 'o')"]
KEEP = "CREATE FUNCTION dest.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
ROLE = ["DROP ROLE IF EXISTS bob", "CREATE ROLE bob LOGIN PASSWORD 'secret'", "GRANT ALL ON SCHEMA dest TO bob", "GRANT ALL ON dest.rows TO bob",
        "ALTER TABLE dest.rows ENABLE ROW LEVEL SECURITY"]
MERGE = ["merge", "--primary-key", "id"]
RANGE = ["delete+insert", "--incremental-key", "id"]
WITHIN = [*RANGE, "--interval-start", "2024-01-01"]
SCD2 = ["scd2", "--primary-key", "id"]


def write(folder):
    (folder / "rows.csv").write_text("id,n\n1,n\n2,n\n3,n\n")
    return "csv://rows.csv", "rows", "--no-load-timestamp", "--incremental-strategy"


@pytest.mark.parametrize("what", [
    [KEEP, "CREATE TRIGGER keep BEFORE DELETE ON dest.rows FOR EACH ROW WHEN (OLD.id = 1) EXECUTE FUNCTION dest.keep()"],
    ["CREATE RULE keep AS ON DELETE TO dest.rows DO INSTEAD NOTHING"]], ids=["trigger", "rule"])
def test_a_table_that_keeps_what_is_deleted(ingestr, folder, postgres, what):
    postgres.execute(*OLD, *what)
    outcome = ingestr.ingest(*write(folder), *RANGE, file=postgres.uri())
    assert outcome.status == 2 and "dest.rows: a trigger or a rule of the table keeps rows that are deleted" in outcome.error(), outcome.err
    assert "load by --incremental-strategy merge" in outcome.error()
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "o"), (2, "o")]
    ingestr.load(*write(folder), *MERGE, file=postgres.uri())
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "n"), (2, "n"), (3, "n")]


def test_a_trigger_that_lets_them_go(ingestr, folder, postgres):
    postgres.execute(*OLD, KEEP.replace("NULL", "OLD"), "CREATE TRIGGER keep BEFORE DELETE ON dest.rows FOR EACH ROW EXECUTE FUNCTION dest.keep()")
    ingestr.load(*write(folder), *RANGE, file=postgres.uri())
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "n"), (2, "n"), (3, "n")]


@pytest.mark.parametrize("strategy", [MERGE, RANGE], ids=lambda strategy: strategy[0])
@pytest.mark.parametrize("policies, is_refused", [
    (["CREATE POLICY partly ON dest.rows USING (id > 1) WITH CHECK (true)"], True),
    (["CREATE POLICY every ON dest.rows USING (true)", "CREATE POLICY partly ON dest.rows AS RESTRICTIVE FOR SELECT USING (id > 1)"], True),
    (["CREATE POLICY every ON dest.rows USING (true)", "CREATE POLICY partly ON dest.rows FOR SELECT USING (id > 1)"], False),
], ids=["permissive", "restrictive", "all"])
def test_rows_that_a_policy_hides(ingestr, folder, postgres, strategy, policies, is_refused):
    postgres.execute(*OLD, *ROLE, *policies)
    as_bob = postgres.uri(password="secret").replace(f"//{postgres.user}:", "//bob:")
    outcome = ingestr.ingest(*write(folder), *strategy, file=as_bob)
    if is_refused:
        assert outcome.status == 2 and "dest.rows: row level security may hide rows" in outcome.error(), outcome.err
        assert "load as a user with BYPASSRLS, or by --incremental-strategy append" in outcome.error()
    else:
        assert outcome.status == 0, outcome.err
    rows = [(1, "o"), (2, "o")] if is_refused else [(1, "n"), (2, "n"), (3, "n")]
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == rows
    ingestr.load(*write(folder), *strategy, file=postgres.uri())   # a superuser sees all
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "n"), (2, "n"), (3, "n")]


def test_a_merge_beside_rows_that_a_policy_hides(ingestr, folder, postgres):
    """As of one tenant, whose key is its own."""
    postgres.execute(*OLD, *ROLE, "ALTER TABLE dest.rows ADD PRIMARY KEY (id)", "CREATE POLICY partly ON dest.rows USING (id > 1) WITH CHECK (true)")
    as_bob = postgres.uri(password="secret").replace(f"//{postgres.user}:", "//bob:")
    outcome = ingestr.ingest(*write(folder), *MERGE, file=as_bob)
    assert outcome.status == 1 and "dest.rows: a row with the same key is there already" in outcome.error(), outcome.err
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "o"), (2, "o")]
    (folder / "own.csv").write_text("id,n\n2,n\n3,n\n")
    ingestr.load("csv://own.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *MERGE, file=as_bob)
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == [(1, "o"), (2, "n"), (3, "n")]


def test_a_history_of_rows_that_a_policy_hides(ingestr, folder, postgres):
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE")
    ingestr.load(*write(folder), *SCD2, file=postgres.uri())
    before = postgres.query("SELECT * FROM dest.rows ORDER BY 1")
    postgres.execute(*ROLE, "CREATE POLICY partly ON dest.rows USING (id > 1) WITH CHECK (true)")
    outcome = ingestr.ingest(*write(folder), *SCD2, file=postgres.uri(password="secret").replace(f"//{postgres.user}:", "//bob:"))
    assert outcome.status == 2 and "row level security may hide rows" in outcome.error(), outcome.err
    assert postgres.query("SELECT * FROM dest.rows ORDER BY 1") == before


def test_a_sqlite_trigger_that_ignores_a_deletion(ingestr, folder):
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.executescript("CREATE TABLE rows (id INTEGER, n TEXT); INSERT INTO rows VALUES (1, 'o'), (2, 'o'); "
                                 "CREATE TRIGGER keep BEFORE DELETE ON rows WHEN OLD.id = 1 BEGIN SELECT RAISE(IGNORE); END")
    outcome = ingestr.ingest(*write(folder), *RANGE, file="sqlite:///shop.db", into="rows")
    assert outcome.status == 2 and "rows: a trigger or a rule of the table keeps rows that are deleted" in outcome.error(), outcome.err
    assert connection.execute("SELECT * FROM rows").fetchall() == [(1, "o"), (2, "o")]
    ingestr.load(*write(folder), *MERGE, file="sqlite:///shop.db", into="rows")
    assert connection.execute("SELECT * FROM rows ORDER BY id").fetchall() == [(1, "n"), (2, "n"), (3, "n")]


@pytest.mark.parametrize("flags, held", [(RANGE, "timestamp '2024-06-01'"), (WITHIN, "timestamp '2024-06-01'")], ids=["range", "interval"])
def test_a_table_that_keeps_rows_of_times(ingestr, folder, postgres, flags, held):
    postgres.execute(*OLD[:2], "CREATE TABLE dest.rows (id timestamp, n text)", f"INSERT INTO dest.rows VALUES ({held}, 'o')", KEEP,
                     "CREATE TRIGGER keep BEFORE DELETE ON dest.rows FOR EACH ROW EXECUTE FUNCTION dest.keep()")
    (folder / "rows.csv").write_text("id,n\n2024-06-01T00:00:00,n\n")
    outcome = ingestr.ingest("csv://rows.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *flags, file=postgres.uri())
    assert outcome.status == 2 and "keeps rows that are deleted" in outcome.error(), outcome.err
    assert postgres.query("SELECT n FROM dest.rows") == [("o",)]

"""Tables of PostgreSQL with many columns."""

import time

import pytest

MERGE = ["--incremental-strategy", "merge", "--primary-key", "c0"]


def make(server, columns):
    server.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP TABLE IF EXISTS wide",
                   f"CREATE TABLE wide ({', '.join(f'c{i} int' for i in range(columns))})", "INSERT INTO wide (c0) VALUES (1)")


def test_what_types_columns_have_is_asked_for_once(ingestr, postgres):
    make(postgres, 1600)
    postgres.execute("CREATE DOMAIN whole AS int", "CREATE DOMAIN more AS whole", "ALTER TABLE wide ALTER c1 TYPE more", "ALTER TABLE wide ALTER c2 TYPE whole[] USING NULL")
    try:
        begin = time.monotonic()
        ingestr.load(postgres.uri(), "wide", "--no-load-timestamp", file="csv://wide.csv")
        assert time.monotonic() - begin < 20   # it was a minute
    finally:
        postgres.execute("DROP TABLE wide", "DROP DOMAIN more", "DROP DOMAIN whole")


@pytest.mark.parametrize("columns, flags, words", [
    (1600, [], "columns, and this one would have 1601;"),
    (1600, ["--no-load-timestamp", *MERGE], "columns, of which one counts the rows that land with a key, and this one would have 1600;"),
    (1599, MERGE, "columns, of which one counts the rows that land with a key, and this one would have 1600;")])
def test_a_table_that_would_have_too_many_is_refused_before_rows_are_read(ingestr, postgres, columns, flags, words):
    make(postgres, columns)
    outcome = ingestr.ingest(postgres.uri(), "wide", *flags, file=postgres.uri())
    assert outcome.status == 2 and f"a table of PostgreSQL has at most 1600 {words} leave some out with --sql-exclude-columns" in outcome.error(), outcome.err
    assert postgres.query("SELECT 1 FROM pg_namespace WHERE nspname = 'dest'") == []


@pytest.mark.parametrize("flags", [[], MERGE], ids=["replace", "merge"])
def test_as_many_as_there_may_be(ingestr, postgres, flags):
    make(postgres, 1598 if flags else 1599)
    ingestr.load(postgres.uri(), "wide", *flags, file=postgres.uri())
    assert postgres.query("SELECT c0 FROM dest.rows") == [(1,)]

"""Timestamps of PostgreSQL that no other system has: after the year 294246."""

import pytest

FAR = "'294276-12-31 23:59:59.999999'"   # the last that PostgreSQL has
COLUMNS = {"timestamp": FAR, "timestamptz": "'294247-06-01 00:00+00'", "timestamp[]": f"ARRAY[NULL, timestamp {FAR}]"}
WORDS = 'has a timestamp after the year 294246, beyond which none can be carried; read it with query:SELECT CAST("at" AS text) AS "at"'


def make(server, declared, value, rows=1):
    server.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP TABLE IF EXISTS far", f"CREATE TABLE far (id int, note text, at {declared})",
                   f"INSERT INTO far SELECT i, repeat('x', 400), NULL FROM generate_series(1, {rows}) i", f"UPDATE far SET at = {value} WHERE id = {rows}",
                   "ANALYZE far")


@pytest.mark.parametrize("declared", COLUMNS)
@pytest.mark.parametrize("flags", [(), ("--columns", "at:text"), ("--extract-partition-by", "id")], ids=["", "as text", "in parts"])
def test_one_is_refused_by_its_column(ingestr, postgres, declared, flags):
    make(postgres, declared, COLUMNS[declared])
    outcome = ingestr.ingest(postgres.uri(), "far", *flags)
    assert outcome.status == 1 and f"column at of far {WORDS}" in outcome.error(), outcome.err


def test_one_of_a_large_table_of_a_query_and_of_the_column_that_makes_parts(ingestr, postgres):
    make(postgres, "timestamptz", COLUMNS["timestamptz"], rows=60_000)
    outcome = ingestr.ingest(postgres.uri(), "far")
    assert outcome.status == 1 and f"column at of far {WORDS}" in outcome.error(), outcome.err
    outcome = ingestr.ingest(postgres.uri(), "far", "--extract-partition-by", "at")
    assert outcome.status == 1 and f"column at of far {WORDS}" in outcome.error(), outcome.err
    outcome = ingestr.ingest(postgres.uri(), "query:SELECT at FROM far")
    assert outcome.status == 1 and f"column at of the query of --source-table {WORDS}" in outcome.error(), outcome.err
    ingestr.load(postgres.uri(), "far", "--sql-exclude-columns", "at")


def test_what_is_near_or_infinite_or_text_comes(ingestr, folder, postgres):
    make(postgres, "timestamp", "'294246-12-31 23:59:59.999999'")
    postgres.execute("INSERT INTO far VALUES (2, '', 'infinity'), (3, '', '-infinity'), (4, '', '4713-01-01 BC')")
    ingestr.load(postgres.uri(), "query:SELECT id, at FROM far ORDER BY id", "--no-load-timestamp", file="csv://far.csv")
    assert (folder / "far.csv").read_text() == ("id,at\n1,294246-12-31T23:59:59.999999\n2,infinity\n3,-infinity\n4,4713-01-01 (BC) 00:00:00\n")
    make(postgres, "timestamp", FAR)
    ingestr.load(postgres.uri(), "query:SELECT CAST(at AS text) AS at FROM far", "--no-load-timestamp", file="csv://far.csv")
    assert (folder / "far.csv").read_text() == f"at\n{FAR[1:-1]}\n"


@pytest.mark.parametrize("declared", COLUMNS)
@pytest.mark.parametrize("flags", [(), ("--mask", "note:redact")], ids=["passed on", "by way of the engine"])
def test_from_postgres_to_postgres_it_stays(ingestr, postgres, declared, flags):
    make(postgres, declared, COLUMNS[declared])
    ingestr.load(postgres.uri(), "far", *flags, file=postgres.uri())
    assert postgres.query("SELECT (SELECT at FROM far)::text = at::text FROM dest.rows") == [(True,)]


def test_from_postgres_to_postgres_it_is_refused_where_something_is_made_of_it(ingestr, postgres):
    make(postgres, "timestamp", FAR)
    outcome = ingestr.ingest(postgres.uri(), "far", "--columns", "at:text", file=postgres.uri())
    assert outcome.status == 1 and f"column at of far {WORDS}" in outcome.error(), outcome.err

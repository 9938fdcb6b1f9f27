"""--extract-partition-by: a table of a real server read in parts, side by side."""

import signal

import pytest

import duckdb_file
from program import SOON, wait_until


@pytest.fixture
def shop(postgres):
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgres


def rows(folder, file="attio.duckdb", what="*"):
    return duckdb_file.query(folder / file, f"SELECT {what} FROM dest.rows ORDER BY ALL")


ROWS = [(i, None if i % 7 == 0 else i * 3 - 500) for i in range(1000)]


@pytest.mark.parametrize("flags", [("--extract-partition-by=n",), ("--extract-partition-by=N", "--extract-partition-interval=1000"),
                                   ("--extract-partition-by=id", "--extract-partition-interval=auto", "--extract-parallelism=7"),
                                   ("--extract-partition-by=at", "--extract-partition-interval=12h"),
                                   ("--extract-partition-by=day", "--extract-partition-interval=2w"),
                                   ("--extract-partition-by=zoned",), ("--extract-partition-by=infinite",)])
def test_each_row_comes_once(ingestr, folder, shop, flags):
    shop.execute("CREATE TABLE t (id bigint, n int, at timestamp, day date, zoned timestamptz, infinite timestamp)")
    with shop.connect() as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO t SELECT %s, %s, at, at, at AT TIME ZONE 'UTC', CASE WHEN id = 3 THEN 'infinity' ELSE at END "
                           "FROM (SELECT %s AS id, TIMESTAMP '2026-01-01' + %s * INTERVAL '1 hour' AS at) q",
                           [(id, n, id, id) for id, n in ROWS])
    assert ingestr.load(shop.uri(), "t", "--no-load-timestamp", *flags)["rows"] == 1000
    assert rows(folder, what="id, n") == ROWS
    ingestr.load(shop.uri(), "t", "--no-load-timestamp", file="duckdb:///whole.duckdb")
    assert rows(folder, what="COLUMNS(*)::VARCHAR") == rows(folder, "whole.duckdb", "COLUMNS(*)::VARCHAR")


@pytest.mark.parametrize("by", ["at", "zoned", "day", "far"])
def test_times_of_any_year(ingestr, folder, shop, by):
    shop.execute("CREATE TABLE t (id bigint, at timestamp, zoned timestamptz, day date, far date)",
                 "INSERT INTO t SELECT i, d, d, d, d FROM (SELECT i, TIMESTAMP '2024-01-01' + i * INTERVAL '1 day' AS d FROM generate_series(1, 100) i) q",
                 "INSERT INTO t VALUES (101, '99999-12-31', '99999-12-31', '99999-12-31', '5000000-01-01'), "
                 "(102, '0100-03-01 BC', '0100-03-01 BC', '0100-03-01 BC', '0100-03-01 BC')")
    assert ingestr.load(shop.uri(), "t", "--no-load-timestamp", f"--extract-partition-by={by}")["rows"] == 102
    assert rows(folder, what="id") == [(i,) for i in range(1, 103)]


def test_with_intervals_masks_and_queries(ingestr, folder, shop):
    shop.execute("CREATE TABLE t AS SELECT i AS id, 'name ' || i AS name, TIMESTAMP '2026-01-01' + i * INTERVAL '1 hour' AS at "
                 "FROM generate_series(0, 99) i")
    ingestr.load(shop.uri(), "t", "--no-load-timestamp", "--extract-partition-by=id", "--mask=name:redact", "--sql-exclude-columns=at",
                 "--incremental-key=at", "--interval-start=2026-01-02", "--interval-end=2026-01-03")
    assert rows(folder) == [(i, "REDACTED") for i in range(24, 49)]
    ingestr.load(shop.uri(), "query:SELECT id FROM t WHERE id % 2 = 0", "--no-load-timestamp", "--extract-partition-by=id")
    assert rows(folder) == [(i,) for i in range(0, 100, 2)]
    ingestr.load(shop.uri(), "t", "--no-load-timestamp", "--extract-partition-by=id", "--sql-limit=10", "--sql-exclude-columns=name,at")
    assert len(rows(folder)) == 10
    shop.execute("TRUNCATE t")
    assert ingestr.load(shop.uri(), "t", "--no-load-timestamp", "--extract-partition-by=id")["rows"] == 0


def test_of_mysql(ingestr, folder, mariadb):
    with mariadb.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE TABLE windows (id BIGINT UNSIGNED, at DATETIME, few BIT(8), tiny TINYINT, age YEAR)")
        cursor.executemany("INSERT INTO windows VALUES (%s, TIMESTAMP('2026-01-01') + INTERVAL %s HOUR, %s %% 256, %s %% 100, 2000 + %s %% 100)", [[i] * 5 for i in range(500)])
        connection.commit()
    for flags in (("--extract-partition-by=at",), ("--extract-partition-by=at", "--extract-partition-interval=1d"), ("--extract-partition-by=few",),
                  ("--extract-partition-by=tiny",), ("--extract-partition-by=age",)):
        assert ingestr.load(mariadb.uri(), "windows", "--no-load-timestamp", *flags)["rows"] == 500
        assert [id for id, *_ in rows(folder)] == list(range(500))


def test_ctrl_c_while_several_connections_read(ingestr, shop):
    shop.make_wide("t", 60_000)
    with shop.reading_stops("t"):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), "t", "--extract-partition-by=id"))
        wait_until(lambda: len(shop.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%' AND wait_event_type = 'Lock'")) > 1,
                   "windows are read")
        process.send_signal(signal.SIGINT)
        outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON


def test_an_interval_that_a_batch_does_not_hold_is_refused_by_column(ingestr, folder, shop):
    shop.execute("CREATE TABLE t (id int, i interval, l interval[])",
                 "INSERT INTO t VALUES (1, '3 days 2562047 hours', NULL), (2, '-2562047 hours', NULL)")
    ingestr.load(shop.uri(), "t", "--no-load-timestamp", "--extract-partition-by=id")
    assert rows(folder, what="id, i::VARCHAR") == [(1, "3 days 2562047:00:00"), (2, "-2562047:00:00")]
    for values, column in (("'-3000000 hours', NULL", "i"), ("NULL, '{1 hour,3000000 hours}'", "l")):
        shop.execute("TRUNCATE t", f"INSERT INTO t VALUES (1, {values})")
        outcomes = [ingestr.ingest(shop.uri(), "t", "--extract-partition-by=id"),
                    ingestr.run("preview", "--source-uri", shop.uri(), "--source-table", "t")]
        for outcome in outcomes:
            assert outcome.status == 2 and f"column {column}: the time of an interval is of " in outcome.error(), outcome.err
        ingestr.load(shop.uri(), f"query:SELECT id, CAST({column} AS text) AS i FROM t", "--no-load-timestamp", "--extract-partition-by=id")
        assert "3000000:00:00" in rows(folder)[0][1]
    ingestr.load(shop.uri(), "query:SELECT id, i FROM t", "--no-load-timestamp")


def test_what_the_server_says_of_rows_is_told_in_the_same_words(ingestr, shop):
    shop.execute("CREATE TABLE t AS SELECT i AS id, ARRAY[[i]] AS a FROM generate_series(1, 9) i")
    outcomes = [ingestr.ingest(shop.uri(), "t"), ingestr.ingest(shop.uri(), "t", "--extract-partition-by=id"),
                ingestr.run("preview", "--source-uri", shop.uri(), "--source-table", "t")]
    for outcome in outcomes:
        assert outcome.status == 1 and "an array in it has more dimensions than one; read it with query:" in outcome.error(), outcome.err
        assert "DuckDB" not in outcome.err


@pytest.mark.parametrize("flags, sentence", [
    (("--extract-partition-by=nope",), "--extract-partition-by nope is no column of the source; its columns are id, name"),
    (("--extract-partition-by=name",), "--extract-partition-by name is VARCHAR; name a column of integers, dates or timestamps"),
    (("--extract-partition-by=id", "--extract-partition-interval=1h"), "must be a whole number"),
    (("--extract-partition-by=id", "--extract-partition-interval=soon"), "is no interval; write auto"),
    (("--extract-partition-by=id", "--extract-parallelism=4611686018427387904"),
     "--extract-parallelism must be at most 1000, not 4611686018427387904"),
    (("--extract-partition-by=id", "--extract-parallelism=18446744073709551615"), "--extract-parallelism must be at most 9223372036854775807"),
    (("--extract-partition-interval=10",), "name it with --extract-partition-by"),
])
def test_what_cannot_be_cut_is_refused(ingestr, shop, flags, sentence):
    shop.execute("CREATE TABLE t (id bigint, name text)")
    outcome = ingestr.ingest(shop.uri(), "t", *flags)
    assert outcome.status == 2 and sentence in outcome.error()


def test_other_sources_are_refused(ingestr, folder):
    (folder / "t.csv").write_text("id\n1\n")
    outcome = ingestr.ingest("csv://t.csv", "t", "--extract-partition-by=id")
    assert outcome.status == 2 and "--extract-partition-by is for PostgreSQL and MySQL" in outcome.error()

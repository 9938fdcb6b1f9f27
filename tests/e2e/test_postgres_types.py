"""From one PostgreSQL database into another a new table has the types of the source, whichever way rows come."""

import pytest

import manual

VALUES = {   # a column's type: what it becomes, and what it holds, as SQL
    "numeric": ("numeric", ["1.50", "'NaN'", "'-Infinity'", "1234567890123456789012345678901234567890123456789.5"]),
    "numeric(50,2)": ("numeric", ["123456789012345678901234567890123456789012345678.25"]),
    "numeric(9,2)": ("numeric(9,2)", ["1.50"]),
    "jsonb": ("jsonb", ["""'{"a": [1.50, null]}'""", "'null'", "'\"x\"'"]),
    "json": ("json", ["""'{"b": 1.0, "a":2,  "b":2}'"""]),
    "inet": ("inet", ["'10.0.0.0/8'", "'::1'"]),
    "cidr": ("cidr", ["'10.0.0.0/8'"]),
    "macaddr": ("macaddr", ["'08:00:2b:01:02:03'"]),
    "macaddr8": ("macaddr8", ["'08:00:2b:01:02:03:04:05'"]),
    "bit(3)": ("bit varying", ["B'101'"]),
    "bit varying(5)": ("bit varying", ["B'10'", "B''"]),
    "timetz": ("time with time zone", ["'10:00:00.5+05:30'"]),
    "xml": ("xml", ["'<a b=\"1\">ü</a>'", "'no <b/> document'"]),
    "tsvector": ("tsvector", ["'''it''''s'':1A fat:2 '' '':3'"]),
    "tsquery": ("tsquery", ["'fat & (rat | !cat:A) <2> x'"]),
    "int8range": ("int8range", ["'[1,)'", "'empty'"]),
    "numrange": ("numrange", ["'(1.50,3]'"]),
    "tstzrange": ("tstzrange", ["'[2024-01-01 00:00+02,infinity)'"]),
    "datemultirange": ("datemultirange", ["'{[2024-01-01,2024-02-01),[2025-01-01,)}'"]),
    "point": ("point", ["'(0.1,-1e300)'"]),
    "line": ("line", ["'{1,2,3}'"]),
    "lseg": ("lseg", ["'[(1,2),(3,4)]'"]),
    "box": ("box", ["'(1,2),(0,0)'"]),
    "path": ("path", ["'[(1,2),(3,4)]'", "'((1,2),(3,4))'"]),
    "polygon": ("polygon", ["'((1,2),(3,4),(5,6))'"]),
    "circle": ("circle", ["'<(1,2),3>'"]),
    "jsonpath": ("jsonpath", ["'$.a[*] ? (@ > 1)'"]),
    "pg_lsn": ("pg_lsn", ["'16/B374D848'"]),
    "numeric(9,2)[]": ("numeric[]", ["'{1.50,NULL,NaN}'"]),
    "jsonb[]": ("jsonb[]", ["""ARRAY['{"a": ",}"}', NULL, 'null']::jsonb[]"""]),
    "inet[]": ("inet[]", ["'{10.0.0.1,::1}'", "'{}'"]),
    "box[]": ("box[]", ["'{(1,2),(0,0);(3,4),(0,0)}'"]),   # no commas between them
    "tsvector[]": ("tsvector[]", ["ARRAY['''a,\"b'' c']::tsvector[]"]),
    "address": ("inet", ["'10.0.0.1'"]),   # a domain is what it is made of
    "text": ("text", ["'x'"]),
    "varchar(20)": ("text", ["'x'"]),
    "char(5)": ("text", ["'abcde'"]),
    "citext": ("text", ["'X'"]),
    "mood": ("text", ["'so so'"]),
    "mood[]": ("text[]", ["'{so so}'"]),
    "money": ("text", ["1.5"]),
    "name": ("text", ["'x'"]),
    "regclass": ("text", ["'pg_class'"]),
    "oid": ("bigint", ["4294967295"]),
    "timestamp(0)": ("timestamp without time zone", ["'2024-01-01'"]),
}
WAYS = {"passed on": (), "by way of the engine": ("--mask", "note:redact")}
PASSED_ON = "TO STDOUT (FORMAT binary)"   # what the source's server is asked for then, and only then


@pytest.fixture
def shop(postgres):
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
                     "CREATE EXTENSION citext", "CREATE TYPE mood AS ENUM ('so so')", "CREATE DOMAIN address AS inet")
    return postgres


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def copy(ingestr, server, table, *flags, **options):
    return ingestr.load(server.uri(), table, "--no-load-timestamp", *flags, file=server.uri(), **options)


def types(server, table="dest.rows"):
    return dict(server.query(f"SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{table}'::regclass "
                             "AND attnum > 0 AND NOT attisdropped ORDER BY attnum"))


def texts(server, table, *columns):
    return server.query(f"SELECT {', '.join(f'{column}::text' for column in columns)} FROM {table} ORDER BY id")


@pytest.fixture
def odd(shop):
    """A table of every type; each value is in a row of its own."""
    shop.execute("CREATE TABLE odd (id int PRIMARY KEY, note text, " + ", ".join(f"c{n} {kind}" for n, kind in enumerate(VALUES)) + ")",
                 "INSERT INTO odd VALUES (0, 'empty')")
    for n, (kind, (_, values)) in enumerate(VALUES.items()):
        for place, value in enumerate(values, 1):
            shop.execute(f"INSERT INTO odd (id, note, c{n}) VALUES ({place}, 'x', ({value})::{kind}) "
                         f"ON CONFLICT (id) DO UPDATE SET c{n} = excluded.c{n}")
    shop.execute("CREATE VIEW odd_too AS SELECT * FROM odd")
    return shop


def test_the_example_of_the_page(ingestr, odd):
    odd.execute("CREATE TABLE events AS SELECT * FROM odd", "DROP SCHEMA IF EXISTS copies CASCADE")
    outcome = ingestr.run(*manual.example("postgres", "## From PostgreSQL to PostgreSQL", source_uri=odd.uri(), dest_uri=odd.uri()))
    assert outcome.status == 0, outcome.err
    assert {name: types(odd, "copies.events")[name] for name in MADE} == MADE


COLUMNS = [f"c{n}" for n in range(len(VALUES))]
MADE = {f"c{n}": made for n, (made, _) in enumerate(VALUES.values())}
STRATEGIES = {"replace": (), "refresh": ("--full-refresh",), "append": (), "merge": ("--primary-key", "id"),
              "delete+insert": ("--incremental-key", "id"), "scd2": ("--primary-key", "id")}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_new_table_has_the_types_of_the_source_and_keeps_them(ingestr, odd, way, strategy):
    flags = ("--incremental-strategy", "replace" if strategy == "refresh" else strategy, *STRATEGIES[strategy], *way)
    rows = texts(odd, "odd", "id", *COLUMNS)
    for run in range(3):
        copy(ingestr, odd, "odd", *flags)
        assert {name: kind for name, kind in types(odd).items() if name in MADE} == MADE
        there = texts(odd, "dest.rows", "id", *COLUMNS)
        if strategy == "append":
            assert there == [row for row in rows for _ in range(run + 1)]
        else:
            assert there == rows
    assert odd.query("SELECT count(*) FROM pg_class WHERE relname LIKE '\\_ingestr%'") == [(0,)]


@pytest.mark.parametrize("source", ["odd_too", "query:SELECT * FROM odd"])
def test_views_and_queries_have_types_too(ingestr, odd, way, source):
    copy(ingestr, odd, source, *way)
    assert {name: types(odd)[name] for name in MADE} == MADE
    assert texts(odd, "dest.rows", "id", *COLUMNS) == texts(odd, "odd", "id", *COLUMNS)


def test_rows_of_many_windows_have_types_too(ingestr, odd):
    copy(ingestr, odd, "odd", "--extract-partition-by", "id", "--extract-partition-interval", "2")
    assert {name: types(odd)[name] for name in MADE} == MADE
    assert texts(odd, "dest.rows", "id", *COLUMNS) == texts(odd, "odd", "id", *COLUMNS)


def test_rows_without_casts_are_passed_on(ingestr, odd):
    odd.execute("ALTER DATABASE shop SET log_statement = 'all'")
    log = odd.folder / "log"
    before = log.stat().st_size
    try:
        copy(ingestr, odd, "odd")
    finally:
        odd.execute("ALTER DATABASE shop RESET log_statement")
    said = log.read_bytes()[before:].decode()
    assert PASSED_ON in said and 'CAST("c5" AS inet)' in said and "SET DATA TYPE" not in said


def test_a_part_of_a_document_comes_whatever_the_role_takes_xml_for(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, x xml)", "INSERT INTO t VALUES (1, 'n', 'no <b/> document')", "ALTER ROLE CURRENT_USER SET xmloption = document")
    try:
        copy(ingestr, shop, "t", *way)
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET xmloption")
    assert texts(shop, "dest.rows", "x") == [("no <b/> document",)] and types(shop)["x"] == "xml"


@pytest.mark.parametrize("columns, kinds", [
    ("id:bigint", {"id": "bigint", "n": "numeric", "doc": "jsonb", "a": "inet[]"}),
    ("n:text,doc:json,a:text", {"id": "integer", "n": "text", "doc": "json", "a": "text"}),
    ("n:double,a:json", {"id": "integer", "n": "double precision", "doc": "jsonb", "a": "json"}),
    ("amount::n,body::doc", {"id": "integer", "amount": "numeric", "body": "jsonb", "a": "inet[]"})])
def test_columns_that_get_a_name_or_a_type(ingestr, shop, columns, kinds):
    shop.execute("CREATE TABLE t (id int, n numeric, doc jsonb, a inet[])", "INSERT INTO t VALUES (1, 1.5, '{}', '{::1}')")
    copy(ingestr, shop, "t", "--columns", columns)
    assert types(shop) == kinds


def test_a_masked_or_trimmed_column(ingestr, shop):
    shop.execute("CREATE TABLE t (id int, n numeric, a inet)", "INSERT INTO t VALUES (1, 1.5, '::1')")
    copy(ingestr, shop, "t", "--mask", "a:hash")
    assert types(shop) == {"id": "integer", "n": "numeric", "a": "text"}
    copy(ingestr, shop, "t", "--trim-whitespace", "--sql-exclude-columns", "id", "--full-refresh")
    assert types(shop) == {"n": "numeric", "a": "inet"}


def test_a_table_that_was_loaded_as_text_stays_so_until_it_is_made_anew(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int PRIMARY KEY, note text, n numeric, doc jsonb, a inet[], x xml)",
                 "INSERT INTO t VALUES (1, '', 1.50, '[1]', '{::1}', '<a/>')", "CREATE SCHEMA dest",
                 "CREATE TABLE dest.rows (id int PRIMARY KEY, note text, n text, doc json, a text[], x varchar(9))",
                 "CREATE VIEW seen AS SELECT * FROM dest.rows")
    before = types(shop)
    for strategy in ("replace", "append", "merge", "delete+insert"):
        if strategy == "append":
            shop.execute("DELETE FROM dest.rows")
        key = ("--incremental-key", "id") if strategy == "delete+insert" else ("--primary-key", "id")
        copy(ingestr, shop, "t", "--incremental-strategy", strategy, *key, *way)
        assert types(shop) == before
        assert texts(shop, "seen", "n", "doc", "a", "x") == [("1.50", "[1]", "{::1/128}", "<a/>")], strategy
    shop.execute("DROP VIEW seen")
    copy(ingestr, shop, "t", "--full-refresh", *way)
    assert types(shop) == types(shop, "t")


def test_a_column_that_comes_later_has_its_type(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int PRIMARY KEY, note text)", "INSERT INTO t VALUES (1, '')")
    merge = ("--incremental-strategy", "merge", *way)
    copy(ingestr, shop, "t", *merge)
    shop.execute("ALTER TABLE t ADD n numeric DEFAULT 'NaN', ADD doc jsonb DEFAULT '[]', ADD a cidr[] DEFAULT '{::/0}'")
    for _ in range(2):
        copy(ingestr, shop, "t", *merge)
        assert types(shop) == types(shop, "t")
        assert texts(shop, "dest.rows", "n", "doc", "a") == texts(shop, "t", "n", "doc", "a")
    copy(ingestr, shop, "t", *merge[:2], "--schema-contract", "freeze", *way)


def test_replace_follows_a_type_that_changes(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, v inet)", "INSERT INTO t VALUES (1, '', '10.0.0.0/8')")
    for kind, there in (("cidr", "cidr"), ("text", "text"), ("inet", "text")):   # of text there is no need for another
        copy(ingestr, shop, "t", *way)
        shop.execute(f"ALTER TABLE t ALTER v TYPE {kind} USING v::{kind}")
        copy(ingestr, shop, "t", *way)
        assert types(shop)["v"] == there and texts(shop, "dest.rows", "v") == texts(shop, "t", "v")


def test_replace_keeps_what_others_gave_a_table_of_such_types(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, n numeric, doc jsonb)", "INSERT INTO t VALUES (1, '', 1.50, '{\"a\": 1}')")
    copy(ingestr, shop, "t", *way)
    shop.execute("CREATE INDEX docs ON dest.rows USING gin (doc)", "CREATE VIEW sums AS SELECT sum(n) FROM dest.rows",
                 "INSERT INTO t VALUES (2, '', 'NaN', '[]')")
    copy(ingestr, shop, "t", *way)
    assert types(shop) == types(shop, "t") and shop.query("SELECT sum::text FROM sums") == [("NaN",)]
    assert shop.query("SELECT count(*) FROM pg_indexes WHERE indexname = 'docs'") == [(1,)]


def test_keys_of_such_types(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, n numeric, a inet)",
                 "INSERT INTO t VALUES (1, '', 1.0, '::1'), (2, '', 1.00, '::1'), (3, '', 'NaN', '::2'), (4, '', 'Infinity', NULL)")
    merge = ("--incremental-strategy", "merge", "--primary-key", "n", *way)
    for ids in ([(2,), (3,), (4,)], [(3,), (4,), (5,)]):
        copy(ingestr, shop, "t", *merge)
        assert shop.query("SELECT id FROM dest.rows ORDER BY id") == ids
        shop.execute("INSERT INTO t VALUES (5, '', 1, '::3')")
    outcome = ingestr.ingest(shop.uri(), "t", "--incremental-strategy", "merge", "--primary-key", "a", *way, file=shop.uri(), into="dest.other")
    assert outcome.status == 1 and "a row without a key cannot be told from others" in outcome.error()


def test_the_row_with_the_highest_number_counts(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, n numeric, v text)",
                 "INSERT INTO t VALUES (1, '', 10, 'new'), (1, '', 9, 'old'), (1, '', 2, 'oldest')")
    merge = ("--incremental-strategy", "merge", "--primary-key", "id", "--incremental-key", "n", *way)
    for version in ("new", "newer"):
        copy(ingestr, shop, "t", *merge)
        assert shop.query("SELECT v FROM dest.rows") == [(version,)]
        shop.execute("INSERT INTO t VALUES (1, '', 100, 'newer')")


def test_a_range_of_numbers_is_one_from_the_first_run_on(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, n numeric)", "INSERT INTO t VALUES (1, '', 9), (2, '', 10.5)")
    by_range = ("--incremental-strategy", "delete+insert", "--incremental-key", "n", *way)
    for _ in range(2):
        copy(ingestr, shop, "t", *by_range)
        assert texts(shop, "dest.rows", "n") == [("9",), ("10.5",)]
        shop.execute("UPDATE t SET note = 'again'")


@pytest.mark.parametrize("kind, value", [
    ("xml", "<a/>"), ("point", "(1,2)"), ("box", "(1,2),(0,0)"), ("jsonpath", "$"), ("jsonb", "1"), ("jsonb[]", "{1}"), ("point[]", '{"(1,2)"}')])
def test_a_type_without_equality_is_no_key(ingestr, shop, way, kind, value):
    shop.execute(f"CREATE TABLE t (id int, note text, k {kind})", f"INSERT INTO t VALUES (1, '', '{value}')")
    outcome = ingestr.ingest(shop.uri(), "t", "--incremental-strategy", "merge", "--primary-key", "k", *way, file=shop.uri())
    shown = {"jsonb": "JSON", "jsonb[]": "json[]"}.get(kind, kind)
    assert outcome.status == 2 and f"k is {shown}, and PostgreSQL cannot tell whether two {shown} values are the same" in outcome.error()
    assert "--columns k:text" in outcome.error() and shop.query("SELECT to_regclass('dest.rows') IS NULL") == [(True,)]


def test_citext_is_a_key_of_texts(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int, note text, k citext PRIMARY KEY)", "INSERT INTO t VALUES (1, '', 'A'), (2, '', 'b')")
    for _ in range(2):
        copy(ingestr, shop, "t", "--incremental-strategy", "merge", *way)
    assert types(shop)["k"] == "text" and texts(shop, "dest.rows", "k") == [("A",), ("b",)]


def test_versions_are_told_apart_by_values(ingestr, shop, way):
    shop.execute("CREATE TABLE t (id int PRIMARY KEY, note text, n numeric, doc jsonb, b box, x xml)",
                 "INSERT INTO t VALUES (1, '', 1.5, '{\"a\": 1}', '(1,2),(0,0)', '<a/>')")
    changes = ("n = 1.50", 1), ("doc = '{\"a\":  1}'", 1), ("n = 'NaN'", 2), ("b = '(2,1),(0,0)'", 3), ("x = '<b/>'", 4), ("doc = '[]'", 5)
    for change, versions in changes:
        copy(ingestr, shop, "t", "--incremental-strategy", "scd2", *way)
        shop.execute(f"UPDATE t SET {change}")
        copy(ingestr, shop, "t", "--incremental-strategy", "scd2", *way)
        assert shop.query("SELECT count(*), count(*) FILTER (WHERE _scd_is_current) FROM dest.rows") == [(versions, 1)], change


def test_a_dry_run_shows_the_types(ingestr, shop):
    shop.execute("CREATE TABLE t (id int, note text, n numeric, doc jsonb)")
    plan = ingestr.ingest(shop.uri(), "t", "--dry-run", file=shop.uri()).out
    assert "create table dest._ingestr_landing_rows (id INTEGER, note VARCHAR, n numeric, doc jsonb)" in plan and "source's types" not in plan
    plan = ingestr.ingest(shop.uri(), "t", "--dry-run", "--mask", "note:redact", file=shop.uri()).out
    assert "create table dest._ingestr_landing_rows (id INTEGER, note VARCHAR, n VARCHAR, doc JSON)" in plan
    assert "give columns of dest._ingestr_landing_rows the source's types: n numeric, doc jsonb" in plan


def test_other_destinations_have_types_of_ours(ingestr, odd, folder):
    copied = ingestr.ingest(odd.uri(), "odd", "--dry-run", file="duckdb:///copy.duckdb").out
    assert "source's types" not in copied and "c0 VARCHAR" in copied and "c3 JSON" in copied

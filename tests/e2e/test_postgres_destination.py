"""PostgreSQL as a destination, against the real server, read back by psycopg."""

import contextlib
import datetime
import signal
import uuid

import duckdb
import pytest

import manual
from postgres_server import PASSWORD, PostgresServer
from program import wait_until


@pytest.fixture
def shop(postgres):
    """The server, with nothing in its database."""
    postgres.execute("DROP SCHEMA IF EXISTS dest CASCADE", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgres


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return f"csv://{name}"


def into(server, **options):
    return {"file": server.uri(**options)}


def columns(server, table="dest.rows"):
    return server.query(f"SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{table}'::regclass "
                        "AND attnum > 0 AND NOT attisdropped ORDER BY attnum")


TYPES = [  # in DuckDB; its values; in PostgreSQL; its values as text
    ("BOOLEAN", ["true"], "boolean", ["true"]),
    ("TINYINT", ["-128"], "smallint", ["-128"]),
    ("INTEGER", ["2147483647"], "integer", ["2147483647"]),
    ("UINTEGER", ["4294967295"], "bigint", ["4294967295"]),
    ("UBIGINT", ["18446744073709551615"], "numeric(20,0)", ["18446744073709551615"]),
    ("HUGEINT", ["170141183460469231731687303715884105727"], "text", ["170141183460469231731687303715884105727"]),
    ("FLOAT", ["1.1", "nan", "-inf"], "real", ["1.1", "NaN", "-Infinity"]),
    ("DOUBLE", ["0.1", "1.7976931348623157e308"], "double precision", ["0.1", "1.7976931348623157e+308"]),
    ("DECIMAL(38,9)", ["12345678901234567890123456789.123456789", "-0.000000001"], "numeric(38,9)",
     ["12345678901234567890123456789.123456789", "-0.000000001"]),
    ("VARCHAR", ["ü ☃ 🜁\n\t'\"\\N\\", ""], "text", ["ü ☃ 🜁\n\t'\"\\N\\", ""]),
    ("BLOB", ["\\x00\\xFF'"], "bytea", ["\\x00ff27"]),
    ("DATE", ["2024-02-29", "0044-03-15 (BC)", "infinity"], "date", ["2024-02-29", "0044-03-15 BC", "infinity"]),
    ("TIME", ["10:30:00.123456", "00:00:00"], "time without time zone", ["10:30:00.123456", "00:00:00"]),
    ("TIMESTAMP", ["2024-01-01 10:00:00.123456", "-infinity"], "timestamp without time zone",
     ["2024-01-01 10:00:00.123456", "-infinity"]),
    ("TIMESTAMPTZ", ["2024-07-01 10:00:00.5-04"], "timestamp with time zone", ["2024-07-01 14:00:00.5+00"]),
    ("INTERVAL", ["1 year 2 months 3 days 04:05:06.7"], "interval", ["1 year 2 mons 3 days 04:05:06.7"]),
    ("UUID", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], "uuid", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("JSON", ['{"b": 1.0, "a":12345678901234567890123,  "b":2}'], "json", ['{"b": 1.0, "a":12345678901234567890123,  "b":2}']),
    ("INTEGER[]", ["[1, NULL, 3]", "[]"], "integer[]", ["{1,NULL,3}", "{}"]),
    ("VARCHAR[]", ["['a', 'b,c', '', 'it''s']"], "text[]", ["{a,\"b,c\",\"\",it's}"]),
    ("DECIMAL(9,2)[]", ["[1.50, -0.01]"], "numeric(9,2)[]", ["{1.50,-0.01}"]),
    ("INTEGER[][]", ["[[1, 2], [3]]"], "json", ["[[1,2],[3]]"]),
    ("STRUCT(a INTEGER)", ["{'a': 1}"], "text", ["{'a': 1}"]),
]


def test_types(ingestr, folder, shop):
    with duckdb.connect(folder / "types.duckdb") as connection:
        names = [f"c{i}" for i in range(len(TYPES))]
        rows = max(len(values) for _, values, _, _ in TYPES)
        connection.execute("CREATE TABLE t (" + ", ".join(f"{name} {one[0]}" for name, one in zip(names, TYPES)) + ")")
        for row in range(rows + 1):
            values = []
            for of, literals, _, _ in TYPES:
                text = literals[row] if row < len(literals) else None
                nested = of.endswith("[]") or of.startswith("STRUCT")
                values.append("NULL" if text is None else text if nested else f"CAST('{text.replace(chr(39), chr(39) * 2)}' AS {of})")
            connection.execute(f"INSERT INTO t VALUES ({', '.join(values)})")
    ingestr.load("duckdb:///types.duckdb", "t", "--no-load-timestamp", **into(shop))
    assert columns(shop) == [(name, one[2]) for name, one in zip(names, TYPES)]
    for name, (_, _, _, texts) in zip(names, TYPES):
        found = query_utc(shop, f"SELECT {name}::text FROM dest.rows ORDER BY ctid")
        assert found == texts + [None] * (rows + 1 - len(texts)), name


def query_utc(server, sql):
    with server.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return [row[0] for row in connection.execute(sql).fetchall()]


def test_strategies_by_themselves(ingestr, folder, shop):
    first = write(folder, "first.csv", "id,name,at\n1,a,2024-01-01\n2,b,2024-01-02\n3,c,2024-01-03\n")
    second = write(folder, "second.csv", "id,name,at,more\n2,B,2024-01-02,x\n4,d,2024-01-04,y\n")
    both = ["--no-load-timestamp"]
    day = datetime.date
    ingestr.load(first, "rows", "--incremental-strategy", "merge", "--primary-key", "id", *both, **into(shop))
    ingestr.load(second, "rows", "--incremental-strategy", "merge", "--primary-key", "id", *both, **into(shop))
    merged = [(1, "a", day(2024, 1, 1), None), (2, "B", day(2024, 1, 2), "x"), (3, "c", day(2024, 1, 3), None), (4, "d", day(2024, 1, 4), "y")]
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == merged
    ingestr.load(second, "rows", "--incremental-strategy", "append", *both, **into(shop))
    assert shop.query("SELECT count(*) FROM dest.rows") == [(6,)]
    ingestr.load(second, "rows", "--incremental-strategy", "delete+insert", "--incremental-key", "at", *both, **into(shop))
    assert shop.query("SELECT id FROM dest.rows ORDER BY id") == [(1,), (2,), (4,)]
    ingestr.load(first, "rows", *both, **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "a", day(2024, 1, 1)), (2, "b", day(2024, 1, 2)), (3, "c", day(2024, 1, 3))]
    history = dict(into="dest.history", **into(shop))
    ingestr.load(first, "rows", "--incremental-strategy", "scd2", "--primary-key", "id", *both, **history)
    ingestr.load(second, "rows", "--incremental-strategy", "scd2", "--primary-key", "id", *both, **history)
    assert shop.query("SELECT id, name, _scd_is_current FROM dest.history ORDER BY id, _scd_valid_from") == [
        (1, "a", False), (2, "b", False), (2, "B", True), (3, "c", False), (4, "d", True)]
    assert landings(shop) == []


def landings(server):
    return server.query("SELECT relname FROM pg_class WHERE relname LIKE '\\_ingestr%'")


def test_replace_keeps_what_others_gave_the_table(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, name varchar(20), extra text)",
                 "INSERT INTO dest.rows VALUES (7, 'old', 'x'), (1, 'old', 'y')",
                 "CREATE VIEW dest.names AS SELECT id, name FROM dest.rows",
                 "CREATE TABLE dest.child (of bigint REFERENCES dest.rows (id) ON DELETE CASCADE DEFERRABLE)", "INSERT INTO dest.child VALUES (1)",
                 "DROP ROLE IF EXISTS reader", "CREATE ROLE reader", "GRANT SELECT ON dest.rows TO reader",
                 "CREATE INDEX by_name ON dest.rows (name)")
    identity = shop.query("SELECT 'dest.rows'::regclass::oid")
    source = write(folder, "rows.csv", "id,name,added\n1,new,2024-01-01\n2,newer,\n")
    ingestr.load(source, "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new", datetime.date(2024, 1, 1)), (2, "newer", None)]
    assert columns(shop) == [("id", "bigint"), ("name", "character varying(20)"), ("added", "date")]
    assert shop.query("SELECT * FROM dest.names ORDER BY id") == [(1, "new"), (2, "newer")]
    assert shop.query("SELECT * FROM dest.child") == [(1,)]
    assert shop.query("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'dest.child'::regclass") == [
        ("FOREIGN KEY (of) REFERENCES dest.rows(id) ON DELETE CASCADE DEFERRABLE",)]
    assert shop.query("SELECT has_table_privilege('reader', 'dest.rows', 'SELECT')") == [(True,)]
    assert shop.query("SELECT count(*) FROM pg_indexes WHERE tablename = 'rows'") == [(2,)]
    assert shop.query("SELECT 'dest.rows'::regclass::oid") == identity

    # What others need is not taken away, and then nothing is.
    lost = write(folder, "lost.csv", "id,name\n5,a\n")
    error = ingestr.ingest(lost, "rows", **into(shop)).error()
    assert "child" in error and "is not present in table" in error, error
    unnamed = write(folder, "unnamed.csv", "id\n1\n")
    error = ingestr.ingest(unnamed, "rows", **into(shop)).error()
    assert "view dest.names depends on column name of table dest.rows" in error, error
    assert shop.query("SELECT id, name FROM dest.rows ORDER BY id") == [(1, "new"), (2, "newer")]
    assert landings(shop) == []


def test_replace_finds_columns_whatever_their_case(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", 'CREATE TABLE dest.rows ("ID" bigint PRIMARY KEY, "Name" text NOT NULL, gone text)',
                 "INSERT INTO dest.rows VALUES (1, 'old', 'x')", 'CREATE VIEW dest.names AS SELECT "Name" FROM dest.rows')
    ingestr.load(write(folder, "rows.csv", "id,NAME\n2,y\n"), "rows", "--no-load-timestamp", **into(shop))
    assert columns(shop) == [("ID", "bigint"), ("Name", "text")]
    assert shop.query("SELECT * FROM dest.rows") == [(2, "y")] and shop.query("SELECT * FROM dest.names") == [("y",)]
    assert shop.query("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'dest.rows'::regclass AND contype = 'p'") == [
        ('PRIMARY KEY ("ID")',)]


def identity(server, table="dest.rows"):
    """The types of the columns, whether they count up by themselves, and their defaults."""
    return server.query("SELECT attname, format_type(atttypid, atttypmod), attidentity, pg_get_expr(adbin, adrelid) FROM pg_attribute "
                        f"LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = '{table}'::regclass AND attnum > 0 "
                        "AND NOT attisdropped ORDER BY attnum")


@pytest.mark.parametrize("kind, letter", [("BY DEFAULT", "d"), ("ALWAYS", "a")])
@pytest.mark.parametrize("flags", [[], ["append"], ["merge", "--primary-key", "id"]], ids=" ".join)
def test_identity_columns_take_rows_and_stay(ingestr, folder, shop, kind, letter, flags):
    shop.execute("CREATE SCHEMA dest", f"CREATE TABLE dest.rows (id int GENERATED {kind} AS IDENTITY (START WITH 50) PRIMARY KEY, n text)",
                 "INSERT INTO dest.rows (id, n) OVERRIDING SYSTEM VALUE VALUES (1, 'old'), (3, 'old')")
    source = write(folder, "rows.csv", "id,n\n2,x\n" if flags == ["append"] else "id,n\n1,x\n2,y\n")
    strategy = ["--incremental-strategy", *flags] if flags else []
    ingestr.load(source, "rows", "--no-load-timestamp", *strategy, **into(shop))
    rows = {"": [(1, "x"), (2, "y")], "append": [(1, "old"), (2, "x"), (3, "old")], "merge": [(1, "x"), (2, "y"), (3, "old")]}
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == rows[flags[0] if flags else ""]
    assert identity(shop) == [("id", "integer" if flags else "bigint", letter, None), ("n", "text", "", None)]
    shop.execute("INSERT INTO dest.rows (n) VALUES ('next')")
    assert shop.query("SELECT id FROM dest.rows WHERE n = 'next'") == [(50,)]


def test_an_identity_that_no_merge_can_change(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint GENERATED ALWAYS AS IDENTITY, n text)", "INSERT INTO dest.rows (n) VALUES ('a')")
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,n\n7,a\n"), "rows", "--no-load-timestamp", "--incremental-strategy", "merge",
                             "--primary-key", "n", **into(shop))
    assert outcome.status == 2 and "column id of dest.rows is GENERATED ALWAYS AS IDENTITY" in outcome.error(), outcome.error()
    assert shop.query("SELECT * FROM dest.rows") == [(1, "a")] and landings(shop) == []


def test_replace_keeps_defaults_of_columns_that_get_another_type(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id serial PRIMARY KEY, n int DEFAULT 7, at timestamptz DEFAULT now(), d date DEFAULT "
                 "'2020-01-01', s int DEFAULT 5, gone int DEFAULT 1)", "INSERT INTO dest.rows DEFAULT VALUES")
    source = write(folder, "rows.csv", "id,n,at,d,s\n10,2,2026-01-01T10:00:00,2026-01-01T00:00:01,true\n")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status == 0, outcome.err
    assert "dest.rows lost what its new columns do not allow: s DEFAULT 5" in outcome.out + outcome.err
    stamp = "timestamp without time zone"
    assert identity(shop) == [("id", "bigint", "", "nextval('dest.rows_id_seq'::regclass)"), ("n", "bigint", "", "7"), ("at", stamp, "", "now()"),
                              ("d", stamp, "", "'2020-01-01'::date"), ("s", "boolean", "", None)]
    shop.execute("INSERT INTO dest.rows DEFAULT VALUES")
    assert shop.query("SELECT id, n FROM dest.rows ORDER BY id") == [(2, 7), (10, 2)]
    ingestr.load(write(folder, "rows.csv", "id,n\nx,y\n"), "rows", "--no-load-timestamp", **into(shop))
    assert identity(shop)[0] == ("id", "text", "", "nextval('dest.rows_id_seq'::regclass)")


def test_replace_of_an_identity_by_texts(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)")
    outcome = ingestr.ingest(write(folder, "rows.csv", "id\nx\n"), "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status == 0 and "lost what its new columns do not allow: id GENERATED AS IDENTITY" in outcome.out + outcome.err, outcome.err
    assert shop.query("SELECT * FROM dest.rows") == [("x",)] and identity(shop) == [("id", "text", "", None)]


OLD = ["CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, n text, gone bool NOT NULL DEFAULT false)",
       "INSERT INTO dest.rows VALUES (1, 'old')"]
SOFT = "CREATE FUNCTION dest.soft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE dest.rows SET gone = true WHERE id = OLD.id; RETURN NULL; END $$"


@pytest.mark.parametrize("what, words", [
    ([SOFT, "CREATE TRIGGER soft BEFORE DELETE ON dest.rows FOR EACH ROW EXECUTE FUNCTION dest.soft()"], "a trigger or a rule of the table keeps"),
    (["CREATE RULE soft AS ON DELETE TO dest.rows DO INSTEAD UPDATE dest.rows SET gone = true WHERE id = OLD.id"], "a trigger or a rule of the table keeps"),
    (["CREATE POLICY partly ON dest.rows USING (id > 1)"], "row level security may hide rows"),
    (["CREATE POLICY every ON dest.rows USING (true)", "CREATE POLICY partly ON dest.rows AS RESTRICTIVE USING (id > 1)"], "row level security may hide rows"),
    (["CREATE POLICY every ON dest.rows USING (true)"], ""),
], ids=["trigger", "rule", "policy", "restrictive", "all"])
def test_replace_leaves_no_old_row_beside_the_new_ones(ingestr, folder, shop, what, words):
    shop.execute(*OLD, *what, "DROP ROLE IF EXISTS owner", "CREATE ROLE owner LOGIN PASSWORD 'secret'", "ALTER TABLE dest.rows OWNER TO owner",
                 "ALTER SCHEMA dest OWNER TO owner")
    if "POLICY" in what[0]:
        shop.execute("ALTER TABLE dest.rows ENABLE ROW LEVEL SECURITY", "ALTER TABLE dest.rows FORCE ROW LEVEL SECURITY")
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,n,gone\n2,new,false\n"), "rows", "--no-load-timestamp",
                             file=shop.uri(password="secret").replace(f"//{shop.user}:", "//owner:"))
    if words:
        assert outcome.status == 2 and f"dest.rows: {words}" in outcome.error(), outcome.error()
    else:
        assert outcome.status == 0, outcome.err
    assert shop.query("SELECT * FROM dest.rows") == [(1, "old", False) if words else (2, "new", False)]
    assert landings(shop) == []


NAMES = {"a sequence": "CREATE SEQUENCE dest.rows", "an index": "CREATE INDEX rows ON dest.other (id)", "a type": "CREATE TYPE dest.rows AS (id int)"}


@pytest.mark.parametrize("kind, statement", [*NAMES.items(), ("a type", "CREATE TYPE dest.rows AS ENUM ('x')"), ("a type", "CREATE DOMAIN dest.rows AS int")])
def test_a_name_that_something_else_has(ingestr, folder, shop, kind, statement):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.other (id int)", statement)
    for flags, words in ([], f"dest.rows is {kind}, and nothing takes its place; name another table"), \
                        (["--incremental-strategy", "append"], f"dest.rows is {kind}; name another table with --dest-table"):
        outcome = ingestr.ingest(write(folder, "rows.csv", "id\n1\n"), "rows", *flags, **into(shop))
        assert outcome.status == 2 and words in outcome.error(), outcome.err
        assert landings(shop) == []


def test_a_name_that_only_an_array_has(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id int)")
    for _ in range(2):
        ingestr.load(write(folder, "rows.csv", "id\n1\n"), "rows", "--no-load-timestamp", into="dest._rows", **into(shop))
        assert shop.query("SELECT * FROM dest._rows") == [(1,)]


def test_replace_leaves_tables_that_inherit(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id int, n text, more text)", "CREATE TABLE dest.child () INHERITS (dest.rows)",
                 "INSERT INTO dest.rows VALUES (1, 'old', 'x')", "INSERT INTO dest.child VALUES (9, 'kept', 'y')")
    ingestr.load(write(folder, "rows.csv", "id,n\n2,new\n"), "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT * FROM ONLY dest.rows") == [(2, "new")] and shop.query("SELECT * FROM dest.child") == [(9, "kept", "y")]
    shop.execute("CREATE TABLE dest.parts (id bigint, n text) PARTITION BY RANGE (id)", "CREATE TABLE dest.part PARTITION OF dest.parts DEFAULT",
                 "INSERT INTO dest.parts VALUES (1, 'old')")
    ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", into="dest.parts", **into(shop))
    assert shop.query("SELECT * FROM dest.part") == [(2, "new")]


ROUTE = "CREATE FUNCTION dest.route() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO dest.child VALUES (NEW.*); RETURN NULL; END $$"


@pytest.mark.parametrize("what", [
    [ROUTE, "CREATE TRIGGER route BEFORE INSERT ON dest.rows FOR EACH ROW EXECUTE FUNCTION dest.route()"],
    ["CREATE RULE route AS ON INSERT TO dest.rows DO INSTEAD INSERT INTO dest.child VALUES (NEW.*)"],
], ids=["trigger", "rule"])
def test_rows_of_a_table_that_is_partitioned_by_inheritance(ingestr, folder, shop, what):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, n text)", "CREATE TABLE dest.child () INHERITS (dest.rows)", *what,
                 "INSERT INTO dest.rows VALUES (1, 'old'), (3, 'kept')")
    source = write(folder, "rows.csv", "id,n\n1,new\n2,new\n")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", **into(shop))
    assert outcome.status == 2 and "dest.rows: a trigger or a rule of the table sends rows to tables that inherit from it" in outcome.error(), outcome.err
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "old"), (3, "kept")] and landings(shop) == []
    for flags in ("merge --primary-key id", "delete+insert --incremental-key id"):
        for _ in range(2):
            ingestr.load(source, "rows", "--no-load-timestamp", "--incremental-strategy", *flags.split(), **into(shop))
            assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, "new"), (2, "new"), (3, "kept")]
    ingestr.load(source, "rows", "--no-load-timestamp", "--incremental-strategy", "append", **into(shop))
    assert shop.query("SELECT count(*) FROM ONLY dest.child") == [(5,)]


GENERATED = "(id bigint PRIMARY KEY, a bigint, g bigint GENERATED ALWAYS AS (a * 2) STORED)"


@pytest.mark.parametrize("flags", ["", "append", "merge --primary-key id", "delete+insert --incremental-key id"])
def test_generated_columns_are_worked_out_by_the_target(ingestr, folder, shop, flags):
    shop.execute("CREATE SCHEMA dest", f"CREATE TABLE dest.rows {GENERATED}", f"CREATE TABLE gs {GENERATED}",
                 "INSERT INTO gs VALUES (1, 5), (2, 6)", "INSERT INTO dest.rows VALUES (3, 1)")
    strategy = ["--incremental-strategy", *flags.split()] if flags else []
    outcome = ingestr.ingest(shop.uri(), "public.gs", "--no-load-timestamp", *strategy, **into(shop))
    assert outcome.status == 0, outcome.err
    assert "column g: dest.rows works it out itself, so what the source has for it is left out" in outcome.out + outcome.err
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 5, 10), (2, 6, 12)] + ([(3, 1, 2)] if flags else [])
    assert shop.query("SELECT attgenerated FROM pg_attribute WHERE attrelid = 'dest.rows'::regclass AND attname = 'g'") == [("s",)]
    (folder / "rows.jsonl").write_text('{"id": 7, "a": 1}\n{"id": 8, "a": 2, "G": 9}\n', encoding="utf-8")
    ingestr.load("jsonl://rows.jsonl", "rows", "--no-load-timestamp", *(strategy or ["--incremental-strategy", "append"]),
                 **into(shop))
    assert shop.query("SELECT * FROM dest.rows WHERE id > 6 ORDER BY id") == [(7, 1, 2), (8, 2, 4)]
    ingestr.load(shop.uri(), "public.gs", "--no-load-timestamp", "--full-refresh", **into(shop))
    assert shop.query("SELECT * FROM dest.rows ORDER BY id") == [(1, 5, 10), (2, 6, 12)]
    assert shop.query("SELECT attgenerated FROM pg_attribute WHERE attrelid = 'dest.rows'::regclass AND attname = 'g'") == [("",)]


def test_the_example_of_the_page(ingestr, folder, shop):
    write(folder, "orders.csv", "id,zip\n1,00123\n")
    outcome = ingestr.run(*manual.example("postgres", "## Destination", dest_uri=shop.uri()))
    assert outcome.status == 0, outcome.err
    assert shop.query("SELECT id, zip FROM public.orders") == [(1, "00123")]


def test_readers_see_the_old_rows_until_the_new_ones_are_there(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n2\n")
    ingestr.load(source, "rows", "--no-load-timestamp", **into(shop))
    with shop.connect() as reader:
        reader.autocommit = False
        assert reader.execute("SELECT count(*) FROM dest.rows").fetchall() == [(2,)]   # and holds its lock
        ingestr.load(write(folder, "rows.csv", "id\n3\n"), "rows", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT id FROM dest.rows") == [(3,)]


FOREIGN = ("CREATE SCHEMA dest", "CREATE TYPE dest.mood AS ENUM ('sad', 'ok')", "CREATE DOMAIN dest.email AS text CHECK (VALUE LIKE '%@%')",
           "CREATE TABLE dest.rows (id numeric PRIMARY KEY, mood dest.mood, address inet, mail dest.email, moods dest.mood[], "
           "amount numeric DEFAULT 7, day date)")
FOREIGN_CSV = "id,mood,address,mail,moods,amount,day\n1,ok,10.0.0.1,a@b,\"{ok,sad}\",123456789012345678901234567890123456789012345.10,2026-11-24\n2.50,,,,,,2026-11-25\n"
FOREIGN_ROWS = [("1", "ok", "10.0.0.1", "a@b", "{ok,sad}", "123456789012345678901234567890123456789012345.10"), ("2.50", None, None, None, None, None)]


@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "day"],
                                   ["append", "--schema-contract", "freeze"], ["append", "--schema-contract", "discard_row"]], ids=" ".join)
def test_rows_for_columns_of_types_that_are_none_of_ours(ingestr, folder, shop, flags):
    shop.execute("DROP SCHEMA IF EXISTS dest CASCADE", *FOREIGN, "INSERT INTO dest.rows VALUES (9, 'sad')",
                 "INSERT INTO dest.rows (id, mood, day) VALUES (2.5, 'sad', '2026-11-25')")
    if flags[0] == "append":
        shop.execute("DELETE FROM dest.rows WHERE id = 2.5")
    before = columns(shop)
    ingestr.load(write(folder, "rows.csv", FOREIGN_CSV), "rows", "--no-load-timestamp", "--incremental-strategy", *flags, **into(shop))
    assert columns(shop) == before
    values = [[text or None for text in row] for row in shop.query(
        "SELECT id::text, mood::text, host(address), mail::text, moods::text, amount::text FROM dest.rows WHERE id <> 9 ORDER BY id")]
    assert [tuple(row) for row in values] in (FOREIGN_ROWS, [FOREIGN_ROWS[0], ("2.5", *FOREIGN_ROWS[1][1:])])   # one key
    assert shop.query("SELECT mood::text, amount FROM dest.rows WHERE id = 9") == [("sad", 7)]


def test_versions_of_rows_with_types_that_are_none_of_ours(ingestr, folder, shop):
    scd2 = ["--no-load-timestamp", "--incremental-strategy", "scd2", "--primary-key", "id"]
    for amount, versions in [("1.50", 1), ("1.5", 1), ("1.51", 2), ("1.510", 2)]:
        source = write(folder, "rows.csv", f"id,mood,address,amount\n1,ok,10.0.0.1,{amount}\n")
        ingestr.load(source, "rows", *scd2, **into(shop))
        if amount == "1.50":   # others have the types that they want
            shop.execute("CREATE TYPE mood AS ENUM ('ok')", "ALTER TABLE dest.rows DROP mood",
                         "ALTER TABLE dest.rows ADD mood mood DEFAULT 'ok', ALTER address TYPE inet USING address::inet, "
                         "ALTER amount TYPE numeric")
        assert shop.query("SELECT count(*), count(*) FILTER (WHERE _scd_is_current) FROM dest.rows") == [(versions, 1)]


@pytest.mark.parametrize("column, value, words", [
    ("mood", "glad", ['invalid input value for enum dest.mood: "glad"']),
    ("mail", "nobody", ["violates check constraint"]),
    ("amount", "1,5", ['invalid input syntax for type numeric: "1,5"']),
])
def test_a_value_that_such_a_type_does_not_have(ingestr, folder, shop, column, value, words):
    shop.execute(*FOREIGN)
    source = write(folder, "rows.csv", f'id,{column}\n1,"{value}"\n')
    outcome = ingestr.ingest(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop))
    assert outcome.status == 1
    assert all(word in outcome.error() for word in ["dest.rows", *words]), outcome.error()
    assert shop.query("SELECT count(*) FROM dest.rows") == [(0,)] and landings(shop) == []


@pytest.mark.parametrize("type_", ["money", "name", "bit(3)", "numeric(50,2)", "dest.short", "dest.shorter", "dest.short[]", "dest.named", "dest.whole[]", "name[]", "money[]", "interval day to minute"])
def test_a_column_of_a_type_that_cuts_or_rounds_is_refused_by_name(ingestr, folder, shop, type_):
    shop.execute("CREATE SCHEMA dest", "CREATE DOMAIN dest.short AS varchar(2)", "CREATE DOMAIN dest.shorter AS dest.short CHECK (VALUE <> 'y')",
                 "CREATE DOMAIN dest.named AS name", "CREATE DOMAIN dest.whole AS timestamp(0)", f"CREATE TABLE dest.rows (id bigint, place {type_})")
    source = write(folder, "rows.csv", "id,place\n1,x\n")
    error = ingestr.ingest(source, "rows", "--incremental-strategy", "append", **into(shop)).error()
    assert f"column place of dest.rows is of the type {type_}, which rounds or cuts" in error


@pytest.mark.parametrize("action, letter", [("CASCADE", "c"), ("SET NULL", "n"), ("SET DEFAULT", "d"), ("NO ACTION", "")])
@pytest.mark.parametrize("interval", [[], ["--interval-start", "2024-01-01", "--interval-end", "2024-12-31"]], ids=["landed", "interval"])
def test_rows_that_others_refer_to_are_not_deleted_for_a_moment(ingestr, folder, shop, action, letter, interval):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, day date)",
                 f"CREATE TABLE dest.child (of bigint CONSTRAINT its_row REFERENCES dest.rows (id) ON DELETE {action} DEFERRABLE INITIALLY DEFERRED)",
                 "INSERT INTO dest.rows VALUES (1, '2024-01-01')", "INSERT INTO dest.child VALUES (1)")
    source = write(folder, "rows.csv", "id,day,more\n1,2024-01-01,x\n")
    by_day = ["--no-load-timestamp", "--incremental-key", "day", *interval]
    outcome = ingestr.ingest(source, "rows", "--incremental-strategy", "delete+insert", *by_day, **into(shop))
    if letter:
        words = f"its_row of dest.child is ON DELETE {action}, so rows of dest.rows that are deleted, if only for a moment, would change dest.child"
        assert outcome.status != 0 and words in outcome.error() and "use --incremental-strategy merge" in outcome.error(), outcome.err
        assert len(columns(shop)) == 2 and landings(shop) == []
        ingestr.load(source, "rows", "--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp", **into(shop))
    else:
        assert outcome.status == 0, outcome.err
    assert shop.query("SELECT * FROM dest.child") == [(1,)] and len(columns(shop)) == 3


EXACT = {   # a column's type: what it holds as it is, and what it would round or cut
    "timestamp(0)": ("timestamp '2024-01-01 10:00:00'", "timestamp '2024-01-01 10:00:00.5'"),
    "timestamptz(3)": ("timestamptz '2024-01-01 10:00:00.123+00'", "timestamptz '2024-01-01 10:00:00.1234+00'"),
    "time(0)": ("time '10:00:00'", "time '10:00:00.25'"),
    "interval(0)": ("interval '1 month 3 days 1 second'", "interval '1 month 3 days 1.5 seconds'"),
    "timestamp(0)[]": ("ARRAY[timestamp '2024-01-01 10:00:00', NULL]", "ARRAY[timestamp '2024-01-01 10:00:00', timestamp '2024-01-01 10:00:00.5']"),
}


@pytest.mark.parametrize("declared", EXACT)
@pytest.mark.parametrize("way", ["copied", "by way of the engine"])
def test_a_value_that_a_column_would_round(ingestr, folder, shop, declared, way):
    whole, fine = EXACT[declared]
    shop.execute("CREATE SCHEMA dest", f"CREATE TABLE dest.rows (id bigint PRIMARY KEY, v {declared})")
    flags = ["--no-load-timestamp", *(["--mask", "note:redact"] if way != "copied" else [])]
    note = ", 'x' AS note" if way != "copied" else ""
    if note:
        shop.execute("ALTER TABLE dest.rows ADD note text")
    before = columns(shop)
    for strategy in ([], ["--incremental-strategy", "append"], ["--incremental-strategy", "merge", "--primary-key", "id"],
                     ["--incremental-strategy", "delete+insert", "--incremental-key", "id"]):
        shop.execute("DELETE FROM dest.rows")
        ingestr.load(shop.uri(), f"query:SELECT 1::bigint AS id, {whole} AS v{note}", *strategy, *flags, **into(shop))
        there = shop.query("SELECT id, v::text FROM dest.rows")
        outcome = ingestr.ingest(shop.uri(), f"query:SELECT i::bigint AS id, {fine} AS v{note} FROM generate_series(1, 2) i", *strategy, *flags, **into(shop))
        assert outcome.status == 1, outcome.out
        assert f"dest.rows: column v is of the type {before[1][1]}, which would round or cut" in outcome.error(), outcome.error()
        assert "(2 rows)" in outcome.error(), outcome.error()
        assert shop.query("SELECT id, v::text FROM dest.rows") == there and columns(shop) == before and landings(shop) == []


CUT = {   # a column's type: a text that it takes as it is, and one that it would round or cut
    "timetz": ("12:00:00.123456+01", "12:00:00.1234567+01"),
    "timetz[]": ("{12:00:00.123456+01}", "{12:00:00.1234567+01}"),
    "tsrange": ('["2024-01-01 00:00:00.5","2024-01-02 00:00:00")', '["2024-01-01 00:00:00.1234567","2024-01-02 00:00:00")'),
    "tsmultirange": ('{["2024-01-01 00:00:00.5","2024-01-02 00:00:00")}', '{["2024-01-01 00:00:00.1234567","2024-01-02 00:00:00")}'),
    "daterange": ("[2024-01-01,2024-01-03)", "[2024-01-01 12:00,2024-01-03)"),
    "point": ("(1.1234567890123457,0.1)", "(1.12345678901234567890,2)"),
    "circle": ("<(0,0),1e-300>", "<(0,0),12345678901234567890123>"),
    "dest.moment": ("2024-01-01 00:00:00.123456", "2024-01-01 00:00:00.1234567"),
    "dest.share": ("0.1234567890123456", "0.12345678901234567890"),
}


@pytest.mark.parametrize("declared", CUT)
def test_a_text_that_a_type_would_round_or_cut(ingestr, folder, shop, declared):
    whole, fine = (text.replace('"', '""') for text in CUT[declared])
    shop.execute("CREATE SCHEMA dest", "CREATE DOMAIN dest.moment AS timestamp", "CREATE DOMAIN dest.share AS double precision",
                 f"CREATE TABLE dest.rows (id bigint PRIMARY KEY, v {declared})")
    for flags in (["--incremental-strategy", "append"], ["--incremental-strategy", "merge", "--primary-key", "id"]):
        shop.execute("DELETE FROM dest.rows")
        ingestr.load(write(folder, "rows.csv", f'id,v\n1,"{whole}"\n2,\n'), "rows", "--no-load-timestamp", *flags, **into(shop))
        (there, ), = shop.query("SELECT v::text FROM dest.rows WHERE id = 1")
        assert there.replace('"', "") == CUT[declared][0].replace('"', "")
        outcome = ingestr.ingest(write(folder, "rows.csv", f'id,v\n3,"{fine}"\n'), "rows", "--no-load-timestamp", *flags, **into(shop))
        assert outcome.status == 1 and f"which would round or cut {CUT[declared][1]} (1 row)" in outcome.error(), outcome.err
        assert "dest.rows: column v is of the type " in outcome.error() and shop.query("SELECT count(*) FROM dest.rows") == [(2,)]


def test_lists_keep_texts_that_look_like_null(ingestr, folder, shop):
    texts = ["NULL", "x", None, "null", "Null", "null ", "NULL  ", " null", "nulls", "a\"null \"b", "\\NULL ", ""]
    shop.execute("CREATE TYPE word AS ENUM ('NULL', 'null ', 'x')")
    with duckdb.connect(folder / "lists.duckdb") as connection:
        connection.execute("CREATE TYPE word AS ENUM ('NULL', 'null ', 'x')")
        connection.execute("CREATE TABLE t (id INTEGER, texts VARCHAR[], words word[], jsons JSON[], many VARCHAR[][])")
        connection.execute("INSERT INTO t VALUES (1, ?, ['NULL', 'null ', 'x', NULL], ['null', '1', '\"null\"', NULL], [['NULL', NULL], ['x']]), "
                           "(2, [], NULL, NULL, NULL), (3, ['a', NULL], ['x'], ['{}'], NULL), (4, NULL, NULL, NULL, NULL)", [texts])
        connection.execute("COPY t TO '" + str(folder / "lists.parquet") + "'")
    expected = [(1, texts, ["NULL", "null ", "x", None], ["null", "1", '"null"', None], [["NULL", None], ["x"]]), (2, [], None, None, None),
                (3, ["a", None], ["x"], ["{}"], None), (4, None, None, None, None)]
    rows = "SELECT id, texts, words::text[], jsons::text[], many FROM {} ORDER BY id"
    for source, table in [("duckdb:///lists.duckdb", "t"), ("parquet://lists.parquet", "lists")]:
        for flags in ([], ["--incremental-strategy", "merge", "--primary-key", "id"]):
            ingestr.load(source, table, "--no-load-timestamp", *flags, **into(shop))
            assert shop.query(rows.format("dest.rows")) == expected
            assert [kind for _, kind in columns(shop)] == ["integer", "text[]", "text[]", "json[]", "json"]
    shop.execute("CREATE TABLE dest.typed (id bigint, texts varchar(20)[], words word[], jsons jsonb[], many json)")
    for source in ("duckdb:///lists.duckdb", shop.uri()):
        shop.execute("DELETE FROM dest.typed")
        ingestr.load(source, "dest.rows" if source == shop.uri() else "t", "--no-load-timestamp", "--incremental-strategy", "append", "--mask", "id:round:1",
                     into="dest.typed", **into(shop))
        assert [row[1:] for row in shop.query(rows.format("dest.typed"))] == [row[1:] for row in expected]


def test_lists_of_a_role_to_which_null_is_a_word(ingestr, folder, shop):
    with duckdb.connect(folder / "lists.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT ['a', NULL, 'NULL'] AS texts, [DATE '2020-01-01', NULL] AS days")
    shop.execute("ALTER ROLE CURRENT_USER SET array_nulls = off")
    try:
        ingestr.load("duckdb:///lists.duckdb", "t", "--no-load-timestamp", **into(shop))
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET array_nulls")
    assert shop.query("SELECT texts, days::text[] FROM dest.rows") == [(["a", None, "NULL"], ["2020-01-01", None])]


def test_a_role_with_settings_of_its_own(ingestr, folder, shop):
    shop.execute("ALTER ROLE CURRENT_USER SET quote_all_identifiers = on",
                 "CREATE TABLE dated (id bigint PRIMARY KEY, day date, n numeric(9,2), at timestamp(0), words varchar(9)[])",
                 "INSERT INTO dated VALUES (1, '2024-01-01', 1.50, '2024-01-01 10:00:00', '{a}')")
    try:
        (folder / "day.jsonl").write_text('{"id": 2, "day": "2024-01-02T10:00:00"}\n', encoding="utf-8")
        ingestr.load(shop.uri(), "dated", "--no-load-timestamp", **into(shop))
        ingestr.load("jsonl://day.jsonl", "day", "--no-load-timestamp", "--incremental-strategy", "append", **into(shop))
        assert shop.query("SELECT day::text FROM dest.rows ORDER BY id") == [("2024-01-01 00:00:00",), ("2024-01-02 10:00:00",)]
        ingestr.load(shop.uri(), "dated", "--no-load-timestamp", file="duckdb:///back.duckdb")
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET quote_all_identifiers")
    assert [kind for _, kind in columns(shop)] == ["bigint", "timestamp without time zone", "numeric(9,2)", "timestamp without time zone", "text[]"]
    with duckdb.connect(folder / "back.duckdb") as connection:
        assert [row[1] for row in connection.execute("DESCRIBE dest.rows").fetchall()] == ["BIGINT", "DATE", "DECIMAL(9,2)", "TIMESTAMP", "VARCHAR[]"]


def test_json_is_no_key(ingestr, folder, shop, shared_sandbox):
    merge = ["--incremental-strategy", "merge", "--primary-key", "id"]
    outcome = ingestr.ingest(shared_sandbox.uri(), "lists", *merge, **into(shop))
    assert outcome.status == 2
    assert "id is JSON, and PostgreSQL cannot tell whether two JSON values are the same" in outcome.error()
    for _ in range(2):
        ingestr.load(shared_sandbox.uri(), "lists", *merge, "--columns", "id:text", **into(shop))
    assert shop.query("SELECT count(*) FROM dest.rows") == [(len(shared_sandbox.lists()),)]


@pytest.mark.parametrize("flags", [["--incremental-strategy", "append"], ["--incremental-strategy", "merge", "--primary-key", "id"], [],
                                   ["--incremental-strategy", "delete+insert", "--incremental-key", "id"]])
def test_a_row_that_no_partition_is_for(ingestr, folder, shop, flags):
    source = write(folder, "rows.csv", "id,n\n1,2\n77,3\n")
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, n bigint) PARTITION BY RANGE (id)",
                 "CREATE TABLE dest.few PARTITION OF dest.rows FOR VALUES FROM (0) TO (10)")
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", *flags, **into(shop))
    assert outcome.status == 1 and outcome.error() == (
        f"Error: dest.rows: PostgreSQL (shop on 127.0.0.1:{shop.port}): no partition of dest.rows is for the row with the key id: 77; create one "
        "that is, or a DEFAULT partition, and run again")
    shop.execute("CREATE TABLE dest.others PARTITION OF dest.rows DEFAULT")
    ingestr.load(source, "rows", "--no-load-timestamp", *flags, **into(shop))
    assert shop.query("SELECT id FROM dest.others") == [(77,)]


@pytest.mark.parametrize("constraint, words, remedy", [
    ("UNIQUE (id)", "a row with the key id: 1 is there already", "load with --incremental-strategy merge, or drop the constraint"),
    ("FOREIGN KEY (id) REFERENCES dest.parents", "Key (id)=(77) is not present in table", "mend the row, or drop the constraint")])
@pytest.mark.parametrize("when", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_a_row_that_breaks_a_constraint(ingestr, folder, shop, constraint, words, remedy, when):
    source = write(folder, "rows.csv", "id\n1\n77\n")
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.parents (id bigint PRIMARY KEY)", "INSERT INTO dest.parents VALUES (1)",
                 f"CREATE TABLE dest.rows (id bigint, {constraint} {when})", "INSERT INTO dest.rows VALUES (1)")
    error = ingestr.ingest(source, "rows", "--no-load-timestamp", "--incremental-strategy", "append", **into(shop)).error()
    assert error.startswith("Error: dest.rows: ") and words in error and error.endswith("; " + remedy), error
    assert shop.query("SELECT id FROM dest.rows") == [(1,)] and landings(shop) == []


def test_a_column_that_every_table_has_is_refused_by_name(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id,ctid,xmin\n1,2,3\n")
    for flags, column in [([], "ctid"), (["--dry-run"], "ctid"), (["--sql-exclude-columns", "ctid"], "xmin")]:
        outcome = ingestr.ingest(source, "rows", *flags, **into(shop))
        assert outcome.status == 2 and outcome.error() == (
            f"Error: every table of PostgreSQL has a column {column} of its own, so that none can get another; rename the source's, as in "
            f"--columns {column}_::{column}, or leave it out with --sql-exclude-columns {column}")
    assert shop.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'dest'") == [(0,)]
    ingestr.load(source, "rows", "--no-load-timestamp", "--columns", "ctid_::ctid", "--sql-exclude-columns", "xmin", **into(shop))
    assert [name for name, _ in columns(shop)] == ["id", "ctid_"]


def test_a_column_that_is_called_as_one_of_a_landing_table_is_refused(ingestr, folder, shop):
    outcome = ingestr.ingest(write(folder, "rows.csv", "id,_ingestr_landed_as\n1,2\n"), "rows", **into(shop))
    assert outcome.status == 2 and outcome.error() == (
        "Error: _ingestr_landed_as is what a load calls a column of its own while rows land; rename the source's, as in --columns "
        "loaded:_ingestr_landed_as, or leave it out with --sql-exclude-columns _ingestr_landed_as")


@pytest.fixture
def weak(shop):
    """The URI of a role that may use the schema dest and nothing in it, but read dest.rows."""
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, n bigint)", "CREATE ROLE weak LOGIN PASSWORD 'sesame'",
                 "GRANT USAGE ON SCHEMA dest TO weak", "GRANT SELECT ON dest.rows TO weak")
    yield f"postgres://weak:sesame@127.0.0.1:{shop.port}/shop"
    shop.execute("DROP OWNED BY weak", "DROP ROLE weak")


def test_a_right_that_lacks_is_named_with_who_gives_it(ingestr, folder, shop, weak):
    source = write(folder, "rows.csv", "id,n\n1,2\n")

    def error(*flags, into="dest.rows"):
        outcome = ingestr.ingest(source, "rows", *flags, file=weak, into=into)
        assert outcome.status == 1 and "sesame" not in outcome.err
        return outcome.error()

    begin = f"Error: PostgreSQL (shop on 127.0.0.1:{shop.port}): the role weak lacks "
    append, merge = ["--incremental-strategy", "append", "--no-load-timestamp"], ["--incremental-strategy", "merge", "--primary-key", "id", "--no-load-timestamp"]
    assert error() == begin + "CREATE on the schema dest; let its owner loader run GRANT CREATE ON SCHEMA dest TO weak"
    assert error(into="other.rows") == begin + "CREATE on the database shop; let its owner loader run GRANT CREATE ON DATABASE shop TO weak"
    shop.execute("GRANT CREATE ON SCHEMA dest TO weak")
    assert error(*append) == begin + "INSERT on the table dest.rows; let its owner loader run GRANT INSERT ON dest.rows TO weak"
    assert error(*merge) == begin + "INSERT, UPDATE on the table dest.rows; let its owner loader run GRANT INSERT, UPDATE ON dest.rows TO weak"
    assert error() == begin + "INSERT, DELETE on the table dest.rows; let its owner loader run GRANT INSERT, DELETE ON dest.rows TO weak"
    shop.execute("GRANT ALL ON dest.rows TO weak")
    for flags in (["--incremental-strategy", "append"], ["--full-refresh"]):
        assert ("the table dest.rows is owned by loader, and no other role may change its columns or drop it; let it run ALTER TABLE dest.rows OWNER TO "
                "weak") in error(*flags)
    shop.execute("DROP ROLE IF EXISTS owning", "CREATE ROLE owning", "ALTER TABLE dest.rows OWNER TO owning")
    try:
        assert "the table dest.rows is owned by owning, and no other role may change its columns or the foreign keys to it; GRANT owning TO weak, or load as owning" in error()
    finally:
        shop.execute("ALTER TABLE dest.rows OWNER TO loader", "DROP ROLE owning")
    shop.execute("CREATE TABLE dest.referring (id bigint REFERENCES dest.rows)")
    assert "the table dest.referring is owned by loader, and no other role may make its foreign key to dest.rows anew" in error("--no-load-timestamp")
    shop.execute("CREATE TABLE dest.parts (id bigint, n bigint) PARTITION BY RANGE (id)", "CREATE TABLE dest.part PARTITION OF dest.parts DEFAULT",
                 "GRANT INSERT, DELETE ON dest.parts TO weak")
    assert error("--no-load-timestamp", into="dest.parts") == begin + "SELECT on the table dest.parts; let its owner loader run GRANT SELECT ON dest.parts TO weak"
    shop.execute("DROP TABLE dest.referring", "REVOKE TEMPORARY ON DATABASE shop FROM PUBLIC")
    try:
        assert error(*append, "--schema-contract", "discard_value", "--columns", "n:text") == (
            begin + "TEMPORARY on the database shop; let its owner loader run GRANT TEMPORARY ON DATABASE shop TO weak")
    finally:
        shop.execute("GRANT TEMPORARY ON DATABASE shop TO PUBLIC")
    assert shop.query("SELECT count(*) FROM dest.rows") == [(0,)] and landings(shop) == []


@pytest.mark.parametrize("what, more", [("ROLE weak", ", or load as another role"), ("DATABASE shop", ""),
                                        ("ROLE weak IN DATABASE shop", ", or load as another role")])
def test_a_role_that_may_only_read(ingestr, folder, shop, weak, what, more):
    source = write(folder, "rows.csv", "id,n\n1,2\n")
    write_again = ["SET default_transaction_read_only = off", f"ALTER {what} RESET default_transaction_read_only"]
    shop.execute("GRANT CREATE ON SCHEMA dest TO weak", f"ALTER {what} SET default_transaction_read_only = on")
    try:
        outcome = ingestr.ingest(source, "rows", file=weak)
    finally:
        shop.execute(*write_again)
    assert outcome.status == 1 and outcome.error().endswith(
        f"the role weak may only read there, as default_transaction_read_only is on; run ALTER {what} SET default_transaction_read_only = off{more}"), outcome.err


def test_a_nul_character_is_refused_by_column(ingestr, folder, shop):
    (folder / "rows.jsonl").write_text('{"id": 1, "name": "a\\u0000b"}\n{"id": 2, "name": "c"}\n', encoding="utf-8")
    error = ingestr.ingest("jsonl://rows.jsonl", "rows", **into(shop)).error()
    assert "column name: 1 row has a NUL character" in error, error
    assert landings(shop) == []


@pytest.fixture
def latin(shop):
    shop.execute("DROP DATABASE IF EXISTS latin", "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    yield shop.uri(database="latin")
    shop.execute("DROP DATABASE latin WITH (FORCE)")


def test_a_character_that_the_database_does_not_have_is_refused_by_column(ingestr, folder, shop, latin):
    source = write(folder, "rows.csv", "id,größe,name\n1,é,a\n2,ü,5 €\n")
    refused = "column name: {} the character €, which the encoding LATIN1 of the database does not have; leave the column out with --sql-exclude-columns, or mask it"
    assert refused.format("1 row has") in ingestr.ingest(source, "rows", file=latin).error()
    shop.execute("CREATE TABLE prices AS SELECT i AS id, ARRAY['5 €'] AS name FROM generate_series(1, 3) i")
    outcome = ingestr.ingest(shop.uri(), "prices", "--extract-partition-by", "id", file=latin)
    assert outcome.status == 1 and "the character €, which the encoding LATIN1" in outcome.error(), outcome.err
    outcome = ingestr.ingest(shop.uri(), "prices", file=latin)
    assert outcome.status == 1 and 'latin on' in outcome.error() and 'has no equivalent in encoding "LATIN1"' in outcome.error(), outcome.err
    ingestr.load(source, "rows", "--sql-exclude-columns", "name", file=latin)
    with shop.connect("latin") as connection:
        assert connection.execute("SELECT id, größe FROM dest.rows ORDER BY id").fetchall() == [(1, "é"), (2, "ü")]


def test_errors_name_the_server_and_no_password(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    for uri, words in [(shop.uri(password="wrong"), "password authentication failed"), (shop.uri(database="nothing"), "does not exist"),
                       ("postgres://loader:sesame@127.0.0.1:1/shop", "cannot connect to the PostgreSQL database shop on 127.0.0.1:1")]:
        outcome = ingestr.ingest(source, "rows", file=uri)
        assert outcome.status == 1
        assert words in outcome.error() and "127.0.0.1:" in outcome.error()
        assert PASSWORD not in outcome.err and "sesame" not in outcome.err and "wrong" not in outcome.err


def test_a_dry_run_makes_nothing(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    outcome = ingestr.ingest(source, "rows", "--dry-run", **into(shop))
    assert outcome.status == 0, outcome.err
    assert "replace dest.rows by dest._ingestr_landing_rows" in outcome.out
    assert shop.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'dest'") == [(0,)]
    assert landings(shop) == []


def test_from_one_database_to_another(ingestr, shop):
    shop.execute("CREATE TABLE big AS SELECT n AS id, 'row ' || n AS name, n * 1.5 AS half FROM generate_series(1, 100000) n",
                 "ALTER TABLE big ADD PRIMARY KEY (id)")
    end = ingestr.load(shop.uri(), "big", "--incremental-strategy", "merge", "--no-load-timestamp", **into(shop))
    assert end["rows"] == 100000
    assert shop.query("SELECT count(*), sum(id), min(name) FROM dest.rows") == [(100000, 5000050000, "row 1")]


@contextlib.contextmanager
def reading_stops(server):
    """Rows of SLOW do not come as long as it lasts."""
    with server.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(7)")
        yield


SLOW = "query:SELECT n AS id, pg_advisory_xact_lock_shared(7)::text AS x FROM generate_series(1, 30) n"


def test_another_run_of_the_same_table_is_left_alone(ingestr, folder, shop):
    """Its landing table is not a dead run's."""
    source = write(folder, "rows.csv", "id\n1\n")
    with reading_stops(shop):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), SLOW, **into(shop)))
        wait_until(lambda: landings(shop), "rows are to land")
        ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
        assert landings(shop) == [("_ingestr_landing_rows",)]
        error = ingestr.ingest(source, "rows", **into(shop)).error()
        assert "another run is loading the same table of shop on 127.0.0.1:" in error
    outcome = ingestr.outcome(process)
    assert outcome.status == 0, outcome.err
    assert shop.query("SELECT count(*) FROM dest.rows") == [(30,)]
    assert landings(shop) == []


def test_a_killed_run_is_cleaned_up_by_the_next(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id\n1\n")
    with reading_stops(shop):
        process = ingestr.start(*ingestr.ingest_arguments(shop.uri(), SLOW, **into(shop)))
        wait_until(lambda: landings(shop), "rows are to land")
        process.kill()
        process.communicate()
        assert landings(shop) == [("_ingestr_landing_rows",)]
    wait_until(lambda: shop.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ingestr'") == [(0,)], "its sessions end")
    ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
    assert landings(shop) == []


@pytest.mark.parametrize("flags", [["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "id"], ["replace"]], ids=" ".join)
@pytest.mark.parametrize("what", ["a view", "a foreign key"])
def test_a_column_that_cannot_get_the_sources_type(ingestr, folder, shop, flags, what):
    first, second, of, other = ("1", "2", "integer", "bigint") if what == "a view" else (str(uuid.UUID(int=1)), str(uuid.UUID(int=2)), "uuid", "text")
    shop.execute("CREATE SCHEMA dest", f"CREATE TABLE dest.rows (id {of} PRIMARY KEY, v text)", f"INSERT INTO dest.rows VALUES ('{first}', 'x')",
                 "CREATE VIEW dest.looking AS SELECT id FROM dest.rows" if what == "a view" else
                 "CREATE TABLE dest.child (of uuid CONSTRAINT its_row REFERENCES dest.rows (id))")
    duckdb.sql(f"COPY (SELECT '{second}'::{'BIGINT' if of == 'integer' else 'VARCHAR'} AS id, 'y' AS v) TO '{folder / 'rows.parquet'}'")
    flags = ["--incremental-strategy", *flags, "--no-load-timestamp"]
    outcome = ingestr.ingest("parquet://rows.parquet", "rows", *flags, **into(shop))
    if of == "uuid" and flags[1] == "delete+insert":
        assert outcome.status == 2, outcome.err   # a text is no range
        return
    cure = f"--columns id:{'int32' if of == 'integer' else 'uuid'}"
    if of == "uuid" and flags[1] == "merge":   # as texts, rows that are there would not be found again
        assert outcome.status == 2 and "the key id is UUID in dest.rows" in outcome.error() and cure in outcome.error(), outcome.err
    else:
        assert outcome.status == 1 and f"{of} and would have to become {other}" in outcome.error() and cure in outcome.error(), outcome.err
    assert "id" in outcome.error() and "dest.rows" in outcome.error(), outcome.err
    assert shop.query("SELECT id::text FROM dest.rows") == [(first,)] and landings(shop) == []
    ingestr.load("parquet://rows.parquet", "rows", *flags, *cure.split(), **into(shop))
    assert (second,) in shop.query("SELECT id::text FROM dest.rows")


def test_a_range_of_numbers_of_the_servers_own(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id numeric, v text)", "INSERT INTO dest.rows VALUES (1, 'x'), (9, 'y'), (9.5, 'gone'), (10, 'z')")
    source = write(folder, "rows.csv", "id,v\n10,b\n9,a\n")
    by_range = ["--incremental-strategy", "delete+insert", "--incremental-key", "id", "--no-load-timestamp"]
    ingestr.load(source, "rows", *by_range, **into(shop))
    assert shop.query("SELECT id::text, v FROM dest.rows ORDER BY rows.id") == [("1", "x"), ("9", "a"), ("10", "b")]
    outcome = ingestr.ingest(source, "rows", *by_range, "--interval-start", "2024-01-01", **into(shop))
    assert outcome.status == 2 and "--incremental-key id is BIGINT, and an interval is one of time" in outcome.error(), outcome.err


@pytest.mark.parametrize("declared", ['text COLLATE "ci"', "citext", 'varchar(5) COLLATE "ci"'])
@pytest.mark.parametrize("unique", ["PRIMARY KEY", "NOT NULL"])
def test_keys_that_are_one_to_the_target_are_one_row(ingestr, folder, shop, declared, unique):
    shop.execute("CREATE SCHEMA dest", "CREATE EXTENSION IF NOT EXISTS citext",
                 "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                 f"CREATE TABLE dest.rows (k {declared} {unique}, v text)")
    merge = ["--incremental-strategy", "merge", "--primary-key", "k", "--no-load-timestamp"]
    ingestr.load(write(folder, "rows.csv", "k,v\nA,one\na,two\nB,three\n"), "rows", *merge, **into(shop))
    assert shop.query("SELECT k::text, v FROM dest.rows ORDER BY v") == [("B", "three"), ("a", "two")]
    ingestr.load(write(folder, "more.csv", "k,v\nB,four\nA,five\nb,six\na,seven\n"), "more", *merge, **into(shop))
    assert shop.query("SELECT k::text, v FROM dest.rows ORDER BY v") == [("a", "seven"), ("B", "six")]
    by_n = ["--incremental-key", "n"]
    ingestr.load(write(folder, "last.csv", "k,v,n\nB,eight,2\nb,nine,1\n"), "last", *merge, *by_n, **into(shop))
    assert shop.query("SELECT v FROM dest.rows WHERE k = 'B'") == [("eight",)]


def test_keys_that_are_one_to_the_target_have_one_version(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE EXTENSION IF NOT EXISTS citext")
    scd2 = ["--incremental-strategy", "scd2", "--primary-key", "k", "--no-load-timestamp"]
    ingestr.load(write(folder, "rows.csv", "k,v\na,one\n"), "rows", *scd2, **into(shop))
    shop.execute("ALTER TABLE dest.rows ALTER k TYPE citext")
    ingestr.load(write(folder, "more.csv", "k,v\nA,two\na,three\n"), "more", *scd2, **into(shop))
    assert shop.query("SELECT v FROM dest.rows WHERE _scd_is_current") == [("three",)]


@pytest.mark.parametrize("how", ["a transaction", "a view"])
def test_a_dead_runs_landing_table_that_is_in_use_stays(ingestr, folder, shop, how):
    source = write(folder, "rows.csv", "id\n1\n")
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest._ingestr_landing_dead (id int)")
    with shop.connect() as holder:
        holder.autocommit = False
        if how == "a view":
            shop.execute("CREATE VIEW dest.looking AS SELECT * FROM dest._ingestr_landing_dead")
        else:
            holder.execute("SELECT * FROM dest._ingestr_landing_dead")
        ingestr.load(source, "rows", "--no-load-timestamp", into="dest.other", **into(shop))
        error = ingestr.ingest(source, "rows", "--no-load-timestamp", into="dest.dead", **into(shop)).error()
        assert "dest._ingestr_landing_dead, the landing table of an earlier run that was killed, is in the way and cannot be dropped" in error, error
        assert "lock timeout" in error if how == "a transaction" else "looking depends on table" in error, error
    assert landings(shop) == [("_ingestr_landing_dead",)]
    shop.execute("DROP VIEW IF EXISTS dest.looking")
    ingestr.load(source, "rows", "--no-load-timestamp", into="dest.dead", **into(shop))
    assert landings(shop) == []


def test_a_dead_runs_landing_table_in_a_schema_that_is_closed_stays(ingestr, folder, shop, weak):
    shop.execute("DROP SCHEMA IF EXISTS closed CASCADE", "CREATE SCHEMA closed", "CREATE TABLE closed._ingestr_landing_dead (id int)",
                 "ALTER TABLE closed._ingestr_landing_dead OWNER TO weak", "GRANT CREATE ON SCHEMA dest TO weak")
    ingestr.load(write(folder, "rows.csv", "id\n1\n"), "rows", "--no-load-timestamp", into="dest.other", file=weak)
    assert shop.query("SELECT count(*) FROM dest.other") == [(1,)] and landings(shop) == [("_ingestr_landing_dead",)]
    shop.execute("DROP SCHEMA closed CASCADE")


WITHOUT_WAITING = "without waiting for others"   # for a server that takes its time; then the next run drops where rows landed


def test_ctrl_c_ends_a_statement_of_the_server(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
    source = write(folder, "rows.csv", "id\n1\n")
    with shop.connect() as holder:
        holder.autocommit = False
        holder.execute("LOCK TABLE dest.rows IN SHARE MODE")
        process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop)))
        wait_until(lambda: shop.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'ingestr'"),
                   "the insert waits")
        process.send_signal(signal.SIGINT)
        outcome = ingestr.outcome(process)
        assert outcome.status == 130 and "interrupted" in outcome.err
    assert shop.query("SELECT id FROM dest.rows") == [(7,)]
    assert landings(shop) == [] or WITHOUT_WAITING in outcome.err


@pytest.mark.parametrize("moment", ["while rows land", "while the target changes"])
def test_a_server_that_dies_leaves_the_target_as_it_was(ingestr, folder, moment):
    server = PostgresServer()
    try:
        server.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint)", "INSERT INTO dest.rows VALUES (7)")
        holder = server.connect()
        holder.autocommit = False
        if moment == "while rows land":
            holder.execute("SELECT pg_advisory_lock(7)")
            source = server.uri(), SLOW
        else:
            holder.execute("LOCK TABLE dest.rows IN SHARE MODE")
            source = write(folder, "rows.csv", "id\n1\n"), "rows"
        process = ingestr.start(*ingestr.ingest_arguments(*source, "--no-load-timestamp", **into(server)))
        wait_until(lambda: server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'ingestr'"),
                   "the run waits")
        server.kill()
        outcome = ingestr.outcome(process)
        assert outcome.status == 1
        assert "127.0.0.1:" in outcome.error() and PASSWORD not in outcome.err
        wait_until(lambda: not server.others(), "the dead server's other processes are gone")
        server.restart()
        assert server.query("SELECT id FROM dest.rows") == [(7,)]
        ingestr.load(write(folder, "rows.csv", "id\n1\n"), "rows", "--no-load-timestamp", **into(server))
        assert server.query("SELECT id FROM dest.rows") == [(1,)]
        assert landings(server) == []
    finally:
        server.stop()


@pytest.mark.parametrize("of, text", [("varchar(3)", "abc "), ("char(4)", "abc "), ("varchar(3)[]", '{"abc "}')])
def test_blanks_that_a_column_would_cut_are_refused(ingestr, folder, shop, of, text):
    value = "['abc ']" if of.endswith("[]") else "'abc '"
    duckdb.sql(f"COPY (SELECT 1::BIGINT AS id, {value} AS code) TO '{folder / 'rows.parquet'}'")
    shop.execute("CREATE SCHEMA dest", f"CREATE TABLE dest.rows (id bigint, code {of})")
    append = ["--incremental-strategy", "append", "--no-load-timestamp"]
    error = ingestr.ingest("parquet://rows.parquet", "rows", *append, **into(shop)).error()
    assert "column code is of the type char" in error and f"would round or cut {text} (1 row)" in error, error
    shop.execute("ALTER TABLE dest.rows ALTER code TYPE text" + "[]" * of.endswith("[]"))
    ingestr.load("parquet://rows.parquet", "rows", *append, **into(shop))
    assert shop.query("SELECT code::text FROM dest.rows") == [(text,)]


def test_values_of_every_kind_are_versions_of_a_jsonb_column(ingestr, folder, shop):
    scd2 = ["--no-load-timestamp", "--incremental-strategy", "scd2", "--primary-key", "id"]
    for i, value in enumerate(["'abc'", "'1.5'", "DATE '2026-01-02'", "[1, 2]", "1.50::DECIMAL(9,2)", "true", "['{\"a\":1}'::JSON]"]):
        duckdb.sql(f"COPY (SELECT 1::BIGINT AS id, {value} AS doc) TO '{folder / 'rows.parquet'}'")
        shop.execute("DROP TABLE IF EXISTS dest.rows")
        ingestr.load("parquet://rows.parquet", "rows", *scd2, **into(shop))
        shop.execute("ALTER TABLE dest.rows ALTER doc TYPE jsonb USING to_jsonb(doc)")
        ingestr.load("parquet://rows.parquet", "rows", *scd2, **into(shop))
        assert shop.query("SELECT count(*) FROM dest.rows") == [(1,)], value


def test_a_char_in_a_list_is_no_longer_than_it_is(ingestr, folder, shop):
    duckdb.sql(f"COPY (SELECT 1::BIGINT AS id, ['abc'] AS code) TO '{folder / 'rows.parquet'}'")
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, code char(4)[])")
    ingestr.load("parquet://rows.parquet", "rows", "--incremental-strategy", "append", "--no-load-timestamp", **into(shop))
    assert shop.query("SELECT code::text[] FROM dest.rows") == [(["abc"],)]


def test_versions_of_a_jsonb_column_are_those_of_its_values(ingestr, folder, shop):
    (folder / "rows.jsonl").write_text('{"id": 1, "doc": {"b":1,"a":[1.50]}}\n{"id": 2, "doc": null}\n')
    scd2 = ["--no-load-timestamp", "--incremental-strategy", "scd2", "--primary-key", "id"]
    ingestr.load("jsonl://rows.jsonl", "rows", *scd2, **into(shop))
    shop.execute("ALTER TABLE dest.rows ALTER doc TYPE jsonb USING doc::jsonb")
    ingestr.load("jsonl://rows.jsonl", "rows", *scd2, **into(shop))
    assert shop.query("SELECT count(*) FROM dest.rows") == [(2,)]
    (folder / "rows.jsonl").write_text('{"id": 1, "doc": {"a":[1.5, 2],"b":1}}\n{"id": 2, "doc": {}}\n')
    ingestr.load("jsonl://rows.jsonl", "rows", *scd2, **into(shop))
    assert shop.query("SELECT id, doc::text FROM dest.rows WHERE _scd_is_current ORDER BY id") == [(1, '{"a": [1.5, 2], "b": 1}'), (2, "{}")]


@pytest.mark.parametrize("setting", ["standard_conforming_strings = off", "idle_session_timeout = '1500ms'", "idle_in_transaction_session_timeout = '1500ms'"])
def test_settings_of_the_role_do_not_disturb(ingestr, shop, start_sandbox, setting):
    sandbox = start_sandbox("--records=companies=300", "--latency-ms=1000")
    name = setting.split()[0]
    shop.execute(f"ALTER ROLE loader SET {setting}")
    try:
        ingestr.load(sandbox.uri(page_size=100), "records:companies", "--incremental-strategy", "merge", "--primary-key", "record_id", "--extract-parallelism", "1", **into(shop))
    finally:
        shop.execute(f"ALTER ROLE loader RESET {name}")
    assert shop.query("SELECT count(*) FROM dest.rows") == [(300,)]


def test_a_query_of_another_server_changes_nothing_there(ingestr, shop):
    shop.execute("CREATE TABLE archive (id bigint)", "INSERT INTO archive VALUES (1)",
                 "CREATE FUNCTION take_all() RETURNS SETOF bigint LANGUAGE sql VOLATILE AS 'DELETE FROM archive RETURNING id'")
    outcome = ingestr.ingest(shop.uri(), "query:SELECT take_all() AS id", **into(shop))
    assert outcome.status == 1 and "in a read-only transaction" in outcome.error(), outcome.err
    assert shop.query("SELECT count(*) FROM archive") == [(1,)]


def test_functions_of_others_are_not_called(ingestr, folder, shop):
    source = write(folder, "rows.csv", "id,n\n1,2\n")
    traps = [f"CREATE FUNCTION public.{name} RETURNS {of} LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trap'; END $$"
             for name, of in (("starts_with(name, text)", "boolean"), ("quote_ident(name)", "text"), ("format_type(oid, integer)", "text"),
                              ("array_position(int2[], int2)", "integer"), ("pg_typeof(bigint)", "regtype"), ("format(text, text, text)", "text"))]
    shop.execute(*traps)
    for flags in ([], ["--incremental-strategy", "merge", "--primary-key", "id"], ["--columns", "n:text", "--schema-contract", "discard_value"]):
        ingestr.load(source, "rows", "--no-load-timestamp", *flags, **into(shop))
    ingestr.load(shop.uri(), "dest.rows", "--no-load-timestamp", file=shop.uri(), into="dest.more")
    assert shop.query("SELECT count(*) FROM dest.more") == [(1,)]


def test_the_highest_of_several_rows_is_that_of_the_highest_number(ingestr, folder, shop):
    shop.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint PRIMARY KEY, version numeric, note text)")
    ingestr.load(write(folder, "rows.csv", "id,version,note\n1,9,old\n1,10,new\n1,2,oldest\n"), "rows", "--no-load-timestamp",
                 "--incremental-strategy", "merge", "--primary-key", "id", "--incremental-key", "version", **into(shop))
    assert shop.query("SELECT id, version::text, note FROM dest.rows") == [(1, "10", "new")]

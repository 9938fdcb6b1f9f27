"""Tables that exist keep the types of their columns where all values of a file fit, and widen where one does not."""

import duckdb
import pytest

FLAGS = ["--no-load-timestamp", "--incremental-strategy"]


def make(folder, *statements):
    with duckdb.connect(folder / "t.duckdb") as connection:
        for statement in statements:
            connection.execute(statement)


def table(folder):
    with duckdb.connect(folder / "t.duckdb") as connection:
        types = {row[0]: row[1] for row in connection.execute("DESCRIBE t").fetchall()}
        return types, connection.execute("SELECT COLUMNS(*)::VARCHAR FROM t ORDER BY ALL").fetchall()


def add(ingestr, folder, text, *flags, kind="csv"):
    (folder / f"rows.{kind}").write_text(text, encoding="utf-8")
    return ingestr.ingest(f"{kind}://rows.{kind}", "rows", *FLAGS, *flags, file="duckdb:///t.duckdb", into="main.t")


@pytest.mark.parametrize("declared, field, kept", [
    ("INTEGER", "7", "7"), ("SMALLINT", "-7", "-7"), ("DECIMAL(18,2)", "5.2", "5.20"), ("DECIMAL(18,2)", "1234567890123456.78", None),
    ("DOUBLE", "7", "7.0"), ("DATE", "2024-01-02", None), ("TIME", "10:30", "10:30:00"), ("TIMESTAMP", "2024-01-02", "2024-01-02 00:00:00"),
    ("TIMESTAMP", "2024-01-02T10:00:00+02:00", "2024-01-02 08:00:00"), ("TIMESTAMPTZ", "2024-01-02T10:00:00", "2024-01-02 10:00:00+00"),
    ("UUID", "6F9619FF-8B86-D011-B42D-00CF4FC964FF", "6f9619ff-8b86-d011-b42d-00cf4fc964ff")])
@pytest.mark.parametrize("contract", ["evolve", "freeze", "discard_row", "discard_value"])
def test_values_that_fit(ingestr, folder, declared, field, kept, contract):
    make(folder, f"CREATE TABLE t (id BIGINT, v {declared})", f"CREATE TABLE types AS SELECT NULL::{declared} AS v")
    assert add(ingestr, folder, f"id,v\n1,{field}\n2,\n", "append", "--schema-contract", contract).status == 0
    types, rows = table(folder)
    with duckdb.connect(folder / "t.duckdb") as connection:
        assert types["v"] == connection.execute("DESCRIBE types").fetchall()[0][1]
    assert rows == [("1", kept or field), ("2", None)]


@pytest.mark.parametrize("declared, fields, widened, values", [
    ("INTEGER", ["1", "3000000000"], "BIGINT", ["1", "3000000000"]),
    ("DECIMAL(18,2)", ["12.555", "7"], "DECIMAL(19,3)", ["12.555", "7.000"]),
    ("DATE", ["2024-01-02", "2024-01-02T03:00:00"], "VARCHAR", ["2024-01-02", "2024-01-02T03:00:00"]),
    ("DATE", ["2024-01-02T03:00:00Z"], "TIMESTAMP WITH TIME ZONE", ["2024-01-02 03:00:00+00"]),
    ("INTEGER", ["1", "00123"], "VARCHAR", ["1", "00123"])])
def test_a_value_that_does_not_fit_widens_the_column_and_the_log_says_so(ingestr, folder, declared, fields, widened, values):
    make(folder, f"CREATE TABLE t (id BIGINT, v {declared})")
    outcome = add(ingestr, folder, "id,v\n" + "".join(f"{i},{field}\n" for i, field in enumerate(fields)), "append")
    assert outcome.status == 0 and "column v of main.t was " in outcome.out
    types, rows = table(folder)
    assert types["v"] == widened and [row[1] for row in rows] == values


def test_a_column_of_a_similar_name_has_no_say(ingestr, folder):
    make(folder, 'CREATE TABLE t (user_id BIGINT, "userId" VARCHAR)')
    for contract in ("evolve", "freeze"):
        assert add(ingestr, folder, "user_id\n1\n", "append", "--schema-contract", contract).status == 0
    assert table(folder) == ({"user_id": "BIGINT", "userId": "VARCHAR"}, [("1", None), ("1", None)])


def test_the_last_row_of_a_large_file_decides(ingestr, folder):
    make(folder, "CREATE TABLE t (id INTEGER, v DATE)")
    rows = "".join(f"{i},2024-01-02\n" for i in range(700_000))
    assert add(ingestr, folder, "id,v\n" + rows, "append").status == 0
    assert table(folder)[0] == {"id": "INTEGER", "v": "DATE"}
    assert add(ingestr, folder, "id,v\n" + rows + "3000000000,n/a\n", "append").status == 0
    types, found = table(folder)
    assert types == {"id": "BIGINT", "v": "VARCHAR"} and len(found) == 1_400_001 and ("3000000000", "n/a") in found


def test_blank_fields_are_null_in_columns_of_no_text(ingestr, folder):
    make(folder, "CREATE TABLE t (id BIGINT, amount DECIMAL(18,2), d DATE, note VARCHAR)")
    assert add(ingestr, folder, '"id","amount","d","note"\n"1","12.50","2024-01-01","x"\n"2",""," ",""\n', "append").status == 0
    assert table(folder)[1] == [("1", "12.50", "2024-01-01", "x"), ("2", None, None, "")]
    assert add(ingestr, folder, '{"id": 3, "d": ""}\n', "append", kind="jsonl").status == 0
    assert table(folder)[1][2] == ("3", None, None, None)


def test_a_merge_finds_rows_by_a_time_in_another_form(ingestr, folder):
    make(folder, "CREATE TABLE t (ts TIMESTAMP, v VARCHAR)", "INSERT INTO t VALUES ('2024-01-01 10:00:00', 'old')")
    for _ in range(2):
        assert add(ingestr, folder, "ts,v\n2024-01-01T10:00:00Z,new\n", "merge", "--primary-key", "ts").status == 0
    assert table(folder)[1] == [("2024-01-01 10:00:00", "new")]


def test_a_key_that_would_become_text_is_refused(ingestr, folder):
    make(folder, "CREATE TABLE t (ts TIMESTAMP, v VARCHAR)", "INSERT INTO t VALUES ('2024-01-01 10:00:00', 'old')")
    outcome = add(ingestr, folder, "ts,v\n2024-01-01T10:00:00,new\nn/a,x\n", "merge", "--primary-key", "ts")
    assert outcome.status == 2 and "the key ts is TIMESTAMP in main.t" in outcome.error() and "--columns ts:timestamp_ntz" in outcome.error()
    assert table(folder)[1] == [("2024-01-01 10:00:00", "old")]


@pytest.mark.parametrize("flags", [["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "id"]])
def test_a_key_that_the_table_lacks_is_refused(ingestr, folder, flags):
    make(folder, "CREATE TABLE t (code BIGINT, v BIGINT)", "INSERT INTO t VALUES (1, 2)")
    outcome = add(ingestr, folder, "id,code,v\n1,1,3\n", *flags)
    assert outcome.status == 2 and "the key id is no column of main.t" in outcome.error() and "code, v" in outcome.error()
    assert table(folder)[1] == [("1", "2")]


@pytest.mark.parametrize("contract", ["evolve", "freeze", "discard_row", "discard_value"])
def test_a_load_timestamp_without_zone_breaks_no_contract(ingestr, folder, contract):
    make(folder, "CREATE TABLE t (id BIGINT, _ingestr_loaded_at TIMESTAMP)")
    (folder / "rows.csv").write_text("id\n1\n", encoding="utf-8")
    outcome = ingestr.ingest("csv://rows.csv", "rows", "--incremental-strategy", "append", "--schema-contract", contract,
                             file="duckdb:///t.duckdb", into="main.t")
    assert outcome.status == 0
    types, rows = table(folder)
    assert types["_ingestr_loaded_at"] == "TIMESTAMP" and len(rows) == 1 and rows[0][1] is not None


def test_a_source_with_a_load_timestamp_makes_no_versions_by_it(ingestr, folder):
    for day in (1, 2, 3):
        outcome = ingestr.ingest(_rows(folder, f"id,v,_ingestr_loaded_at\n1,a,2024-01-0{day}T00:00:00Z\n"), "rows",
                                 "--incremental-strategy", "scd2", "--primary-key", "id", file="duckdb:///t.duckdb", into="main.t")
        assert outcome.status == 0
    assert len(table(folder)[1]) == 1


def _rows(folder, text):
    (folder / "rows.csv").write_text(text, encoding="utf-8")
    return "csv://rows.csv"


@pytest.mark.parametrize("kind, first, second", [
    ("jsonl", '{"id":1,"Name":"UPPER","name":"lower"}\n', '{"id":2,"name":"lower","Name":"UPPER"}\n'),
    ("csv", "id,Name,name\n1,UPPER,lower\n", "id,name,Name\n2,lower,UPPER\n")])
def test_names_that_differ_in_case_are_the_same_columns_in_each_run(ingestr, folder, kind, first, second):
    for text in (first, second):
        assert add(ingestr, folder, text, "append", kind=kind).status == 0
    with duckdb.connect(folder / "t.duckdb") as connection:
        assert connection.execute("SELECT name, name_2 FROM t ORDER BY id").fetchall() == [("lower", "UPPER")] * 2


def test_an_undeclared_date_is_an_instant_where_the_table_has_instants(ingestr, folder, start_sandbox):
    make(folder, "CREATE TABLE t (record_id VARCHAR, seen TIMESTAMPTZ, day TIMESTAMPTZ)")
    sandbox = start_sandbox("--extra-key", 'seen="2024-01-01T10:00:00"', "--extra-key", 'day="2024-01-02"')
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *FLAGS, "append", file="duckdb:///t.duckdb", into="main.t")
    assert outcome.status == 0
    assert table(folder)[0]["seen"] == table(folder)[0]["day"] == "TIMESTAMP WITH TIME ZONE"

"""CSV, JSON Lines, JSON and Parquet files as destinations, read back by Python's csv and json and by pyarrow."""

import csv
import datetime
import decimal
import gzip
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import threading
import time

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from program import check_peak, wait_until

UTC = datetime.timezone.utc
FORMATS = ["csv", "tsv", "jsonl", "ndjson", "json", "parquet"]
NOON = datetime.datetime(2024, 2, 29, 12, 0, 0, 123456)

TYPES = {
    # name: values, Arrow's type, fields of a CSV file, JSON values
    "b": ([True, None, False], pyarrow.bool_(), ["true", "", "false"], [True, None, False]),
    "i64": ([-2**63, 1, None], pyarrow.int64(), [str(-2**63), "1", ""], [-2**63, 1, None]),
    "f": ([0.1, 1e300, float("inf")], pyarrow.float64(), ["0.1", "1e+300", "inf"], [0.1, 1e300, "inf"]),
    "d": ([decimal.Decimal("1.50"), None, decimal.Decimal("12345678901234567890.12")], pyarrow.decimal128(38, 2),
          ["1.50", "", "12345678901234567890.12"], ["1.50", None, "12345678901234567890.12"]),
    "s": (["ü \"☃\",\r\nend", "", None], pyarrow.string(), ["ü \"☃\",\r\nend", "", ""], ["ü \"☃\",\r\nend", "", None]),
    "day": ([datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)], pyarrow.date32(), ["2024-02-29", "", "0001-01-01"],
            ["2024-02-29", None, "0001-01-01"]),
    "t": ([NOON, None, NOON.replace(microsecond=0)], pyarrow.timestamp("us"),
          ["2024-02-29T12:00:00.123456", "", "2024-02-29T12:00:00"], ["2024-02-29T12:00:00.123456", None, "2024-02-29T12:00:00"]),
    "tz": ([NOON.replace(tzinfo=UTC), None, NOON.replace(microsecond=0, tzinfo=UTC)], pyarrow.timestamp("us", "UTC"),
           ["2024-02-29T12:00:00.123456Z", "", "2024-02-29T12:00:00Z"],
           ["2024-02-29T12:00:00.123456Z", None, "2024-02-29T12:00:00Z"]),
    "l": ([["a\"b", None], [], None], pyarrow.list_(pyarrow.string()), ['["a\\"b",null]', "[]", ""], [["a\"b", None], [], None]),
}


def write_types(path):
    arrays = {name: pyarrow.array(values, kind) for name, (values, kind, *_) in TYPES.items()}
    pyarrow.parquet.write_table(pyarrow.table(arrays), path)


def write_ids(path, ids, **more):
    columns = {"id": pyarrow.array(ids, pyarrow.int64()), **more}
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def read(path):
    """Rows as dicts; of a CSV file as text."""
    kind = path.name.removesuffix(".gz").rsplit(".", 1)[-1]
    if kind == "parquet":
        return pyarrow.parquet.read_table(path).to_pylist()
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", newline="", encoding="utf-8") as text:
        if kind in ("csv", "tsv"):
            return list(csv.DictReader(text, delimiter="\t" if kind == "tsv" else ",", strict=True))
        if kind == "json":
            return json.load(text, parse_float=str)
        return [json.loads(line, parse_float=str) for line in text]


def load(ingestr, source, target, *flags, into="rows"):
    return ingestr.load(source, "rows", "--no-load-timestamp", *flags, file=target, into=into)


def test_many_tables_become_files_of_a_directory(ingestr, folder, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:*", file="csv://out.csv", into="crm.*")
    assert outcome.status != 0 and "holds one table" in outcome.error() and is_clean(folder)
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:*", "--sql-limit", "5", file="csv://out/", into="crm.*")
    assert outcome.status == 0, outcome.err
    files = {path.name.split("-")[0]: len(read(path)) for path in (folder / "out").iterdir()}
    assert len(files) > 2 and set(files.values()) == {5}, files


def is_clean(folder, *kept):
    return sorted(path.name for path in folder.iterdir()) == sorted(kept)


def append(ingestr, source, target, **options):
    return load(ingestr, source, target, "--incremental-strategy", "append", **options)


def ids(path):
    return [int(row["id"]) for row in read(path)]


def test_every_type_as_csv(ingestr, folder):
    write_types(folder / "in.parquet")
    assert load(ingestr, "parquet://in.parquet", "csv://out.csv")["rows"] == 3
    rows = read(folder / "out.csv")
    for name, (_, _, fields, _) in TYPES.items():
        assert [row[name] for row in rows] == fields, name
    # NULL and the empty text are told apart, for who reads quotes.
    text = (folder / "out.csv").read_bytes().decode()
    assert text.startswith("b,i64,f,d,s,day,t,tz,l\n")
    assert text.splitlines()[-2].startswith(',1,1e+300,,"",,,,[]') and text.splitlines()[-1].split(",")[4] == ""
    assert is_clean(folder, "in.parquet", "out.csv")


def test_every_type_as_json_lines(ingestr, folder):
    write_types(folder / "in.parquet")
    load(ingestr, "parquet://in.parquet", "jsonl://out.jsonl")
    rows = [json.loads(line, parse_float=lambda text: text if "." in text and "e" not in text else float(text))
            for line in (folder / "out.jsonl").read_text().splitlines()]
    for name, (_, _, _, values) in TYPES.items():
        assert [row[name] for row in rows] == [str(v) if name == "f" and v == 0.1 else v for v in values], name


UNWRITABLE = [
    ("DATE '2024-01-01'", "DATE 'infinity'", "infinite dates"),
    ("TIMESTAMP '2024-01-01'", "TIMESTAMP '-infinity'", "infinite timestamps"),
    ("TIMESTAMPTZ '2024-01-01 00:00:00+00'", "TIMESTAMPTZ 'infinity'", "infinite timestamps"),
    ("[DATE '2024-01-01']", "[DATE 'infinity']", "infinite dates"),
    ("INTERVAL '1 month 2 days 1.5 seconds'", "INTERVAL '-3 days'", "intervals below zero"),
    ("INTERVAL '1 second'", "INTERVAL '1.000001 seconds'", "intervals below zero, or with parts of a millisecond"),
]


@pytest.mark.parametrize("fits, other, words", UNWRITABLE)
@pytest.mark.parametrize("target, flags", [("out.parquet", ()), ("out/", ("--partition-by", "part"))])
def test_what_no_parquet_file_holds_is_refused_by_its_column(ingestr, folder, fits, other, words, target, flags):
    def fill(rows):
        with duckdb.connect(str(folder / "in.duckdb")) as source:
            source.execute(f"CREATE OR REPLACE TABLE rows AS SELECT id, value, 'p' AS part FROM ({rows}) AS rows(id, value)")

    fill(f"VALUES (1, {fits}), (2, NULL)")
    load(ingestr, "duckdb://in.duckdb", f"parquet://{target}", *flags)
    path = folder / target if target.endswith(".parquet") else next((folder / target).glob("part=p/*.parquet"))
    assert pyarrow.parquet.read_table(path).num_rows == 2
    before = path.read_bytes()
    fill(f"VALUES (1, {fits}), (2, {other})")
    outcome = ingestr.ingest("duckdb://in.duckdb", "rows", *flags, file=f"parquet://{target}", into="rows")
    assert outcome.status == 1
    assert f"column value has {words}" in outcome.error() and "load it as text: --columns value:varchar" in outcome.error()
    assert path.read_bytes() == before
    if not fits.startswith("["):
        load(ingestr, "duckdb://in.duckdb", "parquet://text.parquet", "--columns", "value:varchar")
        assert pyarrow.parquet.read_table(folder / "text.parquet").num_rows == 2


def test_a_decimal_of_nothing_but_decimals_has_a_zero_before_its_point(ingestr, folder):
    with duckdb.connect(str(folder / "in.duckdb")) as source:
        source.execute("CREATE TABLE rows AS SELECT 0.25::DECIMAL(2,2) AS d, -0.25::DECIMAL(2,2) AS n, ('-0.' || repeat('12', 19))::DECIMAL(38,38) AS w,"
                       " [0.25::DECIMAL(2,2), NULL] AS l, [[('0.' || repeat('5', 20))::DECIMAL(20,20)]] AS ll")
    wide = "-0." + "12" * 19
    texts = {"d": "0.25", "n": "-0.25", "w": wide, "l": "[0.25,null]", "ll": f"[[0.{'5' * 20}]]"}
    for kind in ("jsonl", "json"):
        load(ingestr, "duckdb://in.duckdb", f"{kind}://out.{kind}")
        assert read(folder / f"out.{kind}") == [{"d": "0.25", "n": "-0.25", "w": wide, "l": ["0.25", None], "ll": [["0." + "5" * 20]]}]
    load(ingestr, "duckdb://in.duckdb", "csv://out.csv")
    assert read(folder / "out.csv") == [texts]
    load(ingestr, "duckdb://in.duckdb", "parquet://parts/", "--partition-by", "d,w", "--columns", "n:text,l:json,ll:text")
    part, = (folder / "parts").glob("*/*/*.parquet")
    assert str(part.relative_to(folder / "parts").parent) == f"d=0.25/w={wide}"
    assert pyarrow.parquet.ParquetFile(part).read().to_pylist() == [{"n": "-0.25", "l": "[0.25,null]", "ll": texts["ll"]}]
    shown, = json.loads(ingestr.run("preview", "--source-uri", "duckdb://in.duckdb", "--source-table", "rows", "--json").out, parse_float=str)
    assert shown["d"] == "0.25" and shown["w"] == wide and shown["l"] == ["0.25", None]


@pytest.mark.parametrize("target, flags", [("jsonl://out.jsonl", ()), ("xlsx://out.xlsx", ()), ("csv://out.csv", ("--primary-key", "c0")),
                                           ("csv://out/", ("--partition-by", "c0"))])
def test_more_columns_than_the_engine_nests_expressions(ingestr, folder, target, flags):
    names = [f"c{i}" for i in range(1_100)]
    (folder / "in.csv").write_text(",".join(names) + "\n" + ",".join(["1", "x"] * 550) + "\n")
    load(ingestr, "csv://in.csv", target, *flags)
    load(ingestr, target.replace("out/", "out/**/*.csv"), "csv://back.csv")
    row, = read(folder / "back.csv")
    assert sorted(row) == sorted(names) and (row["c0"], row["c1"], row["c1099"]) == ("1", "x", "x")


def test_json_is_an_array_of_what_json_lines_has(ingestr, folder):
    write_types(folder / "in.parquet")
    for kind in ("jsonl", "json"):
        load(ingestr, "parquet://in.parquet", f"{kind}://out.{kind}")
    text = (folder / "out.json").read_text()
    assert isinstance(json.loads(text), list) and len(json.loads(text)) == 3
    lines = (folder / "out.jsonl").read_text().splitlines()
    assert text == "[\n" + ",\n".join(lines) + "\n]\n"


def test_an_array_without_rows_and_what_is_added_to_it(ingestr, folder):
    write_ids(folder / "none.parquet", [])
    write_ids(folder / "in.parquet", range(300_000))
    assert load(ingestr, "parquet://none.parquet", "json://out.json")["rows"] == 0
    assert json.loads((folder / "out.json").read_text()) == []
    append(ingestr, "parquet://in.parquet", "json://out.json")
    assert ids(folder / "out.json") == list(range(300_000))
    append(ingestr, "parquet://none.parquet", "json://out.json")
    assert ids(folder / "out.json") == list(range(300_000))


def test_every_type_as_parquet(ingestr, folder):
    write_types(folder / "in.parquet")
    load(ingestr, "parquet://in.parquet", "parquet://out.parquet")
    table = pyarrow.parquet.read_table(folder / "out.parquet")
    for name, (values, kind, *_) in TYPES.items():
        assert table[name].to_pylist() == values, name
        if name != "l":
            assert table.schema.field(name).type == kind, name
    assert table.schema.field("l").type.value_type == pyarrow.string()
    assert pyarrow.parquet.ParquetFile(folder / "out.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_json_stays_json(ingestr, folder):
    (folder / "in.jsonl").write_text('{"id":1,"o":{"n": 1.10, "s":"a\\"b"}}\n{"id":2,"o":[1,2]}\n{"id":3,"o":null}\n')
    load(ingestr, "jsonl://in.jsonl", "jsonl://out.jsonl")
    lines = (folder / "out.jsonl").read_text().splitlines()
    assert lines == ['{"id":1,"o":{"n": 1.10, "s":"a\\"b"}}', '{"id":2,"o":[1,2]}', '{"id":3,"o":null}']
    load(ingestr, "jsonl://in.jsonl", "parquet://out.parquet")
    schema = pyarrow.parquet.ParquetFile(folder / "out.parquet").schema
    assert "JSON" in str(schema.column(1).logical_type)
    load(ingestr, "jsonl://in.jsonl", "csv://out.csv")
    for times in (2, 3):   # as text that a CSV file does not call JSON
        append(ingestr, "jsonl://in.jsonl", "csv://out.csv")
        rows = read(folder / "out.csv")
        assert [row["o"] for row in rows] == ['{"n": 1.10, "s":"a\\"b"}', "[1,2]", ""] * times


@pytest.mark.parametrize("kind", FORMATS)
def test_replace_and_append(ingestr, folder, kind):
    write_ids(folder / "first.parquet", [3, 1, 2], name=pyarrow.array(["a", None, ""]), late=pyarrow.nulls(3, pyarrow.string()))
    write_ids(folder / "second.parquet", [9], late=pyarrow.array([NOON.replace(tzinfo=UTC)]), new=pyarrow.array([1.5]))
    target, file = f"{kind}://data/out.{kind}", folder / "data" / f"out.{kind}"
    append(ingestr, "parquet://first.parquet", target)   # there is nothing yet
    assert ids(file) == [3, 1, 2]
    assert append(ingestr, "parquet://second.parquet", target)["rows"] == 1   # old rows are not counted
    rows = [{key: None if value == "" and kind in ("csv", "tsv") else value for key, value in row.items()} for row in read(file)]
    assert [int(row["id"]) for row in rows] == [3, 1, 2, 9]
    assert [row["name"] for row in rows] == (["a", None, None, None] if kind in ("csv", "tsv") else ["a", None, "", None])
    assert [row["new"] and float(row["new"]) for row in rows] == [None, None, None, 1.5]
    append(ingestr, "parquet://first.parquet", target)
    assert ids(file) == [3, 1, 2, 9, 3, 1, 2]
    load(ingestr, "parquet://second.parquet", target)
    assert ids(file) == [9] and list(read(file)[0]) == ["id", "late", "new"]
    assert is_clean(folder / "data", f"out.{kind}")


@pytest.mark.parametrize("name", ["o.jsonl", "o.json", "o.parquet", "o.xlsx", "o.csv.gz"])
def test_a_file_that_cannot_be_read_is_replaced_and_not_added_to(ingestr, folder, name):
    target, file = f"{name.split('.')[1]}://{name}", folder / name
    (folder / "in.csv").write_text("A,b\n1,x\n")
    file.write_bytes(b"garbage\n")
    outcome = ingestr.ingest("csv://in.csv", "rows", "--incremental-strategy", "append", file=target, into="rows")
    assert outcome.status == 1 and outcome.error() and file.read_bytes() == b"garbage\n"
    for flags in ((), ("--full-refresh",)):
        file.write_bytes(b"garbage\n")
        assert load(ingestr, "csv://in.csv", target, *flags)["rows"] == 1
    assert is_clean(folder, "in.csv", name)


def test_a_workbook_without_the_sheet_that_is_wanted_is_replaced(ingestr, folder):
    write_ids(folder / "in.parquet", [1])
    for sheet in ("one", "two"):
        load(ingestr, "parquet://in.parquet", f"xlsx://out.xlsx?sheet={sheet}")
    load(ingestr, "xlsx://out.xlsx?sheet=two", "csv://out.csv")
    assert ids(folder / "out.csv") == [1]


def test_a_column_that_was_null_so_far_takes_the_type_of_the_new_rows(ingestr, folder):
    (folder / "first.csv").write_text("id,at\n1,\n")
    write_ids(folder / "second.parquet", [2], at=pyarrow.array([NOON.replace(tzinfo=UTC)]))
    for kind in ("csv", "jsonl", "json"):
        load(ingestr, "csv://first.csv", f"{kind}://out.{kind}")
        append(ingestr, "parquet://second.parquet", f"{kind}://out.{kind}")
        assert read(folder / f"out.{kind}")[1]["at"] == "2024-02-29T12:00:00.123456Z"


def test_a_directory_gets_a_file_from_each_run(ingestr, folder):
    write_ids(folder / "in.parquet", [1, 2])
    load(ingestr, "parquet://in.parquet", "parquet://out/", into="orders")
    first = [path.name for path in (folder / "out").iterdir()]
    assert len(first) == 1 and first[0].startswith("orders-") and first[0].endswith(".parquet")
    before = (folder / "out" / first[0]).read_bytes()
    append(ingestr, "parquet://in.parquet", "parquet://out/", into="orders")
    files = sorted((folder / "out").iterdir())
    assert len(files) == 2 and [ids(path) for path in files] == [[1, 2], [1, 2]]
    assert (folder / "out" / first[0]).read_bytes() == before
    load(ingestr, "parquet://in.parquet", "parquet://out/", into="orders")
    file, = (folder / "out").iterdir()
    assert ids(file) == [1, 2] and file not in files


def test_tables_whose_names_are_alike_keep_their_files(ingestr, folder):
    write_ids(folder / "in.parquet", [1, 2])
    for table in ("a_b", "a/b", "a%2Fb", "a.b", "_a"):
        load(ingestr, "parquet://in.parquet", "parquet://out/", into=f'"{table}"')
    load(ingestr, "parquet://in.parquet", "parquet://out/", into="a.b")
    labels = ["_a", "a%252Fb", "a%2Eb", "a%2Fb", "a.b", "a_b"]
    assert sorted(path.name.split("-2")[0] for path in (folder / "out").iterdir()) == labels
    load(ingestr, "parquet://in.parquet", "parquet://out/", into='"a.b"')
    assert sorted(path.name.split("-2")[0] for path in (folder / "out").iterdir()) == labels


def test_a_link_that_names_what_is_not_there_yet(ingestr, folder):
    write_ids(folder / "in.parquet", [1, 2])
    (folder / "data").mkdir()
    (folder / "link.csv").symlink_to("data/real.csv")
    load(ingestr, "parquet://in.parquet", "csv://link.csv")
    assert (folder / "link.csv").is_symlink() and ids(folder / "data" / "real.csv") == [1, 2]


@pytest.mark.parametrize("target, file", [("current/out.csv", "releases/shared/out.csv"), ("current/../out.csv", "releases/out.csv")])
def test_a_link_behind_a_linked_directory(ingestr, folder, target, file):
    """What ".." is there, the system says; the words of the path do not."""
    write_ids(folder / "in.parquet", [7])
    (folder / "releases/42").mkdir(parents=True)
    (folder / "current").symlink_to("releases/42")
    (folder / "releases/42/out.csv").symlink_to("../shared/out.csv")
    for directory in ("shared", "releases/shared", "releases", "."):
        (folder / directory).mkdir(exist_ok=True)
        (folder / directory / "out.csv").write_text("id\n500\n")
    (folder / file).write_text("id\n1\n")
    for _ in range(2):
        append(ingestr, "parquet://in.parquet", f"csv://{target}", into="rows")
    assert ids(folder / file) == [1, 7, 7]
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("out.csv") if ids(path) != [500]) == sorted(
        {file, *(["releases/42/out.csv"] if "shared" in file else [])})


@pytest.mark.parametrize("name, into", [("x" * 240 + ".csv", "rows"), ("out/", "x" * 230)])
def test_a_name_that_is_too_long(ingestr, folder, name, into):
    write_ids(folder / "in.parquet", [1])
    outcome = ingestr.ingest("parquet://in.parquet", "rows", file=f"csv://{name}", into=into)
    assert outcome.status == 2 and outcome.error().endswith("(File name too long); choose a shorter name"), outcome.err


@pytest.mark.parametrize("target", ["csv://d%3Fe/out.csv", "sqlite://d%3Fe/out.db", "duckdb://d%3Fe/out.duckdb"])
def test_a_directory_with_a_question_mark(ingestr, folder, target):
    write_ids(folder / "in.parquet", [1])
    (folder / "d?e").mkdir()
    outcome = ingestr.ingest("parquet://in.parquet", "rows", "--primary-key", "id", file=target, into="rows")
    assert outcome.status == 2 and f"rows cannot be collected in {folder}/d?e" in outcome.error() and "rename that directory" in outcome.error(), outcome.err
    assert is_clean(folder, "in.parquet", "d?e") and not list((folder / "d?e").iterdir())
    load(ingestr, "parquet://in.parquet", "csv://d%3Fe/straight.csv")
    assert ids(folder / "d?e/straight.csv") == [1]


@pytest.mark.parametrize("target", ["csv://out.csv", "parquet://out.parquet", "duckdb:///out.duckdb", "sqlite:///out.sqlite"])
def test_a_limit_of_the_size_of_files(ingestr, folder, target):
    write_ids(folder / "in.parquet", range(3_000_000))
    outcome = ingestr.outcome(subprocess.Popen(
        [ingestr.binary, *ingestr.ingest_arguments("parquet://in.parquet", "rows", file=target, into="rows")], cwd=folder, env=ingestr.environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))))
    assert outcome.status == 1 and "a file may not grow any more; raise the limit" in outcome.error(), outcome.err
    assert is_clean(folder, "in.parquet")


@pytest.mark.parametrize("strategy", ["merge", "delete+insert", "scd2"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_other_strategies_are_refused_by_name_and_the_file_stays(ingestr, folder, kind, strategy):
    (folder / f"out.{kind}").write_bytes(b"precious\n")
    outcome = ingestr.ingest("csv://there-is-none.csv", "rows", "--incremental-strategy", strategy, "--primary-key", "id",
                             "--incremental-key", "id", file=f"{kind}://out.{kind}")
    assert outcome.status != 0 and strategy in outcome.error() and "replace and append" in outcome.error()
    assert (folder / f"out.{kind}").read_bytes() == b"precious\n" and is_clean(folder, f"out.{kind}")


def test_a_run_that_fails_leaves_the_file_as_it_was(ingestr, folder):
    (folder / "bad.csv").write_text("id\n1\n\"2\n")
    (folder / "out.csv").write_bytes(b"id\n7\n")
    for strategy in ("replace", "append"):
        outcome = ingestr.ingest("csv://bad.csv", "rows", "--incremental-strategy", strategy, file="csv://out.csv")
        assert outcome.status != 0
        assert (folder / "out.csv").read_bytes() == b"id\n7\n" and is_clean(folder, "bad.csv", "out.csv")
    outcome = ingestr.ingest("csv://bad.csv", "rows", file="csv://new/dir/out.csv")
    assert outcome.status != 0 and is_clean(folder, "bad.csv", "out.csv")


def test_kill_leaves_the_file_as_it_was_and_the_next_run_cleans_up(ingestr, folder):
    write_ids(folder / "many.parquet", range(3_000_000), text=pyarrow.array([f"row {i}" for i in range(3_000_000)]))
    (folder / "out.csv").write_bytes(b"id,text\n7,old\n")
    killed = 0
    for moment in range(8):
        shutil.rmtree(folder / "out.csv.ingestr.tmp", ignore_errors=True)
        process = ingestr.start(*ingestr.ingest_arguments("parquet://many.parquet", "rows", file="csv://out.csv"))
        wait_until(lambda: list((folder / "out.csv.ingestr.tmp").glob("*.out")) or process.poll() is not None, "it writes")
        time.sleep(0.05 * moment)   # a point in time is what is tested
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode == -signal.SIGKILL and (folder / "out.csv.ingestr.tmp").exists():
            killed += 1
            assert (folder / "out.csv").read_bytes() == b"id,text\n7,old\n"
    assert killed > 1   # a fast machine may be done before the last ones
    (folder / "out.csv.ingestr.tmp" / "left").write_text("by a dead run")
    load(ingestr, "parquet://many.parquet", "csv://out.csv")
    assert ids(folder / "out.csv") == list(range(3_000_000)) and is_clean(folder, "many.parquet", "out.csv")


def test_a_reader_never_sees_half_a_file(ingestr, folder):
    write_ids(folder / "in.parquet", range(200_000))
    load(ingestr, "parquet://in.parquet", "csv://out.csv")
    size = (folder / "out.csv").stat().st_size
    sizes, done = set(), threading.Event()

    def look():
        while not done.is_set():
            sizes.add(os.stat(folder / "out.csv").st_size)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(3):
            load(ingestr, "parquet://in.parquet", "csv://out.csv")
    finally:
        done.set()
        looking.join()
    assert sizes == {size}


def test_two_runs_do_not_write_one_file_at_once(ingestr, folder):
    import fcntl
    write_ids(folder / "in.parquet", [1])
    (folder / "out.csv.ingestr.tmp").mkdir()
    other = os.open(folder / "out.csv.ingestr.tmp", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    outcome = ingestr.ingest("parquet://in.parquet", "rows", file="csv://out.csv")
    assert outcome.status != 0 and "another run" in outcome.error()
    os.close(other)
    load(ingestr, "parquet://in.parquet", "csv://out.csv")
    assert is_clean(folder, "in.parquet", "out.csv")


@pytest.mark.parametrize("error", ["ENOSYS", "ENOLCK"])
def test_a_file_system_without_locks(ingestr, folder, tmp_path, error):
    if os.environ.get("INGESTR_SANITIZE"):
        pytest.skip("a sanitizer wants to be loaded first")
    library = tmp_path / "no_locks.so"
    subprocess.run(["cc", "-shared", "-fPIC", f"-DERROR={error}", "-o", library, pathlib.Path(__file__).parent / "no_locks.c"], check=True)
    write_ids(folder / "in.parquet", [1])
    (folder / "out.csv.ingestr.tmp").mkdir()
    outcome = ingestr.ingest("parquet://in.parquet", "rows", file="csv://out.csv", env={"LD_PRELOAD": str(library)})
    assert outcome.status != 0 and f"when no run works in {folder}/out.csv.ingestr.tmp, remove that" in outcome.error()
    (folder / "out.csv.ingestr.tmp").rmdir()
    for strategy in ("replace", "append"):
        for target in ("csv://out.csv", "parquet://out/"):
            outcome = ingestr.ingest("parquet://in.parquet", "rows", "--incremental-strategy", strategy, file=target, env={"LD_PRELOAD": str(library)})
            assert outcome.status == 0, outcome.err
    assert ids(folder / "out.csv") == [1, 1] and len(list((folder / "out").iterdir())) == 2
    assert is_clean(folder, "in.parquet", "out.csv", "out")


def test_records_of_attio(ingestr, folder, shared_sandbox):
    uri = shared_sandbox.uri()
    rows = {}
    for kind in ("csv", "jsonl", "json", "parquet"):
        ingestr.load(uri, "objects", file=f"{kind}://objects.{kind}")
        rows[kind] = read(folder / f"objects.{kind}")
        assert rows[kind] and all(row["_ingestr_loaded_at"] for row in rows[kind])
    assert all(isinstance(row["id"], dict) for row in rows["jsonl"])
    assert [json.loads(row["id"]) for row in rows["csv"]] == [row["id"] for row in rows["jsonl"]]
    assert [json.loads(row["id"]) for row in rows["parquet"]] == [row["id"] for row in rows["jsonl"]]
    assert [row["id"] for row in rows["json"]] == [row["id"] for row in rows["jsonl"]]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_compressed_by_name(ingestr, folder, kind):
    write_ids(folder / "in.parquet", [1, 2])
    load(ingestr, "parquet://in.parquet", f"{kind}://out.{kind}.gz")
    append(ingestr, "parquet://in.parquet", f"{kind}://out.{kind}.gz")
    assert ids(folder / f"out.{kind}.gz") == [1, 2, 1, 2]


@pytest.mark.parametrize("uri, word", [
    ("csv://", "names no file"), ("csv://folder", "end the URI with /"),
    ("parquet://in.parquet/", "no directory"), ("csv://out.csv?delimiter=;", "delimiter"), ("avro://out.avro", "cannot be a destination"), ("xlsx://out.xlsx?sheat=x", "sheat"),
])
def test_uris_that_cannot_be(ingestr, folder, uri, word):
    (folder / "folder").mkdir()
    write_ids(folder / "in.parquet", [1])
    outcome = ingestr.ingest("parquet://in.parquet", "rows", file=uri)
    assert outcome.status != 0 and word in outcome.error(), outcome.err
    assert is_clean(folder, "folder", "in.parquet")


def test_uris_name_files_as_those_of_sources_do(ingestr, folder, tmp_path):
    write_ids(folder / "in.parquet", [1])
    load(ingestr, "parquet://in.parquet", f"csv://{tmp_path}/abs%20[1]%3F.csv")
    assert ids(tmp_path / "abs [1]?.csv") == [1]
    append(ingestr, "parquet://in.parquet", f"csv://{tmp_path}/abs%20[1]%3F.csv")
    assert ids(tmp_path / "abs [1]?.csv") == [1, 1]


def test_a_dry_run_makes_nothing(ingestr, folder):
    write_ids(folder / "in.parquet", [1])
    outcome = ingestr.ingest("parquet://in.parquet", "rows", "--dry-run", file="csv://data/out.csv")
    assert outcome.status == 0 and is_clean(folder, "in.parquet")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_what_is_said_of_the_target_names_the_file(ingestr, folder, kind):
    (folder / "rows.csv").write_text("id,n\n1,2\n")
    (folder / "more.csv").write_text("id,n,z\n5,x,1\n")
    target, flags = f"{kind}://out.{kind}", ["--no-load-timestamp", "--incremental-strategy", "append"]
    ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", file=target, into="t")
    frozen = ingestr.ingest("csv://more.csv", "more", *flags, "--schema-contract", "freeze", file=target, into="t")
    assert frozen.error().startswith(f'Error: --schema-contract freeze: "{folder}/out.{kind}" would have to change: '), frozen.err
    planned = ingestr.ingest("csv://more.csv", "more", *flags, "--dry-run", file=target, into="t")
    assert f'add column z BIGINT to "{folder}/out.{kind}"' in planned.out and f'rows land in "_ingestr_landing_out.{kind}"' in planned.out
    assert "main" not in planned.out


def test_what_is_said_of_a_table_in_a_directory_is_its_name(ingestr, folder):
    (folder / "rows.csv").write_text("id\n1\n")
    for into, name in [("t", "t"), ("main.t", "t"), ("dest.t", "dest.t")]:
        planned = ingestr.ingest("csv://rows.csv", "rows", "--dry-run", file="parquet://data/", into=into)
        assert f"rows are written straight into {name}" in planned.out and "main." not in planned.out.replace("/ main.t", "").replace("-> main.t", "")


def test_memory_stays_small(ingestr, folder):
    count = 1_000_000
    columns = {f"c{i}": pyarrow.array(range(i, count + i)) for i in range(4)}
    columns |= {f"t{i}": pyarrow.array([f"some text {i} {n}" for n in range(count)]) for i in range(2)}
    write_ids(folder / "in.parquet", range(count), **columns)
    for kind in ("csv", "parquet"):
        process = ingestr.start(*ingestr.ingest_arguments("parquet://in.parquet", "rows", file=f"{kind}://out.{kind}"))
        check_peak(process, 350_000)
        process.communicate()
        assert process.returncode == 0


def test_a_pipe_by_its_path_is_refused(ingestr, folder):
    (folder / "x.csv").write_text("a\n1\n")
    outcome = ingestr.ingest("csv://x.csv", "rows", file="csv:///dev/stdout")
    assert outcome.status == 2 and "--dest-uri names /dev/stdout: it is no regular file; for a pipe write csv://-" in outcome.error(), outcome.err


@pytest.mark.parametrize("kind, value, what", [
    (pyarrow.struct([("a", pyarrow.int64()), ("b", pyarrow.string())]), {"a": 1, "b": "x"}, "is STRUCT(a BIGINT, b VARCHAR)"),
    (pyarrow.map_(pyarrow.string(), pyarrow.int64()), [("a", 1)], "is MAP(VARCHAR, BIGINT)"),
    (pyarrow.list_(pyarrow.struct([("a", pyarrow.int64())])), [{"a": 1}], "is STRUCT(a BIGINT)[]"),
    (pyarrow.timestamp("ns"), 1700000000123456789, "is TIMESTAMP_NS"),
    (pyarrow.timestamp("ns", "UTC"), 1700000000123456789, "may have nanoseconds"),
    (pyarrow.time64("ns"), 86399999999999, "may have nanoseconds")])
def test_what_cannot_be_written_as_it_was_is_not_added_to(ingestr, folder, kind, value, what):
    write_ids(folder / "out.parquet", [1], odd=pyarrow.array([value], kind))
    write_ids(folder / "more.parquet", [2])
    before = (folder / "out.parquet").read_bytes()
    outcome = ingestr.ingest("parquet://more.parquet", "rows", "--incremental-strategy", "append", file="parquet://out.parquet", into="rows")
    assert outcome.status == 2 and f"out.parquet: column odd {what}, and its values would be others once the file is written anew; " in outcome.error()
    assert (folder / "out.parquet").read_bytes() == before
    load(ingestr, "parquet://more.parquet", "parquet://out.parquet", "--incremental-strategy", "append", "--full-refresh")
    assert read(folder / "out.parquet") == [{"id": 2}]


def test_values_of_narrower_types_stay_what_they_are(ingestr, folder):
    write_ids(folder / "out.parquet", [1], u=pyarrow.array([2**64 - 1], pyarrow.uint64()), f=pyarrow.array([1.5], pyarrow.float16()),
              t=pyarrow.array([1700000000123456000], pyarrow.timestamp("ns")))
    write_ids(folder / "more.parquet", [2])
    append(ingestr, "parquet://more.parquet", "parquet://out.parquet")
    first, second = read(folder / "out.parquet")
    assert first == {"id": 1, "u": 2**64 - 1, "f": 1.5, "t": datetime.datetime(2023, 11, 14, 22, 13, 20, 123456)}
    assert second == {"id": 2, "u": None, "f": None, "t": None}

"""Excel workbooks as destinations, read back by openpyxl, and what the source makes of the same ones."""

import datetime
import decimal
import io
import json
import zipfile

import openpyxl
import openpyxl.chart
import pyarrow
import pyarrow.parquet
import pytest

import duckdb_file
from program import check_peak
from test_remote_files import object_bytes, piped, store_uri

UTC = datetime.timezone.utc
NOON = datetime.datetime(2024, 2, 29, 12, 0, 0, 123000)
MICROS = NOON.replace(microsecond=123456)
FIRST, LAST = datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)

TYPES = {
    # name: values, Arrow's type, cells
    "b": ([None, True, False], pyarrow.bool_(), [None, True, False]),
    "small": ([-1, None, 2**31 - 1], pyarrow.int32(), [-1, None, 2**31 - 1]),
    "digits15": ([None, 999_999_999_999_999, -(10**18)], pyarrow.int64(), [None, 999_999_999_999_999, -(10**18)]),
    "digits16": ([1, 9_007_199_254_740_993, None], pyarrow.int64(), ["1", "9007199254740993", None]),
    "u64": ([2**64 - 1, None, 0], pyarrow.uint64(), [str(2**64 - 1), None, "0"]),
    "f": ([0.1, 1e300, 0.1 + 0.2], pyarrow.float64(), [0.1, 1e300, 0.1 + 0.2]),
    "real": ([0.1, None, 16777216.0], pyarrow.float32(), [0.1, None, 16777216.0]),
    "inf": ([1.5, float("inf"), float("nan")], pyarrow.float64(), ["1.5", "inf", "nan"]),
    "money": ([decimal.Decimal("1.50"), None, decimal.Decimal("-1234567890123.45")], pyarrow.decimal128(38, 2), [1.5, None, -1234567890123.45]),
    "exact": ([decimal.Decimal("1.50"), None, decimal.Decimal("12345678901234567.89")], pyarrow.decimal128(38, 2),
              ["1.50", None, "12345678901234567.89"]),
    "s": (["ü \"☃\" <a>&'\t\r\nend ", "", None], pyarrow.string(), ["ü \"☃\" <a>&'\t\r\nend ", "", None]),
    "odd": ([" 00123", "=1+1", "😀" * 16_383], pyarrow.string(), [" 00123", "=1+1", "😀" * 16_383]),
    "day": ([None, FIRST, LAST], pyarrow.date32(), [None, datetime.datetime(1900, 3, 1), datetime.datetime(9999, 12, 31)]),
    "old": ([datetime.date(1900, 2, 28), None, FIRST], pyarrow.date32(), ["1900-02-28", None, "1900-03-01"]),
    "t": ([None, NOON, datetime.datetime(2024, 1, 1, 0, 0, 0, 1000)], pyarrow.timestamp("us"), [None, NOON, datetime.datetime(2024, 1, 1, 0, 0, 0, 1000)]),
    "us": ([MICROS, None, NOON], pyarrow.timestamp("us"), ["2024-02-29 12:00:00.123456", None, "2024-02-29 12:00:00.123"]),
    "tz": ([MICROS.replace(tzinfo=UTC), None, NOON.replace(tzinfo=UTC)], pyarrow.timestamp("us", "UTC"),
           ["2024-02-29 12:00:00.123456+00", None, "2024-02-29 12:00:00.123+00"]),
    "clock": ([datetime.time(12, 0, 0, 123456), None, datetime.time(0)], pyarrow.time64("us"), ["12:00:00.123456", None, "00:00:00"]),
    "y": ([b"\x00\xff", None, b""], pyarrow.binary(), ["\\x00\\xFF", None, ""]),
    "l": ([["a\"b", None], [], None], pyarrow.list_(pyarrow.string()), ['["a\\"b",null]', "[]", None]),
}


def write(path, columns):
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def write_types(path):
    write(path, {name: pyarrow.array(values, kind) for name, (values, kind, _) in TYPES.items()})


def load(ingestr, source, target, *flags):
    return ingestr.load(source, "rows", "--no-load-timestamp", *flags, file=target, into="rows")


def sheet(file, name=None):
    """Its columns by their names, each a list of cells' values."""
    book = openpyxl.load_workbook(file)
    assert len(book.sheetnames) == 1
    rows = list((book[name] if name else book.active).iter_rows(values_only=True))
    return {column: [row[i] for row in rows[1:]] for i, column in enumerate(rows[0])}


def test_every_type(ingestr, folder):
    write_types(folder / "in.parquet")
    assert load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx")["rows"] == 3
    cells = sheet(folder / "out.xlsx")
    assert list(cells) == list(TYPES)
    for name, (_, _, expected) in TYPES.items():
        assert cells[name] == expected and [type(v) for v in cells[name] if v is not None] == [type(v) for v in expected if v is not None], name
    assert zipfile.ZipFile(folder / "out.xlsx").testzip() is None
    book = openpyxl.load_workbook(folder / "out.xlsx")
    assert book.sheetnames == ["Sheet1"]
    formats = {book.active.cell(1, i).value: book.active.cell(3, i).number_format for i in range(1, len(TYPES) + 1)}
    assert formats["day"] == r"yyyy\-mm\-dd" and formats["t"] == r"yyyy\-mm\-dd\ hh:mm:ss.000" and formats["small"] == "General"
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out.xlsx"]


def test_the_source_reads_back_what_is_there(ingestr, folder, file):
    write_types(folder / "in.parquet")
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx")
    ingestr.load("xlsx://out.xlsx", "rows", "--no-load-timestamp")
    for name, (_, _, expected) in TYPES.items():
        values = duckdb_file.column(file, f'SELECT "{name}" FROM dest.rows')
        if name == "day":
            expected = [None, FIRST, LAST]
        assert values == expected, name


def test_a_second_run_reads_back_what_a_first_one_wrote(ingestr, folder):
    """Through append, again and again, no value changes. Of a blob beside text there is no append, and a REAL beside numbers is a DOUBLE."""
    write_types(folder / "in.parquet")
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx", "--sql-exclude-columns", "y,real")
    for times in (2, 3):
        load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx", "--incremental-strategy", "append", "--sql-exclude-columns", "y,real")
        cells = sheet(folder / "out.xlsx")
        for name, (_, _, expected) in TYPES.items():
            if name not in ("y", "real"):
                assert cells[name] == expected * times, name


def test_every_millisecond_comes_back(ingestr, folder, file):
    times = [datetime.datetime(year, 5, 17, 23, 59, 59, ms * 1000) for year in (1900, 1969, 2024, 2187, 9998) for ms in range(1000)]
    write(folder / "in.parquet", {"t": pyarrow.array(times, pyarrow.timestamp("us"))})
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx")
    ingestr.load("xlsx://out.xlsx", "rows", "--no-load-timestamp")
    assert duckdb_file.column(file, "SELECT t FROM dest.rows") == times
    assert sheet(folder / "out.xlsx")["t"] == times


def test_rows_without_a_value_are_kept(ingestr, folder, file):
    write(folder / "in.parquet", {"n": pyarrow.array([None, 1, None, 2, None], pyarrow.int64()), "s": pyarrow.array([None, "a", None, "", None])})
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx")
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx", "--incremental-strategy", "append")
    assert sheet(folder / "out.xlsx") == {"n": [None, 1, None, 2, None] * 2, "s": [None, "a", None, "", None] * 2}


def test_no_rows(ingestr, folder):
    write(folder / "in.parquet", {"id": pyarrow.array([], pyarrow.int64()), "Full Name": pyarrow.array([], pyarrow.string())})
    load(ingestr, "parquet://in.parquet", "xlsx://out.xlsx", "--schema-naming", "direct")
    assert sheet(folder / "out.xlsx") == {"id": [], "Full Name": []}


def test_a_sheet_by_its_name(ingestr, folder, file):
    (folder / "in.jsonl").write_text('{"id":1,"o":{"n":1.10}}\n')
    uri = "xlsx://out.xlsx?sheet=Sales+%26+%22%C3%BC%22"
    load(ingestr, "jsonl://in.jsonl", uri)
    load(ingestr, "jsonl://in.jsonl", uri, "--incremental-strategy", "append")
    assert sheet(folder / "out.xlsx", 'Sales & "ü"') == {"id": [1, 1], "o": ['{"n":1.10}'] * 2}
    for bad in ("a/b", "'a", "x" * 32, ""):
        outcome = ingestr.ingest("jsonl://in.jsonl", "rows", file=f"xlsx://new.xlsx?sheet={bad}")
        assert outcome.status == 2 and "1 to 31 letters" in outcome.error()


def test_a_workbook_with_more_sheets_is_not_added_to(ingestr, folder):
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append([1])
    book.create_sheet("precious")
    book.save(folder / "out.xlsx")
    before = (folder / "out.xlsx").read_bytes()
    (folder / "in.csv").write_text("id\n2\n")
    outcome = ingestr.ingest("csv://in.csv", "rows", "--incremental-strategy", "append", file="xlsx://out.xlsx")
    assert outcome.status == 2 and "other sheets" in outcome.error() and (folder / "out.xlsx").read_bytes() == before
    load(ingestr, "csv://in.csv", "xlsx://out.xlsx")
    assert sheet(folder / "out.xlsx") == {"id": [2]}
    del book["precious"]
    book.save(folder / "out.xlsx")
    load(ingestr, "csv://in.csv", "xlsx://out.xlsx", "--incremental-strategy", "append")
    assert sheet(folder / "out.xlsx") == {"id": [1, 2]}


def moved(path, folder):
    """The workbook with its sheets in another folder, where its list of parts says that they are."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part.replace("xl/worksheets/", folder), content.replace(b"/xl/worksheets/", f"/{folder}".encode()))


@pytest.mark.parametrize("place", ["xl/worksheets/", "xl/Worksheets/", "xl/sheets/", "cells/"])
def test_where_sheets_lie_is_of_no_account(ingestr, folder, place):
    (folder / "in.csv").write_text("id\n2\n")
    book = openpyxl.Workbook()
    book.active.title = "Sales"
    book.active.append(["id"])
    book.active.append([1])
    book.save(folder / "one.xlsx")
    book.create_sheet("precious")
    book.save(folder / "two.xlsx")
    for name in ("one.xlsx", "two.xlsx"):
        moved(folder / name, place)
    before = (folder / "two.xlsx").read_bytes()
    outcome = ingestr.ingest("csv://in.csv", "rows", "--incremental-strategy", "append", file="xlsx://two.xlsx")
    assert outcome.status == 2 and "other sheets" in outcome.error() and (folder / "two.xlsx").read_bytes() == before
    for uri in ("xlsx://one.xlsx", "xlsx://one.xlsx?sheet=sales"):
        load(ingestr, "csv://in.csv", uri, "--incremental-strategy", "append")
    assert sheet(folder / "one.xlsx", "Sales") == {"id": [1, 2, 2]}
    load(ingestr, "csv://in.csv", "xlsx://one.xlsx")
    assert sheet(folder / "one.xlsx", "Sheet1") == {"id": [2]}


def test_a_chart_is_a_sheet(ingestr, folder):
    (folder / "in.csv").write_text("id\n2\n")
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.create_chartsheet("precious").add_chart(openpyxl.chart.BarChart())
    book.save(folder / "out.xlsx")
    outcome = ingestr.ingest("csv://in.csv", "rows", "--incremental-strategy", "append", file="xlsx://out.xlsx")
    assert outcome.status == 2 and "other sheets" in outcome.error()


@pytest.mark.parametrize("columns, word", [
    ({"s": ["x" * 32_768]}, "column s: a text has more than the 32767"),
    ({"s": ["ok", "😀" * 16_384]}, "column s: a text has more than the 32767"),
    ({"id": [1], "s": ["a\u0001b"]}, "column s: a text has a control character"),
    ({"s": ["_x0041_"]}, "column s: a text has a control character, or the like of _x0041_"),
])
def test_what_no_cell_holds_is_refused_and_the_target_stays(ingestr, folder, columns, word):
    write(folder / "in.parquet", columns)
    old = openpyxl.Workbook()
    old.active.append(["precious"])
    old.save(folder / "out.xlsx")
    before = (folder / "out.xlsx").read_bytes()
    outcome = ingestr.ingest("parquet://in.parquet", "rows", "--no-load-timestamp", file="xlsx://out.xlsx")
    assert outcome.status == 1 and word in outcome.error(), outcome.err
    assert (folder / "out.xlsx").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out.xlsx"]


def test_as_many_rows_as_a_sheet_has_and_one_more(ingestr, folder):
    count = 1_048_575
    write(folder / "in.parquet", {"id": range(count)})
    process = ingestr.start(*ingestr.ingest_arguments("parquet://in.parquet", "rows", "--no-load-timestamp", file="xlsx://out.xlsx"))
    check_peak(process)
    process.communicate()
    assert process.returncode == 0
    rows = openpyxl.load_workbook(folder / "out.xlsx", read_only=True).active.iter_rows(values_only=True)
    assert next(rows) == ("id",) and all(row == (i,) for i, row in enumerate(rows)) and next(rows, None) is None
    before = (folder / "out.xlsx").read_bytes()
    write(folder / "in.parquet", {"id": range(count + 1), "half": [i % 2 for i in range(count + 1)]})
    outcome = ingestr.ingest("parquet://in.parquet", "rows", "--no-load-timestamp", file="xlsx://out.xlsx")
    assert outcome.status == 1 and "1048576 rows are more than the 1048575" in outcome.error() and "--partition-by" in outcome.error()
    assert (folder / "out.xlsx").read_bytes() == before


def test_parts_in_directories(ingestr, folder):
    write(folder / "in.parquet", {"id": range(6), "part": ["a", "b", None] * 2, "big": [2**60] * 6})
    load(ingestr, "parquet://in.parquet", "xlsx://out/?sheet=s", "--partition-by", "part")
    found = {path.parent.name: sheet(path, "s") for path in (folder / "out").rglob("*.xlsx")}
    assert found == {f"part={part}": {"id": [i, i + 3], "big": [str(2**60)] * 2}
                     for part, i in (("a", 0), ("b", 1), ("__HIVE_DEFAULT_PARTITION__", 2))}
    load(ingestr, "parquet://in.parquet", "xlsx://out/")
    file, = (folder / "out").rglob("*.xlsx")
    assert sheet(file)["id"] == [0, 1, 2, 3, 4, 5]


def test_pipes(ingestr, folder):
    for target in ("xlsx://-?sheet=rows", "xlsx://-"):
        status, out, err = piped(ingestr, b"id,name\n1,a\n", *ingestr.ingest_arguments("csv://-", "rows", "--no-load-timestamp", file=target))
        assert status == 0 and out.startswith(b"PK") and sheet(io.BytesIO(out)) == {"id": [1], "name": ["a"]}, err
    status, text, err = piped(ingestr, out, *ingestr.ingest_arguments("xlsx://-", "rows", "--no-load-timestamp", file="json://-"))
    assert status == 0 and json.loads(text) == [{"id": 1, "name": "a"}], err


def test_an_object_of_a_store(ingestr, folder, object_store):
    (folder / "in.csv").write_text("id,name\n1,a\n")
    uri = store_uri(object_store, "lake/books/x.xlsx") + "&sheet=s"
    load(ingestr, "csv://in.csv", uri)
    assert sheet(io.BytesIO(object_bytes(object_store, "books/x.xlsx")), "s") == {"id": [1], "name": ["a"]}
    outcome = ingestr.ingest("csv://in.csv", "rows", "--incremental-strategy", "append", file=uri)
    assert outcome.status == 2 and "takes the strategy replace, not append" in outcome.error()
    load(ingestr, "csv://in.csv", store_uri(object_store, "lake/books/all/") + "&format=xlsx", "--incremental-strategy", "append")


def test_cells_of_other_kinds_make_a_column_text_and_lose_nothing(ingestr, folder, file):
    day, noon = datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1, 12)
    book = openpyxl.Workbook()
    for row in (["n", "d", "late", "s", "b", "when"], [1.5, day, None, "x", True, day], [None] * 6, [day, 5, noon, noon, "no", noon], [True, None, None, True, 1, None]):
        book.active.append(row)
    book.save(folder / "in.xlsx")
    ingestr.load("xlsx://in.xlsx", "rows", "--no-load-timestamp")
    found = {name: duckdb_file.column(file, f"SELECT {name} FROM dest.rows") for name in ("n", "d", "late", "s", "b", "\"when\"")}
    assert found == {
        "n": ["1.5", None, "2024-01-01", "true"], "d": ["2024-01-01", None, "5", None], "late": [None, None, noon, None],
        "s": ["x", None, "2024-01-01 12:00:00", "true"], "b": ["true", None, "no", "1"],
        '"when"': [datetime.datetime(2024, 1, 1), None, noon, None]}

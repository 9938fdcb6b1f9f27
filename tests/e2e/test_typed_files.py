"""Parquet, Avro and Excel files as sources, written by pyarrow, fastavro and openpyxl."""

import datetime
import decimal

import fastavro
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

import duckdb_file
import manual

UTC = datetime.timezone.utc
NOON = datetime.datetime(2024, 2, 29, 12, 0, 0, 123456)


def loaded(file, name):
    return duckdb_file.column(file, f'SELECT "{name}"::VARCHAR FROM dest.rows')


def types(file):
    return dict(duckdb_file.columns(file, "rows", "dest"))


PARQUET = {
    # name: values, Arrow's type, DuckDB's type, texts
    "b": ([True, None], pyarrow.bool_(), "BOOLEAN", ["true", None]),
    "u8": ([255, 0], pyarrow.uint8(), "SMALLINT", ["255", "0"]),
    "u64": ([2**64 - 1, 0], pyarrow.uint64(), "DECIMAL(20,0)", ["18446744073709551615", "0"]),
    "i64": ([-2**63, 1], pyarrow.int64(), "BIGINT", ["-9223372036854775808", "1"]),
    "f": ([0.1, float("nan")], pyarrow.float64(), "DOUBLE", ["0.1", "nan"]),
    "d": ([decimal.Decimal("1.50"), None], pyarrow.decimal128(38, 2), "DECIMAL(38,2)", ["1.50", None]),
    "s": (["ü ☃", ""], pyarrow.string(), "VARCHAR", ["ü ☃", ""]),
    "y": ([b"\x00\xff", b""], pyarrow.binary(), "BLOB", ["\\x00\\xFF", ""]),
    "day": ([datetime.date(2024, 2, 29), None], pyarrow.date32(), "DATE", ["2024-02-29", None]),
    "t": ([NOON, None], pyarrow.timestamp("us"), "TIMESTAMP", ["2024-02-29 12:00:00.123456", None]),
    "tz": ([NOON, None], pyarrow.timestamp("us", "UTC"), "TIMESTAMP WITH TIME ZONE", ["2024-02-29 12:00:00.123456+00", None]),
    "ns": ([1_709_208_000_123_456_000, None], pyarrow.timestamp("ns"), "TIMESTAMP", ["2024-02-29 12:00:00.123456", None]),
    "finer": ([1_709_208_000_123_456_789, None], pyarrow.timestamp("ns"), "VARCHAR", ["2024-02-29 12:00:00.123456789", None]),
    "l": ([[1, None], []], pyarrow.list_(pyarrow.int32()), "INTEGER[]", ["[1, NULL]", "[]"]),
    "o": ([{"a": 1}, None], pyarrow.struct([("a", pyarrow.int32())]), "VARCHAR", ["{'a': 1}", None]),
    "z": ([None, None], pyarrow.null(), "INTEGER", [None, None]),
}


def write_parquet(path, rows=None):
    columns = PARQUET if rows is None else rows
    arrays = {name: pyarrow.array(values, kind) for name, (values, kind, *_) in columns.items()}
    pyarrow.parquet.write_table(pyarrow.table(arrays), path, version="2.6", compression="zstd")


def test_every_type_of_parquet(ingestr, file, folder):
    write_parquet(folder / "odd [1] * name.parquet")
    ingestr.load("parquet://odd%20[1]%20*%20name.parquet", "any", "--no-load-timestamp")
    assert types(file) == {name: kind for name, (_, _, kind, _) in PARQUET.items()}
    for name, (_, _, _, texts) in PARQUET.items():
        assert loaded(file, name) == texts, name


def test_parquet_rows_stay_in_order_and_are_counted(ingestr, file, folder):
    times = [datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=i) for i in range(300_000)]
    write_parquet(folder / "many.parquet", {"id": (range(300_000), pyarrow.int64()), "at": (times, pyarrow.timestamp("us"))})
    assert ingestr.load("parquet://many.parquet", "many", "--no-load-timestamp")["rows"] == 300_000
    assert loaded(file, "id") == [str(i) for i in range(300_000)]
    ingestr.load("parquet://many.parquet", "many", "--incremental-key", "at", "--interval-start", "2024-01-01T00:05:00",
                 "--interval-end", "2024-01-01T00:07:00", "--sql-exclude-columns", "at")
    assert loaded(file, "id") == ["5", "6", "7"]
    ingestr.load("parquet://many.parquet", "many", "--sql-limit", "3")
    assert loaded(file, "id") == ["0", "1", "2"]


def test_avro(ingestr, file, folder):
    schema = {"type": "record", "name": "row", "fields": [
        {"name": "id", "type": "long"}, {"name": "name", "type": ["null", "string"]}, {"name": "ratio", "type": "double"},
        {"name": "raw", "type": "bytes"}, {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "kind", "type": {"type": "enum", "name": "kind", "symbols": ["a", "b"]}}]}
    rows = [{"id": 2**63 - 1, "name": "ü", "ratio": 0.1, "raw": b"\x00\xff", "tags": ["x", "y"], "at": NOON.replace(tzinfo=UTC),
             "day": datetime.date(2024, 2, 29), "kind": "b"},
            {"id": 1, "name": None, "ratio": 1.0, "raw": b"", "tags": [], "at": NOON.replace(tzinfo=UTC),
             "day": datetime.date(1, 1, 1), "kind": "a"}]
    with open(folder / "rows.avro", "wb") as out:
        fastavro.writer(out, schema, rows, codec="deflate")
    ingestr.load("avro://rows.avro", "rows", "--no-load-timestamp")
    assert loaded(file, "id") == ["9223372036854775807", "1"] and loaded(file, "name") == ["ü", None]
    assert loaded(file, "ratio") == ["0.1", "1.0"] and loaded(file, "raw") == ["\\x00\\xFF", ""]
    assert loaded(file, "tags") == ["[x, y]", "[]"] and loaded(file, "kind") == ["b", "a"]
    assert loaded(file, "day") == ["2024-02-29", "0001-01-01"]
    assert [text[:26] for text in loaded(file, "at")] == ["2024-02-29 12:00:00.123456"] * 2


def test_excel(ingestr, file, folder):
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "amount", "day", "ok"])
    book.active.append([1, "ü ☃", 12.5, datetime.datetime(2024, 2, 29), True])
    book.active.append([2, "00123", 0.1, datetime.datetime(2024, 1, 1), False])
    other = book.create_sheet("Other sheet")
    other.append(["x"])
    other.append(["y"])
    book.save(folder / "book.xlsx")
    ingestr.load("xlsx://book.xlsx", "book", "--no-load-timestamp")
    assert loaded(file, "name") == ["ü ☃", "00123"] and loaded(file, "amount") == ["12.5", "0.1"]
    assert loaded(file, "day") == ["2024-02-29 00:00:00", "2024-01-01 00:00:00"] and loaded(file, "ok") == ["true", "false"]
    ingestr.load("xlsx://book.xlsx?sheet=Other+sheet", "book", "--no-load-timestamp")
    assert loaded(file, "x") == ["y"]


@pytest.mark.parametrize("scheme", ["parquet", "avro", "xlsx"])
def test_tables_preview_check_and_what_is_no_such_file(ingestr, folder, scheme):
    if scheme == "parquet":
        write_parquet(folder / "rows.parquet")
        assert ingestr.run("tables", "--source-uri", "parquet://rows.parquet").status == 0
        assert ingestr.run("check", "--source-uri", "parquet://rows.parquet").status == 0
        assert "18446744073709551615" in ingestr.run(
            "preview", "--source-uri", "parquet://rows.parquet", "--source-table", "rows").out
    (folder / "text").write_text("this is text")
    outcome = ingestr.ingest(f"{scheme}://text", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: text: ")


def test_the_manuals_example(ingestr, folder):
    write_parquet(folder / "orders.parquet")
    outcome = ingestr.run(*manual.example("files"))
    assert (outcome.status, outcome.err) == (0, "")
    assert duckdb_file.count(folder / "copy.duckdb", "dest.orders") == 2

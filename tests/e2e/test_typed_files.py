"""Parquet, Avro and Excel files as sources, written by pyarrow, fastavro and openpyxl."""

import datetime
import decimal
import io
import json
import sqlite3
import struct
import zlib

import duckdb
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
    "z": ([None, None], pyarrow.null(), "VARCHAR", [None, None]),
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


def test_nanoseconds_that_are_cut_are_told_of(ingestr, file, folder):
    write_parquet(folder / "x.parquet", {"ns": ([1_709_208_000_123_456_000], pyarrow.timestamp("ns")), "us": ([NOON], pyarrow.timestamp("us", "UTC")),
                                         "zoned": ([1_709_208_000_123_456_789], pyarrow.timestamp("ns", "UTC")), "clock": ([123_456_789], pyarrow.time64("ns"))})
    outcome = ingestr.ingest("parquet://x.parquet", "rows", "--no-load-timestamp")
    assert outcome.status == 0, outcome.err
    warned = [line.split(" | ")[1] for line in outcome.out.splitlines() if "nanoseconds" in line]
    assert warned == [f"x.parquet: column {name} may have nanoseconds, which are cut to microseconds" for name in ("zoned", "clock")]
    assert loaded(file, "zoned") == ["2024-02-29 12:00:00.123456+00"] and loaded(file, "clock") == ["00:00:00.123456"]


def test_nanoseconds_of_int96_are_told_of(ingestr, file, folder):
    finest = 1_709_208_000_123_456_789
    for name in ("a", "b"):
        table = pyarrow.table({"at": pyarrow.array([finest], pyarrow.timestamp("ns")), "all": pyarrow.array([[finest]], pyarrow.list_(pyarrow.timestamp("ns")))})
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet", use_deprecated_int96_timestamps=True)
    outcome = ingestr.ingest("parquet://*.parquet", "rows", "--no-load-timestamp")
    assert outcome.status == 0, outcome.err
    warned = [line.split(" | ")[1].rsplit("/", 1)[1] for line in outcome.out.splitlines() if "nanoseconds" in line]
    assert warned == [f"a.parquet: column {name} may have nanoseconds, which are cut to microseconds" for name in ("at", "all")]
    assert loaded(file, "at") == ["2024-02-29 12:00:00.123456"] * 2


@pytest.mark.parametrize("value, kind, digits", [
    (decimal.Decimal("1.50"), pyarrow.decimal256(50, 2), 50),
    ([decimal.Decimal("1.50")], pyarrow.list_(pyarrow.decimal256(39, 2)), 39),
    ({"a": 1, "b": {"c": [decimal.Decimal("1.50")]}},
     pyarrow.struct([("a", pyarrow.int64()), ("b", pyarrow.struct([("c", pyarrow.list_(pyarrow.decimal256(76, 2)))]))]), 76),
    ([("k", decimal.Decimal("1.50"))], pyarrow.map_(pyarrow.string(), pyarrow.decimal256(50, 2)), 50),
])
def test_decimals_of_too_many_digits_are_refused_by_their_column(ingestr, folder, file, value, kind, digits):
    others = {"id": ([{"x": [1]}], pyarrow.struct([("x", pyarrow.list_(pyarrow.int64()))])), "fits": ([decimal.Decimal("1.50")], pyarrow.decimal256(38, 2))}
    (folder / "many").mkdir()
    write_parquet(folder / "many/1.parquet", {**others, "price": ([1.5], pyarrow.float64())})
    write_parquet(folder / "many/2.parquet", {**others, "price": ([value], kind)})
    for uri in ("parquet://many/2.parquet", "parquet://many/*.parquet"):
        outcome = ingestr.ingest(uri, "rows")
        assert outcome.status == 1
        assert f"2.parquet: column price has decimals of {digits} digits, and 38 are the most" in outcome.error() and "as text" in outcome.error()
    assert not file.exists()
    write_parquet(folder / "many/2.parquet", others)
    ingestr.load("parquet://many/2.parquet", "rows")
    assert loaded(file, "fits") == ["1.50"]


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
    assert loaded(file, "at") == ["2024-02-29 12:00:00.123456+00"] * 2 and types(file)["at"] == "TIMESTAMP WITH TIME ZONE"


def avro(path, kinds, *rows):
    """`kinds` are Avro's types of the columns by their names."""
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    with open(path, "wb") as out:
        fastavro.writer(out, {"type": "record", "name": "row", "fields": fields}, rows)


def money(precision, scale, **how):
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale, **how}


def test_decimals_and_instants_of_avro(ingestr, file, folder):
    instant = {"type": "long", "logicalType": "timestamp-micros"}
    place = {"type": "record", "name": "place", "fields": [{"name": "price", "type": money(6, 2)}, {"name": "x", "type": "int"}]}
    kinds = {"plain": money(10, 2), "open": ["null", money(38, 4)], "wide": money(50, 2), "many": {"type": "array", "items": money(6, 2)},
             "by": {"type": "map", "values": money(6, 2)}, "place": ["null", place], "again": ["null", "place"], "millis": {**instant, "logicalType": "timestamp-millis"},
             "times": {"type": "array", "items": instant}, "fixed": money(20, 2, type="fixed", size=12, name="f")}
    noon = NOON.replace(tzinfo=UTC)
    dec = decimal.Decimal
    avro(folder / "x.avro", kinds,
         {"plain": dec("-1.50"), "open": dec("9999999999999999999999999999999999.9999"), "wide": dec(10) ** 40, "many": [dec("0.05"), dec("-0.05")],
          "by": {"a": dec("1.50")}, "place": {"price": dec("2.50"), "x": 1}, "again": None, "millis": noon, "times": [noon], "fixed": dec("-1.50")},
         {"plain": dec("0.00"), "open": None, "wide": dec("-0.01"), "many": [], "by": {}, "place": None, "again": {"price": dec("-3.00"), "x": 2}, "millis": noon, "times": [],
          "fixed": dec("12345678901234567.89")})
    ingestr.load("avro://x.avro", "rows", "--no-load-timestamp")
    assert {name: (types(file)[name], *loaded(file, name)) for name in kinds} == {
        "plain": ("DECIMAL(10,2)", "-1.50", "0.00"), "open": ("DECIMAL(38,4)", "9999999999999999999999999999999999.9999", None),
        "wide": ("VARCHAR", "1" + "0" * 40 + ".00", "-0.01"), "many": ("DECIMAL(6,2)[]", "[0.05, -0.05]", "[]"), "by": ("VARCHAR", "{a=1.50}", "{}"),
        "place": ("VARCHAR", "{'price': 2.50, 'x': 1}", None), "again": ("VARCHAR", None, "{'price': -3.00, 'x': 2}"),
        "millis": ("TIMESTAMP WITH TIME ZONE", "2024-02-29 12:00:00.123+00", "2024-02-29 12:00:00.123+00"),
        "times": ("TIMESTAMP WITH TIME ZONE[]", "['2024-02-29 12:00:00.123456+00']", "[]"), "fixed": ("DECIMAL(20,2)", "-1.50", "12345678901234567.89")}


@pytest.mark.parametrize("kind, value", [
    ({"type": "long", "logicalType": "local-timestamp-micros"}, NOON), ({"type": "fixed", "size": 12, "name": "d", "logicalType": "duration"}, bytes(12)),
    (["int", money(6, 2)], 1)])
def test_what_of_avro_cannot_be_read_is_named(ingestr, folder, kind, value):
    avro(folder / "x.avro", {"id": "int", "odd": kind}, {"id": 1, "odd": value})
    outcome = ingestr.ingest("avro://x.avro", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: x.avro: column odd has "), outcome.err


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_avro_that_is_cut_short_leaves_the_target_as_it_was(ingestr, folder, file, codec):
    avro(folder / "good.avro", {"id": "long"}, {"id": 1})
    ingestr.load("avro://good.avro", "rows")
    (folder / "many").mkdir()
    schema = {"type": "record", "name": "row", "fields": [{"name": "id", "type": "long"}, {"name": "name", "type": "string"}]}
    for name in ("a", "b"):
        with open(folder / f"many/{name}.avro", "wb") as out:
            fastavro.writer(out, schema, [{"id": i, "name": f"name {i * 7919 % 10007}"} for i in range(20_000)], codec=codec)
    path = folder / "many/b.avro"
    whole = path.read_bytes()
    for data in [*(whole[:len(whole) * i // 9] for i in range(1, 9)), whole[:-1], whole[:-16], whole[:-1] + bytes([whole[-1] ^ 1]), whole + b"?"]:
        path.write_bytes(data)
        for uri in ("avro://many/b.avro", "avro://many/*.avro"):
            outcome = ingestr.ingest(uri, "rows")
            assert outcome.status == 1, f"{len(data)} of {len(whole)}"
            assert "b.avro: it is cut short or damaged, so not all of its rows can be read; get it again" in outcome.error()
    assert loaded(file, "id") == ["1"]
    path.write_bytes(whole)
    ingestr.load("avro://many/*.avro", "rows")
    assert len(loaded(file, "id")) == 40_000


NAMES = {"type": "record", "name": "row", "fields": [{"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}, {"name": "name", "type": "string"}]}
CUT_SHORT = "Error: x.avro: it is cut short or damaged, so not all of its rows can be read; get it again"


@pytest.mark.parametrize("codec", ["null", "deflate"])
@pytest.mark.parametrize("ninth", [1, 4, 8])
def test_avro_that_is_damaged_leaves_the_target_as_it_was(ingestr, folder, file, codec, ninth):
    with open(folder / "x.avro", "wb") as out:
        fastavro.writer(out, NAMES, [{"at": NOON.replace(tzinfo=UTC), "name": f"name {i * 7919 % 10007}"} for i in range(20_000)], codec=codec)
    interval = ("--incremental-key", "at", "--interval-start", "2024-01-01", "--incremental-strategy", "append")
    ingestr.load("avro://x.avro", "rows", *interval)
    assert len(loaded(file, "name")) == 20_000
    data = bytearray((folder / "x.avro").read_bytes())
    at = len(data) * ninth // 9
    data[at:at + 20] = b"\xff" * 20
    (folder / "x.avro").write_bytes(data)
    for flags in ((), interval):
        outcome = ingestr.ingest("avro://x.avro", "rows", *flags)
        assert (outcome.status, outcome.error()) == (1, CUT_SHORT), outcome.err
    assert len(loaded(file, "name")) == 20_000


def test_rows_of_avro_are_counted_as_far_as_they_are_asked_for(ingestr, folder, file):
    avro(folder / "a.avro", {"id": "long"}, *({"id": i} for i in range(10)))
    avro(folder / "b.avro", {"id": "long"}, {"id": 10})
    for limit, rows in ((3, 3), (11, 11), (12, 11)):
        ingestr.load("avro://*.avro", "rows", "--sql-limit", str(limit))
        assert loaded(file, "id") == [str(i) for i in range(rows)]


def test_avro_compressed_by_snappy(ingestr, folder, file):
    """fastavro writes it with another library only, so its values go into blocks that are made here, as the specification has them."""
    schema = {"type": "record", "name": "row", "fields": [{"name": "id", "type": "long"}]}
    values, head = io.BytesIO(), io.BytesIO()
    for i in range(1_000):
        fastavro.schemaless_writer(values, schema, {"id": i})
    fastavro.schemaless_writer(head, {"type": "map", "values": "bytes"}, {"avro.schema": json.dumps(schema).encode(), "avro.codec": b"snappy"})
    packed = pyarrow.compress(values.getvalue(), codec="snappy", asbytes=True) + struct.pack(">I", zlib.crc32(values.getvalue()))
    numbers, marker = io.BytesIO(), bytes(range(16))
    for number in (1_000, len(packed)):
        fastavro.schemaless_writer(numbers, "long", number)
    (folder / "x.avro").write_bytes(b"Obj\x01" + head.getvalue() + marker + 3 * (numbers.getvalue() + packed + marker))
    ingestr.load("avro://x.avro", "rows")
    assert loaded(file, "id") == 3 * [str(i) for i in range(1_000)]


@pytest.mark.parametrize("codec", ["bzip2", "xz"])
def test_a_codec_of_avro_that_cannot_be_read_is_named(ingestr, folder, codec):
    with open(folder / "x.avro", "wb") as out:
        fastavro.writer(out, NAMES, [], codec=codec)
    outcome = ingestr.ingest("avro://x.avro", "rows")
    assert outcome.status == 1
    assert outcome.error() == f"Error: x.avro: it is compressed by {codec}, which cannot be read; write it with deflate or without compression"


def test_decimals_of_avro_under_names_and_masks_of_the_users(ingestr, folder, file):
    avro(folder / "x.avro", {"price": money(6, 2), "name": "string"}, {"price": decimal.Decimal("-1.50"), "name": "a"})
    ingestr.load("avro://x.avro", "rows", "--mask", "name:sha256", "--no-load-timestamp")
    assert loaded(file, "price") == ["-1.50"] and len(loaded(file, "name")[0]) == 64


def change(data, at, new):
    return data[:at] + new + data[at + len(new):]


@pytest.mark.parametrize("spoil, what", [
    (lambda data: b"", "it is no Parquet file; name the right file, or get it again"),
    (lambda data: b"id,name\n1,x\n" * 9, "it is no Parquet file, or it is cut short; name the right file, or get it again"),
    (lambda data: data[:len(data) // 2], "it is no Parquet file, or it is cut short; name the right file, or get it again"),
    (lambda data: data[:-1] + b"E", "it is encrypted, which cannot be read; write it without encryption"),
    (lambda data: change(data, len(data) // 2, b"\xff" * 50), "it is cut short or damaged, so not all of its rows can be read; get it again"),
    (lambda data: change(data, 10, b"\xff" * 50), "it is damaged, or is not what its name says; get it again, or write it anew ("),
])
def test_what_is_wrong_with_a_parquet_file(ingestr, folder, file, spoil, what):
    (folder / "many").mkdir()
    for name in ("a", "b"):
        values = {"id": list(range(50_000)), "name": [f"name {i * 7919 % 10007}" for i in range(50_000)]}
        pyarrow.parquet.write_table(pyarrow.table(values), folder / f"many/{name}.parquet", compression="zstd")
    ingestr.load("parquet://many/*.parquet", "rows")
    (folder / "many/b.parquet").write_bytes(spoil((folder / "many/b.parquet").read_bytes()))
    for uri in ("parquet://many/b.parquet", "parquet://many/*.parquet"):
        outcome = ingestr.ingest(uri, "rows")
        assert outcome.status == 1 and f"many/b.parquet: {what}" in outcome.error(), outcome.err
    assert len(loaded(file, "id")) == 100_000


def test_a_timestamp_of_parquet_that_is_out_of_range(ingestr, folder):
    pyarrow.parquet.write_table(pyarrow.table({"t": pyarrow.array([2**62], pyarrow.timestamp("ms"))}), folder / "x.parquet")
    outcome = ingestr.ingest("parquet://x.parquet", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: x.parquet: it has a timestamp that is out of range"), outcome.err


def test_avro_of_a_web_server(ingestr, file, web_server):
    avro(web_server.folder / "x.avro", {"price": money(6, 2)}, {"price": decimal.Decimal("1.50")})
    ingestr.load(f"{web_server.url}/x.avro", "rows", "--no-load-timestamp")
    assert loaded(file, "price") == ["1.50"]


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


def test_fields_of_avro_that_differ_in_case_only_are_refused_by_name(ingestr, folder):
    fields = [{"name": name, "type": "long"} for name in ("a", "b", "A")]
    with open(folder / "x.avro", "wb") as out:
        fastavro.writer(out, {"type": "record", "name": "row", "fields": fields}, [{"a": 1, "b": 2, "A": 3}])
    outcome = ingestr.ingest("avro://x.avro", "rows")
    assert outcome.status == 1 and "x.avro: its fields a and A differ in nothing but case" in outcome.error()


def test_an_avro_record_that_holds_itself_is_refused(ingestr, folder):
    schema = {"type": "record", "name": "node", "fields": [{"name": "v", "type": "long"}, {"name": "next", "type": ["null", "node"]}]}
    with open(folder / "x.avro", "wb") as out:
        fastavro.writer(out, schema, [{"v": 1, "next": {"v": 2, "next": None}}])
    outcome = ingestr.ingest("avro://x.avro", "rows")
    assert outcome.status == 1 and outcome.error().startswith("Error: x.avro: it has a record that holds itself, which cannot be read; write")


TARGETS = {"DATE": "2024-02-29", "BLOB": "ab", "BIGINT[]": "[1]", "TIMESTAMPTZ": "2024-02-29 01:02:03+00", "VARCHAR": "x"}


def make_targets(file):
    with duckdb.connect(file) as connection:
        connection.execute("CREATE SCHEMA dest")
        connection.execute(f"CREATE TABLE dest.rows (id BIGINT, {', '.join(f'c{i} {kind}' for i, kind in enumerate(TARGETS))})")
        connection.execute("INSERT INTO dest.rows VALUES (1, ?, ?, ?, ?, ?)", list(TARGETS.values()))


def nothing(source, folder):
    """The URI, and the table, of a source whose columns but id hold nothing but NULL, and have a type that says no more."""
    names = [f"c{i}" for i in range(len(TARGETS))]
    if source == "parquet":
        columns = {name: pyarrow.nulls(1) for name in names}
        pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array([2], pyarrow.int64()), **columns}), folder / "x.parquet")
        return "parquet://x.parquet", "rows"
    if source == "avro":
        avro(folder / "x.avro", {"id": "long", **{name: "null" for name in names}}, {"id": 2, **{name: None for name in names}})
        return "avro://x.avro", "rows"
    query = f"query:SELECT 2::BIGINT AS id, {', '.join(f'NULL AS {name}' for name in names)}"
    if source == "sqlite":
        sqlite3.connect(folder / "x.db").execute("CREATE TABLE t (a)").connection.close()
        return "sqlite:///x.db", query.replace("::BIGINT", "")
    duckdb.connect(folder / "x.duckdb").close()
    return "duckdb:///x.duckdb", query


@pytest.mark.parametrize("source", ["parquet", "avro", "sqlite", "duckdb"])
@pytest.mark.parametrize("flags", [[], ["--schema-contract", "freeze"], ["--incremental-strategy", "merge", "--primary-key", "id"]])
def test_a_column_of_nulls_only_changes_no_type(ingestr, folder, file, source, flags):
    make_targets(file)
    before = types(file)
    uri, table = nothing(source, folder)
    ingestr.load(uri, table, "--no-load-timestamp", "--incremental-strategy", "append", *flags)
    assert types(file) == before
    assert duckdb_file.query(file, "FROM dest.rows WHERE id = 2") == [(2, *[None] * len(TARGETS))]


def test_a_file_of_nulls_only_widens_no_column_of_the_others(ingestr, folder, file):
    day = datetime.date(2024, 2, 29)
    kinds = {"d": ([day], pyarrow.date32()), "b": ([b"x"], pyarrow.binary()), "l": ([[1]], pyarrow.list_(pyarrow.int64())), "n": ([None], pyarrow.null())}
    pyarrow.parquet.write_table(pyarrow.table({name: pyarrow.nulls(1) for name in kinds}), folder / "1.parquet")
    pyarrow.parquet.write_table(pyarrow.table({name: pyarrow.array(*value) for name, value in kinds.items()}), folder / "2.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"d": pyarrow.nulls(1)}), folder / "3.parquet")
    ingestr.load("parquet://*.parquet", "rows", "--no-load-timestamp")
    assert types(file) == {"d": "DATE", "b": "BLOB", "l": "BIGINT[]", "n": "VARCHAR"}
    assert duckdb_file.query(file, "FROM dest.rows") == [(None,) * 4, (day, b"x", [1], None), (None,) * 4]

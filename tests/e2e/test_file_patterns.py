"""Patterns for files, and the kinds of files that came with them: JSON documents, Zstandard."""

import csv
import gzip
import json
import os
import subprocess

import fastavro
import openpyxl
import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import pytest

import duckdb_file
import manual


def loaded(file, what="*"):
    return duckdb_file.query(file, f"SELECT {what} FROM dest.rows ORDER BY rowid")


def types(file):
    return dict(duckdb_file.columns(file, "rows", "dest"))


def load(ingestr, uri, *flags, **options):
    return ingestr.load(uri, "rows", "--no-load-timestamp", *flags, **options)


def write(path, kind, rows):
    """By another program, or Python's own module."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    elif kind == "csv":
        pyarrow.csv.write_csv(pyarrow.Table.from_pylist(rows), path)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif kind == "json":
        path.write_text(json.dumps(rows, indent=2))
    elif kind == "avro":
        names = {int: "long", str: "string"}
        fields = [{"name": name, "type": names[type(value)]} for name, value in rows[0].items()]
        with open(path, "wb") as out:
            fastavro.writer(out, {"type": "record", "name": "row", "fields": fields}, rows)
    else:
        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        book.save(path)


KINDS = ["csv", "jsonl", "json", "parquet", "avro", "xlsx"]


PARTITIONED = ["csv", "jsonl", "json", "parquet", "xlsx"]


@pytest.mark.parametrize("kind", PARTITIONED)
def test_names_of_partitions_are_read_as_they_were(ingestr, folder, file, kind):
    write(folder / "rows.jsonl", "jsonl", [{"id": 1, "größe": "L%"}, {"id": 2, "größe": "S"}])
    ingestr.load("jsonl://rows.jsonl", "rows", "--no-load-timestamp", "--partition-by", "größe", file=f"{kind}://lake/")
    assert not (folder / "lake" / "größe=S").exists()
    load(ingestr, f"{kind}://lake/**/*.{kind}")
    assert loaded(file, "id, größe") == [(1, "L%"), (2, "S")]


@pytest.mark.parametrize("kind", PARTITIONED)
def test_a_directory_in_another_of_the_same_name(ingestr, folder, file, kind):
    write(folder / f"y=1/y=2/x.{kind}", kind, [{"id": 1}])
    load(ingestr, f"{kind}://y=*/**/*.{kind}")
    assert list(types(file)) == ["id", "y"] and loaded(file) == [(1, "1" if kind == "parquet" else 1)]


@pytest.mark.parametrize("kind", PARTITIONED)
def test_a_partition_that_some_files_lack_and_one_that_they_have_themselves(ingestr, folder, file, kind):
    write(folder / f"data/day=2024-02-29/id=7/a.{kind}", kind, [{"id": 1}, {"id": 2}])
    write(folder / f"data/day=__HIVE_DEFAULT_PARTITION__/b.{kind}", kind, [{"id": 3}])
    write(folder / f"data/e.{kind}", kind, [{"id": 4}])
    load(ingestr, f"{kind}://data/**/*.{kind}", "--columns", "day:date")
    assert types(file) == {"id": "BIGINT", "day": "DATE"}
    assert loaded(file, "id, day::VARCHAR") == [(1, "2024-02-29"), (2, "2024-02-29"), (3, None), (4, None)]
    load(ingestr, f"{kind}://data/**/*.{kind}", "--incremental-strategy", "append")
    assert types(file)["day"] == ("VARCHAR" if kind == "parquet" else "DATE")


@pytest.mark.parametrize("kind", PARTITIONED)
def test_a_partition_whose_value_is_no_utf8_is_named(ingestr, folder, kind):
    write(folder / f"data/y=%FF/a.{kind}", kind, [{"id": 1}])
    outcome = ingestr.ingest(f"{kind}://data/*/*.{kind}", "rows")
    assert outcome.status == 1 and "data/y=%FF/a." in outcome.error(), outcome.err
    assert "its directory y=%FF names a value that is no UTF-8 once it is decoded; rename it" in outcome.error()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_names_that_differ_in_case_only_in_one_file_are_apart_in_all(ingestr, folder, file, kind):
    write(folder / f"1.{kind}", kind, [{"Id": "from Id"}])
    write(folder / f"2.{kind}", kind, [{"id": "from id"}])
    write(folder / f"3.{kind}", kind, [{"id": "lower", "Id": "upper"}])
    write(folder / f"4.{kind}", kind, [{"ID": "another"}])
    load(ingestr, f"{kind}://*.{kind}", "--schema-naming", "direct")
    assert loaded(file) == [("from Id", None), (None, "from id"), ("upper", "lower"), ("another", None)]


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_a_pattern_are_one_table_in_the_order_of_their_names(ingestr, folder, file, kind):
    write(folder / f"data/2026/02/x.{kind}", kind, [{"id": 3, "name": "c"}])
    write(folder / f"data/2026/01/x.{kind}", kind, [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
    write(folder / f"data/2026/01/y.{kind}", kind, [{"id": 9, "name": "no"}])
    (folder / "data/2026/03").mkdir()
    assert load(ingestr, f"{kind}://data/2026/*/x.{kind}")["rows"] == 3
    assert loaded(file) == [(1, "a"), (2, "b"), (3, "c")]
    load(ingestr, f"{kind}://{folder}/data/**/*.{kind}")
    assert loaded(file, "id") == [(1,), (2,), (9,), (3,)]


@pytest.mark.parametrize("kind", KINDS)
def test_columns_of_several_files_come_together_by_name(ingestr, folder, file, kind):
    write(folder / f"1.{kind}", kind, [{"id": 1, "name": "a"}])
    write(folder / f"2.{kind}", kind, [{"name": "b", "id": 2, "more": "x"}])
    write(folder / f"3.{kind}", kind, [{"id": 3}])
    load(ingestr, f"{kind}://*.{kind}")
    assert loaded(file, "id, name, more") == [(1, "a", None), (2, "b", "x"), (3, None, None)]


def test_columns_that_differ_in_case_come_together_by_the_exact_name(ingestr, folder, file):
    (folder / "1.csv").write_text("A,a\n1,9\n")
    (folder / "2.csv").write_text("a,A\n2,3\n")
    (folder / "3.csv").write_text("a\n5\n")
    load(ingestr, "csv://*.csv", "--schema-naming", "direct")
    assert loaded(file) == [(1, 9), (3, 2), (None, 5)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet", "avro"])
def test_a_type_holds_the_values_of_all_files(ingestr, folder, file, kind):
    write(folder / f"1.{kind}", kind, [{"id": 9007199254740993}])
    write(folder / f"2.{kind}", kind, [{"id": "00123"}])
    load(ingestr, f"{kind}://*.{kind}")
    assert loaded(file) == [("9007199254740993",), ("00123",)]


def test_no_digit_is_lost_where_whole_numbers_meet_others(ingestr, folder, file):
    write(folder / "1.parquet", "parquet", [{"n": 9007199254740993}])
    write(folder / "2.parquet", "parquet", [{"n": 0.5}])
    load(ingestr, "parquet://*.parquet")
    assert loaded(file) == [("9007199254740993",), ("0.5",)]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_columns_in_the_names_of_directories(ingestr, folder, file, kind):
    table = pyarrow.table({"id": [1, 2, 3], "zip": ["00123", "a b/=", "00123"], "year": [2026, 2025, 2026]})
    pyarrow.dataset.write_dataset(table, folder / "out", format=kind, partitioning=["year", "zip"], partitioning_flavor="hive")
    load(ingestr, f"{kind}://out/**/*.{kind}")
    assert sorted(loaded(file, "id, zip, year::VARCHAR")) == [(1, "00123", "2026"), (2, "a b/=", "2025"), (3, "00123", "2026")]


def test_a_file_alone_has_no_columns_but_its_own(ingestr, folder, file):
    write(folder / "year=2026/x.parquet", "parquet", [{"id": 1}])
    load(ingestr, "parquet://year=2026/x.parquet")
    assert loaded(file) == [(1,)]


def test_what_is_hidden_does_not_fit(ingestr, folder, file):
    for name in ("a.csv", ".b.csv", ".tmp/c.csv", "d.csv.ingestr.tmp/e.csv"):
        write(folder / name, "csv", [{"id": 1}])
    (folder / "z.csv").write_text("")
    assert load(ingestr, "csv://**/*.csv")["rows"] == 1


def test_only_a_star_that_is_written_as_such_is_a_pattern(ingestr, folder, file):
    write(folder / "a*b?[1].csv", "csv", [{"id": 1}])
    write(folder / "axb?[1].csv", "csv", [{"id": 2}])
    load(ingestr, "csv://a%2Ab%3F[1].csv")
    assert loaded(file) == [(1,)]
    load(ingestr, "csv://a*b%3F[1].csv")
    assert loaded(file) == [(1,)]
    load(ingestr, "csv://*%3F[1].csv")
    assert loaded(file) == [(1,), (2,)]


def test_a_pattern_that_nothing_fits(ingestr, folder):
    outcome = ingestr.ingest("csv://data/*.csv", "rows")
    assert outcome.status == 1 and "no file has a name that fits" in outcome.error()
    (folder / "data").mkdir()
    assert "data/* for all" in ingestr.ingest("csv://data", "rows").error()


@pytest.mark.parametrize("kind, text", [("csv", "id,n\n1,2\n1,2,3\n"), ("jsonl", '{"id":1}\n[1]\n'), ("json", '[{"id":1},[1]]')])
def test_an_error_names_the_file(ingestr, folder, kind, text):
    write(folder / f"1.{kind}", kind, [{"id": 1, "n": 2}])
    (folder / f"2.{kind}").write_text(text)
    outcome = ingestr.ingest(f"{kind}://*.{kind}", "rows")
    assert outcome.status == 1 and f"2.{kind}, " in outcome.error(), outcome.err
    assert any(place in outcome.error() for place in ("line 3", "line 2", "value 2"))


def test_limits_intervals_masks_and_casts_of_a_pattern(ingestr, folder, file):
    for day in range(1, 4):
        write(folder / f"{day}.jsonl", "jsonl", [{"day": f"2026-01-0{day}", "mail": f"p{day}@x.org", "n": day}])
    load(ingestr, "jsonl://*.jsonl", "--incremental-key", "day", "--interval-start", "2026-01-02", "--mask", "mail:redact",
         "--columns", "n:text")
    assert loaded(file, "day::VARCHAR, mail, n") == [("2026-01-02", "REDACTED", "2"), ("2026-01-03", "REDACTED", "3")]
    assert load(ingestr, "jsonl://*.jsonl", "--sql-limit", "2")["rows"] == 2


STRUCTS = [
    # one file's value, the next one's, their texts
    ({"a": 1}, {"a": 1, "b": 2}, ["{'a': 1}", "{'a': 1, 'b': 2}"]),
    ({"a": 1, "b": 2}, {"a": 1}, ["{'a': 1, 'b': 2}", "{'a': 1}"]),
    ({"a": 1}, {"b": 2}, ["{'a': 1}", "{'b': 2}"]),
    ({"a": 1}, {"a": 1.5}, ["{'a': 1}", "{'a': 1.5}"]),
    ({"a": 2**53 + 1}, {"a": 1.5}, ["{'a': 9007199254740993}", "{'a': 1.5}"]),
    ({"a": 1}, {"a": "x"}, ["{'a': 1}", "{'a': x}"]),
    ({"x": {"a": 1}}, {"x": {"a": 1, "b": 3}}, ["{'x': {'a': 1}}", "{'x': {'a': 1, 'b': 3}}"]),
    ([{"a": 1}], [{"a": 1, "b": 2}], ["[{'a': 1}]", "[{'a': 1, 'b': 2}]"]),
    ([[{"a": 1}]], [[{"a": 1.5}]], ["[[{'a': 1}]]", "[[{'a': 1.5}]]"]),
]


@pytest.mark.parametrize("first, second, texts", STRUCTS)
def test_structs_that_differ_between_files_keep_what_is_in_them(ingestr, folder, file, first, second, texts):
    for name, value in (("1", first), ("2", second), ("3", second)):
        write(folder / f"{name}.parquet", "parquet", [{"v": value}])
    load(ingestr, "parquet://*.parquet")
    shown = [value if isinstance(value, str) else "[" + ", ".join(map(str, value)).replace('"', "") + "]" for value, in loaded(file, "v")]
    assert shown == [*texts, texts[1]], shown


def test_maps_that_differ_between_files_keep_what_is_in_them(ingestr, folder, file):
    for name, value, kind in (("1", 1, pyarrow.int64()), ("2", 1.5, pyarrow.float64()), ("3", "s", pyarrow.string())):
        table = pyarrow.table({"v": pyarrow.array([[("k", value)]], pyarrow.map_(pyarrow.string(), kind))})
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
    load(ingestr, "parquet://*.parquet")
    assert loaded(file, "v") == [("{k=1}",), ("{k=1.5}",), ("{k=s}",)]


def test_unsigned_beside_negative_numbers(ingestr, folder, file):
    for name, value, kind in (("1", 1, pyarrow.uint32()), ("2", -5, pyarrow.int64())):
        pyarrow.parquet.write_table(pyarrow.table({"v": pyarrow.array([value], kind)}), folder / f"{name}.parquet")
    load(ingestr, "parquet://*.parquet")
    assert loaded(file, "v") == [(1,), (-5,)] and types(file)["v"] == "BIGINT"


def pack(path, packing):
    if packing == "gz":
        packed = path.with_name(path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
    else:
        subprocess.run(["zstd", "-q", "--rm", "-19", path], check=True)
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "json"])
def test_what_gzip_and_zstd_packed(ingestr, folder, file, kind, packing):
    rows = [{"id": i, "name": f"name {i}"} for i in range(20_000)]
    path = folder / f"x.{kind}"
    if kind == "tsv":
        with open(path, "w", newline="") as out:
            csv.writer(out, delimiter="\t").writerows([["id", "name"], *([row["id"], row["name"]] for row in rows)])
    else:
        write(path, kind, rows)
    pack(path, packing)
    load(ingestr, f"{kind}://x.{kind}.{packing}")
    assert loaded(file) == [(row["id"], row["name"]) for row in rows]


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_what_is_cut_short_leaves_the_target_as_it_was(ingestr, folder, file, kind, packing):
    write(folder / f"good.{kind}", kind, [{"id": 1}])
    load(ingestr, f"{kind}://good.{kind}")
    (folder / "many").mkdir()
    write(folder / f"many/a.{kind}", kind, [{"id": 1_000_000 + i} for i in range(20_000)])
    write(folder / f"many/b.{kind}", kind, [{"id": 1_000_000 + i} for i in range(20_000)])
    pack(folder / f"many/a.{kind}", packing)
    pack(folder / f"many/b.{kind}", packing)
    packed = folder / f"many/b.{kind}.{packing}"
    whole = packed.read_bytes()
    damaged = [whole[:len(whole) * i // 8] for i in range(1, 8)]
    damaged += [whole[:-8], whole[:-1], whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:], whole + whole[:len(whole) // 2]]
    for data in damaged:
        packed.write_bytes(data)
        for uri in (f"{kind}://many/b.{kind}.{packing}", f"{kind}://many/*.{packing}"):
            outcome = ingestr.ingest(uri, "rows", "--yes")
            assert outcome.status == 1, f"{len(data)} of {len(whole)}"
            assert f"b.{kind}.{packing}: it is cut short or damaged" in outcome.error() and "get it again" in outcome.error()
    assert loaded(file) == [(1,)]
    packed.write_bytes(whole)
    load(ingestr, f"{kind}://many/*.{packing}")
    assert len(loaded(file)) == 40_000
    if packing == "gz":   # who wants a few rows gets them from what there is
        packed.write_bytes(whole[:len(whole) // 2])
        assert load(ingestr, f"{kind}://many/b.{kind}.{packing}", "--sql-limit", "3")["rows"] == 3


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_what_is_written_as_zstd_is_read_by_zstd(ingestr, folder, kind):
    write(folder / "in.parquet", "parquet", [{"id": 1}, {"id": 2}])
    load(ingestr, "parquet://in.parquet", file=f"{kind}://out.{kind}.zst")
    load(ingestr, "parquet://in.parquet", "--incremental-strategy", "append", file=f"{kind}://out.{kind}.zst")
    text = subprocess.run(["zstd", "-dc", folder / f"out.{kind}.zst"], check=True, capture_output=True, text=True).stdout
    assert text == {"csv": "id\n1\n2\n1\n2\n", "jsonl": '{"id":1}\n{"id":2}\n' * 2,
                    "json": '[\n{"id":1},\n{"id":2},\n{"id":1},\n{"id":2}\n]\n'}[kind]


@pytest.mark.parametrize("text", [
    '[{"id": 12345678901234567890, "o": {"b": 1.10, "a": [1, 2 ]}}, {"id": 2}]',
    '{"id": 12345678901234567890,\n "o": {"b": 1.10, "a": [1, 2 ]}}\n\n{"id": 2}',
    '\n[\n{"id": 12345678901234567890, "o": {"b": 1.10, "a": [1, 2 ]}},\n\n{"id": 2}\n]\n',
    '\ufeff [{"id": 12345678901234567890, "o": {"b": 1.10, "a": [1, 2 ]}}, {"id": 2}]',
    '\ufeff{"id": 12345678901234567890, "o": {"b": 1.10, "a": [1, 2 ]}} {"id": 2}',
])
def test_json_is_an_array_of_objects_or_objects(ingestr, folder, file, text):
    (folder / "x.json").write_text(text)
    load(ingestr, "json://x.json")
    assert loaded(file, "id::VARCHAR, o::VARCHAR") == [("12345678901234567890", '{"b": 1.10, "a": [1, 2 ]}'), ("2", None)]


def test_json_with_and_without_a_byte_order_mark(ingestr, folder, file):
    for name, text in (("1", '[{"id":1}]'), ("2", '\ufeff[{"id":2}]'), ("3", '\ufeff[{"id":3}]'), ("4", '{"id":4}')):
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    load(ingestr, "json://*.json")
    assert loaded(file, "id") == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize("text, word", [
    ("[1, 2]", "value 1"), ('[{"a":1},]', "JSON"), ('[{"a":1}', "cut short"), ('{"a":1}x', "JSON"), ("nonsense", "JSON"),
    ('[{"a":NaN}]', "value 1"), ("", "no rows"), ("[]", "no rows"),
])
def test_what_is_no_json(ingestr, folder, text, word):
    (folder / "x.json").write_text(text)
    outcome = ingestr.ingest("json://x.json", "rows")
    assert outcome.status == 1 and word in outcome.error(), outcome.err


def test_the_example_of_the_page(ingestr, folder, file):
    write(folder / "data/01/x.parquet", "parquet", [{"id": 1}])
    write(folder / "data/02/y.parquet", "parquet", [{"id": 2}])
    outcome = ingestr.run(*manual.example("places", dest_uri=f"duckdb:///{file}"))
    assert outcome.status == 0, outcome.err
    assert duckdb_file.query(file, "SELECT id FROM dest.orders ORDER BY rowid") == [(1,), (2,)]


def test_columns_of_parquet_files_that_differ_in_case_come_together_by_their_names(ingestr, folder, file):
    for name, row in (("a", {"Id": 1, "id": 2}), ("b", {"id": 20, "Id": 10}), ("c", {"id": 200})):
        write(folder / f"{name}.parquet", "parquet", [row])
    load(ingestr, "parquet://*.parquet")
    assert loaded(file) == [(1, 2), (10, 20), (None, 200)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_compressed_files_are_known_by_names_in_any_case(ingestr, folder, file, kind):
    for name, pack in ((f"1.{kind}", bytes), (f"2.{kind.upper()}.GZ", gzip.compress), (f"3.{kind}.Gz", gzip.compress), (f"4.{kind}", bytes)):
        write(folder / "plain", kind, [{"id": int(name[0])}])
        (folder / name).write_bytes(pack((folder / "plain").read_bytes()))
    (folder / "plain").unlink()
    load(ingestr, f"{kind}://*")
    assert loaded(file) == [(1,), (2,), (3,), (4,)]
    load(ingestr, f"{kind}://2.{kind.upper()}.GZ")
    assert loaded(file) == [(2,)]


@pytest.mark.parametrize("text, value, fault", [
    ('[{"a":1},\n{"a":2},\n{"a":3\n]', 3, "unexpected character"),
    ('{"a":1}\n{"a":tru}', 2, "invalid literal"),
    ('{"a":1},\n{"a":2}', 2, "input length is 0"),
])
def test_what_is_no_json_is_named_by_file_and_value(ingestr, folder, text, value, fault):
    (folder / "x.json").write_text(text)
    outcome = ingestr.ingest("json://x.json", "rows")
    assert outcome.status == 1 and f"x.json, value {value}: it is no JSON, from its byte " in outcome.error() and outcome.error().endswith(f": {fault}")


@pytest.mark.parametrize("name, pack", [("x.json", bytes), ("x.json.gz", gzip.compress)])
@pytest.mark.parametrize("text", ['[{"a":1},{"a":2},', '\ufeff[\n{"a":1},\n{"a":2},\n', "[", "[ ", '[{"a":1},{"a":2}'])
def test_an_array_that_is_cut_short_is_refused(ingestr, folder, name, pack, text):
    (folder / name).write_bytes(pack(text.encode()))
    outcome = ingestr.ingest(f"json://{name}", "rows")
    assert outcome.status == 1 and f"{name}: it is cut short or damaged" in outcome.error(), outcome.err


def test_nothing_is_added_to_an_array_that_is_cut_short(ingestr, folder):
    (folder / "x.csv").write_text("a\n3\n")
    cut = '[\n{"a":1},\n{"a":2},'
    (folder / "y.json").write_text(cut)
    outcome = ingestr.ingest("csv://x.csv", "rows", "--incremental-strategy", "append", file="json://y.json")
    assert outcome.status == 1 and "cut short" in outcome.error(), outcome.err
    assert (folder / "y.json").read_text() == cut


def zstd_packed(text):
    return subprocess.run(["zstd", "-qc"], input=text, check=True, capture_output=True).stdout


@pytest.mark.parametrize("name, pack", [("x.json", bytes), ("x.json.gz", gzip.compress), ("x.json.zst", zstd_packed)])
@pytest.mark.parametrize("text", [
    '{"a":1}\n{"a":2}\n{\n"a":3\n}\n', '\ufeff[{"a":1},{"a":2},{"a":3}]', "\ufeff" + " " * 5000 + '[{"a":1},{"a":2},{"a":3}]' + "\n" * 5000,
])
def test_json_in_any_layout_behind_any_blanks(ingestr, folder, file, name, pack, text):
    (folder / name).write_bytes(pack(text.encode()))
    load(ingestr, f"json://{name}")
    assert loaded(file) == [(1,), (2,), (3,)]


def test_an_object_over_lines_far_behind_objects_on_lines(ingestr, folder, file):
    (folder / "x.json").write_text("".join(f'{{"a":{i}, "text":"{"x" * 90}"}}\n' for i in range(100_000)) + '{\n"a":100000\n}\n')
    load(ingestr, "json://x.json")
    assert duckdb_file.query(file, "SELECT count(*), sum(a) FROM dest.rows") == [(100_001, 5_000_050_000)]


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a directory to somebody else")
@pytest.mark.parametrize("pattern", ["*/x.csv", "**/*.csv", "*/*.csv", "*/c/*.csv"])
@pytest.mark.parametrize("mode", [0o700, 0o744])
def test_a_directory_that_may_not_be_read_is_not_left_out(ingestr, folder, pattern, mode):
    for name in ("a", "b"):
        write(folder / name / "x.csv", "csv", [{"id": 1}])
        write(folder / name / "c/y.csv", "csv", [{"id": 1}])
    (folder / "b").chmod(mode)
    os.chown(folder / "b", 65534, 65534)
    obeying = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", ingestr.binary]
    outcome = subprocess.run([*obeying, "check", "--source-uri", f"csv://{folder}/{pattern}"], cwd="/", capture_output=True, text=True,
                             env=ingestr.environment(), check=False)
    assert outcome.returncode == 1 and f"{folder}/b" in outcome.stderr and "no permission" in outcome.stderr, outcome


def test_links_to_directories(ingestr, folder, file):
    write(folder / "a/x.csv", "csv", [{"id": 1}])
    (folder / "b").symlink_to("a")
    (folder / "a/loop").symlink_to("..")
    (folder / "a/nowhere.csv").symlink_to("missing")
    (folder / "a/around").symlink_to("around")
    load(ingestr, "csv://*/*.csv")
    assert loaded(file) == [(1,), (1,)]
    load(ingestr, "csv://**/*.csv")
    assert loaded(file) == [(1,)]
    load(ingestr, f"csv://{folder}/../*/b/*.csv")
    assert loaded(file) == [(1,)]


def test_what_is_above_a_linked_directory(ingestr, folder, file):
    write(folder / "x1.csv", "csv", [{"id": 1}])
    write(folder / "releases/x1.csv", "csv", [{"id": 2}])
    (folder / "releases/42").mkdir()
    (folder / "current").symlink_to("releases/42")
    for pattern in ("current/../x1.csv", "current/../x*.csv", "./current/./../x*.csv"):
        load(ingestr, f"csv://{pattern}")
        assert loaded(file) == [(2,)], pattern

"""JSON Lines files, through the program and back out with DuckDB's Python package."""

import gzip
import json

import pytest

import duckdb_file


def write(folder, text, name="rows.jsonl"):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def loaded_types(file):
    return {name: type_ for name, type_ in duckdb_file.columns(file, "rows", "dest") if name != "_ingestr_loaded_at"}


def loaded(file, columns="*"):
    return duckdb_file.query(file, f"SELECT {columns} FROM (SELECT * EXCLUDE (_ingestr_loaded_at) FROM dest.rows ORDER BY rowid)")


def texts(file):
    return loaded(file, "COLUMNS(*)::VARCHAR")


def load_text(ingestr, folder, text, uri="jsonl://rows.jsonl"):
    """With the names that the source gives its columns."""
    write(folder, text)
    return ingestr.load(uri, "rows", "--schema-naming", "direct")


@pytest.mark.parametrize("values, type_, expected", [
    (["1", "9007199254740993", "-9223372036854775808"], "BIGINT", None),
    (["12345678901234567890", "1"], "DECIMAL(38,0)", None),
    (["0.1234567890123456789"], "DECIMAL(20,19)", None),
    (["1.5", "2e3"], "DOUBLE", ["1.5", "2000.0"]),
    (["1e400"], "VARCHAR", None),
    (["123456789012345678901234567890123456789012"], "VARCHAR", None),
    (["true", "false"], "BOOLEAN", None),
    (['"00123"', '"5"'], "VARCHAR", ["00123", "5"]),
    (['"10:30"'], "VARCHAR", ["10:30"]),
    (['"3:1"'], "VARCHAR", ["3:1"]),
    (['"03/04/2024"'], "VARCHAR", ["03/04/2024"]),
    (['"2024-02-29"'], "DATE", ["2024-02-29"]),
    (['"2024-02-29T01:02:03"'], "TIMESTAMP", ["2024-02-29 01:02:03"]),
    (['"2024-02-29T01:02:03+01:00"'], "TIMESTAMP WITH TIME ZONE", ["2024-02-29 00:02:03+00"]),
    (["1", '"x"', "1.10", "true"], "VARCHAR", ["1", "x", "1.10", "true"]),
    (['{"a": [1, 2.50]}', "[]", "7", '"x"'], "JSON", None),
    (['{"half": "\\ud83d"}'], "JSON", None),
    (['{"big": 12345678901234567890123.4567890}'], "JSON", None),
    (['""', '" "'], "VARCHAR", ["", " "]),
    (['"\\u00e9\\n"'], "VARCHAR", ["é\n"]),
    (['"\\ud83d"'], "VARCHAR", ["\\ud83d"]),      # half of a pair, which no UTF-8 can hold
    (["null", "1"], "BIGINT", [None, "1"]),
    (["null"], "VARCHAR", [None]),
])
def test_every_digit_and_every_character_is_kept(ingestr, folder, file, values, type_, expected):
    load_text(ingestr, folder, "".join(f'{{"value":{value}}}\n' for value in values))
    assert loaded_types(file) == {"value": type_}
    assert [value for value, in texts(file)] == (expected or values)


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_of_a_key_that_is_there_twice_the_first_counts(ingestr, folder, file, kind):
    (folder / f"in.{kind}").write_text('{"a":null,"a":1,"b":2}\n{"a":3,"a":null,"b":4,"b":5}\n')
    ingestr.load(f"{kind}://in.{kind}", "rows")
    assert loaded(file) == [(None, 2), (3, 4)]


def test_keys_become_columns_in_the_order_of_their_coming(ingestr, folder, file):
    load_text(ingestr, folder, '{"b":1,"a":2}\n\n  \n{"c":null,"a":3}\n{"A":"x","b":null}\n{"":5}\n')
    assert list(loaded_types(file)) == ["b", "a", "c", "A_2", "_"]
    assert loaded(file) == [(1, 2, None, None, None), (None, 3, None, None, None), (None, None, None, "x", None),
                            (None, None, None, None, 5)]


@pytest.mark.parametrize("options", [{}, {"separators": (",", ":")}, {"ensure_ascii": False}])
def test_what_pythons_json_module_writes(ingestr, folder, file, options):
    rows = [{"id": i, "text": f"zeile {i} \"é€😀\"\n", "real": i / 7, "flag": i % 2 == 0, "nested": {"list": [i, None, "x"]}}
            for i in range(300)]
    load_text(ingestr, folder, "".join(json.dumps(row, **options) + "\n" for row in rows))
    found = loaded(file)
    assert [(row[0], row[1], row[3], json.loads(row[4])) for row in found] == \
        [(row["id"], row["text"], row["flag"], row["nested"]) for row in rows]
    assert [value for value, in loaded(file, "nested::VARCHAR")] == [json.dumps(row["nested"], **options) for row in rows]
    assert loaded_types(file)["real"] == "DOUBLE"
    assert [value for value, in loaded(file, "real")] == [row["real"] for row in rows]


@pytest.mark.parametrize("text, error", [
    ('{"a":1}\n\n{"a":1,}\n', "rows.jsonl, line 3: no JSON object"),
    ('{"a":1}\n{"a":[1,,2]}\n', "rows.jsonl, line 2: "),
    ('{"a":1}\n{"a":{"b":tru}}\n', "rows.jsonl, line 2: "),
    ('{"a":1}\n{"a":01}\n', "rows.jsonl, line 2: "),
    ('{"a":1}\n{"a":[1.]}\n', "rows.jsonl, line 2: "),
    ('{"a":NaN}\n', "rows.jsonl, line 1: NaN is no JSON value"),
    ('{"a":1} {"a":2}\n', "rows.jsonl, line 1: no JSON object"),
    ('[{"a":1}]\n', "rows.jsonl, line 1: no JSON object, as each row is one; a file that is one array of objects is read by json://, not by jsonl://: [{"),
    ('{"a":1}\n{"a":"x\n', "rows.jsonl, line 2: no JSON object"),
    ('{"a":1}\n7\n', "rows.jsonl, line 2: no JSON object"),
    ("", "the source has no rows, and nothing says which columns they would have"),
    ("\n \n", "the source has no rows, and nothing says which columns they would have"),
])
def test_what_is_no_row_is_named(ingestr, folder, file, text, error):
    write(folder, text)
    outcome = ingestr.ingest("jsonl://rows.jsonl", "rows")
    assert outcome.status == 1 and error in outcome.error()
    assert not file.exists()


def big_file(folder, rows, last=""):
    with open(folder / "rows.jsonl", "w", encoding="utf-8") as out:
        for i in range(rows):
            out.write(f'{{"id":{i},"price":{i % 100}.25,"text":"{"abcdefghijklmnopqrstuvwxyz " * 4}{i}"}}\n')
        out.write(last)


def test_a_large_file_keeps_its_order(ingestr, folder, file):
    big_file(folder, 200_000)
    assert ingestr.load("jsonl://rows.jsonl", "rows")["rows"] == 200_000
    assert loaded_types(file) == {"id": "BIGINT", "price": "DOUBLE", "text": "VARCHAR"}
    assert duckdb_file.query(file, "SELECT count(*), count(*) FILTER (id <> rowid) FROM dest.rows") == [(200_000, 0)]


def test_keys_and_types_that_come_late(ingestr, folder, file):
    big_file(folder, 200_000, '{"id":200000,"price":9007199254740993,"zeta":1,"alpha":{"x": 1.0}}\n')
    assert ingestr.load("jsonl://rows.jsonl", "rows")["rows"] == 200_001
    assert loaded_types(file) == {"id": "BIGINT", "price": "DECIMAL(18,2)", "text": "VARCHAR", "alpha": "JSON", "zeta": "BIGINT"}
    assert duckdb_file.query(file, "SELECT price::VARCHAR, alpha::VARCHAR, zeta FROM dest.rows WHERE id = 200000") == \
        [("9007199254740993.00", '{"x": 1.0}', 1)]
    assert duckdb_file.query(file, "SELECT count(*) FILTER (id <> rowid) FROM dest.rows") == [(0,)]


def test_a_bad_line_far_behind_is_named(ingestr, folder, file):
    big_file(folder, 200_000, '{"id":1\n')
    outcome = ingestr.ingest("jsonl://rows.jsonl", "rows")
    assert "rows.jsonl, line 200001: no JSON object" in outcome.error()
    assert not file.exists()


def test_gzip_aliases_and_encodings(ingestr, folder, file):
    write(folder, gzip.compress('{"a":"é"}\n'.encode()), "rows.jsonl.gz")
    ingestr.load("ndjson://rows.jsonl.gz", "rows")
    assert loaded(file) == [("é",)]
    write(folder, '\ufeff{"a":"ä"}\r\n'.encode())
    ingestr.load("jsonl://rows.jsonl", "rows")
    assert loaded(file) == [("ä",)]
    write(folder, '{"a":"ü"}\n'.encode("utf-16"))
    ingestr.load("jsonl://rows.jsonl?encoding=utf-16", "rows")
    assert loaded(file) == [("ü",)]


def test_preview_keeps_json_as_it_is(ingestr, folder):
    write(folder, '{"id":1,"n":12345678901234567890,"x":{"a": 1.10}}\n{"id":2}\n')
    outcome = ingestr.run("preview", "--source-uri", "jsonl://rows.jsonl", "--source-table", "x", "--json")
    assert outcome.out == '[\n{"id":1,"n":12345678901234567890,"x":{"a": 1.10}},\n{"id":2,"n":null,"x":null}\n]\n'


def test_text_that_looks_like_json_stays_text(ingestr, folder, file):
    load_text(ingestr, folder, '{"a":"{\\"b\\":1}","c":"{broken"}\n{"a":"[1,2]","c":"null"}\n')
    assert loaded_types(file) == {"a": "VARCHAR", "c": "VARCHAR"}
    assert loaded(file) == [('{"b":1}', "{broken"), ("[1,2]", "null")]


def test_rows_without_any_key_are_not_taken_for_no_rows(ingestr, folder, file):
    write(folder, "{}\n{}\n")
    for flags in ([], ["--columns", "a:int"]):
        outcome = ingestr.ingest("jsonl://rows.jsonl", "rows", *flags)
        assert outcome.status == 1
        assert "rows.jsonl has rows, but none of them has a key" in outcome.err
    assert not file.exists()


def test_the_first_key_comes_after_megabytes_of_rows_without_one(ingestr, folder, file):
    write(folder, "{}\n" * 3_000_000 + '{"a": 1}\n')
    ingestr.load("jsonl://rows.jsonl", "rows")
    assert loaded_types(file) == {"a": "BIGINT"}
    assert duckdb_file.query(file, "SELECT count(*), sum(a) FROM dest.rows") == [(3_000_001, 1)]


@pytest.mark.parametrize("levels", [1_000, 1_001, 100_000])
def test_how_deep_a_value_may_be(ingestr, folder, file, levels):
    value = "[" * levels + "]" * levels
    write(folder, '{"a":1}\n{"a":' + value + "}\n")
    write(folder, '[{"a":' + value + "}]", "rows.json")
    for uri in ("jsonl://rows.jsonl", "json://rows.json"):
        outcome = ingestr.ingest(uri, "rows")
        if levels == 1_000:
            assert outcome.status == 0 and loaded(file, "a::VARCHAR")[-1] == (value,)
        else:
            assert outcome.status == 1 and "a value has more than 1000 arrays and objects in each other" in outcome.error()


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html>", "\ufeff\n  <HTML lang='en'>\n"])
def test_a_web_page_is_no_file_of_rows(ingestr, folder, text):
    for name in ("rows.csv", "rows.tsv"):
        write(folder, text + "\n<p>log in\n", name)
        outcome = ingestr.ingest(f"{name[5:]}://{name}", "rows")
        assert outcome.status == 1 and f"{name}: it is a web page" in outcome.error()


def test_lines_may_end_in_different_ways(ingestr, folder, file):
    load_text(ingestr, folder, '{"id":1}\r\n{"id":2}\n\r\n\n{"id":3}\n{"id":4}\r\n{"id":5}')
    assert loaded(file) == [(1,), (2,), (3,), (4,), (5,)]


def test_a_late_line_may_end_in_another_way(ingestr, folder, file):
    lines = [f'{{"id":{i},"text":"{"x" * 90}"}}\n' for i in range(200_000)]
    lines[150_000] = lines[150_000].replace("\n", "\r\n")
    load_text(ingestr, folder, "".join(lines))
    assert duckdb_file.query(file, "SELECT count(*), bool_and(id = rowid) FROM dest.rows") == [(200_000, True)]


@pytest.mark.parametrize("text, error", [
    ('{"id":1}\r\n{"id":2}\n\n{"id":3\n', "rows.jsonl, value 3: "),     # some lines are read as two
    ('{"id":1}\x01\n{"id":2}\n', "rows.jsonl, line 1: "),
    ('{"id":1}\r\n{"id":2}\n{"id":3}\x01\n', "rows.jsonl, value 3: "),
])
def test_faults_in_lines_with_different_ends_and_control_characters(ingestr, folder, text, error):
    write(folder, text)
    outcome = ingestr.ingest("jsonl://rows.jsonl", "rows")
    assert outcome.status == 1 and error in outcome.error() and "CSV" not in outcome.error(), outcome.err


@pytest.mark.parametrize("kind, text", [("jsonl", '{"a\\u0000b":1}\n'), ("json", '[{"a\\u0000b":1}]'), ("csv", "a\0b,c\n1,2\n")])
def test_a_nul_byte_in_the_name_of_a_column(ingestr, folder, kind, text):
    write(folder, text, f"x.{kind}")
    outcome = ingestr.ingest(f"{kind}://x.{kind}", "rows")
    assert outcome.status == 1 and f'x.{kind}: a column is called "a b", with a NUL byte' in outcome.error(), outcome.err


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("target", ["duckdb:///shop.duckdb", "sqlite:///shop.db"])
def test_offsets_of_hours_and_times_without_seconds_are_times(ingestr, folder, file, kind, target):
    """As DuckDB's COPY and PostgreSQL write them."""
    values = ["2024-02-29T01:02:03Z", "2024-02-29 01:02:03+00", "2024-02-29 01:02:03.5-05", "2024-02-29T01:02Z", "2024-02-29T01:02+01:30"]
    names = ["first", "more"]
    for name, some in zip(names, (values[:1], values)):
        write(folder, "".join(json.dumps({"at": value}) + "\n" for value in some) if kind == "jsonl" else "at\n" + "\n".join(some) + "\n", f"{name}.{kind}")
    for name in names:
        ingestr.load(f"{kind}://{name}.{kind}", "rows", "--no-load-timestamp", "--incremental-strategy", "append", "--incremental-key", "at",
                     file=target, into="rows")
    ingestr.load(target, "rows", "--no-load-timestamp", into="dest.back")
    assert duckdb_file.columns(file, "back", "dest") == [("at", "TIMESTAMP WITH TIME ZONE")]
    assert duckdb_file.column(file, 'SELECT CAST("at" AS VARCHAR) FROM dest.back') == [
        "2024-02-29 01:02:03+00", "2024-02-29 01:02:03+00", "2024-02-29 01:02:03+00", "2024-02-29 06:02:03.5+00", "2024-02-29 01:02:00+00",
        "2024-02-28 23:32:00+00"]
    write(folder, f"at\n{values[3]}\n2024-02-29 01:02\n", "few.csv")
    ingestr.load("csv://few.csv", "rows", "--no-load-timestamp", "--columns", "at:timestamptz", file=target, into="few")
    assert ingestr.load("csv://few.csv", "rows", "--no-load-timestamp", "--incremental-strategy", "append", file=target, into="few")["rows"] == 2

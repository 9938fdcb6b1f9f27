"""CSV files that other programs wrote, through the program and back out with DuckDB's Python package."""

import csv
import datetime
import decimal
import gzip
import random
import signal
import subprocess

import pyarrow
import pyarrow.csv
import pytest

import duckdb_file
from program import SOON, check_peak, wait_until


def write(folder, text, name="rows.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def loaded_types(file):
    return {name: type_ for name, type_ in duckdb_file.columns(file, "rows", "dest") if name != "_ingestr_loaded_at"}


def loaded(file):
    return duckdb_file.query(file, "SELECT * EXCLUDE (_ingestr_loaded_at) FROM dest.rows ORDER BY rowid")


def load_text(ingestr, folder, text, uri="csv://rows.csv", **options):
    """With the names that the source gives its columns."""
    write(folder, text, **options)
    ingestr.load(uri, "rows", "--schema-naming", "direct")


def one_column_type(ingestr, folder, file, values):
    """What a column of these values becomes, and its values as text."""
    load_text(ingestr, folder, "number,value\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values)))
    return loaded_types(file)["value"], duckdb_file.column(file, "SELECT value::VARCHAR FROM dest.rows ORDER BY rowid")


@pytest.mark.parametrize("values, type_", [
    (["1", "-9223372036854775808", "9223372036854775807"], "BIGINT"),
    (["9007199254740993"], "BIGINT"),                                     # past what a double holds
    (["12345678901234567890", "1"], "DECIMAL(38,0)"),
    (["1.25", "-3.5"], "DOUBLE"),
    (["0.1234567890123456789"], "DECIMAL(20,19)"),
    (["1234567890123456789.01"], "DECIMAL(21,2)"),
    (["true", "false"], "BOOLEAN"),
    (["2024-02-29", "1970-01-01"], "DATE"),
    (["2024-02-29 01:02:03", "2024-02-29 01:02:03.000001"], "TIMESTAMP"),
    # Text: everything that would not look the same again, or that only looks like a date.
    (["00123", "00001"], "VARCHAR"),
    (["+5"], "VARCHAR"),
    (["12e5"], "VARCHAR"),
    ([".5"], "VARCHAR"),
    (["5."], "VARCHAR"),
    (["NaN"], "VARCHAR"),
    (["inf"], "VARCHAR"),
    (["0x10"], "VARCHAR"),
    (["1_000"], "VARCHAR"),
    (["10:30"], "VARCHAR"),
    (["3:1"], "VARCHAR"),
    (["1/2/3"], "VARCHAR"),
    (["09:15:00"], "VARCHAR"),
    (["03/04/2024"], "VARCHAR"),
    (["2024-02-30"], "VARCHAR"),
    (["2024-2-3"], "VARCHAR"),
    (["yes", "no"], "VARCHAR"),
    (["1", "true"], "VARCHAR"),
    (["1", "x"], "VARCHAR"),
    (["2024-01-01", "2024-01-01 00:00:00"], "VARCHAR"),
    (["2024-02-29 01:02:03.0000001"], "VARCHAR"),                         # a tenth of a microsecond
])
def test_strings_become_numbers_and_dates_only_when_nothing_is_lost(ingestr, folder, file, values, type_):
    assert one_column_type(ingestr, folder, file, values) == (type_, values)


def test_booleans_are_true_and_false_in_any_case(ingestr, folder, file):
    assert one_column_type(ingestr, folder, file, ["True", "FALSE", "true"]) == ("BOOLEAN", ["true", "false", "true"])


def test_exponents_count_beside_a_point_or_with_a_sign(ingestr, folder, file):
    assert one_column_type(ingestr, folder, file, ["1e-05", "1.5E10", "2"]) == ("DOUBLE", ["1e-05", "15000000000.0", "2.0"])


def test_instants_are_read_as_utc(ingestr, folder, file):
    type_, values = one_column_type(ingestr, folder, file, ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05+02:00"])
    assert type_ == "TIMESTAMP WITH TIME ZONE"
    assert values == ["2024-01-02 03:04:05+00", "2024-01-02 01:04:05+00"]


def test_nothing_is_null_and_quoted_nothing_is_an_empty_text(ingestr, folder, file):
    load_text(ingestr, folder, 'a,b,c\n1,"",\n2,x,""\n,,\n')
    assert loaded_types(file) == {"a": "BIGINT", "b": "VARCHAR", "c": "VARCHAR"}
    assert loaded(file) == [(1, "", None), (2, "x", ""), (None, None, None)]


ROWS = [["id", "text", "note"]] + [
    [str(i), random.Random(i).choice(["plain", 'with "quotes"', "a, b", "two\nlines", "two\r\nlines", " spaces ", "é€😀", "'"]),
     ""] for i in range(500)]


@pytest.mark.parametrize("dialect", [
    {}, {"lineterminator": "\n"}, {"delimiter": ";"}, {"delimiter": "\t"}, {"delimiter": "|", "lineterminator": "\n"},
    {"quoting": csv.QUOTE_ALL}, {"quoting": csv.QUOTE_NONNUMERIC, "delimiter": ";"}])
def test_what_pythons_csv_module_writes(ingestr, folder, file, dialect):
    with open(folder / "rows.csv", "w", newline="", encoding="utf-8") as out:
        csv.writer(out, **dialect).writerows(ROWS)
    ingestr.load("csv://rows.csv", "rows")
    nothing = "" if dialect.get("quoting") else None
    assert loaded(file) == [(int(i), text, nothing) for i, text, _ in ROWS[1:]]


def test_what_pyarrow_writes(ingestr, folder, file):
    table = pyarrow.table({
        "whole": pyarrow.array([1, None, -(2 ** 63)], pyarrow.int64()),
        "real": pyarrow.array([1 / 7, 1e16, None]),
        "price": pyarrow.array([decimal.Decimal("12345678901234567890.12"), None, decimal.Decimal("-0.01")], pyarrow.decimal128(38, 2)),
        "text": ["", "a,b", None],
        "flag": [True, None, False],
        "day": [datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)],
        "at": [datetime.datetime(2024, 2, 29, 1, 2, 3, 4), None, datetime.datetime(1999, 12, 31)],
        "instant": pyarrow.array([datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc), None, None], pyarrow.timestamp("us", "UTC")),
    })
    pyarrow.csv.write_csv(table, folder / "rows.csv")
    ingestr.load("csv://rows.csv", "rows")
    types = loaded_types(file)
    assert types == {"whole": "BIGINT", "real": "DOUBLE", "price": "DECIMAL(22,2)", "text": "VARCHAR", "flag": "BOOLEAN",
                     "day": "DATE", "at": "TIMESTAMP", "instant": "TIMESTAMP WITH TIME ZONE"}
    found = duckdb_file.query(file, "SELECT * EXCLUDE (instant, _ingestr_loaded_at), instant::VARCHAR FROM dest.rows ORDER BY rowid")
    assert [row[:7] for row in found] == [tuple(row.values())[:7] for row in table.to_pylist()]
    assert [row[7] for row in found] == ["2024-02-29 01:02:03+00", None, None]


@pytest.mark.parametrize("encoding, parameter", [
    ("utf-8-sig", ""), ("utf-8", "?encoding=UTF-8"), ("latin-1", "?encoding=latin-1"), ("latin-1", "?encoding=ISO-8859-1"),
    ("utf-16", "?encoding=utf-16")])
def test_encodings(ingestr, folder, file, encoding, parameter):
    load_text(ingestr, folder, "näme,b\nGrüße,1\nÆ,2\n", uri="csv://rows.csv" + parameter, encoding=encoding)
    assert loaded_types(file) == {"näme": "VARCHAR", "b": "BIGINT"}
    assert loaded(file) == [("Grüße", 1), ("Æ", 2)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(ingestr, folder, file, end, last):
    load_text(ingestr, folder, end.join(["a,b", "1,x", '2,"y"']) + (end if last else ""))
    assert loaded(file) == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("inside", ["\n", "\r\n"])
def test_a_header_with_a_line_end_in_quotes_loses_no_row(ingestr, folder, file, end, inside):
    load_text(ingestr, folder, end.join([f'"a{inside}x",b', "1,x", "2,y", ""]))
    assert loaded(file) == [(1, "x"), (2, "y")]
    assert list(loaded_types(file))[1] == "b"


def test_names_are_distinct(ingestr, folder, file):
    load_text(ingestr, folder, 'a,A, a ,,"",column_4,"x ""y"" z"\n1,2,3,4,5,6,7\n')
    assert list(loaded_types(file)) == ["a", "A_3", "a_2", "column_4_2", "column_5", "column_4", 'x "y" z']
    assert loaded(file) == [(1, 2, 3, 4, 5, 6, 7)]


def test_empty_lines_are_no_rows(ingestr, folder, file):
    load_text(ingestr, folder, "\n\na,b\n\n1,x\n\n\n2,y\n\n")
    assert loaded(file) == [(1, "x"), (2, "y")]


def test_a_header_alone_makes_a_table_without_rows(ingestr, folder, file):
    for text in ("a;b\n", "a;b"):
        load_text(ingestr, folder, text)
        assert loaded_types(file) == {"a": "VARCHAR", "b": "VARCHAR"} and loaded(file) == []


def test_one_column(ingestr, folder, file):
    load_text(ingestr, folder, "a\n1\n\n3\n")
    assert loaded(file) == [(1,), (None,), (3,)]


def test_a_delimiter_that_is_said(ingestr, folder, file):
    load_text(ingestr, folder, "a,x~b\n1,5~2\n", uri="csv://rows.csv?delimiter=~")
    assert loaded_types(file) == {"a,x": "VARCHAR", "b": "BIGINT"}
    load_text(ingestr, folder, "a,b\n1,2\n", uri="tsv://rows.csv")
    assert loaded_types(file) == {"a,b": "VARCHAR"}


def test_gzip(ingestr, folder, file):
    write(folder, gzip.compress(b"a,b\n1,x\n2,y\n"), name="rows.csv.gz")
    ingestr.load("csv://rows.csv.gz", "rows")
    assert loaded(file) == [(1, "x"), (2, "y")]


def test_paths(ingestr, folder, file, tmp_path):
    for name in ("a b.csv", "q[1]*?.csv", "100%.csv", "it's.csv"):
        write(folder, f"a\n{len(name)}\n", name=name)
        quoted = name.replace("%", "%25").replace(" ", "%20").replace("?", "%3F")
        ingestr.load(f"csv://{quoted}", "rows")
        assert loaded(file) == [(len(name),)]
    write(tmp_path, "a\n77\n", name="abs.csv")
    ingestr.load(f"csv://{tmp_path}/abs.csv", "rows")
    assert loaded(file) == [(77,)]


def test_the_table_is_called_as_the_source_table_says(ingestr, folder, file):
    write(folder, "a\n1\n")
    outcome = ingestr.run("ingest", "--source-uri", "csv://rows.csv", "--source-table", "orders", "--dest-uri",
                          "duckdb:///attio.duckdb")
    assert outcome.status == 0, outcome.err
    assert duckdb_file.tables(file) == ["main.orders"]


@pytest.mark.parametrize("uri, text, error", [
    ("csv://rows.csv", "a,b\n1,2\n3\n", "rows.csv, line 3: 1 field where the header has 2: 3"),
    ("csv://rows.csv", "a,b\n1,2\n3,4,5\n", "rows.csv, line 3: 3 fields where the header has 2: 3,4,5"),
    ("csv://rows.csv", 'a,b\n"1\n2\n",2\n3,4,5\n', "rows.csv, line 5: 3 fields"),   # a row of three lines before it
    ("csv://rows.csv", 'a,b\n1,"2\n3,4\n', "rows.csv, line 2: a quoted field does not end with its quote"),
    ("csv://rows.csv", "a,b\n1,2\r3,4\n", "lines end in different ways; give all of them the same end"),
    ("csv://rows.csv", "a,b\n1,2\r\n3,4,5\n", "rows.csv, line 3: 3 fields"),   # in the copy that has one end
    ("csv://rows.csv", b"a,b\n1,\xe9\n", "rows.csv, line 2: bytes that are not in the file's encoding; say which it is"),
    ("csv://rows.csv", "", "the source has no rows, and nothing says which columns they would have"),
    ("csv://rows.csv", "\n\n", "accept that it becomes empty with --allow-empty"),
    ("csv://rows.csv?encoding=cp1252", "a\n1\n", '"cp1252", which cannot be read; those that can are utf-8, latin-1 and utf-16'),
    ("csv://rows.csv?encoding=latin-1", b"a\n\x80\n", "?encoding=latin-1 is not what it is: there are bytes from 80 to 9F"),
    ("csv://rows.csv?encoding=latin-1", b"a\n\x80\n", "Error: rows.csv: "),
    ("csv://rows.csv?encoding=utf-16", "\ufeffa\n1\n".encode("utf-16-be"), "big-endian"),
    ("csv://rows.csv?encoding=utf-16", "a,b\n1,2\n", "rows.csv: it is not in the encoding utf-16 that --source-uri names; leave encoding out"),
    ("csv://rows.csv?encoding=utf-16", "a,b\n1,\U0001F600\n".encode("utf-16"),
     "rows.csv: ?encoding=utf-16 reads characters up to FFFF, and there are others, such as emoji"),
    ("jsonl://rows.csv?encoding=utf-16", '{"a":"\U0001F600"}\n'.encode("utf-16"), "convert it to UTF-8: iconv -f utf-16 -t utf-8"),
    ("csv://rows.csv?delimiter=%22", "a\n1\n", "delimiter in --source-uri"),
    ("csv://rows.csv?delimiter=%2C&delimiter=%2C", "a\n1\n", "twice"),
    ("csv://rows.csv?sep=x", "a\n1\n", "it takes delimiter, encoding"),
    ("csv://nope.csv", "", "there is no such file"),
    ("csv://nope/rows.csv", "", "there is no such file"),
    ("csv://.", "", "it is a directory"),
    ("csv://", "", "names no file"),
])
def test_bad_input_gets_one_sentence_and_leaves_the_target(ingestr, folder, file, uri, text, error):
    write(folder, "a\n1\n", name="before.csv")
    ingestr.load("csv://before.csv", "rows")
    before = duckdb_file.contents(file)
    write(folder, text)
    outcome = ingestr.ingest(uri, "rows")
    assert outcome.status in (1, 2) and error in outcome.error()
    assert duckdb_file.contents(file) == before


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_excels_word_on_the_delimiter(ingestr, folder, file, end):
    load_text(ingestr, folder, "\ufeff" + end.join(["sep=;", "a;b", "1;x,y", "2;z", ""]))
    assert loaded(file) == [(1, "x,y"), (2, "z")]


@pytest.mark.parametrize("text", [
    "a,b\n1,x\r\n2,y\n3,z\r\n", "a,b\r\n1,x\n2,y\n3,z\n", "a,b\n1,x\n2,y\n3,z\r\n", "\ufeffa,b\r\n1,\"x\"\n2,\"y\"\r\n3,z", "a,b\n\n1,x\r\n\r\n2,y\n3,z\n"])
def test_rows_may_end_in_two_ways(ingestr, folder, file, text):
    load_text(ingestr, folder, text)
    assert loaded(file) == [(1, "x"), (2, "y"), (3, "z")]


@pytest.mark.parametrize("flags", [[], ["--mask", "a:sha256"], ["--sql-limit", "300000"]])
def test_one_row_of_many_may_end_in_another_way(ingestr, folder, file, flags):
    texts = ["\r\n", "5\" of rain", "\n,", "\r", "x"]   # what stands in quotes, and a quote outside of them, stays
    rows = [f'{i},"{texts[i % 5]}"' if i % 5 != 1 else f"{i},{texts[1]}" for i in range(300_000)]
    write(folder, "a,b\n" + "\n".join(rows[:-10]) + "\n" + "\r\n".join(rows[-10:]) + "\n")
    ingestr.load("csv://rows.csv", "rows", *flags)
    assert [text for _, text in loaded(file)] == [texts[i % 5] for i in range(300_000)]
    if "--mask" not in flags:
        assert [a for a, _ in loaded(file)] == list(range(300_000))
    assert sorted(path.name for path in folder.iterdir()) == ["attio.duckdb", "rows.csv"]


@pytest.mark.parametrize("value", ["Too many open files", "Timeout was reached", "No space left on device", "IO Error: (HTTP 403 Forbidden)"])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_value_behind_the_sample_may_be_any_words(ingestr, folder, file, kind, value):
    form = '{},{}\n' if kind == "csv" else '{{"id":"{}","error":{}}}\n'
    nothing, last = ("", value) if kind == "csv" else ("null", f'"{value}"')
    text = "id,error\n" * (kind == "csv") + "".join(form.format("x" * 50, nothing) for _ in range(200_000)) + form.format("y", last)
    write(folder, text, name=f"rows.{kind}")
    ingestr.load(f"{kind}://rows.{kind}", "rows", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT count(*), max(error) FROM dest.rows") == [(200_001, value)]


def test_a_fault_in_one_of_several_copies_names_the_files(ingestr, folder, file):
    for name, last in (("a", "7,8"), ("b", "7,8,9")):
        write(folder, f"x,y\n1,2\r\n3,4\n{last}\n", name=f"{name}.csv")
    error = ingestr.ingest("csv://*.csv", "rows").error()
    assert "one of " in error and "b.csv, line 4: 3 fields where the header has 2: 7,8,9" in error and "standard input" not in error


def test_a_late_fault_in_a_copy_names_the_file(ingestr, folder, file):
    write(folder, "x,y\n1,2\r\n" + f"3,{'y' * 50}\n" * 200_000 + "7,8,9\n")
    error = ingestr.ingest("csv://rows.csv", "rows").error()
    assert error == "Error: rows.csv, line 200003: 3 fields where the header has 2: 7,8,9"


def test_an_incremental_key_is_a_column_whatever_the_strategy(ingestr, folder, file):
    load_text(ingestr, folder, "a,b\n1,2\n")
    for flags in (["replace"], ["append"], ["append", "--interval-start", "2026-01-01"]):
        outcome = ingestr.ingest("csv://rows.csv", "rows", "--incremental-key", "c", "--incremental-strategy", *flags)
        assert outcome.status == 2 and "--incremental-key c is no column of" in outcome.error() and "a, b" in outcome.error(), outcome.err
    assert loaded(file) == [(1, 2)]


def test_empty_fields_behind_the_last_column_are_none(ingestr, folder, file):
    load_text(ingestr, folder, "a,b\n1,2,,\n3,\n,,,\n4,5\n")
    assert loaded(file) == [(1, 2), (3, None), (None, None), (4, 5)]
    for row in ('1,2,""', "1,2, ", "1,2,,x"):
        write(folder, f"a,b\n{row}\n")
        assert "rows.csv, line 2: 3 fields where the header has 2" in ingestr.ingest("csv://rows.csv", "rows").error()


def test_an_unreadable_file(ingestr, folder):
    write(folder, "a\n1\n").chmod(0)
    outcome = ingestr.ingest("csv://rows.csv", "rows")
    if outcome.status != 0:   # root reads it all the same
        assert "no permission to read it" in outcome.error()


def test_preview_tables_and_check(ingestr, folder):
    write(folder, "id,zip\n" + "".join(f"{i},0{i}\n" for i in range(50)))
    outcome = ingestr.run("preview", "--source-uri", "csv://rows.csv", "--source-table", "x", "--limit", "2", "--json")
    assert outcome.out == '[\n{"id":0,"zip":"00"},\n{"id":1,"zip":"01"}\n]\n'
    write(folder, "", name="empty.csv")
    empty = ["preview", "--source-uri", "csv://empty.csv", "--source-table", "x"]
    assert ingestr.run(*empty, "--json").out == "[\n]\n" and ingestr.run(*empty).out.endswith("0 rows\n")
    assert "rows" in ingestr.run("tables", "--source-uri", "csv://rows.csv").out
    assert "can be read" in ingestr.run("check", "--source-uri", "csv://rows.csv").out


def test_limit_and_exclusion(ingestr, folder, file):
    write(folder, "id,zip,a\n" + "".join(f"{i},0{i},\n" for i in range(5000)))
    end = ingestr.load("csv://rows.csv", "rows", "--sql-limit", "3", "--sql-exclude-columns", "ZIP")
    assert end["rows"] == 3
    assert loaded(file) == [(0, None), (1, None), (2, None)]


def big_file(folder, rows, last=""):
    """More than the sample that is looked at first: a row is about 100 bytes."""
    with open(folder / "rows.csv", "w", newline="", encoding="utf-8") as out:
        out.write("id,code,late,text\n")
        for i in range(rows):
            out.write(f'{i},{i % 97},,"{"abcdefghijklmnopqrstuvwxyz " * 3}{i}"\n')
        out.write(last)


def test_rows_keep_their_order_in_a_large_file(ingestr, folder, file):
    big_file(folder, 300_000)
    assert ingestr.load("csv://rows.csv", "rows")["rows"] == 300_000
    assert loaded_types(file) == {"id": "BIGINT", "code": "BIGINT", "late": "VARCHAR", "text": "VARCHAR"}
    assert duckdb_file.query(file, "SELECT count(*), count(*) FILTER (id <> rowid) FROM dest.rows") == [(300_000, 0)]


def test_a_value_far_behind_that_widens_a_type_loses_nothing(ingestr, folder, file):
    big_file(folder, 300_000, "300000,00123,2024-01-01,x\n")
    assert ingestr.load("csv://rows.csv", "rows")["rows"] == 300_001
    assert loaded_types(file) == {"id": "BIGINT", "code": "VARCHAR", "late": "DATE", "text": "VARCHAR"}
    assert duckdb_file.query(file, "SELECT count(*), count(*) FILTER (id <> rowid), sum(code::BIGINT) FROM dest.rows") == \
        [(300_001, 0, sum(i % 97 for i in range(300_000)) + 123)]
    assert duckdb_file.query(file, "SELECT code, late FROM dest.rows WHERE id = 300000") == [("00123", datetime.date(2024, 1, 1))]
    assert [path.name for path in folder.iterdir() if path.name.startswith("attio")] == [file.name]


@pytest.mark.parametrize("length", [5_000_000, 15_000_000])
def test_a_row_that_is_long_far_behind(ingestr, folder, file, length):
    """With buffers that are smaller than the last row DuckDB ends without it, and says nothing."""
    big_file(folder, 300_000, f"300000,{'z' * length},,\n")
    ingestr.load("csv://rows.csv", "rows")
    assert duckdb_file.query(file, "SELECT count(*), max(length(code)) FROM dest.rows") == [(300_001, length)]


@pytest.mark.parametrize("kind, rows", [("csv", "a\n" + "1\n" * 100 + "z" * 40_000_000), ("jsonl", '{"a":1}\n{"a":"' + "z" * 40_000_000 + '"}\n')])
def test_a_last_row_that_is_too_long_is_not_left_out(ingestr, folder, file, kind, rows):
    write(folder, rows, name=f"rows.{kind}")
    outcome = ingestr.ingest(f"{kind}://rows.{kind}", "rows")
    assert outcome.status == 1 and "its last row is longer than 16.0 MB" in outcome.error()
    assert not file.exists()


def test_a_bad_row_far_behind_is_named_by_its_line(ingestr, folder, file):
    big_file(folder, 300_000, "1,2,3\n")
    outcome = ingestr.ingest("csv://rows.csv", "rows")
    assert "rows.csv, line 300002: 3 fields where the header has 4" in outcome.error()
    assert not file.exists()


def test_ctrl_c_stops_in_the_middle(ingestr, folder, file):
    write(folder, "a\n1\n", name="before.csv")
    ingestr.load("csv://before.csv", "rows")
    before = duckdb_file.contents(file)
    big_file(folder, 1_500_000)
    process = ingestr.start(*ingestr.ingest_arguments("csv://rows.csv", "rows"))
    wait_until(lambda: file.stat().st_size > 4_000_000, "rows are in the file")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and "interrupted" in outcome.error()
    assert outcome.seconds < SOON
    assert duckdb_file.contents(file) == before


def test_killed_in_the_middle(ingestr, folder, file):
    write(folder, "a\n1\n", name="before.csv")
    ingestr.load("csv://before.csv", "rows")
    before = duckdb_file.contents(file)
    big_file(folder, 1_500_000)
    process = ingestr.start(*ingestr.ingest_arguments("csv://rows.csv", "rows"))
    wait_until(lambda: file.stat().st_size > 4_000_000, "rows are in the file")
    process.kill()
    process.communicate()
    with duckdb_file.copy_of(file) as copy:
        assert duckdb_file.contents(copy)['"dest"."rows"'] == before['"dest"."rows"']
    ingestr.load("csv://before.csv", "rows")
    assert duckdb_file.tables(file) == ["dest.rows"]
    assert duckdb_file.contents(file)['"dest"."rows"'][1][0][0] == "1"


@pytest.mark.parametrize("name", ["x.csv.gz", "x.csv"])
def test_the_head_of_a_file_with_rows_of_a_megabyte_takes_no_more_memory_than_its_rows(ingestr, folder, name):
    with (gzip.open if name.endswith("gz") else open)(folder / name, "wt") as out:
        out.write("id,text\n")
        for i in range(400):
            out.write(f"{i},{'x' * 1_000_000}\n")
    process = ingestr.start("preview", "--source-uri", f"csv://{name}", "--source-table", "rows", stdout=subprocess.DEVNULL)
    check_peak(process, 700_000)
    assert process.wait() == 0


def test_control_characters_in_a_header_and_as_delimiters(ingestr, folder, file):
    write(folder, "a\x01b,c\n1,2\n", "x.csv")
    ingestr.load("csv://x.csv", "rows", "--schema-naming", "direct", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [("a\x01b", "BIGINT"), ("c", "BIGINT")]
    write(folder, "a\x01b\n1\x012\n", "x.csv")
    ingestr.load("csv://x.csv?delimiter=%01", "rows", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT a, b FROM dest.rows") == [(1, 2)]


@pytest.mark.parametrize("uri, content, word", [
    ("csv://x.csv", "a,b\n1,2\n".encode("utf-16"), "it is UTF-16; say so, as in ?encoding=utf-16"),
    ("csv://x.csv?encoding=latin-1", "a,b\n1,2\n".encode("utf-16"), "it is UTF-16"),
    ("jsonl://x.csv", '{"a":1}\n'.encode("utf-16"), "it is UTF-16"),
    ("json://x.csv", '[{"a":1}]'.encode("utf-16"), "it is UTF-16"),
    ("csv://x.csv", "\ufeffa,b\n1,2\n".encode("utf-16-be"), "big-endian UTF-16"),
    ("csv://x.csv", gzip.compress(b"a,b\n1,2\n"), "compressed by gzip, which its name does not say"),
    ("jsonl://x.csv", gzip.compress(b'{"a":1}\n'), "compressed by gzip"),
    ("json://x.csv", gzip.compress(b'[{"a":1}]'), "compressed by gzip"),
    ("csv://x.csv", b"\x28\xb5\x2f\xfd\x00\x00", "compressed by zstd"),
    ("csv://x.csv.gz", gzip.compress("a,b\n1,2\n".encode("utf-16")), "it is UTF-16"),
])
def test_what_is_packed_or_encoded_otherwise_than_its_name_says(ingestr, folder, uri, content, word):
    name = uri.split("://")[1].split("?")[0]
    (folder / name).write_bytes(content)
    outcome = ingestr.ingest(uri, "rows")
    assert outcome.status == 1 and f"{name}: {word}" in outcome.error() or f"{name}: it is {word}" in outcome.error(), outcome.err


@pytest.mark.parametrize("kind, head, text", [("csv", "d\n", "{}\n"), ("jsonl", "", '{{"d":"{}"}}\n')])
@pytest.mark.parametrize("value, kept", [
    ("0000-01-01", True), ("0001-01-01", False), ("9999-12-31T23:59:59-05:00", True), ("9999-12-31T23:59:59Z", False),
    ("0001-01-01T00:00:00+01:00", True), ("0000-12-31 23:00:00", True),
])
def test_times_that_no_file_can_have_stay_text(ingestr, folder, file, kind, head, text, value, kept):
    write(folder, head + text.format(value), f"x.{kind}")
    ingestr.load(f"{kind}://x.{kind}", "rows", "--no-load-timestamp", file=f"{kind}://y.{kind}")
    assert (folder / f"y.{kind}").read_text() == head + text.format(value)
    ingestr.load(f"{kind}://y.{kind}", "rows", "--no-load-timestamp")
    assert (duckdb_file.columns(file, "rows", "dest")[0][1] == "VARCHAR") == kept

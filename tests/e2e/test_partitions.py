"""--partition-by, and directories that are replaced; read back by pyarrow's datasets."""

import datetime
import fcntl
import json
import os
import re
import signal
import threading
import time

import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest

import duckdb_file
from program import check_peak, wait_until
from test_remote_files import store_uri

FILE = r"{}-\d{{8}}T\d{{12}}Z-\d+(-\d+)?\.{}"
ROWS = [{"id": 1, "country": "DE", "year": 2026}, {"id": 2, "country": None, "year": 2026}, {"id": 3, "country": "", "year": 2025},
        {"id": 4, "country": "a/b=c %41 ü?*+&", "year": None}, {"id": 5, "country": "x\ny", "year": 1}, {"id": 6, "country": "..", "year": 1}]


def write(folder, rows=ROWS, name="in.parquet"):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), folder / name)
    return f"parquet://{name}"


def load(ingestr, source, target, *flags, into="orders", **options):
    return ingestr.load(source, "rows", "--no-load-timestamp", *flags, file=target, into=into, **options)


def read(place, kind="parquet", **options):
    partitioning = pyarrow.dataset.partitioning(pyarrow.schema([("country", pyarrow.string()), ("year", pyarrow.int64())]), flavor="hive")
    table = pyarrow.dataset.dataset(place, format=kind, partitioning=partitioning, **options).to_table()
    return sorted(({name: row[name] for name in ("id", "country", "year")} for row in table.to_pylist()), key=lambda row: row["id"])


def files(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl", "json"])
def test_values_become_directories(ingestr, folder, file, kind):
    source = write(folder)
    outcome = ingestr.ingest(source, "rows", "--dry-run", "--partition-by", "country,YEAR", file=f"{kind}://out/", into="orders")
    assert outcome.status == 0 and "keep files of" in outcome.out and "apart by country, year" in outcome.out
    assert load(ingestr, source, f"{kind}://out/", "--partition-by", "country", "--partition-by", "Year")["rows"] == len(ROWS)
    names = files(folder / "out")
    if kind == "json":
        assert sorted(row["id"] for name in names for row in json.loads((folder / "out" / name).read_text())) == [row["id"] for row in ROWS]
    else:
        assert read(folder / "out", "json" if kind == "jsonl" else kind) == ROWS
    assert len(names) == len(ROWS) and all(re.fullmatch("country=[^/]*/year=[^/]*/" + FILE.format("orders", kind), name) for name in names)
    assert "country=__HIVE_DEFAULT_PARTITION__/year=2026" in {name.rpartition("/")[0] for name in names}
    if kind == "parquet":
        one = pyarrow.parquet.ParquetFile(folder / "out" / next(name for name in names if name.startswith("country=DE")))
        assert one.schema_arrow.names == ["id"]
    if kind not in ("jsonl", "json"):   # whose source takes no column from a name
        ingestr.load(f"{kind}://out/**/*.{kind}", "rows", "--no-load-timestamp")
        assert duckdb_file.query(file, "SELECT id::INT, country, year::INT FROM dest.rows ORDER BY id") == [
            (row["id"], row["country"], row["year"]) for row in ROWS]


@pytest.mark.parametrize("flags", [[], ["--partition-by", "country"]], ids=["files", "partitions"])
def test_append_adds_and_replace_swaps(ingestr, folder, flags):
    first, second = write(folder, ROWS[:2], "first.parquet"), write(folder, ROWS[2:3], "second.parquet")
    place = folder / "out"
    load(ingestr, first, "parquet://out/", *flags)
    before = {name: (place / name).read_bytes() for name in files(place)}
    load(ingestr, second, "parquet://out/", *flags, "--incremental-strategy", "append")
    assert {name: (place / name).read_bytes() for name in before} == before and len(files(place)) == len(before) + 1
    load(ingestr, second, "parquet://out/", "--primary-key", "id", into="others")   # another table's files stay
    os.chmod(place, 0o751)
    load(ingestr, second, "parquet://out/", *flags)
    assert [name for name in files(place) if "orders-" in name] != [] and not set(before) & set(files(place))
    assert len(files(place)) == 2 and len([name for name in files(place) if name.startswith("others-")]) == 1
    assert place.stat().st_mode & 0o777 == 0o751
    load(ingestr, first, "parquet://out/", *flags, "--incremental-strategy", "append", "--full-refresh")
    assert len([name for name in files(place) if "orders-" in name]) == len(before)
    assert sorted(path.name for path in folder.iterdir()) == ["first.parquet", "out", "second.parquet"]


@pytest.mark.parametrize("name", ["notes.txt", "data/x.parquet", "country=DE/data_0.parquet", ".hidden", "orders.parquet"])
def test_a_file_of_somebody_else_is_named_and_stays(ingestr, folder, name):
    source = write(folder)
    load(ingestr, source, "parquet://out/")
    (folder / "out" / name).parent.mkdir(exist_ok=True)
    (folder / "out" / name).write_text("mine")
    before = files(folder / "out")
    outcome = ingestr.ingest("parquet://there-is-none.parquet", "rows", file="parquet://out/", into="orders")
    assert outcome.status == 2 and (name if "=" in name or "/" not in name else "data/") in outcome.error(), outcome.err
    assert files(folder / "out") == before and (folder / "out" / name).read_text() == "mine"
    load(ingestr, source, "parquet://out/", "--incremental-strategy", "append")
    assert len(files(folder / "out")) == len(before) + 1


def test_no_rows_leave_no_files(ingestr, folder):
    load(ingestr, write(folder), "parquet://out/", "--partition-by", "country")
    load(ingestr, write(folder), "parquet://out/", "--partition-by", "country", "--sql-limit", "1")
    empty = pyarrow.Table.from_pylist(ROWS).slice(0, 0)
    pyarrow.parquet.write_table(empty, folder / "empty.parquet")
    load(ingestr, "parquet://empty.parquet", "parquet://out/", "--partition-by", "country", "--incremental-strategy", "append")
    assert len(files(folder / "out")) == 1
    load(ingestr, "parquet://empty.parquet", "parquet://out/", "--partition-by", "country")
    assert list((folder / "out").iterdir()) == []


@pytest.mark.parametrize("target, flags, word", [
    ("parquet://out.parquet", ["--partition-by", "year"], "name a directory"),
    ("csv://-", ["--partition-by", "year"], "standard output"),
    ("duckdb:///x.duckdb", ["--partition-by", "year"], "--partition-by keeps files apart"),
    ("parquet://out/", ["--partition-by", "yaer"], "--partition-by names yaer"),
    ("parquet://out/", ["--partition-by", "year,year"], "twice"),
    ("parquet://out/", ["--partition-by", "_ingestr_loaded_at"], "the same for all rows"),
    ("parquet://out/", ["--partition-by", "id,country,year", "--no-load-timestamp"], "all columns"),
    ("parquet://out/", ["--partition-by", "list"], "--partition-by list is VARCHAR[]"),
])
def test_what_cannot_be_is_refused_before_the_first_row(ingestr, folder, target, flags, word):
    source = write(folder, [{**ROWS[0], "list": ["a"]}])
    if "all columns" in word:
        source = write(folder)
    outcome = ingestr.ingest(source, "rows", *flags, file=target)
    assert outcome.status == 2 and word in outcome.error(), outcome.err
    assert [path.name for path in folder.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize("value, word", [("__HIVE_DEFAULT_PARTITION__", "means NULL"), ("ü" * 60, "too long")])
def test_a_value_that_names_no_directory(ingestr, folder, value, word):
    load(ingestr, write(folder), "parquet://out/", "--partition-by", "country")
    before = files(folder / "out")
    outcome = ingestr.ingest(write(folder, [*ROWS, {"id": 7, "country": value, "year": 1}]), "rows", "--partition-by", "country",
                             file="parquet://out/", into="orders")
    assert outcome.status == 1 and word in outcome.error() and "column country" in outcome.error(), outcome.err
    assert files(folder / "out") == before


def test_names_masks_and_types_of_partitions(ingestr, folder):
    rows = [{"Home Town": "Bonn", "at": datetime.datetime(2026, 1, 2, 3, 4), "d": 1.5, "n": 1}]
    load(ingestr, write(folder, rows), "csv://out/", "--partition-by", "Home Town,at,place", "--mask", "Home Town:first_letter",
         "--columns", "place:decimal(5,2):d")
    name, = files(folder / "out")
    assert name.startswith("home_town=B%2A%2A%2A/at=2026-01-02T03%3A04%3A00/place=1.50/orders-")
    assert (folder / "out" / name).read_text() == "n\n1\n"


def test_many_partitions_take_little_memory(ingestr, folder):
    count = 200_000
    columns = {"id": range(count), "part": [f"part {i * 7919 % 700}" for i in range(count)], "text": [f"{i:0300}" for i in range(count)]}
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "in.parquet")
    process = ingestr.start(*ingestr.ingest_arguments("parquet://in.parquet", "rows", "--partition-by", "part", "--no-load-timestamp",
                                                      file="parquet://out/"))
    check_peak(process)
    process.communicate()
    assert process.returncode == 0
    assert len(os.listdir(folder / "out")) == 700
    read_back = pyarrow.dataset.dataset(folder / "out", format="parquet", partitioning="hive").to_table().sort_by("id")
    assert read_back["id"].to_pylist() == list(columns["id"]) and read_back["part"].to_pylist() == columns["part"]


def test_a_reader_sees_the_old_directory_or_the_new_one(ingestr, folder):
    sources = [write(folder, [{"id": i, "country": c} for c in "ABCDEFGH"], f"in{i}.parquet") for i in (0, 1)]
    load(ingestr, sources[0], "parquet://out/", "--partition-by", "country")
    lists, done = set(), threading.Event()

    def look():
        while not done.is_set():   # what the name means at one moment is one directory or the other
            descriptor = os.open(folder / "out", os.O_RDONLY)
            lists.add(frozenset(name for name in os.listdir(descriptor) if not name.startswith(".")))
            os.close(descriptor)

    looking = threading.Thread(target=look)
    looking.start()
    load(ingestr, sources[1], "parquet://out/", "--partition-by", "country")
    done.set()
    looking.join()
    countries = frozenset(f"country={c}" for c in "ABCDEFGH")
    assert countries in lists and all(found <= countries for found in lists)
    table = pyarrow.dataset.dataset(folder / "out", format="parquet", partitioning="hive").to_table()
    assert table["id"].to_pylist() == [1] * 8


def test_two_runs_do_not_work_in_one_directory_at_once(ingestr, folder):
    source = write(folder)
    load(ingestr, source, "parquet://out/")
    (folder / "out.ingestr.tmp" / ".ingestr.tmp").mkdir(parents=True)   # one that has swapped and removes what was there
    other = os.open(folder / "out.ingestr.tmp" / ".ingestr.tmp", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    outcome = ingestr.ingest(source, "rows", file="parquet://out/", into="orders")
    assert outcome.status == 1 and "another run" in outcome.error()
    os.close(other)
    load(ingestr, source, "parquet://out/")
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out"] and len(files(folder / "out")) == 1


# ---- a store

def keys(object_store, directory):
    from pyarrow.fs import FileSelector, FileType
    found = object_store.files().get_file_info(FileSelector(f"lake/{directory}", recursive=True, allow_not_found=True))
    return {info.path for info in found if info.type == FileType.File}


def test_a_directory_of_a_store(ingestr, folder, object_store):
    uri = store_uri(object_store, "lake/parts/")
    store = object_store.files()

    def names():
        return keys(object_store, "parts")

    load(ingestr, write(folder), uri, "--partition-by", "country,year")
    first = names()
    assert len(first) == len(ROWS) and read("lake/parts", filesystem=store) == ROWS
    load(ingestr, write(folder), uri, "--partition-by", "country,year", "--incremental-strategy", "append")
    assert first < names() and len(names()) == 2 * len(ROWS)
    load(ingestr, write(folder), uri, into="others")
    load(ingestr, write(folder, ROWS[:3]), uri, "--partition-by", "country,year")
    assert not first & names() and len(names()) == 4 and len([name for name in names() if "/others-" in name]) == 1
    with store.open_output_stream("lake/parts/a b+c.txt") as out:
        out.write(b"mine")
    before = names()
    outcome = ingestr.ingest(write(folder), "rows", file=uri, into="orders")
    assert outcome.status == 2 and "a b+c.txt" in outcome.error() and names() == before


def test_ctrl_c_while_a_directory_of_a_store_is_replaced_takes_back_what_is_new(ingestr, folder, object_store, proxy):
    uri = store_uri(object_store, "lake/stopped/")
    source = write(folder, [{"id": i, "part": i} for i in range(40)])
    load(ingestr, write(folder, [{"id": 1, "part": 1}], "old.parquet"), uri, "--partition-by", "part")
    before = keys(object_store, "stopped")
    puts, go_on = [], threading.Event()

    def hold(method, address):
        if method == "PUT" and "/stopped/" in address:
            puts.append(address)
            if len(puts) > 20:   # the 21st is held, those behind it are slow, so that the signal is noticed before the last one
                go_on.wait() and time.sleep(0.2)
        return False

    proxy.silent = hold
    process = ingestr.start(*ingestr.ingest_arguments(source, "rows", "--partition-by", "part", file=uri, into="orders"), env=proxy.environment)
    wait_until(lambda: len(puts) > 20, "files come")
    assert len(keys(object_store, "stopped")) == 21
    process.send_signal(signal.SIGINT)
    go_on.set()
    outcome = ingestr.outcome(process)
    assert outcome.status == 130, outcome.err
    assert keys(object_store, "stopped") == before


def test_names_that_xml_writes_with_entities(ingestr, folder, object_store):
    target = store_uri(object_store, "lake/entities/")
    source = write(folder)
    for _ in range(2):   # the second one has to find and remove the file of the first
        load(ingestr, source, target, into="a&b 'ü+%26 c")
    names = keys(object_store, "entities")
    assert len(names) == 1 and "a&b 'ü+%2526 c" in next(iter(names))


def test_a_directory_that_is_called_as_the_engine_could_call_a_column(ingestr, folder):
    (folder / "in.csv").write_text("c0,c1,c2\n1,x,2\n")
    load(ingestr, "csv://in.csv", "csv://out/", "--partition-by", "c0")
    load(ingestr, "csv://out/**/*.csv", "csv://back.csv")
    assert (folder / "back.csv").read_text() == "c1,c2,c0\nx,2,1\n"


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_text_null_is_a_text(ingestr, folder, file, kind):
    (folder / "in.csv").write_text("id,p\n1,NULL\n2,null\n3,\n4,x\n")
    load(ingestr, "csv://in.csv", f"{kind}://out/", "--partition-by", "p")
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["p=%4EULL", "p=%6Eull", "p=__HIVE_DEFAULT_PARTITION__", "p=x"]
    load(ingestr, f"{kind}://out/**/*.{kind}", "duckdb:///back.duckdb")
    values = [(1, "NULL"), (2, "null"), (3, None), (4, "x")]
    assert duckdb_file.query(folder / "back.duckdb", "SELECT id, p FROM orders ORDER BY 1") == values
    (folder / "out/p=x").rename(folder / "out/p=NULL")   # as others write it
    load(ingestr, f"{kind}://out/**/*.{kind}", "duckdb:///back.duckdb")
    assert duckdb_file.query(folder / "back.duckdb", "SELECT p FROM orders WHERE id = 4") == [("NULL",)]
    if kind == "parquet":
        (folder / "out/p=NULL").rename(folder / "out/p=x")
        table = pyarrow.dataset.dataset(folder / "out", partitioning="hive", format=kind).to_table()
        assert sorted(zip(table["id"].to_pylist(), table["p"].to_pylist())) == values


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_column_of_a_file_goes_before_that_of_a_directory(ingestr, folder, kind):
    (folder / "in.csv").write_text("a,z\n1,7\n")
    load(ingestr, "csv://in.csv", f"{kind}://x.{kind}")
    (folder / "d/a=9/b=2").mkdir(parents=True)
    (folder / f"x.{kind}").rename(folder / f"d/a=9/b=2/x.{kind}")
    load(ingestr, f"{kind}://d/**/*.{kind}", "duckdb:///back.duckdb")
    assert duckdb_file.query(folder / "back.duckdb", "SELECT a, z, b::INTEGER FROM orders") == [(1, 7, 2)]


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to others")
def test_files_and_directories_stay_their_owners(ingestr, folder):
    rows = write(folder, ROWS[:2], "first.parquet")
    for uri, path in (("csv://x.csv", folder / "x.csv"), ("parquet://out/", folder / "out")):
        load(ingestr, rows, uri)
        os.chown(path, 12345, 23456)
        path.chmod(0o2750)
        load(ingestr, rows, uri)
        there = path.stat()
        assert (there.st_uid, there.st_gid, there.st_mode & 0o7777) == (12345, 23456, 0o2750)

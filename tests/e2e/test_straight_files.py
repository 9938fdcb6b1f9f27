"""Rows that the engine reads itself go straight into a file, with no landing table; what is done to them is what is done to rows
that land, as those of a load with a key do."""

import contextlib
import csv
import json
import secrets
import signal

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

from program import SOON, check_peak, wait_until

KINDS = ["csv", "jsonl", "json", "parquet"]


def load(ingestr, source, target, *flags, **options):
    return ingestr.load(source, "rows", *flags, file=target, into="rows", **options)


def plan(ingestr, source, target, *flags):
    outcome = ingestr.ingest(source, "rows", "--dry-run", *flags, file=target, into="rows")
    assert outcome.status == 0, outcome.err
    return outcome.out


def odd_rows(path):
    rows = [{"id": 1, "Full Name": " ü \"☃\",\r\nend ", "secret": "s1", "at": "2024-02-29T12:00:00Z", "o": {"n": 1.10}, "left": 1},
            {"id": 2, "Full Name": "", "secret": None, "at": None, "o": [1, "x"], "left": None},
            {"id": 3, "Full Name": None, "secret": "a\u0000b", "at": "0001-01-01T00:00:00Z", "o": None, "left": 3}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_what_they_are_when_they_land(ingestr, folder, kind):
    odd_rows(folder / "in.jsonl")
    flags = ["--no-load-timestamp", "--columns", "n:decimal(10,2):id", "--mask", "secret:hash", "--trim-whitespace",
             "--sql-exclude-columns", "left", "--sql-limit", "3"]
    straight, landed = f"{kind}://straight.{kind}", f"{kind}://landed.{kind}"
    assert "rows are written straight into" in plan(ingestr, "jsonl://in.jsonl", straight, *flags)
    assert "rows land in" in plan(ingestr, "jsonl://in.jsonl", landed, *flags, "--primary-key", "n")
    end = load(ingestr, "jsonl://in.jsonl", straight, *flags)
    assert end["rows"] == 3 and end["batches"] == 1
    load(ingestr, "jsonl://in.jsonl", landed, *flags, "--primary-key", "n")
    files = [folder / f"{name}.{kind}" for name in ("straight", "landed")]
    if kind == "parquet":
        tables = [pyarrow.parquet.read_table(file) for file in files]
        assert tables[0].schema == tables[1].schema and tables[0].equals(tables[1])
        assert tables[0].schema.names == ["n", "full_name", "secret", "at", "o"] and tables[0].num_rows == 3
        assert str(tables[0].schema.field("n").type) == "decimal128(10, 2)"
    else:
        assert files[0].read_bytes() == files[1].read_bytes() and b"1.00" in files[0].read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == sorted(["in.jsonl", *(file.name for file in files)])


@pytest.mark.parametrize("strategy", ["replace", "append"])
def test_a_file_more_in_a_directory_is_written_straight_too(ingestr, folder, strategy):
    (folder / "in.csv").write_text("id\n1\n")
    text = plan(ingestr, "csv://in.csv", "parquet://out/", "--incremental-strategy", strategy)
    assert "rows are written straight into" in text and "  add column _ingestr_loaded_at" in text
    load(ingestr, "csv://in.csv", "parquet://out/", "--incremental-strategy", strategy)
    file, = (folder / "out").iterdir()
    assert pyarrow.parquet.read_table(file).schema.names == ["id", "_ingestr_loaded_at"]


def test_a_file_that_is_added_to_is_not(ingestr, folder):
    (folder / "in.csv").write_text("id\n1\n")
    for expected in ("written straight", "rows land in"):
        assert expected in plan(ingestr, "csv://in.csv", "csv://out.csv", "--incremental-strategy", "append")
        load(ingestr, "csv://in.csv", "csv://out.csv", "--incremental-strategy", "append", "--no-load-timestamp")
    assert (folder / "out.csv").read_text() == "id\n1\n1\n"


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_make_a_file_of_their_columns(ingestr, folder, kind):
    pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array([], pyarrow.int64()), "n": pyarrow.nulls(0)}), folder / "in.parquet")
    assert load(ingestr, "parquet://in.parquet", f"{kind}://out.{kind}", "--no-load-timestamp")["rows"] == 0
    file = folder / f"out.{kind}"
    if kind == "parquet":
        assert pyarrow.parquet.read_table(file).schema.names == ["id", "n"]
    else:
        assert file.read_text() == {"csv": "id,n\n", "jsonl": "", "json": "[\n\n]\n"}[kind]


def test_a_row_far_behind_that_widens_a_type_loses_nothing(ingestr, folder):
    count = 400_000
    with open(folder / "in.csv", "w", encoding="utf-8") as out:
        out.write("id,text\n")
        for i in range(count):
            out.write(f"{i},some text to make it long {i}\n")
        out.write("00123,x\n")
    end = load(ingestr, "csv://in.csv", "csv://out.csv", "--no-load-timestamp")
    assert end["rows"] == count + 1
    with open(folder / "out.csv", newline="", encoding="utf-8") as text:
        ids = [row["id"] for row in csv.DictReader(text)]
    assert ids == [*map(str, range(count)), "00123"]
    assert sorted(path.name for path in folder.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("bytes_of_row", [900_000, 3_000_000, 5_000_000, 12_000_000])
@pytest.mark.parametrize("place", ["in the middle", "at the end"])
@pytest.mark.parametrize("source", ["csv", "csv without quotes", "jsonl"])
def test_a_row_longer_than_the_pieces_that_a_file_is_read_in(ingestr, folder, source, place, bytes_of_row):
    """Pieces hold 4 MB. The long field has line ends and quotes of its own."""
    count, kind = 250_000, source.split()[0]
    piece = "a\n1,\"x\", " if source == "csv" else "a word; "
    rows = [(str(i), f"some text to make it long {i}") for i in range(count)]
    rows.insert({"in the middle": count - 10, "at the end": count}[place], (str(count), piece * (bytes_of_row // len(piece))))
    with open(folder / f"in.{kind}", "w", newline="", encoding="utf-8") as out:
        if kind == "jsonl":
            out.writelines(json.dumps({"id": int(number), "text": text}) + "\n" for number, text in rows)
        else:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL if source == "csv" else csv.QUOTE_MINIMAL)
            writer.writerows([("id", "text"), *rows])
    assert load(ingestr, f"{kind}://in.{kind}", "parquet://out.parquet", "--no-load-timestamp")["rows"] == count + 1
    written = pyarrow.parquet.read_table(folder / "out.parquet").to_pydict()
    assert written["id"] == [int(number) for number, _ in rows]
    assert written["text"] == [text for _, text in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupt_ends_it_soon_and_leaves_the_old_file(ingestr, folder, kind):
    count = 4_000_000
    pyarrow.parquet.write_table(pyarrow.table({"id": range(count), "text": [f"row {i}" for i in range(count)]}), folder / "in.parquet")
    old = folder / f"out.{kind}"
    load(ingestr, "parquet://in.parquet", f"{kind}://out.{kind}", "--sql-limit", "1")
    before = old.read_bytes()
    process = ingestr.start(*ingestr.ingest_arguments("parquet://in.parquet", "rows", file=f"{kind}://out.{kind}"))
    workplace = folder / f"out.{kind}.ingestr.tmp"
    wait_until(lambda: any(path.stat().st_size > 0 for path in workplace.glob("*.out")) or process.poll() is not None, "rows come")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and "interrupted" in outcome.error()
    assert outcome.seconds < SOON
    assert old.read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", f"out.{kind}"]


def holding(folder, needle):
    """Files may go while they are looked for."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and needle in path.read_bytes():
                    found.append(path.name)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_unmasked_is_on_the_disk(ingestr, folder, tmp_path, kind):
    mark = "mark" + secrets.token_hex(8)
    path = tmp_path / "people.csv"
    path.write_text("id,ssn\n" + "".join(f"{i},{mark}{secrets.token_hex(150)}\n" for i in range(100_000)))
    temporary = folder / "tmp"
    temporary.mkdir()
    process = ingestr.start(*ingestr.ingest_arguments(f"csv://{path}", "people", "--mask", "ssn:hash", file=f"{kind}://out.{kind}"),
                            env={"TMPDIR": str(temporary)})
    seen = []
    while process.poll() is None:
        seen += holding(folder, mark.encode())
    outcome = ingestr.outcome(process)
    assert outcome.status == 0, outcome.err
    assert seen == [] == holding(folder, mark.encode())


@pytest.mark.parametrize("kind", KINDS)
def test_memory_stays_small_for_wide_rows(ingestr, folder, kind):
    count = 150_000
    with open(folder / "in.jsonl", "w", encoding="utf-8") as out:
        for i in range(count):
            out.write(json.dumps({"id": i, "text": secrets.token_hex(1500)}) + "\n")
    process = ingestr.start(*ingestr.ingest_arguments("jsonl://in.jsonl", "rows", file=f"{kind}://out.{kind}"))
    check_peak(process)
    process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize("kind", KINDS)
def test_masked_rows_do_not_wait_in_memory(ingestr, folder, kind):
    """They may not be spilled."""
    count = 1_500_000
    duckdb.execute(f"COPY (SELECT range AS id, md5(range::text) AS a, sha256(range::text) AS b FROM range({count})) TO '{folder}/in.csv'")
    process = ingestr.start(*ingestr.ingest_arguments("csv://in.csv", "rows", "--mask", "a:hash", file=f"{kind}://out.{kind}"))
    check_peak(process)
    _, errors = process.communicate()
    assert process.returncode == 0, errors


@pytest.mark.parametrize("flags", [[], ["--mask", "id:hash"]], ids=["as they are", "masked"])
@pytest.mark.parametrize("target", ["csv://out.csv", "jsonl://out.jsonl", "parquet://out.parquet", "duckdb:///out.duckdb"])
def test_rows_that_are_read_in_large_pieces(ingestr, folder, target, flags):
    """DuckDB writes pages of Parquet of 100 MB, each of which is in memory whole when it is read."""
    count = 60_000
    duckdb.execute(f"COPY (SELECT range AS id, repeat(md5(range::text), 90) AS text FROM range({count})) TO '{folder}/in.parquet'")
    assert load(ingestr, "parquet://in.parquet", target, *flags)["rows"] == count
    path = folder / target.rpartition("/")[2]
    rows = "rows" if path.suffix == ".duckdb" else f"'{path}'"
    with duckdb.connect(str(path) if path.suffix == ".duckdb" else ":memory:") as connection:
        assert connection.execute(f"SELECT count(DISTINCT id), count(DISTINCT text), min(strlen(text)) FROM {rows}").fetchall() == [
            (count, count, 2880)]


@pytest.mark.parametrize("target", ["csv://out.csv", "csv://out/", "csv://-"])
def test_where_nobody_knows_columns_nothing_is_written(ingestr, folder, target):
    (folder / "in.csv").write_text("")
    outcome = ingestr.ingest("csv://in.csv", "rows", "--allow-empty", file=target, into="rows")
    assert outcome.status == 0, outcome.err
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["in.csv"]

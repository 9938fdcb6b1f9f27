"""The examples of docs/strategies.md do what the page says: files are written, commands run, queries compared with the table
that follows them."""

import pathlib
import re
import shlex

import duckdb_file

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "strategies.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```\n((?:\n\|[^\n]*(?:\n\|[^\n]*)*\n)?)", re.MULTILINE | re.DOTALL)


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_examples_of_the_strategies(ingestr, folder):
    done = {"csv": 0, "sh": 0, "sql": 0}
    for kind, name, text, table in BLOCK.findall(PAGE.read_text()):
        done[kind] += 1
        if kind == "csv":
            (folder / name).write_text(text)
        elif kind == "sh":
            for line in text.splitlines():
                outcome = ingestr.run(*shlex.split(line)[1:])
                assert outcome.status == 0, f"{line}: {outcome.err}"
        else:
            _, _, *expected = table.strip().splitlines()
            rows = duckdb_file.query(folder / "x.duckdb", text)
            assert [["NULL" if value is None else str(value) for value in row] for row in rows] == \
                [cells(line) for line in expected], text
    assert done == {"csv": 7, "sh": 5, "sql": 5}


def test_no_rows_as_the_page_says(ingestr, folder):
    file = folder / "x.duckdb"

    def load(name, *flags):
        return ingestr.run("ingest", "--source-uri", name, "--source-table", "t", "--dest-uri", "duckdb:///x.duckdb",
                           "--no-load-timestamp", *flags)

    (folder / "t.csv").write_text("id,name\n1,a\n")
    (folder / "header.csv").write_text("id,name\n")
    (folder / "empty.jsonl").write_text("")
    assert load("csv://t.csv").status == 0
    (folder / "empty.csv").write_text("")
    for empty in ("jsonl://empty.jsonl", "csv://empty.csv"):
        outcome = load(empty)
        assert outcome.status == 1 and "the source has no rows" in outcome.error() and "--allow-empty" in outcome.error()
        assert duckdb_file.query(file, "FROM t") == [(1, "a")]
        for strategy in ("append", "merge"):
            assert load(empty, f"--incremental-strategy={strategy}", "--primary-key=id").status == 0
            assert duckdb_file.query(file, "FROM t") == [(1, "a")]
        assert load(empty, "--allow-empty").status == 0
        assert duckdb_file.query(file, "FROM t") == []
        assert [name for name, _ in duckdb_file.columns(file, "t")] == ["id", "name"]
        assert load(empty, "--columns=id:bigint,at:date", "--full-refresh").status == 0
        assert duckdb_file.columns(file, "t") == [("id", "BIGINT"), ("at", "DATE")]
        assert load("csv://t.csv").status == 0
    (folder / "objects.jsonl").write_text("{}\n{}\n")
    for flags in ((), ("--allow-empty",), ("--incremental-strategy=append",)):
        outcome = load("jsonl://objects.jsonl", *flags)
        assert outcome.status == 1 and "none of them has a key" in outcome.error()
        assert duckdb_file.query(file, "FROM t") == [(1, "a")]
    assert load("csv://header.csv").status == 0
    assert duckdb_file.query(file, "FROM t") == []

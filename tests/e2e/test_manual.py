"""The examples of the manual pages run as they stand."""

import pathlib
import re
import shlex

import pyarrow.parquet
import pytest

import duckdb_file

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def first_example(page):
    """The arguments of the first `ingestr ingest` of a page."""
    text = re.search(r"((?:^    .*\n)+)", (DOCS / page).read_text(), re.MULTILINE).group(1)
    words = shlex.split(text.replace("\\\n", " "))
    assert words[:2] == ["ingestr", "ingest"]
    return words[1:]


@pytest.mark.parametrize("page, name, content", [
    ("csv.md", "orders.csv", "id,zip\n1,00123\n"),
    ("jsonl.md", "orders.jsonl", '{"id":1,"zip":"00123"}\n'),
])
def test_the_example_of_a_file_source(ingestr, folder, page, name, content):
    (folder / name).write_text(content)
    outcome = ingestr.run(*first_example(page))
    assert outcome.status == 0, outcome.err
    assert duckdb_file.query(folder / "shop.duckdb", "SELECT id, zip FROM dest.orders") == [(1, "00123")]


def test_the_example_of_a_file_destination(ingestr, folder):
    (folder / "orders.csv").write_text("id,zip\n1,00123\n")
    outcome = ingestr.run(*first_example("file_destinations.md"))
    assert outcome.status == 0, outcome.err
    row, = pyarrow.parquet.read_table(folder / "orders.parquet").to_pylist()
    assert (row["id"], row["zip"]) == (1, "00123")


@pytest.mark.parametrize("page, scheme", [("csv.md", "csv"), ("jsonl.md", "jsonl")])
def test_the_parameters_of_a_page_are_those_that_the_program_declares(ingestr, page, scheme):
    shown = ingestr.run("example-uris").out.split(f"Parameters of {scheme}://\n")[1].split("\n\n")[0]
    declared = re.findall(r"^  (\w+) ", shown, re.MULTILINE)
    table = (DOCS / page).read_text().split("<!-- parameters -->")[1].split("<!-- end of parameters -->")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == declared

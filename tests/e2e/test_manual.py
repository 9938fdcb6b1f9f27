"""The examples of the manual pages run as they stand."""

import re

import pyarrow.parquet
import pytest

import duckdb_file
import manual


@pytest.mark.parametrize("page, name, content", [
    ("csv", "orders.csv", "id,zip\n1,00123\n"),
    ("jsonl", "orders.jsonl", '{"id":1,"zip":"00123"}\n'),
])
def test_the_example_of_a_file_source(ingestr, folder, page, name, content):
    (folder / name).write_text(content)
    outcome = ingestr.run(*manual.example(page))
    assert outcome.status == 0, outcome.err
    assert duckdb_file.query(folder / "shop.duckdb", "SELECT id, zip FROM dest.orders") == [(1, "00123")]


def test_the_example_of_a_file_destination(ingestr, folder):
    (folder / "orders.csv").write_text("id,zip\n1,00123\n")
    outcome = ingestr.run(*manual.example("file_destinations"))
    assert outcome.status == 0, outcome.err
    row, = pyarrow.parquet.read_table(folder / "orders.parquet").to_pylist()
    assert (row["id"], row["zip"]) == (1, "00123")


@pytest.mark.parametrize("page", ["csv", "jsonl"])
def test_the_parameters_of_a_page_are_those_that_the_program_declares(ingestr, page):
    shown = ingestr.run("example-uris").out.split(f"Parameters of {page}://\n")[1].split("\n\n")[0]
    declared = re.findall(r"^  (\w+) ", shown, re.MULTILINE)
    table = (manual.PAGES / f"{page}.md").read_text().split("<!-- parameters -->")[1].split("<!-- end of parameters -->")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == declared

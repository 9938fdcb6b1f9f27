"""Every table of the Attio page loads from the sandbox into the columns that the page lists."""

import pathlib
import re

import pytest

import duckdb_file

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "attio.md"
SMALL = ["--records=people=6", "--records=companies=12", "--records=deals=5", "--records=users=3",
         "--records=workspaces=2", "--records=lab_samples=8", "--rate-limit=0"]
TYPES = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
LOADED_AT = ("_ingestr_loaded_at", "TIMESTAMP WITH TIME ZONE")


def tables_of_the_page():
    """Name and columns of each table that the page describes."""
    found = []
    for section in PAGE.read_text().split("\n### `")[1:]:
        name = section.split(":", 1)[0].split("`", 1)[0]
        listed = re.search(r"^- columns: (.*)$", section, re.M)
        if listed:
            pairs = [column.split(" ", 1) for column in listed.group(1).split(", ")]
            found.append((name, [(column, TYPES.get(kind, kind)) for column, kind in pairs],
                          re.search(r"^- key: (.*)$", section, re.M).group(1).split(", ")))
    return found


TABLES = tables_of_the_page()


def source_table(name):
    if name in ("statuses", "record_history"):
        return f"{name}:deals"
    if name == "list_entries" or name.startswith("list_"):
        return f"{name}:renewals"
    one = re.search(rf"^### `{name}:", PAGE.read_text(), re.M)
    return f"{name}:companies" if one else name


@pytest.fixture(scope="module")
def small_sandbox():
    from attio_sandbox import Sandbox, sandbox_binary
    sandbox = Sandbox(sandbox_binary(), SMALL)
    yield sandbox
    sandbox.stop()


def test_the_page_lists_all_tables():
    assert len(TABLES) >= 25


@pytest.mark.parametrize("name, columns, key", TABLES, ids=[name for name, _, _ in TABLES])
def test_loads_into_the_columns_of_the_page(ingestr, file, small_sandbox, name, columns, key):
    end = ingestr.load(small_sandbox.uri(), source_table(name))
    loaded = duckdb_file.columns(file, "rows", "dest")
    assert loaded[:len(columns)] == columns
    assert loaded[-1] == LOADED_AT
    assert end["rows"] > 0 and duckdb_file.count(file, "dest.rows") == end["rows"]
    distinct = ", ".join(f'"{column}"' for column in key)
    assert duckdb_file.column(file, f"SELECT count(*) FROM (SELECT DISTINCT {distinct} FROM dest.rows)") == [end["rows"]]


def test_the_history_of_one_attribute(ingestr, file, small_sandbox):
    ingestr.load(small_sandbox.uri(), "record_history:deals:stage")
    assert set(duckdb_file.column(file, "SELECT DISTINCT attribute FROM dest.rows")) == {"stage"}
    assert duckdb_file.column(file, "SELECT count(*) FROM dest.rows WHERE active_until IS NULL")[0] > 0


def test_an_attribute_that_there_is_not_has_no_empty_history(ingestr, file, small_sandbox):
    ingestr.load(small_sandbox.uri(), "record_history:deals:stage")
    before = duckdb_file.contents(file)
    outcome = ingestr.ingest(small_sandbox.uri(), "record_history:deals:stagee")
    assert outcome.status == 1 and 'the object "deals" has no attribute "stagee"; it has ' in outcome.error() and "stage" in outcome.error()
    assert duckdb_file.contents(file) == before


def test_attributes_without_a_history_are_not_asked_for_again(ingestr, file, start_sandbox):
    records = 30
    sandbox = start_sandbox(f"--records=companies={records}", "--rate-limit=0")
    attributes = len(sandbox.rows("/v2/objects/companies/attributes"))
    end = ingestr.load(sandbox.uri(), "record_history:companies")
    refused = sandbox.stats()["by_status"]["400"]
    without = attributes - len(duckdb_file.column(file, "SELECT DISTINCT attribute FROM dest.rows"))
    assert 5 < without < attributes and end["rows"] > records
    # What is on its way when the first answer comes is asked for once more at most.
    assert 0 < refused <= 2 * without < without * records / 4


def test_short_cursor_pages_are_no_end(ingestr, file, start_sandbox):
    whole = start_sandbox("--meetings=37", "--rate-limit=0")
    short = start_sandbox("--meetings=37", "--rate-limit=0", "--short-cursor-pages")
    ingestr.load(whole.uri(), "meetings")
    expected = duckdb_file.column(file, "SELECT meeting_id FROM dest.rows ORDER BY 1")
    ingestr.load(short.uri(), "meetings")
    assert duckdb_file.column(file, "SELECT meeting_id FROM dest.rows ORDER BY 1") == expected
    assert len(expected) == 37


@pytest.mark.parametrize("table, scopes, missing", [
    ("notes", "note:read object_configuration:read", "record_permission:read"),
    ("comments:companies", "record_permission:read object_configuration:read", "comment:read"),
])
def test_a_missing_scope_is_named_before_the_first_page(ingestr, folder, start_sandbox, table, scopes, missing):
    sandbox = start_sandbox("--scopes", scopes)
    outcome = ingestr.ingest(sandbox.uri(), table)
    assert outcome.status == 1
    assert f"lacks the scope {missing}, which this table needs" in outcome.error()
    paths = [line["path"] for line in sandbox.stats()["log"]]
    assert paths.count("/v2/self") == 1 and len(paths) <= 2   # it travels beside the request for the first page
    assert list(folder.iterdir()) == []



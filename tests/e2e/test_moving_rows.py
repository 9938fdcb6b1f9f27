"""Rows that are inserted and deleted between the pages of a table: the result is the rows that existed throughout, each once."""

import random

import pytest

import duckdb_file

ROWS = 600
PAGE_SIZE = 20   # so that there are many seams
SWITCHES = [f"--records=companies={ROWS}", "--record-bytes=100", "--rate-limit=0"]
SEEDS = 12


def schedule(seed):
    """Some twenty changes in front of the pages that come, at requests that follow from the seed."""
    order = random.Random(seed)
    changes = []
    for _ in range(12):
        changes += ["--mutate", f"{order.choice(['insert', 'delete'])}@query#{order.randint(2, 30)}x{order.randint(1, 3)}"]
    return ["--seed", str(seed), "--latency-ms", str(order.choice([0, 5])), *changes]


def load(ingestr, file, sandbox):
    """Loads while the rows move; returns the `end` event."""
    at_start = set(sandbox.ids(object="companies"))
    end = ingestr.load(sandbox.uri(page_size=PAGE_SIZE), "records:companies")
    loaded = duckdb_file.column(file, "SELECT record_id FROM dest.rows")
    assert sandbox.stats()["changes"]
    assert len(loaded) == len(set(loaded)) == end["rows"]
    assert at_start - sandbox.changed_ids("delete") <= set(loaded) <= at_start | sandbox.changed_ids("insert")
    return end


@pytest.mark.parametrize("seed", range(SEEDS))
def test_rows_come_and_go(ingestr, file, start_sandbox, seed):
    assert load(ingestr, file, start_sandbox(*SWITCHES, *schedule(seed)))["mended"] > 0


@pytest.mark.parametrize("operation", ["insert", "delete"])
def test_many_changes_of_one_kind(ingestr, file, start_sandbox, operation):
    """More between two pages than a page holds."""
    changes = [f"--mutate={operation}@query#3" for _ in range(2 * PAGE_SIZE)]
    assert load(ingestr, file, start_sandbox(*SWITCHES, *changes))["mended"] > 0


def test_one_row_inserted(ingestr, start_sandbox):
    """The whole page moved by one, so a row comes twice; it is kept once and the summary says so."""
    sandbox = start_sandbox(*SWITCHES, "--mutate", "insert@query#3")
    outcome = ingestr.ingest(sandbox.uri(page_size=PAGE_SIZE), "records:companies", "--extract-parallelism", "1")   # so that the third is the third page
    assert outcome.status == 0, outcome.err
    assert outcome.summary()["Duplicates"] == "1" and outcome.summary()["Mended"] == "1"


def test_one_row_deleted(ingestr, file, start_sandbox):
    end = load(ingestr, file, start_sandbox(*SWITCHES, "--latency-ms", "20", "--mutate", "delete@query#3"))
    assert end["mended"] >= 1


def test_nothing_moves(ingestr, start_sandbox):
    outcome = ingestr.ingest(start_sandbox(*SWITCHES).uri(page_size=PAGE_SIZE), "records:companies")
    assert outcome.summary()["Duplicates"] == "0" and not {"Mended", "Rate limits"} & outcome.summary().keys()

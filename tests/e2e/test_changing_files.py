"""Files of this machine that another program writes to while they are read."""

import os

import pytest

import duckdb_file
from test_file_patterns import KINDS, write


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["x", "*"])
def test_a_file_that_changes_while_it_is_read_leaves_the_target_as_it_was(ingestr, folder, file, kind, name):
    path = folder / f"x.{kind}"
    write(path, kind, [{"id": 1}])
    ingestr.load(f"{kind}://x.{kind}", "rows", "--no-load-timestamp")
    write(path, kind, [{"id": i} for i in range(5_000)])
    process = ingestr.start(*ingestr.ingest_arguments(f"{kind}://{name}.{kind}", "rows", "--no-load-timestamp"))
    written = 0
    while process.poll() is None:
        os.utime(path, ns=(written, written))
        written += 1_000
    outcome = ingestr.outcome(process)
    assert outcome.status == 1 and outcome.error().endswith(f"x.{kind} has changed while it was read; run again"), outcome.err
    assert duckdb_file.query(file, "FROM dest.rows") == [(1,)]

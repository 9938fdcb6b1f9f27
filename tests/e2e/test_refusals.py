"""Runs that must fail: the exit status, one sentence on stderr that names the cure, and nothing changed or left behind."""

import os
import stat
import subprocess

import duckdb
import pytest

import duckdb_file
from scripted_api import paged, record

# Source table, parameters of the source URI, switches of the sandbox, exit status, what the sentence must name.
REFUSALS = {
    "unknown key": ("records:companies", {"key": "key_999"}, [], 1, ["refuses the API key", "api_key", "ATTIO_API_KEY"]),
    "key of the right length": ("objects", {"key": "x" * 64}, [], 1, ["refuses the API key", "api_key"]),
    "no key": ("objects", {"key": None}, [], 2, ["api_key", "ATTIO_API_KEY"]),
    "missing scope of records": ("records:companies", {}, ["--scopes", "object_configuration:read"], 1,
                                 ["record_permission:read", "scope", "Developers"]),
    "missing scope of objects": ("objects", {}, ["--scopes", "record_permission:read"], 1,
                                 ["object_configuration:read", "scope"]),
    "missing scope of lists": ("lists", {}, ["--scopes", "list_entry:read"], 1, ["list_configuration:read", "scope"]),
    "missing scope of entries": ("list_entries:renewals", {}, ["--scopes", "list_configuration:read"], 1,
                                 ["list_entry:read", "scope"]),
    "missing scope of all entries": ("all_list_entries:companies", {}, ["--scopes", "list_configuration:read"], 1,
                                     ["list_entry:read", "scope"]),
    "unknown object": ("records:nope", {}, [], 1, ['no object "nope"', "table objects"]),
    "unknown object id": ("records:00000000-0000-4000-8000-000000000000", {}, [], 1, ["no object", "table objects"]),
    "unknown list": ("list_entries:nope", {}, [], 1, ['no list "nope"', "table lists"]),
    "unknown object of lists": ("all_list_entries:nope", {}, [], 1, ['no object "nope"', "companies"]),
    "disabled standard object": ("records:deals", {}, ["--disabled-object", "deals"], 1,
                                 ['"deals" is not enabled', "admin"]),
    "no slug": ("records:", {}, [], 2, ["records:companies"]),
    "no colon": ("records", {}, [], 2, ["records:companies"]),
    "no list": ("list_entries:", {}, [], 2, ["list_entries:"]),
    "no object of lists": ("all_list_entries", {}, [], 2, ["all_list_entries:companies"]),
    "too much": ("objects:companies", {}, [], 2, ['just "objects"']),
    "unknown table": ("foo", {}, [], 2, ['"foo"', "records:{object_api_slug}", "list_entries:", "objects", "lists"]),
    "table in capitals": ("OBJECTS", {}, [], 2, ['"OBJECTS"', "objects"]),
    "unknown parameter": ("objects", {"pagesize": 5}, [], 2, ["pagesize", "page_size"]),
    "page size that is none": ("objects", {"page_size": "many"}, [], 2, ["page_size", "1 to 1000"]),
    "page size that the server refuses": ("records:companies", {"page_size": 900}, ["--max-limit", "500"], 1,
                                          ["limit"]),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_and_nothing_is_left(ingestr, folder, start_sandbox, case):
    table, parameters, switches, status, sentences = REFUSALS[case]
    outcome = ingestr.ingest(start_sandbox(*switches).uri(**parameters), table)
    assert outcome.status == status
    for sentence in sentences:
        assert sentence in outcome.error()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("case", ["unknown key", "missing scope of records", "unknown object", "unknown list",
                                  "disabled standard object", "no slug", "unknown table"])
def test_refused_and_the_old_table_stays(ingestr, folder, file, start_sandbox, shared_sandbox, case):
    ingestr.load(shared_sandbox.uri(), "records:deals")
    before = duckdb_file.contents(file)
    table, parameters, switches, status, _ = REFUSALS[case]
    assert ingestr.ingest(start_sandbox(*switches).uri(**parameters), table).status == status
    assert duckdb_file.contents(file) == before
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


@pytest.mark.parametrize("case", ["no slug", "unknown table", "too much", "no key"])
def test_wrong_usage_is_found_before_the_first_request(ingestr, start_sandbox, case):
    table, parameters, _, status, _ = REFUSALS[case]
    sandbox = start_sandbox()
    assert ingestr.ingest(sandbox.uri(**parameters), table).status == status == 2
    assert sandbox.stats()["requests"] == 0


def test_a_failure_in_the_middle_of_the_table(ingestr, folder, file, start_sandbox):
    """Megabytes have landed when the key stops working."""
    sandbox = start_sandbox("--records=companies=4000")
    ingestr.load(sandbox.uri(), "records:deals")
    before = duckdb_file.contents(file)
    sandbox.set_faults("401@offset=34#1", "401@offset=39#1")
    sandbox.reset()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies")
    assert outcome.status == 1 and "API key" in outcome.error()
    assert duckdb_file.contents(file) == before
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_a_server_that_is_not_there(ingestr, folder, start_sandbox):
    """Connections are refused at once, so this takes the waits between six attempts and is left to the unit tests; here only a
    name that cannot be: it is no use to try again."""
    outcome = ingestr.ingest("attio://?api_key=key_123&base_url=ftp://127.0.0.1/v2", "objects")
    assert outcome.status == 2 and "base_url" in outcome.error()
    assert list(folder.iterdir()) == []


def test_a_base_url_that_is_something_else(ingestr, folder, start_api):
    api = start_api(lambda method, path, body, headers: (404, '{"message":"no route"}'))
    outcome = ingestr.ingest(api.uri(), "objects")
    assert outcome.status == 1 and "base_url" in outcome.error()


def test_a_page_that_never_changes(ingestr, start_api):
    """A server that ignores the offset must not keep us busy for ever."""
    page = '{"data":[' + ",".join(record(i) for i in range(20)) + "]}"
    outcome = ingestr.ingest(start_api(lambda *_: page).uri(), "records:companies")
    assert outcome.status in (0, 1) and outcome.seconds < 60


# ---- the destination


def test_a_locked_file(ingestr, folder, file, shared_sandbox):
    ingestr.load(shared_sandbox.uri(), "objects")
    holder = duckdb.connect(str(file))
    try:
        outcome = ingestr.ingest(shared_sandbox.uri(), "records:companies")
    finally:
        holder.close()
    assert outcome.status == 1
    assert "attio.duckdb" in outcome.error() and f"PID {os.getpid()}" in outcome.error()
    assert "run again" in outcome.error()
    assert duckdb_file.tables(file) == ["dest.rows"] and duckdb_file.count(file, "dest.rows") == 6
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_a_locked_file_is_found_before_the_first_request(ingestr, file, start_sandbox):
    sandbox = start_sandbox()
    holder = duckdb.connect(str(file))
    try:
        assert ingestr.ingest(sandbox.uri(), "objects").status == 1
    finally:
        holder.close()
    assert sandbox.stats()["requests"] == 0


def test_a_file_that_is_no_database(ingestr, folder, file, shared_sandbox):
    file.write_text("name,age\n" * 1000)
    before = file.read_bytes()
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects")
    assert outcome.status == 1
    assert "attio.duckdb" in outcome.error() and "not a DuckDB database" in outcome.error()
    assert file.read_bytes() == before and [path.name for path in folder.iterdir()] == ["attio.duckdb"]


@pytest.mark.parametrize("uri, path", [
    ("duckdb:////proc/ingestr/x.duckdb", "/proc/ingestr"),
    ("duckdb://occupied/x.duckdb", "occupied"),
    ("duckdb:///./directory", "directory"),
])
def test_a_place_that_cannot_be_written(ingestr, folder, shared_sandbox, uri, path):
    (folder / "occupied").write_text("a file where a directory would have to be")
    (folder / "directory").mkdir()
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", file=uri)
    assert outcome.status in (1, 2)
    assert path in outcome.error()
    assert sorted(path.name for path in folder.iterdir()) == ["directory", "occupied"]
    assert list((folder / "directory").iterdir()) == []


@pytest.mark.parametrize("is_there", [False, True])
def test_a_directory_without_permission(ingestr, folder, start_sandbox, is_there):
    """Also where the file itself may be written: DuckDB makes others beside it."""
    sandbox = start_sandbox()
    closed = folder / "closed"
    closed.mkdir()
    if is_there:
        duckdb.connect(str(closed / "x.duckdb")).execute("CREATE TABLE old (id integer)")
    closed.chmod(stat.S_IRUSR | stat.S_IXUSR)
    # Root may write everywhere, but for this.
    obeying = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    arguments = ingestr.ingest_arguments(sandbox.uri(), "objects", file="duckdb://closed/x.duckdb")
    outcome = ingestr.outcome(subprocess.Popen([*obeying, ingestr.binary, *arguments], cwd=folder, env=ingestr.environment(), text=True,
                                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    assert outcome.status == 1 and "closed/x.duckdb" in outcome.error() and "permission" in outcome.error()
    assert sandbox.stats()["requests"] == 0
    assert [path.name for path in closed.iterdir()] == (["x.duckdb"] if is_there else [])


def test_a_current_directory_that_is_gone(ingestr, folder, shared_sandbox):
    gone = folder / "gone"
    gone.mkdir()
    arguments = ingestr.ingest_arguments(shared_sandbox.uri(), "objects", file="duckdb:///x.duckdb")
    outcome = ingestr.outcome(subprocess.Popen(["sh", "-c", 'rmdir "$PWD" && exec "$0" "$@"', ingestr.binary, *arguments], cwd=gone,
                                               env=ingestr.environment(), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                               stderr=subprocess.PIPE))
    assert outcome.status == 1 and outcome.error() == "Error: the current directory is gone; change to another one and run again"


@pytest.mark.parametrize("kind, cure", [("pipe", "standard input, as csv://- reads it"), ("circle", "in a circle there; name the file itself")])
def test_sources_that_are_no_file(ingestr, folder, kind, cure):
    if kind == "pipe":
        os.mkfifo(folder / "x.csv")
    else:
        (folder / "x.csv").symlink_to("x.csv")
    outcome = ingestr.ingest("csv://x.csv", "rows")
    assert outcome.status in (1, 2) and cure in outcome.error(), outcome.err


@pytest.mark.parametrize("kind, cure", [("pipe", "no regular file; name another one"), ("circle", "in a circle there; name another file")])
def test_a_destination_that_is_no_file(ingestr, folder, shared_sandbox, kind, cure):
    if kind == "pipe":
        os.mkfifo(folder / "x.duckdb")
    else:
        (folder / "x.duckdb").symlink_to("x.duckdb")
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", file="duckdb:///x.duckdb")
    assert outcome.status == 2 and cure in outcome.error()


@pytest.mark.parametrize("uri", ["duckdb://", "duckdb:///", "duckdb://:memory:", "duckdb:///:memory:"])
def test_a_database_that_would_vanish(ingestr, folder, shared_sandbox, uri):
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", file=uri)
    assert outcome.status == 2 and "duckdb:///file.duckdb" in outcome.error()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["a.b.c.d", "", ".objects", "dest.", '"dest.objects', "information_schema.x"])
def test_destination_tables_that_are_none(ingestr, folder, start_sandbox, name):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "objects", into=name)
    if name == "":   # an empty value is no value
        assert outcome.status == 0
    else:
        assert outcome.status == 2, outcome.err
        outcome.error()
        assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []


def test_added_keys_that_are_one_name_for_the_destination(ingestr, file, start_api):
    """Case does not tell columns apart in DuckDB; no value may be lost."""
    api = start_api(paged([record(0, '"score":1', '"Score":2'), record(1, '"Score":3')]))
    ingestr.load(api.uri(), "records:companies")
    assert duckdb_file.query(file, "SELECT score, score_2 FROM dest.rows ORDER BY record_id") == [(1, 2), (None, 3)]


def test_a_file_that_a_strategy_cannot_change_stays_as_it_is(ingestr, folder, start_sandbox):
    sandbox = start_sandbox()
    (folder / "rows.csv").write_text("a\n1\n")
    outcome = ingestr.ingest(sandbox.uri(), "objects", "--incremental-strategy", "merge", "--primary-key", "object_id",
                             file="csv://rows.csv")
    assert outcome.status == 2 and "take the strategies replace and append, not merge" in outcome.error()
    assert (folder / "rows.csv").read_text() == "a\n1\n" and sandbox.stats()["requests"] == 0

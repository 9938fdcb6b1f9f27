"""The commands that look at a source and load nothing: check, tables, preview."""

import json
import signal
import socket

import pytest

import duckdb_file
from program import wait_until
from scripted_api import paged, record

COMMANDS = {"check": [], "tables": [], "preview": ["--source-table", "objects"]}


def look(ingestr, command, uri, *flags, env=None):
    return ingestr.run(command, "--source-uri", uri, *flags, env=env)


def table_of(text):
    """The lines of an aligned table: each row's cells."""
    titles, dashes, *rows = text.splitlines()
    starts = [i for i, c in enumerate(dashes) if c == "-" and (i == 0 or dashes[i - 1] == " ")]
    ends = starts[1:] + [None]
    return [[line[start:end].strip() for start, end in zip(starts, ends)] for line in (titles, *rows)]


# ---- check


def test_check(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--scopes", "note:read object_configuration:read")
    outcome = look(ingestr, "check", sandbox.uri())
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == ("Source:       attio\n"
                           "Credentials:  active\n"
                           "Account:      workspace Northlight (northlight)\n"
                           "Permissions:  note:read\n"
                           "              object_configuration:read\n")
    assert sandbox.stats()["requests"] == 1
    assert list(folder.iterdir()) == []


def test_check_as_json(ingestr, start_sandbox):
    sandbox = start_sandbox("--scopes", "note:read object_configuration:read")
    outcome = look(ingestr, "check", sandbox.uri(), "--json")
    assert outcome.status == 0 and outcome.out.count("\n") == 1
    assert json.loads(outcome.out) == {
        "source_type": "attio", "active": True, "account": "workspace Northlight (northlight)",
        "permissions": ["note:read", "object_configuration:read"]}


def test_check_of_a_bad_key(ingestr, shared_sandbox):
    uri = shared_sandbox.uri(key="wrong_key_456")
    outcome = look(ingestr, "check", uri)
    assert (outcome.status, outcome.out) == (1, "")
    assert "refuses the API key" in outcome.error() and "wrong_key_456" not in outcome.err
    outcome = look(ingestr, "check", uri, "--json")
    told = json.loads(outcome.out)
    assert outcome.status == 1 and "refuses the API key" in outcome.err
    assert (told["active"], told["error_kind"]) == (False, "auth") and "refuses the API key" in told["error"]


def test_check_of_a_server_that_is_not_attio(ingestr, start_api):
    outcome = look(ingestr, "check", start_api(lambda *_: (404, "{}")).uri(), "--json")
    assert outcome.status == 1 and "base_url" in outcome.err
    assert json.loads(outcome.out)["active"] is None


def test_interrupted_while_the_server_thinks(ingestr, start_sandbox):
    sandbox = start_sandbox("--latency-ms", "60000")
    process = ingestr.start("check", "--source-uri", sandbox.uri())
    wait_until(lambda: sandbox.stats()["requests"], "the request came")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert (outcome.status, outcome.out, outcome.err) == (130, "", "Error: interrupted\n")


# ---- tables


def test_tables(ingestr, start_sandbox):
    sandbox = start_sandbox("--scopes", "note:read record_permission:read-write object_configuration:read")
    outcome = look(ingestr, "tables", sandbox.uri())
    assert (outcome.status, outcome.err) == (0, "")
    titles, *rows = table_of(outcome.out)
    assert titles == ["Table", "Readable", "Key", "Permissions"]
    found = {row[0]: row[1:] for row in rows}
    assert len(found) >= 25
    assert found["objects"] == ["yes", "object_id", "object_configuration:read"]
    assert found["records:{object_api_slug}"] == ["yes", "record_id", "record_permission:read, object_configuration:read"]
    assert found["list_entries:{list_id}"] == ["no", "list_id, entry_id", "list_entry:read, list_configuration:read"]
    assert found["self"][0] == "yes"
    assert sandbox.stats()["requests"] == 1


def test_tables_as_json(ingestr, start_sandbox):
    sandbox = start_sandbox("--scopes", "list_configuration:read")
    outcome = look(ingestr, "tables", sandbox.uri(), "--json")
    assert outcome.status == 0
    found = {table.pop("name"): table for table in json.loads(outcome.out)}
    assert found["lists"] == {"description": "all lists", "key": ["list_id"], "permissions": ["list_configuration:read"],
                              "readable": True}
    assert found["notes"]["readable"] is False


def test_tables_of_a_server_without_self(ingestr, start_api):
    outcome = look(ingestr, "tables", start_api(lambda *_: (404, "{}")).uri(), "--json")
    assert {table["readable"] for table in json.loads(outcome.out)} == {None}


def test_tables_with_a_bad_key(ingestr, shared_sandbox):
    outcome = look(ingestr, "tables", shared_sandbox.uri(key="wrong_key_456"))
    assert (outcome.status, outcome.out) == (1, "") and "refuses the API key" in outcome.error()


# ---- preview


def test_preview(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--records=companies=900")
    outcome = look(ingestr, "preview", sandbox.uri(), "--source-table", "records:companies")
    assert (outcome.status, outcome.err) == (0, "")
    table, count = outcome.out.rsplit("\n\n", 1)
    titles, *rows = table_of(table)
    assert titles == ["id", "workspace_id", "object_id", "record_id", "created_at", "web_url", "values"]
    assert count == "20 rows\n" and [row[3] for row in rows] == sandbox.ids(object="companies")[:20]
    assert all(row[6].startswith("{") and row[6].endswith("…") and len(row[6]) == 40 for row in rows)
    assert list(folder.iterdir()) == []


def test_preview_with_a_limit_as_json(ingestr, start_sandbox):
    sandbox = start_sandbox("--records=companies=900")
    outcome = look(ingestr, "preview", sandbox.uri(), "--source-table", "records:companies", "--limit", "3", "--json")
    assert outcome.status == 0
    rows = json.loads(outcome.out)
    assert [row["record_id"] for row in rows] == sandbox.ids(object="companies")[:3]
    assert all(row["id"]["record_id"] == row["record_id"] and "name" in row["values"] for row in rows)


def test_preview_of_typed_columns(ingestr, shared_sandbox):
    uri = shared_sandbox.uri(values="columns")
    outcome = look(ingestr, "preview", uri, "--source-table", "records:lab_samples", "--limit=100", "--json")
    assert outcome.status == 0
    rows = json.loads(outcome.out, parse_float=str)
    assert len(rows) == 100 and all(isinstance(row["hazards"], list) for row in rows if row["hazards"] is not None)
    text = look(ingestr, "preview", uri, "--source-table", "records:lab_samples", "--limit=100")
    assert text.status == 0 and "NULL" in text.out
    assert not any(ord(c) < 32 and c != "\n" for c in text.out)


def test_preview_of_odd_text(ingestr, start_api):
    rows = [record(1, r'"note":"a\nb\u001b[31m"'), record(2, '"note":"日本語"'), record(3, '"note":null')]
    api = start_api(paged(rows))
    outcome = look(ingestr, "preview", api.uri(), "--source-table", "records:companies")
    assert outcome.status == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[2].endswith("  a\\nb\\x1b[31m") and lines[3].endswith("  日本語") and lines[4].endswith("  NULL")
    assert len(lines[3]) == len(lines[4]) - len("NULL") + len("日本語")   # the column before is as wide
    rows = json.loads(look(ingestr, "preview", api.uri(), "--source-table", "records:companies", "--json").out)
    assert [row["note"] for row in rows] == ["a\nb\x1b[31m", "日本語", None]


@pytest.mark.parametrize("table, status, named", [
    ("foo", 2, "foo"), ("records:nope", 1, "nope"), ("records:*", 2, "pattern")])
def test_preview_of_what_is_not_there(ingestr, shared_sandbox, table, status, named):
    outcome = look(ingestr, "preview", shared_sandbox.uri(), "--source-table", table)
    assert (outcome.status, outcome.out) == (status, "") and named in outcome.error()


def test_preview_of_what_the_key_may_not_read(ingestr, start_sandbox):
    uri = start_sandbox("--scopes", "object_configuration:read").uri()
    outcome = look(ingestr, "preview", uri, "--source-table", "records:companies")
    assert outcome.status == 1 and "record_permission:read" in outcome.error()


# ---- all of them


@pytest.mark.parametrize("command", COMMANDS)
def test_help(ingestr, command):
    outcome = ingestr.run(command, "--help")
    assert outcome.status == 0 and f"ingestr {command} --source-uri URI" in outcome.out and "--dest-uri" not in outcome.out
    assert ingestr.run("help", command).out == outcome.out
    assert f"\n  {command} " in ingestr.run("help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_everything_from_the_environment(ingestr, shared_sandbox, command):
    environment = {"SOURCE_URI": shared_sandbox.uri(), "SOURCE_TABLE": "objects", "DESTINATION_URI": "foo://",
                   "INGESTR_JSON": "true", "PROGRESS": "loud", "MASK": "x:hash"}
    outcome = ingestr.run(command, env=environment)
    assert outcome.status == 0, outcome.err
    json.loads(outcome.out)


@pytest.mark.parametrize("arguments, named", [
    (["chek"], "did you mean check?"), (["tabels"], "did you mean tables?"), (["check", "--dest-uri", "x"], "ingest"),
    (["check"], "--source-uri"), (["preview", "--source-uri=attio://?api_key=k"], "--source-table"),
    (["preview", "--limt", "3"], "did you mean --limit?"), (["ingest", "--json"], "check, tables, preview"),
    (["preview", "--source-uri=attio://?api_key=k", "--source-table=x", "--limit=0"], "--limit"),
])
def test_wrong_usage(ingestr, arguments, named):
    outcome = ingestr.run(*arguments)
    assert (outcome.status, outcome.out) == (2, "") and named in outcome.error()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_key_is_nowhere(ingestr, start_api, start_sandbox, command):
    key = "sk_Zq8vWx93LmTn4bRc"
    said = f'{{"status_code":401,"type":"auth_error","code":"x","message":"bad key {key}"}}'
    echo = start_api(lambda *_: (401, said)).uri(key=key)
    for uri, status in ((echo, 1), (start_sandbox("--api-key", key).uri(key=key), 0)):
        for flags in ([], ["--json"], ["--debug"]):
            outcome = look(ingestr, command, uri, *COMMANDS[command], *flags)
            assert outcome.status == status, outcome.err
            assert key not in outcome.out + outcome.err


def test_debug_lines_and_retries_go_to_stderr(ingestr, start_sandbox):
    outcome = look(ingestr, "check", start_sandbox("--fault=503-html@1").uri(), "--json")
    assert outcome.status == 0 and json.loads(outcome.out)["active"]
    assert outcome.err.startswith("Warning: ") and outcome.err.count("\n") == 1 and "trying again" in outcome.err


def test_nobody_but_the_source_is_asked_for_anything(ingestr, file, shared_sandbox):
    """No driver is fetched, no use is reported: what is not for the sandbox would go to the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        outcome = ingestr.ingest(shared_sandbox.uri(), "objects",
                                 env={**{name: address for name in names}, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
        assert outcome.status == 0 and duckdb_file.count(file, "dest.rows") == 6
        with pytest.raises(BlockingIOError):
            proxy.accept()

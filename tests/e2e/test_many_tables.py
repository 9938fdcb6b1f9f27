"""One command for many tables: patterns, names, failures of some."""

import re
import signal

import pytest

import duckdb_file
from program import wait_until

OBJECTS = ["companies", "deals", "lab_samples", "people", "users", "workspaces"]
FEW = ["--records=people=3", "--records=companies=4", "--records=deals=2", "--records=users=1", "--records=workspaces=1",
       "--records=lab_samples=1", "--entries=renewals=3", "--entries=board_watchlist=2", "--entries=expansion=4",
       "--entries=candidates=1", "--meetings=3", "--notes=5", "--tasks=6", "--rate-limit=0", "--notes-rate-limit=0"]
TABLE_EVENT = {"ts", "level", "msg", "event", "name", "dest", "rows", "duration_sec", "status", "error"}


def ingest(ingestr, sandbox, pattern, *flags, into="crm.*"):
    return ingestr.ingest(sandbox.uri(), pattern, *flags, into=into)


def table_events(outcome):
    return {event["name"]: event for event in outcome.events() if event["event"] == "table"}


def rows_of(file, schema="crm"):
    """table -> number of rows"""
    # A schema may be called like the file, which is the catalog's name.
    return {name: duckdb_file.count(file, f'attio."{schema}"."{name}"') for name in duckdb_file.column(
        file, f"SELECT table_name FROM duckdb_tables() WHERE schema_name = '{schema}'")}


# ---- names


def test_all_tables_into_one_schema(ingestr, folder, file, start_sandbox):
    outcome = ingest(ingestr, start_sandbox(*FEW), "*", "--progress", "json", into="attio.*")
    assert (outcome.status, outcome.err) == (0, "")
    kinds = [event["event"] for event in outcome.events()]
    assert kinds[0] == "start" and kinds[-1] == "end" and kinds.count("start") == kinds.count("end") == 1
    told = table_events(outcome)
    assert kinds.count("table") == len(told) > 60
    for name, event in told.items():
        assert event.keys() == TABLE_EVENT and (event["status"], event["error"], event["level"]) == ("success", None, "info")
        assert event["dest"] == "attio." + name.replace(":", "_")
    assert rows_of(file, "attio") == {event["dest"].removeprefix("attio."): event["rows"] for event in told.values()}
    assert outcome.end()["rows"] == sum(event["rows"] for event in told.values()) > 200
    assert told["records:companies"]["rows"] == 4 and told["list_entries:expansion"]["rows"] == 4
    assert {"objects", "lists", "notes", "self"} <= told.keys()
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_a_column_is_excluded_where_it_is(ingestr, file, start_sandbox):
    sandbox = start_sandbox(*FEW)
    outcome = ingest(ingestr, sandbox, "*", "--sql-exclude-columns=values,ID", "--sql-exclude-columns=entry_values")
    assert (outcome.status, outcome.err) == (0, "")
    assert not set(duckdb_file.column(file, "SELECT DISTINCT column_name FROM duckdb_columns()")) & {
        "values", "id", "entry_values"}
    outcome = ingest(ingestr, sandbox, "records:*", "--sql-exclude-columns=values,vlaues")
    assert outcome.status == 2 and "vlaues, which is no column of any" in outcome.error()
    assert sorted(name for name in rows_of(file) if name.startswith("records")) == [f"records_{name}" for name in OBJECTS]


def test_masks_and_types_are_for_the_tables_that_have_the_column(ingestr, file, start_sandbox):
    sandbox = start_sandbox(*FEW)
    wishes = ["--mask=web_url:redact,api_slug:hash", "--columns=record:text:record_id,object_id:text"]
    outcome = ingest(ingestr, sandbox, "*", *wishes)
    assert (outcome.status, outcome.err) == (0, "")
    assert duckdb_file.column(file, "SELECT DISTINCT web_url FROM crm.records_people") == ["REDACTED"]
    assert all(len(slug) == 64 for slug in duckdb_file.column(file, "SELECT api_slug FROM crm.objects"))
    names = {table: [name for name, _ in duckdb_file.columns(file, table, "crm")] for table in rows_of(file)}
    assert "record" in names["records_people"] and "record_id" not in names["records_people"]
    assert not {"record", "web_url", "object_id"} & set(names["self"])


@pytest.mark.parametrize("flag, word", [("--mask=web_url:redact,emial:hash", "emial"), ("--columns=web_url:text,nmuber:text", "nmuber"),
                                        ("--columns=web_url::web_url,a::nmuber", "nmuber")])
def test_a_mask_or_type_of_a_column_that_no_table_has(ingestr, file, start_sandbox, flag, word):
    outcome = ingest(ingestr, start_sandbox(*FEW), "records:*", flag)
    assert outcome.status == 2 and f"{flag.partition('=')[0]} names {word}, which is no column of any of them" in outcome.error()
    assert len(rows_of(file)) == len(OBJECTS)


def test_the_records_of_every_object(ingestr, file, start_sandbox):
    sandbox = start_sandbox(*FEW)
    outcome = ingest(ingestr, sandbox, "records:*", "--progress", "json")
    assert outcome.status == 0
    start = outcome.events()[0]
    assert (start["source_table"], start["dest_table"]) == ("records:*", "crm.*")
    assert sorted(rows_of(file)) == [f"records_{name}" for name in OBJECTS]
    for name in OBJECTS:
        ids = duckdb_file.column(file, f"SELECT record_id FROM crm.records_{name}")
        assert sorted(ids) == sorted(sandbox.ids(object=name))


def test_the_default_names(ingestr, file, start_sandbox):
    outcome = ingestr.run("ingest", "--source-uri", start_sandbox(*FEW).uri(), "--source-table", "list_entries:*",
                          "--dest-uri", "duckdb:///attio.duckdb")
    assert outcome.status == 0, outcome.err
    assert duckdb_file.tables(file) == [f"main.list_entries_{name}" for name in sorted(
        ["renewals", "board_watchlist", "candidates", "expansion", "parked_ideas"])]


def test_a_star_within_a_name(ingestr, file, start_sandbox):
    assert ingest(ingestr, start_sandbox(*FEW), "records:*", into="raw.x_*_v1").status == 0
    assert sorted(rows_of(file, "raw")) == [f"x_records_{name}_v1" for name in OBJECTS]


def test_two_tables_that_would_get_one_name(ingestr, folder, start_sandbox):
    sandbox = start_sandbox(*FEW, "--records=my-object=1", "--records=my object=1", "--records=My_Object=1")
    outcome = ingest(ingestr, sandbox, "records:*")
    assert outcome.status == 2
    assert "records:my-object" in outcome.error() and "records:my object" in outcome.error()
    assert "records:My_Object" in outcome.error() and "records:companies" not in outcome.error()
    assert list(folder.iterdir()) == []


def test_nothing_to_load(ingestr, folder, start_sandbox):
    outcome = ingest(ingestr, start_sandbox("--no-lists"), "list_entries:*")
    assert outcome.status == 1 and "nothing to load" in outcome.error()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("pattern, into, named", [
    ("*", "attio.all", "--dest-table"), ("objects", "attio.*", "--dest-table"), ("*", "*.x", "--dest-table"),
    ("records:*,lists", "attio.*", "--source-table"), ("rec*", "attio.*", "rec*"), ("objects:*", "attio.*", "objects"),
])
def test_wrong_patterns(ingestr, folder, shared_sandbox, pattern, into, named):
    outcome = ingest(ingestr, shared_sandbox, pattern, into=into)
    assert outcome.status == 2 and named in outcome.error()
    assert list(folder.iterdir()) == []


# ---- the summary


def test_the_summary_has_a_row_for_each_table(ingestr, start_sandbox):
    outcome = ingest(ingestr, start_sandbox(*FEW), "records:*")
    assert (outcome.status, outcome.err) == (0, "")
    row = re.compile(r"(\S+) +(crm\.\S+|\d+ tables) +([\d,]+) +\d+\.\d\d  (loaded|all loaded)")
    found = {match[1]: match for match in map(row.fullmatch, outcome.out.splitlines()) if match}
    assert sorted(found) == sorted(["Total", *(f"records:{name}" for name in OBJECTS)])
    assert found["records:companies"][2] == "crm.records_companies" and found["records:companies"][3] == "4"
    assert found["Total"][2] == "6 tables" and found["Total"][3] == outcome.summary()["Rows"] == "12"
    assert len([line for line in outcome.out.splitlines() if line.startswith("[TABLE] ")]) == 6
    assert outcome.out.endswith("Ingestion completed successfully!\n")


# ---- what the key may not read


def test_what_the_key_may_not_read_is_left_out(ingestr, file, start_sandbox):
    sandbox = start_sandbox(*FEW, "--scopes", "object_configuration:read record_permission:read")
    outcome = ingest(ingestr, sandbox, "*", "--progress", "json")
    assert (outcome.status, outcome.err) == (0, "")
    told = table_events(outcome)
    assert "records:companies" in told and not {"lists", "notes", "list_entries:renewals"} & told.keys()
    warnings = [event["msg"] for event in outcome.events() if event["event"] == "log" and event["level"] == "warn"]
    assert any("notes" in text and "note:read" in text for text in warnings)
    assert sorted(rows_of(file)) == sorted(name.replace(":", "_") for name in told)


def test_a_pattern_of_what_the_key_may_not_read(ingestr, folder, start_sandbox):
    outcome = ingest(ingestr, start_sandbox("--scopes", "object_configuration:read"), "records:*")
    assert outcome.status == 1
    lines = outcome.err.splitlines()
    assert len(lines) == 6 and all("record_permission:read" in line and line.startswith("Error: records:") for line in lines)
    assert list(folder.iterdir()) == []   # all failed, so there is nothing


def test_a_bad_key(ingestr, folder, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(key="wrong_key_456"), "*", into="attio.*")
    assert outcome.status == 1 and "refuses the API key" in outcome.error()
    assert list(folder.iterdir()) == []


# ---- tables that fail


def test_a_table_that_fails_leaves_the_others_loaded(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox(*FEW)
    assert ingest(ingestr, sandbox, "records:*").status == 0
    before = duckdb_file.contents(file)['"crm"."records_deals"']
    sandbox.set_faults("403@/objects/deals/records#1x99")
    sandbox.change_rows(object="companies", op="insert", position=1, count=3)
    outcome = ingest(ingestr, sandbox, "records:*", "--progress", "json")
    assert outcome.status == 1
    assert len(outcome.err.splitlines()) == 1 and outcome.err.startswith("Error: records:deals: ")
    told = table_events(outcome)
    assert {name for name, event in told.items() if event["status"] == "error"} == {"records:deals"}
    assert told["records:deals"]["error"] and told["records:deals"]["error_kind"] == "auth"
    assert told["records:companies"]["rows"] == 7
    end = outcome.end()
    assert end["status"] == "error" and "1 of 6 tables failed: records:deals" in end["error"]
    assert rows_of(file)["records_companies"] == 7
    assert duckdb_file.contents(file)['"crm"."records_deals"'] == before
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_the_summary_says_which_failed(ingestr, file, start_sandbox):
    outcome = ingest(ingestr, start_sandbox(*FEW, "--fault=403@/objects/deals/records#1x99"), "records:*")
    assert outcome.status == 1
    assert re.search(r"^records:deals +crm\.records_deals +0 +\d+\.\d\d  failed$", outcome.out, re.M)
    assert re.search(r"^Total +6 tables +10 +\d+\.\d\d  5 loaded$", outcome.out, re.M)
    assert "successfully" not in outcome.out
    assert sorted(rows_of(file)) == [f"records_{name}" for name in OBJECTS if name != "deals"]


# ---- one limiter, one interruption


def test_one_limiter_for_all(ingestr, start_sandbox):
    """Six tables of some requests each; a limiter for each would let the first hundred of every one pass at once."""
    outcome = ingest(ingestr, start_sandbox(*FEW, "--records=people=8", "--records=deals=6"), "record_history:*",
                     "--progress", "json")
    assert outcome.status == 0
    requests = outcome.end()["requests"]
    assert requests > 400 and outcome.seconds > requests / 100 - 1


def test_a_kill_keeps_what_was_loaded(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox(*FEW, "--fault=slow:600@/objects/people/records#1x99")
    process = ingestr.start(*ingestr.ingest_arguments(sandbox.uri(), "records:*", "--progress", "json", into="crm.*"))
    wait_until(lambda: any("/people/records" in path for path in sandbox.stats()["by_path"]), "the slow table began")
    process.kill()
    told = table_events(ingestr.outcome(process))
    assert len(told) == 3 and rows_of(file) == {name.replace(":", "_"): event["rows"] for name, event in told.items()}
    assert ingest(ingestr, start_sandbox(*FEW), "records:*").status == 0
    assert len(rows_of(file)) == len(OBJECTS) and [path.name for path in folder.iterdir()] == ["attio.duckdb"]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_stops_all_and_keeps_what_was_loaded(ingestr, folder, file, start_sandbox, signal_number):
    sandbox = start_sandbox(*FEW, "--fault=slow:600@/objects/people/records#1x99")
    process = ingestr.start(*ingestr.ingest_arguments(sandbox.uri(), "records:*", "--progress", "json", into="crm.*"))
    wait_until(lambda: any("/people/records" in path for path in sandbox.stats()["by_path"]), "the slow table began")
    process.send_signal(signal_number)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130
    assert "interrupted" in outcome.err and outcome.err.count("\n") == 1
    told = table_events(outcome)
    assert told.pop("records:people")["status"] == "error"
    assert {event["status"] for event in told.values()} <= {"success"}
    if told:
        assert sorted(rows_of(file)) == sorted(name.replace(":", "_") for name in told)
    assert outcome.end()["error_kind"] == "cancelled"
    assert {path.name for path in folder.iterdir()} <= {"attio.duckdb"}

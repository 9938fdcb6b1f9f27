"""The five tables: the manual's command, columns, types, and every character of the rows."""

import datetime
import json

import pytest

import duckdb_file
import raw_json
from scripted_api import paged

IDS = [("id", "JSON"), ("workspace_id", "VARCHAR")]
LOADED_AT = ("_ingestr_loaded_at", "TIMESTAMP WITH TIME ZONE")

OBJECTS = [*IDS, ("object_id", "VARCHAR"), ("api_slug", "VARCHAR"), ("singular_noun", "VARCHAR"), ("plural_noun", "VARCHAR"),
           ("created_at", "TIMESTAMP WITH TIME ZONE")]
RECORDS = [*IDS, ("object_id", "VARCHAR"), ("record_id", "VARCHAR"), ("created_at", "TIMESTAMP WITH TIME ZONE"),
           ("web_url", "VARCHAR"), ("values", "JSON")]
LISTS = [*IDS, ("list_id", "VARCHAR"), ("api_slug", "VARCHAR"), ("name", "VARCHAR"), ("parent_object", "JSON"),
         ("workspace_access", "VARCHAR"), ("workspace_member_access", "JSON"), ("created_by_actor", "JSON"),
         ("created_at", "TIMESTAMP WITH TIME ZONE")]
ENTRIES = [*IDS, ("list_id", "VARCHAR"), ("entry_id", "VARCHAR"), ("parent_record_id", "VARCHAR"),
           ("parent_object", "VARCHAR"), ("entry_values", "JSON"), ("created_at", "TIMESTAMP WITH TIME ZONE")]


def microseconds(text):
    """Of a timestamp with nine digits behind the point; the last three are cut off, as the column's type does."""
    head, _, fraction = text.removesuffix("Z").partition(".")
    seconds = datetime.datetime.fromisoformat(head + "+00:00").timestamp()
    return int(seconds) * 1_000_000 + int(fraction.ljust(6, "0")[:6])


def expected_cell(raw, name, kind):
    """What a column holds of a row whose members are `raw`: its own key, else a member of `id`; null when there is none."""
    text = raw.get(name) or raw_json.members(raw["id"]).get(name)
    if text is None or text == "null":
        return None
    if kind == "JSON":
        return text
    value = json.loads(text)
    return microseconds(value) if kind.startswith("TIMESTAMP") else value


def expected_rows(texts, columns):
    return sorted(tuple(expected_cell(raw_json.members(text), name, kind) for name, kind in columns) for text in texts)


def loaded_rows(file, table, columns):
    """Cells as text, so that nothing but the stored characters counts; times as microseconds."""
    cells = [f'epoch_us("{name}")' if kind.startswith("TIMESTAMP") else f'"{name}"::VARCHAR' for name, kind in columns]
    return sorted(duckdb_file.query(file, f"SELECT {', '.join(cells)} FROM {table}"))


def assert_loaded(file, columns, texts, table="rows", schema="dest"):
    assert duckdb_file.columns(file, table, schema) == [*columns, LOADED_AT]
    assert loaded_rows(file, f"{schema}.{table}", columns) == expected_rows(texts, columns)
    if texts:
        assert duckdb_file.query(file, f"SELECT count(DISTINCT {LOADED_AT[0]}), count(*) - count({LOADED_AT[0]}) "
                                       f"FROM {schema}.{table}") == [(1, 0)]
    assert duckdb_file.column(file, "SELECT constraint_type FROM duckdb_constraints()") == []
    assert duckdb_file.column(file, "SELECT index_name FROM duckdb_indexes()") == []


def test_the_manuals_command(ingestr, folder, shared_sandbox):
    before = datetime.datetime.now(datetime.timezone.utc).timestamp()
    outcome = ingestr.run(
        "ingest",
        "--source-uri", f"Attio://?api_key=key_123&base_url={shared_sandbox.base_url}",
        "--source-table", "objects",
        "--dest-uri", "duckdb:///attio.duckdb",
        "--dest-table", "dest.objects")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.summary()["Rows"] == "6"
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]
    file = folder / "attio.duckdb"
    assert duckdb_file.tables(file) == ["dest.objects"]
    assert_loaded(file, OBJECTS, shared_sandbox.rows("/v2/objects"), table="objects")
    loaded_at = duckdb_file.column(file, "SELECT epoch(_ingestr_loaded_at) FROM dest.objects")[0]
    assert before <= loaded_at <= before + outcome.seconds + 1


@pytest.mark.parametrize("slug", ["companies", "people", "deals", "lab_samples"])
def test_records(ingestr, file, shared_sandbox, slug):
    end = ingestr.load(shared_sandbox.uri(), f"records:{slug}")
    texts = shared_sandbox.rows(f"/v2/objects/{slug}/records/query")
    assert end["rows"] == len(texts) > 0
    assert_loaded(file, RECORDS, texts)


def test_records_of_an_object_named_by_its_id(ingestr, file, shared_sandbox):
    object_id = shared_sandbox.objects()["deals"]
    ingestr.load(shared_sandbox.uri(), f"records:{object_id}")
    assert_loaded(file, RECORDS, shared_sandbox.rows("/v2/objects/deals/records/query"))


def test_rows_without_values_and_with_odd_ones(ingestr, file, shared_sandbox):
    """lab_samples has what breaks careless readers, so this proves that the comparison above sees it."""
    texts = "".join(shared_sandbox.rows("/v2/objects/lab_samples/records/query"))
    assert '"values":null' in texts and "\\u0001" in texts and "9223372036854775808" in texts
    ingestr.load(shared_sandbox.uri(), "records:lab_samples")
    assert 0 < duckdb_file.column(file, 'SELECT count(*) FROM dest.rows WHERE "values" IS NULL')[0] < 100


def test_lists(ingestr, file, shared_sandbox):
    ingestr.load(shared_sandbox.uri(), "lists")
    assert_loaded(file, LISTS, shared_sandbox.rows("/v2/lists"))


def test_list_entries_by_slug_and_by_id(ingestr, file, shared_sandbox):
    lists = shared_sandbox.lists()
    for name in ("expansion", lists["expansion"]):
        ingestr.load(shared_sandbox.uri(), f"list_entries:{name}")
        assert_loaded(file, ENTRIES, shared_sandbox.rows("/v2/lists/expansion/entries/query"))


def entries_over(sandbox, slug):
    return [text for list_slug in sandbox.lists(parent=slug) for text in
            sandbox.rows(f"/v2/lists/{list_slug}/entries/query")]


def test_all_list_entries_by_slug_and_by_id(ingestr, file, shared_sandbox):
    texts = entries_over(shared_sandbox, "companies")
    assert len(shared_sandbox.lists(parent="companies")) == 4 and len(texts) > 1200
    for name in ("companies", shared_sandbox.objects()["companies"]):
        ingestr.load(shared_sandbox.uri(), f"all_list_entries:{name}")
        assert_loaded(file, ENTRIES, texts)


def test_all_list_entries_of_an_object_without_lists(ingestr, file, shared_sandbox):
    assert shared_sandbox.lists(parent="deals") == {}
    assert ingestr.load(shared_sandbox.uri(), "all_list_entries:deals")["rows"] == 0
    assert_loaded(file, ENTRIES, [])


def test_many_lists(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--no-lists", "--rate-limit=0", *(f"--entries=list_{i}@people={i % 7}" for i in range(40)))
    ingestr.load(sandbox.uri(), "all_list_entries:people")
    assert_loaded(file, ENTRIES, entries_over(sandbox, "people"))


@pytest.mark.parametrize("rows", [1, 2, 499, 500, 501, 1000])
def test_tables_that_end_on_and_near_a_page(ingestr, file, start_sandbox, rows):
    sandbox = start_sandbox(f"--records=companies={rows}", "--record-bytes=0")
    assert ingestr.load(sandbox.uri(), "records:companies")["rows"] == rows
    assert sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows")) == sorted(sandbox.ids(object="companies"))


@pytest.mark.parametrize("slug", ["any slug/at all", "50%?&#+ü", "..", "a%2Fb"])
def test_slugs_are_encoded_into_the_path(ingestr, file, start_sandbox, slug):
    sandbox = start_sandbox(f"--records={slug}=3")
    assert ingestr.load(sandbox.uri(), f"records:{slug}")["rows"] == 3


def test_compressed_answers(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--gzip", "--records=companies=600")
    ingestr.load(sandbox.uri(), "records:companies")
    assert_loaded(file, RECORDS, sandbox.rows("/v2/objects/companies/records/query"))
    asked = sandbox.stats()["log"][0]
    assert "gzip" in asked["accept_encoding"] and asked["user_agent"].startswith("ingestr/")


def test_pages_of_one_row(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=7", "--record-bytes=0")
    ingestr.load(sandbox.uri(page_size=1), "records:companies")
    assert_loaded(file, RECORDS, sandbox.rows("/v2/objects/companies/records/query"))


def test_the_key_without_a_question_mark(ingestr, file, shared_sandbox):
    uri = shared_sandbox.uri().replace("://?", "://")
    assert ingestr.load(uri, "objects")["rows"] == 6


def test_a_list_may_name_its_object_without_an_array(ingestr, file, start_api):
    def answer(method, path, body, headers):
        entry = ('{"id":{"workspace_id":"w","list_id":"l1","entry_id":"e1"},"parent_record_id":"r1","parent_object":"companies",'
                 '"entry_values":{},"created_at":"2026-01-02T03:04:05Z"}')
        if path.startswith("/v2/lists/l1/"):
            return '{"data":[%s]}' % (entry if json.loads(body).get("offset", 0) == 0 else "")
        if not path.startswith("/v2/lists"):
            return 404, "{}"
        return ('{"data":[{"id":{"workspace_id":"w","list_id":"l1"},"parent_object":"companies"},'
                '{"id":{"workspace_id":"w","list_id":"l2"},"parent_object":["people"]}]}')

    ingestr.load(start_api(answer).uri(), "all_list_entries:companies")
    assert duckdb_file.column(file, "SELECT entry_id FROM dest.rows") == ["e1"]


def test_a_list_without_an_id_is_an_error_and_not_left_out(ingestr, folder, start_api):
    api = start_api(paged(['{"id":{"workspace_id":"w"},"parent_object":["companies"]}']))
    outcome = ingestr.ingest(api.uri(), "all_list_entries:companies")
    assert outcome.status == 1 and "a row of lists without /id/list_id" in outcome.error()
    assert list(folder.iterdir()) == []

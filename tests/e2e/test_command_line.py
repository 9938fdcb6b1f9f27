"""Flags, environment variables, URIs and names, as a user types them."""

import os
import subprocess

import duckdb
import pytest

import duckdb_file

REFUSED_FLAGS = [
    "--partition-by=created_at", "--cluster-by=created_at", "--schema-contract=bogus",
    "--loader-file-size=100", "--loader-file-format=csv",
    "--disable-prestaging", "--sql-backend=pyarrow",
    "--pipelines-dir=/x", "--staging-bucket=x", "--staging-dataset=x", "--stream",
    "--flush-interval=30s", "--flush-records=5", "--metrics-addr=:9090", "--query-annotations={}",
    "--incremental-strategy=none", "--incremental-strategy=upsert",
]


# ---- commands


def test_help(ingestr):
    outcome = ingestr.run("--help")
    assert (outcome.status, outcome.err) == (0, "")
    for text in ("ingest", "example-uris", "--source-uri 'Attio://?api_key=key_123'", "130"):
        assert text in outcome.out
    assert ingestr.run().out == ingestr.run("help").out == outcome.out


def test_help_of_ingest_names_every_flag(ingestr):
    outcome = ingestr.run("ingest", "--help")
    assert outcome.status == 0
    for flag in ("source-uri", "dest-uri", "source-table", "dest-table", "incremental-strategy", "full-refresh", "progress",
                 "page-size", "sql-limit", "sql-exclude-columns", "extract-parallelism", "no-load-timestamp", "yes", "debug",
                 "mask", "columns"):
        assert flag in outcome.out


@pytest.mark.parametrize("arguments", [["--version"], ["-v"]])
def test_version(ingestr, arguments):
    outcome = ingestr.run(*arguments)
    assert outcome.status == 0 and outcome.out.startswith("ingestr version ") and outcome.out.count("\n") == 1


def test_example_uris(ingestr):
    outcome = ingestr.run("example-uris")
    assert outcome.status == 0
    assert "attio://?api_key=" in outcome.out and "duckdb:///" in outcome.out


@pytest.mark.parametrize("arguments, named", [
    (["foo"], "foo"), (["ingset"], "ingest"), (["server"], "server"), (["ingest", "--nope"], "nope"),
    (["ingest", "--source-tabel", "x"], "source-table"), (["ingest"], "--source-uri, --dest-uri, --source-table"),
    (["ingest", "--source-uri"], "source-uri"), (["ingest", "stray"], "stray"),
    (["--source-table", "objects"], "ingestr ingest"),
])
def test_wrong_usage(ingestr, folder, arguments, named):
    outcome = ingestr.run(*arguments)
    assert outcome.status == 2 and named in outcome.error() and outcome.out == ""
    assert list(folder.iterdir()) == []


# ---- streams


@pytest.mark.parametrize("flags", [[], ["--progress", "json"], ["--debug"]])
@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("is_there", [False, True])
def test_closed_streams_are_not_taken_for_files(ingestr, file, shared_sandbox, flags, closed, is_there):
    """The first file that is opened gets the number of a stream that is closed."""
    if is_there:
        duckdb.connect(str(file)).execute("CREATE TABLE precious AS FROM range(1000)")
    redirections = " ".join(f"{stream}>&-" for stream in closed)
    arguments = ingestr.ingest_arguments(shared_sandbox.uri(), "objects", *flags)
    outcome = subprocess.run(["sh", "-c", f'exec "$0" "$@" {redirections}', ingestr.binary, *arguments], cwd=ingestr.folder,
                             env=ingestr.environment(), check=False, capture_output=True)
    assert outcome.returncode == 0, outcome.stderr
    assert duckdb_file.count(file, "dest.rows") == 6
    if is_there:
        assert duckdb_file.count(file, "precious") == 1000


def test_rows_for_a_closed_stream_are_no_success(ingestr, folder, shared_sandbox):
    arguments = ingestr.ingest_arguments(shared_sandbox.uri(), "objects", file="csv://-")
    outcome = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', ingestr.binary, *arguments], cwd=folder, env=ingestr.environment(), check=False,
                             capture_output=True, text=True)
    assert outcome.returncode == 1 and "standard output" in outcome.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", [
    ["--version"], ["--help"], ["ingest", "--help"], ["example-uris"],
    ["preview", "--source-uri", "csv://in.csv", "--source-table", "rows", "--json"],
    ["tables", "--source-uri", "csv://in.csv"], ["check", "--source-uri", "csv://in.csv"],
    ["ingest", "--source-uri", "csv://in.csv", "--source-table", "rows", "--dest-uri", "csv://out.csv", "--dry-run"],
], ids=" ".join)
def test_an_answer_that_cannot_be_written_is_no_success(ingestr, folder, command):
    (folder / "in.csv").write_text("id\n1\n")
    with open("/dev/full", "w") as full:
        outcome = subprocess.run([ingestr.binary, *command], cwd=folder, env=ingestr.environment(), check=False, stdout=full, stderr=subprocess.PIPE,
                                 text=True)
    assert outcome.returncode == 1 and outcome.stderr == ("Error: standard output cannot be written; make room, or send it somewhere else, and run "
                                                          "again\n")
    reader, writer = os.pipe()   # whose reader has seen enough
    os.close(reader)
    outcome = subprocess.run([ingestr.binary, *command], cwd=folder, env=ingestr.environment(), check=False, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert outcome.returncode == 0 and outcome.stderr == b""


# ---- flags


@pytest.mark.parametrize("flag", REFUSED_FLAGS)
def test_flags_that_do_not_work_are_refused_by_name(ingestr, folder, flag):
    outcome = ingestr.ingest("attio://?api_key=key_123&base_url=http://127.0.0.1:9/v2", "objects", flag)
    assert outcome.status == 2
    name, _, value = flag.partition("=")
    assert name in outcome.error()
    if name == "--incremental-strategy":
        assert value in outcome.error() and "replace" in outcome.error()
    assert list(folder.iterdir()) == []


def test_a_refused_flag_from_the_environment(ingestr, folder):
    outcome = ingestr.ingest("attio://?api_key=key_123&base_url=http://127.0.0.1:9/v2", "objects",
                             env={"INGESTR_CLUSTER_BY": "created_at"})
    assert outcome.status == 2 and "--cluster-by" in outcome.error() and "INGESTR_CLUSTER_BY" in outcome.error()


def test_values_behind_an_equals_sign_and_after_one_dash(ingestr, file, shared_sandbox):
    outcome = ingestr.run("ingest", f"--source-uri={shared_sandbox.uri()}", "-source-table=objects",
                          "-dest-uri", "duckdb:///attio.duckdb", "--dest-table=dest.objects", "--yes=true", "--debug=false")
    assert outcome.status == 0, outcome.err
    assert duckdb_file.count(file, "dest.objects") == 6


@pytest.mark.parametrize("limit, rows", [(5, 5), (0, 1200), (700, 700), (5000, 1200)])
def test_sql_limit(ingestr, file, shared_sandbox, limit, rows):
    assert ingestr.load(shared_sandbox.uri(), "records:companies", "--sql-limit", limit)["rows"] == rows
    assert duckdb_file.count(file, "dest.rows") == rows


@pytest.mark.parametrize("table", ["objects", "lists", "list_entries:renewals", "all_list_entries:companies"])
def test_sql_limit_of_every_table(ingestr, file, shared_sandbox, table):
    assert ingestr.load(shared_sandbox.uri(), table, "--sql-limit", "2")["rows"] == 2


def test_sql_exclude_columns(ingestr, file, shared_sandbox):
    ingestr.load(shared_sandbox.uri(), "records:companies", "--sql-exclude-columns", "Values, web_url",
                 "--sql-exclude-columns=id")
    assert [name for name, _ in duckdb_file.columns(file, "rows", "dest")] == [
        "workspace_id", "object_id", "record_id", "created_at", "_ingestr_loaded_at"]
    assert duckdb_file.count(file, "dest.rows") == 1200


def test_sql_exclude_columns_of_an_added_key(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--extra-key", "secret_note@600=1", "--extra-key", "score@600=2")
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", "--sql-exclude-columns", "web_url,secret_note")
    if outcome.status == 0:
        names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
        assert "score" in names and "secret_note" not in names
    else:   # a name that is no column yet may be refused, but then clearly
        assert outcome.status == 2 and "secret_note" in outcome.error()


def test_a_column_to_exclude_that_is_not_there(ingestr, folder, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "objects", "--sql-exclude-columns", "nmae")
    assert outcome.status == 2 and "nmae" in outcome.error() and "api_slug" in outcome.error()
    assert list(folder.iterdir()) == []


def test_no_load_timestamp(ingestr, file, shared_sandbox):
    ingestr.load(shared_sandbox.uri(), "objects", "--no-load-timestamp")
    assert [name for name, _ in duckdb_file.columns(file, "rows", "dest")][-1] == "created_at"


def limits(sandbox):
    return {line["limit"] for line in sandbox.stats()["log"] if line["path"].endswith("/query")}


def test_page_size(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=300", "--record-bytes=0")
    ingestr.load(sandbox.uri(page_size=40), "records:companies")
    assert limits(sandbox) == {40}
    sandbox.reset()
    ingestr.load(sandbox.uri(page_size=40), "records:companies", "--page-size", "70")   # the flag wins
    assert limits(sandbox) == {70}
    assert duckdb_file.count(file, "dest.rows") == 300


def test_extract_parallelism(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=400", "--record-bytes=0", "--latency-ms=10")
    ingestr.load(sandbox.uri(page_size=20), "records:companies", "--extract-parallelism", "1")
    assert sandbox.stats()["max_in_flight"] == 1
    sandbox.reset()
    ingestr.load(sandbox.uri(page_size=20), "records:companies", "--extract-parallelism", "4")
    assert 1 < sandbox.stats()["max_in_flight"] <= 4
    assert duckdb_file.count(file, "dest.rows") == 400


@pytest.mark.parametrize("flag", ["--page-size=0", "--page-size=x", "--sql-limit=-1", "--extract-parallelism=0", "--yes=maybe",
                                  "--extract-parallelism=1001", "--extract-parallelism=4611686018427387904", "--sql-limit=9223372036854775808",
                                  "--progress=loud"])
def test_values_that_a_flag_does_not_take(ingestr, folder, flag):
    outcome = ingestr.ingest("attio://?api_key=key_123&base_url=http://127.0.0.1:9/v2", "objects", flag)
    assert outcome.status == 2 and flag.partition("=")[0] in outcome.error()


# ---- the environment


def test_everything_from_the_environment(ingestr, file, shared_sandbox):
    outcome = ingestr.run("ingest", env={
        "SOURCE_URI": shared_sandbox.uri(), "SOURCE_TABLE": "objects", "DESTINATION_URI": "duckdb:///attio.duckdb",
        "DESTINATION_TABLE": "dest.objects", "SQL_LIMIT": "3", "PROGRESS": "json", "NO_LOAD_TIMESTAMP": "true",
        "SKIP_CONFIRMATION": "1", "FULL_REFRESH": "false", "EXTRACT_PARALLELISM": "2", "PAGE_SIZE": "25000",
        "SQL_EXCLUDE_COLUMNS": "id"})
    assert outcome.status == 0, outcome.err
    assert outcome.end()["rows"] == 3
    assert [name for name, _ in duckdb_file.columns(file, "objects", "dest")] == [
        "workspace_id", "object_id", "api_slug", "singular_noun", "plural_noun", "created_at"]


def test_the_longer_name_wins_and_the_flag_wins_over_it(ingestr, file, shared_sandbox):
    environment = {"INGESTR_SOURCE_URI": shared_sandbox.uri(), "SOURCE_URI": "attio://?api_key=wrong",
                   "INGESTR_SOURCE_TABLE": "lists", "SOURCE_TABLE": "foo", "INGESTR_DESTINATION_URI": "duckdb:///attio.duckdb"}
    assert ingestr.run("ingest", env=environment).status == 0
    assert duckdb_file.tables(file) == ["main.lists"]
    assert ingestr.run("ingest", "--source-table", "objects", env=environment).status == 0
    assert duckdb_file.tables(file) == ["main.lists", "main.objects"]


def test_a_key_in_the_environment_that_is_none_is_named(ingestr, folder):
    outcome = ingestr.ingest("attio://?base_url=http://127.0.0.1:9/v2", "objects", env={"ATTIO_API_KEY": "key_123\n"})
    assert outcome.status == 2
    assert outcome.error() == "Error: the environment variable ATTIO_API_KEY holds a space or a control character; copy it again"


def test_the_key_from_the_environment(ingestr, file, shared_sandbox):
    uri = shared_sandbox.uri(key=None)
    assert ingestr.load(uri, "objects", env={"ATTIO_API_KEY": "key_123"})["rows"] == 6
    outcome = ingestr.ingest(shared_sandbox.uri(key="wrong_key"), "objects", env={"ATTIO_API_KEY": "key_123"})
    assert outcome.status == 1   # what the URI says wins


# ---- names


@pytest.mark.parametrize("form, path", [
    ("duckdb:///x.duckdb", "x.duckdb"),
    ("duckdb://x.duckdb", "x.duckdb"),
    ("duckdb:///./x.duckdb", "x.duckdb"),
    ("DuckDB:///x.duckdb", "x.duckdb"),
    ("duckdb://data/deep/x.duckdb", "data/deep/x.duckdb"),
    ("duckdb://./data/x.duckdb", "data/x.duckdb"),
    ("duckdb:///../x.duckdb", "../x.duckdb"),
    ("duckdb://a%20b.duckdb", "a b.duckdb"),
    ("duckdb:///no_suffix", "no_suffix"),
    ("duckdb:///memory.duckdb", "memory.duckdb"),
    ("duckdb:///{folder}/y.duckdb", "y.duckdb"),
    ("duckdb:////{folder}/y.duckdb", "y.duckdb"),
    ("duckdb:////{folder}/new/y.duckdb", "new/y.duckdb"),
])
def test_path_forms(ingestr, folder, shared_sandbox, form, path):
    ingestr.load(shared_sandbox.uri(), "objects", file=form.format(folder=str(folder).lstrip("/")))
    assert duckdb_file.count(folder / path, "dest.rows") == 6


def test_the_default_destination_table(ingestr, file, shared_sandbox):
    outcome = ingestr.run("ingest", "--source-uri", shared_sandbox.uri(), "--source-table", "records:people",
                          "--dest-uri", "duckdb:///attio.duckdb")
    assert outcome.status == 0, outcome.err
    assert duckdb_file.tables(file) == ["main.records:people"]
    assert duckdb_file.count(file, '"records:people"') == 700


@pytest.mark.parametrize("name, schema, table", [
    ("objects", "main", "objects"),
    ("dest.objects", "dest", "objects"),
    ('"my schema"."my.table"', "my schema", "my.table"),
    ('"a ""b"""', "main", 'a "b"'),
    ("[my table]", "main", "my table"),
    ("`my table`", "main", "my table"),
    ("Dest.select", "Dest", "select"),
    ("größe.表", "größe", "表"),
    ("main." + "long_" * 40, "main", "long_" * 40),
])
def test_destination_table_names(ingestr, file, shared_sandbox, name, schema, table):
    for _ in range(2):
        ingestr.load(shared_sandbox.uri(), "objects", into=name)
    assert duckdb_file.tables(file) == [f"{schema}.{table}"]
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, table))
    assert duckdb_file.count(file, quoted) == 6

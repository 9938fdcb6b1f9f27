"""Files at a web server, at an object store, and from a pipe."""

import email.utils
import http.server
import itertools
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest

import duckdb_file
from local_server import closed_port
from program import SOON, TIMEOUT, wait_until
from test_file_patterns import KINDS, write

ROWS = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


def loaded(file, what="*"):
    return duckdb_file.query(file, f"SELECT {what} FROM dest.rows ORDER BY rowid")


def load(ingestr, uri, *flags, table="rows", **options):
    return ingestr.load(uri, table, "--no-load-timestamp", *flags, **options)


# ---- pipes

def piped(ingestr, data, *arguments, env=None):
    process = subprocess.Popen([ingestr.binary, *map(str, arguments)], cwd=ingestr.folder, env=ingestr.environment(env),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(data, timeout=TIMEOUT)
    return process.returncode, out, err.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_standard_input_is_a_file_of_any_kind(ingestr, folder, file, kind, tmp_path):
    write(tmp_path / f"x.{kind}", kind, ROWS)
    status, _, err = piped(ingestr, (tmp_path / f"x.{kind}").read_bytes(), *ingestr.ingest_arguments(
        f"{kind}://-", "rows", "--no-load-timestamp"), env={"TMPDIR": str(tmp_path)})
    assert status == 0, err
    assert loaded(file) == [(1, "a"), (2, "b")]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([folder.name, f"x.{kind}"])


def test_what_is_wrong_with_standard_input(ingestr, file):
    status, _, err = piped(ingestr, b"id,n\n1,2\n1,2,3\n", *ingestr.ingest_arguments("csv://-", "rows"))
    assert status == 1 and err.startswith("Error: standard input, line 3: 3 fields"), err
    status, _, err = piped(ingestr, b"", *ingestr.ingest_arguments("csv://-", "rows"))
    assert status == 1 and "the source has no rows" in err and "--allow-empty" in err, err


def test_what_is_masked_reaches_no_disk(ingestr, file):
    status, _, err = piped(ingestr, b"id,mail\n1,x@y.org\n", *ingestr.ingest_arguments(
        "csv://-", "rows", "--mask", "mail:redact", "--no-load-timestamp"), env={"TMPDIR": "/no/such/directory"})
    assert status == 0, err
    assert loaded(file) == [(1, "REDACTED")]
    status, _, err = piped(ingestr, b"id\n1\n", *ingestr.ingest_arguments("csv://-", "rows"), env={"TMPDIR": "/no/such/directory"})
    assert status == 1 and "TMPDIR" in err


def test_ctrl_c_while_a_pipe_brings_nothing(ingestr):
    process = subprocess.Popen([ingestr.binary, *ingestr.ingest_arguments("csv://-", "rows")], cwd=ingestr.folder,
                               env=ingestr.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"id\n1\n")
    process.stdin.flush()
    open_files = pathlib.Path(f"/proc/{process.pid}/fd")
    wait_until(lambda: any("deleted" in os.readlink(link) and link.stat().st_size == 5 for link in open_files.iterdir()), "it reads")
    process.send_signal(2)
    assert process.wait(timeout=SOON) == 130
    process.communicate()


# ---- a web server

@pytest.mark.parametrize("kind", KINDS)
def test_the_web_has_files_of_every_kind(ingestr, folder, file, web_server, kind):
    write(web_server.folder / f"a b/x.{kind}", kind, ROWS)
    load(ingestr, f"{web_server.url}/a%20b/x.{kind}")
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_the_end_of_a_web_address_says_the_kind(ingestr, file, web_server):
    write(web_server.folder / "export", "csv", ROWS)
    outcome = ingestr.ingest(f"{web_server.url}/export", "rows")
    assert outcome.status == 2 and "#csv" in outcome.error()
    for uri in ("/export#csv", "/export?format=csv", "/export?format=csv&token=abcdefgh12345", "/export?a=1#csv"):
        load(ingestr, web_server.url + uri)
        assert loaded(file, "id") == [(1,), (2,)]
    assert "GET /export?format=csv&token=abcdefgh12345" in web_server.requests


def test_wide_parquet_at_the_web_is_read_in_pieces(ingestr, file, web_server):
    table = pyarrow.table({"id": range(200_000), "pad": [f"{i:064}" for i in range(200_000)]})
    pyarrow.parquet.write_table(table, web_server.folder / "x.parquet")
    assert load(ingestr, f"{web_server.url}/x.parquet", "--mask", "pad:first_letter")["rows"] == 200_000
    assert loaded(file)[-1] == (199_999, "0***")
    assert load(ingestr, f"{web_server.url}/x.parquet", "--sql-limit", "2")["rows"] == 2


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_what_is_cut_at_the_web_is_found_out(ingestr, folder, file, web_server, packing):
    with pyarrow.output_stream(folder / f"x.csv.{packing}") as out:
        out.write(b"id,name\n" + b"".join(b"%d,x%d\n" % (i, i * 7919 % 10_007) for i in range(50_000)))
    whole = (folder / f"x.csv.{packing}").read_bytes()
    for name in (f"x.csv.{packing}", f"x.csv.{packing}?token=abcdefgh"):
        (web_server.folder / f"x.csv.{packing}").write_bytes(whole)
        assert load(ingestr, f"{web_server.url}/{name}")["rows"] == 50_000
        (web_server.folder / f"x.csv.{packing}").write_bytes(whole[:len(whole) // 2])
        outcome = ingestr.ingest(f"{web_server.url}/{name}", "rows")
        assert outcome.status == 1 and f"x.csv.{packing}" in outcome.error() and "it is cut short or damaged" in outcome.error(), outcome.err
        assert "abcdefgh" not in outcome.err and loaded(file, "id")[-1] == (49_999,)


def test_a_cut_avro_file_of_a_store_is_found_out(ingestr, file, object_store, tmp_path):
    put(object_store, tmp_path, "cut/x.avro", "avro", [{"id": i, "name": "x" * 50} for i in range(50_000)])
    load(ingestr, store_uri(object_store, "lake/cut/x.avro"))
    assert len(loaded(file)) == 50_000
    whole = (tmp_path / "put/cut/x.avro").read_bytes()
    with object_store.files().open_output_stream("lake/cut/x.avro") as out:
        out.write(whole[:len(whole) // 2])
    outcome = ingestr.ingest(store_uri(object_store, "lake/cut/x.avro"), "rows")
    assert outcome.status == 1 and "s3://lake/cut/x.avro: it is cut short or damaged" in outcome.error(), outcome.err
    assert len(loaded(file)) == 50_000


def test_a_last_row_at_the_web_that_is_too_long(ingestr, folder, web_server):
    import gzip
    text = b"id,name\n1,a\n2," + b"x" * 33_000_000
    for name, data in (("x.csv", text), ("x.csv.gz", gzip.compress(text, 1))):
        (web_server.folder / name).write_bytes(data)
        outcome = ingestr.ingest(f"{web_server.url}/{name}", "rows")
        assert outcome.status == 1 and f"{name}: its last row is longer than 16.0 MB" in outcome.error(), outcome.err
    assert not (folder / "attio.duckdb").exists()


def test_what_a_web_server_refuses(ingestr, web_server, folder):
    outcome = ingestr.ingest(f"{web_server.url}/none.csv?key=TOPSECRET123", "rows")
    assert outcome.status == 1 and "there is no such file" in outcome.error() and "TOPSECRET123" not in outcome.err + outcome.out
    with closed_port() as port:
        outcome = ingestr.ingest(f"http://127.0.0.1:{port}/x.csv", "rows")
    assert outcome.status == 1 and "nothing answers" in outcome.error()
    (web_server.folder / "x.parquet").write_text("no parquet")
    assert "x.parquet" in ingestr.ingest(f"{web_server.url}/x.parquet", "rows").error()
    assert not (folder / "attio.duckdb").exists()


VERSIONS = {"last-modified": lambda path: {"Last-Modified": email.utils.formatdate(path.stat().st_mtime, usegmt=True)},
            "etag": lambda path: {"ETag": f'"{path.stat().st_mtime}"'}}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_the_web_that_changes_while_it_is_read(ingestr, file, web_server, version, kind):
    target = web_server.folder / f"x.{kind}"
    write(target, kind, ROWS)
    os.utime(target, (1e9, 1e9))
    web_server.says = VERSIONS[version]
    web_server.silent = lambda asked: asked == "range" and os.utime(target, (2e9, 2e9))   # and it is answered
    outcome = ingestr.ingest(f"{web_server.url}/x.{kind}", "rows")
    assert (outcome.status, outcome.error()) == (1, f"Error: {web_server.url}/x.{kind}: it has changed while it was read; run again")
    assert not file.exists()
    load(ingestr, f"{web_server.url}/x.{kind}")


def test_a_file_of_the_web_that_is_made_for_each_answer(ingestr, file, web_server):
    write(web_server.folder / "x.csv", "csv", ROWS)
    times = itertools.count(1_000_000_000)
    web_server.says = lambda path: {"Last-Modified": email.utils.formatdate(next(times), usegmt=True)}
    load(ingestr, f"{web_server.url}/x.csv")
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_a_user_in_a_web_address_is_not_told(ingestr, web_server):
    outcome = ingestr.ingest(f"http://joe:secret@{web_server.host}/none.csv", "rows")
    assert outcome.error() == f"Error: {web_server.url}/none.csv: there is no such file (HTTP 404); correct its name"


# ---- an object store

def store_uri(store, path, **more):
    from urllib.parse import urlencode
    import s3_server
    values = {"access_key_id": s3_server.KEY_ID, "secret_access_key": s3_server.SECRET,
              "endpoint_url": f"http://127.0.0.1:{store.port}", **more}
    return f"s3://{path}?{urlencode(values)}"


def put(store, tmp_path, key, kind, rows):
    write(tmp_path / "put" / key, kind, rows)
    with store.files().open_output_stream(f"lake/{key}") as out:
        out.write((tmp_path / "put" / key).read_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_store_has_files_of_every_kind(ingestr, file, object_store, tmp_path, kind):
    put(object_store, tmp_path, f"{kind}/a b/x.{kind}", kind, ROWS)
    load(ingestr, store_uri(object_store, f"lake/{kind}/a%20b/x.{kind}"))
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_a_key_with_a_plus_may_stand_in_the_uri_as_it_is(ingestr, file, object_store, tmp_path):
    put(object_store, tmp_path, "plus/x.csv", "csv", ROWS)
    for path in ("lake/plus/x.csv", "lake/plus/y.csv"):
        written = store_uri(object_store, "lake/plus/y.csv").replace("%2B", "+")
        assert "s3cr%2Fet+key" in written
        assert ingestr.ingest(store_uri(object_store, path).replace("%2B", "+"), "rows", "--no-load-timestamp", file=written).status == 0
    load(ingestr, written)
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_patterns_tables_and_aliases_of_an_object_store(ingestr, file, object_store, tmp_path):
    for month in (1, 2):
        put(object_store, tmp_path, f"y/2026/month={month}/x.parquet", "parquet", [{"id": month}])
    load(ingestr, store_uri(object_store, "lake/y/2026/**/*.parquet"))
    assert loaded(file) == [(1, "1"), (2, "2")]
    load(ingestr, store_uri(object_store, "lake"), table="y/2026/month=2/*.parquet")
    assert loaded(file, "id") == [(2,)]
    load(ingestr, store_uri(object_store, ""), table="lake/y/2026/month=1/x.parquet")
    assert loaded(file, "id") == [(1,)]
    load(ingestr, store_uri(object_store, "lake/y/2026/month=1/x.parquet").replace("s3://", "gs://"))
    assert loaded(file, "id") == [(1,)]
    names = ingestr.run("tables", "--source-uri", store_uri(object_store, "lake/y/"), "--json").out
    assert [table["name"] for table in json.loads(names)] == ["2026/month=1/x.parquet", "2026/month=2/x.parquet"]


def test_keys_come_from_the_environment_too(ingestr, file, object_store, tmp_path):
    import s3_server
    put(object_store, tmp_path, "env/x.csv", "csv", ROWS)
    environment = {"AWS_ACCESS_KEY_ID": s3_server.KEY_ID, "AWS_SECRET_ACCESS_KEY": s3_server.SECRET,
                   "AWS_ENDPOINT_URL": f"http://127.0.0.1:{object_store.port}", "AWS_REGION": "us-east-1"}
    load(ingestr, "s3://lake/env/x.csv", env=environment)
    assert loaded(file, "id") == [(1,), (2,)]


def test_a_key_of_the_uri_goes_without_the_token_of_the_environment(ingestr, file, object_store, tmp_path):
    put(object_store, tmp_path, "lent/x.csv", "csv", ROWS)
    lent = {"AWS_ACCESS_KEY_ID": "ROLE", "AWS_SECRET_ACCESS_KEY": "role", "AWS_SESSION_TOKEN": "of the role"}
    load(ingestr, store_uri(object_store, "lake/lent/x.csv"), env=lent)
    load(ingestr, store_uri(object_store, "lake/lent/x.csv"), file=store_uri(object_store, "lake/lent/y.csv"), env=lent)
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_an_object_that_changes_while_it_is_read(ingestr, file, object_store, tmp_path, proxy):
    put(object_store, tmp_path, "changing/x.csv", "csv", ROWS)
    reads = []

    def replace(method, address):
        if method == "GET" and not reads:
            reads.append(address)
            time.sleep(1.1)   # times of objects are of whole seconds
            put(object_store, tmp_path, "changing/x.csv", "csv", list(reversed(ROWS)))
    proxy.on_answer = replace
    outcome = ingestr.ingest(store_uri(object_store, "lake/changing/x.csv"), "rows", env=proxy.environment)
    assert reads and outcome.status == 1 and "it has changed while it was read; run again" in outcome.error(), outcome.err
    assert not file.exists()


def test_what_an_object_store_refuses(ingestr, object_store, tmp_path):
    put(object_store, tmp_path, "no/x.csv", "csv", ROWS)
    with closed_port() as port:
        for uri, word in [(store_uri(object_store, "lake/no/x.csv", secret_access_key="WRONGSECRET"), "access is refused"),
                          (store_uri(object_store, "lake/no/*.csv", access_key_id="NOBODYATALL"), "access is refused"),
                          (store_uri(object_store, "lake/no/none.csv"), "no such file"),
                          (store_uri(object_store, "lake/no/none*.csv"), "no file has a name that fits"),
                          (store_uri(object_store, "nobucket/x.csv"), "no such"),
                          (store_uri(object_store, "nobucket/*.csv"), "no "),
                          (store_uri(object_store, "lake/no/x.csv", endpoint_url=f"http://127.0.0.1:{port}"), "nothing answers"),
                          (store_uri(object_store, "lake/no/x.csv", secret_access_key=""), "goes with"),
                          (store_uri(object_store, "lake/no/x"), "which kind of file")]:
            outcome = ingestr.ingest(uri, "rows")
            assert outcome.status in (1, 2) and word in outcome.error(), outcome.err
            for secret in ("s3cr", "WRONGSECRET", "NOBODYATALL"):
                assert secret not in outcome.err + outcome.out


def test_ctrl_c_while_an_object_store_is_read(ingestr, folder, object_store, proxy):
    with object_store.files().open_output_stream("lake/many.csv") as out:
        out.write(b"id,text\n")
        for block in range(60):
            out.write("".join(f"{block * 20_000 + i},some text of the row {i}\n" for i in range(20_000)).encode())
    reads = []
    proxy.silent = lambda method, address: method == "GET" and "many.csv" in address and (len(reads) > 3 or reads.append(address))
    process = ingestr.start(*ingestr.ingest_arguments(store_uri(object_store, "lake/many.csv"), "rows"), env=proxy.environment)
    wait_until(lambda: proxy.silences, "some of it is read")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON, outcome.err
    assert not (folder / "attio.duckdb").exists()


# ---- destinations

def test_a_pipe_from_end_to_end(ingestr, folder):
    status, out, err = piped(ingestr, b"id,name\n1,a\n2,b\n", *ingestr.ingest_arguments(
        "csv://-", "rows", "--no-load-timestamp", file="parquet://-"))
    assert status == 0 and "Rows" in err, err
    assert pyarrow.parquet.read_table(pyarrow.BufferReader(out)).to_pylist() == ROWS
    assert not list(folder.iterdir())


@pytest.mark.parametrize("kind, text", [
    ("csv", b"id,name\n1,a\n2,b\n"), ("tsv", b"id\tname\n1\ta\n2\tb\n"), ("jsonl", b'{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n'),
    ("json", b'[\n{"id":1,"name":"a"},\n{"id":2,"name":"b"}\n]\n')])
@pytest.mark.parametrize("mode", ["log", "json"])
def test_standard_output_gets_rows_and_nothing_else(ingestr, folder, kind, text, mode, tmp_path):
    write(folder / "x.json", "json", ROWS)
    outcome = ingestr.ingest("json://x.json", "rows", "--no-load-timestamp", "--progress", mode, file=f"{kind}://-",
                             env={"TMPDIR": str(tmp_path)})
    assert outcome.status == 0 and outcome.out.encode() == text, outcome.err
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_standard_output_gets_nothing_of_a_run_that_fails(ingestr, folder):
    (folder / "x.csv").write_text("id,n\n1,2\n1,2,3\n")
    outcome = ingestr.ingest("csv://x.csv", "rows", file="csv://-")
    assert outcome.status == 1 and outcome.out == "" and "line 3" in outcome.err
    outcome = ingestr.ingest("csv://x.csv", "rows", "--incremental-strategy", "append", file="csv://-")
    assert outcome.status == 2 and "standard output takes the strategy replace" in outcome.err


def test_a_reader_that_leaves(ingestr, folder):
    (folder / "x.csv").write_text("id\n" + "".join(f"{i}\n" for i in range(300_000)))
    process = ingestr.start(*ingestr.ingest_arguments("csv://x.csv", "rows", file="csv://-"))
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=TIMEOUT) == 1 and "Error: standard output: its reader has gone" in err


def object_bytes(store, key):
    with store.files().open_input_stream(f"lake/{key}", compression=None) as file:
        return file.read()


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json.gz", "parquet", "csv.gz"])
def test_an_object_store_takes_files(ingestr, folder, object_store, kind, tmp_path):
    write(folder / "x.json", "json", ROWS)
    uri = store_uri(object_store, f"lake/out/a%20b%3D/x.{kind}")
    load(ingestr, "json://x.json", file=uri, env={"TMPDIR": str(tmp_path)})
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    load(ingestr, "json://x.json", "--incremental-strategy", "append", file=uri)
    (folder / f"back.{kind}").write_bytes(object_bytes(object_store, f"out/a b=/x.{kind}"))
    import duckdb
    reader = {"csv": "read_csv", "csv.gz": "read_csv", "jsonl": "read_json", "json.gz": "read_json", "parquet": "read_parquet"}[kind]
    found = duckdb.sql(f"SELECT id, name FROM {reader}('{folder}/back.{kind}')").fetchall()
    assert found == [(1, "a"), (2, "b")] * 2


def test_large_files_go_in_parts(ingestr, folder, object_store):
    table = pyarrow.table({"id": range(400_000), "pad": [f"{i * 7919:060}" for i in range(400_000)]})
    pyarrow.parquet.write_table(table, folder / "x.parquet")
    load(ingestr, "parquet://x.parquet", file=store_uri(object_store, "lake/large.csv"))
    back = pyarrow.csv.read_csv(pyarrow.BufferReader(object_bytes(object_store, "large.csv")),
                                convert_options=pyarrow.csv.ConvertOptions(column_types={"pad": pyarrow.string()}))
    assert back.equals(table)


def test_a_directory_of_a_store_gets_a_file_more(ingestr, folder, object_store):
    write(folder / "x.json", "json", ROWS)
    uri = store_uri(object_store, "lake/more/")
    for _ in range(2):
        load(ingestr, "json://x.json", "--incremental-strategy", "append", file=uri)
    read = pyarrow.dataset.dataset("lake/more", filesystem=object_store.files(), format="parquet").to_table().to_pylist()
    assert sorted(row["id"] for row in read) == [1, 1, 2, 2]


def test_an_object_that_is_there_stays_when_a_run_fails(ingestr, folder, object_store):
    write(folder / "x.json", "json", ROWS)
    load(ingestr, "json://x.json", file=store_uri(object_store, "lake/keep.csv"))
    before = object_bytes(object_store, "keep.csv")
    (folder / "bad.csv").write_text("id,n\n" + "1,2\n" * 200_000 + "1,2,3\n")
    assert ingestr.ingest("csv://bad.csv", "rows", file=store_uri(object_store, "lake/keep.csv")).status == 1
    for more, word in [({"secret_access_key": "WRONGSECRET"}, "the store refuses it"),
                       ({"endpoint_url": f"http://127.0.0.1:{object_store.port}/x"}, "")]:
        outcome = ingestr.ingest("json://x.json", "rows", file=store_uri(object_store, "lake/keep.csv", **more))
        assert outcome.status == 1 and word in outcome.error() and "WRONGSECRET" not in outcome.err + outcome.out
    outcome = ingestr.ingest("json://x.json", "rows", file=store_uri(object_store, "lake/keep"))
    assert outcome.status == 2 and "which kind of file" in outcome.error()
    assert object_bytes(object_store, "keep.csv") == before


def several_parts(folder):
    """The URI of a file that is one of 20 MB in CSV."""
    table = pyarrow.table({"id": range(300_000), "pad": [f"{i * 7919:060}" for i in range(300_000)]})
    pyarrow.parquet.write_table(table, folder / "large.parquet")
    return "parquet://large.parquet"


# The request that is not answered, and what is waited for.
MOMENTS = {"while it is made": ("uploads=", lambda place, proxy: any(file.stat().st_size > 0 for file in place.glob("ingestr-work-*/0.out"))),
           "while it goes over": ("partNumber=2", lambda place, proxy: proxy.silences)}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("is_there", [True, False], ids=["replaced", "new"])
def test_ctrl_c_while_an_object_is_written_leaves_nothing_of_it(ingestr, folder, object_store, proxy, tmp_path, is_there, moment):
    key = f"halfway/{is_there}/x.csv"
    uri = store_uri(object_store, f"lake/{key}")
    if is_there:
        write(folder / "x.json", "json", ROWS)
        load(ingestr, "json://x.json", file=uri)
    before = object_store.uploads()
    unanswered, is_reached = MOMENTS[moment]
    proxy.silent = lambda method, address: unanswered in address
    process = ingestr.start(*ingestr.ingest_arguments(several_parts(folder), "rows", file=uri), env={"TMPDIR": str(tmp_path), **proxy.environment})
    wait_until(lambda: is_reached(tmp_path, proxy), moment)
    if moment == "while it goes over":
        assert len(object_store.uploads()) == len(before) + 1
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON and "interrupted" in outcome.error(), outcome.err
    assert object_store.uploads() == before
    there = object_store.files().get_file_info(f"lake/{key}")
    assert object_bytes(object_store, key) == b"id,name\n1,a\n2,b\n" if is_there else there.type == pyarrow.fs.FileType.NotFound
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_ctrl_c_while_an_upload_begins(ingestr, folder, object_store, proxy):
    before = object_store.uploads()

    def interrupt(method, address):
        if "uploads=" in address:
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)   # the answer comes after the signal
    proxy.on_answer = interrupt
    process = ingestr.start(*ingestr.ingest_arguments(several_parts(folder), "rows", file=store_uri(object_store, "lake/begun.csv")), env=proxy.environment)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130, outcome.err
    assert object_store.uploads() == before or "without waiting for others" in outcome.err


@pytest.mark.parametrize("target", ["lake/silent.csv", "lake/silent/"])
def test_ctrl_c_when_a_store_has_fallen_silent(ingestr, folder, object_store, proxy, tmp_path, target):
    """It cannot be told to drop what it has got, and is not waited for."""
    write(folder / "x.json", "json", ROWS)
    source = "json://x.json" if target.endswith("/") else several_parts(folder)
    proxy.silent = lambda method, address: proxy.silences > 0 or method == "PUT" and "partNumber=1&" not in address
    process = ingestr.start(*ingestr.ingest_arguments(source, "rows", file=store_uri(object_store, target)),
                            env={"TMPDIR": str(tmp_path), **proxy.environment})
    wait_until(lambda: proxy.silences, "a file goes over")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON, outcome.err
    assert "interrupted without waiting for others" in outcome.error()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


STATUSES = {401: "access is refused (HTTP 401); check the credentials", 403: "access is refused (HTTP 403); check the credentials",
            404: "there is no such file (HTTP 404); correct its name", 410: "the file is gone (HTTP 410); correct its name",
            418: "the server refuses it (HTTP 418); check the address", 429: "the server was asked too often (HTTP 429); wait",
            500: "the server has a fault (HTTP 500); run again later", 503: "the server has a fault (HTTP 503); run again later"}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", ["x.parquet", "x.csv"])
@pytest.mark.parametrize("asked", [["range"], ["HEAD", "range", "GET"]], ids=["ranges", "all"])
def test_a_status_is_named_with_its_cure(ingestr, folder, web_server, asked, name, status):
    pyarrow.parquet.write_table(pyarrow.table({"id": range(1000)}), web_server.folder / "x.parquet")
    (web_server.folder / "x.csv").write_text("id\n1\n")
    web_server.refused = {one: status for one in asked}
    outcome = ingestr.ingest(f"{web_server.url}/{name}?token=s3cr3t-token", "rows")
    assert outcome.status == 1
    assert outcome.error().startswith(f"Error: {web_server.url}/{name}: {STATUSES[status]}"), outcome.err
    assert "s3cr3t" not in outcome.err and list(folder.iterdir()) == []


@pytest.mark.parametrize("name, ids", [
    ("x%2A.csv", [0]), ("x1.csv", [1]), ("x%3F.csv", [2]), ("x%5B1%5D.csv", [3]), ("x*.csv", [0, 1, 2, 3]), ("*%5B1%5D.csv", [3]), ("*%2A.csv", [0]),
    ("*%3F.csv", None)])
def test_only_a_star_that_is_written_as_such_is_a_pattern(ingestr, file, object_store, tmp_path, name, ids):
    for i, odd in enumerate(["x*.csv", "x1.csv", "x?.csv", "x[1].csv"]):
        put(object_store, tmp_path, f"odd/{odd}", "csv", [{"id": i}])
    if ids is None:
        outcome = ingestr.ingest(store_uri(object_store, f"lake/odd/{name}"), "rows")
        assert outcome.status == 2 and "the names of a pattern cannot have a ?" in outcome.error()
        return
    load(ingestr, store_uri(object_store, f"lake/odd/{name}"))
    assert loaded(file, "id") == [(i,) for i in ids]


# ---- proxies

@pytest.mark.parametrize("variables, used", [
    ({"http_proxy": "http://me:pass%20word@{}"}, "me:pass word"), ({"HTTP_PROXY": "http://me:pass%20word@{}"}, "me:pass word"),
    ({"ALL_PROXY": "http://{}"}, None), ({"HTTP_PROXY": "{}"}, None),
    ({"HTTP_PROXY": "http://{}", "NO_PROXY": "127.0.0.1"}, False), ({"https_proxy": "http://{}"}, False),
    ({"HTTP_PROXY": "http://{}", "REQUEST_METHOD": "GET"}, False),
])
def test_files_are_read_and_written_through_the_proxy_of_the_environment(ingestr, folder, file, web_server, object_store, proxy, variables, used):
    write(web_server.folder / "x.csv", "csv", ROWS)
    env = {name: value.format(proxy.host) for name, value in variables.items()}
    load(ingestr, f"{web_server.url}/x.csv", env=env)
    assert loaded(file) == [(1, "a"), (2, "b")]
    assert {who for method, address, who in proxy.asked if address == f"{web_server.url}/x.csv"} == (set() if used is False else {used})
    proxy.asked.clear()
    store = store_uri(object_store, "lake/through/x.csv")
    load(ingestr, f"{web_server.url}/x.csv", file=store, env=env)
    load(ingestr, store, env=env)
    assert {who for method, address, who in proxy.asked if "lake/through/x.csv" in address} == (set() if used is False else {used})
    methods = {method for method, address, who in proxy.asked if "lake/through/x.csv" in address}
    assert methods >= {"PUT", "GET"} or used is False


def test_a_proxy_for_https_is_asked_for_the_host_alone(ingestr, proxy):
    env = {"https_proxy": f"http://me:secret-word@{proxy.host}", "HTTP_PROXY": "http://127.0.0.1:1"}
    outcome = ingestr.ingest("https://example.com/x.csv?token=hidden", "rows", env=env)
    assert outcome.status == 1 and proxy.asked == {("CONNECT", "example.com:443", "me:secret-word")}, outcome.err
    assert "secret-word" not in outcome.err + outcome.out and "hidden" not in outcome.err + outcome.out


@pytest.mark.parametrize("kind, text", [("csv", "a,b\n1,2\n1,2,3\n"), ("jsonl", '{"a":1}\n{"a":\n'), ("json", '[{"a":1},{"a":x}]'),
                                        ("json", '[{"a":1},'), ("parquet", "PAR1 and what is none")])
def test_the_query_of_an_address_is_never_shown(ingestr, web_server, kind, text):
    (web_server.folder / f"bad.{kind}").write_text(text)
    outcome = ingestr.ingest(f"{web_server.url}/bad.{kind}?tok=ab12&s=x", "rows")
    assert outcome.status == 1 and "tok=" not in outcome.err + outcome.out and "ab12" not in outcome.err + outcome.out
    assert f"{web_server.url}/bad.{kind}" in outcome.error()


class RefusingStore:
    """Answers every request with one status and, but for HEAD, one code."""

    def __init__(self, status, code, headers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b"" if self.command == "HEAD" else f"<Error><Code>{code}</Code><Message>the store's words</Message></Error>".encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Type": "application/xml", "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_HEAD = do_PUT = do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize("status, code, headers, read, written", [
    (400, "AuthorizationHeaderMalformed", {}, "another region; say which, as in region=", "say the region of the bucket, as in region="),
    (400, "AuthorizationHeaderMalformed", {"x-amz-bucket-region": "eu-west-3"}, "another region", "say the region of the bucket, region=eu-west-3"),
    (301, "PermanentRedirect", {"x-amz-bucket-region": "eu-west-3"}, "another region", "say the region of the bucket, region=eu-west-3"),
    (400, "ExpiredToken", {}, "the session_token has expired; get a new one", "get a new session_token"),
])
def test_another_region_and_an_old_token_of_s3(ingestr, folder, status, code, headers, read, written):
    write(folder / "x.csv", "csv", ROWS)
    store = RefusingStore(status, code, headers)
    try:
        for path in ("lake/x.csv", "lake/*.csv"):
            outcome = ingestr.ingest(store_uri(store, path), "rows")
            assert outcome.status == 1 and read in outcome.error(), outcome.err
        outcome = ingestr.ingest("csv://x.csv", "rows", file=store_uri(store, "lake/y.csv"))
        assert outcome.status == 1 and written in outcome.error(), outcome.err
    finally:
        store.stop()

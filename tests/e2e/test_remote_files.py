"""Files at a web server, at an object store, and from a pipe."""

import http.server
import json
import os
import pathlib
import socket
import subprocess
import threading
import time

import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

import duckdb_file
from program import wait_until
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
    out, err = process.communicate(data, timeout=120)
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
    assert status == 1 and "standard input is empty" in err, err


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
    wait_until(lambda: any("deleted" in os.readlink(link) for link in open_files.iterdir()), "it reads")
    process.send_signal(2)
    assert process.wait(timeout=20) == 130
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_what_a_web_server_refuses(ingestr, web_server, folder):
    outcome = ingestr.ingest(f"{web_server.url}/none.csv?key=TOPSECRET123", "rows")
    assert outcome.status == 1 and "there is no such file" in outcome.error() and "TOPSECRET123" not in outcome.err + outcome.out
    outcome = ingestr.ingest(f"http://127.0.0.1:{free_port()}/x.csv", "rows")
    assert outcome.status == 1 and "nothing answers" in outcome.error()
    (web_server.folder / "x.parquet").write_text("no parquet")
    assert "x.parquet" in ingestr.ingest(f"{web_server.url}/x.parquet", "rows").error()
    assert not (folder / "attio.duckdb").exists()


@pytest.fixture
def refusing_server():
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_web_server_that_says_403(ingestr, refusing_server):
    outcome = ingestr.ingest(f"{refusing_server}/x.csv", "rows")
    assert outcome.status == 1 and "the server refuses it" in outcome.error()


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


def test_what_an_object_store_refuses(ingestr, object_store, tmp_path):
    put(object_store, tmp_path, "no/x.csv", "csv", ROWS)
    for uri, word in [(store_uri(object_store, "lake/no/x.csv", secret_access_key="WRONGSECRET"), "access is refused"),
                      (store_uri(object_store, "lake/no/*.csv", access_key_id="NOBODYATALL"), "access is refused"),
                      (store_uri(object_store, "lake/no/none.csv"), "no such file"),
                      (store_uri(object_store, "lake/no/none*.csv"), "no file has a name that fits"),
                      (store_uri(object_store, "nobucket/x.csv"), "no such"),
                      (store_uri(object_store, "nobucket/*.csv"), "no "),
                      (store_uri(object_store, "lake/no/x.csv", endpoint_url=f"http://127.0.0.1:{free_port()}"), "nothing answers"),
                      (store_uri(object_store, "lake/no/x.csv", secret_access_key=""), "goes with"),
                      (store_uri(object_store, "lake/no/x"), "which kind of file")]:
        outcome = ingestr.ingest(uri, "rows")
        assert outcome.status in (1, 2) and word in outcome.error(), outcome.err
        for secret in ("s3cr", "WRONGSECRET", "NOBODYATALL"):
            assert secret not in outcome.err + outcome.out


def test_ctrl_c_while_an_object_store_is_read(ingestr, folder, object_store):
    with object_store.files().open_output_stream("lake/many.csv") as out:
        out.write(b"id,text\n")
        for block in range(60):
            out.write("".join(f"{block * 20_000 + i},some text of the row {i}\n" for i in range(20_000)).encode())
    process = ingestr.start(*ingestr.ingest_arguments(store_uri(object_store, "lake/many.csv"), "rows"))
    wait_until(lambda: (folder / "attio.duckdb").exists() and time.sleep(0.3) is None, "it reads")
    process.send_signal(2)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert not (folder / "attio.duckdb").exists()

"""The table of what can be loaded into what, cell by cell: the same rows from each source into each destination, and files of every kind at
every place. They are written by other programs and read back by other programs; tests/CONTRACT.md says what else keeps each cell."""

import contextlib
import csv
import functools
import gzip
import http.server
import io
import json
import sqlite3
import ssl
import subprocess
import threading

import duckdb
import fastavro
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

import duckdb_file
from test_azure import uri as azure_uri
from test_remote_files import piped, store_uri
from tls_front import make_certificate

ROWS = [(1, "ü \"x\",\t<&>"), (2, "00123"), (3, None)]
KINDS = ["csv", "csv.gz", "csv.zst", "tsv", "tsv.gz", "jsonl", "jsonl.zst", "ndjson", "json", "json.gz", "parquet", "avro", "xlsx"]
WRITTEN = [kind for kind in KINDS if kind != "avro"]
SERVERS = {"postgres", "mysql"}
APPEND = ["--incremental-strategy", "append"]


# ---- files: bytes of the rows, and the rows of bytes

def zstd(data, *flags):
    return subprocess.run(["zstd", "-qc", *flags], input=data, check=True, capture_output=True).stdout


def packed(kind, data):
    return gzip.compress(data) if kind.endswith(".gz") else zstd(data) if kind.endswith(".zst") else data


def content(kind, rows=tuple(ROWS)):
    base, out = kind.split(".")[0], io.BytesIO()
    if base in ("csv", "tsv"):
        text = io.StringIO()
        csv.writer(text, delimiter="\t" if base == "tsv" else ",").writerows([("id", "name"), *rows])
        return packed(kind, text.getvalue().encode())
    if base in ("jsonl", "ndjson", "json"):
        objects = [{"id": key, "name": name} for key, name in rows]
        text = json.dumps(objects) if base == "json" else "".join(json.dumps(row) + "\n" for row in objects)
        return packed(kind, text.encode())
    if base == "parquet":
        pyarrow.parquet.write_table(pyarrow.table({"id": [row[0] for row in rows], "name": [row[1] for row in rows]}), out)
    elif base == "avro":
        fastavro.writer(out, {"type": "record", "name": "row", "fields": [{"name": "id", "type": "long"}, {"name": "name", "type": ["null", "string"]}]},
                        [{"id": key, "name": name} for key, name in rows])
    else:
        book = openpyxl.Workbook()
        for row in [("id", "name"), *rows]:
            book.active.append(row)
        book.save(out)
    return out.getvalue()


def rows_of(kind, data):
    base = kind.split(".")[0]
    data = gzip.decompress(data) if kind.endswith(".gz") else zstd(data, "-d") if kind.endswith(".zst") else data
    if base == "parquet":
        found = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    elif base == "xlsx":
        header, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        found = [dict(zip(header, row)) for row in rows]
    elif base in ("csv", "tsv"):
        found = list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter="\t" if base == "tsv" else ",", strict=True))
    else:
        found = json.loads(data) if base == "json" else [json.loads(line) for line in data.decode().splitlines()]
    ids = [int(float(row["id"])) for row in found]
    return sorted(zip(ids, (row["name"] or None for row in found))) if found and "name" in found[0] else sorted(ids)


# ---- sources and destinations

def make_source(scheme, folder, request):
    """Its URI and table; the rows are in it."""
    statements = ["CREATE TABLE orders (id bigint, name varchar(30))", *[
        "INSERT INTO orders VALUES ({}, {})".format(key, "NULL" if name is None else f"'{name}'") for key, name in ROWS]]
    if scheme == "duckdb":
        with duckdb.connect(folder / "from.duckdb") as connection:
            for statement in statements:
                connection.execute(statement)
        return "duckdb://from.duckdb", "orders"
    if scheme == "sqlite":
        with contextlib.closing(sqlite3.connect(folder / "from.db")) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return "sqlite://from.db", "orders"
    if scheme in SERVERS:
        server = request.getfixturevalue({"postgres": "postgres", "mysql": "mariadb"}[scheme])
        server.execute("DROP TABLE IF EXISTS orders", *statements)
        return server.uri(), "orders"
    (folder / f"from.{scheme}").write_bytes(content(scheme))
    return f"{scheme.split('.')[0]}://from.{scheme}", "orders"


def make_target(scheme, folder, request):
    """Its URI, and what reads its table back."""
    if scheme == "duckdb":
        return "duckdb://to.duckdb", lambda: duckdb_rows(folder / "to.duckdb")
    if scheme == "sqlite":
        return "sqlite://to.db", lambda: sqlite_rows(folder / "to.db")
    if scheme in SERVERS:
        server = request.getfixturevalue({"postgres": "postgres", "mysql": "mariadb"}[scheme])
        return server.uri(), lambda: [(int(key), name) for key, name in server.query("SELECT id, name FROM loaded ORDER BY id")]
    return f"{scheme.split('.')[0]}://to.{scheme}", lambda: rows_of(scheme, (folder / f"to.{scheme}").read_bytes())


def duckdb_rows(path):
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute("SELECT CAST(id AS INTEGER), name FROM loaded ORDER BY id").fetchall()


def sqlite_rows(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [(int(key), name) for key, name in connection.execute("SELECT id, name FROM loaded ORDER BY id")]


def load(ingestr, source, target, *flags, table="rows", into="loaded"):
    outcome = ingestr.run("ingest", "--source-uri", source, "--source-table", table, "--dest-uri", target, "--dest-table", into,
                          "--no-load-timestamp", *flags)
    assert outcome.status == 0, (source.split("?")[0], target.split("?")[0], outcome.err)


DATABASES = ["duckdb", "sqlite", "postgres", "mysql"]


@pytest.mark.parametrize("to", [*DATABASES, "csv", "tsv", "jsonl", "json", "parquet", "xlsx"])
def test_from_each_source_into(ingestr, folder, request, to):
    for source in [*DATABASES, "csv.gz", "tsv", "jsonl", "json", "parquet", "avro", "xlsx"]:
        uri, table = make_source(source, folder, request)
        target, read = make_target(to, folder, request)
        load(ingestr, uri, target, table=table)
        assert read() == ROWS, source


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_file_a_second_one_and_parts(ingestr, folder, kind):
    """As a name says, as a directory, and by --partition-by."""
    (folder / "from.csv").write_bytes(content("csv"))
    scheme = kind.split(".")[0]
    load(ingestr, "csv://from.csv", f"{scheme}://out.{kind}")
    load(ingestr, "csv://from.csv", f"{scheme}://out.{kind}", "--incremental-strategy", "append")
    assert rows_of(kind, (folder / f"out.{kind}").read_bytes()) == sorted(ROWS * 2, key=lambda row: row[0])
    if kind == scheme:
        for flags in ([], ["--partition-by", "name"]):
            load(ingestr, "csv://from.csv", f"{scheme}://parts/", *flags)
            files = [path for path in (folder / "parts").rglob("loaded-*") if path.is_file()]
            found = [row for path in files for row in rows_of(scheme, path.read_bytes())]
            assert (sorted(found) == [1, 2, 3] and len(files) == 3) if flags else found == ROWS


# ---- pipes

@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "ndjson", "json", "parquet", "avro", "xlsx"])
def test_a_pipe_brings_it(ingestr, folder, kind):
    status, _, err = piped(ingestr, content(kind), "ingest", "--source-uri", f"{kind}://-", "--source-table", "rows", "--dest-uri", "duckdb://to.duckdb",
                           "--dest-table", "loaded", "--no-load-timestamp")
    assert status == 0 and duckdb_rows(folder / "to.duckdb") == ROWS, err


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "ndjson", "json", "parquet", "xlsx"])
def test_a_pipe_takes_it(ingestr, folder, kind):
    status, out, err = piped(ingestr, content("csv"), "ingest", "--source-uri", "csv://-", "--source-table", "rows", "--dest-uri", f"{kind}://-",
                             "--dest-table", "loaded", "--no-load-timestamp")
    assert status == 0 and rows_of(kind, out) == ROWS, err


# ---- places

class Store:
    """An object store: `uri` of a key, and its bytes."""

    def __init__(self, uri, put, get, names):
        self.uri, self.put, self.get, self.names = uri, put, get, names


def s3(server, scheme):
    files = server.files()

    def put(key, data):
        with files.open_output_stream(f"lake/{key}", compression=None) as out:
            out.write(data)

    def get(key):
        with files.open_input_stream(f"lake/{key}", compression=None) as data:
            return data.read()

    def names(prefix):
        from pyarrow.fs import FileSelector, FileType
        found = files.get_file_info(FileSelector(f"lake/{prefix}", recursive=True, allow_not_found=True))
        return [info.path.removeprefix("lake/") for info in found if info.type == FileType.File]

    return Store(lambda key: store_uri(server, f"lake/{key}").replace("s3://", f"{scheme}://"), put, get, names)


@pytest.fixture(params=["s3", "gs", "az"])
def store(request):
    if request.param == "az":
        server = request.getfixturevalue("azure")
        return Store(lambda key: azure_uri(server, f"lake/{key}"), server.put, server.get,
                     lambda prefix: [name for name in server.names() if name.startswith(prefix)])
    return s3(request.getfixturevalue("object_store"), request.param)


def test_a_store_gives_files_of_every_kind(ingestr, folder, store):
    for kind in KINDS:
        store.put(f"any/{kind}/x.{kind}", content(kind))
        load(ingestr, store.uri(f"any/{kind}/x.{kind}"), "duckdb://to.duckdb")
        assert duckdb_rows(folder / "to.duckdb") == ROWS, kind


def test_a_store_gives_all_that_fits_a_pattern(ingestr, folder, store):
    for kind in ("csv", "csv.gz", "tsv", "jsonl", "json", "parquet", "avro", "xlsx"):
        for i, row in enumerate(ROWS[:2]):
            store.put(f"glob/{kind}/{i}/y/x.{kind}", content(kind, [row]))
        load(ingestr, store.uri(f"glob/{kind}/*/y/*.{kind}"), "duckdb://to.duckdb")
        assert duckdb_rows(folder / "to.duckdb") == ROWS[:2], kind


def test_a_store_takes_files_of_every_kind(ingestr, folder, store):
    (folder / "from.csv").write_bytes(content("csv"))
    for kind in WRITTEN:
        load(ingestr, "csv://from.csv", store.uri(f"taken/x.{kind}"))
        assert rows_of(kind, store.get(f"taken/x.{kind}")) == ROWS, kind


def test_a_store_takes_parts(ingestr, folder, store):
    (folder / "from.csv").write_bytes(content("csv"))
    for kind in ("csv", "tsv", "jsonl", "json", "parquet", "xlsx"):
        load(ingestr, "csv://from.csv", store.uri(f"any_parts/{kind}/") + f"&format={kind}", "--partition-by", "name")
        names = store.names(f"any_parts/{kind}/")
        assert len(names) == 3 and all(f"any_parts/{kind}/name=" in name and name.endswith(f".{kind}") for name in names)
        assert sorted(key for name in names for key in rows_of(kind, store.get(name))) == [1, 2, 3], kind


@pytest.fixture
def secure_server(web_server, tmp_path):
    """The web server's folder over TLS, and what trusts it."""
    certificate, key = make_certificate(tmp_path, "IP:127.0.0.1")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=web_server.folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}", {"SSL_CERT_FILE": str(certificate)}
    server.shutdown()
    server.server_close()


def test_a_web_server_gives_files_of_every_kind(ingestr, folder, web_server):
    for kind in KINDS:
        (web_server.folder / f"x.{kind}").write_bytes(content(kind))
        load(ingestr, f"{web_server.url}/x.{kind}", "duckdb://to.duckdb")
        assert duckdb_rows(folder / "to.duckdb") == ROWS, kind


def test_a_web_server_gives_them_over_tls(ingestr, folder, web_server, secure_server):
    url, trusted = secure_server
    for kind in ("csv.gz", "json", "parquet", "xlsx"):
        (web_server.folder / f"x.{kind}").write_bytes(content(kind))
        outcome = ingestr.ingest(f"{url}/x.{kind}", "rows", "--no-load-timestamp", into="loaded", file="duckdb://to.duckdb", env=trusted)
        assert outcome.status == 0, outcome.err
        assert duckdb_rows(folder / "to.duckdb") == ROWS, kind
    outcome = ingestr.ingest(f"{url}/x.csv.gz", "rows")
    assert outcome.status == 1, outcome.out


@pytest.mark.parametrize("place", ["duckdb", "sqlite", "parquet", "postgres", "mysql"])
def test_a_time_without_a_zone_is_one_of_utc_where_the_target_has_instants(request, ingestr, folder, file, place):
    if place in SERVERS:
        server = request.getfixturevalue({"mysql": "mariadb"}.get(place, place))
        target, table = server.uri(), ("public" if place == "postgres" else server.database) + ".instants"
        server.execute(f"DROP TABLE IF EXISTS {table}")
    else:
        target, table = f"{place}:///t.{place}", "instants"
    for name, seen, flags in (("zoned", "2026-01-31T10:00:00+02:00", []), ("naive", "2026-01-31 07:00:00", APPEND), ("day", "2026-01-30", APPEND)):
        (folder / f"{name}.csv").write_text(f"name,seen\n{name},{seen}\n")
        ingestr.load(f"csv://{name}.csv", "rows", "--no-load-timestamp", *flags, file=target, into=table)
    ingestr.load(target, table, "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest")[1] == ("seen", "TIMESTAMP WITH TIME ZONE")
    assert duckdb_file.query(file, "SELECT name, (epoch(seen) - epoch(TIMESTAMPTZ '2026-01-31 00:00:00+00')) / 3600 FROM dest.rows ORDER BY seen") == [
        ("day", -24), ("naive", 7), ("zoned", 8)]

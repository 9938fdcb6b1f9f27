"""The examples of the manual pages run as they stand, and the pages say what the program declares.

Those of databases run beside the servers' other tests: test_postgres.py, test_mysql.py, test_sqlite_destination.py, test_database_files.py."""

import gzip
import os
import pathlib
import subprocess

import fastavro
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

import duckdb_file
import manual
from test_azure import uri as azure_uri
from test_remote_files import piped, store_uri

ROWS = [{"id": 1, "zip": "00123", "country": "DE", "year": 2026}, {"id": 2, "zip": "x", "country": None, "year": 2025}]
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/manual"


def write_orders(folder):
    """The files that the examples read."""
    names = list(ROWS[0])
    fields = [names, *([str(row[name] or "") for name in names] for row in ROWS)]
    (folder / "orders.csv").write_text("".join(",".join(row) + "\n" for row in fields))
    (folder / "orders.tsv").write_text("".join("\t".join(row) + "\n" for row in fields))
    objects = ['{"id":1,"zip":"00123","country":"DE","year":2026}', '{"id":2,"zip":"x","country":null,"year":2025}']
    (folder / "orders.jsonl").write_text("\n".join(objects))
    (folder / "orders.json").write_text("[" + ",".join(objects) + "]")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), folder / "orders.parquet")
    with open(folder / "orders.avro", "wb") as out:
        fastavro.writer(out, {"type": "record", "name": "row", "fields": [
            {"name": "id", "type": "long"}, {"name": "zip", "type": "string"}, {"name": "country", "type": ["null", "string"]},
            {"name": "year", "type": "int"}]}, ROWS)
    book = openpyxl.Workbook()
    sales = book.create_sheet("Sales")
    for row in [names, *([row[name] for name in names] for row in ROWS)]:
        sales.append(row)
    book.save(folder / "orders.xlsx")


def written(folder, uri):
    """id and zip of the rows that an example has loaded."""
    scheme, path = uri.split("?")[0].split("://")
    if scheme == "duckdb":
        return duckdb_file.query(folder / path.strip("/"), "SELECT id::INT, zip FROM dest.orders ORDER BY id")
    if scheme == "xlsx":
        header, *rows = openpyxl.load_workbook(folder / path)["Sales"].iter_rows(values_only=True)
        return [(row[header.index("id")], row[header.index("zip")]) for row in rows]
    assert scheme == "parquet"
    place = folder / path
    files = [place] if place.is_file() else sorted(place.rglob("orders-*.parquet"))
    rows = [row for file in files for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()]
    return sorted((row["id"], row["zip"]) for row in rows)


def numbered(*pages):
    return [pytest.param(page, number, id=f"{page}-{number}") for page in pages for number in range(len(manual.examples(page)))]


@pytest.mark.parametrize("page, number", numbered("csv", "jsonl", "files", "file_destinations", "duckdb"))
def test_an_example_of_files(ingestr, folder, page, number):
    write_orders(folder)
    arguments = manual.examples(page)[number]
    target = manual.flag(arguments, "--dest-uri")
    source = manual.flag(arguments, "--source-uri")
    if source.startswith("duckdb"):
        assert ingestr.run(*manual.examples(page)[0]).status == 0
    if not target.startswith("duckdb") and not target.endswith("/"):
        (folder / target.split("?")[0].split("://")[1]).unlink()
    outcome = ingestr.run(*arguments)
    assert outcome.status == 0, outcome.err
    assert written(folder, target) == [(1, "00123"), (2, "x")]


def test_the_example_of_attio(ingestr, folder, shared_sandbox):
    outcome = ingestr.run(*manual.example("attio", source_uri=shared_sandbox.uri()))
    assert outcome.status == 0, outcome.err
    assert duckdb_file.count(folder / "attio.duckdb", "dest.companies") > 0


def test_the_examples_of_places(ingestr, folder, tmp_path, web_server, object_store, azure):
    """Each as it stands but for where the server is; that of SFTP is in test_sftp.py."""
    local, pipe, web, s3, gs, az, _ = manual.examples("places")
    write_orders(folder)
    data = (folder / "orders.parquet").read_bytes()
    (folder / "data/2026").mkdir(parents=True)
    (folder / "data/2026/orders.parquet").write_bytes(data)
    (tmp_path / "served/2026").mkdir()
    (tmp_path / "served/2026/orders.csv.gz").write_bytes(gzip.compress((folder / "orders.csv").read_bytes()))
    with object_store.files().open_output_stream("lake/2026/01/orders.parquet") as out:
        out.write(data)
    azure.put("2026/01/orders.parquet", data)

    def place(arguments, uri):
        arguments[arguments.index("--source-uri") + 1] = uri
        return arguments

    def path(arguments):
        _, _, key = manual.flag(arguments, "--source-uri").split("://")[1].split("?")[0].partition("/")
        return f"lake/{key}".removesuffix("/")

    runs = [
        local,
        place(web, manual.flag(web, "--source-uri").replace("https://example.com", web_server.url)),
        place(s3, store_uri(object_store, path(s3))),
        place(gs, store_uri(object_store, path(gs)).replace("s3://", "gs://")),
        place(az, azure_uri(azure, path(az))),
    ]
    for arguments in runs:
        outcome = ingestr.run(*arguments)
        assert outcome.status == 0, (arguments, outcome.err)
        assert written(folder, "duckdb:///shop.duckdb") == [(1, "00123"), (2, "x")], arguments
        (folder / "shop.duckdb").unlink()
    status, out, err = piped(ingestr, (folder / "orders.csv").read_bytes(), *pipe)
    assert status == 0 and out.decode().startswith('{"id":1,"zip":"00123","country":"DE"'), err


def test_the_parameters_of_all_pages_are_those_that_the_program_declares():
    outcome = subprocess.run([SCRIPT, "--check", os.environ["INGESTR_BIN"]], capture_output=True, text=True)
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize("uri", [
    "attio://", "postgres://u@127.0.0.1:1/d", "mysql://u@127.0.0.1:1/d", "sqlite:///x.db", "duckdb:///x.duckdb", "csv://x.csv", "tsv://x.tsv",
    "jsonl://x.jsonl", "json://x.json", "parquet://x.parquet", "avro://x.avro", "xlsx://x.xlsx", "s3://b/x.csv", "gs://b/x.csv", "az://b/x.csv", "sftp://h/x.csv"])
def test_what_is_not_declared_is_refused(ingestr, uri):
    outcome = ingestr.ingest(uri + "?no_such_parameter=1", "x", file="duckdb:///other.duckdb")
    assert outcome.status == 2 and "no_such_parameter" in outcome.error(), outcome.err
    if uri.split(":")[0] not in ("attio", "avro"):
        outcome = ingestr.ingest("csv://there-is-none.csv", "x", file=uri + "?no_such_parameter=1")
        assert outcome.status == 2 and "no_such_parameter" in outcome.error(), outcome.err

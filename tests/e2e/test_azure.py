"""Files of Azure Blob Storage, read and written, against Azurite."""

import decimal
import io
import json
import signal
import time
from urllib.parse import urlencode

import duckdb
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

import azure_server
import duckdb_file
from program import SOON, wait_until
from tls_front import TlsFront, make_certificate

ROWS = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
CSV = b"id,name\n1,a\n2,b\n"


def uri(server, path, **more):
    values = {"account_name": azure_server.ACCOUNT, "account_key": azure_server.KEY, "endpoint_url": server.endpoint, **more}
    return f"az://{path}?{urlencode({name: value for name, value in values.items() if value})}"


def load(ingestr, *arguments, **options):
    return ingestr.load(*arguments[:1], options.pop("table", "rows"), *arguments[1:], "--no-load-timestamp", **options)


def rows_in(folder, name="x.json"):
    (folder / name).write_text(json.dumps(ROWS))
    return f"json://{name}"


def parquet(rows):
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), out)
    return out.getvalue()


def test_files_and_patterns_are_read(ingestr, file, azure):
    azure.put("in/a b/x.csv", CSV)
    load(ingestr, uri(azure, "lake/in/a%20b/x.csv"))
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, "a"), (2, "b")]
    for month in (1, 2):
        azure.put(f"y/month={month}/x.parquet", parquet([{"id": month}]))
    load(ingestr, uri(azure, "lake/y/**/*.parquet"))
    assert sorted(duckdb_file.column(file, "SELECT id FROM dest.rows")) == [1, 2]
    load(ingestr, uri(azure, "lake"), table="y/month=2/*.parquet")
    assert duckdb_file.column(file, "SELECT id FROM dest.rows") == [2]


@pytest.mark.parametrize("kind, reader", [("csv", "read_csv"), ("jsonl", "read_json"), ("json", "read_json"), ("parquet", "read_parquet"), ("csv.gz", "read_csv")])
def test_files_are_written_and_appended_to(ingestr, folder, azure, kind, reader):
    key = f"out/a b=/x.{kind}"
    target = uri(azure, f"lake/out/a%20b%3D/x.{kind}")
    load(ingestr, rows_in(folder), file=target)
    load(ingestr, rows_in(folder), "--incremental-strategy", "append", file=target)
    (folder / f"back.{kind}").write_bytes(azure.get(key))
    assert duckdb.sql(f"SELECT id, name FROM {reader}('{folder}/back.{kind}')").fetchall() == [(1, "a"), (2, "b")] * 2


def test_every_kind_of_credentials(ingestr, folder, azure):
    source = rows_in(folder)
    connection = (f"DefaultEndpointsProtocol=http;AccountName={azure_server.ACCOUNT};AccountKey={azure_server.KEY};"
                  f"BlobEndpoint={azure.endpoint};")
    none = {"account_name": "", "account_key": "", "endpoint_url": ""}
    ways = [(uri(azure, "lake/by/sas.csv", account_key="", sas_token=azure.sas()), {}),
            (uri(azure, "lake/by/connection.csv", connection_string=connection, **none), {}),
            (uri(azure, "lake/by/environment.csv", account_name="", account_key=""),
             {"AZURE_STORAGE_ACCOUNT": azure_server.ACCOUNT, "AZURE_STORAGE_KEY": azure_server.KEY})]
    for target, environment in ways:
        load(ingestr, source, file=target, env=environment)
    assert {azure.get(f"by/{name}.csv") for name in ("sas", "connection", "environment")} == {CSV}


def test_the_account_of_the_uri_counts_and_not_that_of_the_environment(ingestr, folder, azure):
    azure.put("mine.csv", CSV)
    connection = f"AccountName={azure_server.ACCOUNT};AccountKey={azure_server.KEY};BlobEndpoint={azure.endpoint};"
    other = uri(azure, "lake/mine.csv", account_name="somebody", account_key="b3RoZXI=")
    for source, file in [(other, "duckdb:///x.duckdb"), (rows_in(folder), other)]:
        assert ingestr.ingest(source, "rows", file=file, env={"AZURE_STORAGE_CONNECTION_STRING": connection}).status == 1
    assert azure.get("mine.csv") == CSV
    lent = {"AZURE_STORAGE_SAS_TOKEN": "sv=2021-08-06&sp=r&sig=eA%3D%3D"}
    load(ingestr, rows_in(folder), file=uri(azure, "lake/mine2.csv"), env=lent)
    load(ingestr, uri(azure, "lake/mine2.csv"), env=lent)


def test_who_may_only_create_and_write(ingestr, folder, azure):
    def target(name):
        return uri(azure, f"lake/only/{name}", account_key="", sas_token=azure.sas("wc"))
    for _ in range(2):
        load(ingestr, rows_in(folder), file=target("x.csv"))
    assert azure.get("only/x.csv") == CSV
    load(ingestr, rows_in(folder), "--incremental-strategy", "append", file=target("d/"))
    outcome = ingestr.ingest(rows_in(folder), "rows", "--incremental-strategy", "append", file=target("x.csv"))
    assert "the store does not let it be read (AuthorizationPermissionMismatch), as append needs; use the strategy replace" in outcome.error()
    assert azure.get("only/x.csv") == CSV


def test_a_certificate_of_ones_own(ingestr, folder, azure, tmp_path):
    certificate, key = make_certificate(tmp_path, "IP:127.0.0.1")
    front = TlsFront(azure, certificate, key)
    target = uri(azure, "lake/tls.csv", endpoint_url=f"https://127.0.0.1:{front.port}/{azure_server.ACCOUNT}")
    try:
        outcome = ingestr.ingest(target, "rows")
        assert outcome.status == 1 and "the server's certificate cannot be verified" in outcome.error()
        trusted = {"SSL_CERT_FILE": str(certificate)}
        load(ingestr, rows_in(folder), file=target, env=trusted)
        load(ingestr, target, env=trusted)
    finally:
        front.stop()


def test_a_proxy_that_asks_who_asks(ingestr, folder, azure, proxy):
    proxy.wants_user = True
    azure.put("behind.csv", CSV)
    outcome = ingestr.ingest(uri(azure, "lake/behind.csv"), "rows", env=proxy.environment)
    assert outcome.status == 1 and "the proxy refuses access (HTTP 407)" in outcome.error()
    environment = {"http_proxy": f"http://me:s%40cret@{proxy.host}"}
    load(ingestr, uri(azure, "lake/behind.csv"), env=environment)
    load(ingestr, rows_in(folder), file=uri(azure, "lake/behind2.csv"), env=environment)
    assert {user for *_, user in proxy.asked} == {None, "me:s@cret"}


def test_what_the_second_file_of_a_pattern_has_is_looked_at(ingestr, file, azure):
    azure.put("wide/1.parquet", parquet([{"v": 1.5}]))
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"v": pyarrow.array([decimal.Decimal("1.50")], pyarrow.decimal256(40, 2))}), out)
    azure.put("wide/2.parquet", out.getvalue())
    outcome = ingestr.ingest(uri(azure, "lake/wide/*.parquet"), "rows")
    assert outcome.status == 1 and "wide/2.parquet: column v has decimals of 40 digits" in outcome.error() and not file.exists()


def test_a_blob_that_changes_while_it_is_read(ingestr, file, azure, proxy):
    def rows(letter):
        return b"id,v\n" + b"".join(b"%d,%s\n" % (i, letter) for i in range(1000))
    reads = []

    def replace(method, address):
        if method == "GET" and not reads:
            reads.append(address)
            time.sleep(1.1)   # times of blobs are of whole seconds
            azure.put("changing.csv", rows(b"b"))
    azure.put("changing.csv", rows(b"a"))
    proxy.on_answer = replace
    outcome = ingestr.ingest(uri(azure, "lake/changing.csv"), "rows", env=proxy.environment)
    assert reads and (outcome.status, outcome.error()) == (1, "Error: az://lake/changing.csv: it has changed while it was read; run again")
    assert not file.exists()
    load(ingestr, uri(azure, "lake/changing.csv"), env=proxy.environment)


def test_large_files_go_in_blocks(ingestr, folder, azure):
    table = pyarrow.table({"id": range(400_000), "pad": [f"{i * 7919:060}" for i in range(400_000)]})
    pyarrow.parquet.write_table(table, folder / "x.parquet")
    load(ingestr, "parquet://x.parquet", file=uri(azure, "lake/large.csv"))
    back = pyarrow.csv.read_csv(pyarrow.BufferReader(azure.get("large.csv")),
                                convert_options=pyarrow.csv.ConvertOptions(column_types={"pad": pyarrow.string()}))
    assert back.equals(table)


def test_a_directory_gets_a_file_more(ingestr, folder, azure):
    for _ in range(2):
        load(ingestr, rows_in(folder), "--incremental-strategy", "append", file=uri(azure, "lake/more/"))
    names = [name for name in azure.names() if name.startswith("more/")]
    assert len(names) == 2
    for name in names:
        assert pyarrow.parquet.read_table(pyarrow.BufferReader(azure.get(name))).to_pylist() == ROWS


def test_a_directory_is_replaced_and_parted(ingestr, folder, azure):
    def names():
        return sorted(name for name in azure.names() if name.startswith("parts/"))
    target = uri(azure, "lake/parts/")
    for _ in range(2):
        load(ingestr, rows_in(folder), "--incremental-strategy", "append", file=target)
    load(ingestr, rows_in(folder), "--partition-by", "name", file=target)
    assert [name.rsplit("/", 1)[0] for name in names()] == ["parts/name=a", "parts/name=b"]
    assert [pyarrow.parquet.read_table(pyarrow.BufferReader(azure.get(name))).to_pylist() for name in names()] == [[{"id": 1}], [{"id": 2}]]
    azure.put("parts/notes.txt", b"mine")
    outcome = ingestr.ingest(rows_in(folder), "rows", file=target)
    assert outcome.status == 2 and "notes.txt" in outcome.error() and len(names()) == 3


def test_what_the_store_refuses_is_named(ingestr, folder, azure):
    source = rows_in(folder)
    wrong = "d3Jvbmcga2V5IG9mIG5vYm9keQ=="
    load(ingestr, source, file=uri(azure, "lake/keep.csv"))
    for target, words in [(uri(azure, "lake/keep.csv", account_key=wrong), "the store refuses it"),
                          (uri(azure, "lake/keep.csv", account_key="no base64!"), "account_key is no key"),
                          (uri(azure, "lake/keep.csv", account_key="", sas_token="sv=2021-08-06&sig=wrong"), "the store refuses it"),
                          (uri(azure, "nothing/keep.csv"), "ContainerNotFound"),
                          (uri(azure, "lake/keep.csv", account_name="", account_key=""), "account_name"),
                          (uri(azure, "lake", format="csv"), "az://container/file.parquet")]:
        outcome = ingestr.ingest(source, "rows", file=target)
        assert outcome.status in (1, 2) and words in outcome.error(), outcome.err
        for secret in (wrong, azure_server.KEY, "sig=wrong"):
            assert secret not in outcome.err + outcome.out
    assert azure.get("keep.csv").startswith(b"id,name")
    for key, source, status, words in [
            (wrong, "lake/keep.csv", 1, "az://lake/keep.csv: access is refused (AuthorizationFailure); check the credentials and what they may read"),
            (wrong, "lake/*.csv", 1, "az://lake/*.csv: access is refused (AuthorizationFailure); check the credentials and what they may read"),
            ("no base64!", "lake/keep.csv", 2, "account_key is no key of a storage account, which is text in base64; copy it again from the account's access keys"),
            (azure_server.KEY, "lake/none.csv", 1, "az://lake/none.csv: there is no such file; correct its name"),
            (azure_server.KEY, "lake/none.parquet", 1, "az://lake/none.parquet: there is no such file; correct its name")]:
        outcome = ingestr.ingest(uri(azure, source, account_key=key), "rows")
        assert (outcome.status, outcome.error()) == (status, f"Error: {words}"), outcome.err


@pytest.mark.parametrize("is_there", [True, False], ids=["replaced", "new"])
def test_ctrl_c_while_a_blob_is_written_leaves_nothing_of_it(ingestr, folder, azure, proxy, tmp_path, is_there):
    """But for blocks that nobody sees and Azure drops."""
    key = f"halfway/{is_there}.csv"
    if is_there:
        load(ingestr, rows_in(folder), file=uri(azure, f"lake/{key}"))
    table = pyarrow.table({"id": range(300_000), "pad": [f"{i * 7919:060}" for i in range(300_000)]})
    pyarrow.parquet.write_table(table, folder / "x.parquet")
    proxy.silent = lambda method, address: "blockid=00000001" in address   # the second one
    process = ingestr.start(*ingestr.ingest_arguments("parquet://x.parquet", "rows", file=uri(azure, f"lake/{key}")),
                            env={"TMPDIR": str(tmp_path), **proxy.environment})
    wait_until(lambda: proxy.silences, "it goes over")
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON and "interrupted" in outcome.error(), outcome.err
    assert (key in azure.names()) == is_there and (not is_there or azure.get(key) == CSV)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_names_that_xml_writes_with_entities(ingestr, folder, azure):
    target = uri(azure, "lake/entities/")
    for _ in range(2):   # the second one has to find and remove the file of the first
        load(ingestr, rows_in(folder), file=target, into='a&b <"ü\'> c')
    names = [name for name in azure.names() if name.startswith("entities/")]
    assert len(names) == 1 and "a&b <\"ü'> c" in names[0]
    azure.put("entities/x&y.csv", b"mine")
    outcome = ingestr.ingest(rows_in(folder), "rows", file=target)
    assert outcome.status == 2 and "x&y.csv in it" in outcome.error()


ODD = ["x*.csv", "x1.csv", "x?.csv", "x[1].csv"]


@pytest.mark.parametrize("name, ids", [
    ("x%2A.csv", [0]), ("x1.csv", [1]), ("x%3F.csv", [2]), ("x%5B1%5D.csv", [3]), ("x*.csv", [0, 1, 2, 3]), ("*%5B1%5D.csv", [3]), ("*%2A.csv", [0]),
    ("*%3F.csv", [2])])
def test_only_a_star_that_is_written_as_such_is_a_pattern(ingestr, file, azure, name, ids):
    for i, odd in enumerate(ODD):
        azure.put(f"odd/{odd}", f"id\n{i}\n".encode())
    load(ingestr, uri(azure, f"lake/odd/{name}"))
    assert duckdb_file.column(file, "SELECT id FROM dest.rows ORDER BY id") == ids
    if "%" not in name:
        load(ingestr, uri(azure, "lake"), table=f"odd/{name}")
        assert duckdb_file.column(file, "SELECT id FROM dest.rows ORDER BY id") == ids

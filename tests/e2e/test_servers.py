"""The servers that other tests use, asked by their own clients: what is wrong with them shows here."""

import os
import urllib.request

import duckdb
import pytest


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_databases_take_rows_in_any_script(request, name):
    server = request.getfixturevalue(name)
    server.execute("CREATE TABLE probe (a INTEGER, b VARCHAR(20))", "INSERT INTO probe VALUES (1, 'ü ☃ 🜁')")
    assert server.query("SELECT a, b FROM probe") == [(1, "ü ☃ 🜁")]
    server.execute("DROP TABLE probe")


@pytest.mark.parametrize("name", ["postgres", "mariadb", "object_store", "azure", "ssh_server"])
def test_servers_listen_on_loopback_only(request, name):
    server = request.getfixturevalue(name)
    process = server.process_id
    with open(f"/proc/{process}/net/tcp") as table:
        addresses = {line.split()[1] for line in table.readlines()[1:] if line.split()[3] == "0A"}
    assert f"0100007F:{server.port:04X}" in addresses
    assert f"00000000:{server.port:04X}" not in addresses


@pytest.mark.parametrize("name", ["postgres", "mariadb", "ssh_server"])
def test_servers_of_the_system_are_not_roots(request, name):
    assert os.stat(f"/proc/{request.getfixturevalue(name).process_id}").st_uid != 0


def test_the_object_store_keeps_files(object_store):
    files = object_store.files()
    with files.open_output_stream("lake/a b/x.txt") as file:
        file.write(b"hello")
    with files.open_input_stream("lake/a b/x.txt") as file:
        assert file.read() == b"hello"


def test_the_azure_store_keeps_blobs(azure):
    azure.put("a b/x.txt", b"hello")
    assert azure.get("a b/x.txt") == b"hello" and "a b/x.txt" in azure.names()


def test_the_web_server_answers_ranges(web_server):
    (web_server.folder / "x y.txt").write_bytes(b"0123456789")
    request = urllib.request.Request(web_server.url + "/x%20y.txt", headers={"Range": "bytes=2-4"})
    with urllib.request.urlopen(request) as response:
        assert (response.status, response.read(), response.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert web_server.requests == {"GET /x%20y.txt": 1}


def test_the_extensions_are_those_of_the_tests_duckdb(ingestr):
    """The same version reads what the program wrote; and a folder beside the program is whole."""
    folder = os.path.join(os.path.dirname(ingestr.binary), "lib", "duckdb_extensions", f"v{duckdb.__version__}", "linux_amd64")
    assert sorted(os.listdir(folder)) == [f"{name}.duckdb_extension" for name in (
        "avro", "azure", "httpfs", "mysql_scanner", "postgres_scanner", "sqlite_scanner")]

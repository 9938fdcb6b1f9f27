"""HTTPS, HTTP/2 and proxies, with a server and certificates of somebody else's making."""

import pytest

import duckdb_file
from tls_front import TlsFront, TunnelProxy, make_certificate


@pytest.fixture
def front(tmp_path, shared_sandbox):
    server = TlsFront(shared_sandbox, *make_certificate(tmp_path, "IP:127.0.0.1"))
    yield server
    server.stop()


@pytest.fixture
def trusted(tmp_path):
    return {"SSL_CERT_FILE": str(tmp_path / "certificate.pem")}


@pytest.fixture
def proxy():
    server = TunnelProxy()
    yield server
    server.stop()


def test_a_table_over_tls_and_http_2(ingestr, file, shared_sandbox, front, trusted):
    outcome = ingestr.ingest(front.uri(shared_sandbox), "records:companies", env=trusted)
    assert outcome.status == 0, outcome.err
    assert sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows")) == sorted(shared_sandbox.ids(object="companies"))
    assert len(front.versions) > 2 and set(front.versions) == {"2"}


def test_a_certificate_that_nobody_vouches_for(ingestr, folder, shared_sandbox, front):
    outcome = ingestr.ingest(front.uri(shared_sandbox), "objects")
    assert outcome.status == 1 and "certificate" in outcome.error() and "SSL_CERT_FILE" in outcome.error()
    assert front.versions == [] and list(folder.iterdir()) == []


def test_a_certificate_of_another_host(ingestr, folder, tmp_path, shared_sandbox, trusted):
    other = TlsFront(shared_sandbox, *make_certificate(tmp_path, "DNS:example.com"))
    try:
        outcome = ingestr.ingest(other.uri(shared_sandbox), "objects", env=trusted)
    finally:
        other.stop()
    assert outcome.status == 1 and "certificate" in outcome.error() and "127.0.0.1" in outcome.error()
    assert other.versions == [] and list(folder.iterdir()) == []


def test_a_file_of_certificates_that_is_not_there(ingestr, folder, shared_sandbox, front):
    outcome = ingestr.ingest(front.uri(shared_sandbox), "objects", env={"SSL_CERT_FILE": "/nowhere/ca.pem"})
    assert outcome.status == 1 and "SSL_CERT_FILE" in outcome.error() and list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_for_https(ingestr, shared_sandbox, front, trusted, proxy, name):
    outcome = ingestr.ingest(front.uri(shared_sandbox), "objects", env={**trusted, name: proxy.url})
    assert outcome.status == 0, outcome.err
    assert proxy.tunnels and set(proxy.tunnels) == {f"127.0.0.1:{front.port}"} and set(front.versions) == {"2"}


def test_no_proxy_for_this_host(ingestr, shared_sandbox, front, trusted, proxy):
    outcome = ingestr.ingest(front.uri(shared_sandbox), "objects",
                             env={**trusted, "HTTPS_PROXY": proxy.url, "NO_PROXY": "localhost,127.0.0.1"})
    assert outcome.status == 0, outcome.err
    assert proxy.tunnels == [] and front.versions

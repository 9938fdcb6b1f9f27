"""Fixtures of the end-to-end tests.

INGESTR_BIN and SANDBOX_BIN name the programs. Every test has a folder, servers and ports of its own, so tests may run in any
order and several at a time.
"""

import os
import signal

import pytest

from attio_sandbox import Sandbox, sandbox_binary
from program import Program
from proxy_server import ProxyServer
from scripted_api import ScriptedApi
from web_server import WebServer


def pytest_configure():
    # A shell starts background jobs with SIGINT ignored, and what they start inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    missing = [name for name in ("INGESTR_BIN", "SANDBOX_BIN") if not os.access(os.environ.get(name, ""), os.X_OK)]
    if missing:
        pytest.exit(f"set {' and '.join(missing)} to the built programs, or run `make test`", returncode=2)


@pytest.fixture
def folder(tmp_path):
    """The current directory of the program: empty, and nothing but the program writes into it."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.fixture
def ingestr(folder):
    return Program(os.environ["INGESTR_BIN"], folder)


@pytest.fixture
def start_sandbox():
    """Call it with the sandbox's switches; any number of times."""
    started = []

    def start(*switches):
        started.append(Sandbox(sandbox_binary(), switches))
        return started[-1]

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def start_api():
    """Call it with an answer (see scripted_api.py)."""
    started = []

    def start(answer):
        started.append(ScriptedApi(answer))
        return started[-1]

    yield start
    for api in started:
        api.stop()


@pytest.fixture(scope="session")
def shared_sandbox():
    """One for all tests that only read, and change neither its rows nor its faults."""
    sandbox = Sandbox(sandbox_binary(), ["--rate-limit", "0"])
    yield sandbox
    sandbox.stop()


@pytest.fixture
def file(folder):
    """Where the tests let the program write."""
    return folder / "attio.duckdb"


# ---- servers of others, one of each for all tests of a file, started when the first of them wants it. Their clients are
# imported as late, for most files want none.

def running(server):
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres():
    from postgres_server import PostgresServer
    yield from running(PostgresServer())


@pytest.fixture(scope="session")
def mariadb():
    from mariadb_server import MariadbServer
    yield from running(MariadbServer())


@pytest.fixture(scope="session")
def object_store():
    from s3_server import S3Server
    yield from running(S3Server())


@pytest.fixture(scope="session")
def azure():
    from azure_server import AzureServer
    yield from running(AzureServer())


@pytest.fixture(scope="session")
def ssh_server():
    from ssh_server import SshServer
    yield from running(SshServer())


@pytest.fixture
def proxy():
    yield from running(ProxyServer())


@pytest.fixture
def web_server(tmp_path):
    """Of a folder of its own."""
    served = tmp_path / "served"
    served.mkdir()
    yield from running(WebServer(served))

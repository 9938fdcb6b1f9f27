"""URIs of database servers: parameters that cannot be what they are, and how long a connection is waited for."""

import contextlib
import socket

import pytest


def outcomes(ingestr, folder, uri):
    """Of the URI as a source and as a destination."""
    (folder / "rows.csv").write_text("id\n1\n", encoding="utf-8")
    return [ingestr.ingest(uri, "events"), ingestr.ingest("csv://rows.csv", "rows", file=uri)]


@pytest.mark.parametrize("uri, words", [
    ("postgres://u@127.0.0.1:1/d?sslmode=bogus", 'there is no sslmode "bogus"; use disable, allow, prefer, require, verify-ca or verify-full'),
    ("postgres://u@127.0.0.1:1/d?sslmode=Require", 'there is no sslmode "Require"'),
    ("postgres://u@127.0.0.1:1/d?connect_timeout=x",
     'connect_timeout is "x", which is no number of seconds; write a whole number such as 15, or 0 to wait without end'),
    ("mysql://u@127.0.0.1:1/d?ssl_mode=bogus", 'there is no ssl_mode "bogus"; use disabled, preferred, required, verify_ca or verify_identity'),
    ("mysql://u@127.0.0.1:1/d?connect_timeout=1.5", 'connect_timeout is "1.5", which is no number of seconds'),
    ("mysql://u@127.0.0.1:1/d?charset=utf8mb4",
     'has a parameter "charset"; it takes ssl_mode, ssl_ca, ssl_cert, ssl_key, connect_timeout'),
])
def test_a_wrong_parameter_is_named_before_anybody_is_asked(ingestr, folder, uri, words):
    for outcome in outcomes(ingestr, folder, uri):
        assert outcome.status == 2 and words in outcome.error(), outcome.err


@contextlib.contextmanager
def full_port():
    """Nobody answers there: connections wait in a queue that takes no more."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = []
        for _ in range(4):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for one in waiting:
            one.close()


@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_no_server_is_waited_for_longer_than_connect_timeout(ingestr, folder, scheme):
    with full_port() as port:
        for outcome in outcomes(ingestr, folder, f"{scheme}://u@127.0.0.1:{port}/d?connect_timeout=2"):
            assert outcome.status == 1 and f"d on 127.0.0.1:{port}" in outcome.error(), outcome.err
            assert 1.5 < outcome.seconds < 14



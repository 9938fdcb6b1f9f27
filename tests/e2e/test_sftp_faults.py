"""SFTP servers on a bad day, and those that want a password."""

import signal
import socket

import asyncssh
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

import duckdb_file
from local_server import closed_port
from program import SOON, wait_until
from scripted_ssh import PASSWORD, USER, ScriptedSsh

CSV = "id,name\n1,a\n2,b\n"


@pytest.fixture
def server(tmp_path):
    served = tmp_path / "served"
    served.mkdir()
    one = ScriptedSsh(served)
    yield one
    one.stop()


@pytest.fixture
def large(server, folder):
    """4 MB that no line of is another's."""
    table = pyarrow.table({"id": range(60_000), "pad": [f"{i * 7919:060}" for i in range(60_000)]})
    pyarrow.csv.write_csv(table, server.folder / "x.csv")
    pyarrow.csv.write_csv(table, folder / "x.csv")
    return (server.folder / "x.csv").stat().st_size


def load(ingestr, uri, *flags, **options):
    return ingestr.load(uri, "rows", "--no-load-timestamp", *flags, **options)


def is_whole(file):
    return duckdb_file.query(file, "SELECT count(*), sum(id), count(DISTINCT pad) FROM dest.rows") == [(60_000, sum(range(60_000)), 60_000)]


# ---- passwords

def test_every_way_to_give_a_password(ingestr, file, server):
    (server.folder / "x.csv").write_text(CSV)
    nameless = server.uri("/x.csv", password="").replace("lo%20ader@", "")
    ways = [(server.uri("/x.csv"), {}), (server.uri("/x.csv", password=""), {"SFTP_PASSWORD": PASSWORD}),
            (server.uri("/x.csv", password="") + "&password=p%40ss%3Aw%2Fo%3Fr%23d%2520%20'%22%5C%C3%BC", {}),
            (nameless, {"SFTP_USERNAME": USER, "SFTP_PASSWORD": PASSWORD})]
    for uri, environment in ways:
        load(ingestr, uri, env=environment)
    server.questions = True
    load(ingestr, server.uri("/x.csv"))
    assert server.logins == 5
    assert duckdb_file.query(file, "SELECT * FROM dest.rows") == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("questions", [False, True])
def test_a_wrong_password_is_refused_and_never_shown(ingestr, server, questions):
    server.questions = questions
    wrong = "wr/ong&pass word"
    outcome = ingestr.ingest(server.uri("/x.csv", password=wrong), "rows", "--debug")
    assert outcome.status == 1 and f"127.0.0.1:{server.port} refuses the user {USER} with this password" in outcome.err
    assert "it takes a password" in outcome.err
    for form in (wrong, "wr%2Fong", "ong&pass", "pass%20word"):
        assert form not in outcome.err + outcome.out
    outcome = ingestr.ingest(server.uri("/x.csv", password="").replace("?", "/#csv?"), "rows", "--debug", env={"SFTP_PASSWORD": wrong})
    assert outcome.status == 1 and "ong&pass" not in outcome.err + outcome.out


def test_without_a_password(ingestr, server):
    outcome = ingestr.ingest(server.uri("/x.csv", password=""), "rows")
    assert outcome.status == 1 and "with the keys of the agent and of ~/.ssh, it takes a password" in outcome.error()


def test_uris_that_are_none(ingestr):
    for uri, words in (("sftp:///x.csv", "names no host"), ("sftp://u:s3cret/w@h/x.csv", "the port of the sftp:// URI"),
                       ("sftp://u:s3cretw@h:0/x.csv", "no number from 1 to 65535"), ("sftp://u@h/x.csv?identity=1", "identity"),
                       ("sftp://u@h/a%00b.csv", "NUL")):
        outcome = ingestr.ingest(uri, "rows")
        assert outcome.status == 2 and words in outcome.error() and "s3cret" not in outcome.err, uri


# ---- connections that break

def test_a_file_is_read_on_where_the_connection_broke(ingestr, file, server, large):
    server.break_reads = [1_000_000, 1_000_000]
    end = load(ingestr, server.uri("/x.csv"))
    assert end["retries"] == 2 and end["bytes"] == large
    assert is_whole(file)
    assert server.reads.count(0) == 1 and len(server.reads) < 3 * large / 32_768


@pytest.mark.parametrize("breaks", [[1_000_000], []], ids=["and the connection breaks", "alone"])
def test_a_file_that_changes_meanwhile_is_not_mixed(ingestr, server, large, breaks):
    server.break_reads = breaks
    grown = []

    def grow(offset):
        if offset > 900_000 and not grown:
            grown.append(offset)
            with open(server.folder / "x.csv", "a") as out:
                out.write("1,2\n")
    server.on_read = grow
    outcome = ingestr.ingest(server.uri("/x.csv"), "rows")
    assert outcome.status == 1 and "has changed while it was read; run again" in outcome.err
    assert not (ingestr.folder / "attio.duckdb").exists()


def test_a_file_that_becomes_shorter(ingestr, server, large):
    def cut(offset):
        with open(server.folder / "x.csv", "r+") as out:
            out.truncate(500_000)
    server.on_read = cut
    outcome = ingestr.ingest(server.uri("/x.csv"), "rows")
    assert outcome.status == 1 and "has changed while it was read; run again" in outcome.error()


def test_a_file_is_written_on_where_the_connection_broke(ingestr, server, large):
    server.break_writes = [2_200_000, 1_000_000]   # the first is more than what may be under way, so some of it is confirmed
    end = load(ingestr, "csv://x.csv", file=server.uri("/out/y.csv"))
    assert end["retries"] == 2
    assert (server.folder / "out/y.csv").read_bytes() == (server.folder / "x.csv").read_bytes().replace(b'"', b"")
    assert [path.name for path in (server.folder / "out").iterdir()] == ["y.csv"]
    assert server.writes.count(0) == 1


def test_a_server_that_is_not_there(ingestr, server):
    with closed_port() as port:
        outcome = ingestr.ingest(f"sftp://u:p@127.0.0.1:{port}/x.csv", "rows")
    assert outcome.status == 1 and f"cannot connect to 127.0.0.1:{port} (Connection refused)" in outcome.error()
    outcome = ingestr.ingest("sftp://u:p@no-such-host.invalid/x.csv", "rows")
    assert outcome.status == 1 and "cannot find the host no-such-host.invalid" in outcome.error()


def test_what_is_no_sftp_server(ingestr, web_server):
    port = web_server.url.rsplit(":", 1)[1]
    outcome = ingestr.ingest(f"sftp://u:p@127.0.0.1:{port}/x.csv", "rows")
    assert outcome.status == 1 and "does not answer as an SFTP server does" in outcome.error()


def test_a_server_that_says_nothing(ingestr):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        outcome = ingestr.ingest(f"sftp://u:p@127.0.0.1:{silent.getsockname()[1]}/x.csv", "rows")
    assert outcome.status == 1 and "does not answer as an SFTP server does within 10 s" in outcome.error()
    assert 9 < outcome.seconds < 10 + SOON


# ---- Ctrl-C

def interrupt(ingestr, process):
    process.send_signal(signal.SIGINT)
    outcome = ingestr.outcome(process)
    assert outcome.status == 130 and outcome.seconds < SOON, outcome.err


def test_ctrl_c_while_a_server_sends_nothing(ingestr, server, tmp_path):
    (server.folder / "x.csv").write_text(CSV)
    server.stall_reads = True
    process = ingestr.start(*ingestr.ingest_arguments(server.uri("/x.csv"), "rows"), env={"TMPDIR": str(tmp_path)})
    wait_until(lambda: server.reads, "it reads")
    interrupt(ingestr, process)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("ingestr-")]


def test_ctrl_c_while_a_server_says_nothing_at_all(ingestr):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        process = ingestr.start(*ingestr.ingest_arguments(f"sftp://u:p@127.0.0.1:{silent.getsockname()[1]}/x.csv", "rows"))
        silent.accept()
        interrupt(ingestr, process)


def test_ctrl_c_while_a_file_is_written_leaves_the_old_one(ingestr, server, large):
    (server.folder / "y.csv").write_text(CSV)
    server.stall_writes = True
    process = ingestr.start(*ingestr.ingest_arguments("csv://x.csv", "rows", file=server.uri("/y.csv")))
    wait_until(lambda: server.writes, "it writes")
    interrupt(ingestr, process)
    assert (server.folder / "y.csv").read_text() == CSV
    assert sorted(path.name for path in server.folder.iterdir()) == ["x.csv", "y.csv"]


def test_a_killed_run_leaves_nothing_that_is_read(ingestr, file, server, large, tmp_path):
    (server.folder / "out").mkdir()
    server.on_read = lambda offset: setattr(server, "stall_reads", len(server.reads) > 5)
    process = ingestr.start(*ingestr.ingest_arguments(server.uri("/x.csv"), "rows"), env={"TMPDIR": str(tmp_path)})
    wait_until(lambda: len(server.reads) > 5, "it reads")
    process.kill()
    process.communicate()
    left, = [path for path in tmp_path.iterdir() if path.name.startswith("ingestr-fetched-")]
    assert not [path for path in left.rglob("*") if path.is_file()]   # but links that lead nowhere
    server.on_read, server.stall_reads = lambda offset: None, False
    load(ingestr, server.uri("/x.csv"), env={"TMPDIR": str(tmp_path)})
    assert not left.exists() and is_whole(file)


# ---- servers that cannot, or will not

def test_a_server_without_posix_rename(ingestr, server, folder, monkeypatch):
    handler = asyncssh.sftp.SFTPServerHandler
    monkeypatch.setattr(handler, "_extensions", [one for one in handler._extensions if one[0] != b"posix-rename@openssh.com"])
    (folder / "in.csv").write_text(CSV)
    (server.folder / "y.csv").write_text("old\n1\n")
    load(ingestr, "csv://in.csv", file=server.uri("/y.csv"))
    load(ingestr, "csv://in.csv", file=server.uri("/z.csv"))
    assert (server.folder / "y.csv").read_text() == (server.folder / "z.csv").read_text() == CSV
    assert sorted(path.name for path in server.folder.iterdir()) == ["y.csv", "z.csv"]


@pytest.mark.parametrize("full, words", [(True, "is full; make room there and run again"), (False, "has the user lo ader used up what it may?")])
def test_a_write_that_fails(ingestr, server, folder, full, words):
    (folder / "in.csv").write_text(CSV)
    (server.folder / "y.csv").write_text("old\n1\n")
    server.full, server.fail_writes = full, asyncssh.SFTPFailure("no")
    outcome = ingestr.ingest("csv://in.csv", "rows", file=server.uri("/y.csv"))
    assert outcome.status == 1 and words in outcome.error()
    assert (server.folder / "y.csv").read_text() == "old\n1\n"
    assert [path.name for path in server.folder.iterdir()] == ["y.csv"]


def test_what_is_masked_and_large_is_refused(ingestr, server):
    with open(server.folder / "x.csv", "wb") as out:
        out.write(b"id,mail\n")
        out.truncate(300_000_000)
    outcome = ingestr.ingest(server.uri("/x.csv"), "rows", "--mask", "mail:hash")
    assert outcome.status == 1 or outcome.status == 2
    assert "brings more than 256.0 MB, which --mask keeps in memory" in outcome.error()


def test_a_wrong_place_is_told_before_rows_are_read(ingestr, server, folder):
    """The password is checked first, whatever the source takes."""
    (folder / "in.csv").write_text("id\n" + "1\n" * 10 + "1,2\n")
    outcome = ingestr.ingest("csv://in.csv", "rows", "--progress", "json", file=server.uri("/y.csv", password="nonsense"))
    assert outcome.status == 1 and "refuses the user" in outcome.end()["error"]

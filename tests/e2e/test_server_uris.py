"""URIs of database servers: parameters that cannot be what they are, sockets, and how long a connection is waited for."""

import contextlib
import socket
from urllib.parse import quote

import duckdb
import pytest

import duckdb_file
from mariadb_server import PASSWORD as MARIADB_PASSWORD
from postgres_server import PASSWORD as POSTGRES_PASSWORD


def outcomes(ingestr, folder, uri, **options):
    """Of the URI as a source and as a destination."""
    (folder / "rows.csv").write_text("id\n1\n", encoding="utf-8")
    return [ingestr.ingest(uri, "events", **options), ingestr.ingest("csv://rows.csv", "rows", file=uri, **options)]


@pytest.mark.parametrize("uri, words", [
    ("postgres://u@127.0.0.1:1/d?sslmode=bogus", 'there is no sslmode "bogus"; use disable, allow, prefer, require, verify-ca or verify-full'),
    ("postgres://u@127.0.0.1:1/d?sslmode=Require", 'there is no sslmode "Require"'),
    ("postgres://u@127.0.0.1:1/d?connect_timeout=x",
     'connect_timeout is "x", which is no number of seconds; write a whole number such as 15, or 0 to wait without end'),
    ("mysql://u@127.0.0.1:1/d?ssl_mode=bogus", 'there is no ssl_mode "bogus"; use disabled, preferred, required, verify_ca or verify_identity'),
    ("mysql://u@127.0.0.1:1/d?connect_timeout=1.5", 'connect_timeout is "1.5", which is no number of seconds'),
    ("mysql://u@127.0.0.1:1/d?charset=latin1", 'charset is "latin1", and sessions are of utf8mb4 whatever tables have; write charset=utf8mb4, or leave it out'),
    ("mysql://u@127.0.0.1:1/d?autocommit=1",
     'has a parameter "autocommit"; it takes ssl_mode, ssl_ca, ssl_cert, ssl_key, connect_timeout, unix_socket, charset'),
    ("postgres://u@127.0.0.1:1/d?channel_binding=yes", 'there is no channel_binding "yes"; use disable, prefer or require'),
    ("postgres://u@127.0.0.1:1/d?gssencmode=allow", 'there is no gssencmode "allow"; use disable, prefer or require'),
    ("postgres://u@127.0.0.1:1/d?target_session_attrs=write", 'there is no target_session_attrs "write"; use any, read-write, read-only, primary, standby or'),
    ("postgres://u@127.0.0.1:1/d?host=/tmp", "names the host 127.0.0.1 and, by its parameter host, a socket of this machine; leave one of them out"),
    ("mysql://u@/d?unix_socket=mysqld.sock", 'is "mysqld.sock", which is no path that begins with /'),
    ("postgres:///d", "the postgres:// URI names no host"),
])
def test_a_wrong_parameter_is_named_before_anybody_is_asked(ingestr, folder, uri, words):
    for outcome in outcomes(ingestr, folder, uri):
        assert outcome.status == 2 and words in outcome.error(), outcome.err


def test_parameters_that_providers_write(ingestr, folder, file, postgres):
    postgres.execute("DROP SCHEMA IF EXISTS aside CASCADE", "CREATE SCHEMA aside", "CREATE TABLE aside.events (id bigint, at timestamptz)",
                     "INSERT INTO aside.events VALUES (1, '2024-01-01T12:00:00Z')")
    uri = postgres.uri(channel_binding="prefer", gssencmode="disable", target_session_attrs="read-write",
                       options="-c search_path=aside -c DateStyle=German -c TimeZone=Asia/Tokyo")
    ingestr.load(uri, "events", "--no-load-timestamp")
    assert duckdb_file.query(file, "SELECT id, epoch(\"at\") FROM dest.rows") == [(1, 1704110400)]
    ingestr.load("duckdb:///attio.duckdb", "dest.rows", "--no-load-timestamp", file=uri, into="copied")
    assert postgres.query("SELECT count(*) FROM aside.copied") == [(1,)]
    outcome = ingestr.ingest(postgres.uri(target_session_attrs="standby"), "events")
    assert outcome.status == 1 and "server is not in hot standby mode" in outcome.error(), outcome.err
    outcome = ingestr.ingest(postgres.uri(channel_binding="require"), "events")   # without TLS
    assert outcome.status == 1 and "channel binding" in outcome.error(), outcome.err
    postgres.execute("DROP SCHEMA aside CASCADE")


@pytest.mark.parametrize("variables", [
    {"PGHOSTADDR": "127.255.255.254"}, {"PGHOST": "elsewhere.invalid", "PGPORT": "1", "PGDATABASE": "nothing", "PGUSER": "nobody", "PGPASSWORD": "wrong"},
    {"PGSERVICE": "elsewhere", "PGSERVICEFILE": "services"}, {"PGTZ": "Asia/Tokyo", "PGDATESTYLE": "German", "PGCLIENTENCODING": "LATIN1"},
    {"PGOPTIONS": "-c TimeZone=Asia/Tokyo -c search_path=nowhere"},
], ids=lambda variables: next(iter(variables)))
def test_what_the_uri_says_counts_and_not_the_environment(ingestr, folder, file, postgres, variables):
    (folder / "services").write_text("[elsewhere]\nhost=elsewhere.invalid\nhostaddr=127.255.255.254\nclient_encoding=LATIN1\noptions=-c TimeZone=Asia/Tokyo\n")
    postgres.execute("DROP TABLE IF EXISTS public.events, public.copied", "CREATE TABLE public.events (name text, at timestamptz)",
                     "INSERT INTO public.events VALUES ('ü€', '2024-01-02T12:00:00Z')")
    ingestr.load(postgres.uri(), "events", "--no-load-timestamp", env=variables)
    assert duckdb_file.query(file, "SELECT name, epoch(\"at\") FROM dest.rows") == [("ü€", 1704196800)]
    ingestr.load("duckdb:///attio.duckdb", "dest.rows", "--no-load-timestamp", file=postgres.uri(), into="public.copied", env=variables)
    assert postgres.query("SELECT name, at::text FROM public.copied") == [("ü€", "2024-01-02 07:00:00-05")]
    postgres.execute("DROP TABLE public.events, public.copied")


def test_no_variable_leads_to_another_server(ingestr, folder, postgres):
    for outcome in outcomes(ingestr, folder, postgres.uri().replace("@127.0.0.1:", "@production.invalid:"), env={"PGHOSTADDR": "127.0.0.1"}):
        assert outcome.status == 1 and 'could not translate host name "production.invalid"' in outcome.error(), outcome.err


def test_what_the_uri_leaves_open_may_come_from_the_environment(ingestr, file, postgres):
    uri = postgres.uri().replace(":" + quote(POSTGRES_PASSWORD, safe="") + "@", "@")
    ingestr.load(uri, "query:SELECT 1 AS id", env={"PGPASSWORD": POSTGRES_PASSWORD})
    outcome = ingestr.ingest(uri, "query:SELECT 1 AS id", env={"PGPASSWORD": POSTGRES_PASSWORD, "PGSSLMODE": "require"})
    assert outcome.status == 1 and "server does not support SSL, but SSL was required" in outcome.error(), outcome.err


def test_a_limit_of_time_in_the_uri_is_one(ingestr, postgres):
    outcome = ingestr.ingest(postgres.uri(options="-c statement_timeout=300"), "query:SELECT pg_sleep(5)::text AS slept")
    assert outcome.status == 1 and "canceling statement due to statement timeout" in outcome.error(), outcome.err


def test_the_charset_of_a_driver(ingestr, folder, file, mariadb):
    mariadb.execute("CREATE OR REPLACE TABLE charsets (name text)", "INSERT INTO charsets VALUES ('ü🜁')")
    for charset in ("utf8mb4", "UTF8"):
        ingestr.load(mariadb.uri("mysql+pymysql", charset=charset), "charsets", "--no-load-timestamp")
        assert duckdb_file.query(file, "SELECT name FROM dest.rows") == [("ü🜁",)]


def socket_uri(server, kind):
    user = f"{server.user}:{quote(POSTGRES_PASSWORD if kind == 'postgres' else MARIADB_PASSWORD, safe='')}"
    if kind == "postgres":
        return f"postgresql://{user}@:{server.port}/{server.database}?host={quote(str(server.folder))}"
    return f"mysql://{user}@/{server.database}?unix_socket={quote(str(server.folder / 'socket'))}"


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_rows_go_by_a_socket(ingestr, folder, file, request, kind):
    server = request.getfixturevalue(kind)
    server.execute("DROP TABLE IF EXISTS by_socket")
    uri = socket_uri(server, kind)
    (folder / "rows.csv").write_text("id,name\n1,ü\n2,b\n", encoding="utf-8")
    ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", file=uri, into="by_socket")
    assert server.query("SELECT id, name FROM by_socket ORDER BY id") == [(1, "ü"), (2, "b")]
    ingestr.load(uri, "by_socket", "--no-load-timestamp")
    assert duckdb_file.count(file, "dest.rows") == 2
    shown = f"{server.folder}/.s.PGSQL.{server.port}" if kind == "postgres" else f"{server.folder}/socket"
    checked = ingestr.run("check", "--source-uri", uri)
    assert checked.status == 0 and f"shop on {shown}" in checked.out
    server.execute("DROP TABLE by_socket")


def test_a_host_that_is_a_directory(ingestr, postgres):
    user = f"{postgres.user}:{quote(POSTGRES_PASSWORD, safe='')}"
    checked = ingestr.run("check", "--source-uri", f"postgres://{user}@{quote(str(postgres.folder), safe='')}:{postgres.port}/shop")
    assert checked.status == 0 and f"shop on {postgres.folder}/.s.PGSQL.{postgres.port}" in checked.out


@pytest.mark.parametrize("uri, words", [
    ("postgres:///d?host=/nowhere", "cannot connect to the PostgreSQL database d on /nowhere/.s.PGSQL.5432: No such file or directory"),
    ("mysql:///d?unix_socket=/nowhere/s", "cannot connect to the MySQL database d on /nowhere/s: Can't connect to local server"),
])
def test_a_socket_that_is_not_there(ingestr, folder, uri, words):
    for outcome in outcomes(ingestr, folder, uri):
        assert outcome.status == 1 and words in outcome.error(), outcome.err
        assert "Is the server running" not in outcome.err


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


@pytest.mark.parametrize("kind, words", [
    ("postgres", 'syntax error at or near "selec"'), ("mariadb", "near 'selec 1' at line 1"), ("sqlite", 'near "selec": syntax error'), ("duckdb", "syntax error at or near")])
def test_a_query_that_is_no_sql(ingestr, folder, request, kind, words):
    if kind == "sqlite":
        (folder / "a.db").write_bytes(b"")
    elif kind == "duckdb":
        duckdb.connect(folder / "a.duckdb").close()
    uri = {"sqlite": "sqlite:///a.db", "duckdb": "duckdb:///a.duckdb"}.get(kind) or request.getfixturevalue(kind).uri()
    outcome = ingestr.ingest(uri, "query:selec 1")
    assert outcome.status == 2 and "refuses the query of --source-table: " in outcome.error() and words in outcome.error(), outcome.err
    assert outcome.error().endswith("; write a SELECT that can stand in parentheses")

"""What servers put in the way: a full disk, packets that are too large, settings of all sessions, certificates of clients."""

import shutil
import subprocess

import duckdb
import pytest

import duckdb_file
import mounts
from mariadb_server import PASSWORD as MARIADB_PASSWORD, MariadbServer
from postgres_server import PASSWORD as POSTGRES_PASSWORD, PostgresServer


@pytest.fixture
def start():
    """Starts a server of a class; all are stopped in the end."""
    started = []

    def one(kind):
        started.append(kind())
        return started[-1]

    yield one
    for server in started:
        server.stop()


def words(path, rows, length):
    """Rows that no server keeps smaller than they are."""
    duckdb.sql(f"COPY (SELECT range AS id, (SELECT string_agg(md5(range::text || n), '') FROM range({length // 32}) t(n)) AS name "
               f"FROM range({rows})) TO '{path}'")
    return f"parquet://{path.name}"


# ---- a full disk

class OnSmallDisk:
    """Has a disk with little room."""

    def mount(self, place, megabytes):
        mounts.mount(place, "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs")
        self.mounted = place

    def stop(self):
        super().stop()
        if getattr(self, "mounted", None):
            mounts.unmount(self.mounted)
            shutil.rmtree(self.folder, ignore_errors=True)


class SmallPostgres(OnSmallDisk, PostgresServer):
    """Its tables are there; where its log of changes has no room it ends itself."""

    def prepare(self):
        super().prepare()
        (self.folder / "small").mkdir()
        self.mount(self.folder / "small", 40)
        subprocess.run(["chown", "--reference", self.folder, self.folder / "small"], check=True)
        (self.folder / "small").chmod(0o700)

    def command(self):
        return [*super().command(), "-c", "default_tablespace=small"]

    def use(self):
        self.execute(f"CREATE TABLESPACE small LOCATION '{self.folder}/small'")


class FullPostgres(OnSmallDisk, PostgresServer):
    """All that it has is there."""

    def prepare(self):
        self.mount(self.folder, 100)
        super().prepare()

    def use(self):
        pass


class SmallMariadb(OnSmallDisk, MariadbServer):
    def prepare(self):
        self.mount(self.folder, 110)
        super().prepare()

    def use(self):
        pass


@pytest.mark.parametrize("flags", [[], ["--incremental-strategy", "append"], ["--incremental-strategy", "merge", "--primary-key", "id"]],
                         ids=["replace", "append", "merge"])
@pytest.mark.parametrize("kind", [SmallPostgres, SmallMariadb])
def test_a_full_disk_of_the_server(ingestr, folder, start, kind, flags):
    server = start(kind)
    server.use()
    server.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, name text)", "INSERT INTO dest.rows VALUES (7, 'old')")
    target = {"file": server.uri()}
    outcome = ingestr.ingest(words(folder / "x.parquet", 150_000, 1000), "rows", "--no-load-timestamp", *flags, **target)
    assert outcome.status == 1, outcome.err
    assert "127.0.0.1:" in outcome.error() and "; make room on the server's disk, and run again" in outcome.error(), outcome.err
    assert "No space left on device" in outcome.error() or "is full" in outcome.error()
    assert server.query("SELECT * FROM dest.rows") == [(7, "old")]
    assert server.query("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '\\_ingestr%'") == []
    ingestr.load(words(folder / "y.parquet", 10, 100), "rows", "--no-load-timestamp", *flags, **target)
    left = 10 if "append" not in flags else 11   # of 0 to 9, which a merge finds 7 among
    assert server.query("SELECT count(*) FROM dest.rows") == [(left,)]


def test_a_server_that_ends_itself_for_want_of_room(ingestr, folder, start):
    server = start(FullPostgres)
    server.execute("CREATE SCHEMA dest", "CREATE TABLE dest.rows (id bigint, name text)", "INSERT INTO dest.rows VALUES (7, 'old')")
    outcome = ingestr.ingest(words(folder / "x.parquet", 150_000, 1000), "rows", "--no-load-timestamp", file=server.uri())
    assert outcome.status == 1
    assert f"shop on 127.0.0.1:{server.port} was lost: " in outcome.error() or "make room" in outcome.error(), outcome.err


# ---- packets

class SmallPackets(MariadbServer):
    def command(self):
        return [*super().command(), "--max-allowed-packet=1M"]


@pytest.mark.parametrize("local_infile", [True, False])
def test_a_row_larger_than_a_packet(ingestr, folder, file, start, local_infile):
    server = start(SmallPackets)
    server.execute("CREATE DATABASE dest", "CREATE TABLE dest.rows (id bigint, name longtext)", "INSERT INTO dest.rows VALUES (7, 'old')",
                   f"SET GLOBAL local_infile = {int(local_infile)}")
    source = words(folder / "x.parquet", 2, 3_200_000)
    outcome = ingestr.ingest(source, "rows", "--no-load-timestamp", file=server.uri())
    if local_infile:   # which sends no row as one packet
        assert outcome.status == 0, outcome.err
        assert server.query("SELECT id, OCTET_LENGTH(name) FROM dest.rows ORDER BY id") == [(0, 3_200_000), (1, 3_200_000)]
        ingestr.load(server.uri(), "dest.rows", "--no-load-timestamp")   # nor are answers cut to packets of that size
        assert duckdb_file.query(file, "SELECT * EXCLUDE (name), length(name) FROM dest.rows ORDER BY id") == [(0, 3_200_000), (1, 3_200_000)]
    else:
        assert outcome.status == 2 and "row 1 takes 3.2 MB" in outcome.error() and "raise max_allowed_packet there" in outcome.error(), outcome.err
        assert server.query("SELECT * FROM dest.rows") == [(7, "old")]
    many = words(folder / "y.parquet", 5000, 1000)   # more than a packet, but no row is
    ingestr.load(many, "rows", "--no-load-timestamp", file=server.uri())
    assert server.query("SELECT count(*), sum(OCTET_LENGTH(name)) FROM dest.rows") == [(5000, 4_960_000)]
    assert server.query("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '\\_ingestr%'") == []


# ---- settings of all sessions

class OddMariadb(MariadbServer):
    """Its clients' sessions begin with what loses rows, letters and digits."""

    def command(self):
        return [*super().command(), "--skip-character-set-client-handshake", "--character-set-server=latin1", "--max-join-size=3",
                "--completion-type=2", "--max-error-count=0", "--alter-algorithm=INSTANT"]

    def look(self, sql):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SET NAMES utf8mb4")
            cursor.execute("SET SESSION sql_select_limit = 1000, sql_big_selects = 1")
            cursor.execute(sql)
            return list(cursor.fetchall())


@pytest.mark.parametrize("local_infile", [True, False])
def test_settings_of_a_server_change_no_row(ingestr, folder, file, start, local_infile):
    server = start(OddMariadb)
    server.execute("CREATE DATABASE dest CHARACTER SET utf8mb4",
                   f"SET GLOBAL sql_select_limit = 2, GLOBAL sql_notes = 0, GLOBAL local_infile = {int(local_infile)}")
    names = ["id", "größe", "straße", *(f"c{i}" for i in range(9))]
    there = [(i, "é €", "😀x", *range(9)) for i in range(5)]
    (folder / "rows.csv").write_text("\n".join(",".join(map(str, row)) for row in [names, *there]), encoding="utf-8")
    for flags in (["merge", "--primary-key=id"], ["merge", "--primary-key=id"], ["append"], ["replace"]):
        ingestr.load("csv://rows.csv", "rows", "--no-load-timestamp", "--incremental-strategy", *flags, file=server.uri(), into="dest.straße")
        assert server.look("SELECT * FROM dest.straße ORDER BY id, 2") == sorted(there * (2 if flags == ["append"] else 1))
    assert [name for name, in server.look("SELECT column_name FROM information_schema.columns WHERE table_name = 'straße' "
                                          "ORDER BY ordinal_position")] == names
    for table, *flags in [["dest.straße"], ["query:SELECT * FROM dest.straße"], ["query:WITH a AS (SELECT * FROM dest.straße) SELECT * FROM a"],
                          ["dest.straße", "--extract-partition-by=id"]]:
        ingestr.load(server.uri(), table, "--no-load-timestamp", *flags)
        assert duckdb_file.query(file, "SELECT * FROM dest.rows ORDER BY id") == there
    server.execute("CREATE TABLE dest.money (id bigint, n decimal(50,4))")
    (folder / "money.csv").write_text("id,n\n1,1.123456789\n")
    outcome = ingestr.ingest("csv://money.csv", "money", "--no-load-timestamp", "--incremental-strategy=append", file=server.uri(), into="dest.money")
    assert outcome.status == 1 and "Data truncated for column 'n'" in outcome.error()
    assert server.look("SELECT * FROM dest.money") == []


# ---- certificates of clients

def openssl(folder, *arguments):
    subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)


def certificates(folder):
    """A folder with an odd name, of an authority and of what it signs: a server's and a client's; and what another one has signed."""
    folder = folder / "it's a = b"
    folder.mkdir()
    for authority in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={authority}", "-keyout", f"{authority}.key",
                "-out", f"{authority}.pem")
    for name, subject, authority in (("server", "127.0.0.1", "ca"), ("client", "loader", "ca"), ("stranger", "loader", "other")):
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={subject}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (folder / "extension").write_text("subjectAltName=IP:127.0.0.1\n")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial", "-days",
                "2", "-extfile", "extension", "-out", f"{name}.pem")
    return folder


class StrictMariadb(MariadbServer):
    """Takes clients with a certificate of its authority only."""

    def prepare(self):
        super().prepare()
        self.certificates = certificates(self.folder)
        for key in self.certificates.glob("*.key"):
            key.chmod(0o644)   # the server runs as another user

    def command(self):
        return [*super().command(), *(f"--ssl-{name}={self.certificates}/{file}" for name, file in
                                      (("ca", "ca.pem"), ("cert", "server.pem"), ("key", "server.key")))]

    def uri_with(self, name):
        with_own = {"ssl_cert": self.certificates / f"{name}.pem", "ssl_key": self.certificates / f"{name}.key"} if name else {}
        return self.uri(ssl_mode="verify_identity", ssl_ca=self.certificates / "ca.pem", **with_own)


class StrictPostgres(PostgresServer):
    """Likewise, once it is asked to."""

    def prepare(self):
        super().prepare()
        self.certificates = certificates(self.folder)
        self.run("cp", self.certificates / "server.pem", self.certificates / "ca.pem", "data/")
        (self.folder / "data" / "server.key").write_bytes((self.certificates / "server.key").read_bytes())
        subprocess.run(["chown", "--reference", self.folder, self.folder / "data" / "server.key"], check=True)
        (self.folder / "data" / "server.key").chmod(0o600)

    def command(self):
        return [*super().command(), "-c", "ssl=on", "-c", "ssl_ca_file=ca.pem", "-c", "ssl_cert_file=server.pem", "-c", "ssl_key_file=server.key"]

    def uri_with(self, name):
        with_own = {"sslcert": self.certificates / f"{name}.pem", "sslkey": self.certificates / f"{name}.key"} if name else {}
        return self.uri(sslmode="verify-full", channel_binding="require", sslrootcert=self.certificates / "ca.pem", **with_own)


@pytest.mark.parametrize("kind", [StrictMariadb, StrictPostgres])
def test_certificates_of_clients(ingestr, folder, file, start, kind):
    server = start(kind)
    server.execute("CREATE TABLE rows_there (id bigint)", "INSERT INTO rows_there VALUES (1), (2)")
    if kind is StrictMariadb:
        server.execute(f"ALTER USER '{server.user}'@'127.0.0.1' REQUIRE X509")
    else:
        (server.folder / "data" / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full\n")
        server.execute("SELECT pg_reload_conf()")
    own = server.uri_with("client")
    ingestr.load(own, "rows_there", "--no-load-timestamp")
    assert sorted(duckdb_file.column(file, "SELECT id FROM dest.rows")) == [1, 2]
    (folder / "x.csv").write_text("id\n3\n")
    ingestr.load("csv://x.csv", "rows", "--no-load-timestamp", file=own, into="shop.came")
    ingestr.load(own, "shop.came", "--no-load-timestamp")
    assert duckdb_file.column(file, "SELECT id FROM dest.rows") == [3]
    for refused in (server.uri_with(None), server.uri_with("stranger")):
        for arguments in ((refused, "rows_there"), ("csv://x.csv", "rows")):
            outcome = ingestr.ingest(*arguments, **({} if arguments[0] == refused else {"file": refused}))
            assert outcome.status == 1 and "cannot connect to" in outcome.error() and "127.0.0.1" in outcome.error(), outcome.err
            assert MARIADB_PASSWORD not in outcome.err and POSTGRES_PASSWORD not in outcome.err

"""PostgreSQL 15, as Debian has it."""

import contextlib
import signal
from urllib.parse import quote, urlencode

import psycopg

from local_server import LocalServer

PROGRAMS = "/usr/lib/postgresql/15/bin"
PASSWORD = "p@ss:w/o?r#d%20 '\"\\ü"   # all that a URI or an SQL text could trip over


class PostgresServer(LocalServer):
    stop_signal = signal.SIGQUIT   # its immediate shutdown, which waits for its children
    user = "loader"
    database = "shop"

    def prepare(self):
        (self.folder / "password").write_text(PASSWORD, encoding="utf-8")
        self.run(f"{PROGRAMS}/initdb", "--pgdata=data", f"--username={self.user}", "--pwfile=password",
                 "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")

    def command(self):
        # Durability is not what is tested; the time zone is not UTC, so that a test sees whose zone counts.
        return [f"{PROGRAMS}/postgres", "-D", "data", "-p", self.port, "-h", "127.0.0.1", "-k", self.folder, "-F",
                "-c", "full_page_writes=off", "-c", "timezone=America/New_York"]

    def ask(self):
        with self.connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database]).fetchall():
                connection.execute(f"CREATE DATABASE {self.database}")

    def connect(self, database=None):
        return psycopg.connect(host="127.0.0.1", port=self.port, user=self.user, password=PASSWORD,
                               dbname=database or self.database, autocommit=True)

    def execute(self, *statements):
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def query(self, sql):
        with self.connect() as connection:
            return connection.execute(sql).fetchall()

    def make_wide(self, table, rows):
        """A table of some 400 bytes a row; each 500th, but for the first ones, which are looked at beforehand, has more, kept apart from the row."""
        self.execute(f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} (id bigint, pad text, far text)",
                     f"ALTER TABLE {table} ALTER far SET STORAGE EXTERNAL",
                     f"INSERT INTO {table} SELECT i, repeat('x', 400), CASE WHEN i > 2000 AND i % 500 = 0 THEN repeat('y', 3000) END "
                     f"FROM generate_series(1, {rows}) i", f"ANALYZE {table}")

    @contextlib.contextmanager
    def reading_stops(self, table):
        """As long as it lasts, whoever reads such a table gets some rows and waits for a lock."""
        (number, ), = self.query(f"SELECT '{table}'::regclass::oid::bigint")
        with self.connect() as connection, connection.transaction():
            connection.execute(f"REINDEX INDEX pg_toast.pg_toast_{number}_index")
            yield

    def uri(self, scheme="postgres", password=PASSWORD, database=None, **parameters):
        text = f"{scheme}://{self.user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database or self.database}"
        return text + (f"?{urlencode(parameters)}" if parameters else "")

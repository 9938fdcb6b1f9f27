"""PgBouncer, as Debian has it: a pooler in front of a PostgreSQL server, with which it dies."""

import re
from urllib.parse import urlsplit

import psycopg

from local_server import LocalServer
from postgres_server import PASSWORD


class PgBouncer(LocalServer):
    def __init__(self, server, mode, **settings):
        """`mode` is session or transaction; `settings` are of its configuration."""
        self.server = server
        self.settings = {"pool_mode": mode, "default_pool_size": 20, "max_client_conn": 100, "auth_type": "scram-sha-256",
                         "auth_file": "users", "listen_addr": "127.0.0.1", "unix_socket_dir": "", **settings}
        super().__init__()

    def prepare(self):
        (self.folder / "users").write_text('"{}" "{}"\n'.format(self.server.user, PASSWORD.replace('"', '""')), encoding="utf-8")

    def command(self):
        lines = ["[databases]", f"* = host=127.0.0.1 port={self.server.port}", "[pgbouncer]", f"listen_port = {self.port}",
                 *(f"{name} = {value}" for name, value in self.settings.items())]
        (self.folder / "pgbouncer.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ["/usr/sbin/pgbouncer", "pgbouncer.ini"]

    def ask(self):
        psycopg.connect(host="127.0.0.1", port=self.port, user=self.server.user, password=PASSWORD, dbname=self.server.database,
                        prepare_threshold=None).close()

    def uri(self, **parameters):
        """The server's, by way of this."""
        uri = self.server.uri(**parameters)
        return re.sub(rf":{urlsplit(uri).port}/", f":{self.port}/", uri)

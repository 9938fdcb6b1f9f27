"""MariaDB 10.11, as Debian has it."""

import pathlib
from urllib.parse import quote, urlencode

import pymysql

from local_server import LocalServer

PASSWORD = "p@ss:w/o?r#d%20 '\"\\ü"   # all that a URI or an SQL text could trip over


class MariadbServer(LocalServer):
    user = "loader"
    database = "shop"
    options = []   # of a server that is not like the others

    def prepare(self):
        # What Debian's mariadb-install-db feeds the server, less help texts and views for administrators. The script itself
        # comes without the server package that would start one.
        tables = [pathlib.Path(f"/usr/share/mysql/mysql_system_tables{part}.sql").read_text() for part in ("", "_data")]
        (self.folder / "data").mkdir(mode=0o777)
        (self.folder / "data").chmod(0o777)
        self.run("mariadbd", *self._options(), "--bootstrap", "--enforce-storage-engine=",
                 text="\n".join(["CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;", *tables]))
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        (self.folder / "init.sql").write_text(
            "SET NAMES utf8mb4;\n"
            f"CREATE DATABASE IF NOT EXISTS {self.database} CHARACTER SET utf8mb4;\n"
            f"CREATE USER IF NOT EXISTS '{self.user}'@'127.0.0.1' IDENTIFIED BY '{quoted}';\n"
            f"GRANT ALL ON *.* TO '{self.user}'@'127.0.0.1' WITH GRANT OPTION;\n"
            f"CREATE USER IF NOT EXISTS '{self.user}'@'localhost' IDENTIFIED BY '{quoted}';\n"   # by the socket
            f"GRANT ALL ON *.* TO '{self.user}'@'localhost';\n", encoding="utf-8")

    def _options(self):
        # What is committed outlives the server's process, which tests kill; not the machine, which they do not.
        return ["--no-defaults", f"--datadir={self.folder}/data", "--innodb-log-file-size=8M",
                "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=2", "--character-set-server=utf8mb4"]

    def command(self):
        # The time zone is not UTC, so that a test sees whose zone counts.
        return ["mariadbd", *self._options(), f"--socket={self.folder}/socket", "--bind-address=127.0.0.1",
                f"--port={self.port}", f"--init-file={self.folder}/init.sql", "--skip-name-resolve",
                "--default-time-zone=-05:00", "--local-infile=1", "--sql-mode=", *self.options]

    def ask(self):
        self.connect().close()

    def connect(self):
        return pymysql.connect(host="127.0.0.1", port=self.port, user=self.user, password=PASSWORD.encode(),
                               database=self.database, autocommit=True, charset="utf8mb4", ssl_disabled=True)

    def execute(self, *statements):
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def query(self, sql):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def uri(self, scheme="mysql", password=PASSWORD, database=None, **parameters):
        text = f"{scheme}://{self.user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database or self.database}"
        return text + (f"?{urlencode(parameters)}" if parameters else "")

"""Reads what a run left, with DuckDB's own Python package and none of our code."""

import contextlib
import pathlib
import shutil
import tempfile

import duckdb


@contextlib.contextmanager
def _opened(path):
    connection = duckdb.connect(str(path), read_only=True, config={"autoinstall_known_extensions": "false"})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    finally:
        connection.close()


def query(path, sql, *parameters):
    """All rows of a query."""
    with _opened(path) as connection:
        return connection.execute(sql, parameters or None).fetchall()


def column(path, sql):
    return [value for value, in query(path, sql)]


def count(path, table):
    return column(path, f"SELECT count(*) FROM {table}")[0]


def columns(path, table, schema="main"):
    """Name and type of each column, in order."""
    return query(path, "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? "
                       "ORDER BY column_index", schema, table)


def tables(path):
    """All tables and views, as schema.name."""
    return sorted(column(path, "SELECT table_schema || '.' || table_name FROM information_schema.tables"))


def schemas(path):
    return sorted(column(path, "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal"))


def contents(path):
    """Everything in the file: each table's columns and rows as text, and the schemas. Equal means untouched."""
    with _opened(path) as connection:
        found = {"schemas": connection.execute(
            "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal ORDER BY 1").fetchall()}
        for schema, table in connection.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
            name = f'"{schema}"."{table}"'
            found[name] = (connection.execute(f"DESCRIBE {name}").fetchall(),
                           connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {name}").fetchall())
        return found


@contextlib.contextmanager
def copy_of(path):
    """A copy of the file with what lies beside it: to look at it as a killed run left it changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for file in pathlib.Path(path).parent.glob(pathlib.Path(path).name + "*"):
            if file.is_file():
                shutil.copy2(file, folder)
        yield pathlib.Path(folder) / pathlib.Path(path).name

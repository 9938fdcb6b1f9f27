"""Replace: each run ends with exactly its own rows, and with nothing else in the file."""

import duckdb
import pytest

import duckdb_file


def ids(file):
    return sorted(duckdb_file.column(file, "SELECT record_id FROM dest.rows"))


def loaded_at(file):
    return duckdb_file.column(file, "SELECT DISTINCT _ingestr_loaded_at::VARCHAR FROM dest.rows")


def test_a_second_run_replaces_the_first(ingestr, folder, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=700")
    ingestr.load(sandbox.uri(), "records:companies")
    first_ids, first_time = ids(file), loaded_at(file)
    sandbox.change_rows(object="companies", op="delete", position=10, count=300)
    sandbox.change_rows(object="companies", op="insert", position=0, count=5)
    ingestr.load(sandbox.uri(), "records:companies")
    assert ids(file) == sorted(sandbox.ids(object="companies")) != first_ids
    assert len(loaded_at(file)) == 1 and loaded_at(file) != first_time
    assert duckdb_file.tables(file) == ["dest.rows"]
    assert [path.name for path in folder.iterdir()] == ["attio.duckdb"]


def test_columns_of_the_old_table_do_not_survive(ingestr, file, start_sandbox):
    ingestr.load(start_sandbox("--extra-key", "gone=1").uri(), "objects")
    ingestr.load(start_sandbox("--extra-key", 'come="x"').uri(), "objects")
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
    assert "come" in names and "gone" not in names


def test_an_empty_table_replaces_a_full_one(ingestr, file, start_sandbox):
    ingestr.load(start_sandbox().uri(), "records:companies")
    columns = duckdb_file.columns(file, "rows", "dest")
    assert duckdb_file.count(file, "dest.rows") == 1200
    end = ingestr.load(start_sandbox("--records=companies=0").uri(), "records:companies")
    assert end["rows"] == 0 and duckdb_file.count(file, "dest.rows") == 0
    assert duckdb_file.columns(file, "rows", "dest") == columns


def test_other_tables_and_views_stay(ingestr, file, shared_sandbox):
    ingestr.load(shared_sandbox.uri(), "records:deals", into="dest.deals")
    ingestr.load(shared_sandbox.uri(), "objects", into="objects")
    ingestr.load(shared_sandbox.uri(), "lists", into="Other.lists")
    before = duckdb_file.contents(file)
    ingestr.load(shared_sandbox.uri(), "objects", into="objects")
    after = duckdb_file.contents(file)
    assert duckdb_file.tables(file) == ["Other.lists", "dest.deals", "main.objects"]
    assert before.pop('"main"."objects"') != after.pop('"main"."objects"')   # another time of loading
    assert before == after


def test_the_full_refresh_flag_replaces_too(ingestr, file, shared_sandbox):
    for _ in range(2):
        ingestr.load(shared_sandbox.uri(), "objects", "--full-refresh", "--incremental-strategy", "replace", "--yes")
    assert duckdb_file.count(file, "dest.rows") == 6


# ---- tables that others have made

PEOPLE = "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR NOT NULL DEFAULT 'nobody', age BIGINT CHECK (age >= 0))"


@pytest.fixture
def load_people(ingestr, folder, file):
    """Loads CSV text into a table that DuckDB's own package made."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(PEOPLE + "; CREATE UNIQUE INDEX by_name ON people (name); COMMENT ON TABLE people IS 'ours'; "
                           "CREATE VIEW names AS SELECT name FROM people; INSERT INTO people VALUES (7, 'old', 70)")

    def load(text, *flags):
        (folder / "people.csv").write_text(text)
        return ingestr.ingest("csv://people.csv", "people", *flags, into="people")
    return load


def rules(file):
    """What the catalog says of keys, constraints, defaults, indexes and comments."""
    return (duckdb_file.query(file, "SELECT constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL"),
            duckdb_file.query(file, "SELECT column_name, column_default FROM duckdb_columns() WHERE column_default IS NOT NULL "
                                    "AND NOT internal"),
            duckdb_file.query(file, "SELECT index_name, is_unique, expressions FROM duckdb_indexes()"),
            duckdb_file.column(file, "SELECT comment FROM duckdb_tables()"))


def test_constraints_and_indexes_of_the_old_table_stay(file, load_people):
    before = rules(file)
    for _ in range(2):
        outcome = load_people("id,name,age\n2,Ben,20\n1,Ann,\n")
        assert outcome.status == 0 and outcome.err == ""
        assert duckdb_file.query(file, "SELECT id, name, age FROM people") == [(2, "Ben", 20), (1, "Ann", None)]
        assert rules(file) == before
    assert duckdb_file.column(file, "FROM names") == ["Ben", "Ann"]
    assert duckdb_file.tables(file) == ["main.names", "main.people"]
    with duckdb.connect(str(file)) as connection:
        for values in ("(1, 'x', 1)", "(3, NULL, 1)", "(3, 'x', -1)", "(3, 'Ann', 1)"):
            with pytest.raises(duckdb.ConstraintException):
                connection.execute(f"INSERT INTO people (id, name, age) VALUES {values}")


@pytest.mark.parametrize("rows, broken", [
    ("1,Ann,1\n1,Ben,2\n", "a row with the key 1 is there already"),
    ("1,Ann,1\n2,Ann,2\n", "a row with the key Ann is there already"),
    ("1,,1\n", "NOT NULL constraint failed: people.name"),
    ("1,Ann,-1\n", "CHECK constraint failed"),
])
def test_a_row_that_breaks_a_constraint_of_the_old_table(file, load_people, rows, broken):
    before = duckdb_file.contents(file), rules(file)
    outcome = load_people("id,name,age\n" + rows)
    assert outcome.status == 1 and "main.people: a row" in outcome.error() and broken in outcome.error()
    assert "load with --full-refresh to begin without the constraints of the table, or drop the constraint" in outcome.error()
    assert (duckdb_file.contents(file), rules(file)) == before
    assert load_people("id,name,age\n" + rows, "--full-refresh").status == 0
    assert rules(file) == ([], [], [], [None])


def test_what_the_new_columns_do_not_allow_is_told(file, load_people):
    outcome = load_people("id,age\n1,young\n2,old\n")
    assert outcome.status == 0
    assert "main.people lost what its new columns do not allow: CHECK ((age >= 0)), index by_name" in outcome.out
    assert rules(file) == ([("NOT NULL", ["id"]), ("PRIMARY KEY", ["id"])], [], [], ["ours"])


def test_computed_columns_of_the_old_table_stay(ingestr, folder, file):
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE people (id BIGINT, \"d\" BIGINT GENERATED ALWAYS AS (n * 2), n BIGINT DEFAULT 5, name VARCHAR); "
                           "INSERT INTO people VALUES (7, 70, 'old')")

    def load(text, *flags):
        (folder / "people.csv").write_text(text)
        return ingestr.ingest("csv://people.csv", "people", "--no-load-timestamp", *flags, into="people")

    for _ in range(2):
        outcome = load("id,n,d\n1,10,99\n")
        assert outcome.status == 0 and "column d: main.people works it out itself, so what the source has for it is left out" in outcome.out
        assert duckdb_file.query(file, 'SELECT id, n, "d" FROM people') == [(1, 10, 20)]
    for strategy in ["append"], ["merge", "--primary-key", "id"], ["delete+insert", "--incremental-key", "id"]:
        outcome = load("id,n,d\n2,30,99\n", "--incremental-strategy", *strategy)
        assert outcome.status == 0, outcome.err
        assert (2, 30, 60) in duckdb_file.query(file, 'SELECT id, n, "d" FROM people')
    outcome = load("id,name\n1,Ann\n")
    assert outcome.status == 0 and "main.people lost what its new columns do not allow: the computed column d" in outcome.out
    assert [name for name, _ in duckdb_file.columns(file, "people")] == ["id", "name"]

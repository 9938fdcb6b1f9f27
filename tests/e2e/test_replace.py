"""Replace: each run ends with exactly its own rows, and with nothing else in the file."""

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

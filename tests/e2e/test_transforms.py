"""Columns that are left out, renamed, cast, trimmed and masked: the examples of docs/columns.md, and what must never happen."""

import contextlib
import gzip
import hashlib
import hmac
import json
import pathlib
import re
import secrets

import pytest

import duckdb_file
from program import wait_until
from scripted_api import paged, record

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "columns.md").read_text()
DECLARED = ["id", "workspace_id", "object_id", "record_id", "created_at", "web_url", "values"]


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def cells(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def table_rows(title):
    return [cells(line) for line in section(title).splitlines() if line.startswith("| `")]


def members(values):
    """The JSON members of a record for keys and Python values."""
    return [f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]


def load_rows(ingestr, start_api, rows, *flags, status=0):
    api = start_api(paged([record(number, *members(row)) for number, row in enumerate(rows)]))
    outcome = ingestr.ingest(api.uri(), "records:companies", *flags)
    assert outcome.status == status, outcome.out + outcome.err
    return outcome


# ---- the page


def test_masks_of_the_page(ingestr, file, start_api):
    examples = table_rows("Masks")
    assert len(examples) >= 20
    names = [f"m{i}" for i in range(len(examples))]
    load_rows(ingestr, start_api, [dict(zip(names, (value for _, value, _ in examples)))],
              "--columns", ",".join(f"{name}:text" for name in names),
              "--mask", ",".join(f"{name}:{mask}" for name, (mask, _, _) in zip(names, examples)))
    [row] = duckdb_file.query(file, f"SELECT {', '.join(names)} FROM dest.rows")
    for (mask, value, expected), found in zip(examples, row):
        assert str(found) == expected, f"{mask} of {value}"


def test_types_of_the_page(ingestr, file, start_api):
    rows = table_rows("Types")
    wanted = [(written.strip(" `"), kind) for names, kind in rows for written in re.split(r"`, `", names)]
    assert len(wanted) >= 34
    load_rows(ingestr, start_api, [{}], "--columns", ",".join(f"t{i}:{written}" for i, (written, _) in enumerate(wanted)))
    found = dict(duckdb_file.columns(file, "rows", "dest"))
    for i, (written, kind) in enumerate(wanted):
        assert found[f"t{i}"] == {"REAL": "FLOAT"}.get(kind, kind), written


def test_names_of_the_page(ingestr, file, start_api):
    pairs = [pair for row in table_rows("Names") for pair in (row[:2], row[2:])]
    assert len(pairs) >= 14
    for naming, names in (("snake_case", dict(pairs)), ("direct", {name: name for name, _ in pairs})):
        # One at a time: some of them would be the same.
        for i, name in enumerate(names):
            if i % 3 and naming == "direct":
                continue
            load_rows(ingestr, start_api, [{name: 7}], "--schema-naming", naming)
            assert [column for column, _ in duckdb_file.columns(file, "rows", "dest")][7] == names[name]


# ---- naming


def test_names_that_collide_lose_nothing(ingestr, file, start_api):
    load_rows(ingestr, start_api, [{"user-name": 1, "userName": 2, "user_name": 3, "USER_NAME": 4}])
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")][7:-1]
    assert len(set(names)) == 4 and all(name.startswith("user_name") for name in names)
    assert sorted(duckdb_file.query(file, f"SELECT {', '.join(names)} FROM dest.rows")[0]) == [1, 2, 3, 4]


def test_a_table_keeps_the_names_that_it_has(ingestr, file, start_api):
    load_rows(ingestr, start_api, [{"userName": 1}], "--schema-naming", "direct")
    load_rows(ingestr, start_api, [{"userName": 2}], "--incremental-strategy", "append", "--schema-naming", "direct")
    assert duckdb_file.column(file, 'SELECT "userName" FROM dest.rows ORDER BY ALL') == [1, 2]


def test_attio_tables_keep_the_names_of_the_manual(ingestr, file, shared_sandbox):
    outcome = ingestr.ingest(shared_sandbox.uri(), "records:companies")
    assert "Naming convention" not in outcome.out
    assert [name for name, _ in duckdb_file.columns(file, "rows", "dest")] == [*DECLARED, "_ingestr_loaded_at"]


# ---- columns


def test_a_rename_keeps_its_values(ingestr, file, start_api):
    """Of a column that the source declares, and of one that it does not."""
    load_rows(ingestr, start_api, [{"zip": "01234"}, {"zip": 99}, {}],
              "--columns", "code:text:zip,company::record_id,created_at:timestamp_ntz", "--primary-key", "company")
    columns = duckdb_file.columns(file, "rows", "dest")
    assert ("company", "VARCHAR") in columns and ("code", "VARCHAR") in columns and ("created_at", "TIMESTAMP") in columns
    assert duckdb_file.query(file, "SELECT company, code, created_at::VARCHAR FROM dest.rows ORDER BY 1") == [
        (f"r00000{i}", code, "2026-01-02 03:04:05.678") for i, code in enumerate(["01234", "99", None])]


def test_no_inference(ingestr, file, start_api):
    load_rows(ingestr, start_api, [{"score": 7, "other": 1}], "--columns", "score:decimal(10,2),record_id:text",
              "--no-inference", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [("score", "DECIMAL(10,2)"), ("record_id", "VARCHAR")]
    assert duckdb_file.query(file, "SELECT score::VARCHAR, record_id FROM dest.rows") == [("7.00", "r000000")]


def test_a_source_without_rows_makes_the_table(ingestr, file, start_api):
    load_rows(ingestr, start_api, [], "--columns", "score:bigint")
    assert ("score", "BIGINT") in duckdb_file.columns(file, "rows", "dest")
    assert duckdb_file.count(file, "dest.rows") == 0


def test_a_value_that_does_not_fit_stops_the_run(ingestr, file, start_api):
    load_rows(ingestr, start_api, [{"score": 1}])
    before = duckdb_file.contents(file)
    outcome = load_rows(ingestr, start_api, [{"score": 1}, {"score": "2.5"}], "--columns", "points:bigint:score", status=1)
    assert outcome.error() == ("Error: records:companies: row 2, column points (score at the source): the value 2.5 is no BIGINT")
    assert duckdb_file.contents(file) == before


def test_a_column_that_never_came_is_told(ingestr, file, start_api):
    outcome = load_rows(ingestr, start_api, [{"score": 1}], "--columns", "scoer:bigint")
    assert "no row has the column scoer of --columns; it is NULL in all" in outcome.out


def test_white_space(ingestr, file, start_api):
    load_rows(ingestr, start_api, [{"a": "\u00a0 x y\u3000\n", "b": " é ", "c": {"k": " v "}}], "--columns", "a:text",
              "--trim-whitespace")
    assert duckdb_file.query(file, "SELECT a, b, c::VARCHAR FROM dest.rows") == [("x y", "é", '{"k": " v "}')]


@pytest.mark.parametrize("flags, words", [
    (["--mask", "emial:hash"], ["--mask names emial", "its columns are id, workspace_id"]),
    (["--mask", "web_ulr:hash"], ["did you mean web_url?"]),
    (["--mask", "web_url:hsh"], ['no mask "hsh"', "did you mean hash?"]),
    (["--mask", "web_url:hmac"], ["needs a key"]),
    (["--mask", "values:partial"], ["the mask partial cannot hide column values, which is JSON"]),
    (["--mask", "created_at:round"], ["needs numbers"]),
    (["--primary-key", "record_id", "--mask", "record_id:stars"], ["record_id is a key"]),
    (["--columns", "web_url"], ["says nothing of a column"]),
    (["--columns", "web_url:txt"], ['no type "txt"', "did you mean text?"]),
    (["--columns", "code::zip"], ["--columns names zip"]),
    (["--columns", "_ingestr_loaded_at:text:web_url"], ["_ingestr_loaded_at"]),
    (["--no-inference"], ["columns is required when no-inference is enabled"]),
    (["--schema-naming", "camel"], ['no naming convention "camel"']),
    (["--sql-exclude-columns", "nope"], ["--sql-exclude-columns names nope"]),
    (["--trim-whitespace=perhaps"], ["true or false"]),
])
def test_what_is_wrong_is_found_before_the_first_request(ingestr, folder, start_sandbox, flags, words):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(), "records:companies", *flags)
    assert outcome.status == 2
    for word in words:
        assert word in outcome.error()
    assert sandbox.stats()["requests"] == 0 and list(folder.iterdir()) == []


# ---- masks


def test_typed_attio_columns(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=people=40")
    table = ["records:people", "--sql-exclude-columns", "id"]
    ingestr.load(sandbox.uri(values="columns"), *table)
    columns = duckdb_file.columns(file, "rows", "dest")
    lists = [name for name, kind in columns if kind == "VARCHAR[]"]
    text = next(name for name, kind in columns if kind == "VARCHAR" and name not in DECLARED)
    assert lists
    select = f'SELECT record_id, "{text}", "{lists[0]}" FROM dest.rows ORDER BY 1'
    before = duckdb_file.query(file, select)
    ingestr.load(sandbox.uri(values="columns"), *table, "--mask", f"{text}:hmac:k3y-of-mine,{lists[0]}:hash")
    after = duckdb_file.query(file, select)
    assert dict(duckdb_file.columns(file, "rows", "dest")) == dict(columns)
    assert any(row[2] for row in before)
    for (old_id, old_text, old_list), (new_id, new_text, new_list) in zip(before, after, strict=True):
        assert old_id == new_id
        assert new_text == (old_text and hmac.new(b"k3y-of-mine", old_text.encode(), "sha256").hexdigest())
        assert new_list == (old_list if old_list is None else
                            [each and hashlib.sha256(each.encode()).hexdigest() for each in old_list])


def test_what_tells_the_same_as_a_masked_attribute_is_named(ingestr, start_sandbox):
    sandbox = start_sandbox("--records=people=4")
    outcome = ingestr.ingest(sandbox.uri(values="columns"), "records:people", "--mask", "name:redact")
    assert outcome.status == 0
    assert "name is masked, and name_first_name, name_last_name are not; mask them as well" in outcome.out


def test_rows_are_merged_by_a_masked_key(ingestr, file, start_api):
    flags = ["--incremental-strategy", "merge", "--primary-key", "record_id", "--mask", "record_id:hmac:k3y-of-mine"]
    load_rows(ingestr, start_api, [{"n": 1}, {"n": 2}], *flags)
    load_rows(ingestr, start_api, [{"n": 10}, {"n": 2}, {"n": 3}], *flags)
    assert duckdb_file.column(file, "SELECT n FROM dest.rows ORDER BY n") == [2, 3, 10]
    assert hmac.new(b"k3y-of-mine", b"r000001", "sha256").hexdigest() in duckdb_file.column(
        file, "SELECT record_id FROM dest.rows")


def test_masks_of_columns_that_nobody_declared(ingestr, file, start_api):
    rows = [{"born": "1990-05-17", "pay": 1234.5, "mail": "jo@example.com", "tags": ["a@b"]},
            {"born": None, "pay": 10, "mail": None, "tags": "x@y"}, {}]
    load_rows(ingestr, start_api, rows, "--columns", "born:date,pay:double,mail:text,tags:json",
              "--mask", "born:date_shift:5,pay:round:100,mail:email,tags:redact")
    assert duckdb_file.columns(file, "rows", "dest")[7:11] == [
        ("born", "DATE"), ("pay", "BIGINT"), ("mail", "VARCHAR"), ("tags", "VARCHAR")]
    found = duckdb_file.query(file, "SELECT abs(born - DATE '1990-05-17'), pay, mail, tags FROM dest.rows ORDER BY record_id")
    assert 1 <= found[0][0] <= 5 and found[0][1:] == (1200, "j***@example.com", "REDACTED")
    assert found[1:] == [(None, 0, None, "REDACTED"), (None, None, None, None)]


def test_a_value_that_a_mask_cannot_read_is_not_shown(ingestr, folder, start_api):
    outcome = load_rows(ingestr, start_api, [{"born": "my secret"}], "--columns", "born:text", "--mask", "born:year_only",
                        status=1)
    assert "row 1, column born" in outcome.error() and "secret" not in outcome.out + outcome.err
    assert list(folder.iterdir()) == []


# ---- nothing unmasked on disk

ROWS = 6000


class SlowPages:
    """Gives nearly all rows and then does not answer until it is told to."""

    def __init__(self, rows):
        self.answer_page = paged(rows)
        self.held = True

    def answer(self, method, path, body, headers):
        offset = json.loads(body).get("offset", 0) if method == "POST" else 0
        if offset > 5000:
            wait_until(lambda: not self.held, "the test lets go", seconds=120)
        return self.answer_page(method, path, body, headers)


def mark():
    """Something that nothing else looks like, not even a piece of it: ~k3Ys~…"""
    return "~" + "~".join(secrets.token_urlsafe(3) for _ in range(8)) + "~"


def marked_rows():
    return [record(i, *members({"ssn": mark(), "note": mark(), "filler": secrets.token_urlsafe(2000)})) for i in range(ROWS)]


def marks_on_disk(folder):
    """Pieces of marks that stand in clear in any file of the folder. A file may go while it is looked for."""
    pieces = []
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            pieces += re.findall(rb"~[\w-]{4}~[\w-]{4}~", path.read_bytes())
    return pieces


MASKED = ["--columns", "ssn:text,note:text,filler:text", "--mask", "ssn:hash,note:redact"]


@pytest.mark.parametrize("flags", [[], MASKED], ids=["not masked", "masked"])
def test_unmasked_values_are_never_on_disk(ingestr, folder, file, start_api, flags):
    """While rows land, after a kill, and at the end. Without masks they are there, so the search can find them."""
    rows = marked_rows()
    temporary = folder / "tmp"
    temporary.mkdir()
    pages = SlowPages(rows)
    api = start_api(pages.answer)
    process = ingestr.start(*ingestr.ingest_arguments(api.uri(), "records:companies", *flags),
                            env={"TMPDIR": str(temporary)})
    wait_until(lambda: file.exists() and file.stat().st_size > 3_000_000, "rows are in the file")
    during = marks_on_disk(folder)
    process.kill()
    process.communicate()
    after_kill = marks_on_disk(folder)
    pages.held = False
    outcome = ingestr.ingest(api.uri(), "records:companies", *flags, env={"TMPDIR": str(temporary)})
    assert outcome.status == 0, outcome.err
    assert duckdb_file.count(file, "dest.rows") == ROWS
    at_the_end = marks_on_disk(folder)
    if flags:
        assert during == after_kill == at_the_end == []
        assert duckdb_file.column(file, "SELECT ssn FROM dest.rows ORDER BY record_id LIMIT 1") == [
            hashlib.sha256(json.loads(rows[0])["ssn"].encode()).hexdigest()]
    else:
        assert during and after_kill and at_the_end


@pytest.mark.parametrize("packed", [False, True], ids=["csv", "csv.gz"])
def test_a_masked_file_leaves_nothing_unmasked(ingestr, folder, file, tmp_path, packed):
    """Rows of a file never pass through our code; the memory of the engine that reads them is little."""
    path = tmp_path / ("people.csv.gz" if packed else "people.csv")
    marks = [secrets.token_urlsafe(200) + mark() for _ in range(60_000)]
    text = "id,ssn\n" + "".join(f"{i},{one}\n" for i, one in enumerate(marks))
    path.write_bytes(gzip.compress(text.encode(), 1) if packed else text.encode())
    process = ingestr.start(*ingestr.ingest_arguments(f"csv:///{path}", "people", "--mask", "ssn:hmac:k3y-of-mine"))
    seen = []
    while process.poll() is None:
        seen += marks_on_disk(folder)
    outcome = ingestr.outcome(process)
    assert outcome.status == 0, outcome.err
    assert seen == [] and marks_on_disk(folder) == []
    assert duckdb_file.column(file, "SELECT ssn FROM dest.rows WHERE id = 7") == [
        hmac.new(b"k3y-of-mine", marks[7].encode(), "sha256").hexdigest()]


def test_nothing_of_memory_is_in_what_a_file_has_unused(ingestr, file, tmp_path):
    """There it might be what a mask is for. What the engine frees is filled with 5A here."""
    path = tmp_path / "people.csv"
    path.write_text("id,ssn\n" + "".join(f"{i},{secrets.token_urlsafe(200)}\n" for i in range(60_000)))
    for mask in ("ssn:hmac:k3y-of-mine", "ssn:partial:150"):
        outcome = ingestr.ingest(f"csv:///{path}", "people", "--mask", mask, env={"DUCKDB_JE_MALLOC_CONF": "junk:free"})
        assert outcome.status == 0, outcome.err
        assert re.findall(rb"\x5a{32,}", file.read_bytes()) == []


def test_the_row_of_a_file_that_does_not_fit_is_named(ingestr, folder, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("id,amount\n" + "1,2\n" * 5000 + "1,2.5\n")
    outcome = ingestr.ingest(f"csv:///{path}", "people", "--columns", "total:bigint:amount")
    assert outcome.status == 1
    assert outcome.error() == "Error: people: row 5001, column total (amount at the source): the value 2.5 is no BIGINT"
    assert list(folder.iterdir()) == []


# ---- files: what is cast is what is written


def test_a_cast_sees_the_fields_of_a_csv_file_as_they_are_written(ingestr, folder, file):
    (folder / "rows.csv").write_text("code,price,zip,day,big,plain\n1.50,1.50,00123,2026-01-31,9007199254740993.10,1.50\n,,,,,\n")
    ingestr.load("csv://rows.csv", "rows", "--columns",
                 "code:text,amount:decimal(10,2):PRICE,zip:bigint,day:text,big:decimal(20,2)", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [
        ("code", "VARCHAR"), ("amount", "DECIMAL(10,2)"), ("zip", "BIGINT"), ("day", "VARCHAR"), ("big", "DECIMAL(20,2)"),
        ("plain", "DOUBLE")]
    assert duckdb_file.query(file, "SELECT COLUMNS(*)::VARCHAR FROM dest.rows ORDER BY rowid") == [
        ("1.50", "1.50", "123", "2026-01-31", "9007199254740993.10", "1.5"), (None,) * 6]


def test_a_cast_sees_the_values_of_a_json_lines_file_as_they_are_written(ingestr, folder, file):
    (folder / "rows.jsonl").write_text(
        '{"long":12345678901234567890.123456789,"price":1.50,"mixed":1.50,"text":"a\\"\\u00e9","nested":{"b": [1.0]},"day":"2026-01-31"}\n'
        '{"long":null,"mixed":"1.50","nested":[]}\n'
        '{"mixed":true}\n')
    ingestr.load("jsonl://rows.jsonl", "rows", "--columns",
                 "long:text,price:decimal(10,2),mixed:json,text:text,nested:text,day:text", "--no-load-timestamp")
    assert duckdb_file.columns(file, "rows", "dest") == [
        ("long", "VARCHAR"), ("price", "DECIMAL(10,2)"), ("mixed", "JSON"), ("text", "VARCHAR"), ("nested", "VARCHAR"),
        ("day", "VARCHAR")]
    assert duckdb_file.query(file, "SELECT COLUMNS(*)::VARCHAR FROM dest.rows ORDER BY rowid") == [
        ("12345678901234567890.123456789", "1.50", "1.50", 'a"é', '{"b": [1.0]}', "2026-01-31"),
        (None, None, '"1.50"', None, "[]", None), (None, None, "true", None, None, None)]


def test_json_of_a_file_stays_json_without_any_other_wish(ingestr, folder, file):
    (folder / "rows.jsonl").write_text('{"a":1.50}\n{"a":"x"}\n')
    ingestr.load("jsonl://rows.jsonl", "rows", "--columns", "a:json")
    assert duckdb_file.columns(file, "rows", "dest")[0] == ("a", "JSON")
    assert duckdb_file.query(file, "SELECT a::VARCHAR FROM dest.rows ORDER BY rowid") == [("1.50",), ('"x"',)]


@pytest.mark.parametrize("name, text", [("rows.csv", "n\n1\nx1.50\n"), ("rows.jsonl", '{"n":1}\n{"n":"x1.50"}\n')])
def test_a_value_of_a_file_that_cannot_be_cast_is_named(ingestr, folder, name, text):
    (folder / name).write_text(text)
    outcome = ingestr.ingest(f"{name.split('.')[1]}://{name}", "rows", "--columns", "n:bigint")
    assert outcome.error() == "Error: rows: row 2, column n: the value x1.50 is no BIGINT"
    assert [path.name for path in folder.iterdir()] == [name]


def test_an_interval_of_a_column_that_is_cast(ingestr, folder, file):
    (folder / "rows.csv").write_text("id,day\n1,2026-01-30\n2,2026-01-31\n")
    ingestr.load("csv://rows.csv", "rows", "--columns", "id:text,when:timestamp:day", "--incremental-strategy", "delete+insert",
                 "--incremental-key", "when", "--interval-start", "2026-01-31")
    assert duckdb_file.query(file, "SELECT id, \"when\"::VARCHAR FROM dest.rows") == [("2", "2026-01-31 00:00:00+00")]


# ---- keys and long names


def test_a_key_is_the_column_that_the_user_names_though_another_has_its_name(ingestr, folder, file):
    """Both are user_id in snake_case, and neither tells rows apart as the other does."""
    merge = ["--incremental-strategy", "merge", "--primary-key", "userId", "--schema-naming", "snake_case"]
    (folder / "rows.csv").write_text("user_id,userId,n\n7,1,a\n7,2,b\n")
    ingestr.load("csv://rows.csv", "rows", *merge)
    (folder / "rows.csv").write_text("user_id,userId,n\n8,2,c\n7,3,d\n")
    ingestr.load("csv://rows.csv", "rows", *merge)
    assert duckdb_file.query(file, "SELECT user_id, user_id_2, n FROM dest.rows ORDER BY 2") == [
        (7, 1, "a"), (8, 2, "c"), (7, 3, "d")]


def test_long_names_are_the_same_in_every_merge(ingestr, folder, file):
    long = "a" * 2000
    merge = ["--incremental-strategy", "merge", "--primary-key", f"{long}_key"]
    for value in (1, 2):
        (folder / "rows.csv").write_text(f"{long}_key,{long}_value\nx,{value}\n")
        ingestr.load("csv://rows.csv", "rows", *merge, "--no-load-timestamp")
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
    assert len(set(names)) == 2 and all(name.startswith("aaaa") for name in names)
    assert duckdb_file.query(file, "FROM dest.rows") == [("x", 2)]


def test_names_with_commas_and_quotes(ingestr, folder, file):
    (folder / "in.csv").write_text('"a,b","c ""d""",e:f,g\n1,x,y,z\n')
    names = ["a,b", 'c "d"', "e:f", "g"]
    direct = ["--schema-naming", "direct", "--no-load-timestamp"]
    for _ in range(2):
        ingestr.load("csv://in.csv", "rows", "--incremental-strategy", "merge", "--primary-key", '"a,b", g', "--mask", '"c ""d""":redact,g:hash', *direct)
    assert [name for name, _ in duckdb_file.columns(file, "rows", "dest")] == names
    assert [row[1] for row in duckdb_file.query(file, "FROM dest.rows")] == ["REDACTED"]
    ingestr.load("csv://in.csv", "rows", "--sql-exclude-columns", '"c ""d""",g', "--columns", 'first:text:"a,b","e:f":varchar(5)', *direct)
    assert duckdb_file.columns(file, "rows", "dest") == [("first", "VARCHAR"), ("e:f", "VARCHAR")]
    outcome = ingestr.ingest("csv://in.csv", "rows", "--primary-key", '"a,b', *direct)
    assert (outcome.status, outcome.error()) == (
        2, 'Error: --primary-key: the name "a,b has no quote at its end; a quote in a name is written twice')

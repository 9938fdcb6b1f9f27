"""Files of an SFTP server, read and written, against OpenSSH's sshd."""

import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import uuid

import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.json
import pyarrow.parquet
import pytest

import duckdb_file
import manual
from program import wait_until
from ssh_server import PASSPHRASE, fingerprint_of
from test_file_patterns import KINDS, write

ROWS = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
CSV = "id,name\n1,a\n2,b\n"


@pytest.fixture
def place(ssh_server):
    """A directory of the server, into which anybody may write; gone after the test."""
    path = ssh_server.root / uuid.uuid4().hex
    path.mkdir()
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def at(ssh_server, place, tmp_path):
    """A URI of what is in that directory; the path is percent-encoded already."""
    def uri(path, key="plain", **parameters):
        return ssh_server.uri(f"{place}/{path}", **{"identity_file": ssh_server.own_key(tmp_path, key),
                                                    "known_hosts": ssh_server.known_hosts(tmp_path), **parameters})
    return uri


def load(ingestr, uri, *flags, table="rows", **options):
    return ingestr.load(uri, table, "--no-load-timestamp", *flags, **options)


def loaded(file, what="*"):
    return duckdb_file.query(file, f"SELECT {what} FROM (FROM dest.rows ORDER BY rowid)")


def rows_in(folder, rows=None, name="in.parquet"):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows or ROWS), folder / name)
    return f"parquet://{name}"


def names_in(directory):
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def nothing_is_left(tmp):
    return not [path for path in pathlib.Path(tmp).iterdir() if path.name.startswith("ingestr-")]


# ---- reading

@pytest.mark.parametrize("kind", KINDS)
def test_files_of_every_kind(ingestr, file, place, at, kind, tmp_path):
    write(place / f"a b/x.{kind}", kind, ROWS)
    load(ingestr, at(f"a%20b/x.{kind}"), env={"TMPDIR": str(tmp_path)})
    assert loaded(file) == [(1, "a"), (2, "b")]
    assert nothing_is_left(tmp_path)


def test_what_is_compressed(ingestr, file, place, at):
    (place / "x.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    load(ingestr, at("x.csv.gz"))
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_patterns_and_columns_in_names_of_directories(ingestr, file, place, at):
    for month in (1, 2):
        write(place / f"y/month={month}/x.parquet", "parquet", [{"id": month}])
        (place / f"c/month={month}").mkdir(parents=True)
        (place / f"c/month={month}/x.csv").write_text(f"id,extra{month}\n{month},7\n")
    (place / "y/.hidden.parquet").write_text("no parquet")
    (place / "y/month=1/notes.txt").write_text("no parquet")
    load(ingestr, at("y/**/*.parquet"))
    assert loaded(file) == [(1, "1"), (2, "2")]
    load(ingestr, at("c/*/x.csv"))
    assert loaded(file, "id, extra1, extra2, month") == [(1, 7, None, 1), (2, None, 7, 2)]
    (place / "s*.csv").write_text("id\n5\n")
    (place / "s2.csv").write_text("id\n6\n")
    for name, ids in (("s*.csv", [(5,)]), ("s%2A.csv", [(5,)]), ("s%32*.csv", [(6,)])):
        load(ingestr, at(name))
        assert loaded(file, "id") == ids, name


def test_the_rest_of_the_path_is_the_table(ingestr, file, place, at, ssh_server, tmp_path):
    (place / "d").mkdir()
    (place / "d/x.csv").write_text(CSV)
    (place / "d/y.txt").write_text("id\n9\n")
    load(ingestr, at("d/"), table="x.csv")
    assert loaded(file) == [(1, "a"), (2, "b")]
    load(ingestr, at(""), table="./*/*.csv")
    assert loaded(file) == [(1, "a"), (2, "b")]
    load(ingestr, at("d/"), table="y.txt#csv")
    assert loaded(file) == [(9,)]
    bare = ssh_server.uri("", identity_file=ssh_server.own_key(tmp_path), known_hosts=ssh_server.known_hosts(tmp_path))
    for table in (f"{place}/d/x.csv", f"{place.name}/d/x.csv"):   # from the root, and from where a login begins
        load(ingestr, bare, table=table)
        assert loaded(file, "id") == [(1,), (2,)]
    load(ingestr, at("").replace(str(place), f"/~/{place.name}/d/x.csv").replace("x.csv/", "x.csv"))
    assert loaded(file, "id") == [(1,), (2,)]
    outcome = ingestr.run("tables", "--source-uri", at(""))
    assert outcome.status == 0 and "d/x.csv" in outcome.out and "d/y.txt" in outcome.out, outcome.err
    outcome = ingestr.run("preview", "--source-uri", at("d/"), "--source-table", "x.csv")
    assert outcome.status == 0 and "name" in outcome.out and "b" in outcome.out, outcome.err
    outcome = ingestr.run("check", "--source-uri", at("d/x.csv"))
    assert outcome.status == 0 and "d/x.csv, 16 B, can be read" in outcome.out, outcome.out + outcome.err


def test_each_file_is_a_table(ingestr, file, place, at):
    for name in ("a", "b"):
        (place / f"{name}.csv").write_text(f"id\n{name}\n")
    outcome = ingestr.run("ingest", "--source-uri", at(""), "--source-table", "*", "--dest-uri", "duckdb:///attio.duckdb", "--dest-table", "dest.*")
    assert outcome.status == 0, outcome.err
    tables = duckdb_file.column(file, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'dest' ORDER BY 1")
    assert [duckdb_file.column(file, f'SELECT id FROM dest."{table}"') for table in tables] == [["a"], ["b"]], tables


def test_the_example_of_the_manual(ingestr, folder, file, place, at):
    (place / "2026").mkdir()
    (place / "2026/orders-1.csv.gz").write_bytes(gzip.compress(CSV.encode()))
    outcome = ingestr.run(*manual.example("places", "## SFTP", source_uri=at("**/orders*.csv.gz")))
    assert outcome.status == 0, outcome.err
    assert duckdb_file.query(folder / "shop.duckdb", "SELECT id, name FROM dest.orders") == [(1, "a"), (2, "b")]


def test_a_large_file_is_read_whole(ingestr, file, place, at):
    table = pyarrow.table({"id": range(400_000), "pad": [f"{i * 7919:060}" for i in range(400_000)]})
    pyarrow.csv.write_csv(table, place / "x.csv")
    end = load(ingestr, at("x.csv"))
    assert end["rows"] == 400_000
    assert end["bytes"] == (place / "x.csv").stat().st_size > 20_000_000
    assert loaded(file, "sum(id), count(DISTINCT pad), min(length(pad))") == [(sum(range(400_000)), 400_000, 60)]


def test_what_is_masked_reaches_no_disk(ingestr, file, place, at):
    (place / "x.csv").write_text("id,mail\n1,x@y.org\n")
    load(ingestr, at("x.csv"), "--mask", "mail:redact", env={"TMPDIR": "/no/such/directory"})
    assert loaded(file) == [(1, "REDACTED")]


def test_more_files_than_a_process_has_open_at_first(ingestr, file, place, at):
    for number in range(300):
        (place / f"{number:03}.csv").write_text(f"id\n{number}\n")
    arguments = ingestr.ingest_arguments(at("*.csv"), "rows", "--no-load-timestamp")
    limited = ["prlimit", "--nofile=200:4096", ingestr.binary, *map(str, arguments)]
    done = subprocess.run(limited, cwd=ingestr.folder, env=ingestr.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert loaded(file, "sum(id), count(*)") == [(sum(range(300)), 300)]


def test_what_is_wrong_with_a_file(ingestr, place, at, ssh_server):
    (place / "bad.csv").write_text("id,name\n1,a\n2,b,c\n")
    (place / "d").mkdir()
    (place / "d/bad.csv").write_text("id,name\n1,a\n2,b,c\n")
    (place / "x.parquet").write_text("no parquet")
    (place / "secret.csv").write_text(CSV)
    (place / "secret.csv").chmod(0)
    server = f"sftp://127.0.0.1:{ssh_server.port}{place}"
    for path, status, words in (
            ("bad.csv", 1, f"{server}/bad.csv, line 3: 3 fields where the header has 2"),
            ("*/bad.csv", 1, f"{server}/d/bad.csv, line 3: 3 fields"),
            ("x.parquet", 1, f"{server}/x.parquet"),
            ("none.csv", 1, f"there is no file {server}/none.csv"),
            ("none/*.csv", 1, f"no file has a name that fits {server}/none/*.csv"),
            ("d", 2, "nothing says which kind of file it is"),
            ("d#csv", 2, f"{server}/d is no file; name a file in it, or {server}/d/* for all"),
            ("secret.csv", 1, f"the user {ssh_server.user} has no permission")):
        outcome = ingestr.ingest(at(path), "rows")
        assert outcome.status == status and words in outcome.error() and "ingestr-fetched" not in outcome.err, outcome.err
    assert not (ingestr.folder / "attio.duckdb").exists()


# ---- who asks, and who answers

def test_every_kind_of_key(ingestr, folder, file, place, at, ssh_server, tmp_path):
    (place / "x.csv").write_text(CSV)
    for key, more in (("plain", {}), ("rsa", {}), ("locked", {"passphrase": PASSPHRASE})):
        load(ingestr, at("x.csv", key, **more))
    load(ingestr, at("x.csv", "locked"), env={"SFTP_PASSPHRASE": PASSPHRASE})
    (folder / ".ssh").mkdir()
    shutil.copy(ssh_server.own_key(tmp_path), folder / ".ssh/id_ed25519")
    shutil.copy(ssh_server.known_hosts(tmp_path), folder / ".ssh/known_hosts")
    load(ingestr, ssh_server.uri(f"{place}/x.csv"))
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_keys_that_do_not_fit(ingestr, place, at, ssh_server, tmp_path):
    (place / "x.csv").write_text(CSV)
    outcome = ingestr.ingest(at("x.csv", "stranger"), "rows")
    assert outcome.status == 1 and f"refuses the user {ssh_server.user} with this key" in outcome.error()
    outcome = ingestr.ingest(at("x.csv", "locked", passphrase="wrong & secret"), "rows")
    assert outcome.status == 2 and "is the passphrase the right one?" in outcome.error() and "wrong" not in outcome.err
    assert "passphrase=" in ingestr.ingest(at("x.csv", "locked"), "rows").error()
    outcome = ingestr.ingest(at("x.csv", identity_file=tmp_path / "none"), "rows")
    assert outcome.status == 2 and "which is no file" in outcome.error()


def test_an_agent_has_the_key(ingestr, file, place, ssh_server, tmp_path):
    (place / "x.csv").write_text(CSV)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", tmp_path / "agent"], stdout=subprocess.DEVNULL)
    try:
        environment = {"SSH_AUTH_SOCK": str(tmp_path / "agent")}
        add = ["ssh-add", "-q", ssh_server.own_key(tmp_path)]
        wait_until(lambda: subprocess.run(add, env={**os.environ, **environment}, capture_output=True).returncode == 0, "the agent has the key")
        load(ingestr, ssh_server.uri(f"{place}/x.csv", known_hosts=ssh_server.known_hosts(tmp_path)), env=environment)
    finally:
        agent.terminate()
        agent.wait()
    assert loaded(file) == [(1, "a"), (2, "b")]


def test_a_host_that_is_not_known(ingestr, file, place, at, ssh_server, tmp_path):
    (place / "x.csv").write_text(CSV)
    outcome = ingestr.ingest(at("x.csv", known_hosts=tmp_path / "none"), "rows")
    error = outcome.error()
    assert outcome.status == 1 and "is not known" in error and ssh_server.fingerprint in error
    assert f"ssh-keyscan -p {ssh_server.port} 127.0.0.1" in error and str(tmp_path / "none") in error
    outcome = ingestr.ingest(at("x.csv", known_hosts=ssh_server.known_hosts(tmp_path, "stranger")), "rows")
    assert outcome.status == 1 and "not the one that" in outcome.error() and "ask whoever keeps it" in outcome.error()
    hashed = ssh_server.known_hosts(tmp_path)
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", hashed], check=True, capture_output=True)
    assert hashed.read_text().startswith("|1|")
    uri = ssh_server.uri(f"{place}/x.csv", identity_file=ssh_server.own_key(tmp_path), known_hosts=hashed)   # at() would write it anew
    load(ingestr, uri)
    for said in (ssh_server.fingerprint, ssh_server.fingerprint.removeprefix("SHA256:")):
        load(ingestr, at("x.csv", known_hosts=tmp_path / "none", host_fingerprint=said))
    load(ingestr, at("x.csv", known_hosts=tmp_path / "none"), env={"SFTP_HOST_FINGERPRINT": ssh_server.fingerprint})
    assert loaded(file) == [(1, "a"), (2, "b")]
    outcome = ingestr.ingest(at("x.csv", host_fingerprint=fingerprint_of(ssh_server.keys / "stranger.pub")), "rows")
    assert outcome.status == 1 and "as host_fingerprint says" in outcome.error()
    outcome = ingestr.ingest(at("x.csv", host_fingerprint="SHA256:abc"), "rows")
    assert outcome.status == 2 and "host_fingerprint is no SHA-256 fingerprint" in outcome.error()


# ---- writing

@pytest.mark.parametrize("kind, read", [
    ("csv", pyarrow.csv.read_csv), ("csv.gz", pyarrow.csv.read_csv), ("parquet", pyarrow.parquet.read_table),
    ("jsonl", pyarrow.json.read_json)])
def test_files_are_written_and_appended_to(ingestr, folder, place, at, kind, read, tmp_path):
    target = at(f"out/a%20b%3D/x.{kind}")
    load(ingestr, rows_in(folder), file=target, env={"TMPDIR": str(tmp_path)})
    path = place / f"out/a b=/x.{kind}"
    assert read(path).to_pylist() == ROWS
    load(ingestr, rows_in(folder), "--incremental-strategy", "append", file=target)
    assert read(path).to_pylist() == ROWS + ROWS
    load(ingestr, rows_in(folder, ROWS[:1]), file=target)
    assert read(path).to_pylist() == ROWS[:1]
    assert names_in(place) == [f"out/a b=/x.{kind}"]
    assert nothing_is_left(tmp_path)


def test_a_directory_gets_a_file_by_each_run(ingestr, folder, place, at):
    target = at("lake/")
    for rows in (ROWS[:1], ROWS[1:]):
        load(ingestr, rows_in(folder, rows), "--incremental-strategy", "append", file=target)
    assert len(names_in(place)) == 2 and all(name.startswith("lake/dest.rows-") for name in names_in(place))
    assert sorted(pyarrow.dataset.dataset(place / "lake").to_table()["id"].to_pylist()) == [1, 2]
    load(ingestr, rows_in(folder), file=target)
    assert len(names_in(place)) == 1
    assert pyarrow.dataset.dataset(place / "lake").to_table().to_pylist() == ROWS
    load(ingestr, rows_in(folder), file=target, into="dest.other")
    assert len(names_in(place)) == 2
    (place / "lake/mine.txt").write_text("mine")
    outcome = ingestr.ingest(rows_in(folder), "rows", file=target)
    assert outcome.status == 2 and "mine.txt in it is nothing that ingestr writes" in outcome.error()


def test_partitions(ingestr, folder, place, at):
    rows = [{"id": i, "city": city} for i, city in enumerate(["Bern", "a/b", "Bern", None])]
    target = at("lake/", format="csv")
    load(ingestr, rows_in(folder, rows), "--partition-by", "city", file=target)
    found = pyarrow.dataset.dataset(place / "lake", format="csv", partitioning="hive").to_table().to_pylist()
    assert sorted((row["id"], row["city"]) for row in found if row["city"]) == [(0, "Bern"), (1, "a/b"), (2, "Bern")]
    assert {path.name for path in (place / "lake").iterdir()} == {"city=Bern", "city=a%2Fb", "city=__HIVE_DEFAULT_PARTITION__"}
    load(ingestr, rows_in(folder, rows[:1]), "--partition-by", "city", file=target)
    assert [path.name for path in (place / "lake").iterdir()] == ["city=Bern"]   # no empty directory is left
    assert len(names_in(place)) == 1


def test_a_file_keeps_its_permissions_and_a_link_its_place(ingestr, folder, place, at):
    (place / "real").mkdir(mode=0o777)
    (place / "real").chmod(0o777)
    load(ingestr, rows_in(folder), file=at("real/x.csv"))
    written = place / "real/x.csv"
    written.chmod(0o640)
    os.chown(written, written.stat().st_uid, written.stat().st_gid)
    (place / "x.csv").symlink_to("real/x.csv")
    load(ingestr, rows_in(folder, ROWS[:1]), file=at("x.csv"))
    assert (place / "x.csv").is_symlink() and written.stat().st_mode & 0o777 == 0o640
    assert pyarrow.csv.read_csv(written).to_pylist() == ROWS[:1]


def test_what_a_dead_run_has_left_goes(ingestr, folder, place, at):
    dead, living = (place / f".ingestr-20260101T00000000000{i}Z-7.tmp" for i in (1, 2))
    for path in (dead, living, place / ".other.tmp"):
        path.write_text("half a file")
        os.chown(path, (place / "..").stat().st_uid, -1)
    os.utime(dead, (1e9, 1e9))
    load(ingestr, rows_in(folder), file=at("x.csv"))
    assert sorted(os.listdir(place)) == [living.name, ".other.tmp", "x.csv"]


def test_where_all_may_write_and_not_all_may_look(ingestr, folder, place, at):
    """As in a place for deliveries; or all may look, and each remove what is its own."""
    for name, mode in (("drop", 0o1733), ("shared", 0o1777)):
        (place / name).mkdir()
        (place / name).chmod(mode)
        left = place / name / ".ingestr-20260101T000000000001Z-7.tmp"
        left.write_text("another's")
        os.utime(left, (1e9, 1e9))
        for _ in range(2):
            load(ingestr, rows_in(folder), file=at(f"{name}/x.csv"))
        assert pyarrow.csv.read_csv(place / name / "x.csv").to_pylist() == ROWS


def test_what_was_put_aside_is_no_file_of_somebody_else(ingestr, folder, place, at):
    aside = place / ".ingestr-20260101T000000000001Z-7.tmp.old"
    aside.write_text("what a file had before")
    os.utime(aside, (1e9, 1e9))
    load(ingestr, rows_in(folder), file=at("", format="csv"))
    load(ingestr, rows_in(folder), file=at("x.csv"))
    assert aside.exists()


def test_what_links_lead_to_is_replaced(ingestr, folder, place, at):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:   # another file system, where nothing of here can be renamed to
        os.chmod(elsewhere, 0o777)
        (place / "far.csv").symlink_to(f"{elsewhere}/far.csv")
        (place / "near.csv").symlink_to("not there yet.csv")
        for _ in range(2):
            for name in ("far.csv", "near.csv"):
                load(ingestr, rows_in(folder), file=at(name))
                assert (place / name).is_symlink() and pyarrow.csv.read_csv(place / name).to_pylist() == ROWS
        assert os.listdir(elsewhere) == ["far.csv"]


def test_names_that_are_no_utf8(ingestr, file, place, at):
    with open(os.fsencode(place) + b"/caf\xe9.csv", "w") as out:
        out.write(CSV)
    for name in ("caf%E9.csv", "*.csv"):
        load(ingestr, at(name))
        assert loaded(file) == [(1, "a"), (2, "b")]
    assert "/none%E9.csv" in ingestr.ingest(at("none%E9.csv"), "rows").error()


def test_where_nothing_can_be_written(ingestr, folder, place, at, ssh_server):
    (place / "closed").mkdir()
    (place / "closed").chmod(0o555)
    (place / "file").write_text("x")
    (place / "d").mkdir()
    server = f"sftp://127.0.0.1:{ssh_server.port}{place}"
    if os.geteuid() == 0:   # else the directory's owner
        outcome = ingestr.ingest(rows_in(folder), "rows", file=at("closed/x.csv"))
        assert outcome.status == 1 and "has no permission for it" in outcome.error() and f"{server}/closed" in outcome.error()
        outcome = ingestr.ingest(rows_in(folder), "rows", file=at("closed/a/b/"))
        assert outcome.status == 1 and f"{server}/closed/a cannot be made" in outcome.error()
    outcome = ingestr.ingest(rows_in(folder), "rows", file=at("file/x.csv"))
    assert outcome.status == 1 and f"{server}/file" in outcome.error()
    outcome = ingestr.ingest(rows_in(folder), "rows", file=at("d", format="csv"))
    assert outcome.status == 2 and "it is no file; end the URI with /" in outcome.error()
    outcome = ingestr.ingest(rows_in(folder), "rows", file=at("file/", format="csv"))
    assert outcome.status == 2 and "it is no directory" in outcome.error()
    outcome = ingestr.ingest(rows_in(folder), "rows", file=at("x"))
    assert outcome.status == 2 and f"nothing says which kind of file {server}/x is to be" in outcome.error()
    outcome = ingestr.ingest(rows_in(folder), "rows", file=ssh_server.uri(""))
    assert outcome.status == 2 and "names no file" in outcome.error()
    assert names_in(place) == ["file"]


def test_a_dry_run_writes_nothing(ingestr, folder, place, at):
    outcome = ingestr.ingest(rows_in(folder), "rows", "--dry-run", file=at("out/x.csv"))
    assert outcome.status == 0, outcome.err
    assert list(place.iterdir()) == []


def test_from_server_to_server(ingestr, place, at):
    (place / "x.csv").write_text(CSV)
    load(ingestr, at("x.csv"), file=at("y.parquet"))
    assert pyarrow.parquet.read_table(place / "y.parquet").to_pylist() == ROWS

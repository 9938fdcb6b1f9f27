"""Directories that are replaced at once: a run that is killed while they change places, and directories that cannot."""

import os
import pathlib
import signal
import subprocess

import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest

import mounts

OLD, NEW = [1, 2, 3], [4, 5]


def load(ingestr, folder, ids, *flags, into="orders", **options):
    pyarrow.parquet.write_table(pyarrow.table({"id": ids, "part": [i % 2 for i in ids]}), folder / "in.parquet")
    return ingestr.ingest("parquet://in.parquet", "rows", "--no-load-timestamp", *flags, file="parquet://out/", into=into, **options)


def loaded(*arguments, **options):
    outcome = load(*arguments, **options)
    assert outcome.status == 0, outcome.err


def ids(folder, name="out"):
    files = [str(path) for path in (folder / name).rglob("*.parquet")]
    return sorted(pyarrow.dataset.dataset(files).to_table(["id"])["id"].to_pylist())


@pytest.fixture(scope="session")
def killed_at(tmp_path_factory):
    """The environment in which a run is killed at a moment."""
    if os.environ.get("INGESTR_SANITIZE"):
        pytest.skip("a sanitizer wants to be loaded first")
    library = tmp_path_factory.mktemp("library") / "killed_at.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, pathlib.Path(__file__).parent / "killed_at.c"], check=True)
    return lambda moment: {"LD_PRELOAD": str(library), "KILLED_AT": moment}


@pytest.mark.parametrize("flags", [[], ["--partition-by", "part"]], ids=["files", "partitions"])
@pytest.mark.parametrize("moment, left", [("before the swap", OLD), ("after the swap", NEW), ("while the old one goes", NEW)])
@pytest.mark.parametrize("strategy", ["replace", "append"])
def test_killed_while_directories_change_places(ingestr, folder, killed_at, moment, left, strategy, flags):
    loaded(ingestr, folder, OLD, *flags)
    loaded(ingestr, folder, [7], into="others")
    outcome = load(ingestr, folder, NEW, *flags, env=killed_at(moment))
    assert outcome.status == -signal.SIGKILL
    assert ids(folder) == sorted([*left, 7])   # what a reader sees, whoever cleans up
    loaded(ingestr, folder, [8, 9], *flags, "--incremental-strategy", strategy)
    assert ids(folder) == sorted([*(left if strategy == "append" else []), 7, 8, 9])
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out"]
    assert not list(folder.rglob("*ingestr.tmp*"))


@pytest.fixture(params=["tmpfs", "bind"])
def mounted(request, folder):
    """The directory that runs write into, where something is mounted."""
    place = folder / "out"
    place.mkdir()
    how = ["-t", "tmpfs", "tmpfs"] if request.param == "tmpfs" else ["--bind", place]
    with mounts.mounted(place, *how):
        yield place


def test_a_directory_where_something_is_mounted(ingestr, folder, mounted):
    loaded(ingestr, folder, OLD)                                             # nothing has to go
    loaded(ingestr, folder, [7], into="others")
    loaded(ingestr, folder, NEW, "--incremental-strategy", "append")
    before = sorted(path.name for path in mounted.iterdir())
    outcome = load(ingestr, folder, [8])
    assert outcome.status == 2 and "out" in outcome.error() and "cannot be replaced at once" in outcome.error(), outcome.err
    assert "--incremental-strategy append" in outcome.error()
    assert sorted(path.name for path in mounted.iterdir()) == before and ids(folder) == sorted([*OLD, *NEW, 7])
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out"]


def test_a_directory_that_is_a_link(ingestr, folder):
    (folder / "real").mkdir()
    (folder / "out").symlink_to("real")
    loaded(ingestr, folder, OLD)
    loaded(ingestr, folder, [7], into="others")
    loaded(ingestr, folder, NEW)
    assert (folder / "out").is_symlink() and ids(folder, "real") == sorted([*NEW, 7])
    assert sorted(path.name for path in folder.iterdir()) == ["in.parquet", "out", "real"]
    assert len(list((folder / "real").iterdir())) == 2

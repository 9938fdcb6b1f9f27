"""The API key is nowhere to be seen: not in what is printed, not in the process's title or environment, not in any file."""

import contextlib
import pathlib
import re

import pytest

from program import wait_until

KEY = "sk_Zq8vWx93LmTn4bRc"   # nothing that could be in an output by chance
ODD_KEY = "sk+Zq8/vWx93&Lm=Tn4%bRc"
ODD_KEY_IN_URI = "sk%2BZq8%2FvWx93%26Lm%3DTn4%25bRc"


def assert_hidden(*texts, key=KEY):
    forms = [key, key[4:], ODD_KEY_IN_URI]
    for text in texts:
        for form in forms:
            assert form not in text


def run_in_all_modes(ingestr, uri, table, status, key=KEY):
    for flags in ([], ["--debug"], ["--progress", "json", "--debug"]):
        outcome = ingestr.ingest(uri, table, *flags)
        assert outcome.status == status, outcome.err
        assert_hidden(outcome.out, outcome.err, key=key)


@pytest.mark.parametrize("table", ["objects", "records:companies", "all_list_entries:companies"])
def test_success(ingestr, file, start_sandbox, table):
    sandbox = start_sandbox("--api-key", KEY, "--fault", "500@2")
    run_in_all_modes(ingestr, sandbox.uri(key=KEY), table, 0)
    assert KEY.encode() not in file.read_bytes()


def test_a_key_that_is_percent_encoded(ingestr, start_sandbox):
    sandbox = start_sandbox("--api-key", ODD_KEY)
    run_in_all_modes(ingestr, sandbox.uri(key=ODD_KEY_IN_URI), "objects", 0, key=ODD_KEY)
    run_in_all_modes(ingestr, start_sandbox().uri(key=ODD_KEY_IN_URI), "objects", 1, key=ODD_KEY)


def test_a_refused_key(ingestr, start_sandbox):
    run_in_all_modes(ingestr, start_sandbox().uri(key=KEY), "records:companies", 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_server_that_repeats_the_key(ingestr, start_api, status):
    def answer(method, path, body, headers):
        said = f"The key {headers['Authorization']} (that is {KEY}) is not welcome."
        return status, f'{{"status_code":{status},"type":"auth_error","code":"some_code","message":"{said}"}}'
    api = start_api(answer)
    run_in_all_modes(ingestr, api.uri(key=KEY), "objects", 1)


def test_a_server_that_answers_with_the_key_alone(ingestr, start_api):
    run_in_all_modes(ingestr, start_api(lambda *_: f'{{"Authorization":"Bearer {KEY}"}}').uri(key=KEY), "objects", 1)


@pytest.mark.parametrize("uri", [
    f"attio://?api_key={KEY}&api_kez={KEY}", f"attio://?{KEY}", f"attio://{KEY}", f"attio:{KEY}", KEY,
    f"attio://?api_key={KEY}&page_size=x", f"attoi://?api_key={KEY}", f"{KEY}://?api_key={KEY}"])
def test_uris_that_are_wrong(ingestr, uri):
    run_in_all_modes(ingestr, uri, "objects", 2)


def test_flags_that_are_wrong(ingestr):
    for arguments in (["ingest", "--source-uri", f"attio://?api_key={KEY}", "--source-table"],
                      ["ingest", f"--api-key={KEY}"], ["ingest", f"--{KEY}"], ["ingest", KEY], [KEY],
                      ["ingest", "--dest-uri", f"attio://?api_key={KEY}", "--source-uri", "duckdb:///x.duckdb",
                       "--source-table", "objects"]):
        outcome = ingestr.run(*arguments)
        assert outcome.status == 2
        assert_hidden(outcome.out, outcome.err)


def proc_text(process, name):
    return pathlib.Path(f"/proc/{process.pid}/{name}").read_bytes().decode("utf-8", "replace")


def names_of_threads(process):
    names = []
    for path in pathlib.Path(f"/proc/{process.pid}/task").glob("*/comm"):
        with contextlib.suppress(OSError):   # one that has ended
            names.append(path.read_text())
    return names


@pytest.mark.parametrize("way", ["flag", "flag with equals", "SOURCE_URI", "INGESTR_SOURCE_URI", "ATTIO_API_KEY"])
def test_the_title_and_the_environment_of_the_process(ingestr, start_sandbox, way):
    sandbox = start_sandbox("--api-key", KEY, "--fault", "slow:600@1")
    uri = sandbox.uri(key=KEY)
    rest = ["--source-table", "objects", "--dest-uri", "duckdb:///attio.duckdb"]
    arguments, environment = {
        "flag": (["--source-uri", uri], {}),
        "flag with equals": ([f"--source-uri={uri}"], {}),
        "SOURCE_URI": ([], {"SOURCE_URI": uri}),
        "INGESTR_SOURCE_URI": ([], {"INGESTR_SOURCE_URI": uri}),
        "ATTIO_API_KEY": (["--source-uri", sandbox.uri(key=None)], {"ATTIO_API_KEY": KEY}),
    }[way]
    process = ingestr.start("ingest", *arguments, *rest, env=environment)
    try:
        wait_until(lambda: sandbox.stats()["requests"], "the first request came")
        title, variables = proc_text(process, "cmdline"), proc_text(process, "environ")
        threads = names_of_threads(process)
    finally:
        process.kill()
        process.communicate()
    assert "objects" in title and "PATH=" in variables   # it is what we think it is
    assert_hidden(title, variables, *threads)
    assert re.search(r"\*{8}", title + variables)


@pytest.mark.parametrize("way", ["flag", "flag with equals", "MASK", "INGESTR_MASK"])
def test_the_key_of_a_mask(ingestr, start_sandbox, way):
    sandbox = start_sandbox("--fault", "slow:600@1")
    mask = f"web_url:hmac:{KEY}"
    arguments, environment = {
        "flag": (["--mask", mask], {}), "flag with equals": ([f"--mask={mask}"], {}),
        "MASK": ([], {"MASK": mask}), "INGESTR_MASK": ([], {"INGESTR_MASK": mask}),
    }[way]
    process = ingestr.start("ingest", "--source-uri", sandbox.uri(), "--source-table", "records:companies", "--dest-uri",
                            "duckdb:///attio.duckdb", "--debug", *arguments, env=environment)
    try:
        wait_until(lambda: sandbox.stats()["requests"], "the first request came")
        title, variables = proc_text(process, "cmdline"), proc_text(process, "environ")
    finally:
        process.kill()
        out, err = process.communicate()
    assert "records:companies" in title
    assert_hidden(title, variables, out, err)


def test_no_core_or_other_file_has_the_key(ingestr, folder, start_sandbox):
    sandbox = start_sandbox("--api-key", KEY)
    ingestr.load(sandbox.uri(key=KEY), "records:companies")
    for path in folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()


@pytest.mark.parametrize("uri", [f"s3://AKIA:{KEY}/x@bucket/x.csv", f"s3://AKIA:x/{KEY}@bucket/x.csv", f"s3://AKIA%3A{KEY}%40bucket", f"gs://{KEY}@bucket/x.csv",
                                 f"az://shop:{KEY}@container/x.csv", f"abfss://container@{KEY}/x.csv"])
def test_keys_in_front_of_a_bucket_are_refused_and_hidden(ingestr, folder, uri):
    (folder / "x.csv").write_text("id\n1\n")
    for arguments in (["ingest", "--source-uri", uri, "--source-table", "x.csv", "--dest-uri", "duckdb:///x.duckdb", "--dest-table", "t"],
                      ["ingest", "--source-uri", "csv://x.csv", "--source-table", "x", "--dest-uri", uri, "--dest-table", "t"],
                      ["check", "--source-uri", uri], ["tables", "--source-uri", uri]):
        outcome = ingestr.run(*arguments)
        assert outcome.status == 2 and "has a : or an @ where the bucket's name is; keys are its parameters" in outcome.error(), outcome.err
        assert_hidden(outcome.out, outcome.err)

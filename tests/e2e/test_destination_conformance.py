"""What every destination must do (tests/conformance), on real servers: the unit tests' program with a server to talk to."""

import os
import re
import subprocess

import pytest

TIMEOUT = 2900   # under a sanitizer


def listed(program, pattern, environment):
    """How many tests there are."""
    out = subprocess.run([program, "--gtest_list_tests", f"--gtest_filter={pattern}"], env=environment, capture_output=True,
                         text=True, check=True).stdout
    return sum(line.startswith("  ") for line in out.splitlines())


@pytest.mark.parametrize("name, variable, fixture", [("Postgres", "INGESTR_TEST_POSTGRES", "postgres"),
                                                    ("Mysql", "INGESTR_TEST_MYSQL", "mariadb")])
def test_the_suites(request, tmp_path, name, variable, fixture):
    program = os.environ.get("UNIT_TESTS_BIN") or os.path.join(os.path.dirname(os.environ["INGESTR_BIN"]), "unit_tests")
    server = request.getfixturevalue(fixture)
    kept = {key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", variable: server.uri(), **kept}
    expected = listed(program, "Duckdb/*", environment)
    assert expected > 50
    assert listed(program, f"{name}/*", environment) == expected, "a suite is not instantiated for it"
    run = subprocess.run([program, f"--gtest_filter={name}/*", "--gtest_brief=1"], env=environment, capture_output=True, text=True,
                         timeout=TIMEOUT)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert int(re.search(r"\[  PASSED  \] (\d+) test", run.stdout)[1]) == expected, "tests are skipped"

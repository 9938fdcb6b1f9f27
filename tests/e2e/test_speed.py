"""Fast, but never faster than the API allows. Figures proper are in bench/."""

import duckdb_file


def test_at_most_100_requests_in_any_second(ingestr, file, start_sandbox):
    """The server counts and does not refuse, so nothing but our own limit slows us."""
    sandbox = start_sandbox("--records=companies=2300", "--record-bytes=0", "--rate-limit=0")
    end = ingestr.load(sandbox.uri(page_size=10), "records:companies")
    stats = sandbox.stats()
    assert stats["requests"] > 220 and stats["max_in_one_second"] <= 100
    assert end["duration_sec"] < 20
    assert duckdb_file.count(file, "dest.rows") == 2300


def test_retries_count_too(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=1500", "--record-bytes=0", "--rate-limit=0", "--fault=429@query#50",
                            "--fault=reset@query#80x3")
    ingestr.load(sandbox.uri(page_size=10), "records:companies")
    assert sandbox.stats()["max_in_one_second"] <= 100
    assert duckdb_file.count(file, "dest.rows") == 1500


def test_pages_are_read_ahead(ingestr, file, start_sandbox):
    """What is in flight is counted, not timed: a slow machine is no slow pager."""
    sandbox = start_sandbox("--records=companies=4000", "--record-bytes=0", "--latency-ms=500")
    ingestr.load(sandbox.uri(page_size=100), "records:companies")
    assert sandbox.stats()["max_in_flight"] > 4
    assert duckdb_file.count(file, "dest.rows") == 4000

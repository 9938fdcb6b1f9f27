"""The program under test, as a process in a folder of its own with an environment that has nothing of ours in it."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import time

TIMEOUT = 120   # seconds: a run under a sanitizer on a busy machine
SOON = 30       # seconds in which a busy machine does what takes one; what must not be waited for takes a minute or more


@dataclasses.dataclass
class Outcome:
    status: int
    out: str
    err: str
    seconds: float

    def events(self):
        """The lines of `--progress json`; fails when one is anything else."""
        return [json.loads(line) for line in self.out.splitlines()]

    def end(self):
        return self.events()[-1]

    def summary(self):
        """The figures at the end of a run in text mode: name -> text."""
        return {name.strip(): text.strip() for name, separator, text in
                (line.partition(":") for line in self.out.splitlines()) if separator}

    def error(self):
        """The one line that a failed run prints to stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1 and lines[0].startswith("Error: "), f"not one error line: {self.err!r}"
        assert "Error" not in self.out and "Traceback" not in self.err
        return lines[0]


class Program:
    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder

    def environment(self, extra=None):
        kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **kept, **(extra or {})}

    def start(self, *arguments, env=None, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
        """Starts it and returns the process."""
        return subprocess.Popen(
            [self.binary, *map(str, arguments)], cwd=self.folder, env=self.environment(env), text=True,
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)

    def run(self, *arguments, env=None):
        begin = time.monotonic()
        return self.outcome(self.start(*arguments, env=env), begin)

    def outcome(self, process, begin=None):
        """Waits for a started process. The seconds are from now, or since `begin`."""
        begin = begin or time.monotonic()
        try:
            out, err = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Outcome(process.returncode, out, err, time.monotonic() - begin)

    def ingest_arguments(self, source_uri, table, *flags, into="dest.rows", file="duckdb:///attio.duckdb"):
        return ["ingest", "--source-uri", source_uri, "--source-table", table, "--dest-uri", file,
                "--dest-table", into, *flags]

    def ingest(self, *arguments, env=None, **options):
        return self.run(*self.ingest_arguments(*arguments, **options), env=env)

    def load(self, *arguments, **options):
        """Ingests with JSON progress, which must succeed; returns the `end` event."""
        outcome = self.ingest(*arguments, "--progress", "json", **options)
        assert outcome.status == 0, outcome.err
        end = outcome.end()
        assert end["event"] == "end" and end["status"] == "success", end
        return end


def wait_until(condition, what, seconds=TIMEOUT):
    """Polls `condition` until it is true. A file that it looks at may not be there yet, or be gone in the middle of the look."""
    deadline = time.monotonic() + seconds

    def is_met():
        try:
            return condition()
        except FileNotFoundError:
            return False

    while not is_met():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


def check_peak(process, most=400_000):
    """Waits for a process to end; in memory it never has more KB than that, but for what a sanitizer takes. (Rusage would count the memory
    that this process had when it started it.)"""
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError):
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        time.sleep(0.02)
    assert peak < most or os.environ.get("INGESTR_SANITIZE"), f"{peak} KB"

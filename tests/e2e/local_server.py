"""A server of somebody else's that a test starts on loopback, with files of its own, and stops."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

START_SECONDS = 60
ATTEMPTS = 3
NOBODY = 65534


class LocalServer:
    """Subclasses say how to make the files (`prepare`), what to run (`command`) and when it answers (`ask`, which throws until
    it does). It dies with the tests, however they end."""

    stop_signal = signal.SIGKILL   # its files go anyway
    account = NOBODY   # who it runs as, user and group, when the tests run as root, which database servers refuse; None: as root

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ingestr-server-", dir="/tmp"))
        self._process = None
        if os.geteuid() == 0 and self.account is not None:
            os.chown(self.folder, self.account, self.account)
        try:
            self.prepare()
            self._start()
        except BaseException:
            self.stop()
            raise

    def prepare(self):
        pass

    def stop(self):
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def process_id(self):
        return self._process.pid

    def kill(self):
        """As a power failure would."""
        self._process.kill()
        self._process.wait()

    def others(self):
        """Processes of the server that outlive its first one, which was killed."""
        return [entry for entry in pathlib.Path("/proc").glob("[0-9]*") if _works_in(entry, self.folder)]

    def restart(self):
        """After kill(), with the files as they are; at another port."""
        self._start()

    def run(self, *command, text=""):
        """Runs a program to its end, as the user that the server runs as; `text` is its standard input."""
        done = subprocess.run(_unprivileged(command, self.account), cwd=self.folder, env=self._environment(), input=text,
                              capture_output=True, encoding="utf-8")
        assert done.returncode == 0, f"{command[0]} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}"

    def _start(self):
        for attempt in range(ATTEMPTS):   # another program may take a port between the choice and the start
            self.choose_ports()
            with open(self.folder / "log", "ab") as log:
                self._process = subprocess.Popen(_unprivileged(self.command(), self.account), cwd=self.folder, env=self._environment(),
                                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            if self._answers():
                return
        raise AssertionError(f"{self.command()[0]} did not start: {(self.folder / 'log').read_text()[-3000:]}")

    def choose_ports(self):
        self.port, = free_ports(1)

    def _answers(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.ask()
                return True
            except Exception:   # whatever its client throws while nobody listens
                time.sleep(0.05)
        self.kill()
        return False

    def _environment(self):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **self.environment()}

    def environment(self):
        return {}


def _unprivileged(command, account):
    other = os.geteuid() == 0 and account is not None
    other_user = [f"--reuid={account}", f"--regid={account}", "--clear-groups"] if other else []
    return ["setpriv", "--pdeathsig=KILL", *other_user, *map(str, command)]


def _works_in(process, folder):
    try:
        return os.readlink(process / "cwd").startswith(str(folder))
    except OSError:   # gone, or nobody's business
        return False


@contextlib.contextmanager
def closed_port():
    """One where nobody listens, nor can anybody while it lasts."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        yield one.getsockname()[1]


def free_ports(count):
    """Ports that nobody listened on a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()

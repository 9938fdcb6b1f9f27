"""OpenSSH's own server, for the user that it runs as. It lets in who has one of the keys in `keys`."""

import base64
import hashlib
import os
import pathlib
import pwd
import shutil
import socket
from urllib.parse import quote, urlencode

from local_server import LocalServer

GAMES = pwd.getpwnam("games").pw_uid   # nobody's account is a locked one for who may not read /etc/shadow, and sshd lets nobody in then
PASSPHRASE = "p@ss phrase&+/ü"


class SshServer(LocalServer):
    account = GAMES
    user = pwd.getpwuid(GAMES if os.geteuid() == 0 else os.geteuid()).pw_name

    def prepare(self):
        self.root = self.folder / "files"   # where a login begins
        self.root.mkdir()
        self.root.chmod(0o777)
        self.keys = self.folder / "keys"
        self.keys.mkdir()
        self.keys.chmod(0o777)
        for name, kind, passphrase in (("plain", "ed25519", ""), ("rsa", "rsa", ""), ("locked", "ed25519", PASSPHRASE), ("stranger", "ed25519", "")):
            self.run("/usr/bin/ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", self.keys / name)
        self.run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.keys / "host")
        allowed = "".join((self.keys / f"{name}.pub").read_text() for name in ("plain", "rsa", "locked"))
        (self.keys / "allowed").write_text(allowed)
        # `scripts/setup` made sure that nothing but this starts it.
        (self.folder / "config").write_text(
            f"HostKey {self.keys}/host\nAuthorizedKeysFile {self.keys}/allowed\nPidFile none\nStrictModes no\nUsePAM no\n"
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\nMaxStartups 100\nLogLevel VERBOSE\n"
            f"Subsystem sftp internal-sftp -d {self.root}\n")

    def command(self):
        return ["/usr/sbin/sshd", "-D", "-e", "-f", self.folder / "config", "-o", f"ListenAddress 127.0.0.1:{self.port}"]

    def ask(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            assert connection.recv(4) == b"SSH-"

    @property
    def fingerprint(self):
        return fingerprint_of(self.keys / "host.pub")

    def own_key(self, folder, name="plain"):
        """A copy that belongs to whoever runs the tests."""
        copy = folder / f"key-{name}"
        shutil.copy(self.keys / name, copy)
        copy.chmod(0o600)
        return copy

    def known_hosts(self, folder, key="host"):
        file = folder / f"known-{key}"
        kind, text = (self.keys / f"{key}.pub").read_text().split()[:2]
        file.write_text(f"[127.0.0.1]:{self.port} {kind} {text}\n")
        return file

    def uri(self, path="", user=None, **parameters):
        """A URI without credentials; `path` is percent-encoded already, and absolute or empty."""
        text = f"sftp://{quote(self.user if user is None else user)}@127.0.0.1:{self.port}{path}"
        return text + (f"?{urlencode(parameters)}" if parameters else "")


def fingerprint_of(public_key):
    """As ssh-keygen prints it."""
    blob = base64.b64decode(pathlib.Path(public_key).read_text().split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")

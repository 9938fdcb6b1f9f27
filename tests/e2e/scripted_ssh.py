"""An SFTP server that lets in by password and fails as a test wants (asyncssh). It runs in a thread of the tests."""

import asyncio
import os
import threading
from urllib.parse import quote, urlencode

import asyncssh

USER = "lo ader"
PASSWORD = "p@ss:w/o?r#d%20 '\"\\ü"   # all that a URI could trip over


class ScriptedSsh:
    """Set what it is to do before a connection is made: `break_reads`, `break_writes` (bytes after which a connection breaks, one for each
    time), `stall_reads`, `stall_writes`, `fail_writes`, `full` and `questions` (asks instead of taking a password), `on_read` (called at each)."""

    def __init__(self, folder):
        self.folder = folder
        self.break_reads, self.break_writes = [], []
        self.stall_reads = self.stall_writes = self.full = self.questions = False
        self.fail_writes = None
        self.on_read = lambda offset: None
        self.reads, self.writes, self.logins = [], [], 0   # offsets
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        self.fingerprint = self._key.get_fingerprint()

    def uri(self, path, password=PASSWORD, **parameters):
        user = quote(USER) + (f":{quote(password, safe='')}" if password else "")
        return f"sftp://{user}@127.0.0.1:{self.port}{path}?{urlencode({'host_fingerprint': self.fingerprint, **parameters})}"

    def stop(self):
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _listen(self):
        return await asyncssh.listen("127.0.0.1", 0, server_host_keys=[self._key], server_factory=lambda: _Door(self),
                                     sftp_factory=lambda channel: _Files(channel, self), login_timeout=30)

    async def _close(self):
        self._server.close()


class _Door(asyncssh.SSHServer):
    def __init__(self, script):
        self._script = script

    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return not self._script.questions

    def validate_password(self, username, password):
        return self._admit(username, password)

    def kbdint_auth_supported(self):
        return self._script.questions

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username, responses):
        return self._admit(username, responses[0])

    def _admit(self, username, password):
        fits = (username, password) == (USER, PASSWORD)
        self._script.logins += fits
        return fits


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel, script):
        super().__init__(channel, chroot=os.fsencode(script.folder))
        self._connection = channel.get_connection()
        self._script = script
        self._moved = 0

    def _break_after(self, moved, limits):
        self._moved += moved
        if limits and self._moved > limits[0]:
            limits.pop(0)
            self._moved = float("-inf")   # requests that are under way are still served
            self._connection.abort()

    async def read(self, file_obj, offset, size):
        self._script.reads.append(offset)
        self._script.on_read(offset)
        if self._script.stall_reads:
            await asyncio.sleep(600)
        data = super().read(file_obj, offset, size)
        self._break_after(len(data), self._script.break_reads)
        return data

    async def write(self, file_obj, offset, data):
        if self._script.fail_writes:
            raise self._script.fail_writes
        self._script.writes.append(offset)
        if self._script.stall_writes:
            await asyncio.sleep(600)
        count = super().write(file_obj, offset, data)
        self._break_after(count, self._script.break_writes)
        return count

    def rename(self, oldpath, newpath):   # as the protocol has it
        if os.path.exists(self.map_path(newpath)):
            raise asyncssh.SFTPFailure("file exists")
        super().rename(oldpath, newpath)

    def statvfs(self, path):
        attributes = super().statvfs(path)
        if not self._script.full:
            return attributes
        return asyncssh.SFTPVFSAttrs(bsize=4096, frsize=4096, blocks=10, bfree=0, bavail=0, files=1, ffree=1, favail=1, fsid=1, flags=0, namemax=255)

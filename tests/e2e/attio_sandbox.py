"""The local Attio server of sandbox/, as a process that a test starts, asks and stops."""

import http.client
import json
import os
import re
import select
import subprocess

import raw_json

START_SECONDS = 60
TOKEN = "key_123"


class Sandbox:
    """A running attio-sandbox on a port of its own. `switches` are its command line; see sandbox/README.md."""

    def __init__(self, binary, switches):
        self._process = subprocess.Popen(
            [binary, "--port", "0", *switches], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            self.port = self._port_from_first_line()
        except Exception:
            self.stop()
            raise

    def _port_from_first_line(self):
        readable, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        line = self._process.stdout.readline() if readable else ""
        found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
        assert found, f"the sandbox did not start: {line!r}"
        return int(found.group(1))

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.port}/v2"

    def uri(self, key=TOKEN, scheme="attio", **parameters):
        """The source URI of this server."""
        texts = [f"{name}={value}" for name, value in {"api_key": key, "base_url": self.base_url, **parameters}.items()
                 if value is not None]
        return f"{scheme}://?{'&'.join(texts)}"

    # ---- what the server says, by plain HTTP

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"})
            response = connection.getresponse()
            text = response.read().decode("utf-8")
        finally:
            connection.close()
        assert response.status == 200, f"{method} {path}: {response.status} {text[:300]}"
        return text

    def rows(self, path):
        """The JSON text of each row behind `path`, exactly as the server writes it; query endpoints are paged through."""
        if not path.endswith("/query"):
            return raw_json.elements(raw_json.members(self.request("GET", path))["data"])
        all_rows = []
        while True:
            body = json.dumps({"limit": 500, "offset": len(all_rows)})
            page = raw_json.elements(raw_json.members(self.request("POST", path, body))["data"])
            if not page:
                return all_rows
            all_rows += page

    def objects(self):
        """slug -> id"""
        return {row["api_slug"]: row["id"]["object_id"] for row in self._data("/v2/objects")}

    def lists(self, parent=None):
        """slug -> id, of all lists or of those over one object"""
        return {row["api_slug"]: row["id"]["list_id"] for row in self._data("/v2/lists")
                if parent is None or parent in row["parent_object"]}

    def _data(self, path):
        return json.loads(self.request("GET", path))["data"]

    # ---- control; not counted as requests

    def ids(self, **table):
        """The ids there are now: ids(object="companies") or ids(list="renewals")."""
        (kind, slug), = table.items()
        return json.loads(self.request("GET", f"/__sandbox/ids?{kind}={slug}"))["ids"]

    def stats(self):
        return json.loads(self.request("GET", "/__sandbox/stats"))

    def changed_ids(self, operation):
        return {change["id"] for change in self.stats()["changes"] if change["op"] == operation}

    def change_rows(self, **order):
        self.request("POST", "/__sandbox/mutate", json.dumps(order))

    def set_faults(self, *faults):
        self.request("POST", "/__sandbox/faults", "\n".join(faults))

    def reset(self):
        """Counters to zero, fault and mutation rules start again."""
        self.request("POST", "/__sandbox/reset")


def sandbox_binary():
    return os.environ["SANDBOX_BIN"]

"""Azurite as an Azure blob store (tests/servers/package-lock.json)."""

import base64
import datetime
import hashlib
import hmac
import html
import pathlib
import urllib.parse
import urllib.request

from local_server import LocalServer

ACCOUNT = "tester"
KEY = base64.b64encode(b"key of an account that only tests have, 64 bytes of it \xff\xfe\xfd+/=").decode()
VERSION = "2021-08-06"
PROGRAM = pathlib.Path(__file__).resolve().parents[1] / "servers/node_modules/azurite/dist/src/blob/main.js"


class AzureServer(LocalServer):
    container = "lake"
    account = None   # its program is in the clone, where nobody else may look perhaps

    def environment(self):
        return {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}

    def command(self):
        return ["node", PROGRAM, "--blobHost", "127.0.0.1", "--blobPort", self.port, "--location", self.folder, "--silent",
                "--disableTelemetry", "--disableProductStyleUrl"]

    def ask(self):
        self.request("PUT", f"/{self.container}?restype=container")

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def get(self, key):
        return self.request("GET", f"/{self.container}/{urllib.parse.quote(key)}")

    def put(self, key, content):
        self.request("PUT", f"/{self.container}/{urllib.parse.quote(key)}", content, {"x-ms-blob-type": "BlockBlob"})

    def names(self):
        listed = self.request("GET", f"/{self.container}?restype=container&comp=list").decode()
        return sorted(html.unescape(part.split("</Name>")[0]) for part in listed.split("<Name>")[1:])

    def request(self, method, path, content=b"", headers=()):
        """Signed by our key, in Python and none of the program's code."""
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        sent = {"x-ms-date": date, "x-ms-version": VERSION, "Content-Type": "application/octet-stream", **dict(headers)}
        url = urllib.parse.urlsplit(self.endpoint + path)
        signed = "".join(f"{name}:{value}\n" for name, value in sorted(sent.items()) if name.startswith("x-ms-"))
        query = "".join(f"\n{name}:{value}" for name, value in sorted(urllib.parse.parse_qsl(url.query)))
        text = (f"{method}\n\n\n{len(content) or ''}\n\napplication/octet-stream\n\n\n\n\n\n\n{signed}/{ACCOUNT}{url.path}{query}")
        digest = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
        sent["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
        request = urllib.request.Request(url.geturl(), data=content if method == "PUT" else None, method=method, headers=sent)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def sas(self, rights="rwdlac"):
        """A signature that lends rights, all of them unless said otherwise, to the account's blobs for an hour."""
        expiry = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = {"sp": rights, "ss": "b", "srt": "sco", "st": "", "se": expiry, "sip": "", "spr": "https,http", "sv": VERSION, "ses": ""}
        text = "".join(value + "\n" for value in [ACCOUNT, *values.values()])
        digest = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
        return urllib.parse.urlencode({**{name: value for name, value in values.items() if value}, "sig": base64.b64encode(digest).decode()})

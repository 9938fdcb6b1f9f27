"""A web server of files in a folder, which answers ranges as large stores do, counts what it is asked, and can be told to refuse or to
say nothing."""

import collections
import http.server
import os
import re
import urllib.parse

from http_thread import HttpThread


class WebServer(HttpThread):
    def __init__(self, folder):
        self.folder = folder
        self.requests = collections.Counter()   # "GET /x" -> how often
        self.refused = {}           # "GET", "HEAD" or "range" (GET of one) -> the status that it gets
        self.says = lambda path: {}   # headers more of an answer, by the file
        self.silent = lambda asked: False   # "HEAD", "GET" or "range" -> whether it gets no answer until the server is stopped
        super().__init__(_handler(self))

    @property
    def url(self):
        return f"http://{self.host}"


def _handler(owner):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self._answer(with_body=False)

        def do_GET(self):
            self._answer(with_body=True)

        def _answer(self, with_body):
            owner.requests[f"{self.command} {self.path}"] += 1
            asked = "range" if self.command == "GET" and "Range" in self.headers else self.command
            if owner.silent(asked):
                owner.requests["silence"] += 1
                owner.wait_in_silence()
                self.close_connection = True
                return
            if asked in owner.refused:
                self._refuse(owner.refused[asked], b"<Error><Code>Nope</Code></Error>" if with_body else b"")
                return
            path = owner.folder / urllib.parse.unquote(self.path.partition("?")[0]).lstrip("/")
            if not path.is_file():
                self._refuse(404, b"")
                return
            size = os.path.getsize(path)
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            first = int(wanted[1]) if wanted else 0
            end = min(int(wanted[2]) + 1, size) if wanted and wanted[2] else size
            self.send_response(206 if wanted else 200)
            self.send_header("Accept-Ranges", "bytes")
            for name, value in owner.says(path).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(end - first))
            if wanted:
                self.send_header("Content-Range", f"bytes {first}-{end - 1}/{size}")
            self.end_headers()
            if with_body:
                with open(path, "rb") as file:
                    file.seek(first)
                    self.wfile.write(file.read(end - first))

        def _refuse(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler

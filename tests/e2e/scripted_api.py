"""A tiny server that answers what a test tells it to, where the sandbox is too well-behaved."""

import http.server
import json

from http_thread import HttpThread


class ScriptedApi(HttpThread):
    """`answer(method, path, body, headers)` returns a JSON text, or (status, JSON text)."""

    def __init__(self, answer):
        super().__init__(_handler(answer))

    def uri(self, key="key_123"):
        return f"attio://?api_key={key}&base_url=http://{self.host}/v2"


def _handler(answer):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def reply(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode("utf-8")
            result = answer(self.command, self.path, body, self.headers)
            status, text = result if isinstance(result, tuple) else (200, result)
            payload = text.encode("utf-8", "surrogatepass")
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = reply

        def log_message(self, *_):
            pass

    return Handler


def paged(rows):
    """An answer that pages through the JSON texts `rows` as Attio does: limit and offset in the body."""
    def answer(method, path, body, headers):
        asked = json.loads(body) if method == "POST" else {}
        offset = asked.get("offset", 0)
        page = rows[offset:offset + asked.get("limit", len(rows))]
        return '{"data":[' + ",".join(page) + "]}"
    return answer


def record(number, *extra_members):
    """The text of a record of Attio's shape, with more members at its end."""
    head = (f'"id":{{"workspace_id":"w","object_id":"o","record_id":"r{number:06d}"}},'
            f'"created_at":"2026-01-02T03:04:05.678000000Z","web_url":"https://app.attio.com/w/o/{number}","values":{{}}')
    return "{" + ",".join([head, *extra_members]) + "}"

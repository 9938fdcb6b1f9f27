"""A proxy for http:// addresses, which notes what it is asked for and by whom, and can be told to say nothing; of https:// it only notes the
host, and refuses it."""

import base64
import http.client
import http.server
import urllib.parse

from http_thread import HttpThread


class ProxyServer(HttpThread):
    def __init__(self):
        self.asked = set()   # (method, address, "user:password" or None)
        self.silent = lambda method, address: False   # whether it is neither passed on nor answered
        self.wants_user = False   # whether nobody is let through who does not say who asks
        self.silences = 0
        self.on_answer = lambda method, address: None   # called before it is passed back
        super().__init__(_handler(self))

    @property
    def environment(self):
        """Of a program that uses it."""
        return {"http_proxy": f"http://{self.host}"}


def _handler(owner):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _note(self):
            word = self.headers.get("Proxy-Authorization", "").removeprefix("Basic ")
            owner.asked.add((self.command, self.path, base64.b64decode(word).decode() or None))

        def do_GET(self):
            self._note()
            if owner.wants_user and "Proxy-Authorization" not in self.headers:
                self.send_error(407)
                return
            address = urllib.parse.urlsplit(self.path)
            connection = http.client.HTTPConnection(address.netloc or self.headers["Host"])   # what Azure's own client asks for has no host
            headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy")}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if owner.silent(self.command, self.path):
                owner.silences += 1
                owner.wait_in_silence()
                self.close_connection = True
                return
            connection.request(self.command, urllib.parse.urlunsplit(("", "", *address[2:])), body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            owner.on_answer(self.command, self.path)
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

        def do_CONNECT(self):
            self._note()
            self.send_error(502)

        def log_message(self, *_):
            pass

    return Handler

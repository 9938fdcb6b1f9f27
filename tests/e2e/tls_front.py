"""A TLS server that speaks HTTP/2 and HTTP/1.1 in front of a sandbox, and a proxy that tunnels to it."""

import asyncio
import http.client
import select
import socket
import socketserver
import subprocess
import threading

from hypercorn.asyncio import serve
from hypercorn.config import Config


def make_certificate(folder, name):
    """One that signs itself for `name`, "IP:127.0.0.1" or "DNS:example.com": the paths of it and of its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=front", "-addext", f"subjectAltName={name}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class TlsFront:
    """Hypercorn, on a thread of its own. `versions` are those of the requests that came."""

    def __init__(self, sandbox, certificate, key):
        self.versions = []
        self._backend = sandbox.port
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self._config = Config()
        self._config.bind = [f"fd://{listener.detach()}"]   # which it closes
        self._config.certfile, self._config.keyfile = str(certificate), str(key)
        self._config.errorlog = None   # a client that does not trust it is what some tests want
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, daemon=True,
                                        args=[serve(self._answer, self._config, shutdown_trigger=self._end.wait)])
        self._thread.start()

    def uri(self, sandbox):
        return sandbox.uri(base_url=f"https://127.0.0.1:{self.port}/v2")

    def stop(self):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(timeout=20)

    async def _answer(self, scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        self.versions.append(scope["http_version"])
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        status, headers, payload = await asyncio.to_thread(self._forward, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    def _forward(self, scope, body):
        connection = http.client.HTTPConnection("127.0.0.1", self._backend, timeout=60)
        try:
            target = scope["raw_path"].decode() + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
            headers = {name.decode(): value.decode() for name, value in scope["headers"] if not name.startswith(b":")}
            connection.request(scope["method"], target, body or None, headers)
            answer = connection.getresponse()
            kept = [(name.lower().encode(), value.encode()) for name, value in answer.getheaders()
                    if name.lower() not in ("connection", "keep-alive", "transfer-encoding")]
            return answer.status, kept, answer.read()
        finally:
            connection.close()


class TunnelProxy(socketserver.ThreadingTCPServer):
    """Answers CONNECT and nothing else. `tunnels` are the "host:port" that it was asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.tunnels = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.shutdown()
        self.server_close()


class _Tunnel(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(4096)
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        if method != "CONNECT":
            self.request.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        self.server.tunnels.append(target)
        host, _, port = target.partition(":")
        with socket.create_connection((host, int(port))) as there:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ways = {self.request: there, there: self.request}
            while True:
                for ready in select.select(list(ways), [], [])[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    ways[ready].sendall(piece)

"""An HTTP server of a test's own, in a thread, on a free port of loopback."""

import http.server
import threading


class HttpThread:
    """Subclasses give the class that answers; each request has a thread, which may wait in silence until the server is stopped."""

    def __init__(self, handler):
        self._stopped = threading.Event()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def host(self):
        return f"127.0.0.1:{self._server.server_port}"

    def wait_in_silence(self):
        self._stopped.wait()

    def stop(self):
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

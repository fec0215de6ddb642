"""A website that means harm, served from another port of this machine: the nearest that any site can be.

Its one page is empty; tests run their scripts in it, as its own script would run. What reaches it is kept.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PAGE = b"<!doctype html><meta charset=utf-8><title>Bedava</title><p>Bedava!"


class HostileSite:
    """Listens at a free port of 127.0.0.1. `origin`: as `localhost`, the site that the portal is on too."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            """Serves the page for everything, and keeps what comes."""

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                site.heard.append(f"{self.requestline}\n{self.headers}".encode() + body)
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(PAGE)))
                self.end_headers()
                self.wfile.write(PAGE)

            do_POST = do_GET  # noqa: N815 - http.server's own name

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.origin = f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

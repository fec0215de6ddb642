"""A web server for OCSP answers and CRLs that does what the test wants, and counts what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Body = bytes | Callable[[bytes], bytes]


@dataclass
class Answer:
    """What is answered at one path; a body may be made of the request's."""

    body: Body = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    trickle: threading.Event | None = None  # the body goes out byte by byte until it is set


class StatusServer:
    """Listens on a free loopback port within its context."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, bytes]] = []  # method, path, body

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                """Silent."""

            def _answer(self, body: bytes) -> None:
                ours.asked.append((self.command, self.path, body))
                answer = ours.answers.get(self.path, Answer(status=404))
                content = answer.body if isinstance(answer.body, bytes) else answer.body(body)
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if answer.trickle is None:
                    self.wfile.write(content)
                    return
                for byte in content:
                    if answer.trickle.wait(0.02):
                        return
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()

        return Handler

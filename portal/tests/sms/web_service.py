"""A web service as SMS providers have them: it keeps what it was asked, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebService:
    """`answers`: status and body of the next ones, then of all others the last. `hangs_up`: takes the request
    and closes without a word. `silent`: takes it and says nothing until `speak` is set.
    """

    port: int = 0
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "00 4711")])
    hangs_up: bool = False
    silent: bool = False
    speak: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sms/send"


@contextmanager
def web_service() -> Iterator[WebService]:
    """Running on a free port of this machine."""
    service = WebService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            service.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            if service.silent:
                service.speak.wait(30)
            if service.hangs_up:
                self.close_connection = True
                return
            status, text = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_PUT = do_POST  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        service.speak.set()
        server.shutdown()
        thread.join()
        server.server_close()

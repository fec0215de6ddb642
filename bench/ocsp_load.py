"""Clients that ask OCSP as fast as they are answered: wrk over kept connections, or a connection for each
question, which is all that `openssl ocsp` offers.
"""

import base64
import re
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

CONNECTIONS = 64
CLIENTS = 4
_RATE = re.compile(r"(\d+) requests in")
_SCRIPT = """
local asked, at = {}, 0
function init()
  for line in io.lines("%s") do
    local method, path, body = line:match("^(%%S+) (%%S+) ?(.*)$")
    local raw = body:gsub("..", function(hex) return string.char(tonumber(hex, 16)) end)
    local fields = { ["Content-Type"] = "application/ocsp-request" }
    if method == "POST" then table.insert(asked, wrk.format(method, path, fields, raw))
    else table.insert(asked, wrk.format(method, path)) end
  end
end
function request() at = at %% #asked + 1 return asked[at] end
local failed = 0
function response(status) if status ~= 200 then wrk.thread:stop() end end
"""


def kept(port: int, method: str, requests: Sequence[bytes], seconds: float, folder: Path) -> int:
    """Answers in so many seconds, over CONNECTIONS that stay open."""
    lines = folder / f"asked-{method}.txt"
    path = address if method == "GET" else (lambda _: "/ocsp")
    body = (lambda raw: raw.hex()) if method == "POST" else (lambda _: "")
    lines.write_text("".join(f"{method} {path(raw)} {body(raw)}\n" for raw in requests), encoding="ascii")
    script = folder / "ask.lua"
    script.write_text(_SCRIPT % lines, encoding="ascii")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script)]
    ended = subprocess.run([*command, f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True)
    found = _RATE.search(ended.stdout)
    if found is None or "Non-2xx" in ended.stdout:
        raise RuntimeError(ended.stdout)
    return int(found[1])


def each(port: int, method: str, requests: Sequence[bytes], seconds: float, below: str = "/ocsp") -> int:
    """Answers in so many seconds, a new connection for each, by CLIENTS at once; `below` this path."""
    messages = [message(method, raw, below) for raw in requests]
    end = time.perf_counter() + seconds

    def client(nth: int) -> int:
        answered = 0
        for said in cycle(messages[nth::CLIENTS] or messages):
            if time.perf_counter() >= end:
                return answered
            _ask(port, said)
            answered += 1
        return answered

    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(client, range(CLIENTS)))


def message(method: str, raw: bytes, below: str) -> bytes:
    """The request, by HTTP/1.0."""
    if method == "GET":
        return f"GET {address(raw, below)} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
    head = f"POST {below or '/'} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {len(raw)}\r\n"
    return f"{head}Content-Type: application/ocsp-request\r\n\r\n".encode() + raw


def address(raw: bytes, below: str = "/ocsp") -> str:
    """RFC 6960, A.1."""
    return f"{below}/" + quote(base64.b64encode(raw).decode(), safe="")


def _ask(port: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(said)
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    if b" 200 " not in answered[:16]:
        raise RuntimeError(repr(answered[:100]))

"""Debian's nginx with the server block that docs/operations/trust.md gives to administrators."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.ports import answers
from portal.tests import pki
from portal.tests.pki import Credential

DOCUMENT = Path(__file__).parents[3] / "docs" / "operations" / "trust.md"
OUR_ADDRESS = "127.0.0.2"  # from which nginx speaks to the portal, so that it can be told from everybody else
AROUND = """
daemon off;
worker_processes 1;
error_log {folder}/error.log info;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    proxy_bind {address};
    {server}
}}
"""


def documented_server() -> str:
    """The block as it stands in the document."""
    found = re.search(r"```nginx\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@dataclass(frozen=True)
class Nginx:
    """Listens at `port` for `imza.example`."""

    folder: Path
    port: int

    def get(self, path: str, *shown: Credential, headers: str = "") -> tuple[int, str]:
        """Status and head of the answer to a browser that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if shown:
            context.load_cert_chain(*shown[0].write(self.folder, "client", *shown[1:]))
        question = f"GET {path} HTTP/1.1\r\nHost: imza.example\r\n{headers}Connection: close\r\n\r\n"
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="imza.example") as tls,
        ):
            tls.sendall(question.encode())
            answer = b"".join(iter(lambda: tls.recv(4096), b"")).decode()
        return int(answer.split()[1]), answer


@contextmanager
def nginx(folder: Path, port: int, portal: str, *authorities: Credential) -> Iterator[Nginx]:
    """The server before `portal` (host and port), asking for certificates of these authorities."""
    certificate, key = pki.root("imza.example").write(folder, "imza")
    known = folder / "authorities.pem"
    known.write_bytes(b"".join(each.pem for each in authorities))
    server = documented_server()
    for there, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/kilitcoz/imza.pem", str(certificate)),
        ("/etc/kilitcoz/imza.key", str(key)),
        ("/etc/kilitcoz/authorities.pem", str(known)),
        ("127.0.0.1:8000", portal),
    ):
        assert there in server
        server = server.replace(there, here)
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(folder=folder, address=OUR_ADDRESS, server=server))
    command = ["/usr/sbin/nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(file)]
    with subprocess.Popen(command) as process:
        try:
            give_up_at = time.monotonic() + 20
            while not answers(port):
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < give_up_at
            yield Nginx(folder, port)
        finally:
            process.terminate()

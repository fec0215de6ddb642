"""Debian's nginx with the file that docs/operations gives to administrators for OCSP."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.ports import answers

DOCUMENT = Path(__file__).parents[1] / "docs" / "operations" / "nginx-ocsp.conf"
AROUND = """
daemon off;
user {user};
worker_processes 1;
error_log {folder}/error.log warn;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


def configuration(folder: Path, cache: str, port: int, ocsp: str, portal: str) -> str:
    """As documented, with the ports and the folders of this machine; `ocsp`, `portal`: host and port."""
    servers = DOCUMENT.read_text(encoding="utf-8")
    for there, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/run/kilitcoz-ocsp", cache),
        ("127.0.0.1:8080", ocsp),
        ("127.0.0.1:8000", portal),
    ):
        assert servers.count(there) == 1
        servers = servers.replace(there, here)
    user = f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"
    return AROUND.format(folder=folder, servers=servers, user=user)


@contextmanager
def nginx(
    folder: Path, port: int, ocsp: str, portal: str = "127.0.0.1:9", core: int | None = None
) -> Iterator[int]:
    """Runs while it lasts, on one core if that is named; its process id. The cache is in memory."""
    folder.mkdir()
    file, log = folder / "nginx.conf", folder / "error.log"
    pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
    command = [*pinned, "/usr/sbin/nginx", "-p", str(folder), "-e", str(log), "-c", str(file)]
    with TemporaryDirectory(prefix="kilitcoz-nginx-", dir="/dev/shm") as cache:
        file.write_text(configuration(folder, cache, port, ocsp, portal), encoding="utf-8")
        with subprocess.Popen(command) as process:
            try:
                _wait_for(port, process, log)
                yield process.pid
            finally:
                process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + 20
    while not answers(port):
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(log.read_text(encoding="utf-8"))
        time.sleep(0.02)

"""A throw-away PostgreSQL cluster: made in a folder of its own, reached by its Unix socket, ended by its
pid.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
)
SOCKET_ONLY = ("listen_addresses=",)


@contextmanager
def throw_away_cluster() -> Iterator[str]:
    """DATABASE_URL of an empty cluster; PostgreSQL will not run as root, so root runs it as `postgres`."""
    folder = Path(tempfile.mkdtemp(prefix="kilitcoz-pg-"))
    account: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        account = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    cluster = folder / "data"
    making = [*account, str(_programs() / "initdb"), "-A", "trust", "-U", "kilitcoz", "-E", "UTF8", "-N"]
    subprocess.run([*making, "-D", str(cluster)], check=True, capture_output=True, cwd="/")
    options = [part for option in (*FAST, *SOCKET_ONLY) for part in ("-c", option)]
    serving = [*account, str(_programs() / "postgres"), "-D", str(cluster), "-k", str(folder), *options]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(serving, stdout=log, stderr=log, cwd="/")
    try:
        _wait_for(folder, server)
        yield f"postgres://kilitcoz@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def _wait_for(folder: Path, server: subprocess.Popen[bytes]) -> None:
    ready = [str(_programs() / "pg_isready"), "-q", "-h", str(folder)]
    for _ in range(200):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")


def _programs() -> Path:
    """Where initdb and postgres are: on the PATH, or Debian's newest version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    if not versions:
        raise RuntimeError("PostgreSQL is not installed: apt-get install -y postgresql")
    return versions[-1].parent

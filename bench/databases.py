"""The databases a benchmark runs on: SQLite in the portal's folder, or a throw-away PostgreSQL cluster."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.children import Children
from demo.ports import answers, free_port

SERVER_ACCOUNT = "postgres"  # PostgreSQL refuses to run as root; Debian's package makes this account
NAMES = ("sqlite", "postgresql")


class PostgresqlMissingError(Exception):
    """PostgreSQL's server programs are not installed."""


@contextmanager
def database_url(name: str, folder: Path, children: Children) -> Iterator[str]:
    """DATABASE_URL for `name` (of NAMES); empty for SQLite, which lives in the portal's data folder."""
    if name == "sqlite":
        yield ""
        return
    with _postgresql(folder / "postgresql", children) as url:
        yield url


@contextmanager
def _postgresql(cluster: Path, children: Children) -> Iterator[str]:
    """A fresh cluster with its defaults (fsync on), at a free port of the loopback interface."""
    programs = _programs()
    cluster.mkdir(parents=True)
    as_account: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam(SERVER_ACCOUNT)
        os.chown(cluster, account.pw_uid, account.pw_gid)
        as_account = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    making = [*as_account, str(programs / "initdb"), "--auth=trust", "--username=kilitcoz", "--encoding=UTF8"]
    subprocess.run([*making, f"--pgdata={cluster}"], check=True, capture_output=True, cwd="/")
    port = free_port()
    serving = [
        *as_account,
        str(programs / "postgres"),
        "-D",
        str(cluster),
        "-p",
        str(port),
        "-k",
        str(cluster),
    ]
    server = children.start("postgresql", serving)
    try:
        server.wait_until(lambda: answers(port))
        yield f"postgres://kilitcoz@127.0.0.1:{port}/postgres"
    finally:
        server.stop()


def _programs() -> Path:
    """Where initdb and postgres are: on the PATH, or Debian's newest version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    if not versions:
        raise PostgresqlMissingError("PostgreSQL is not installed: apt-get install -y postgresql")
    return versions[-1].parent

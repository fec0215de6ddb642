"""What is committed is on the disk before a secret or a request leaves (R2, R8), however fast the database is
set to be. Imports no room, and every room may use it.

SQLite in WAL mode with synchronous=NORMAL writes a commit into the log without waiting for the disk; that is
right for a page view, and wrong for an intent. PostgreSQL waits by default; arm() insists.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection


def insist() -> None:
    """Inside a transaction: its commit waits for the disk, also where PostgreSQL is set to hurry."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")


def on_disk() -> None:
    """After a commit: every commit so far is on the disk when this returns (SQLite: its write-ahead log)."""
    if connection.vendor != "sqlite":
        return
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    for path in (log, log.parent):
        if path.exists():
            _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

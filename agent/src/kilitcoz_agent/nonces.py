"""Capabilities already seen, kept on disk so that a restart does not make one usable again (A17).

SQLite, because it gives what is needed and is there on every system: a unique key, a durable commit, and a
lock that holds between two card services of one user. A nonce is written before anything is done with its
capability.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from kilitcoz_agent.errors import CapabilityRefused

#: A row is kept this long after the capability's own end, against clocks that are set back.
KEPT_AFTER_EXPIRY_SECONDS = 24 * 3600

SCHEMA = """CREATE TABLE IF NOT EXISTS seen (
    origin TEXT NOT NULL, nonce TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (origin, nonce)
) WITHOUT ROWID"""


class NonceStore:
    """The durable set of (portal origin, nonce)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch(mode=0o600)
        with closing(self._connect()) as database, database:
            database.execute(SCHEMA)

    def use(self, origin: str, nonce: str, *, expires: int, now: float) -> None:
        """Write the nonce down, once. Raises CapabilityRefused "capability-replayed" when it is there
        already.
        """
        with closing(self._connect()) as database, database:
            database.execute("DELETE FROM seen WHERE expires < ?", (int(now) - KEPT_AFTER_EXPIRY_SECONDS,))
            try:
                database.execute("INSERT INTO seen VALUES (?, ?, ?)", (origin, nonce, expires))
            except sqlite3.IntegrityError:
                raise CapabilityRefused("capability-replayed") from None

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=5)
        database.execute("PRAGMA synchronous = FULL")
        return database

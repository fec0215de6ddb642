"""The pepper of security words (NIST SP 800-63B-4, 3.1.1.2: a keyed hash whose key is stored apart), and
those before it.

`pepper.key` goes into every new hash; a hash names its pepper. To change it, rename the file to
`pepper-<id>.key`: a new one is made, and each word moves to it when it is next entered rightly.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.conf import settings

from kilitcoz_portal import keyfiles

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Pepper:
    """One key, and the first half of its hash as its name: 16 hex digits."""

    id: str
    key: bytes = field(repr=False)

    def mixed(self, folded: str) -> bytes:
        """What goes into Argon2id for this word: 64 hex digits."""
        return hmac.new(self.key, folded.encode(), hashlib.sha256).hexdigest().encode()


def current() -> Pepper:
    """The one that new hashes get; made at first use."""
    return _read(_folder() / "pepper.key")


def by_id(pepper_id: str) -> Pepper:
    """The pepper a hash names; without a name, that of the time before names.

    One whose file is gone is stood in for by the current one: no word matches then, and it is logged.
    """
    newest = current()
    if pepper_id in {"", newest.id}:
        return newest
    path = _folder() / f"pepper-{pepper_id}.key"
    if pepper_id.isalnum() and path.exists():
        return _read(path)
    log.error("pepper-unknown", pepper=pepper_id)
    return newest


def _read(path: Path) -> Pepper:
    key = keyfiles.load_or_create(path)
    return Pepper(hashlib.sha256(b"kilitcoz pepper id" + key).hexdigest()[:16], key)


def _folder() -> Path:
    return Path(settings.KILITCOZ_DATA_DIR)

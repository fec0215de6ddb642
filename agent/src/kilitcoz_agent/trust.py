"""Portals this card service believes: origin and signing keys, pinned when a person confirmed their
fingerprint.

`GET /.well-known/kilitcoz.json` answers `{"origin", "keys": [{"kid", "key"}]}` (docs/unlock-protocol.md, M2).
A kid is the first 16 hex digits of the SHA-256 of the raw Ed25519 key; it is computed here, never believed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kilitcoz_agent.errors import PortalAnswerInvalid
from kilitcoz_agent.settings import write_private
from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import SigningKey, WellKnown


@dataclass(frozen=True)
class PinnedPortal:
    """One portal: its origin and its raw Ed25519 public keys (32 bytes each)."""

    origin: str
    keys: tuple[bytes, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the raw keys in ascending order, in hex: what a person compares."""
        return hashlib.sha256(b"".join(sorted(self.keys))).hexdigest()

    def key(self, kid: str) -> bytes | None:
        """The pinned key with this id."""
        return next((key for key in self.keys if key_id(key) == kid), None)


def key_id(key: bytes) -> str:
    """The `kid` of a raw Ed25519 public key."""
    return hashlib.sha256(key).hexdigest()[:16]


def grouped(fingerprint: str) -> str:
    """A fingerprint as people read it: groups of four."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


def same_fingerprint(typed: str, fingerprint: str) -> bool:
    """Whether what was typed, with any spaces, colons and case, is this fingerprint in full."""
    return "".join(typed.split()).replace(":", "").lower() == fingerprint


def portal_from_json(raw: bytes, asked: str) -> PinnedPortal:
    """Read a well-known document fetched from the origin `asked`. Raises PortalAnswerInvalid."""
    try:
        document = WellKnown.from_json(raw)
    except MessageMalformed:
        raise PortalAnswerInvalid from None
    if document.origin != asked or any(entry.kid != key_id(entry.key) for entry in document.keys):
        raise PortalAnswerInvalid
    return PinnedPortal(document.origin, tuple(entry.key for entry in document.keys))


class TrustStore:
    """The pinned portals, in one file, read anew at each use so that `trust` needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def portals(self) -> tuple[PinnedPortal, ...]:
        """Every pinned portal; none without the file. Raises PortalAnswerInvalid for a broken one."""
        try:
            documents = json.loads(self._path.read_text(encoding="utf-8"))["portals"]
            found = [WellKnown.from_members(document) for document in documents]
        except FileNotFoundError:
            return ()
        except (MessageMalformed, ValueError, KeyError, TypeError):
            raise PortalAnswerInvalid("trust-file-damaged") from None
        return tuple(PinnedPortal(each.origin, tuple(entry.key for entry in each.keys)) for each in found)

    def portal(self, origin: str) -> PinnedPortal | None:
        """The pinned portal of this origin."""
        return next((portal for portal in self.portals() if portal.origin == origin), None)

    def pin(self, portal: PinnedPortal) -> None:
        """Believe this portal from now on; its former keys, if any, are believed no more."""
        kept = [other for other in self.portals() if other.origin != portal.origin]
        documents = [_document(each) for each in [*kept, portal]]
        write_private(self._path, json.dumps({"portals": documents}, indent=2) + "\n")


def _document(portal: PinnedPortal) -> dict[str, object]:
    keys = tuple(SigningKey(key_id(key), key) for key in portal.keys)
    return WellKnown(portal.origin, keys).to_members()

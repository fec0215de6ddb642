"""Tokens behind a PKCS#11 module (`token:MODULE`): the readers of a module's slots. What a token does with a
command is in token_card; nothing else in the card service knows python-pkcs11.

PKCS#11 v2.40: a module is loaded once for the process, and serves one transaction at a time here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11
from pkcs11.constants import TokenFlag
from pkcs11.exceptions import PKCS11Error

from kilitcoz_agent.errors import ReaderServiceMissing
from kilitcoz_agent.readers.port import CardTransaction, ReaderStatus, Statuses
from kilitcoz_agent.readers.token_card import TokenCard
from kilitcoz_cards.errors import TransportError

POLL_SECONDS = 0.5


class TokenReaders:
    """`Readers` over the slots of one PKCS#11 module. Raises ValueError for a file that is none."""

    def __init__(self, module: Path) -> None:
        try:
            self._module = pkcs11.lib(str(module))
        except (PKCS11Error, RuntimeError, OSError):
            raise ValueError("token:MODULE names a PKCS#11 module") from None
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._insertions: dict[str, tuple[bytes, int]] = {}  # reader → serial of the token in it, how manieth

    def statuses(self) -> Statuses:
        """See the port."""
        if self._closed.is_set():
            return ()
        with self._lock:
            try:
                slots = self._module.get_slots()
            except PKCS11Error:
                raise ReaderServiceMissing from None
            return tuple(self._status(slot) for slot in slots)

    def wait_for_change(self, known: Statuses, timeout: float) -> Statuses:
        """See the port; modules differ in whether they can wait, so the slots are asked."""
        end = time.monotonic() + timeout
        while (now := self.statuses()) == known and (left := end - time.monotonic()) > 0:
            if self._closed.wait(min(POLL_SECONDS, left)):
                break
        return now

    def close(self) -> None:
        """See the port."""
        self._closed.set()

    @contextmanager
    def transaction(self, reader: str) -> Iterator[CardTransaction]:
        """See the port. Every session with the token ends with it, and with the last one its login."""
        with self._lock:
            try:
                slots = self._module.get_slots(token_present=True)
                slot = next(each for each in slots if _name(each) == reader and _serial(each))
                card = TokenCard(slot.get_token())
            except (StopIteration, PKCS11Error):
                raise TransportError("no token in the slot") from None
            try:
                yield card
            finally:
                card.close()

    def _status(self, slot: pkcs11.Slot) -> ReaderStatus:
        name, serial = _name(slot), _serial(slot)
        before, count = self._insertions.get(name, (b"", 0))
        if serial != before:
            count += bool(serial)
            self._insertions[name] = serial, count
        return ReaderStatus(name, bool(serial), count)


def _name(slot: pkcs11.Slot) -> str:
    return f"{slot.slot_description.strip()} [{slot.slot_id}]"


def _serial(slot: pkcs11.Slot) -> bytes:
    """Of the token in a slot; empty where there is none, or one that nobody has initialised."""
    try:
        token = slot.get_token()
    except PKCS11Error:
        return b""
    return bytes(token.serial) if TokenFlag.TOKEN_INITIALIZED in token.flags else b""

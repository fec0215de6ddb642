"""Reading and writing a card's secret: the row, its sealed box and its journal are one thing here.

What is detected (A36): any column or ciphertext bit altered, boxes or rows swapped between cards, an older
row put back (its sequence and head are not the journal's newest), a journal entry altered, cut or put back.
What is not: all of a card's rows put back together. Against that arm() compares the fence with the one
operations remembers, and the card itself refutes old values; a whole older database is R10's case, and audit
checkpoints kept elsewhere tell (A38).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kilitcoz_portal.vault import crypto
from kilitcoz_portal.vault.errors import SecretUnknown, VaultIntegrityError
from kilitcoz_portal.vault.models import CardSecret, JournalEntry
from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState, Trigger

FORMAT = 1  # of the sealed box and of the journal's MAC
SETTLING = frozenset({Trigger.SETTLE, Trigger.LEASE_END, Trigger.RESTORE})  # what ends a card service's turn


@dataclass
class Opened:
    """A secret, authenticated and open. `values` are the candidates' bytes, in buffers that opened() wipes;
    pending is there once it was made (R1).
    """

    row: CardSecret
    snapshot: Snapshot
    data_key: bytes = field(repr=False)
    values: dict[Candidate, bytearray] = field(repr=False)

    def promote_pending(self) -> None:
        """The card proved it: pending is current now, and the former current is nothing any more."""
        crypto.wipe(self.values[Candidate.CURRENT])
        self.values = {Candidate.CURRENT: self.values[Candidate.PENDING]}

    def replace_current(self, value: bytearray) -> None:
        """Two people know better (R3)."""
        crypto.wipe(self.values[Candidate.CURRENT])
        self.values[Candidate.CURRENT] = value

    def drop_pending(self) -> None:
        """It cannot be on the card (R1)."""
        if Candidate.PENDING in self.values:
            crypto.wipe(self.values.pop(Candidate.PENDING))


@dataclass(frozen=True)
class Step:
    """One journal entry to be: what moved the secret, to what, and words about it."""

    trigger: Trigger
    snapshot: Snapshot
    detail: Sequence[str] = ()


@contextmanager
def opened(card_ref: str) -> Iterator[Opened]:
    """The card's secret under a row lock until the transaction ends, its values in memory until the block
    ends.

    Raises SecretUnknown, VaultIntegrityError.
    """
    row = CardSecret.objects.select_for_update().filter(pk=card_ref).first()
    if row is None:
        raise SecretUnknown(card_ref)
    data_key = crypto.root_keys().unwrap(row.key_id, bytes(row.wrapped_key), card_ref)
    _check_head(row, data_key)
    box = crypto.decrypt_into_buffer(AESGCM(data_key), bytes(row.sealed), _aad(row), card_ref, "sealed box")
    secret = Opened(row, snapshot_of(row), data_key, _values(box))
    try:
        yield secret
    finally:
        for value in (box, *secret.values.values()):
            crypto.wipe(value)


def _values(box: bytearray) -> dict[Candidate, bytearray]:
    """A byte with current's length, current, and pending where there is one."""
    current, pending = box[1 : 1 + box[0]], box[1 + box[0] :]
    return {Candidate.CURRENT: current} | ({Candidate.PENDING: pending} if pending else {})


def snapshot_of(row: CardSecret) -> Snapshot:
    """The row's columns as decisions see them; not authenticated by itself. Raises VaultIntegrityError where
    they are not even well-formed.
    """
    try:
        return _snapshot_of(row)
    except ValueError:
        raise VaultIntegrityError(row.card_ref, "columns") from None


def _snapshot_of(row: CardSecret) -> Snapshot:
    return Snapshot(
        state=SecretState(row.state),
        tries=row.tries,
        tries_total=row.tries_total,
        version=row.version,
        next_version=row.next_version,
        pending_live=row.pending_live,
        pending_first=row.pending_first,
        proved=row.proved,
        rotates=row.rotates,
        snapshot=row.snapshot,
        told=row.told,
        released=tuple(_names(row.released)),
        new_is=Candidate(row.new_is),
    )


def create(card_ref: str, snapshot: Snapshot, current: bytearray, now: datetime) -> None:
    """A new card's row with its first journal entry. IntegrityError where the card has one."""
    keys = crypto.root_keys()
    data_key = AESGCM.generate_key(256)
    row = CardSecret(
        card_ref=card_ref,
        key_id=keys.current,
        wrapped_key=keys.wrap(data_key, card_ref),
        sequence=0,
        head=b"",
        recipient=b"",
    )
    secret = Opened(row, snapshot, data_key, {Candidate.CURRENT: current})
    _write(secret, [Step(Trigger.ADOPT, snapshot)], from_state="", now=now)
    row.save(force_insert=True)


def save(secret: Opened, steps: Sequence[Step], now: datetime) -> None:
    """Journal the steps and write the last one's snapshot with `secret.values` and the row's lease
    columns.
    """
    _write(secret, steps, from_state=secret.snapshot.state, now=now)
    secret.row.save(force_update=True)
    secret.snapshot = steps[-1].snapshot


def _write(secret: Opened, steps: Sequence[Step], *, from_state: str, now: datetime) -> None:
    row, mac_key = secret.row, crypto.derive(secret.data_key, "journal")
    entries = []
    for step in steps:
        row.sequence += 1
        entry = JournalEntry(
            card_ref=row.card_ref,
            sequence=row.sequence,
            at=now,
            trigger=step.trigger,
            from_state=from_state,
            to_state=step.snapshot.state,
            fence=row.fence,
            operation_id=row.operation_id,
            tries=step.snapshot.tries,
            detail=list(step.detail),
        )
        entry.mac = row.head = _entry_mac(mac_key, bytes(row.head), entry)
        if step.trigger in SETTLING:
            row.settled_sequence = row.sequence
        entries.append(entry)
        from_state = step.snapshot.state
    JournalEntry.objects.bulk_create(entries)
    _seal(secret, steps[-1].snapshot, now)


def _seal(secret: Opened, snapshot: Snapshot, now: datetime) -> None:
    """The snapshot into the row's columns, and the values into its box under all of them."""
    row = secret.row
    row.state = snapshot.state
    row.version, row.next_version = snapshot.version, snapshot.next_version
    row.pending_live, row.pending_first = snapshot.pending_live, snapshot.pending_first
    row.proved, row.rotates = snapshot.proved, snapshot.rotates
    row.tries, row.tries_total = snapshot.tries, snapshot.tries_total
    row.snapshot, row.told = snapshot.snapshot, snapshot.told
    row.released, row.new_is = ",".join(snapshot.released), snapshot.new_is
    row.changed_at = now
    current = secret.values[Candidate.CURRENT]
    pending = secret.values.get(Candidate.PENDING, bytearray())
    box = bytearray(
        1 + len(current) + len(pending)
    )  # of its final size: a buffer that grows leaves copies behind
    box[0] = len(current)
    box[1 : 1 + len(current)] = current
    box[1 + len(current) :] = pending
    row.sealed = crypto.encrypt(AESGCM(secret.data_key), box, _aad(row))
    crypto.wipe(box)


def _aad(row: CardSecret) -> bytes:
    """Every column of the row but the box itself and the time shown to people."""
    return crypto.canonical(
        ["kilitcoz vault secret", FORMAT, row.card_ref, row.state, row.version, row.next_version],
        [row.pending_live, row.pending_first, row.proved, row.rotates],
        [row.tries, row.tries_total, row.snapshot, row.told],
        [row.released, row.new_is, row.fence, row.operation_id, bytes(row.recipient).hex(), row.lease_until],
        [row.sequence, bytes(row.head).hex(), row.settled_sequence, row.key_id, bytes(row.wrapped_key).hex()],
    )


def _entry_mac(mac_key: bytes, previous: bytes, entry: JournalEntry) -> bytes:
    message = crypto.canonical(
        [FORMAT, previous.hex(), entry.card_ref, entry.sequence, int(entry.at.timestamp() * 1_000_000)],
        [entry.trigger, entry.from_state, entry.to_state, entry.fence, entry.operation_id],
        [entry.tries, *entry.detail],
    )
    return crypto.mac(mac_key, message)


def _check_head(row: CardSecret, data_key: bytes) -> None:
    """The newest entries of the journal are the ones this row was written with."""
    newest = list(JournalEntry.objects.filter(card_ref=row.card_ref).order_by("-sequence")[:2])
    if not newest or newest[0].sequence != row.sequence:
        raise VaultIntegrityError(row.card_ref, "row is not the journal's newest")
    before = bytes(newest[1].mac) if len(newest) > 1 else b""
    expected = _entry_mac(crypto.derive(data_key, "journal"), before, newest[0])
    if expected != bytes(row.head) or expected != bytes(newest[0].mac):
        raise VaultIntegrityError(row.card_ref, "journal's newest entry")


def verify_journal(card_ref: str) -> None:
    """Every entry of one card, from the first: VaultIntegrityError at the first that does not fit."""
    with opened(card_ref) as secret:
        mac_key, head = crypto.derive(secret.data_key, "journal"), b""
    for count, entry in enumerate(JournalEntry.objects.filter(card_ref=card_ref).order_by("sequence"), 1):
        head = _entry_mac(mac_key, head, entry)
        if entry.sequence != count or head != bytes(entry.mac):
            raise VaultIntegrityError(card_ref, f"journal entry {count}")


def _names(column: str) -> Iterable[Candidate]:
    return (Candidate(name) for name in column.split(",") if name)

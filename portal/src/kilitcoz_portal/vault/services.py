"""The vault's verbs. Each is one deed; callers put it into their own transaction or give it one.

No verb returns a bare secret. seal_release() is the only one that lets a secret out, sealed to one card
service's one-time key, and it refuses to work before the intent is committed (R8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from kilitcoz_cards.pin import Puk
from kilitcoz_portal import durability
from kilitcoz_portal.vault import (
    budgets,
    decisions,
    overrides,
    puks,
    receipts,
    sealing,
    settlement,
    store,
)
from kilitcoz_portal.vault.errors import (
    FenceStale,
    InsideTransaction,
    RefusalCode,
    SecretKnown,
    VaultIntegrityError,
)
from kilitcoz_portal.vault.models import CardSecret, Override
from kilitcoz_portal.vault.settlement import Answer
from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState, Trigger

LEASE = 90  # seconds for a card service's transaction and report, which it begins within 30 s of asking (R9)
ALARM_AT = 100  # refused receipts in an hour

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Request:
    """Who wants a secret, for whom.

    `receipt`: of the SMS code. `puk_retries_left`: as the card told (None: it does not), when the vault's
    journal stood at `seen_sequence` (queries.Look). `recipient`: the card service's X25519 key.
    `fence_seen`: the highest fence that the caller remembers of this card, 0 for none.
    """

    card_ref: str
    operation_id: str
    receipt: str
    puk_retries_left: int | None
    recipient: bytes
    seen_sequence: int
    fence_seen: int = 0


@dataclass(frozen=True)
class Armed:
    """The intent is written. Commit, then ask seal_release() under this fence."""

    fence: int


@dataclass(frozen=True)
class Refused:
    """Nothing was released. What led here is written and must be committed; `alarm`: tell the auditors."""

    code: RefusalCode
    alarm: bool = False


@dataclass(frozen=True)
class Settled:
    """Where the secret stands after a result; `again`: running the unlock again may end well (R11)."""

    state: SecretState
    again: bool


def adopt(card_ref: str, family: str, puk: Puk, now: datetime) -> None:
    """Take charge of a card already in use. Raises PukMalformed, SecretKnown (never replaced silently,
    R1).
    """
    puks.check(family, puk)
    snapshot = Snapshot(SecretState.KNOWN, puks.tries(family), puks.tries(family))
    try:
        with transaction.atomic():
            store.create(card_ref, snapshot, bytearray(puk.reveal()), now)
    except IntegrityError:
        raise SecretKnown(card_ref) from None


def arm(request: Request, now: datetime) -> Armed | Refused:
    """Write the intent to release: budgets, reserve and fence charged and journaled (R2, R3, R9).

    Asked again by the same operation for the same key while its release is out: the same fence, nothing
    charged.
    Raises SecretUnknown, VaultIntegrityError.
    """
    if not receipts.is_valid(request.receipt, request.operation_id, request.card_ref, now):
        return _receipt_refused(now)
    with transaction.atomic(savepoint=False), store.opened(request.card_ref) as opened:
        if opened.row.fence < request.fence_seen:
            raise VaultIntegrityError(request.card_ref, "fence older than the caller's")
        if opened.snapshot.state is SecretState.ARMED:
            if _is_same(opened.row, request):
                return _again(opened, now)
            if now.timestamp() < opened.row.lease_until:
                return Refused(RefusalCode.BUSY)
        return _arm_opened(opened, request, now)


def _arm_opened(opened: store.Opened, request: Request, now: datetime) -> Armed | Refused:
    """Settle what is in doubt by this contact, before all else (R7); then plan, charge, journal."""
    if opened.snapshot.state is SecretState.ARMED:
        store.save(opened, [store.Step(Trigger.LEASE_END, decisions.lease_end(opened.snapshot))], now)
    if request.seen_sequence < opened.row.settled_sequence:
        return Refused(
            RefusalCode.NOT_IDENTIFIED
        )  # R6: read before what the last transaction did to the card
    before = opened.snapshot
    s, override = _contact(before, request, now)
    steps = [] if s == before else [store.Step(Trigger.CONTACT, s)]
    refusal = _resting_refusal(s) or _budget_refusal(request.card_ref, now)
    if refusal:
        if steps:
            store.save(opened, steps, now)
        return refusal
    armed = decisions.arm(s)
    durability.insist()
    _lease(opened, request, armed, now)
    steps.append(store.Step(Trigger.ARM, armed, [f"override {override.pk}"] if override else []))
    store.save(opened, steps, now)
    if override:
        overrides.use(override, now)
    return Armed(opened.row.fence)


def _contact(s: Snapshot, request: Request, now: datetime) -> tuple[Snapshot, Override | None]:
    """The secret after this reading; two people's approval is looked for where software would stop (R3)."""
    read = decisions.contact(s, request.puk_retries_left)
    if read.state is SecretState.MANUAL and s.state is not SecretState.MANUAL:
        override = overrides.approved(request.card_ref, now)
        if override:
            return decisions.contact(s, request.puk_retries_left, reserve=0), override
    return read, None


def _again(opened: store.Opened, now: datetime) -> Armed:
    """The same release once more: nothing is charged, but the worker's time begins anew."""
    opened.row.lease_until = int(now.timestamp()) + LEASE
    store.save(opened, [store.Step(Trigger.ARM, opened.snapshot, ["again"])], now)
    return Armed(opened.row.fence)


def _lease(opened: store.Opened, request: Request, armed: Snapshot, now: datetime) -> None:
    """A new fence for this operation and key; pending is made once and kept until it is resolved (R1)."""
    row = opened.row
    row.fence += 1
    row.operation_id, row.recipient = request.operation_id, request.recipient
    row.lease_until = int(now.timestamp()) + LEASE
    if Candidate.PENDING not in opened.values and armed.new_is is Candidate.PENDING:
        opened.values[Candidate.PENDING] = puks.make(opened.data_key, request.card_ref, armed.next_version)


def seal_release(card_ref: str, operation_id: str, fence: int, nonce: str) -> bytes:
    """M6, sealed to the key the release was armed for. May be asked again until the result is in.

    Raises InsideTransaction where the intent could still be rolled back, FenceStale, VaultIntegrityError.
    """
    if connection.in_atomic_block:
        raise InsideTransaction
    durability.on_disk()
    with transaction.atomic(), store.opened(card_ref) as opened:
        row = opened.row
        if (row.fence, row.operation_id, row.state) != (fence, operation_id, SecretState.ARMED):
            raise FenceStale
        return sealing.seal(opened, nonce)


def settle(
    card_ref: str,
    operation_id: str,
    fence: int,
    answers: Sequence[Answer],
    reading: int | None,
    now: datetime,
) -> Settled:
    """What the card answered to the release under `fence`. The same report twice changes nothing.

    A report after the lease counts while no newer release exists; after one, it is stale (R9): FenceStale.
    """
    with transaction.atomic(savepoint=False), store.opened(card_ref) as opened:
        row = opened.row
        if (row.fence, row.operation_id) != (fence, operation_id):
            raise FenceStale
        if row.lease_until == 0:
            return _settled(opened.snapshot)
        s = settlement.settle(opened.snapshot, answers, reading)
        _keep_values(opened, s)
        row.lease_until = 0
        store.save(opened, [store.Step(Trigger.SETTLE, s, [answer.in_words() for answer in answers])], now)
        return _settled(s)


def _keep_values(opened: store.Opened, s: Snapshot) -> None:
    """Pending becomes current where the card proved it; it is let go only where it cannot be on the card
    (R1).
    """
    if s.version != opened.snapshot.version:
        opened.promote_pending()
    elif s.state is SecretState.KNOWN and s.next_version != opened.snapshot.next_version:
        opened.drop_pending()


def end_lease(card_ref: str, operation_id: str, fence: int, now: datetime) -> Settled:
    """The card service gave up, or was given up, without a report: what it was released is in doubt now
    (R7).
    """
    with transaction.atomic(savepoint=False), store.opened(card_ref) as opened:
        if (opened.row.fence, opened.row.operation_id) != (fence, operation_id):
            raise FenceStale
        if opened.snapshot.state is SecretState.ARMED:
            s = decisions.lease_end(opened.snapshot)
            store.save(opened, [store.Step(Trigger.LEASE_END, s)], now)
        return _settled(opened.snapshot)


def sweep(now: datetime) -> int:
    """At start-up and from time to time: releases whose lease is over are in doubt (R7). How many there
    were.
    """
    over = CardSecret.objects.filter(state=SecretState.ARMED, lease_until__lte=int(now.timestamp()))
    ended = 0
    for card_ref, operation_id, fence in list(over.values_list("card_ref", "operation_id", "fence")):
        try:
            end_lease(card_ref, operation_id, fence, now)
            ended += 1
        except (FenceStale, VaultIntegrityError) as error:
            log.exception("vault-sweep", card_ref=card_ref, code=error.code)
    budgets.forget_old(now)
    return ended


def restored_from_backup(now: datetime) -> int:
    """R10: every secret is in doubt; pending is what the next release makes or has made since. How many
    cards.
    """
    refs = list(CardSecret.objects.values_list("card_ref", flat=True))
    for card_ref in refs:
        with transaction.atomic(), store.opened(card_ref) as opened:
            s = decisions.restore(opened.snapshot)
            opened.row.lease_until = 0
            if Candidate.PENDING not in opened.values:
                opened.values[Candidate.PENDING] = puks.make(opened.data_key, card_ref, s.next_version)
            store.save(opened, [store.Step(Trigger.RESTORE, s)], now)
    return len(refs)


def _is_same(row: CardSecret, request: Request) -> bool:
    return (row.operation_id, bytes(row.recipient)) == (request.operation_id, request.recipient)


def _receipt_refused(now: datetime) -> Refused:
    """Counted, so that guessing is noticed (A37); the alarm sounds once an hour."""
    alarm = budgets.count("refused-receipts", budgets.HOUR, now) == ALARM_AT
    if alarm:
        log.error("vault-alarm", code=RefusalCode.RECEIPT, count=ALARM_AT)
    return Refused(RefusalCode.RECEIPT, alarm=alarm)


def _resting_refusal(s: Snapshot) -> Refused | None:
    codes = {SecretState.PUK_BLOCKED: RefusalCode.PUK_EXHAUSTED, SecretState.MANUAL: RefusalCode.MANUAL}
    return Refused(codes[s.state]) if s.state in codes else None


def _budget_refusal(card_ref: str, now: datetime) -> Refused | None:
    """The card's budget for the day, then everyone's for the hour; the latter's end is an alarm."""
    if not budgets.charge(f"card:{card_ref}", budgets.DAY, settings.KILITCOZ_VAULT_CARD_DAILY, now):
        return Refused(RefusalCode.CARD_BUDGET)
    if not budgets.charge("all", budgets.HOUR, settings.KILITCOZ_VAULT_GLOBAL_HOURLY, now):
        log.error("vault-alarm", code=RefusalCode.GLOBAL_BUDGET)
        return Refused(RefusalCode.GLOBAL_BUDGET, alarm=True)
    return None


def _settled(s: Snapshot) -> Settled:
    return Settled(s.state, again=s.state in {SecretState.KNOWN, SecretState.DOUBT})

"""Reading the vault: where secrets stand, how long, and their history. Never a value (R12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from kilitcoz_portal.vault import decisions, overrides, store
from kilitcoz_portal.vault.models import CardSecret, JournalEntry
from kilitcoz_portal.vault.states import SecretState


@dataclass(frozen=True)
class Standing:
    """One card's line of `kilitcoz vault status`. `tries_told`: the card said so, else it is our own
    estimate.
    """

    card_ref: str
    state: SecretState
    since: datetime
    tries: int
    tries_told: bool
    fence: int
    entries: int


@dataclass(frozen=True)
class Moved:
    """One entry of a card's history, in words."""

    sequence: int
    at: datetime
    trigger: str
    from_state: str
    to_state: str
    fence: int
    operation_id: str
    tries: int
    detail: tuple[str, ...]


def unsettled() -> list[Standing]:
    """Every secret that is not simply known, the oldest first."""
    rows = CardSecret.objects.exclude(state=SecretState.KNOWN).order_by("changed_at")
    return [_standing(row) for row in rows.iterator(500)]


def standing(card_ref: str) -> Standing | None:
    """One card's line, or None."""
    row = CardSecret.objects.filter(pk=card_ref).first()
    return _standing(row) if row else None


def card_refs() -> Iterator[str]:
    """Every card that has a secret."""
    return CardSecret.objects.order_by("pk").values_list("pk", flat=True).iterator(1000)


def one_card_of_each_root_key() -> list[str]:
    """A card for each root key that secrets are under: opening these shows that no key file is missing."""
    firsts = CardSecret.objects.values("key_id").annotate(first=Min("pk")).order_by("key_id")
    return [each["first"] for each in firsts]


def counts() -> dict[str, int]:
    """How many secrets are in each state."""
    return {state.value: CardSecret.objects.filter(state=state).count() for state in SecretState}


def history(card_ref: str) -> list[Moved]:
    """The card's journal, oldest first."""
    return [
        Moved(
            entry.sequence,
            entry.at,
            entry.trigger,
            entry.from_state,
            entry.to_state,
            entry.fence,
            entry.operation_id,
            entry.tries,
            tuple(entry.detail),
        )
        for entry in JournalEntry.objects.filter(card_ref=card_ref).order_by("sequence")
    ]


@dataclass(frozen=True)
class Look:
    """How a card's secret stands before a release: `refusal` is MANUAL or PUK_BLOCKED where a release would
    run into it, `sequence` is where the journal stands. Nothing is opened: arm() decides again on
    authenticated rows.
    """

    refusal: SecretState | None
    sequence: int


def look(card_ref: str, puk_retries_left: int | None, now: datetime) -> Look:
    """The card was read now and told so many PUK tries. A card without a secret reads as MANUAL."""
    row = CardSecret.objects.filter(pk=card_ref).first()
    if row is None:
        return Look(SecretState.MANUAL, 0)
    s = store.snapshot_of(row)
    if s.state is SecretState.ARMED:
        s = decisions.lease_end(s)
    state = decisions.contact(s, puk_retries_left).state
    if state is SecretState.MANUAL and overrides.approved(card_ref, now) is not None:
        state = decisions.contact(s, puk_retries_left, reserve=0).state
    refused = state if state in {SecretState.MANUAL, SecretState.PUK_BLOCKED} else None
    return Look(refused, row.sequence)


def _standing(row: CardSecret) -> Standing:
    return Standing(
        row.card_ref,
        SecretState(row.state),
        row.changed_at,
        row.tries,
        row.told,
        row.fence,
        row.sequence,
    )

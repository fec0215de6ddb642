"""Two people decide to go on where software may not (R3, A30): one asks with a reason, another approves.

An approval is good for one release within a day; asking, approving and using are written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import decisions, puks, store
from kilitcoz_portal.vault.errors import OverrideRefused
from kilitcoz_portal.vault.models import Override
from kilitcoz_portal.vault.states import SecretState, Trigger

LIFE = timedelta(days=1)


def ask(card_ref: str, *, by: str, reason: str, now: datetime) -> None:
    """The first person's half. Raises SecretUnknown; OverrideRefused without a name, a reason, or a need."""
    with transaction.atomic(), store.opened(card_ref) as opened:
        if opened.snapshot.state is not SecretState.MANUAL or not _name(by) or not reason.strip():
            raise OverrideRefused("only a secret in MANUAL, by a named person, for a reason")
        Override.objects.filter(card_ref=card_ref, used_at=None).delete()
        Override.objects.create(
            card_ref=card_ref, asked_by=_name(by), asked_at=now, reason=reason.strip()[:200]
        )


def approve(card_ref: str, *, by: str, now: datetime, puk: Puk | None = None) -> None:
    """The second person's half: the secret leaves MANUAL, and the next release may spend the reserve.

    `puk`: where the one that was adopted is known to be wrong, the right one takes its place; pending, which
    may be on the card, stays (R1). Raises OverrideRefused (nothing was asked within a day, or the approver
    is who asked), PukMalformed.
    """
    with transaction.atomic(), store.opened(card_ref) as opened:
        asked = Override.objects.filter(card_ref=card_ref, approved_by="", asked_at__gt=now - LIFE).first()
        if asked is None or not _name(by) or _name(by).casefold() == asked.asked_by.casefold():
            raise OverrideRefused("a second person approves what a first one asked within a day")
        detail = [f"override {asked.pk}"]
        if puk is not None:
            puks.check(card_ref.partition(":")[0], puk)
            opened.replace_current(bytearray(puk.reveal()))
            detail.append("current replaced")
        asked.approved_by, asked.approved_at = _name(by), now
        asked.save(update_fields=["approved_by", "approved_at"])
        s = decisions.override(opened.snapshot)
        store.save(opened, [store.Step(Trigger.OVERRIDE, s, detail)], now)


def approved(card_ref: str, now: datetime) -> Override | None:
    """The approval that the next release of this card may use."""
    rows = Override.objects.filter(card_ref=card_ref, used_at=None, approved_at__gt=now - LIFE)
    return rows.first()


def use(override: Override, now: datetime) -> None:
    """It is spent."""
    override.used_at = now
    override.save(update_fields=["used_at"])


def _name(by: str) -> str:
    return " ".join(by.split())[:80]

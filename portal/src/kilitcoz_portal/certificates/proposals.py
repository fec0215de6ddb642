"""What takes two operators: one asks with a reason, another approves within a day (A11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.certificates import services
from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.errors import CertificateNotFound, NoSuchChange, ProposalRefused
from kilitcoz_portal.certificates.models import Certificate, Proposal, Role
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import Deed, require
from kilitcoz_portal.holders.entries import staff

LIFE = timedelta(days=1)
BY_TWO = frozenset({Deed.OPEN, Deed.RESUME, Deed.REVOKE})


@transaction.atomic
def ask(
    certificates: Sequence[Certificate],
    deed: Deed,
    *,
    by: str,
    why: str,
    now: datetime,
    reason: Reason = Reason.OTHER,
    invalid_since: datetime | None = None,
) -> Proposal:
    """The first person's half. Raises ProposalRefused without a name or a reason, and what the deed would."""
    if not staff(by) or not why.strip() or deed not in BY_TWO or not certificates:
        raise ProposalRefused
    for each in certificates:
        require(each, deed, Actor(Role.TWO_OPERATORS, staff(by)))
    card = certificates[0].card
    made = Proposal.objects.create(
        card=card,
        serial_numbers=[each.serial_number for each in certificates],
        deed=deed,
        reason=reason,
        invalid_since=invalid_since,
        why=why.strip()[:200],
        asked_by=staff(by),
        asked_at=now,
    )
    _audit(made, Event.CERTIFICATE_DEED_ASKED, staff(by), now)
    return made


@transaction.atomic
def approve(proposal_id: int, *, by: str, now: datetime) -> list[Certificate]:
    """The second person's half: the deed is done, the request's clock having run since it was asked for.

    Raises ProposalRefused (unknown, approved, a day old, or the same person), and what the deed raises.
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("card")
    asked = rows.filter(pk=proposal_id, approved_at=None, asked_at__gt=now - LIFE).first()
    if asked is None or not staff(by) or staff(by).casefold() == asked.asked_by.casefold():
        raise ProposalRefused
    asked.approved_by, asked.approved_at = staff(by), now
    asked.save(update_fields=["approved_by", "approved_at"])
    _audit(asked, Event.CERTIFICATE_DEED_APPROVED, staff(by), now)
    return _do(asked, Actor(Role.TWO_OPERATORS, asked.asked_by, staff(by)), now)


def _do(asked: Proposal, two: Actor, now: datetime) -> list[Certificate]:
    found = Certificate.objects.filter(serial_number__in=asked.serial_numbers, card=asked.card)
    certificates = list(found.order_by("pk"))
    if len(certificates) != len(asked.serial_numbers):
        raise CertificateNotFound
    if asked.deed == Deed.OPEN:
        return services.open_for_use(certificates, now, by=two, asked_at=asked.asked_at)
    if asked.deed == Deed.RESUME:
        return services.resume(certificates, two, now, asked_at=asked.asked_at)
    if asked.deed == Deed.REVOKE:
        return services.revoke(
            certificates,
            two,
            Reason(asked.reason),
            now,
            invalid_since=asked.invalid_since,
            asked_at=asked.asked_at,
        )
    raise NoSuchChange(asked.deed)


def _audit(asked: Proposal, event: Event, by: str, now: datetime) -> None:
    detail: Detail = {
        "proposal": asked.pk,
        "deed": asked.deed,
        "serials": " ".join(asked.serial_numbers),
        "by": by,
        "why": asked.why,
    }
    record(event, now=now, holder_id=asked.card.holder_id, card_id=asked.card_id, detail=detail)

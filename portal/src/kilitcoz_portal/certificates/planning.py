"""A revocation on a date to come: planned, withdrawn, and made by the sweep (ends)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.certificates import changing
from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.errors import EndWrong, NoSuchChange
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import Deed, require
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import About


@transaction.atomic
def plan(
    certificates: Sequence[Certificate], by: Actor, reason: Reason, at: datetime, now: datetime
) -> list[Certificate]:
    """Revoke them at `at`; planned once more, the new date counts. Raises EndWrong (in the past, or after the
    certificate's own end), and what states.require raises of a revocation.
    """
    rows = changing.locked(certificates)
    for row in rows:
        require(row, Deed.REVOKE, by)
        if not now < at < row.not_after:
            raise EndWrong
        row.revocation_planned_at, row.planned_reason = at, reason
        row.save(update_fields=["revocation_planned_at", "planned_reason"])
    _tell(rows, Event.REVOCATION_PLANNED, by, now, at.isoformat())
    return rows


@transaction.atomic
def withdraw(certificates: Sequence[Certificate], by: Actor, now: datetime) -> list[Certificate]:
    """There is no plan any more. Raises NoSuchChange where there was none, and as `plan`."""
    rows = changing.locked(certificates)
    for row in rows:
        require(row, Deed.REVOKE, by)
        if row.revocation_planned_at is None:
            raise NoSuchChange(row.state)
        changing.end_plan(row)
        row.save(update_fields=["revocation_planned_at", "planned_reason"])
    _tell(rows, Event.REVOCATION_PLAN_WITHDRAWN, by, now, "")
    return rows


def _tell(rows: Sequence[Certificate], event: Event, by: Actor, now: datetime, at: str) -> None:
    if not rows:
        return
    card = rows[0].card
    detail = {"serials": " ".join(row.serial_number for row in rows), "role": by.role.value, "at": at}
    if by.name:
        detail["by"] = by.name
    record(event, now=now, holder_id=card.holder_id, card_id=card.pk, detail={**detail})
    notices.tell(card.holder, Kind.REVOCATION_PLAN_CHANGED, now, About(card.last_four))

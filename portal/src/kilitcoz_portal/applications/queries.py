"""Reading applications."""

from __future__ import annotations

import hmac

from django.db.models import QuerySet

from kilitcoz_portal.applications import numbers
from kilitcoz_portal.applications.errors import ApplicationUnknown
from kilitcoz_portal.applications.models import OPEN, Application, Payment, State
from kilitcoz_portal.holders.entries import plain_id_number
from kilitcoz_portal.holders.models import Holder


def by_number(typed: str) -> Application:
    """For staff. Raises ApplicationUnknown."""
    found = Application.objects.filter(number=numbers.written(typed)).first()
    if found is None:
        raise ApplicationUnknown
    return found


def of_applicant(typed: str, id_number: str) -> Application:
    """For who shows number and ID number of the same application. Raises ApplicationUnknown for all else:
    nobody learns which of the two was wrong.
    """
    found = by_number(typed)
    if not hmac.compare_digest(found.id_number.encode(), plain_id_number(id_number).encode()):
        raise ApplicationUnknown
    return found


def of_holder(holder: Holder) -> list[Application]:
    """The holder's own, newest first: those made when signed in, and those that made the holder one."""
    return list(Application.objects.filter(holder=holder).order_by("-received_at"))


def open_of_holder(holder: Holder) -> Application | None:
    """The one under way, if any."""
    return Application.objects.filter(holder=holder, state__in=OPEN).first()


def listed(state: str = "", institution: str = "") -> QuerySet[Application]:
    """For staff, oldest first: of one state and one institution, or all that are under way."""
    rows = Application.objects.filter(state=state) if state else Application.objects.filter(state__in=OPEN)
    return (rows.filter(institution=institution) if institution else rows).order_by("received_at")


def approved() -> QuerySet[Application]:
    """Those that await a card: approved, paid or free of charge, of holders whose account is not frozen;
    oldest approval first.
    """
    ready = Application.objects.filter(state=State.APPROVED, holder__frozen_at=None)
    ready = ready.exclude(payment=Payment.UNPAID)
    return ready.select_related("holder").order_by("approved_at", "pk")

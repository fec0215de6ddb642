"""A frozen account: "it was not me" was pressed. Nothing that protects it changes and no card is unlocked
until two people open it again, by name and for a reason (as vault.overrides has it; A11's spirit).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.entries import staff
from kilitcoz_portal.holders.errors import HolderFrozen, UnfreezeRefused
from kilitcoz_portal.holders.models import Holder, SuspensionWish, Unfreeze

ASKED_FOR = timedelta(days=1)


def locked_open(holder_id: int) -> Holder:
    """The holder, the row locked until the transaction ends. Raises HolderFrozen."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.frozen_at is not None:
        raise HolderFrozen
    return holder


def freeze(holder_id: int, now: datetime, *, kind: str) -> bool:
    """Freeze, and write down the wish that all certificates be suspended; False where it was frozen already.

    `kind`: of the notice whose link was pressed.
    """
    if not Holder.objects.filter(pk=holder_id, frozen_at=None).update(frozen_at=now):
        return False
    record(Event.HOLDER_FROZEN, now=now, holder_id=holder_id, detail={"kind": kind})
    SuspensionWish.objects.create(holder_id=holder_id, asked_at=now)
    record(Event.SUSPENSION_ASKED, now=now, holder_id=holder_id)
    return True


def settle_suspension(holder_id: int, now: datetime) -> None:
    """The holder's certificates are suspended: nothing is owed any more."""
    SuspensionWish.objects.filter(holder_id=holder_id, settled_at=None).update(settled_at=now)


def ask_unfreeze(holder_id: int, now: datetime, *, by: str, reason: str, phone: str = "") -> None:
    """The first person's half; `phone` (E.164) where a thief had changed it. Raises UnfreezeRefused."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.frozen_at is None or not staff(by) or not reason.strip():
        raise UnfreezeRefused
    Unfreeze.objects.filter(holder_id=holder_id, approved_at=None).delete()
    Unfreeze.objects.create(
        holder_id=holder_id, reason=reason.strip()[:200], phone=phone, asked_by=staff(by), asked_at=now
    )
    detail = {"by": staff(by), "reason": reason.strip()[:200], "phone_end": phone[-2:]}
    record(Event.UNFREEZE_ASKED, now=now, holder_id=holder_id, detail={**detail})


def approve_unfreeze(holder_id: int, now: datetime, *, by: str) -> Unfreeze:
    """The second person's half: the account is open again; what was asked, so that the phone is set right.

    Raises UnfreezeRefused: nothing was asked within a day, or the approver is who asked.
    """
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    recent = Unfreeze.objects.filter(holder=holder, approved_at=None, asked_at__gt=now - ASKED_FOR)
    asked = recent.first()
    if holder.frozen_at is None or asked is None or not staff(by):
        raise UnfreezeRefused
    if staff(by).casefold() == asked.asked_by.casefold():
        raise UnfreezeRefused
    asked.approved_by, asked.approved_at = staff(by), now
    asked.save(update_fields=["approved_by", "approved_at"])
    holder.frozen_at = None
    holder.save(update_fields=["frozen_at"])
    record(Event.HOLDER_UNFROZEN, now=now, holder_id=holder.pk, detail={"by": staff(by)})
    return asked

"""A holder's contacts and choices: each function changes one, with its audit row.

Call them inside the transaction that also tells the holder (notices.services.tell). While the account is
frozen they raise HolderFrozen. `by` is an operator's name, or BY_HOLDER.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.errors import ContactUnchanged
from kilitcoz_portal.holders.freezing import locked_open
from kilitcoz_portal.holders.models import Holder

BY_HOLDER = "holder"


@dataclass(frozen=True)
class Changed:
    """The holder as changed, and the contact that was replaced (empty where there was none)."""

    holder: Holder
    replaced: str


def change_phone(holder_id: int, phone: str, now: datetime, *, by: str = BY_HOLDER) -> Changed:
    """E.164 as entries.phone made it. From now on 72 hours are held (holds). Raises ContactUnchanged."""
    holder = locked_open(holder_id)
    replaced = holder.phone
    if phone == replaced:
        raise ContactUnchanged
    holder.phone, holder.phone_changed_at = phone, now
    holder.save(update_fields=["phone", "phone_changed_at"])
    detail = {"by": by, "old_end": replaced[-2:], "new_end": phone[-2:]}
    record(Event.PHONE_CHANGED, now=now, holder_id=holder.pk, detail={**detail})
    return Changed(holder, replaced)


def change_email(holder_id: int, email: str, now: datetime, *, by: str = BY_HOLDER) -> Changed:
    """An address as entries.email made it. Raises ContactUnchanged."""
    holder = locked_open(holder_id)
    replaced = holder.email
    if email == replaced:
        raise ContactUnchanged
    holder.email = email
    holder.save(update_fields=["email"])
    record(Event.EMAIL_CHANGED, now=now, holder_id=holder.pk, detail={"by": by, "first": not replaced})
    return Changed(holder, replaced)


def choose_language(holder_id: int, language: str, now: datetime) -> None:
    """The language of messages, `tr` or `en`; also while frozen: it protects nothing."""
    Holder.objects.filter(pk=holder_id).update(language=language, language_chosen_at=now)
    record(Event.LANGUAGE_CHOSEN, now=now, holder_id=holder_id, detail={"language": language})


def allow_remote_unlock(holder_id: int, now: datetime, *, allowed: bool) -> Holder | None:
    """Whether cards may be unlocked from afar at all; None where it was so already."""
    holder = locked_open(holder_id)
    if holder.remote_unlock == allowed:
        return None
    holder.remote_unlock, holder.remote_unlock_changed_at = allowed, now
    holder.save(update_fields=["remote_unlock", "remote_unlock_changed_at"])
    record(Event.REMOTE_UNLOCK_CHANGED, now=now, holder_id=holder.pk, detail={"allowed": allowed})
    return holder

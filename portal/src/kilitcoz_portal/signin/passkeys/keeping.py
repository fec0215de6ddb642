"""The holder's own passkeys: which there are, removing one, and whether the SMS code stays beside them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.signin.models import Passkey, PasskeyAccount
from kilitcoz_portal.signin.passkeys import relying_party


def of(holder: Holder) -> list[Passkey]:
    """The holder's passkeys, oldest first; none where this origin has none to offer."""
    return list(Passkey.objects.filter(holder=holder).order_by("pk")) if relying_party.is_offered() else []


def serve(holder: Holder) -> bool:
    """Whether the holder has a passkey to prove themselves with."""
    return relying_party.is_offered() and Passkey.objects.filter(holder=holder).exists()


def sms_login_is_open(holder: Holder) -> bool:
    """Whether an SMS code logs in too: unless the holder closed that and has a passkey to come by."""
    return not (serve(holder) and PasskeyAccount.objects.filter(holder=holder, sms_login=False).exists())


def owner_of(passkey: str) -> int | None:
    """Whose this is, by its key as text; None where there is no such passkey."""
    found = Passkey.objects.filter(pk=passkey) if passkey.isascii() and passkey.isdecimal() else None
    return found.values_list("holder_id", flat=True).first() if found is not None else None


def remove(holder: Holder, passkey_pk: int, now: datetime) -> None:
    """Remove this passkey of the holder's and tell every contact; nothing where it is gone already.

    With the last one the SMS code is the second factor again. Raises HolderFrozen.
    """
    with transaction.atomic():
        freezing.locked_open(holder.pk)
        removed, _ = Passkey.objects.filter(pk=passkey_pk, holder=holder).delete()
        if not removed:
            return
        last = not Passkey.objects.filter(holder=holder).exists()
        if last:
            PasskeyAccount.objects.filter(holder=holder).update(sms_login=True)
        audit.record(Event.PASSKEY_REMOVED, now=now, holder_id=holder.pk, detail={"last": last})
        notices.tell(holder, Kind.PASSKEY_REMOVED, now)


def let_sms_log_in(holder: Holder, allowed: bool, now: datetime, *, by: str = "") -> None:
    """The holder's choice, or the call centre's (`by` is its person), told to every contact; without effect
    while there is no passkey. Raises HolderFrozen.
    """
    with transaction.atomic():
        freezing.locked_open(holder.pk)
        if (
            not PasskeyAccount.objects.filter(holder=holder)
            .exclude(sms_login=allowed)
            .update(sms_login=allowed)
        ):
            return
        detail: audit.Detail = {"allowed": allowed} | ({"by": by} if by else {})
        audit.record(Event.SMS_LOGIN_CHANGED, now=now, holder_id=holder.pk, detail=detail)
        notices.tell(holder, Kind.SMS_LOGIN_CHANGED, now)

"""What gateways tell after the worker has gone: delivery receipts, and answers that came too late."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.outgoing.models import Message
from kilitcoz_portal.outgoing.states import Deed, apply


def received(gateway: str, gateway_id: str, now: datetime, *, delivered: bool, code: str) -> bool:
    """Note the receipt for the message that `gateway` knows as `gateway_id`; whether there is one."""
    known = Message.objects.filter(gateway=gateway, gateway_id=gateway_id).order_by("-pk").first()
    if known is None:
        return False
    if delivered:
        apply(known.pk, Deed.DELIVER, now, delivered_at=now)
    else:
        apply(known.pk, Deed.MISS, now, code=code)
    return True


def late_answer(gateway: str, reference: str, gateway_id: str, now: datetime, *, code: str = "") -> bool:
    """The gateway did take the message (or, with a `code`, did not), as it says after all; whether that
    settles anything.
    """
    doubtful = Message.objects.filter(gateway=gateway, reference=reference).first()
    if doubtful is None:
        return False
    if code:
        return apply(doubtful.pk, Deed.REFUSE, now, code=code)
    return apply(doubtful.pk, Deed.ACCEPT, now, gateway_id=gateway_id, accepted_at=now)

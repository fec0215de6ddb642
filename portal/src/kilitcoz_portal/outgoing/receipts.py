"""Delivery receipts: what the gateway heard of a message that it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kilitcoz_portal.outgoing.models import Message
from kilitcoz_portal.outgoing.states import Deed, apply


def received(gateway: str, gateway_ids: Sequence[str], now: datetime, *, delivered: bool, code: str) -> bool:
    """Note the receipt for the message that `gateway` knows by one of `gateway_ids`; whether there is one."""
    known = Message.objects.filter(gateway=gateway, gateway_id__in=gateway_ids).order_by("-pk").first()
    if known is None:
        return False
    if delivered:
        apply(known.pk, Deed.DELIVER, now, delivered_at=now)
    else:
        apply(known.pk, Deed.MISS, now, code=code)
    return True

"""Receipts: proof for the vault that the holder's operation-bound second proof, an SMS code or a passkey's
answer, was right (design §4, M5).

signin issues one when it is accepted; operations carries it; the vault checks it again before it opens
a secret.
A receipt is `expiry.mac`: HMAC-SHA-256 by its own key file over operation, card and expiry.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from kilitcoz_portal import keyfiles

LIFE = timedelta(seconds=600)


def issue(operation_id: str, card_ref: str, now: datetime) -> str:
    """A receipt for this operation with this card (`Card.ref`), good for 600 s."""
    expiry = int((now + LIFE).timestamp())
    return f"{expiry}.{_mac(operation_id, card_ref, expiry)}"


def is_valid(receipt: str, operation_id: str, card_ref: str, now: datetime) -> bool:
    """Whether the receipt was issued for exactly these, and is not late."""
    expiry, _, mac = receipt.partition(".")
    if not (expiry.isascii() and expiry.isdecimal() and len(expiry) <= 12):
        return False
    expected = _mac(operation_id, card_ref, int(expiry))
    return hmac.compare_digest(expected.encode(), mac.encode()) and now.timestamp() < int(expiry)


def _mac(operation_id: str, card_ref: str, expiry: int) -> str:
    key = keyfiles.load_or_create(settings.KILITCOZ_DATA_DIR / "receipt.key")
    message = f"kilitcoz/1 receipt\0{operation_id}\0{card_ref}\0{expiry}".encode()
    return base64.urlsafe_b64encode(hmac.new(key, message, hashlib.sha256).digest()).rstrip(b"=").decode()

"""A card in the vault and a release of it, without operations: what the vault's own tests begin with."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.db import transaction

from kilitcoz_cards.messages import Label, Release, hpke_info
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import queries, receipts, services, store
from kilitcoz_portal.vault.services import Armed, Refused, Request

NOW = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
CARD = "piv:00112233445566778899aabbccddeeff"
OTHER_CARD = "piv:ffeeddccbbaa99887766554433221100"
OPERATION = "AAAAAAAAAAAAAAAAAAAAAA"
NONCE = "BBBBBBBBBBBBBBBBBBBBBB"
PUK = "12345678"
KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def adopt(card_ref: str = CARD, puk: str = PUK) -> None:
    """Into the vault."""
    services.adopt(card_ref, "piv", Puk.from_text(puk), NOW)


def request(
    card_ref: str = CARD, operation_id: str = OPERATION, tries: int | None = 3, now: datetime = NOW
) -> Request:
    """What operations would ask with: the receipt is fresh, the card was read just now."""
    receipt = receipts.issue(operation_id, card_ref, now)
    seen = queries.look(card_ref, tries, now).sequence
    return Request(card_ref, operation_id, receipt, tries, KEY.public_key().public_bytes_raw(), seen)


def arm(
    card_ref: str = CARD, operation_id: str = OPERATION, tries: int | None = 3, now: datetime = NOW
) -> Armed | Refused:
    """Ask."""
    return services.arm(request(card_ref, operation_id, tries, now), now)


def release(card_ref: str = CARD, operation_id: str = OPERATION, fence: int = 1) -> Release:
    """What the card service would open."""
    sealed = services.seal_release(card_ref, operation_id, fence, NONCE)
    return Release.from_json(SUITE.decrypt(sealed, KEY, hpke_info(Label.RELEASE, operation_id, NONCE, fence)))


def values(card_ref: str = CARD) -> dict[str, bytes]:
    """What the vault keeps."""
    with transaction.atomic(), store.opened(card_ref) as opened:
        return {str(name): bytes(value) for name, value in opened.values.items()}

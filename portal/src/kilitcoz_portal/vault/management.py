"""A card's management key: a secret of its own kind. It is made once, leaves the vault sealed to a
registrar's desk until the card has proved it, and after that never again: then only cryptograms leave.

Like new PUKs it is derived from the card's random data key, not drawn: a vault restored from a backup makes
the very key again that the card has (R10). A wrong answer costs the card nothing, so that nothing here is in
doubt: a card has the factory's key or this one, and asking it once tells which.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection, transaction

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_portal import durability
from kilitcoz_portal.vault import crypto, receipts, sealing, store
from kilitcoz_portal.vault.errors import (
    InsideTransaction,
    ManagementKeyLeft,
    ManagementKeyUnknown,
    ReceiptInvalid,
)
from kilitcoz_portal.vault.models import CardManagementKey

ALGORITHM = ManagementAlgorithm.AES_256


def make(card_ref: str, now: datetime) -> None:
    """There is a key for this card from now on; asked again, it is the same one. The card's secret must have
    been adopted before. Raises SecretUnknown, VaultIntegrityError.
    """
    with transaction.atomic(), store.opened(card_ref):
        CardManagementKey.objects.get_or_create(card_ref=card_ref, defaults={"made_at": now})


def seal(card_ref: str, operation_id: str, recipient: bytes, nonce: str) -> bytes:
    """SealedManagementKey, sealed to the desk's card service: the card has to be given the key.

    Raises InsideTransaction where make() could still be rolled back, ManagementKeyUnknown, ManagementKeyLeft
    once the card has proved it, VaultIntegrityError.
    """
    if connection.in_atomic_block:
        raise InsideTransaction
    durability.on_disk()
    with transaction.atomic():
        if _row(card_ref).proved_at is not None:
            raise ManagementKeyLeft
        key = _derive(card_ref)
    try:
        return sealing.seal_management_key(key, ALGORITHM, recipient, operation_id, nonce)
    finally:
        crypto.wipe(key)


def prove(card_ref: str, now: datetime) -> None:
    """The card took an answer by this key: it stays here from now on. Raises ManagementKeyUnknown."""
    row = _row(card_ref)
    if row.proved_at is None:
        row.proved_at = now
        row.save(update_fields=["proved_at"])


def is_proved(card_ref: str) -> bool:
    """Whether the card has this key, and none of the factory's."""
    return CardManagementKey.objects.filter(pk=card_ref, proved_at__isnull=False).exists()


def cryptogram(
    card_ref: str,
    operation_id: str,
    receipt: str,
    algorithm: ManagementAlgorithm,
    challenge: bytes,
    now: datetime,
) -> bytes:
    """The card's challenge (one block), answered for an operation that the holder confirmed.

    Raises ReceiptInvalid, ManagementKeyUnknown for a card that never proved one, or asks by another cipher,
    VaultIntegrityError.
    """
    if not receipts.is_valid(receipt, operation_id, card_ref, now):
        raise ReceiptInvalid
    if algorithm is not ALGORITHM or len(challenge) != algorithm.block_length or not is_proved(card_ref):
        raise ManagementKeyUnknown(card_ref)
    with transaction.atomic():
        key = _derive(card_ref)
    try:
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 -- one random block, as the standard has it
        encryptor = cipher.encryptor()
        return encryptor.update(challenge) + encryptor.finalize()
    finally:
        crypto.wipe(key)


def _row(card_ref: str) -> CardManagementKey:
    row = CardManagementKey.objects.select_for_update().filter(pk=card_ref).first()
    if row is None:
        raise ManagementKeyUnknown(card_ref)
    return row


def _derive(card_ref: str) -> bytearray:
    """The key itself, in a buffer that its user wipes."""
    with store.opened(card_ref) as secret:
        return bytearray(
            crypto.derive(secret.data_key, f"management key {card_ref} {ALGORITHM}", ALGORITHM.key_length)
        )

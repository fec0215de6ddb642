"""A36: rows altered, swapped, rolled back: nothing is opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from portal.tests.marks import ON_BOTH
from portal.tests.vault import armed
from portal.tests.vault.armed import CARD, NOW, OPERATION, OTHER_CARD

from kilitcoz_portal.vault import services, store
from kilitcoz_portal.vault.errors import VaultIntegrityError
from kilitcoz_portal.vault.models import CardSecret, JournalEntry
from kilitcoz_portal.vault.settlement import Answer

pytestmark = ON_BOTH

UNLOCKED = [Answer("change_puk", 0, 0x9000), Answer("reset_retry_counter", None, 0x9000)]
SEALED_COLUMNS = [
    field.attname for field in CardSecret._meta.fields if field.attname not in {"card_ref", "changed_at"}
]


def refuses_everything(card_ref: str = CARD) -> None:
    """Neither armed, nor sealed, nor settled: each raises, and nothing is changed by it."""
    before = CardSecret.objects.filter(pk=card_ref).values().get()
    attempts: list[Callable[[], object]] = [
        lambda: armed.arm(card_ref),
        lambda: services.seal_release(card_ref, OPERATION, 1, armed.NONCE),
        lambda: services.settle(card_ref, OPERATION, 1, UNLOCKED, None, NOW),
        lambda: services.end_lease(card_ref, OPERATION, 1, NOW),
    ]
    for attempt in attempts:
        with pytest.raises(VaultIntegrityError):
            attempt()
    assert CardSecret.objects.filter(pk=card_ref).values().get() == before


def altered(value: object) -> object:
    """The same kind of value, a little different."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, str):
        return {"known": "doubt", "armed": "known", "current": "pending"}.get(value, value[:-1] + "x")
    flipped = bytearray(bytes(value) or b"\0")  # type: ignore[call-overload]  # a BinaryField's
    flipped[len(flipped) // 2] ^= 1
    return bytes(flipped)


@pytest.mark.parametrize("column", SEALED_COLUMNS)
def test_a36_one_bit_or_one_column_altered_opens_nothing(column: str) -> None:
    armed.adopt()
    armed.arm()
    row = CardSecret.objects.get()
    CardSecret.objects.update(**{column: altered(getattr(row, column))})
    refuses_everything()


def test_a36_every_bit_of_the_sealed_box_counts() -> None:
    armed.adopt()
    box = bytes(CardSecret.objects.get().sealed)
    for bit in range(0, len(box) * 8, 7):
        flipped = bytearray(box)
        flipped[bit // 8] ^= 1 << bit % 8
        CardSecret.objects.update(sealed=bytes(flipped))
        with pytest.raises(VaultIntegrityError):
            armed.arm()


def test_a36_boxes_swapped_between_two_cards_open_nothing() -> None:
    armed.adopt()
    armed.adopt(OTHER_CARD, "87654321")
    first, second = CardSecret.objects.order_by("pk").values()
    for one, other in ((first, second), (second, first)):
        swapped = {name: value for name, value in other.items() if name != "card_ref"}
        CardSecret.objects.filter(pk=one["card_ref"]).update(**swapped)
    for card_ref in (CARD, OTHER_CARD):
        with pytest.raises(VaultIntegrityError):
            armed.arm(card_ref)


def test_a36_an_older_row_put_back_opens_nothing() -> None:
    armed.adopt()
    before = CardSecret.objects.values().get()
    armed.arm()
    services.settle(CARD, OPERATION, 1, UNLOCKED, None, NOW)
    CardSecret.objects.update(**{name: value for name, value in before.items() if name != "card_ref"})
    with pytest.raises(VaultIntegrityError, match="newest"):
        armed.arm(operation_id="C" * 22)


def test_a36_an_older_row_with_its_journal_cut_is_betrayed_by_the_fence_that_operations_remember() -> None:
    armed.adopt()
    before = CardSecret.objects.values().get()
    armed.arm()
    services.settle(CARD, OPERATION, 1, UNLOCKED, None, NOW)
    CardSecret.objects.update(**{name: value for name, value in before.items() if name != "card_ref"})
    JournalEntry.objects.filter(sequence__gt=before["sequence"]).delete()
    asked = armed.request(operation_id="C" * 22)
    with pytest.raises(VaultIntegrityError, match="fence"):
        services.arm(services.Request(**(vars(asked) | {"fence_seen": 1})), NOW)


@pytest.mark.parametrize("column", ["trigger", "to_state", "tries", "fence", "detail", "mac", "at"])
def test_a36_an_altered_journal_entry_is_found(column: str) -> None:
    armed.adopt()
    armed.arm()
    services.settle(CARD, OPERATION, 1, UNLOCKED, None, NOW)
    entry = JournalEntry.objects.order_by("sequence")[1]
    value = entry.at.replace(year=2020) if column == "at" else ["x"] if column == "detail" else None
    JournalEntry.objects.filter(pk=entry.pk).update(**{column: value or altered(getattr(entry, column))})
    with pytest.raises(VaultIntegrityError), transaction.atomic():
        store.verify_journal(CARD)


def test_a_journal_entry_taken_out_of_the_middle_is_found() -> None:
    armed.adopt()
    armed.arm()
    services.settle(CARD, OPERATION, 1, UNLOCKED, None, NOW)
    JournalEntry.objects.filter(sequence=2).delete()
    with pytest.raises(VaultIntegrityError), transaction.atomic():
        store.verify_journal(CARD)


def test_a_sweep_goes_on_past_a_card_whose_rows_were_altered(caplog: pytest.LogCaptureFixture) -> None:
    armed.adopt()
    armed.adopt(OTHER_CARD)
    armed.arm()
    armed.arm(OTHER_CARD)
    CardSecret.objects.filter(pk=CARD).update(tries=9)
    later = NOW.replace(hour=11)
    assert services.sweep(later) == 1
    assert CardSecret.objects.get(pk=OTHER_CARD).state == "doubt"
    assert CardSecret.objects.get(pk=CARD).state == "armed"
    assert "vault-sweep" in caplog.text

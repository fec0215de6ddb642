"""PINs and PUKs: their form, and that their value comes out by `reveal` alone."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.errors import (
    PinNotDigits,
    PinRepeated,
    PinRuleViolation,
    PinSequential,
    PinTooLong,
    PinTooShort,
)
from kilitcoz_cards.families import PIV
from kilitcoz_cards.pin import Pin, PinReference, PinRules, PinState, Puk

RULES = PIV.pin_rules


@pytest.mark.parametrize("text", ["482913", "4829137", "48291375", "112233", "123457", "000001"])
def test_a_pin_that_keeps_the_rules_passes(text: str) -> None:
    RULES.check(Pin.from_text(text))


@pytest.mark.parametrize(
    ("text", "violation", "code"),
    [
        ("", PinTooShort, "pin-too-short"),
        ("48291", PinTooShort, "pin-too-short"),
        ("482913752", PinTooLong, "pin-too-long"),
        ("48291a", PinNotDigits, "pin-not-digits"),
        ("482 913", PinNotDigits, "pin-not-digits"),
        ("٤٨٢٩١٣", PinNotDigits, "pin-not-digits"),
        ("４８２９１３", PinNotDigits, "pin-not-digits"),
        ("111111", PinRepeated, "pin-repeated"),
        ("00000000", PinRepeated, "pin-repeated"),
        ("123456", PinSequential, "pin-sequential"),
        ("87654321", PinSequential, "pin-sequential"),
        ("789012", PinSequential, "pin-sequential"),
        ("210987", PinSequential, "pin-sequential"),
    ],
)
def test_a_pin_that_breaks_a_rule_is_refused_by_that_rule(
    text: str, violation: type[PinRuleViolation], code: str
) -> None:
    with pytest.raises(violation) as refused:
        RULES.check(Pin.from_text(text))
    assert refused.value.code == code
    assert refused.value.args == ()


@given(st.text(max_size=12))
def test_what_passes_is_six_to_eight_plain_digits(text: str) -> None:
    try:
        RULES.check(Pin.from_text(text))
    except PinRuleViolation:
        return
    assert text.isascii()
    assert text.isdigit()
    assert 6 <= len(text) <= 8
    assert len(set(text)) > 1


@pytest.mark.parametrize(("low", "high", "alphabet"), [(0, 8, "digits"), (8, 6, "digits"), (6, 8, "any")])
def test_rules_that_no_pin_can_keep_cannot_be_made(low: int, high: int, alphabet: str) -> None:
    with pytest.raises(ValueError, match="no PIN can keep"):
        PinRules(low, high, alphabet)


@pytest.mark.parametrize("secret", [Pin.from_text("482913"), Puk.from_text("31415926")])
def test_a_secret_is_shown_nowhere(secret: Pin | Puk) -> None:
    value = secret.reveal().decode()
    shown = f"{secret} {secret!r} {secret!s} {[secret]} {(secret,)}"
    assert value not in shown
    assert repr(secret) == f"{type(secret).__name__}(redacted)"
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize("secret", [Pin.from_text("482913"), Puk.from_text("31415926")])
def test_a_secret_is_not_serialised(secret: Pin | Puk) -> None:
    with pytest.raises(TypeError, match="not serialised"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="not serialised"):
        copy.deepcopy(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)


def test_secrets_are_equal_by_value_and_kind() -> None:
    assert Pin.from_text("482913") == Pin.from_text("482913")
    assert Pin.from_text("482913") != Pin.from_text("482914")
    assert Pin.from_text("482913") != Puk.from_text("482913")
    assert Pin.from_text("482913") != "482913"
    assert len(Pin.from_text("482913")) == 6


def test_a_reference_fills_a_secret_up_to_its_stored_length() -> None:
    assert PIV.pin.block(Pin.from_text("482913")) == b"482913\xff\xff"
    assert PIV.puk.block(Puk.from_text("31415926")) == b"31415926"


def test_a_reference_without_stored_length_takes_the_bytes_as_they_are() -> None:
    assert PinReference(0x81).block(Pin.from_text("482913")) == b"482913"


def test_a_secret_too_long_for_its_reference_is_refused_without_being_quoted() -> None:
    with pytest.raises(ValueError, match="longer than the 8 bytes of reference 80") as refused:
        PIV.pin.block(Pin.from_text("482913752"))
    assert "482913752" not in str(refused.value)


def test_what_a_card_tells_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        PinState().blocked = True  # type: ignore[misc]  # what is tried here

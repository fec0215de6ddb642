"""What the holder typed, checked before anything is sent anywhere: a wrong PUK with an ill-formed PIN burns a
try.
"""

from __future__ import annotations

from dataclasses import dataclass

from kilitcoz_agent.errors import FieldRefused
from kilitcoz_agent.operation.phases import Act
from kilitcoz_cards.errors import PinRuleViolation
from kilitcoz_cards.pin import Pin, PinRules

MINIMUM_PIN = 6
MAXIMUM_CURRENT_PIN = 8  # bytes of reference 80 (SP 800-73-4 part 2, 2.4.3)

#: The fields an act brings: exactly these, each a short string.
FIELDS: dict[Act, frozenset[str]] = {
    Act.CHOOSE: frozenset({"card"}),
    Act.RETRY: frozenset(),
    Act.FORGOTTEN: frozenset(),
    Act.KNOWN: frozenset(),
    Act.SET_PIN: frozenset({"pin", "repeat"}),
    Act.CHANGE_PIN: frozenset({"current", "pin", "repeat"}),
    Act.SIGN_IN: frozenset({"pin"}),
    Act.SIGN: frozenset({"pin"}),
    Act.RENEW: frozenset({"pin"}),
    Act.LAST_TRY: frozenset(),
    Act.BEGIN: frozenset(),
    Act.CANCEL: frozenset(),
    Act.CLOSE: frozenset(),
}


@dataclass(frozen=True)
class Deed:
    """An act that was accepted, with what it needs. The PINs print as nothing."""

    act: Act
    choice: str = ""
    pin: Pin | None = None
    current: Pin | None = None


def new_pin(fields: dict[str, str], rules: PinRules) -> Pin:
    """The new PIN, its form and its repetition checked. Raises FieldRefused naming the field and the rule."""
    if not fields["pin"]:
        raise FieldRefused({"pin": "pin-missing"})
    pin = Pin.from_text(fields["pin"])
    try:
        rules.check(pin)
    except PinRuleViolation as violation:
        raise FieldRefused({"pin": violation.code}) from None
    if pin != Pin.from_text(fields["repeat"]):
        raise FieldRefused({"repeat": "pin-mismatch"})
    return pin


def card_pin(fields: dict[str, str]) -> Pin:
    """The card's PIN. Of its form only the length is judged: one that cannot be right is not sent, and costs
    no try. Raises FieldRefused.
    """
    pin = Pin.from_text(fields["pin"])
    if not len(pin):
        raise FieldRefused({"pin": "pin-missing"})
    if not MINIMUM_PIN <= len(pin) <= MAXIMUM_CURRENT_PIN:
        raise FieldRefused({"pin": "pin-too-short" if len(pin) < MINIMUM_PIN else "pin-too-long"})
    return pin


def changed_pin(fields: dict[str, str], rules: PinRules) -> tuple[Pin, Pin]:
    """Current and new PIN. The current one need not keep today's rules. Raises FieldRefused."""
    current = Pin.from_text(fields["current"])
    if not 0 < len(current) <= MAXIMUM_CURRENT_PIN:
        raise FieldRefused({"current": "pin-missing" if not len(current) else "pin-too-long"})
    pin = new_pin(fields, rules)
    if pin == current:
        raise FieldRefused({"pin": "pin-unchanged"})
    return current, pin

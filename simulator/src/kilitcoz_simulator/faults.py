"""How a card misbehaves: accidents that happen at one command, and quirks that it has by nature.

Accidents are counted in command APDUs as they arrive, every one of them (also GET RESPONSE and the parts of a
chain), from the moment the plan is given to the card, across power cycles; each happens once.
Quirks are those of real cards, see design §3, *Facts about real cards*.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kilitcoz_cards.iso7816 import INCORRECT_DATA, StatusWord
from kilitcoz_simulator.errors import FaultSyntax


class Moment(StrEnum):
    """When, relative to the command's effect, the card is torn out."""

    BEFORE = "before"  # the card never got the command
    DURING = "during"  # a try was charged, then the power failed; for a command that charges none: as BEFORE
    AFTER = "after"  # the command took effect, its answer was lost


@dataclass(frozen=True)
class When:
    """The n-th command APDU, or the n-th one with this INS. n counts from 1; None = every one."""

    nth: int | None = 1
    ins: int | None = None

    def is_due(self, total: int, of_ins: int, ins: int) -> bool:
        """`total` and `of_ins` count the commands so far, this one (with `ins`) included."""
        if self.ins is None:
            return self.nth in (None, total)
        return self.ins == ins and self.nth in (None, of_ins)


@dataclass(frozen=True)
class Tear:
    """The card leaves the reader."""

    moment: Moment
    when: When


@dataclass(frozen=True)
class Answer:
    """The card answers this status word, and no data. `executed`: although it did what was asked."""

    sw: StatusWord
    when: When
    executed: bool = False


@dataclass(frozen=True)
class Quirks:
    """What this card does differently, by nature."""

    cached_puk: bool = False
    """Once the PUK was verified, every PUK is taken for right until power-off."""
    any_puk_when_used_up: bool = False
    """When the PUK's tries are used up, every PUK is answered 9000, and nothing happens."""
    refuse_new_pin: StatusWord | None = None
    """Every new PIN is refused with this status word, after the old PIN or the PUK was found right."""
    blocked_on_last_try: bool = False
    """The wrong try that uses up the counter is answered 6983 instead of 63C0."""
    blocked_status_63c0: bool = False
    """Whether tries are left is answered 63C0 instead of 6983 when there are none."""


@dataclass
class FaultPlan:
    """What will go wrong with one card. Programmatic use: FaultPlan([Tear(Moment.AFTER, When(ins=0x2C))])."""

    accidents: Sequence[Tear | Answer] = ()
    slow_ms: float = 0.0
    quirks: Quirks = field(default_factory=Quirks)
    _total: int = 0
    _by_ins: Counter[int] = field(default_factory=Counter)

    def next_command(self, ins: int) -> list[Tear | Answer]:
        """Counts one command APDU and names the accidents that are due at it."""
        self._total += 1
        self._by_ins[ins] += 1
        return [each for each in self.accidents if each.when.is_due(self._total, self._by_ins[ins], ins)]


def parse_when(text: str) -> When:
    """`7` the seventh command, `ins=2C` the first with that INS, `ins=2C:2`, `ins=2C:all`, `all`."""
    ins_text, separator, nth_text = text.partition(":") if text.startswith("ins=") else ("", ":", text)
    try:
        ins = int(ins_text.removeprefix("ins="), 16) if ins_text else None
        nth = None if nth_text == "all" else int(nth_text) if separator else 1
    except ValueError:
        raise FaultSyntax(f"{text!r}: expected N, all, ins=XX, ins=XX:N or ins=XX:all") from None
    if nth is not None and nth < 1:
        raise FaultSyntax(f"{text!r}: commands are counted from 1")
    return When(nth, ins)


def parse_tear(text: str) -> Tear:
    """`before:7`, `during:ins=24`, `after:ins=2C:2`."""
    moment, _, when = text.partition(":")
    if moment not in list(Moment):
        raise FaultSyntax(f"{text!r}: expected before:, during: or after:, then which command")
    return Tear(Moment(moment), parse_when(when))


def parse_answer(text: str) -> Answer:
    """`6A80:ins=2C` instead of doing it, `6F00!:7` after having done it."""
    sw, _, when = text.partition(":")
    executed = sw.endswith("!")
    return Answer(_status_word(sw.removesuffix("!")), parse_when(when), executed)


def parse_quirks(names: Sequence[str]) -> Quirks:
    """Names as in Quirks, with hyphens: `cached-puk`, `refuse-new-pin` or `refuse-new-pin=6A86`, …"""
    members: dict[str, bool | StatusWord] = {}
    for text in names:
        name, _, value = text.partition("=")
        member = name.replace("-", "_")
        if member not in Quirks.__dataclass_fields__ or (value and member != "refuse_new_pin"):
            raise FaultSyntax(f"{text!r}: no such quirk")
        members[member] = True
        if member == "refuse_new_pin":
            members[member] = _status_word(value) if value else INCORRECT_DATA
    return Quirks(**members)  # type: ignore[arg-type]  # names and kinds are checked above


def _status_word(text: str) -> StatusWord:
    try:
        return StatusWord.from_hex(text)
    except ValueError:
        raise FaultSyntax(f"{text!r}: a status word is four hex digits") from None

"""A card and a card service as a model: just what matters to the vault, torn at any command.

PUKs are version numbers, as the vault counts them, so that no secret is needed to say which one the card has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kilitcoz_portal.vault.settlement import Answer, Command


@dataclass(frozen=True)
class Faults:
    """What goes wrong in one run: torn at the n-th command, run or not; the PIN's form refused; the
    report's fate.
    """

    torn_at: int | None = None
    torn: str = "before"  # the command never ran; "during": a try was counted, nothing done; "after": it ran
    pin_refused: bool = False
    burns_try_on_bad_pin: bool = False
    report: str = "delivered"  # or "late" (after the lease), "never", "without a last reading"


@dataclass
class ModelCard:
    """A PIV card with a PUK. `software_low`: the fewest tries that a wrong PUK of our software left."""

    puk: int = 1
    tries: int = 3
    total: int = 3
    tells: bool = True
    fills_on_2c: bool = False
    pin_set: bool = False
    software_low: int = 255

    def reading(self) -> int | None:
        """PUK tries, where the card tells."""
        return self.tries if self.tells else None

    def change_puk(self, old: int, new: int) -> int:
        """`24`: a right old PUK fills the counter."""
        if old != self.puk or self.tries == 0:
            return self._wrong()
        self.puk, self.tries = new, self.total
        return 0x9000

    def reset_retry_counter(self, puk: int, faults: Faults) -> int:
        """`2C`: SP 800-73-4 leaves it to the card whether it looks at the PIN's form or at the PUK first."""
        if faults.pin_refused:
            if puk != self.puk and faults.burns_try_on_bad_pin:
                self._wrong()
            return 0x6A80
        if puk != self.puk or self.tries == 0:
            return self._wrong()
        self.tries = self.total if self.fills_on_2c else self.tries
        self.pin_set = True
        return 0x9000

    def _wrong(self) -> int:
        if self.tries == 0:
            return 0x6983
        self.tries -= 1
        self.software_low = min(self.software_low, self.tries)
        return 0x63C0 | self.tries


class Torn(Exception):  # noqa: N818
    """The card left the reader."""


class CardService:
    """One transaction as docs/unlock-protocol.md has it; `answers` is its report."""

    def __init__(self, card: ModelCard, faults: Faults) -> None:
        self.card, self.faults = card, faults
        self.answers: list[Answer] = []

    def run(self, candidates: Sequence[int], new: int, *, rotate: bool) -> None:
        """Steps 4 to 6: candidates in order, then the new PIN, then its proof."""
        try:
            if self._prove(candidates, new, rotate=rotate):
                self._send("verify", None, lambda: 0x9000)
        except Torn:
            pass

    def _prove(self, candidates: Sequence[int], new: int, *, rotate: bool) -> bool:
        for index, candidate in enumerate(candidates):
            if candidate == new or not rotate:
                sw = self._reset(new, index)
            else:
                sw = self._send("change_puk", index, lambda old=candidate: self.card.change_puk(old, new))
                if sw == 0x9000:
                    return self._reset(new, None) == 0x9000
            if sw == 0x9000:
                return True
            if sw & 0xFFF0 != 0x63C0 or sw & 0x0F < 2:
                return False
        return False

    def _reset(self, puk: int, index: int | None) -> int:
        return self._send(
            "reset_retry_counter", index, lambda: self.card.reset_retry_counter(puk, self.faults)
        )

    def _send(self, command: Command, candidate: int | None, execute) -> int:
        torn = self.faults.torn_at == len(self.answers)
        if torn and self.faults.torn != "after":
            if self.faults.torn == "during" and command != "verify":
                self.card.tries -= 1
            self.answers.append(Answer(command, candidate, None))
            raise Torn
        sw: int = execute()
        self.answers.append(Answer(command, candidate, None if torn else sw))
        if torn:
            raise Torn
        return sw

"""What a card's answers make of its secret: a pure function from the armed Snapshot and the report of M7.

The report is complete: what is not in it was not sent. Only 9000 proves a candidate; only 63Cx says it is
wrong; any other answer, and none, leaves in doubt what it touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kilitcoz_portal.vault.decisions import read_counter
from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState, Trigger, move

Command = Literal["change_puk", "reset_retry_counter", "verify", "change_pin"]


@dataclass(frozen=True)
class Answer:
    """A command that was sent: `candidate` indexes the released candidates; `sw` None = no answer came."""

    command: Command
    candidate: int | None
    sw: int | None

    def in_words(self) -> str:
        """As the journal has it, e.g. `change_puk 0 9000`."""
        status = "no answer" if self.sw is None else f"{self.sw:04X}"
        return f"{self.command} {'-' if self.candidate is None else self.candidate} {status}"


SUCCESS = 0x9000
BLOCKED = 0x6983
DATA_REFUSED = 0x6A80
# ISO/IEC 7816-4 tables 5 and 6. A `24` refused with these has changed nothing; 64xx, 65xx, 6Fxx may have.
NO_SUCH_COMMAND = frozenset({0x6A81, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00})
UNCHANGED = NO_SUCH_COMMAND | {0x6700, 0x6982, 0x6985, DATA_REFUSED}


def settle(s: Snapshot, answers: Sequence[Answer], reading: int | None) -> Snapshot:
    """The secret after the transaction; `reading`: PUK tries read on the card afterwards, where it tells.

    All candidates refused, or a card that took a PUK and then refused it: MANUAL.
    """
    walk = _Walk(s)
    for answer in answers:
        walk.take(answer)
    settled = walk.end()
    if reading is not None:
        settled = read_counter(settled, reading)
    if reading == 0:
        settled = replace(settled, state=SecretState.PUK_BLOCKED)
    move(s.state, Trigger.SETTLE, settled.state)
    return settled


class _Walk:
    """One pass over the answers, collecting what they prove."""

    def __init__(self, s: Snapshot) -> None:
        self.s = s
        self.refused: set[Candidate] = set()
        self.tries_read: int | None = None  # by the last 63Cx
        self.changed = self.proved = self.verified = self.blocked = self.contradicted = False
        self.lost = self.change_lost = self.form_refused = False

    def take(self, answer: Answer) -> None:
        """Account for one answer."""
        if answer.command == "verify":
            self._verify(answer.sw)
        elif answer.command == "reset_retry_counter":
            self._take(self.s.new_is, answer.sw)
        elif answer.command == "change_puk":
            index, released = answer.candidate, self.s.released
            if index is not None and 0 <= index < len(released):
                self._take_change(released[index], answer.sw)
            else:  # a report that names what was not released tells nothing
                self.lost = self.change_lost = True

    def _verify(self, sw: int | None) -> None:
        """The new PIN after it was set: a refusal belies the 9000 before it (design §3)."""
        self.verified = sw == SUCCESS
        self.contradicted |= self.proved and sw is not None and _is_refusal(sw)

    def _take_change(self, candidate: Candidate, sw: int | None) -> None:
        """`24`: candidate → new."""
        if sw in UNCHANGED:
            self.form_refused |= sw == DATA_REFUSED
            self.s = replace(self.s, rotates=self.s.rotates and sw not in NO_SUCH_COMMAND)
            return
        self._take(candidate, sw)
        if sw == SUCCESS:
            self.changed, self.tries_read = True, None  # the counter is full again
        self.change_lost |= sw != SUCCESS and candidate not in self.refused

    def _take(self, candidate: Candidate, sw: int | None) -> None:
        """A command that carried this candidate as the PUK."""
        if sw == SUCCESS:
            self.proved = True
        elif sw is not None and _is_refusal(sw):
            self.tries_read = sw & 0x0F if sw != BLOCKED else 0
            self.blocked |= self.tries_read == 0
            if not self.proved:  # right a moment ago: this answer speaks of the PIN (A32)
                self.refused.add(candidate)
        else:
            self.lost = True

    def end(self) -> Snapshot:
        """The secret as the answers leave it, before a last reading of the counter."""
        s = self.s
        if self.contradicted:
            return replace(s, state=SecretState.MANUAL, released=(), pending_live=True, proved=False)
        if self.proved and not self.blocked:
            return self._proved()
        s = replace(s, tries=self._tries(), proved=s.proved and not self.lost and not self.refused)
        s = replace(s, snapshot=self.tries_read, told=True) if self.tries_read is not None else s
        if self.blocked:
            return replace(s, state=SecretState.PUK_BLOCKED, released=(), pending_live=True)
        if self.refused.issuperset(s.candidates):
            return replace(s, state=SecretState.MANUAL, released=())
        pending_live = s.pending_live or (self.change_lost and s.new_is is Candidate.PENDING)
        if pending_live:
            return self._doubt(s)
        # A pending whose form the card refused would be refused for ever: the next one is another.
        version = s.next_version + self.form_refused
        return replace(s, state=SecretState.KNOWN, released=(), next_version=version)

    def _tries(self) -> int:
        """R2: as charged, unless a 63Cx told; what was lost after that is charged again."""
        if self.tries_read is None:
            return self.s.tries
        return max(1, self.tries_read - 1) if self.lost and self.tries_read else self.tries_read

    def _doubt(self, s: Snapshot) -> Snapshot:
        """One of both. The first refused: the other goes first (R4).

        What was lost stays out, for R5, but not where current alone was out and pending was not on the card
        before: if the counter falls then, the `24` did not succeed, and current is still the likelier one (a
        card that counts a try before it compares, torn in between).
        """
        out = tuple(candidate for candidate in s.released if candidate not in self.refused)
        return replace(
            s,
            state=SecretState.DOUBT,
            pending_live=True,
            pending_first=s.pending_first != (s.released[:1] != out[:1]),
            released=out if self.lost and s.pending_live else (),
        )

    def _proved(self) -> Snapshot:
        """The card took `new`: it is current. A `24` that succeeds fills the counter; a `2C` need not (SP
        800-73-4 part 2, 3.2.3), but it cost nothing, so what was known before counts.
        """
        s = self.s
        versions = (s.version, s.next_version)
        if s.new_is is Candidate.PENDING:
            versions = (s.next_version, s.next_version + 1)
        before = s.snapshot if self.tries_read is None else self.tries_read
        return replace(
            s,
            state=SecretState.KNOWN,
            version=versions[0],
            next_version=versions[1],
            tries=s.tries_total if self.changed and self.tries_read is None else before,
            told=False,
            pending_live=False,
            pending_first=False,
            released=(),
            proved=self.verified,
        )


def _is_refusal(sw: int) -> bool:
    """63Cx: wrong, x tries left (ISO/IEC 7816-4 §7.5.1); 6983: none are."""
    return sw & 0xFFF0 == 0x63C0 or sw == BLOCKED

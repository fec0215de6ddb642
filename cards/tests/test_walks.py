"""Every path of an unlock against a card that counts, tears and lies: what must hold whatever happens.

The card here is a model of ten lines, not the simulator: it knows PUK, PIN, tries, and where it is torn.
"""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import TransportError
from kilitcoz_cards.families import plain_puk
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import Outcome, Release
from kilitcoz_cards.pin import Pin, Puk

PUKS = [Puk.from_text(text) for text in ("31415926", "27182818", "16180339")]
CURRENT, NEW, FOREIGN = PUKS
PIN = Pin.from_text("482913")
PIN_BLOCK = b"482913\xff\xff"
INS = {0x24: "change_puk", 0x2C: "reset_retry_counter", 0x20: "verify"}


@dataclass
class ModelCard:
    """`torn_at`: the command (from 0) whose answer is lost, `before` or after it ran."""

    puk: bytes
    tries: int
    torn_at: int | None = None
    torn_before: bool = False
    refuses_pin: bool = False
    blocked_on_last_try: bool = False
    pin: bytes = b""
    commands: list[str] = field(default_factory=list)

    def __call__(self, raw: bytes) -> bytes:
        """One command, as PIV has it."""
        command = CommandApdu.from_bytes(raw)
        torn = self.torn_at == len(self.commands)
        self.commands.append(INS[command.ins])
        if torn and self.torn_before:
            raise TransportError("torn before")
        sw = self._run(command)
        if torn:
            raise TransportError("torn after")
        return sw.to_bytes(2, "big")

    def _run(self, command: CommandApdu) -> int:
        if command.ins == 0x20:
            return 0x9000 if command.data == self.pin else 0x63C2
        if not self.tries:
            return 0x6983
        if command.data[:8] != self.puk:
            self.tries -= 1
            return 0x6983 if self.blocked_on_last_try and not self.tries else 0x63C0 + self.tries
        if command.ins == 0x2C and self.refuses_pin:
            return 0x6A80
        self.tries = 3
        if command.ins == 0x24:
            self.puk = command.data[8:]
        else:
            self.pin = command.data[8:]
        return 0x9000


def known() -> Conversation[None]:
    """An identity check that has nothing to ask."""
    return None
    yield


CARDS = st.builds(
    ModelCard,
    puk=st.sampled_from([puk.reveal() for puk in PUKS]),
    tries=st.integers(0, 3),
    torn_at=st.none() | st.integers(0, 5),
    torn_before=st.booleans(),
    refuses_pin=st.booleans(),
    blocked_on_last_try=st.booleans(),
)
RELEASES = st.sampled_from(
    [
        Release(1, (CURRENT,), NEW, True),
        Release(1, (CURRENT, NEW), NEW, True),
        Release(1, (NEW, CURRENT), NEW, True),
        Release(1, (NEW,), NEW, True),
        Release(1, (CURRENT,), CURRENT, False),
    ]
)


@given(CARDS, RELEASES)
def test_whatever_a_card_does_the_report_is_complete_and_true(card: ModelCard, release: Release) -> None:
    before, tries = card.puk, card.tries
    report = converse(plain_puk.unlock(known(), release, PIN), card)

    assert [each.command.value for each in report.events] == card.commands
    assert all(each.sw is not None for each in report.events[:-1])
    assert (report.outcome is Outcome.LOST) == (bool(report.events) and report.events[-1].sw is None)
    assert (report.outcome is Outcome.PIN_SET) <= (card.pin == PIN_BLOCK and card.puk == release.new.reveal())
    assert card.puk in {before, release.new.reveal()}
    wrong_tries = [each for each in report.events if each.sw is not None and each.sw.retries_left is not None]
    assert len(wrong_tries) <= len(release.candidates)
    if len(wrong_tries) == 2:
        assert tries >= 3  # a second candidate was sent only where two tries were left
    if report.puk.retries_left is not None:
        assert report.puk.retries_left == card.tries


@given(CARDS, RELEASES)
def test_the_second_candidate_never_takes_the_last_try(card: ModelCard, release: Release) -> None:
    tries = card.tries
    converse(plain_puk.unlock(known(), release, PIN), card)
    assert card.tries >= 1 or tries <= 1


@pytest.mark.parametrize("torn_before", [True, False])
@pytest.mark.parametrize("torn_at", range(3))
def test_a24_after_any_tear_the_unlock_run_again_in_doubt_ends_well(torn_at: int, torn_before: bool) -> None:
    card = ModelCard(CURRENT.reveal(), 3, torn_at, torn_before)
    first = converse(plain_puk.unlock(known(), Release(1, (CURRENT,), NEW, True), PIN), card)
    assert first.outcome is Outcome.LOST
    card.torn_at = None
    card.commands.clear()
    second = converse(plain_puk.unlock(known(), Release(2, (CURRENT, NEW), NEW, True), PIN), card)
    assert second.outcome is Outcome.PIN_SET
    assert (card.puk, card.pin, card.tries) == (NEW.reveal(), PIN_BLOCK, 3)


@given(CARDS, RELEASES)
def test_no_secret_is_in_what_is_reported(card: ModelCard, release: Release) -> None:
    report = converse(plain_puk.unlock(known(), release, PIN), card)
    told = repr(report).encode() + report.to_result(release.fence).to_json()
    for secret in (PIN, *PUKS):
        assert secret.reveal() not in told
        assert secret.reveal().hex().encode() not in told

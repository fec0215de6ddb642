"""The retry counters as a state machine: whatever is tried and torn, they stay what the model says."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kilitcoz_cards.iso7816 import CommandApdu, ResponseApdu
from kilitcoz_simulator import (
    Card,
    CardOrder,
    CardTorn,
    FaultPlan,
    Holder,
    Moment,
    StateFile,
    Tear,
    When,
    issue,
)
from kilitcoz_simulator.state import pin_block

PINS = ("271828", "161803", "141421")
PUKS = ("31415926", "92653589")
SELECT = CommandApdu(0x00, 0xA4, 0x04, 0x00, bytes.fromhex("a000000308")).to_bytes()
AT_NEXT = st.sampled_from([None, *Moment])
CARD = issue(
    CardOrder(Holder("Ayşe Yılmaz"), pin=PINS[0], puk=PUKS[0], keys={}), now=datetime(2026, 5, 4, tzinfo=UTC)
)


class RetryCounters(RuleBasedStateMachine):
    """The model: two values and two counters, and whether the PIN is verified."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "card.json")
        StateFile(self.path).save(CARD.state)
        self.pin, self.puk = PINS[0], PUKS[0]
        self.pin_left = self.puk_left = 3
        self.verified = False
        self.read_again()

    def teardown(self):
        self.folder.cleanup()

    @rule()
    def read_again(self):
        """Another program opens the state file: what was answered is in it."""
        self.card = Card.from_file(self.path)
        self.power_cycle()

    @rule()
    def power_cycle(self):
        self.card.power_on()
        self.card.transmit(SELECT)
        self.verified = False

    @rule(pin=st.sampled_from(PINS), tear=AT_NEXT)
    def verify(self, pin, tear):
        def effect():
            self.verified = pin == self.pin
            self.pin_left = 3 if self.verified else self.pin_left - 1

        self.attempt(0x20, 0x80, pin_block(pin), "pin", effect, tear)

    @rule(old=st.sampled_from(PINS), new=st.sampled_from(PINS), tear=AT_NEXT)
    def change_pin(self, old, new, tear):
        def effect():
            self.verified = old == self.pin
            self.pin_left = 3 if self.verified else self.pin_left - 1
            self.pin = new if self.verified else self.pin

        self.attempt(0x24, 0x80, pin_block(old) + pin_block(new), "pin", effect, tear)

    @rule(old=st.sampled_from(PUKS), new=st.sampled_from(PUKS), tear=AT_NEXT)
    def change_puk(self, old, new, tear):
        def effect():
            right = old == self.puk
            self.puk_left = 3 if right else self.puk_left - 1
            self.puk = new if right else self.puk

        self.attempt(0x24, 0x81, pin_block(old) + pin_block(new), "puk", effect, tear)

    @rule(puk=st.sampled_from(PUKS), new=st.sampled_from(PINS), tear=AT_NEXT)
    def unblock(self, puk, new, tear):
        def effect():
            if puk == self.puk:
                self.puk_left, self.pin_left, self.pin = 3, 3, new
            else:
                self.puk_left, self.verified = self.puk_left - 1, False

        self.attempt(0x2C, 0x80, pin_block(puk) + pin_block(new), "puk", effect, tear)

    @precondition(lambda self: self.pin_left == 0 and self.puk_left > 1)
    @rule()
    def the_holder_gets_help(self):
        self.unblock(self.puk, self.pin, None)

    @invariant()
    def the_file_and_the_card_agree_with_the_model(self):
        state = StateFile(self.path).load()
        assert state == self.card.state
        assert (state.pin.retries_left, state.puk.retries_left) == (self.pin_left, self.puk_left)
        assert (state.pin.value, state.puk.value) == (pin_block(self.pin), pin_block(self.puk))

    @invariant()
    def the_status_query_tells_the_truth(self):
        expected = 0x9000 if self.verified else (0x63C0 | self.pin_left if self.pin_left else 0x6983)
        assert self.send(0x20, 0x80, b"") == expected

    def attempt(self, ins, reference, data, charged, effect, tear):
        left = getattr(self, f"{charged}_left")
        if tear is not None:
            self.card.give_faults(FaultPlan([Tear(tear, When(nth=1))]))
        try:
            sw = self.send(ins, reference, data)
        except CardTorn:
            self.after_tear(tear, charged, left, effect)
            return
        if left == 0:
            assert sw == 0x6983
            if charged == "pin" or ins == 0x2C:
                self.verified = False
            return
        effect()
        expected = getattr(self, f"{charged}_left")
        assert sw == (0x9000 if expected == 3 else 0x63C0 | expected)

    def after_tear(self, tear, charged, left, effect):
        if tear is Moment.AFTER and left:
            effect()
        if tear is Moment.DURING and left:
            setattr(self, f"{charged}_left", left - 1)
        assert not self.card.powered
        self.card.give_faults(FaultPlan())
        self.power_cycle()

    def send(self, ins, reference, data):
        command = CommandApdu(0x00, ins, 0x00, reference, data)
        return ResponseApdu.from_bytes(self.card.transmit(command.to_bytes())).sw


RetryCounters.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_the_retry_counters_never_leave_the_model = pytest.mark.filterwarnings("default")(RetryCounters.TestCase)

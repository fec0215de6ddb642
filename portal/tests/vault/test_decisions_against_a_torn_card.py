"""Rules R1–R5 and R7 on the pure decisions: whatever is torn, lost or late, the card's PUK stays among the
candidates, software leaves a try, and running it again ends well (A24, A27, A32).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from portal.tests.vault.model_card import CardService, Faults, ModelCard

from kilitcoz_portal.vault import decisions, settlement
from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState

S = SecretState

FAULTS = st.builds(
    Faults,
    torn_at=st.none() | st.integers(0, 4),
    torn=st.sampled_from(["before", "after"]),
    pin_refused=st.booleans(),
    burns_try_on_bad_pin=st.booleans(),
    report=st.sampled_from(["delivered", "late", "never", "without a last reading"]),
)
CARDS = st.builds(
    ModelCard,
    tries=st.integers(2, 3),
    tells=st.booleans(),
    fills_on_2c=st.booleans(),
)
CALM = Faults()


class ModelVault:
    """The decisions in the order in which the services make them; the PUK of version n is the number n."""

    def __init__(self, tries: int = 3) -> None:
        self.s = Snapshot(S.KNOWN, tries, tries)

    def run(self, card: ModelCard, faults: Faults) -> bool:
        """One operation; False where the vault releases nothing."""
        if self.s.state is S.ARMED:
            self.s = decisions.lease_end(self.s)
        self.s = decisions.contact(self.s, card.reading())
        if self.s.state in {S.MANUAL, S.PUK_BLOCKED}:
            return False
        pending = self.s.next_version
        self.s = armed = decisions.arm(self.s)
        assert not armed.pending_live or armed.next_version == pending  # R1: never a third candidate
        service = CardService(card, faults)
        value = {Candidate.CURRENT: armed.version, Candidate.PENDING: armed.next_version}
        service.run([value[each] for each in armed.released], value[armed.new_is], rotate=armed.rotates)
        self._report(card, service, faults)
        return True

    def _report(self, card: ModelCard, service: CardService, faults: Faults) -> None:
        if faults.report in {"late", "never"}:
            self.s = decisions.lease_end(self.s)
        if faults.report != "never":
            reading = card.reading() if faults.report == "delivered" else None
            self.s = settlement.settle(self.s, service.answers, reading)

    def values(self) -> set[int]:
        """What the vault can still send this card."""
        return {self.s.version, self.s.next_version} if self.s.pending_live else {self.s.version}


def holds(vault: ModelVault, card: ModelCard) -> None:
    """What must be true after every step."""
    armed = vault.s.state is S.ARMED
    assert card.puk in (vault.values() | {vault.s.next_version} if armed else vault.values())
    assert card.tries >= 1
    assert card.software_low >= 1


@settings(max_examples=1500, deadline=None)
@given(CARDS, st.lists(FAULTS, max_size=8))
def test_a24_whatever_is_torn_the_puk_is_known_or_in_doubt_and_tries_are_left(
    card: ModelCard, runs: list[Faults]
) -> None:
    vault = ModelVault()
    if not card.tells:
        card.tries = card.total  # a silent card is adopted full: its estimate must be true
    for faults in runs:
        vault.run(card, faults)
        holds(vault, card)
    event(f"{vault.s.state} after the faults")
    for _ in range(3):
        vault.run(card, CALM)
        holds(vault, card)
    if card.tells:
        assert vault.s.state is S.KNOWN
    assert vault.s.state in {S.KNOWN, S.MANUAL}
    if vault.s.state is S.KNOWN:
        assert (card.puk, card.pin_set) == (vault.s.version, True)


@settings(max_examples=500, deadline=None)
@given(
    CARDS,
    st.lists(st.tuples(FAULTS, st.sampled_from(["before", "during", "after"])), max_size=8),
)
def test_torn_while_a_try_is_counted_the_puk_stays_a_candidate_and_a_try_is_left(
    card: ModelCard, runs: list[tuple[Faults, str]]
) -> None:
    vault = ModelVault()
    card.tries = card.total
    for faults, torn in runs:
        if card.tries < 2:
            break  # the card itself may count the last one down: no rule of ours can prevent that
        vault.run(card, replace(faults, torn=torn))
        assert card.puk in vault.values() | {vault.s.next_version}
        assert card.software_low >= 1


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(FAULTS, st.integers(0, 1)), max_size=8))
def test_a_foreign_wrong_try_misleads_the_order_but_loses_no_candidate(
    runs: list[tuple[Faults, int]],
) -> None:
    vault, card = ModelVault(), ModelCard()
    for faults, foreign in runs:
        card.tries = max(1, card.tries - foreign)
        vault.run(card, faults)
        assert card.puk in vault.values() | {vault.s.next_version}
        assert card.software_low >= 1


@pytest.mark.parametrize("tells", [True, False])
def test_a27_fifty_runs_torn_after_a_wrong_try_never_reach_the_reserve(tells: bool) -> None:
    vault, card = ModelVault(), ModelCard(puk=99, tells=tells)  # the operator adopted a wrong PUK
    for _ in range(50):
        vault.run(card, Faults(torn_at=0, torn="after", report="never"))
    assert card.tries >= 1
    assert vault.s.state is S.MANUAL


def test_a32_a_pin_the_card_refuses_leaves_the_new_puk_known_and_the_tries_whole() -> None:
    vault, card = ModelVault(), ModelCard()
    vault.run(card, Faults(pin_refused=True))
    assert (vault.s.state, vault.s.version, card.puk) == (S.KNOWN, 2, 2)
    assert card.tries == 3


@pytest.mark.parametrize("torn", ["before", "during", "after"])
@pytest.mark.parametrize("tells", [True, False])
def test_a_lost_change_puk_keeps_both_candidates_and_the_next_run_proves_one(torn: str, tells: bool) -> None:
    vault, card = ModelVault(), ModelCard(tells=tells)
    vault.run(card, Faults(torn_at=0, torn=torn))
    assert vault.s.state is S.DOUBT
    assert vault.s.candidates == (Candidate.CURRENT, Candidate.PENDING)
    vault.run(card, CALM)
    assert (vault.s.state, card.puk) == (S.KNOWN, vault.s.version)


def test_r5_a_counter_that_fell_puts_pending_first_and_a_full_one_repeats_the_same() -> None:
    out = (Candidate.CURRENT, Candidate.PENDING)
    doubt = Snapshot(S.DOUBT, 1, 3, pending_live=True, snapshot=3, told=True, released=out)
    assert decisions.contact(doubt, 2).candidates == (Candidate.PENDING, Candidate.CURRENT)
    assert decisions.contact(doubt, 3).candidates == (Candidate.CURRENT, Candidate.PENDING)


def test_r3_one_try_left_is_no_softwares() -> None:
    known = Snapshot(S.KNOWN, 3, 3)
    assert decisions.contact(known, 1).state is S.MANUAL
    assert decisions.contact(known, 0).state is S.PUK_BLOCKED
    assert decisions.contact(known, 1, reserve=0).state is S.KNOWN


def test_r2_a_release_is_charged_until_a_counter_is_read() -> None:
    armed = decisions.arm(Snapshot(S.KNOWN, 3, 3))
    assert armed.tries == 2
    unsent = settlement.settle(armed, [], None)
    assert (unsent.state, unsent.tries) == (S.KNOWN, 2)
    assert decisions.contact(unsent, 3).tries == 3


def test_a_card_without_change_reference_data_is_unlocked_without_rotation() -> None:
    vault = ModelVault()
    vault.s = settlement.settle(decisions.arm(vault.s), [settlement.Answer("change_puk", 0, 0x6D00)], None)
    assert (vault.s.state, vault.s.rotates) == (S.KNOWN, False)
    armed = decisions.arm(vault.s)
    assert (armed.released, armed.new_is) == ((Candidate.CURRENT,), Candidate.CURRENT)
    settled = settlement.settle(armed, [settlement.Answer("reset_retry_counter", 0, 0x9000)], None)
    assert (settled.state, settled.version) == (S.KNOWN, 1)


def test_a_pending_whose_form_the_card_refuses_is_not_offered_again() -> None:
    armed = decisions.arm(Snapshot(S.KNOWN, 3, 3))
    settled = settlement.settle(armed, [settlement.Answer("change_puk", 0, 0x6A80)], None)
    assert (settled.state, settled.next_version) == (S.KNOWN, 3)


def test_a32_63cx_to_the_pin_after_the_puk_was_taken_speaks_of_the_pin() -> None:
    armed = decisions.arm(Snapshot(S.KNOWN, 3, 3))
    answers = [
        settlement.Answer("change_puk", 0, 0x9000),
        settlement.Answer("reset_retry_counter", None, 0x63C2),
    ]
    settled = settlement.settle(armed, answers, None)
    assert (settled.state, settled.version, settled.tries) == (S.KNOWN, 2, 2)


def test_a_card_that_takes_everything_and_then_refuses_the_new_pin_needs_people() -> None:
    armed = decisions.arm(Snapshot(S.KNOWN, 3, 3))
    answers = [
        settlement.Answer("change_puk", 0, 0x9000),
        settlement.Answer("reset_retry_counter", None, 0x9000),
        settlement.Answer("verify", None, 0x63C2),
    ]
    settled = settlement.settle(armed, answers, None)
    assert (settled.state, settled.pending_live) == (S.MANUAL, True)


@pytest.mark.parametrize(("sw", "left"), [(0x63C0, 0), (0x6983, 0)])
def test_a_puk_that_is_used_up_is_said_to_be_and_both_values_stay(sw: int, left: int) -> None:
    settled = settlement.settle(
        decisions.arm(Snapshot(S.KNOWN, 3, 3)), [settlement.Answer("change_puk", 0, sw)], None
    )
    assert (settled.state, settled.tries, settled.pending_live) == (S.PUK_BLOCKED, left, True)


@given(
    st.lists(
        st.builds(
            settlement.Answer,
            st.sampled_from(["change_puk", "reset_retry_counter", "verify", "change_pin"]),
            st.none() | st.integers(-1, 3),
            st.none() | st.integers(0, 0xFFFF) | st.sampled_from([0x9000, 0x63C2, 0x63C0, 0x6983, 0x6A80]),
        ),
        max_size=6,
    ),
    st.none() | st.integers(0, 15),
    st.booleans(),
)
def test_no_report_however_strange_breaks_the_table_or_drops_a_candidate_without_9000(
    answers: list[settlement.Answer], reading: int | None, doubt: bool
) -> None:
    start = Snapshot(S.DOUBT if doubt else S.KNOWN, 3, 3, pending_live=doubt)
    settled = settlement.settle(decisions.arm(start), answers, reading)
    taken = any(answer.sw == 0x9000 for answer in answers)
    if doubt and not taken:
        assert (settled.pending_live, settled.version, settled.next_version) == (True, 1, 2)

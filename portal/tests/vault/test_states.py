"""The table of states."""

from __future__ import annotations

import itertools

import pytest

from kilitcoz_portal.vault.errors import NoSuchMove
from kilitcoz_portal.vault.states import MOVES, SecretState, Trigger, move


def test_what_is_not_in_the_table_is_refused() -> None:
    for state, trigger, target in itertools.product([None, *SecretState], Trigger, SecretState):
        if target in MOVES.get((state, trigger), frozenset()):
            assert move(state, trigger, target) is target
        else:
            with pytest.raises(NoSuchMove):
                move(state, trigger, target)


def test_r3_manual_is_left_by_two_people_alone() -> None:
    ways_out = {
        trigger
        for (state, trigger), targets in MOVES.items()
        if state is SecretState.MANUAL and targets - {SecretState.MANUAL, SecretState.PUK_BLOCKED}
    }
    assert ways_out == {Trigger.OVERRIDE}


def test_nothing_is_released_but_from_known_or_doubt() -> None:
    sources = {
        state
        for (state, trigger), targets in MOVES.items()
        if SecretState.ARMED in targets and trigger == "arm"
    }
    assert sources == {SecretState.KNOWN, SecretState.DOUBT, SecretState.ARMED}

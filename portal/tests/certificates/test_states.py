"""Every deed from every state by every role: the table's moves happen, all others are refused and change
nothing; the list and the answers say what the state says (A39).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from portal.tests.certificates.made import DESK, INSTITUTION, MINUTE, Made, answered, bring, listed, make
from portal.tests.marks import ON_BOTH
from portal.tests.people import ayse

from kilitcoz_portal.certificates import services
from kilitcoz_portal.certificates.actors import HOLDER, SYSTEM, Actor, officer, operator
from kilitcoz_portal.certificates.errors import CertificateError, NoSuchChange, NotAllowed, RevokedIsFinal
from kilitcoz_portal.certificates.models import Certificate, Role, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import FINAL, LIFTED_BY, MOVES, WHO, Deed

pytestmark = ON_BOTH

Verb = Callable[[list[Certificate], Actor, datetime], object]
VERBS: dict[Deed, Verb] = {
    Deed.HAND_OVER: services.hand_over,
    Deed.OPEN: lambda rows, by, now: services.open_for_use(rows, now, by=by),
    Deed.SUSPEND: lambda rows, by, now: services.suspend(rows, by, Reason.LOST, now),
    Deed.RESUME: services.resume,
    Deed.REVOKE: lambda rows, by, now: services.revoke(rows, by, Reason.STOLEN, now),
}
ACTORS = {
    Role.HOLDER: HOLDER,
    Role.OFFICER: officer("Okan", INSTITUTION),
    Role.OPERATOR: operator("Zeynep"),
    Role.TWO_OPERATORS: Actor(Role.TWO_OPERATORS, "Zeynep", "Deniz"),
    Role.REGISTRAR: DESK,
    Role.SYSTEM: SYSTEM,
}
SAID = {
    State.PRODUCED: "certificate_hold",
    State.AWAITING_ACTIVATION: "certificate_hold",
    State.SUSPENDED: "certificate_hold",
    State.VALID: "GOOD",
    State.REVOKED: "key_compromise",
}


def agrees(made: Made, now: datetime) -> None:
    """The list and the answers say of each certificate what its state says."""
    said = listed()
    for each in made.certificates:
        if each.state == State.EXPIRED:
            continue
        expected = SAID[State(each.state)]
        assert answered(each, now) == expected
        in_list = said.get(each.serial_number)
        assert (in_list.name if in_list else "GOOD") == expected


def expected_of(state: State, deed: Deed, role: Role) -> type[CertificateError] | None:
    """What the tables say: suspensions here are holders', the officer is of their institution."""
    if (state, deed) == (State.VALID, Deed.OPEN):
        return None  # opened already: nothing changes
    if state is State.REVOKED:
        return RevokedIsFinal
    if (state, deed) not in MOVES:
        return NoSuchChange
    if role not in WHO[deed]:
        return NotAllowed
    if deed is Deed.RESUME and role not in LIFTED_BY[Role.HOLDER]:
        return NotAllowed
    if role is Role.REGISTRAR and deed is Deed.REVOKE and state is not State.PRODUCED:
        return NotAllowed
    return None


@pytest.mark.parametrize("deed", VERBS)
@pytest.mark.parametrize("state", State)
def test_each_deed_from_here_by_each_role(database: str, founded: None, state: State, deed: Deed) -> None:
    holder = ayse()
    for number, (role, actor) in enumerate(ACTORS.items()):
        made = make(holder, f"9021{number:04d}")
        moment = bring(made, state) + MINUTE
        expected = expected_of(state, deed, role)
        if expected is None:
            VERBS[deed](made.certificates, actor, moment)
            reached = MOVES.get((state, deed), {state})
            assert made.states <= {target.value for target in reached}, role
        else:
            with pytest.raises(expected):
                VERBS[deed](made.certificates, actor, moment)
            assert made.states == {state.value}, role
        agrees(made, moment)


@pytest.mark.parametrize("state", State)
def test_opening_is_the_holders_and_only_of_what_waits(ayses: Made, state: State) -> None:
    moment = bring(ayses, state) + MINUTE
    if state in {State.AWAITING_ACTIVATION, State.VALID}:
        services.open_for_use(ayses.certificates, moment)
        assert ayses.states == {"valid"}
    else:
        with pytest.raises(RevokedIsFinal if state is State.REVOKED else NoSuchChange):
            services.open_for_use(ayses.certificates, moment)
        assert ayses.states == {state.value}
    agrees(ayses, moment)


@pytest.mark.parametrize("by", [HOLDER, ACTORS[Role.OFFICER], ACTORS[Role.OPERATOR], SYSTEM])
@pytest.mark.parametrize("role", sorted(WHO[Deed.RESUME]))
def test_a_suspension_is_lifted_by_whom_the_table_says(ayses: Made, by: Actor, role: Role) -> None:
    moment = bring(ayses, State.SUSPENDED, by) + MINUTE
    if role in LIFTED_BY[by.role]:
        services.resume(ayses.certificates, ACTORS[role], moment)
        assert ayses.states == {"valid"}
    else:
        with pytest.raises(NotAllowed) as refused:
            services.resume(ayses.certificates, ACTORS[role], moment)
        assert refused.value.held_by == by.role
        assert ayses.states == {"suspended"}
    agrees(ayses, moment)


def test_every_state_but_the_final_ones_is_left_by_some_deed() -> None:
    left = {state for state, _deed in MOVES if state is not None}
    assert left == set(State) - FINAL


def test_another_institutions_officer_changes_nothing(ayses: Made) -> None:
    moment = bring(ayses, State.VALID) + MINUTE
    for stranger in (officer("Okan", "Başka Kurum"), officer("Okan", "")):
        with pytest.raises(NotAllowed):
            services.suspend(ayses.certificates, stranger, Reason.LOST, moment)
    assert ayses.states == {"valid"}

"""The table of an application's states: every legal step, and every illegal one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from portal.tests.applications.applying import MERT, ZEYNEP, claimed
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.applications import numbers
from kilitcoz_portal.applications.errors import StepImpossible
from kilitcoz_portal.applications.models import OPEN, Application, State
from kilitcoz_portal.applications.states import TABLE, Deed, move

pytestmark = ON_BOTH


def in_state(state: State) -> Application:
    """Ayşe's, brought there by hand."""
    application = claimed()
    by = {} if state == State.RECEIVED else {"checked_by": ZEYNEP}
    Application.objects.filter(pk=application.pk).update(state=state, **by)
    application.refresh_from_db()
    return application


@pytest.mark.parametrize(("state", "deed"), [(state, deed) for state in State for deed in Deed])
def test_each_deed_leads_where_the_table_says_and_nowhere_else(state: State, deed: Deed) -> None:
    application = in_state(state)
    target = TABLE.get((state, deed))
    if target is None:
        with pytest.raises(StepImpossible):
            move(application, deed)
        target = state
    else:
        move(application, deed)
    assert Application.objects.get().state == target


def test_what_has_ended_stays_so() -> None:
    assert {state for state, _ in TABLE} == set(OPEN)


def test_of_two_at_once_one_is_done() -> None:
    first = in_state(State.CHECKED)
    second = Application.objects.get()
    move(first, Deed.APPROVE, approved_by=MERT)
    with pytest.raises(StepImpossible):
        move(second, Deed.REFUSE)
    assert Application.objects.get().state == State.APPROVED


def test_the_database_itself_wants_two_people_and_a_check_before_the_approval() -> None:
    application = in_state(State.CHECKED)
    for changes in ({"approved_by": ZEYNEP}, {"checked_by": "", "approved_by": MERT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(**changes)


def test_a_number_is_long_random_and_read_in_any_form() -> None:
    made = {numbers.make() for _ in range(200)}
    assert len(made) == 200
    assert all(numbers.written(each.replace("-", " ").lower()) == each for each in made)
    assert numbers.written("'; DROP TABLE") != numbers.written("")
    assert len(numbers.written("A" * 100_000)) < 20

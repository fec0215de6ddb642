"""Many registrars and many applicants at once: the database decides, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from portal.tests import people
from portal.tests.applications.applying import (
    MERT,
    NOW,
    ZEYNEP,
    checked,
    claimed,
    entry,
    printed,
    word_on,
)
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.applications import printing, receiving, services
from kilitcoz_portal.applications.errors import ApplicationError
from kilitcoz_portal.applications.models import IN_WORK, Application, State
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.errors import HolderExists
from kilitcoz_portal.holders.models import Holder

pytestmark = ON_BOTH


def at_once(times: int, deed: Callable[[int], object]) -> list[object]:
    """The deed in so many threads; what each returned, or the code of its refusal."""
    barrier = Barrier(times)

    def run(nth: int) -> object:
        try:
            barrier.wait()
            return deed(nth)
        except (ApplicationError, HolderExists) as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_one_approval_of_many_makes_one_holder_told_once() -> None:
    number = checked(printed(claimed())).pk
    names = ["Mert Aksoy", "Deniz Ak", "Can Er", "Ela Su"]

    def approve(nth: int) -> None:
        services.approve(Application.objects.get(pk=number), NOW, by=names[nth])

    outcomes = at_once(4, approve)
    assert outcomes.count(None) == 1
    assert Holder.objects.count() == 1
    assert AuditEvent.objects.filter(event="application-approved").count() == 1
    assert Application.objects.get().approved_by == names[outcomes.index(None)]


def test_of_an_approval_and_a_refusal_one_stands() -> None:
    number = checked(printed(claimed())).pk

    def decide(nth: int) -> None:
        application = Application.objects.get(pk=number)
        if nth % 2:
            services.approve(application, NOW, by=MERT)
        else:
            services.refuse(application, NOW, by=MERT, reason="form-unsigned")

    decide_at_once = at_once(2, decide)
    application = Application.objects.get()
    assert application.state in {State.APPROVED, State.REFUSED}
    assert Holder.objects.exists() == bool(application.approved_by)
    assert None in decide_at_once


def test_of_many_claims_of_one_person_one_is_checked() -> None:
    claims = [claimed().pk for _ in range(4)]

    def check(nth: int) -> None:
        services.check(Application.objects.get(pk=claims[nth]), NOW, by=ZEYNEP, signed=True)

    assert at_once(4, check).count(None) == 1
    assert Application.objects.filter(state__in=IN_WORK).count() == 1
    assert Application.objects.filter(state=State.WITHDRAWN).count() == 3


def test_officers_and_the_holder_at_once_make_one_application() -> None:
    holder = people.ayse()

    def receive(nth: int) -> None:
        if nth:
            receiving.by_officer(entry(), NOW, by=MERT)
        else:
            receiving.by_holder(holder, "renewal", NOW)

    assert sorted(map(str, at_once(4, receive))) == ["None", *["application-open"] * 3]
    assert Application.objects.count() == 1


def test_of_prints_at_once_one_words_form_counts() -> None:
    number = claimed().pk

    def print_it(_: int) -> bytes:
        return printing.print_form(Application.objects.get(pk=number), NOW, by=ZEYNEP)

    made = [each for each in at_once(3, print_it) if isinstance(each, bytes)]
    application = Application.objects.get()
    assert application.prints == len(made) >= 1
    matching = [security_word.matches(word_on(form), application.word_hash) for form in made]
    assert matching.count(True) == 1

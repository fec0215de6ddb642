"""Two processes that ask for one certificate at once: one of them speaks, and there is one certificate."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from portal.tests.ca.cmp.asking import alarms, require_exactly_one, until_it_comes
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import Again, StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import transfer
from kilitcoz_portal.ca.cmp.models import Enrolment, Step, Surplus
from kilitcoz_portal.ca.cmp.transfer import Address
from kilitcoz_portal.ca.errors import CaUnavailable, RequestReused
from kilitcoz_portal.ca.port import CertificateRequest

pytestmark = ON_BOTH


def ask(asked: CertificateRequest, clock: Clock) -> bytes | str:
    """In a thread of its own: the certificate, or why not."""
    try:
        return authority().issue(asked, clock.now())
    except CaUnavailable as error:
        return error.reason
    finally:
        connections.close_all()


def test_of_six_at_once_one_speaks(elsewhere: StandIn, clock: Clock) -> None:
    asked = wish(on_hold=True)
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(lambda _: ask(asked, clock), range(6)))
    certificates = {each for each in got if isinstance(each, bytes)}
    assert len(certificates) == 1
    assert {each for each in got if isinstance(each, str)} <= {"busy", "overtaken"}
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert [kind for kind, _ in elsewhere.seen].count("ir") == 1


def test_who_comes_back_after_its_lease_writes_nothing_and_its_certificate_is_surplus(
    elsewhere: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.again, elsewhere.keeps_unconfirmed = Again.ISSUE_ANEW, True
    asked, send, slow = wish(), transfer.send, threading.local()

    def sending(message: bytes, to: Address) -> bytes:
        answer = send(message, to)
        if not hasattr(slow, "was"):  # the first answer is on its way until another worker is done
            slow.was = True
            until_it_comes(asked, Clock(clock.now() + timedelta(minutes=2)))
        return answer

    monkeypatch.setattr(transfer, "send", sending)
    with pytest.raises(CaUnavailable, match="overtaken"):
        authority().issue(asked, clock.now())
    assert Enrolment.objects.get().step == Step.CONFIRMED
    assert alarms() == ["surplus-certificate"]
    authority().issue(asked, clock.now())
    assert Surplus.objects.get().revoked_at is not None
    assert len(elsewhere.confirmed()) == 1


def test_a_request_id_stands_for_one_certificate(elsewhere: StandIn, clock: Clock) -> None:
    first, second = wish(), wish()
    authority().issue(first, clock.now())
    with pytest.raises(RequestReused):
        authority().issue(
            CertificateRequest(first.request_id, second.profile, second.subject, second.public_key),
            clock.now(),
        )

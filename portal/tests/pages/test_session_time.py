"""How long a session has, as the server answers the page's script; and one that was ended under a request."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.sessions.exceptions import SessionInterrupted
from django.test import Client, RequestFactory
from portal.tests.pages.walking import Walker

from kilitcoz_portal.pages.views import failures
from kilitcoz_portal.signin.models import HolderSession

pytestmark = pytest.mark.django_db


def test_asking_how_long_is_left_keeps_nothing_alive(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.sign_in()
        for left in (600, 300, 1):
            assert walker.get("/session/left").json() == {"idle": left, "absolute": 3000 + left}
            clock.shift(300 if left != 300 else 299)
        over = walker.get("/session/left")
        assert (over.status_code, over.json()) == (401, {"code": "session-ended"})
        assert HolderSession.objects.get().ended_by == "idle"


def test_going_on_is_possible_up_to_the_hour_and_not_beyond(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.sign_in()
        for minutes in range(5, 60, 5):  # eleven times; WCAG 2.2.1 asks for ten
            clock.shift(5 * 60)
            absolute = 3600 - minutes * 60
            assert walker.post("/session/go-on").json() == {"idle": min(600, absolute), "absolute": absolute}
        clock.shift(5 * 60)
        assert walker.post("/session/go-on").status_code == 401
        assert HolderSession.objects.get().ended_by == "absolute"


def test_only_the_page_itself_goes_on(walker: Walker) -> None:
    assert walker.get("/session/go-on").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/session/go-on").status_code == 403


def test_strangers_have_no_time_and_get_no_session(client: Client) -> None:
    assert client.get("/session/left").status_code == 401
    assert client.post("/session/go-on").status_code == 401
    assert not client.cookies


def test_a_request_whose_session_was_ended_meanwhile_is_told_so(rf: RequestFactory) -> None:
    request = rf.get("/islemler")
    answer = failures.bad_request(request, SessionInterrupted("gone"))
    assert answer.status_code == 400
    assert "Oturumunuz kapandı" in answer.content.decode()

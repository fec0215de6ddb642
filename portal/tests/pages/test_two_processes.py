"""Two portal processes on PostgreSQL, one on SQLite: 200 guesses at once over HTTP are evaluated as often as
a few (A09), and a lane that one process closed is closed in the other (A01). The hashes are real ones here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import httpx
import pytest
from django.conf import settings as configured
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone
from portal.tests import people, served
from portal.tests.people import AYSE_WORD
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import codes, lanes, sessions
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.models import HumanCheck, WordEntries
from kilitcoz_portal.signin.session_store import SessionStore
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.xdist_group("two processes")  # started once
GUESSES = 200
AT_ONCE = 24
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CHECK = re.compile(r'name="check" value="([^"]+)"')


@pytest.fixture
def cheap_words() -> None:
    """Not here: the processes have the real hash."""


@pytest.fixture
def ayse(database: str, transactional_db: None, settings: Settings) -> Holder:
    """Ayşe is enrolled, under the processes' own secret."""
    settings.SECRET_KEY = served.secret_key()
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    return people.ayse()


@pytest.fixture(scope="module")
def origins(database: str) -> Iterator[list[str]]:
    """Where the processes are; each test finds their database empty."""
    with served.portal_processes(2 if database == "postgresql" else 1) as found:
        yield found


def browser_at(origin: str, **cookies: str) -> httpx.Client:
    """A fresh browser."""
    return httpx.Client(base_url=origin, cookies=cookies, timeout=60, trust_env=False)


def enter_word(client: httpx.Client, id_number: str, word: str) -> httpx.Response:
    """Figure 3; a check, where there is one, is answered rightly."""
    page = client.get("/giris/sifreli").text
    fields = {"csrfmiddlewaretoken": TOKEN.findall(page)[0], "id_number": id_number, "word": word}
    if shown := CHECK.findall(page):
        fields |= {"check": shown[0], "picture_text": HumanCheck.objects.get(pk=shown[0]).picture_text}
    return client.post("/giris/sifreli", data=fields)


def at_once(guess: Callable[[int], int]) -> list[int]:
    """Guesses, many at a time: the status of each answer."""

    def one(nth: int) -> int:
        try:
            return guess(nth)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(GUESSES)))


def events(*names: str) -> QuerySet[AuditEvent]:
    """What the audit trail has of these."""
    return AuditEvent.objects.filter(event__in=names)


def test_a09_200_words_guessed_at_once_are_three_and_a_trusted_browser_still_opens(
    ayse: Holder, origins: list[str]
) -> None:
    def guess(nth: int) -> int:
        with browser_at(origins[nth % len(origins)]) as client:
            return enter_word(client, ayse.id_number, f"yanlış {nth}").status_code

    statuses = at_once(guess)
    assert set(statuses) <= {422, 429}
    assert 1 <= events("word-refused", "word-blocked").filter(detail__counted=True).count() <= 3
    trust = {configured.TRUST_COOKIE_NAME: lanes.trust("", ayse, timezone.now())}
    for origin in origins:
        with browser_at(origin, **trust) as client:
            assert enter_word(client, ayse.id_number, AYSE_WORD).headers["Location"] == "/giris/sms"


def test_a09_200_codes_guessed_at_once_are_five(ayse: Holder, origins: list[str]) -> None:
    session, now = SessionStore(), timezone.now()
    sessions.word_accepted(session, ayse, now)
    session.save()
    codes.send(Wish(sessions.browser(session), Purpose.LOGIN), ayse, "kod {}".format, now)
    right = outbox()[0]["text"].split()[1]
    wrong = [f"{number:06d}" for number in range(GUESSES + 1) if f"{number:06d}" != right]
    cookies = {configured.SESSION_COOKIE_NAME: str(session.session_key)}

    def guess(nth: int, typed: str | None = None) -> int:
        with browser_at(origins[nth % len(origins)], **cookies) as client:
            token = TOKEN.findall(client.get("/giris/sms/kod").text)
            fields = {"csrfmiddlewaretoken": token[0] if token else "", "sms_code": typed or wrong[nth]}
            return client.post("/giris/sms/kod", data=fields).status_code

    at_once(guess)
    assert events("code-refused").count() == 5
    for nth, _ in enumerate(origins):
        guess(nth, right)
    assert not events("code-accepted", "signed-in").exists()


def test_a01_a_lane_that_one_process_closed_is_closed_in_the_other_and_trust_counts_in_both(
    ayse: Holder, origins: list[str]
) -> None:
    first, last = origins[0], origins[-1]
    for _ in range(3):
        with browser_at(first) as client:
            assert enter_word(client, ayse.id_number, "yanlış").status_code == 422
        WordEntries.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    with browser_at(last) as client:
        refused = enter_word(client, ayse.id_number, AYSE_WORD)
        assert refused.status_code == 422
        assert "Üç yanlış girişte sözcük kapanır" in refused.text
    trust = {configured.TRUST_COOKIE_NAME: lanes.trust("", ayse, timezone.now())}
    opening = partial(enter_word, id_number=ayse.id_number, word=AYSE_WORD)
    with browser_at(last, **trust) as client:
        assert opening(client).headers["Location"] == "/giris/sms"

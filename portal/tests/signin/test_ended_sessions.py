"""Sessions that end others, seen from the browsers they belong to: refused at the very next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from portal.tests import people
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import living, session_store, sessions
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.models import HolderSession
from kilitcoz_portal.signin.session_store import SessionStore

pytestmark = ON_BOTH


def signed_in(holder: Holder) -> str:
    """A browser of this holder's, as after its last request: the value of its cookie."""
    session = SessionStore()
    sessions.sign_in(session, holder, NOW)
    session.save()
    assert session.session_key is not None
    return session.session_key


def who(cookie: str, minutes: int = 1) -> int | None:
    """Whom the next request with this cookie, in any process, is for."""
    return sessions.holder_id(SessionStore(cookie), NOW + timedelta(minutes=minutes))


def test_the_table_of_sessions_holds_no_cookie(ayse: Holder) -> None:
    cookie = signed_in(ayse)
    assert list(Session.objects.values_list("session_key", flat=True)) == [session_store.stored_key(cookie)]
    assert HolderSession.objects.get().stored_key == session_store.stored_key(cookie)
    assert who(session_store.stored_key(cookie)) is None
    assert who(cookie) == ayse.pk


def test_all_others_end_and_this_one_stays(ayse: Holder) -> None:
    here, there, elsewhere = signed_in(ayse), signed_in(ayse), signed_in(ayse)
    mehmets = signed_in(people.mehmet())
    ended = sessions.end_others(SessionStore(here), ayse, NOW, End.WORD_CHANGED)
    assert len(ended) == 2
    assert [who(here), who(there), who(elsewhere)] == [ayse.pk, None, None]
    assert who(mehmets) is not None
    assert {row.ended_by for row in ended} == {"word-changed"}
    events = AuditEvent.objects.filter(event="session-ended")
    assert [event.detail["why"] for event in events] == ["word-changed", "word-changed"]


def test_all_end_everywhere_and_their_rows_are_gone(ayse: Holder) -> None:
    cookies = [signed_in(ayse), signed_in(ayse)]
    assert len(sessions.end_all(ayse, NOW, End.NOT_ME)) == 2
    assert [who(cookie) for cookie in cookies] == [None, None]
    assert not Session.objects.exists()
    assert sessions.end_all(ayse, NOW, End.NOT_ME) == []


def test_a_request_under_way_cannot_save_an_ended_session_back(ayse: Holder) -> None:
    cookie = signed_in(ayse)
    under_way = SessionStore(cookie)
    assert sessions.holder_id(under_way, NOW) == ayse.pk
    sessions.end_all(ayse, NOW, End.BY_HOLDER)
    under_way["operation"] = "x"
    with pytest.raises(UpdateError):
        under_way.save()
    assert sessions.holder_id(under_way, NOW) is None


def test_a_session_whose_time_was_over_ended_then_and_not_now(ayse: Holder) -> None:
    signed_in(ayse)
    ended = sessions.end_all(ayse, NOW + timedelta(minutes=30), End.BY_HOLDER)
    assert [(row.ended_by, row.ended_at) for row in ended] == [("idle", NOW + timedelta(minutes=10))]


def test_looking_is_no_sign_of_life(ayse: Holder) -> None:
    cookie = signed_in(ayse)
    for minute in (4, 8):
        assert sessions.look(SessionStore(cookie), NOW + timedelta(minutes=minute)) is not None
    assert sessions.look(SessionStore(cookie), NOW + timedelta(minutes=10)) is None
    assert HolderSession.objects.get().ended_by == "idle"


def test_a_proof_gives_the_session_a_new_key(ayse: Holder) -> None:
    cookie = signed_in(ayse)
    session = SessionStore(cookie)
    name = sessions.browser(session)
    sessions.step_up(session, NOW)
    session.save()
    assert session.session_key != cookie
    assert who(cookie) is None
    assert sessions.holder_id(session, NOW) == ayse.pk
    assert sessions.is_stepped_up(session, NOW)
    assert sessions.browser(session) == name  # what it began is still its own


def test_signing_in_again_ends_what_this_browser_had(ayse: Holder) -> None:
    session = SessionStore(signed_in(ayse))
    sessions.sign_in(session, people.mehmet(), NOW)
    assert HolderSession.objects.get(holder=ayse).ended_by == "signed-in-anew"


def test_half_way_in_a_changed_word_leads_no_further(ayse: Holder) -> None:
    session = SessionStore()
    sessions.word_accepted(session, ayse, NOW)
    assert sessions.word_holder(session, NOW) == ayse
    Holder.objects.update(security_word_hash="another")
    assert sessions.word_holder(session, NOW) is None


def test_the_sweep_ends_what_nobody_came_back_to_and_forgets_after_a_month(ayse: Holder) -> None:
    signed_in(ayse)
    busy = signed_in(ayse)
    assert who(busy, 9) == ayse.pk
    assert living.sweep(NOW + timedelta(minutes=12)) == 1
    assert HolderSession.objects.get(ended_by="idle").ended_at == NOW + timedelta(minutes=10)
    assert living.sweep(NOW + timedelta(minutes=70)) == 1
    living.sweep(NOW + timedelta(days=31))
    assert not HolderSession.objects.exists()

"""What a session remembers, and when it forgets."""

from datetime import timedelta

import pytest
from portal.tests.people import NOW

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.session_store import SessionStore


@pytest.fixture
def session(database: str, transactional_db: None) -> SessionStore:
    """A visitor's session, saved as after a first request."""
    store = SessionStore()
    sessions.browser(store)
    store.save()
    return store


def test_a_browser_keeps_its_name(session: SessionStore) -> None:
    assert sessions.browser(session) == sessions.browser(session)
    assert sessions.known_browser(SessionStore()) == ""


def test_each_step_up_renews_the_session_and_the_browsers_name(session: SessionStore, ayse: Holder) -> None:
    key, name = session.session_key, sessions.browser(session)
    sessions.word_accepted(session, ayse, NOW)
    session.save()
    second_key, second_name = session.session_key, sessions.browser(session)
    sessions.sign_in(session, ayse, NOW)
    session.save()
    assert len({key, second_key, session.session_key}) == 3
    assert len({name, second_name, sessions.browser(session)}) == 3
    assert not SessionStore().exists(key)
    assert not SessionStore().exists(second_key)


def test_the_right_word_alone_signs_nobody_in(session: SessionStore, ayse: Holder) -> None:
    sessions.word_accepted(session, ayse, NOW)
    assert sessions.word_holder(session, NOW) == ayse
    assert sessions.holder_id(session, NOW) is None


def test_the_right_word_counts_for_a_quarter_of_an_hour(session: SessionStore, ayse: Holder) -> None:
    sessions.word_accepted(session, ayse, NOW)
    assert sessions.word_holder(session, NOW + timedelta(minutes=14, seconds=59)) == ayse
    assert sessions.word_holder(session, NOW + timedelta(minutes=15)) is None


def test_ten_idle_minutes_end_a_session(session: SessionStore, ayse: Holder) -> None:
    sessions.sign_in(session, ayse, NOW)
    assert sessions.holder_id(session, NOW + timedelta(minutes=9)) == ayse.pk
    assert sessions.holder_id(session, NOW + timedelta(minutes=18)) == ayse.pk
    assert sessions.holder_id(session, NOW + timedelta(minutes=28)) is None
    assert sessions.known_browser(session) == ""


def test_an_hour_ends_a_session_however_busy_it_is(session: SessionStore, ayse: Holder) -> None:
    sessions.sign_in(session, ayse, NOW)
    for minute in range(5, 60, 5):
        assert sessions.holder_id(session, NOW + timedelta(minutes=minute)) == ayse.pk
    assert sessions.holder_id(session, NOW + timedelta(minutes=60)) is None


def test_signing_out_forgets_everything(session: SessionStore, ayse: Holder) -> None:
    sessions.sign_in(session, ayse, NOW)
    sessions.sign_out(session, NOW)
    assert session.is_empty()

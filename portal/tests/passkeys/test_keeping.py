"""The holder's own passkeys, and the SMS code beside them."""

from __future__ import annotations

import pytest
from portal.tests import people
from portal.tests.marks import ON_BOTH
from portal.tests.passkeys.authenticator import Authenticator
from portal.tests.passkeys.conftest import added
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin.models import Passkey
from kilitcoz_portal.signin.passkeys import keeping, relying_party

pytestmark = ON_BOTH


def test_with_the_last_one_the_sms_code_is_back_and_every_contact_told(
    ayse: Holder, key: Authenticator
) -> None:
    keeping.let_sms_log_in(ayse, False, NOW)
    assert not keeping.sms_login_is_open(ayse)
    keeping.remove(ayse, Passkey.objects.get().pk, NOW)
    assert keeping.sms_login_is_open(ayse)
    assert not keeping.serve(ayse)
    assert AuditEvent.objects.get(event="passkey-removed").detail == {"last": True}
    assert Notice.objects.latest("pk").kind == "passkey-removed"
    added(ayse)
    assert keeping.sms_login_is_open(ayse)  # the old choice went with the old passkey


def test_one_of_two_leaves_the_other_and_the_choice(ayse: Holder, key: Authenticator) -> None:
    added(ayse)
    keeping.let_sms_log_in(ayse, False, NOW)
    keeping.remove(ayse, keeping.of(ayse)[0].pk, NOW)
    assert keeping.serve(ayse)
    assert not keeping.sms_login_is_open(ayse)


def test_a40_another_holders_passkey_is_not_removed(ayse: Holder, key: Authenticator) -> None:
    passkey = Passkey.objects.get().pk
    keeping.remove(people.mehmet(), passkey, NOW)
    assert keeping.serve(ayse)
    assert keeping.owner_of(str(passkey)) == ayse.pk


def test_nobody_owns_what_is_not_there(ayse: Holder) -> None:
    assert [keeping.owner_of(name) for name in ("7", "", "x", "²", "-1", "9" * 30)] == [None] * 6


def test_a_choice_is_told_once_and_the_books_know_who_chose(ayse: Holder, key: Authenticator) -> None:
    keeping.let_sms_log_in(ayse, False, NOW)
    keeping.let_sms_log_in(ayse, False, NOW)
    keeping.let_sms_log_in(ayse, True, NOW, by="Zeynep Kaya")
    chosen = AuditEvent.objects.filter(event="sms-login-changed").order_by("pk")
    assert [row.detail for row in chosen] == [{"allowed": False}, {"allowed": True, "by": "Zeynep Kaya"}]
    assert Notice.objects.filter(kind="sms-login-changed").count() == 2


def test_without_a_passkey_nobody_closes_the_sms_login(ayse: Holder) -> None:
    keeping.let_sms_log_in(ayse, False, NOW)
    assert keeping.sms_login_is_open(ayse)


@pytest.mark.parametrize(
    ("origin", "offered", "seen"),
    [
        ("https://kilit.example", True, "https://kilit.example"),
        ("https://Kilit.Example:443", True, "https://kilit.example"),
        ("https://kilit.example:8443", True, "https://kilit.example:8443"),
        ("http://localhost:8000", True, "http://localhost:8000"),
        ("http://demo.localhost:8000", True, "http://demo.localhost:8000"),
        ("http://127.0.0.1:8000", False, ""),
        ("https://[2001:db8::7]", False, ""),
        ("http://kilit.example", False, ""),
    ],
)
def test_passkeys_are_offered_where_browsers_have_them(
    settings: Settings, origin: str, offered: bool, seen: str
) -> None:
    settings.KILITCOZ_ORIGIN = origin
    assert relying_party.is_offered() is offered
    assert not offered or relying_party.origin() == seen


def test_where_they_are_not_offered_the_sms_code_is_the_factor(
    ayse: Holder, key: Authenticator, settings: Settings
) -> None:
    keeping.let_sms_log_in(ayse, False, NOW)
    settings.KILITCOZ_ORIGIN = "https://192.0.2.7"
    assert not keeping.serve(ayse)
    assert keeping.of(ayse) == []
    assert keeping.sms_login_is_open(ayse)

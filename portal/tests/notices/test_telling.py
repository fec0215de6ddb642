"""Every contact is told, in the deed's transaction, in the holder's language, within one SMS."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.db import transaction
from portal.tests import people
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.notices.kinds import NOT_UNDONE, Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.notices.services import About, tell
from kilitcoz_portal.sms.gsm import MAX_SEPTETS, septets
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ayse(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Holder:
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    holder = people.ayse()
    holder.email = "ayse@ornek.example"
    holder.save()
    return holder


def test_phone_and_mail_are_told_and_so_is_a_contact_that_was_replaced(ayse: Holder) -> None:
    tell(ayse, Kind.PHONE_CHANGED, NOW, also_phones=["+905321112233"], also_emails=["eski@ornek.example"])
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["+905321112233", "+905321234567"]
    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == [
        "ayse@ornek.example",
        "eski@ornek.example",
    ]


def test_the_same_contact_is_told_once(ayse: Holder) -> None:
    tell(ayse, Kind.PHONE_CHANGED, NOW, also_phones=[ayse.phone], also_emails=[ayse.email])
    assert (OutboxMessage.objects.count(), OutboxMail.objects.count()) == (1, 1)


def test_the_undo_link_is_stored_only_as_its_hash(ayse: Holder) -> None:
    tell(ayse, Kind.WORD_CHANGED, NOW)
    secret = re.findall(r"/b/([A-Za-z0-9_-]{22})", OutboxMessage.objects.get().text)[0]
    assert bytes(Notice.objects.get().undo_hash) == hashlib.sha256(secret.encode()).digest()
    assert secret not in str(AuditEvent.objects.values_list())


def test_a_number_that_cannot_be_sent_to_does_not_stop_the_deed(ayse: Holder) -> None:
    ayse.phone = "+902121234567"
    tell(ayse, Kind.PIN_CHANGED, NOW, About(card="4821"))
    assert OutboxMessage.objects.count() == 0
    assert OutboxMail.objects.count() == 1


def test_a_deed_that_is_rolled_back_was_not_told(ayse: Holder) -> None:
    with transaction.atomic():
        tell(ayse, Kind.WORD_CHANGED, NOW)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), OutboxMessage.objects.count(), OutboxMail.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_fits_into_one_sms(ayse: Holder, kind: Kind, language: str, settings: Settings) -> None:
    settings.KILITCOZ_ORIGIN = "https://islemler.ornek-sertifika.example"
    ayse.language = language
    tell(ayse, kind, NOW, About(card="4821"))
    text = OutboxMessage.objects.get().text
    assert septets(text) <= MAX_SEPTETS
    undo = r"https://islemler\.ornek-sertifika\.example/b/\S{22}\Z"
    assert re.search(undo if kind not in NOT_UNDONE else r"0850 000 00 00\Z", text)
    assert (re.search("[ğşıİ]", text.partition(": ")[2]) is None) or language == "tr"


def test_the_mail_says_what_when_from_where_and_what_to_do(ayse: Holder) -> None:
    about = About(device="Windows, Firefox", network="192.0.2.*")
    tell(ayse, Kind.NEW_BROWSER, NOW, about)
    mail = OutboxMail.objects.get()
    link = re.findall(r"/b/\S{22}", OutboxMessage.objects.get().text)[0]
    assert mail.subject == "Hesabınıza yeni bir tarayıcıdan girildi"
    for part in ("Ayşe Yılmaz", "23.11.2026 13:00", "Windows, Firefox", "192.0.2.*", link, "0850 000 00 00"):
        assert part in mail.text


def test_a_freeze_is_told_without_a_link(ayse: Holder) -> None:
    tell(ayse, Kind.FROZEN, NOW)
    assert "/b/" not in OutboxMessage.objects.get().text + OutboxMail.objects.get().text
    assert Notice.objects.get().undo_hash is None


def test_a_language_that_the_holder_chose_comes_before_the_pages(ayse: Holder) -> None:
    tell(ayse, Kind.WORD_CHANGED, NOW, About(language="en"))
    assert "your security word was changed" in OutboxMessage.objects.get().text
    ayse.language_chosen_at = NOW
    tell(ayse, Kind.WORD_CHANGED, NOW, About(language="en"))
    assert "güvenlik sözcüğünüz değişti" in OutboxMessage.objects.latest("pk").text

"""Phone and e-mail change by a code to the new contact; old and new are told, and nothing changes before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.errors import ContactUnchanged, HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.notices.services import NOTHING_MORE
from kilitcoz_portal.signin import call_centre, contacts
from kilitcoz_portal.signin.contacts import Contact
from kilitcoz_portal.signin.errors import CodeUsedUp, CodeWrong, NothingAsked, SendTooSoon
from kilitcoz_portal.signin.models import PendingContact
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH

BROWSER, OTHER_BROWSER = "a" * 43, "k" * 43
NEW_PHONE, NEW_EMAIL = "+905321112233", "ayse@yeni.example"


def ask(holder: Holder, contact: Contact = Contact.PHONE, browser: str = BROWSER) -> PendingContact:
    value = NEW_PHONE if contact is Contact.PHONE else NEW_EMAIL
    change = contacts.ask(browser, holder, contact, value, NOW)
    contacts.send_code(change, NOW, language="tr")
    return change


def newest_code() -> str:
    return OutboxMessage.objects.latest("pk").text.rpartition("#")[2]


def mailed_code() -> str:
    return re.findall(r"kodunuz: (\d{6})", OutboxMail.objects.latest("pk").text)[0]


def confirm(change: PendingContact, typed: str) -> list[str]:
    done: list[str] = []
    contacts.confirm(change, typed, NOW, NOTHING_MORE, lambda: done.append("others ended"))
    return done


def test_the_code_goes_to_the_new_number_and_names_nobody(ayse: Holder) -> None:
    ask(ayse)
    message = OutboxMessage.objects.get()
    assert message.to == NEW_PHONE
    assert "bu numarayı hesabınıza ekleme kodunuz" in message.text
    assert "Ayşe" not in message.text
    ayse.refresh_from_db()
    assert ayse.phone == "+905321234567"


def test_the_right_code_changes_the_phone_and_both_are_told(ayse: Holder) -> None:
    change = ask(ayse)
    assert confirm(change, newest_code()) == ["others ended"]
    ayse.refresh_from_db()
    assert (ayse.phone, ayse.phone_changed_at) == (NEW_PHONE, NOW)
    told = OutboxMessage.objects.filter(purpose="notice").values_list("to", flat=True)
    assert sorted(told) == [NEW_PHONE, "+905321234567"]
    assert AuditEvent.objects.get(event="phone-changed").detail == {
        "by": "holder",
        "old_end": "67",
        "new_end": "33",
    }


def test_the_right_code_changes_the_address_and_both_are_told(ayse: Holder) -> None:
    ayse.email = "ayse@eski.example"
    ayse.save()
    change = ask(ayse, Contact.EMAIL)
    letter = OutboxMail.objects.get()
    assert (letter.to, "127.0.0.1" in letter.text, "Ayşe" in letter.text) == (NEW_EMAIL, True, False)
    confirm(change, mailed_code())
    ayse.refresh_from_db()
    assert ayse.email == NEW_EMAIL
    told = OutboxMail.objects.filter(purpose="notice").values_list("to", flat=True)
    assert sorted(told) == ["ayse@eski.example", NEW_EMAIL]
    assert OutboxMessage.objects.filter(purpose="notice").count() == 1


def test_a_wrong_code_changes_nothing_and_five_are_the_end(ayse: Holder) -> None:
    change = ask(ayse)
    wrong = "000000" if newest_code() != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refused:
            confirm(change, wrong)
        assert refused.value.tries_left == left
    for typed in (wrong, newest_code()):
        with pytest.raises(CodeUsedUp):
            confirm(change, typed)
    ayse.refresh_from_db()
    assert ayse.phone == "+905321234567"
    assert Notice.objects.count() == 0


def test_a06_another_browsers_code_is_of_no_use(ayse: Holder) -> None:
    ask(ayse)
    code = newest_code()
    assert contacts.pending(OTHER_BROWSER, Contact.PHONE, NOW) is None
    foreign = contacts.ask(OTHER_BROWSER, ayse, Contact.PHONE, "+905324445566", NOW)
    with pytest.raises(NothingAsked):
        confirm(foreign, code)


def test_a_code_is_for_the_contact_it_was_sent_to_and_for_no_later_one(ayse: Holder) -> None:
    """Ask for one's own number, read the code, then slip in another number: the code proves nothing of it."""
    ask(ayse)
    code = newest_code()
    replaced = contacts.ask(BROWSER, ayse, Contact.PHONE, "+905324445566", NOW)
    with pytest.raises(NothingAsked):
        confirm(replaced, code)
    assert PendingContact.objects.count() == 1


def test_a_change_is_made_once(ayse: Holder) -> None:
    change = ask(ayse)
    code = newest_code()
    confirm(change, code)
    with pytest.raises(NothingAsked):
        confirm(change, code)


def test_a_change_waits_for_a_quarter_of_an_hour(ayse: Holder) -> None:
    ask(ayse)
    assert contacts.pending(BROWSER, Contact.PHONE, NOW + timedelta(minutes=14)) is not None
    assert contacts.pending(BROWSER, Contact.PHONE, NOW + timedelta(minutes=15)) is None


def test_a_flood_of_new_numbers_is_one_message_a_minute(ayse: Holder) -> None:
    ask(ayse)
    change = contacts.ask(BROWSER, ayse, Contact.PHONE, "+905324445566", NOW)
    with pytest.raises(SendTooSoon):
        contacts.send_code(change, NOW, language="tr")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("number", ["+902121234567", "+905321234567", "+19005550199"])
def test_a12_what_is_no_mobile_of_ours_or_not_new_gets_no_code(ayse: Holder, number: str) -> None:
    with pytest.raises((PhoneNotAllowed, ContactUnchanged)):
        contacts.ask(BROWSER, ayse, Contact.PHONE, number, NOW)


def test_a_freeze_between_the_code_and_the_change_keeps_the_old_contact(ayse: Holder) -> None:
    change = ask(ayse)
    freezing.freeze(ayse.pk, NOW, kind="new-browser")
    with pytest.raises(HolderFrozen):
        confirm(change, newest_code())
    ayse.refresh_from_db()
    assert ayse.phone == "+905321234567"
    with pytest.raises(HolderFrozen):
        contacts.ask(BROWSER, ayse, Contact.PHONE, NEW_PHONE, NOW)


def test_a_choice_about_remote_unlock_is_told_once(ayse: Holder) -> None:
    for _ in range(2):
        contacts.allow_remote_unlock(ayse.pk, NOW, allowed=False, about=NOTHING_MORE)
    assert Notice.objects.get().kind == "remote-unlock-changed"


def test_the_call_centre_opens_a_frozen_account_with_the_phone_set_right(ayse: Holder) -> None:
    """A thief had the phone changed; the holder said "it was not me"; two people put both right."""
    call_centre.change_phone(ayse, NEW_PHONE, NOW, lambda: None, by="Zeynep Kaya")
    freezing.freeze(ayse.pk, NOW, kind="phone-changed")
    with pytest.raises(HolderFrozen):
        call_centre.change_phone(ayse, "+905321234567", NOW, lambda: None, by="Zeynep Kaya")
    call_centre.ask_unfreeze(ayse, NOW, by="Zeynep Kaya", reason="her ID card", phone="+905321234567")
    call_centre.approve_unfreeze(ayse, NOW, by="Mert Aksoy")
    ayse.refresh_from_db()
    assert (ayse.phone, ayse.frozen_at) == ("+905321234567", None)
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == [
        "phone-changed",
        "phone-changed",
        "unfrozen",
    ]
    assert OutboxMessage.objects.filter(text__contains="yeniden açıldı").get().to == "+905321234567"

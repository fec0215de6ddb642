""" "Başvuru": the public pages and the holder's own, walked without a screen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from portal.tests.applications.applying import MERT, ZEYNEP
from portal.tests.documents.paper import text_of
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of
from pytest_django import Settings

from kilitcoz_portal.applications import printing, receiving, services
from kilitcoz_portal.applications.models import OPEN, Application, Payment, State
from kilitcoz_portal.applications.reasons import Ending, Reason
from kilitcoz_portal.applications.telling import STATUS_PAGE
from kilitcoz_portal.holders import freezing, security_word, turns
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import application_words
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db

APPLY, RECEIVED, FORM, STATUS = "/basvuru", "/basvuru/alindi", "/basvuru/form", "/basvuru/durum"
OWN = "/islemler/basvuru"
AYSE = {
    "kind": "first",
    "id_number": "10000000146",
    "given_name": "Ayşe",
    "surname": "Yılmaz",
    "phone": "0532 123 45 67",
    "email": "",
    "language": "tr",
}


@pytest.fixture
def stranger() -> Walker:
    """A browser that nobody knows."""
    return Walker(Client(headers={"accept-language": "tr"}), Holder())


def apply(walker: Walker, **other: str) -> Any:
    """The public form sent off with a solved check, unless `other` says otherwise."""
    return walker.post(APPLY, **(AYSE | walker.solved(walker.get(APPLY)) | other))


def page(answer: Any) -> str:
    return str(answer.content.decode())


def plain(answer: Any) -> str:
    """The page without what is random on every page."""
    return re.sub(r'value="[^"]{20,}"|[0-9A-Z]{4}(-[0-9A-Z]{4}){2}|\d\d:\d\d', "", page(answer))


def test_a_stranger_applies_prints_the_form_and_reads_how_far_it_is(stranger: Walker) -> None:
    assert apply(stranger)["Location"] == RECEIVED
    application = Application.objects.get()
    assert (application.name, application.surname, application.phone) == (
        "Ayşe Yılmaz",
        "Yılmaz",
        "+905321234567",
    )
    assert application.number in page(stranger.get(RECEIVED))
    form = stranger.post(FORM)
    assert form["Content-Type"] == "application/pdf"
    assert form["Cache-Control"] == "no-store"
    assert form["Content-Disposition"] == f'attachment; filename="basvuru-{application.number}.pdf"'
    assert application.number in text_of(form.content)
    told = page(stranger.post(STATUS, number=application.number.lower(), id_number="10000000146"))
    assert "kimliğinizle doğrulanmayı bekliyor" in told
    assert application.number in told


def test_the_front_page_and_the_menu_lead_there(stranger: Walker, walker: Walker) -> None:
    assert f'href="{APPLY}"' in page(stranger.get("/"))
    walker.sign_in()
    assert f'formaction="{OWN}"' in page(walker.get("/islemler"))
    assert walker.get(APPLY)["Location"] == OWN


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("id_number", "10000000147"),
        ("id_number", ""),
        ("given_name", "<b>"),
        ("surname", ""),
        ("phone", "0212 123 45 67"),
        ("email", "ayse@"),
        ("kind", "gold"),
        ("language", "de"),
    ],
)
def test_a_wrong_field_is_told_at_the_field_and_what_was_typed_stays(
    stranger: Walker, field: str, typed: str
) -> None:
    answer = apply(stranger, **{field: typed})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page(answer)
    if field != "given_name":
        assert 'value="Ayşe"' in page(answer)
    assert not Application.objects.exists()


def test_without_the_human_check_nothing_is_kept(stranger: Walker) -> None:
    assert stranger.post(APPLY, **AYSE).status_code == 422
    assert apply(stranger, picture_text="WRONG").status_code == 422
    assert not Application.objects.exists()


def test_another_picture_keeps_what_was_typed(stranger: Walker) -> None:
    answer = stranger.post(APPLY, **AYSE, new_picture="1")
    assert answer.status_code == 200
    assert all(each in page(answer) for each in ('value="Ayşe"', 'value="10000000146"', "0532 123 45 67"))
    assert re.search(r'name="kind" value="first"[^>]*checked', page(answer))


def test_a04_a_holder_and_nobody_are_answered_alike(stranger: Walker, ayse: Holder) -> None:
    known = apply(stranger)
    of_known = plain(stranger.get(RECEIVED))
    unknown = apply(stranger, id_number="20000000046", given_name="Mehmet", surname="Demir")
    of_unknown = plain(stranger.get(RECEIVED))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert of_known == of_unknown
    assert not OutboxMessage.objects.exists()


def test_another_browser_prints_nothing_and_neither_does_this_one_later(stranger: Walker) -> None:
    apply(stranger)
    other = Walker(Client(), Holder())
    assert other.post(FORM)["Location"] == STATUS
    assert other.get(RECEIVED)["Location"] == STATUS
    Application.objects.update(received_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert stranger.post(FORM)["Location"] == STATUS
    assert Application.objects.get().prints == 0


def test_who_sits_down_next_prints_nothing(stranger: Walker) -> None:
    apply(stranger)
    assert stranger.post("/basvuru/bitti")["Location"] == "/"
    assert stranger.post(FORM)["Location"] == STATUS
    assert stranger.post("/basvuru/bitti")["Location"] == "/"


def test_where_too_many_wait_the_form_is_not_made_and_the_word_before_stays(
    stranger: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crowded(_word: str, _rank: int) -> str:
        raise turns.Crowded

    apply(stranger)
    stranger.post(FORM)
    before = Application.objects.get().word_hash
    monkeypatch.setattr(security_word, "hash_word", crowded)
    refused = stranger.post(FORM)
    assert refused.status_code == 429
    assert "daha önce yazdırdığınız geçerlidir" in page(refused)
    assert (Application.objects.get().word_hash, Application.objects.get().prints) == (before, 1)


def test_the_form_is_no_get(stranger: Walker) -> None:
    apply(stranger)
    assert stranger.get(FORM).status_code == 405


def test_the_sixth_print_is_refused(stranger: Walker) -> None:
    apply(stranger)
    Application.objects.update(prints=printing.PRINTS_BY_APPLICANT)
    answer = stranger.post(FORM)
    assert answer.status_code == 409
    assert "beş kez" in page(answer)


def test_a40_a_foreign_number_is_answered_as_an_unknown_one(stranger: Walker, ayse: Holder) -> None:
    theirs = receiving.by_holder(ayse, "renewal", timezone.now())
    foreign = stranger.post(STATUS, number=theirs.number, id_number="20000000046")
    unknown = stranger.post(STATUS, number="K7MP-Q2RW-T4XA", id_number="20000000046")
    malformed = stranger.post(STATUS, number="'; --", id_number="20000000046")
    assert foreign.status_code == unknown.status_code == malformed.status_code == 422
    assert plain(foreign) == plain(unknown)
    assert "birbirini tutmuyor" in page(malformed)


def test_a_question_without_a_number_is_asked_again(stranger: Walker) -> None:
    answer = stranger.post(STATUS, number="", id_number="")
    assert answer.status_code == 422
    assert "Başvuru numaranızı yazın" in page(answer)


def test_too_many_questions_are_slowed(stranger: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_portal.applications.asking.ASKED_PER_NETWORK", 2)
    for _ in range(2):
        assert stranger.post(STATUS, number="K7MP", id_number="1").status_code == 422
    assert stranger.post(STATUS, number="K7MP", id_number="1").status_code == 429


def test_too_many_applications_are_slowed(stranger: Walker, settings: Settings) -> None:
    settings.KILITCOZ_APPLICATIONS_HOURLY = 1
    apply(stranger)
    answer = apply(stranger, id_number="20000000046")
    assert answer.status_code == 429
    assert Application.objects.count() == 1


def test_a_huge_form_is_refused(stranger: Walker) -> None:
    assert apply(stranger, given_name="A" * 100_000).status_code == 400
    assert not Application.objects.exists()


def test_a_signed_in_holder_applies_with_what_is_known(walker: Walker, ayse: Holder) -> None:
    walker.sign_in()
    assert "Ayşe Yılmaz" in page(walker.get(OWN))
    assert walker.post(OWN).status_code == 422
    assert walker.post(OWN, kind="renewal")["Location"] == OWN
    application = Application.objects.get()
    assert (application.holder, application.source) == (ayse, "holder")
    form = text_of(walker.post(f"{OWN}/form").content)
    assert "Güvenlik sözcüğünüz değişmedi" in form
    ayse.refresh_from_db()
    assert security_word.matches("mavi kiraz bahçesi", ayse.security_word_hash)


def test_who_has_a_card_applies_for_no_first_one(walker: Walker, ayse: Holder) -> None:
    walker.sign_in()
    assert 'value="first"' in page(walker.get(OWN))
    card_of(ayse)
    assert 'value="first"' not in page(walker.get(OWN))
    assert walker.post(OWN, kind="first").status_code == 422


def test_one_under_way_is_shown_and_no_second_begun(walker: Walker) -> None:
    walker.sign_in()
    walker.post(OWN, kind="renewal")
    shown = page(walker.get(OWN))
    assert Application.objects.get().number in shown
    assert 'name="kind"' not in shown
    assert walker.post(OWN, kind="renewal").status_code == 409
    assert Application.objects.count() == 1


def test_it_is_withdrawn_and_another_begun(walker: Walker) -> None:
    walker.sign_in()
    walker.post(OWN, kind="renewal")
    walker.post(f"{OWN}/geri-cek")
    assert Application.objects.get().state == State.WITHDRAWN
    assert "geri çekildi" in page(walker.get(OWN))
    assert walker.post(f"{OWN}/geri-cek")["Location"] == OWN
    assert walker.post(f"{OWN}/form")["Location"] == OWN
    walker.post(OWN, kind="replacement")
    assert Application.objects.count() == 2


def test_who_gave_eonay_reads_that_no_signature_is_needed(walker: Walker, ayse: Holder) -> None:
    receiving.by_holder(ayse, "renewal", timezone.now(), consent_given=lambda _holder: True)
    walker.sign_in()
    assert "imza gerekmez" in page(walker.get(OWN))


def test_a_registered_number_that_takes_no_codes_leads_to_the_call_centre(
    walker: Walker, ayse: Holder
) -> None:
    walker.sign_in()
    Holder.objects.update(phone="+902121234567")
    answer = walker.post(OWN, kind="renewal")
    assert answer.status_code == 409
    assert "çağrı merkezi" in page(answer)
    assert not Application.objects.exists()


def test_what_was_decided_meanwhile_is_not_withdrawn(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    walker.sign_in()
    walker.post(OWN, kind="renewal")
    found = Application.objects.get()
    monkeypatch.setattr("kilitcoz_portal.applications.queries.open_of_holder", lambda _holder: found)
    services.refuse(Application.objects.get(), timezone.now(), by=ZEYNEP, reason=Reason.ABSENT)
    assert walker.post(f"{OWN}/geri-cek").status_code == 409
    assert Application.objects.get().state == State.REFUSED


def test_a_frozen_account_applies_for_nothing(walker: Walker, ayse: Holder) -> None:
    walker.sign_in()
    freezing.freeze(ayse.pk, timezone.now(), kind="phone-changed")
    assert walker.post(OWN, kind="renewal").status_code == 403
    assert not Application.objects.exists()


def test_without_a_login_the_holders_own_pages_are_closed(stranger: Walker) -> None:
    for path in (OWN, f"{OWN}/form", f"{OWN}/geri-cek"):
        assert "/giris" in stranger.post(path)["Location"]


def test_a_refusal_is_told_kindly_at_the_status_page(stranger: Walker) -> None:
    apply(stranger)
    application = Application.objects.get()
    services.refuse(application, timezone.now(), by=ZEYNEP, reason=Reason.IDENTITY)
    told = page(stranger.post(STATUS, number=application.number, id_number="10000000146"))
    assert "kimlik belgenizdekilerle aynı değil" in told
    assert "yeniden başvurun" in told
    assert ZEYNEP not in told


def test_every_state_reason_and_payment_has_its_words() -> None:
    assert set(application_words.STATES) == {*OPEN, State.PRODUCED}
    assert set(application_words.REFUSALS) == set(Reason)
    assert set(application_words.WITHDRAWALS) == set(Ending)
    assert set(application_words.PAYMENTS) == set(Payment)


def test_the_message_leads_to_the_status_page() -> None:
    assert reverse("application-status") == STATUS_PAGE


def test_what_is_kept_of_a_holder_has_the_applications(walker: Walker, ayse: Holder) -> None:
    application = receiving.by_holder(ayse, "renewal", timezone.now())
    walker.sign_in()
    walker.step_up()
    assert application.number in page(walker.get("/islemler/bilgilerim/verilerim"))
    kept = walker.get("/islemler/bilgilerim/verilerim?bicim=json").json()
    assert kept["applications"][0]["number"] == application.number
    assert MERT not in str(kept)


def test_the_pages_speak_english_too() -> None:
    english = Walker(Client(headers={"accept-language": "en"}), Holder())
    assert "Certificate application" in page(english.get(APPLY))
    assert "How far is my application?" in page(english.get(STATUS))

""" "Kartımı kaybettim": whoever has the phone or the application form suspends at every hour; nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from portal.tests.certificates.made import Made, answered
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW

from kilitcoz_portal.ca import errors
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.certificates.models import Role, State
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db

START = "/kartimi-kaybettim"
PROOF, CODE, STOP, STOPPED = (f"{START}/{part}" for part in ("kanit", "kod", "askiya-al", "tamam"))
UNKNOWN = "10000000078"
APPLICATION = "2026/4711"


@pytest.fixture(autouse=True)
def ayses_form(ayse: Holder) -> None:
    """Her application's number is known."""
    Holder.objects.filter(pk=ayse.pk).update(application_number=APPLICATION)


def begin(walker: Walker, number: str = "10000000146") -> Any:
    fields = walker.solved(walker.get(START)) | {"id_number": number}
    return walker.post(START, **fields)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_by_the_phones_code_everything_is_suspended(walker: Walker, ayses: Made) -> None:
    assert begin(walker)["Location"] == PROOF
    assert walker.post(PROOF, phone="0532 123 45 67")["Location"] == CODE
    done = walker.post(CODE, sms_code=outbox()[0]["code"])
    assert done["Location"] == STOPPED
    assert ayses.states == {State.SUSPENDED}
    assert {each.held_by for each in ayses.certificates} == {Role.HOLDER}
    assert answered(ayses.certificates[0], NOW) == "certificate_hold"
    page = text(walker.get(STOPPED))
    assert "Kart …4821" in page
    assert "numaralı" in page
    assert "askıya alındı" in OutboxMessage.objects.latest("pk").text


def test_by_the_applications_number_everything_is_suspended_without_a_message(
    walker: Walker, ayses: Made
) -> None:
    begin(walker)
    assert walker.post(PROOF, application_number=APPLICATION)["Location"] == STOPPED
    assert ayses.states == {State.SUSPENDED}
    assert not OutboxMessage.objects.filter(purpose="loss").exists()


def test_nobody_is_signed_in_by_it(walker: Walker, ayses: Made) -> None:
    begin(walker)
    walker.post(PROOF, application_number=APPLICATION)
    assert walker.get("/islemler")["Location"].startswith("/giris")


def page_texts(walker: Walker, number: str) -> list[tuple[int, str]]:
    """Every page up to the proof, without what differs from request to request."""
    answers = [
        begin(walker, number),
        walker.get(PROOF),
        walker.post(PROOF, phone="0532 000 00 00"),
        walker.get(CODE),
        walker.post(CODE, sms_code="123456"),
        walker.post(PROOF, application_number="2026/1"),
    ]
    return [
        (answer.status_code, re.sub(r'name="csrf\w+" value="\w+"', "", text(answer))) for answer in answers
    ]


def test_a04_every_page_up_to_the_proof_is_the_same_for_known_and_unknown_numbers(
    walker: Walker, ayses: Made
) -> None:
    other = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    assert page_texts(walker, walker.holder.id_number) == page_texts(other, UNKNOWN)
    assert not OutboxMessage.objects.filter(purpose="loss").exists()
    assert ayses.states == {State.VALID}


def test_without_a_solved_check_nothing_begins(walker: Walker) -> None:
    answer = walker.post(START, id_number="10000000146")
    assert answer.status_code == 422
    assert walker.get(PROOF).status_code == 403


def test_what_is_no_telephone_number_costs_no_try(walker: Walker) -> None:
    begin(walker)
    answer = walker.post(PROOF, phone="evdeki")
    assert answer.status_code == 422
    assert "Bu bir telefon numarası değil." in text(answer)


def test_five_wrong_proofs_send_to_the_call_centre(walker: Walker, ayses: Made) -> None:
    begin(walker)
    for left in (4, 3, 2, 1):
        answer = walker.post(PROOF, application_number="2026/1")
        assert f"Kalan deneme hakkınız: {left}." in text(answer)
    answer = walker.post(PROOF, application_number="2026/1")
    assert answer.status_code == 403
    assert "Deneme hakkı bitti" in text(answer)
    assert walker.post(PROOF, application_number=APPLICATION).status_code == 403
    assert ayses.states == {State.VALID}


def test_another_browser_goes_on_with_nothing(walker: Walker, ayses: Made) -> None:
    begin(walker)
    kerems = Walker(Client(headers={"accept-language": "tr"}), walker.holder)
    for answer in (kerems.get(PROOF), kerems.post(CODE, sms_code="123456"), kerems.get(STOPPED)):
        assert answer.status_code == 403
        assert "Bu tarayıcıda süren bir bildirim yok" in text(answer)


def test_where_the_authority_does_not_answer_the_proof_is_kept_and_one_button_tries_again(
    walker: Walker, ayses: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_arguments: object) -> None:
        raise errors.CaUnavailable

    begin(walker)
    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedAuthority, "set_status", silent)
        answer = walker.post(PROOF, application_number=APPLICATION)
    assert answer.status_code == 503
    assert STOP in text(answer)
    assert ayses.states == {State.VALID}
    assert "henüz askıya alınmadı" in text(walker.get(STOP))
    assert walker.post(STOP)["Location"] == STOPPED
    assert ayses.states == {State.SUSPENDED}


def test_before_the_proof_the_last_step_is_not_reached(walker: Walker, ayses: Made) -> None:
    begin(walker)
    assert walker.post(STOP).status_code == 403
    assert ayses.states == {State.VALID}


def test_who_has_nothing_to_suspend_is_told(walker: Walker, ayse: Holder) -> None:
    begin(walker)
    walker.post(PROOF, application_number=APPLICATION)
    assert "Askıya alınacak geçerli sertifikanız yok." in text(walker.get(STOPPED))


def test_the_front_page_leads_here(client: Client) -> None:
    assert f'href="{START}"' in client.get("/").content.decode()

"""Figures 7 to 9 on the portal's side, over HTTP; the card service's part is set in the database."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from portal.tests.pages.walking import Walker
from portal.tests.people import AYSE_WORD, MEHMET_WORD, card_of

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import bearers, services
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages.messages import MESSAGES
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def card(ayse: Holder) -> Card:
    """Ayşe's blocked card."""
    return card_of(ayse)


def test_figure_7_asks_and_names_the_card(walker: Walker) -> None:
    walker.sign_in()
    page = walker.get("/islemler/kilit-cozme").content.decode()
    assert "Kartınızın PIN’i değiştirilecek." in page
    assert "…4821" in page
    assert ">Tamam</button>" in page


def test_tamam_sends_a_code_of_its_own_that_names_the_card(walker: Walker) -> None:
    walker.sign_in()
    location = walker.start_unlock()["Location"]
    assert re.fullmatch(r"/islemler/kilit-cozme/[\w-]{22}", location)
    assert outbox()[0]["purpose"] == "unlock"
    assert "sonu 4821 olan kartın" in outbox()[0]["text"]
    assert "Sonu 4821 olan kartın kilidini çözmek için" in walker.get(location).content.decode()


def test_a07_the_login_code_does_not_authorise_the_unlock(walker: Walker) -> None:
    walker.enter_word()
    login_code = walker.ask_for_code()
    walker.post("/giris/sms/kod", sms_code=login_code)
    page = walker.start_unlock()["Location"]
    if login_code != outbox()[0]["code"]:
        assert walker.post(f"{page}/kod", sms_code=login_code).status_code == 422
    assert Operation.objects.get().state == State.AWAITING_CODE


def test_the_right_code_leads_to_the_card_service(walker: Walker) -> None:
    page = walker.get(walker.authorised_operation()).content.decode()
    operation = Operation.objects.get()
    assert operation.state == State.AUTHORISED
    assert re.search(
        r'href="http://127\.0\.0\.1:35853/#cap=[\w.-]+" target="_blank" rel="noopener noreferrer"', page
    )
    assert re.search(r'href="kilitcoz://op#cap=[\w.-]+"', page)
    assert f">{operation.number}</p>" in page
    assert "Kart servisi açılmadı mı?" in page


def test_a_pairing_code_is_shown_in_two_halves_on_the_page_and_to_its_script(walker: Walker) -> None:
    page = walker.authorised_operation()
    shown = walker.post(f"{page}/eslestirme").content.decode()
    assert re.search(r"nowrap\">[A-Z0-9]{4}-[A-Z0-9]{4}</strong>", shown)
    assert "<details open>" in shown
    answer = walker.client.post(f"{page}/eslestirme", headers={"accept": "application/json"})
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", answer.json()["pairing_code"])


@pytest.mark.parametrize(
    ("state", "decision", "code", "sentence"),
    [
        (State.AUTHORISED, "", "", "Kart servisinin bağlanması bekleniyor."),
        (State.CLAIMED, "no_card", "", "Kart servisi bağlandı. Kartınızı okuyucuya takın."),
        (State.CLAIMED, "wrong_card", "", "Okuyucudaki kart bu işlemin kartı değil. Doğru kartı takın."),
        (State.IDENTIFIED, "proceed", "", "Kartınız tanındı. Yeni PIN’inizi açılan ekranda yazın."),
        (
            State.IDENTIFIED,
            "proceed",
            "pin-refused",
            "Kart bu PIN’i kabul etmedi. Açılan ekranda başka bir PIN deneyin.",
        ),
        (State.RELEASED, "proceed", "", "PIN değiştiriliyor. Kartı çıkarmayın."),
    ],
)
def test_the_page_follows_the_state(
    walker: Walker, state: State, decision: str, code: str, sentence: str
) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=state, decision=decision, code=code)
    followed = walker.get(f"/operations/{page.rsplit('/', 1)[1]}/state").json()
    assert followed == {"state": state, "decision": decision, "is_open": True, "sentence": sentence}
    assert sentence in walker.get(page).content.decode()


def test_the_link_is_gone_once_a_card_service_has_it(walker: Walker) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=State.CLAIMED)
    shown = walker.get(page).content.decode()
    assert "#cap=" not in shown
    assert walker.post(f"{page}/eslestirme").status_code == 409


def test_a_page_that_a_card_service_overtakes_is_shown_as_it_stands_then(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, issue = walker.authorised_operation(), services.issue_capability

    def overtaken(*named: Any) -> str:
        Operation.objects.update(state=State.CLAIMED)
        return issue(*named)

    monkeypatch.setattr(services, "issue_capability", overtaken)
    answer = walker.get(page)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Kart servisinin ekranı açıldı." in walker.get(page).content.decode()


def test_figure_9_says_that_the_pin_was_changed(walker: Walker) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=State.SUCCEEDED)
    shown = walker.get(page).content.decode()
    assert "<h3>Kart PIN başarıyla değiştirildi</h3>" in shown
    assert ">OK</button>" in shown
    assert 'href="/e-onay"' in shown


@pytest.mark.parametrize(
    ("state", "code", "title"),
    [
        (State.FAILED, "vault-manual", "Bu kartın kilidi çevrim içi çözülemiyor"),
        (State.FAILED, "a-code-without-a-row", "PIN değiştirilemedi"),
        (State.IN_DOUBT, "card-lost", "Sonuç henüz belli değil"),
        (State.CANCELLED, "cancelled", "İşlem iptal edildi"),
        (State.EXPIRED, "operation-expired", "İşlemin süresi doldu"),
    ],
)
def test_every_other_end_says_what_happened_and_what_to_do(
    walker: Walker, state: State, code: str, title: str
) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=state, code=code)
    shown = walker.get(page).content.decode()
    assert f"<h2>{title}</h2>" in shown
    assert "Ne oldu?" in shown
    assert "Ne yapmalısınız?" in shown
    assert (code in shown) == (state in {State.FAILED, State.IN_DOUBT})


@pytest.mark.parametrize("code", sorted(code for code, row in MESSAGES.items() if not row.again))
def test_where_beginning_anew_does_not_help_it_is_not_offered(walker: Walker, code: str) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=State.FAILED, code=code)
    assert "Kilit Çözme işlemini yeniden başlat" not in walker.get(page).content.decode()


def test_coming_back_with_the_completion_secret_shows_the_end(walker: Walker) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=State.SUCCEEDED)
    operation = Operation.objects.get()
    back = f"/donus/{operation.pk}"
    assert ">Devam et</button>" in walker.get(back).content.decode()
    assert walker.post(back, completion="forged").status_code == 404
    assert walker.post(back, completion=bearers.completion(operation))["Location"] == page
    operation.refresh_from_db()
    assert operation.completed_at is not None


def test_a_resumed_visit_may_go_on_or_cancel(walker: Walker) -> None:
    page = walker.authorised_operation()
    shown = walker.get("/islemler/kilit-cozme").content.decode()
    assert "Açık bir işleminiz var" in shown
    assert f'href="{page}"' in shown
    assert walker.post(f"{page}/iptal")["Location"] == page
    assert "İşlem iptal edildi" in walker.get(page).content.decode()
    assert "Açık bir işleminiz var" not in walker.get("/islemler/kilit-cozme").content.decode()


def test_tamam_pressed_twice_sends_one_code(walker: Walker) -> None:
    walker.sign_in()
    assert walker.start_unlock()["Location"] == walker.start_unlock()["Location"]
    assert OutboxMessage.objects.filter(purpose="unlock").count() == 1


def test_an_operation_begun_within_the_minute_says_how_long_to_wait_for_a_code(walker: Walker) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        first = walker.authorised_operation()
        walker.post(f"{first}/iptal")
        clock.shift(20)
        page = walker.start_unlock()
        assert "Beklemeniz gereken süre: 40 saniye." in page.content.decode()
        assert "Telefonunuza henüz kod gönderilmedi." in page.content.decode()
        clock.shift(41)
        operation = Operation.objects.get(state=State.AWAITING_CODE)
        again = walker.post(f"/islemler/kilit-cozme/{operation.pk}/yeni-kod")
        assert again["Location"] == f"/islemler/kilit-cozme/{operation.pk}"


def test_a08_five_wrong_codes_cancel_the_operation(walker: Walker) -> None:
    walker.sign_in()
    page = walker.start_unlock()["Location"]
    wrong = "000000" if outbox()[0]["code"] != "000000" else "000001"
    for _ in range(4):
        assert walker.post(f"{page}/kod", sms_code=wrong).status_code == 422
    assert walker.post(f"{page}/kod", sms_code=wrong).status_code == 403
    assert Operation.objects.get().state == State.CANCELLED


def test_what_is_released_cannot_be_cancelled(walker: Walker) -> None:
    page = walker.authorised_operation()
    Operation.objects.update(state=State.RELEASED)
    assert "İşlemi iptal et" not in walker.get(page).content.decode()
    assert walker.post(f"{page}/iptal").status_code == 409


def test_a28_the_second_browser_is_told_of_the_first(walker: Walker, ayse: Holder) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.authorised_operation()
        clock.shift(61)
        second = Walker(Client(headers={"accept-language": "tr"}), ayse)
        second.sign_in()
        told = second.start_unlock()
        assert told.status_code == 409
        assert "Bu kartla başka bir işlem sürüyor" in told.content.decode()


@pytest.mark.parametrize("whose", ["another holder's", "her own other browser", "a stranger"])
def test_a40_another_browser_gets_404_and_the_books_know(
    walker: Walker, ayse: Holder, mehmet: Holder, whose: str
) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        page = walker.authorised_operation()
        operation = Operation.objects.get()
        clock.shift(61)
        other = Walker(
            Client(headers={"accept-language": "tr"}), mehmet if whose == "another holder's" else ayse
        )
        if whose != "a stranger":
            other.enter_word(MEHMET_WORD if whose == "another holder's" else AYSE_WORD)
            other.post("/giris/sms/kod", sms_code=other.ask_for_code())
            for path in (page, f"{page}/kod"):
                assert other.get(path).status_code == 404
            for path in (f"{page}/kod", f"{page}/yeni-kod", f"{page}/eslestirme", f"{page}/iptal"):
                assert other.post(path).status_code == 404
        assert other.get(f"/operations/{operation.pk}/state").status_code == 404
        assert other.get(f"/donus/{operation.pk}").status_code == 404
        assert (
            other.post(f"/donus/{operation.pk}", completion=bearers.completion(operation)).status_code == 404
        )
    assert AuditEvent.objects.filter(event="foreign-object-asked", operation_id=operation.pk).exists()
    operation.refresh_from_db()
    assert operation.state == State.AUTHORISED
    assert operation.completed_at is None


def test_a40_another_holders_card_cannot_be_chosen(walker: Walker, mehmet: Holder) -> None:
    foreign = card_of(mehmet, serial="77777777")
    walker.sign_in()
    refused, unknown = (walker.start_unlock(card=number) for number in (str(foreign.pk), "999999"))
    assert refused.status_code == unknown.status_code == 404
    assert AuditEvent.objects.get(event="foreign-object-asked").detail["what"] == "card"
    assert not Operation.objects.exists()


def test_several_cards_are_chosen_from_never_guessed(walker: Walker, ayse: Holder) -> None:
    second = card_of(ayse, serial="90217702")
    walker.sign_in()
    page = walker.get("/islemler/kilit-cozme").content.decode()
    assert page.count('type="radio"') == 2
    assert " checked" not in page
    assert walker.post("/islemler/kilit-cozme").status_code == 422
    walker.post("/islemler/kilit-cozme", card=str(second.pk))
    assert Operation.objects.get().card == second


def test_a_holder_without_a_card_is_told_whom_to_call(walker: Walker) -> None:
    Card.objects.all().delete()
    walker.sign_in()
    assert "Kayıtlı kartınız yok" in walker.get("/islemler/kilit-cozme").content.decode()


def test_what_another_browser_left_open_can_be_ended_and_begun_anew_here(
    walker: Walker, ayse: Holder
) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.authorised_operation()
        earlier = Operation.objects.get()
        second = _second_browser(clock, ayse)
        assert "Önceki işlemi iptal et, burada başla" in second.start_unlock().content.decode()
        clock.shift(61)
        begun = second.post("/islemler/kilit-cozme/burada-basla", card=str(earlier.card_id))
        earlier.refresh_from_db()
        assert earlier.state == State.CANCELLED
        assert Operation.objects.get(state=State.AWAITING_CODE).pk in begun["Location"]


def test_what_was_released_is_not_taken_from_its_card_service(walker: Walker, ayse: Holder) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False) as clock:
        walker.authorised_operation()
        Operation.objects.update(state=State.RELEASED)
        card = Operation.objects.get().card_id
        second = _second_browser(clock, ayse)
        assert second.post("/islemler/kilit-cozme/burada-basla", card=str(card)).status_code == 409
        assert Operation.objects.get().state == State.RELEASED


def test_a40_another_holders_card_is_not_begun_anew(walker: Walker, mehmet: Holder) -> None:
    walker.sign_in()
    foreign_card = card_of(mehmet, serial="20004822")
    assert walker.post("/islemler/kilit-cozme/burada-basla", card=str(foreign_card.pk)).status_code == 404
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 1
    assert not Operation.objects.exists()


def _second_browser(clock: time_machine.Coordinates, holder: Holder) -> Walker:
    """The same holder, a minute later, signed in elsewhere."""
    clock.shift(61)
    second = Walker(Client(headers={"accept-language": "tr"}), holder)
    second.sign_in()
    return second

"""Figure 2, "E-imzalı Giriş (Akıllı Kart Servisi)", over HTTP, with a card service of the test's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from portal.tests import login_cards
from portal.tests.card_service import post
from portal.tests.login_cards import PIN, Issuer
from portal.tests.login_service import LoginService
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW
from pytest_django.fixtures import Settings

from kilitcoz_cards.messages import PairAnswer, PairRequest
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import services
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages.messages import MESSAGES, card_login
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.sessions import Way
from kilitcoz_simulator import Card

pytestmark = pytest.mark.django_db

TURKISH = {"accept-language": "tr"}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def issuer(tmp_path: Path, settings: Settings) -> Issuer:
    """Whom this portal trusts."""
    return login_cards.issuer(tmp_path / "trust", settings, NOW)


@pytest.fixture
def card(issuer: Issuer, ayse: Holder) -> Card:
    """Ayşe's card, enrolled."""
    return issuer.card_of(ayse, NOW)


@dataclass
class Visit:
    """A browser in which somebody begins a login by card, at the moment of the card's making."""

    client: Client
    page: str = ""

    def begin(self) -> str:
        """The button; the address of the login."""
        self.page = str(self.client.post("/giris/kart")["Location"])
        return self.page

    @property
    def capability(self) -> str:
        """As the link on the page has it."""
        found = re.search(r"#cap=([\w.-]+)", self.get())
        assert found
        return found.group(1)

    def pair(self) -> str:
        """The capability behind a typed code."""
        answer = self.client.post(f"{self.page}/eslestirme", headers={"accept": "application/json"})
        typed = PairRequest(answer.json()["pairing_code"].replace("-", "")).to_json()
        return PairAnswer.from_json(post(Client(), "/agent/v1/pair", typed, None, timezone.now())).capability

    def get(self) -> str:
        """The login's page as it stands."""
        return str(self.client.get(self.page).content.decode())

    def type_number(self, number: str) -> Any:
        """Behind a typed code."""
        return self.client.post(f"{self.page}/onay", {"number": number})

    @property
    def back(self) -> str:
        """Where the card service sends the browser."""
        return f"/donus/{self.page.rpartition('/')[2]}"

    @property
    def way(self) -> Way | None:
        """How somebody is signed in here."""
        return sessions.way_of(self.client.session)


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    """The clock stands: certificates and logins are of one moment."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(ayse: Holder) -> Visit:
    """A browser with Firefox's name."""
    return Visit(Client(headers=TURKISH | {"user-agent": FIREFOX}))


def service(capability: str, card: Card) -> LoginService:
    """The card service behind a door."""
    return LoginService(capability, card, NOW)


def test_figure_2_offers_it_and_the_page_says_what_is_needed(visit: Visit) -> None:
    assert (
        "henüz sunulmuyor" not in visit.client.get("/giris").content.decode().split("Akıllı Kart Servisi")[1]
    )
    page = visit.client.get("/giris/kart").content.decode()
    assert "Güvenlik sözcüğü ve SMS kodu gerekmez." in page
    assert ">Kartla girişi başlat</button>" in page


def test_looking_begins_nothing(visit: Visit) -> None:
    visit.client.get("/giris/kart")
    visit.client.head("/giris/kart")
    assert not Operation.objects.exists()


def test_the_login_s_page_leads_into_the_card_service_by_three_doors(visit: Visit) -> None:
    visit.begin()
    page = visit.get()
    operation = Operation.objects.get()
    assert f"{operation.number}</p>" in page
    assert re.search(r'href="http://127\.0\.0\.1:35853/#cap=[\w.-]+" target="_blank"', page)
    assert re.search(r'href="kilitcoz://op#cap=[\w.-]+"', page)
    shown = visit.client.post(f"{visit.page}/eslestirme").content.decode()
    assert re.search(r"nowrap\">[A-Z0-9]{4}-[A-Z0-9]{4}</strong>", shown)
    assert operation.browser_name == "Firefox · Windows"


def test_the_whole_way_behind_a_link(visit: Visit, card: Card, ayse: Holder) -> None:
    visit.begin()
    before = visit.client.session.session_key
    answer = service(visit.capability, card).log_in(PIN)
    assert answer.return_url == f"http://127.0.0.1:8000{visit.back}"
    assert "Devam" in visit.get()
    assert "data-come-back" in visit.client.get(visit.back).content.decode()
    response = visit.client.post(visit.back, {"completion": answer.completion})
    assert (response.status_code, response["Location"]) == (302, "/islemler")
    assert visit.way is Way.CARD
    assert visit.client.session.session_key != before
    assert f"Sayın <strong>{ayse.name}</strong>" in visit.client.get("/islemler").content.decode()
    assert AuditEvent.objects.filter(event="signed-in", holder_id=ayse.pk, detail__by="card").exists()


def test_the_tab_that_waited_goes_on_to_the_menu_once_the_other_is_signed_in(
    visit: Visit, card: Card
) -> None:
    visit.begin()
    completion = service(visit.capability, card).log_in(PIN).completion
    visit.client.post(visit.back, {"completion": completion})
    state = f"/operations/{visit.page.rpartition('/')[2]}/state"
    assert visit.client.get(state).status_code == 404
    assert visit.client.get(visit.page)["Location"] == "/islemler"
    for address in ("/giris/kart", "/giris"):
        assert visit.client.get(address)["Location"] == "/islemler"


def test_a_page_that_a_card_service_overtakes_is_shown_as_it_stands_then(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.begin()
    issue = services.issue_capability

    def overtaken(*named: Any) -> str:
        Operation.objects.update(state=State.CLAIMED)
        return issue(*named)

    monkeypatch.setattr(services, "issue_capability", overtaken)
    assert visit.client.get(visit.page)["Location"] == visit.page
    assert "Kart servisinin ekranı açıldı." in visit.get()


def test_the_page_follows_the_login(visit: Visit, card: Card) -> None:
    visit.begin()
    state = f"/operations/{visit.page.rpartition('/')[2]}/state"
    assert visit.client.get(state).json()["sentence"] == "Kart servisinin bağlanması bekleniyor."
    at_work = service(visit.capability, card)
    at_work.claim(card_found=False)
    assert "Kartınızı okuyucuya takın" in visit.client.get(state).json()["sentence"]
    at_work.claim()
    shown = visit.client.get(state).json()
    assert (shown["state"], shown["is_open"]) == ("identified", True)
    assert "Kart PIN’inizi açılan ekranda yazın" in shown["sentence"]
    assert "#cap=" not in visit.get()


def test_the_whole_way_behind_a_typed_code(visit: Visit, card: Card, ayse: Holder) -> None:
    visit.begin()
    answer = service(visit.pair(), card).log_in(PIN)
    page = visit.get()
    assert "Onay numarası" in page
    assert ayse.name not in page
    number = answer.confirmation or ""
    response = visit.type_number(f"{number[:3]} {number[3:]}")
    assert (response.status_code, response["Location"]) == (302, "/islemler")
    assert visit.way is Way.CARD


def test_a_wrong_number_is_told_and_three_end_it(visit: Visit, card: Card) -> None:
    visit.begin()
    right = service(visit.pair(), card).log_in(PIN).confirmation or ""
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(2):
        response = visit.type_number(wrong)
        assert response.status_code == 422
        assert "Onay numarası yanlış" in response.content.decode()
    assert visit.type_number("12 34").status_code == 422  # costs no try
    assert "Onay numarası üç kez yanlış yazıldı" in visit.type_number(wrong).content.decode()
    assert visit.type_number(right).status_code == 404
    assert visit.way is None
    assert "üç kez yanlış" in visit.get()


def test_a18b_a_mailed_link_brings_the_thief_nothing_and_the_holder_a_clear_word(
    visit: Visit, card: Card, ayse: Holder
) -> None:
    thief, hers = visit, Visit(Client(headers=TURKISH))
    thief.begin()
    answer = service(thief.capability, card).log_in(PIN)
    for method in (hers.client.get, hers.client.post):
        response = method(thief.back, {"completion": answer.completion})
        assert response.status_code == 404
        assert "Bağlantıyı size başkası gönderdiyse hemen arayın" in response.content.decode()
    assert thief.client.post(thief.back, {"completion": ""}).status_code == 404
    assert (thief.way, hers.way) == (None, None)
    for page in (thief.get(), thief.client.get(thief.back).content.decode()):
        assert ayse.name not in page
        assert (answer.completion or "?") not in page


def test_a18b_a_link_to_the_way_back_logs_nobody_into_the_thief_s_account(visit: Visit, card: Card) -> None:
    """Kerem signs in his own card's login, and mails her the address with the secret."""
    visit.begin()
    completion = service(visit.capability, card).log_in(PIN).completion
    hers = Client(headers=TURKISH)
    assert hers.post(visit.back, {"completion": completion}).status_code == 404
    assert sessions.way_of(hers.session) is None


def test_a18b_a_dictated_code_leaves_the_thief_without_the_number(visit: Visit, card: Card) -> None:
    visit.begin()
    service(visit.pair(), card).log_in(PIN)
    assert visit.client.post(visit.back, {"completion": "A" * 43}).status_code == 404
    assert visit.type_number("").status_code == 422
    assert visit.way is None


@pytest.mark.parametrize("part", ["", "/onay", "/iptal", "/eslestirme"])
def test_a40_another_browser_s_login_is_not_found(visit: Visit, part: str) -> None:
    visit.begin()
    for client in (Client(headers=TURKISH), Client(headers=TURKISH)):
        response = client.post(visit.page + part) if part else client.get(visit.page)
        assert response.status_code == 404
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 2


def test_an_unlock_s_page_is_no_login_s(walker: Walker, visit: Visit, card: Card) -> None:
    unlock = walker.authorised_operation().rpartition("/")[2]
    assert walker.get(f"/giris/kart/{unlock}")["Location"] == "/islemler"
    visit.begin()
    login = visit.page.rpartition("/")[2]
    assert walker.get(f"/islemler/kilit-cozme/{login}").status_code == 404


def test_cancelling_ends_it_and_offers_another(visit: Visit) -> None:
    visit.begin()
    assert visit.client.post(f"{visit.page}/iptal")["Location"] == visit.page
    page = visit.get()
    assert "Girişi iptal ettiniz." in page
    assert "Girişi yeniden başlat" in page
    assert Operation.objects.get().state == State.CANCELLED


@pytest.mark.parametrize(
    ("code", "happened", "onward"),
    [
        ("login-pin-blocked", "PIN deneme hakkı bitmiş", "Kilit Çözme"),
        ("cancelled-by-holder", "Kart servisinde vazgeçtiniz", "yeniden başlat"),
        ("card-lost", "Kart, giriş bitmeden çıkarıldı", "yeniden başlatın"),
        ("certificate-revoked", "İptal edilen bir sertifika", "Şifreli Giriş"),
        ("something-new", "tamamlanmadan sona erdi", "yeniden başlatın"),
    ],
)
def test_a_login_that_failed_says_why_and_what_to_do(
    visit: Visit, card: Card, code: str, happened: str, onward: str
) -> None:
    visit.begin()
    at_work = service(visit.capability, card)
    at_work.claim()
    at_work.post("abort", f'{{"code":"{code}"}}'.encode(), at_work.session)
    page = visit.get()
    for said in (happened, onward, code):
        assert said in page


def test_a_login_that_came_to_its_end_in_time_says_so(visit: Visit, card: Card) -> None:
    visit.begin()
    completion = service(visit.capability, card).log_in(PIN).completion
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        response = visit.client.post(visit.back, {"completion": completion})
        assert response.status_code == 410
        assert "Girişin süresi doldu" in response.content.decode()
    assert visit.way is None


def test_a_flood_is_told_kindly(visit: Visit, settings: Settings) -> None:
    settings.KILITCOZ_CARD_LOGINS_HOURLY = 0
    response = visit.client.post("/giris/kart")
    assert response.status_code == 429
    assert "Bir saat sonra yeniden deneyin" in response.content.decode()


def test_no_form_works_without_its_token(ayse: Holder) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/giris/kart").status_code == 403
    assert not Operation.objects.exists()


def test_what_only_a_login_tells_is_told_everywhere_alike() -> None:
    for code, row in card_login.OWN.items():
        assert MESSAGES[code] is row


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FIREFOX, "Firefox · Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
            "Chrome · Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/18 Safari/605.1.15", "Safari · macOS"),
        ("curl/8", ""),
        ("<script>Firefox/1", "Firefox"),
    ],
)
def test_a_browser_is_named_by_our_own_words(visit: Visit, said: str, name: str) -> None:
    visit.client.post("/giris/kart", headers={"user-agent": said})
    assert Operation.objects.get().browser_name == name

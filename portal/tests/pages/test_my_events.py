""" "Son işlemlerim": every event has its words or is not for holders; nobody reads another's."""

from __future__ import annotations

import re

import pytest
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW, card_of

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import event_facts, event_words
from kilitcoz_portal.signin.codes import Purpose

pytestmark = pytest.mark.django_db

SENTENCE = re.compile(r"</p>\s*<p>(.*?)</p>\s*</li>", re.DOTALL)


def sentences(walker: Walker, query: str = "") -> list[str]:
    """What the page says, newest first."""
    return SENTENCE.findall(walker.get(f"/islemler/son-islemlerim{query}").content.decode())


def test_every_event_is_worded_or_listed_as_not_for_holders() -> None:
    assert set(event_words.SHOWN) | event_words.NOT_SHOWN >= set(Event)
    assert not set(event_words.SHOWN) & event_words.NOT_SHOWN


def test_what_a_row_looks_up_has_words_for_all_there_is() -> None:
    assert set(event_words.SHOWN[Event.CODE_SENT].values) >= set(Purpose)
    assert set(event_words.SHOWN[Event.OPERATION_STARTED].values) >= set(OperationKind)


def test_the_holder_reads_what_was_done_with_time_card_and_browser(walker: Walker, ayse: Holder) -> None:
    card_of(ayse, serial="90214821")
    walker.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/133.0"
    walker.sign_in()
    walker.get("/islemler")
    walker.start_unlock()
    page = walker.get("/islemler/son-islemlerim").content.decode()
    assert [each for each in sentences(walker) if "tanındı" not in each] == [
        "Telefonunuza SMS kodu gönderildi: kilit çözme.",
        "Kartınızla bir işlem başlatıldı: kilit çözme.",
        "Hesabınıza giriş yapıldı: Güvenlik sözcüğü ve SMS kodu.",
        "Telefonunuza SMS kodu gönderildi: giriş.",
    ]
    assert re.search(r'<time datetime="[^"]+">\d\d\.\d\d\.\d{4} \d\d:\d\d</time> · Kart …4821', page)
    assert re.search(r"Firefox, Windows · 127\.0\.0\.…", page)


def test_the_other_language_says_it_too(walker: Walker) -> None:
    walker.sign_in()
    walker.post("/dil", language="en", next="/islemler")
    assert "Somebody logged in to your account: Security word and SMS code." in sentences(walker)


def test_nobody_reads_anothers_events(walker: Walker, mehmet: Holder) -> None:
    audit.record(Event.CARD_ADOPTED, now=NOW, holder_id=mehmet.pk)
    walker.sign_in()
    assert "Adınıza kart kaydedildi." not in sentences(walker)
    assert "Adınıza kart kaydedildi." not in sentences(walker, "?once=999999999")


def test_older_events_are_a_page_away(walker: Walker, ayse: Holder) -> None:
    walker.sign_in()
    for _ in range(event_facts.PAGE + 5):
        audit.record(Event.STEPPED_UP, now=NOW, holder_id=ayse.pk)
    first = walker.get("/islemler/son-islemlerim").content.decode()
    assert len(SENTENCE.findall(first)) == event_facts.PAGE
    older = re.findall(r'href="(\?once=\d+)"', first)[0]
    second = sentences(walker, older)
    assert second[:5] == 5 * [second[0]]
    assert "Hesabınıza giriş yapıldı: Güvenlik sözcüğü ve SMS kodu." in second
    assert "Daha eski işlemler" not in walker.get(f"/islemler/son-islemlerim{older}").content.decode()


@pytest.mark.parametrize("asked", ["", "x", "-1", "1e3", "9" * 30, "١"])
def test_an_invented_page_begins_at_the_newest(walker: Walker, asked: str) -> None:
    walker.sign_in()
    assert sentences(walker, f"?once={asked}") == sentences(walker)


@pytest.mark.parametrize(
    ("event", "detail", "said"),
    [
        (Event.RESULT_RECORDED, {"state": "succeeded"}, "Kart servisi sonucu bildirdi: PIN değişti."),
        (Event.RESULT_RECORDED, {"state": "failed"}, "Kart servisi sonucu bildirdi: PIN değişmedi."),
        (Event.SESSION_ENDED, {"why": "idle"}, "Oturum sona erdi: On dakika kullanılmadığı için kapandı."),
        (
            Event.SMS_LOGIN_CHANGED,
            {"allowed": False},
            "Geçiş anahtarının yanında SMS koduyla giriş: kapatıldı.",
        ),
        (Event.SIGNED_IN, {"by": "dream"}, "Hesabınıza giriş yapıldı: bilinmiyor."),
        (Event.SIGNED_IN, {}, "Hesabınıza giriş yapıldı: bilinmiyor."),
    ],
)
def test_details_are_told_in_words(event: Event, detail: audit.Detail, said: str) -> None:
    assert event_words.SHOWN[event].about(detail) == said

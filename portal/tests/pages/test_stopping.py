""" "Sertifikamı İptal Et": suspending is easy, revoking is asked twice, and CRL and OCSP say so at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.x509 import ReasonFlags
from django.utils import timezone
from portal.tests.certificates.made import Made, answered, bring, listed, make
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.ca import errors, lists
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.certificates import services
from kilitcoz_portal.certificates.actors import SYSTEM, Actor, officer, operator
from kilitcoz_portal.certificates.models import Certificate, State, StatusOrder
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db

SUSPEND, RESUME, REVOKE = "askiya-al", "askidan-cikar", "iptal-et"
LOST = {"reason": "lost", "days": "30"}
FOR_GOOD = {"reason": "stolen", "when": "now", "understood": "on"}


@pytest.fixture
def inside(walker: Walker, ayses: Made) -> Walker:
    """Signed in."""
    walker.sign_in()
    return walker


@pytest.fixture
def proved(inside: Walker) -> Walker:
    """Signed in, a fresh proof given."""
    inside.step_up()
    return inside


def do(walker: Walker, deed: str, **fields: str) -> Any:
    return walker.post(address(walker, deed), **fields)


def address(walker: Walker, deed: str) -> str:
    return f"/islemler/iptal/{Card.objects.get(holder=walker.holder).pk}/{deed}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_first_page_tells_suspending_from_revoking_and_offers_what_is_possible(inside: Walker) -> None:
    page = text(inside.get("/islemler/iptal"))
    assert "Geçicidir." in page
    assert "Kalıcıdır." in page
    assert ">Askıya Al</a>" in page
    assert ">İptal Et</a>" in page
    assert ">Askıdan Çıkar</a>" not in page


def test_suspending_asks_for_a_reason_and_a_time_and_nothing_more(inside: Walker, ayses: Made) -> None:
    done = do(inside, SUSPEND, **LOST)
    assert done["Location"] == address(inside, "sonuc")
    assert ayses.states == {State.SUSPENDED}
    assert {answered(each, timezone.now()) for each in ayses.certificates} == {"certificate_hold"}
    assert set(listed()) == {each.serial_number for each in ayses.certificates}
    page = text(inside.get(done["Location"]))
    newest = lists.current("nes")
    assert newest is not None
    assert f"{newest.number} numaralı" in page
    assert "askıya alındı" in OutboxMessage.objects.latest("pk").text


@pytest.mark.parametrize("days", [7, 15, 30])
def test_a_suspension_ends_when_the_holder_said(inside: Walker, ayses: Made, days: int) -> None:
    do(inside, SUSPEND, reason="careful", days=str(days))
    assert ayses.certificates[0].suspended_until == timezone.now() + timedelta(days=days)


@pytest.mark.parametrize("ends_in", ["revoked", "resumed"])
def test_what_the_end_brings_is_told_before(inside: Walker, settings: Settings, ends_in: str) -> None:
    settings.KILITCOZ_SUSPENSION_ENDS_IN = ends_in
    says = {"revoked": "sertifikalar iptal edilir", "resumed": "sertifikalar kendiliğinden açılır"}
    assert says[ends_in] in text(inside.get(address(inside, SUSPEND)))


@pytest.mark.parametrize(
    "fields", [{}, {"reason": "lost"}, {"reason": "not-me", "days": "30"}, LOST | {"days": "31"}]
)
def test_half_a_form_suspends_nothing(inside: Walker, ayses: Made, fields: dict[str, str]) -> None:
    assert do(inside, SUSPEND, **fields).status_code == 422
    assert ayses.states == {State.VALID}


def test_a39_suspending_ends_an_unlock_that_is_open(inside: Walker, ayses: Made) -> None:
    kind = OperationKind.UNLOCK
    operations.start(ayses.holder, ayses.card, kind, "another-browser-01234567", "tr", timezone.now())
    do(inside, SUSPEND, **LOST)
    assert Operation.objects.get().state == "cancelled"


@pytest.mark.parametrize("deed", [RESUME, REVOKE])
def test_resuming_and_revoking_ask_for_a_fresh_proof(inside: Walker, ayses: Made, deed: str) -> None:
    do(inside, SUSPEND, **LOST)
    for answer in (inside.get(address(inside, deed)), do(inside, deed, **FOR_GOOD)):
        assert answer["Location"].startswith("/dogrulama")
    assert ayses.states == {State.SUSPENDED}


def test_a39_suspended_and_opened_again_crl_and_ocsp_agree(proved: Walker, ayses: Made) -> None:
    for _ in range(2):
        do(proved, SUSPEND, **LOST)
        assert answered(ayses.certificates[0], timezone.now()) == "certificate_hold"
        do(proved, RESUME)
        assert ayses.states == {State.VALID}
        assert answered(ayses.certificates[0], timezone.now()) == "GOOD"
        assert listed() == {}


def test_opened_again_a_card_that_waited_waits_again(walker: Walker, founded: None) -> None:
    made = make(walker.holder)
    bring(made, State.AWAITING_ACTIVATION)
    walker.sign_in()
    walker.step_up()
    do(walker, SUSPEND, **LOST)
    do(walker, RESUME)
    assert made.states == {State.AWAITING_ACTIVATION}
    assert set(listed()) == {each.serial_number for each in made.certificates}


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (operator("Zeynep Kaya"), "kimliğiniz yanınızdayken çağrı merkezini arayın"),
        (officer("Deniz", "Örnek Üniversitesi"), "kurumunuzun yetkilisine başvurun: Örnek Üniversitesi"),
        (SYSTEM, "kimliğiniz yanınızdayken çağrı merkezini arayın"),
    ],
    ids=["operator", "officer", "system"],
)
def test_what_somebody_else_suspended_the_holder_is_told_whom_to_ask(
    proved: Walker, ayses: Made, by: Actor, says: str
) -> None:
    services.suspend(ayses.certificates, by, Reason.CAREFUL, timezone.now())
    for answer in (proved.get(address(proved, RESUME)), do(proved, RESUME)):
        assert says in text(answer)
        assert "Zeynep" not in text(answer)
    assert ayses.states == {State.SUSPENDED}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("lost", ReasonFlags.key_compromise),
        ("stolen", ReasonFlags.key_compromise),
        ("misused", ReasonFlags.key_compromise),
        ("card-broken", ReasonFlags.cessation_of_operation),
        ("data-changed", ReasonFlags.affiliation_changed),
        ("not-needed", ReasonFlags.cessation_of_operation),
        ("other", ReasonFlags.unspecified),
    ],
)
def test_a_plain_reason_becomes_the_standards_in_the_list(
    proved: Walker, ayses: Made, reason: str, said: ReasonFlags
) -> None:
    done = do(proved, REVOKE, **(FOR_GOOD | {"reason": reason}))
    assert done.status_code == 302
    assert ayses.states == {State.REVOKED}
    assert set(listed().values()) == {said}


def test_a39_revoked_stays_revoked(proved: Walker, ayses: Made) -> None:
    do(proved, REVOKE, **FOR_GOOD)
    for deed, fields in ((SUSPEND, LOST), (RESUME, {}), (REVOKE, FOR_GOOD), ("vazgec", {})):
        answer = do(proved, deed, **fields)
        assert answer.status_code == 409
        assert "Bu işlem şu anda yapılamaz" in text(answer)
    assert ayses.states == {State.REVOKED}
    assert {answered(each, timezone.now()) for each in ayses.certificates} == {"key_compromise"}
    assert "yapılacak bir şey kalmadı" in text(proved.get("/islemler/iptal"))


def test_without_the_tick_nothing_is_revoked(proved: Walker, ayses: Made) -> None:
    answer = do(proved, REVOKE, reason="lost", when="now")
    assert answer.status_code == 422
    assert "İptal etmek için bu kutuyu işaretleyin." in text(answer)
    assert ayses.states == {State.VALID}


def test_since_when_it_was_gone_stands_in_the_list_and_the_revocation_is_not_dated_back(
    proved: Walker, ayses: Made
) -> None:
    do(proved, REVOKE, **(FOR_GOOD | {"since": "2026-11-20"}))
    change = ayses.certificates[0].changes.latest("pk")
    assert change.at == timezone.now()
    assert change.order is not None
    assert change.order.invalid_since is not None
    assert f"{timezone.localtime(change.order.invalid_since):%d.%m.%Y %H:%M}" == "20.11.2026 00:00"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"since": "2026-12-01"}, "Bugünü ya da geçmiş bir günü seçin."),
        ({"when": "day"}, "İptal gününü seçin."),
        ({"when": "day", "day": "2026-11-23"}, "Yarın ya da daha sonraki bir gün seçin"),
        ({"when": "day", "day": "2039-01-01"}, "o günden önce zaten sona eriyor"),
        ({"when": "day", "day": "yarın"}, "Günü, ayı ve yılı seçin."),
    ],
)
def test_a_day_that_cannot_be_is_told_at_its_field(
    proved: Walker, ayses: Made, fields: dict[str, str], says: str
) -> None:
    answer = do(proved, REVOKE, **(FOR_GOOD | fields))
    assert answer.status_code == 422
    assert says in text(answer)
    assert ayses.states == {State.VALID}


def test_a_revocation_is_planned_and_withdrawn(proved: Walker, ayses: Made) -> None:
    do(proved, REVOKE, **(FOR_GOOD | {"when": "day", "day": "2026-12-01"}))
    assert ayses.states == {State.VALID}
    page = text(proved.get("/islemler/iptal"))
    assert "01.12.2026</strong> günü iptal edilecek." in page
    assert "Planlanan iptalden vazgeç</button>" in page
    do(proved, "vazgec")
    assert {each.revocation_planned_at for each in ayses.certificates} == {None}


def test_a_frozen_account_suspends_but_neither_opens_nor_revokes(proved: Walker, ayses: Made) -> None:
    Holder.objects.update(frozen_at=timezone.now())
    do(proved, SUSPEND, **LOST)
    for deed in (RESUME, REVOKE, "vazgec"):
        answer = do(proved, deed, **FOR_GOOD)
        assert answer.status_code == 403
        assert "Hesabınız dondurulmuş" in text(answer)
    assert ayses.states == {State.SUSPENDED}


def test_an_authority_that_does_not_answer_leaves_nothing_half_done(
    inside: Walker, ayses: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_arguments: object) -> None:
        raise errors.CaUnavailable

    monkeypatch.setattr(EmbeddedAuthority, "set_status", silent)
    answer = do(inside, SUSPEND, **LOST)
    assert answer.status_code == 503
    assert "Sertifika kurumu şu anda yanıt vermiyor" in text(answer)
    assert ayses.states == {State.VALID}


def test_while_the_authority_is_not_told_the_page_says_by_when_it_will_be(
    inside: Walker, ayses: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedAuthority, "joins_transaction", False)
    do(inside, SUSPEND, **LOST)  # its order waits for the commit, which a test's transaction does not have
    page = text(inside.get(address(inside, "sonuc")))
    assert "Sertifika kurumuna bildiriliyor." in page
    assert f"{timezone.localtime(NOW + timedelta(hours=25)):%d.%m.%Y %H:%M}" in page


def test_what_the_authority_refuses_is_not_told_as_seen(inside: Walker, ayses: Made) -> None:
    do(inside, SUSPEND, **LOST)
    StatusOrder.objects.update(done_at=None, refused="ca-status-final")
    page = text(inside.get(address(inside, "sonuc")))
    assert "Sertifika kurumuna bildiriliyor." in page
    assert "herkes görüyor" not in page


def test_a_card_of_another_authority_is_told_as_that(walker: Walker, ayse: Holder) -> None:
    card = Card.objects.create(
        holder=ayse, family="piv", card_id="ab" * 16, serial="12344821", created_at=timezone.now()
    )
    walker.sign_in()
    answer = walker.get(f"/islemler/iptal/{card.pk}/askiya-al")
    assert answer.status_code == 409
    assert "Bu kartın sertifikalarını biz tutmuyoruz" in text(answer)


def test_a40_another_holders_card_is_not_found_and_nothing_happens_to_it(
    proved: Walker, mehmet: Holder
) -> None:
    foreign = make(mehmet, serial="77777777")
    bring(foreign, State.VALID)
    for deed, fields in ((SUSPEND, LOST), (RESUME, {}), (REVOKE, FOR_GOOD)):
        assert proved.post(f"/islemler/iptal/{foreign.card.pk}/{deed}", **fields).status_code == 404
    assert set(Certificate.objects.filter(card=foreign.card).values_list("state", flat=True)) == {"valid"}

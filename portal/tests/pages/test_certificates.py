""" "Sertifika Listele": every certificate of the holder by card, with state, dates, history, and its file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from portal.tests.certificates.made import DESK, Made, bring, listed, make
from portal.tests.pages.walking import Walker
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.certificates import planning, services
from kilitcoz_portal.certificates.actors import HOLDER, operator
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Holder

pytestmark = pytest.mark.django_db

LIST = "/islemler/sertifikalar"


@pytest.fixture
def inside(walker: Walker, ayses: Made) -> Walker:
    """Signed in."""
    walker.sign_in()
    return walker


def page_of(walker: Walker, path: str = LIST) -> str:
    return str(walker.get(path).content.decode())


def first(made: Made) -> Certificate:
    return made.certificates[0]


def test_each_certificate_says_what_it_is_for_and_how_it_stands(inside: Walker, ayses: Made) -> None:
    page = page_of(inside)
    assert "Kart …4821" in page
    for words in ("belgeleri elle atılmış imza gibi", "sitelere kartınızla girersiniz", "PIN istemez"):
        assert words in page
    assert page.count('<span class="tag good">Geçerli</span>') == 3
    assert f"{first(ayses).not_after:%d.%m.%Y}" in page


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (State.PRODUCED, "Hazırlanıyor"),
        (State.AWAITING_ACTIVATION, "Açılmayı bekliyor"),
        (State.SUSPENDED, "Askıda"),
        (State.REVOKED, "İptal edilmiş"),
    ],
)
def test_every_state_has_its_word(walker: Walker, founded: None, state: State, mark: str) -> None:
    bring(make(walker.holder), state)
    walker.sign_in()
    assert page_of(walker).count(f">{mark}</span>") == 3


def test_the_end_of_a_suspension_is_told_and_what_it_brings(inside: Walker, ayses: Made) -> None:
    until = timezone.now() + timedelta(days=7)
    services.suspend(ayses.certificates, operator("Zeynep Kaya"), Reason.CAREFUL, timezone.now(), until=until)
    page = page_of(inside)
    assert f"{timezone.localtime(until):%d.%m.%Y %H:%M}" in page
    assert "Askıya alan: çağrı merkezi." in page
    assert "Zeynep" not in page
    assert "O güne kadar askıdan çıkmazsa iptal edilir." in page


def test_a_planned_revocation_is_told(inside: Walker, ayses: Made) -> None:
    planning.plan(ayses.certificates, HOLDER, Reason.NOT_NEEDED, NOW + timedelta(days=20), timezone.now())
    assert "13.12.2026</strong> günü iptal edilecek." in page_of(inside)


def test_one_certificate_shows_its_history_by_role_and_reason(inside: Walker, ayses: Made) -> None:
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, timezone.now())
    page = page_of(inside, f"{LIST}/{first(ayses).pk}")
    assert page.index("Askıya alındı") < page.index("Kullanıma açıldı") < page.index("Üretildi")
    assert "Yapan: siz" in page
    assert "Yapan: kayıt görevlisi" in page
    assert "Elif" not in page
    assert "Neden: Kartımı kaybettim" in page
    assert "İptal listesinde ve OCSP’de görüldüğü an:" in page
    assert first(ayses).serial_number.upper() in page
    assert "Örnek Üniversitesi" in page


def test_a_certificate_is_taken_away_as_a_file(inside: Walker, ayses: Made) -> None:
    answer = inside.get(f"{LIST}/{first(ayses).pk}/indir")
    assert answer["Content-Type"] == "application/pkix-cert"
    assert answer["Content-Disposition"] == f'attachment; filename="{first(ayses).serial_number}.cer"'
    assert answer.content == bytes(first(ayses).der)


def test_a40_another_holders_certificates_are_neither_listed_nor_found(
    inside: Walker, mehmet: Holder
) -> None:
    foreign = make(mehmet, serial="77777777").certificates[0]
    assert "7777" not in page_of(inside)
    for path in (f"{LIST}/{foreign.pk}", f"{LIST}/{foreign.pk}/indir"):
        assert inside.get(path).status_code == 404
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 2


def test_what_is_kept_of_the_holder_has_states_and_history(inside: Walker, ayses: Made) -> None:
    inside.step_up()
    kept = inside.get("/islemler/bilgilerim/verilerim", data={"bicim": "json"}).json()["certificates"]
    assert {each["serial"].lower() for each in kept} == {each.serial_number for each in ayses.certificates}
    assert {each["state"] for each in kept} == {"valid"}
    assert kept[0]["history"][0]["what"] == "Kullanıma açıldı"


def test_an_expired_certificate_is_told_as_that_before_any_sweep(walker: Walker, founded: None) -> None:
    made = make(walker.holder)
    services.hand_over(made.certificates, DESK, NOW)
    Certificate.objects.update(not_after=timezone.now() - timedelta(minutes=1))
    walker.sign_in()
    assert page_of(walker).count("Süresi dolmuş</span>") == 3
    assert listed()

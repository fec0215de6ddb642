""" "PIN / PUK Bilgisi": state, tries left, whether an unlock is possible and what to do; never a value."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from portal.tests.certificates.made import bring, make
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of

from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.models import State as CertificateState
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret
from kilitcoz_portal.vault.states import SecretState

pytestmark = pytest.mark.django_db

PUK = "80214821"
BLOCKED = "Yeni PIN belirlemek için “Kilit Çözme” işlemini başlatın."


@pytest.fixture
def card(ayse: Holder) -> Card:
    """Her blocked card, its PUK in the vault."""
    card = card_of(ayse)
    with transaction.atomic():
        vault.adopt(card.ref, card.family, Puk.from_text(PUK), timezone.now())
    return card


@pytest.fixture
def inside(walker: Walker, card: Card) -> Walker:
    """Signed in."""
    walker.sign_in()
    return walker


def page_of(walker: Walker) -> str:
    return str(walker.get("/islemler/pin-puk").content.decode())


def test_state_tries_and_what_to_do_are_told_and_never_a_value(inside: Walker) -> None:
    page = page_of(inside)
    assert "<strong>Kilitli</strong>" in page
    assert "kalan deneme: 3" in page
    assert "23.11.2026 13:00" in page  # Istanbul's clock
    assert "<strong>Yapılabilir</strong>" in page
    assert BLOCKED in page
    assert 'href="/islemler/kilit-cozme">Kilit Çözme' in page
    assert PUK not in page


def test_a_card_never_seen_is_told_as_not_known(inside: Walker) -> None:
    Card.objects.update(
        pin_blocked=None, pin_retries_left=None, puk_blocked=None, puk_retries_left=None, seen_at=None
    )
    page = page_of(inside)
    assert page.count("Bilinmiyor") == 3
    assert "Kart henüz okunmadı" in page
    assert "<strong>Yapılabilir</strong>" in page


def test_a_used_up_puk_sends_to_the_call_centre(inside: Walker) -> None:
    Card.objects.update(puk_blocked=True, puk_retries_left=0)
    page = page_of(inside)
    assert "Bu kartın kilidi artık açılamaz" in page
    assert 'href="/islemler/kilit-cozme">Kilit Çözme' not in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"frozen_at": timezone.now()}, "Hesabınız dondurulmuş"),
        ({"remote_unlock": False}, "Çevrim içi kilit çözme kapalı"),
    ],
    ids=["frozen", "off"],
)
def test_what_stands_against_an_unlock_is_told(inside: Walker, change: dict[str, Any], says: str) -> None:
    Holder.objects.update(**change)
    page = page_of(inside)
    assert f"<strong>Şu anda yapılamaz</strong>: {says}" in page
    assert BLOCKED not in page


def test_a10_a_changed_phone_says_until_when_it_waits(inside: Walker) -> None:
    changed = timezone.now() - timedelta(hours=2)
    Holder.objects.update(phone_changed_at=changed)
    page = page_of(inside)
    until = timezone.localtime(changed + timedelta(hours=72))
    assert f"{until:%d.%m.%Y %H:%M}" in page
    assert "<strong>Şu anda yapılamaz</strong>" in page


def test_who_turned_unlocking_off_is_led_to_where_it_is_turned_on(inside: Walker) -> None:
    Holder.objects.update(remote_unlock=False)
    assert 'class="button second" href="/islemler/bilgilerim"' in page_of(inside)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (SecretState.MANUAL, "uzman incelemesine alındı"),
        (SecretState.PUK_BLOCKED, "kilit açma hakkı tükenmiş"),
        (SecretState.DOUBT, "Son kilit çözme yarıda kalmış; PUK kaybolmadı"),
    ],
)
def test_the_vaults_state_is_told_in_plain_words(inside: Walker, state: SecretState, says: str) -> None:
    CardSecret.objects.update(state=state, tries=1 if state is SecretState.MANUAL else 3)
    Card.objects.update(puk_retries_left=None)
    assert says in page_of(inside)


@pytest.mark.parametrize(
    ("state", "title", "way"),
    [
        (CertificateState.SUSPENDED, "Bu kartın sertifikaları askıda", "/islemler/iptal"),
        (CertificateState.REVOKED, "Bu kartın sertifikaları sona erdi", ""),
        (
            CertificateState.AWAITING_ACTIVATION,
            "Bu kartın önce ilk PIN’i belirlenmeli",
            "/islemler/kullanima-ac",
        ),
    ],
)
def test_a39_a_card_whose_certificates_are_stopped_gets_no_new_pin(
    walker: Walker, founded: None, state: CertificateState, title: str, way: str
) -> None:
    made = make(walker.holder)
    vault.adopt(made.card.ref, made.card.family, Puk.from_text(PUK), timezone.now())
    bring(made, state)
    walker.sign_in()
    page = page_of(walker)
    assert f"<strong>Şu anda yapılamaz</strong>: {title}" in page
    assert way in page
    for answer in (walker.get("/islemler/kilit-cozme"), walker.start_unlock()):
        assert title in answer.content.decode()
    assert not Operation.objects.exists()


def test_a_renewed_certificate_that_waits_beside_a_valid_one_keeps_nobody_from_a_new_pin(
    walker: Walker, founded: None
) -> None:
    made = make(walker.holder)
    vault.adopt(made.card.ref, made.card.family, Puk.from_text(PUK), timezone.now())
    bring(made, CertificateState.VALID)
    Certificate.objects.filter(pk=made.certificates[0].pk).update(state=CertificateState.AWAITING_ACTIVATION)
    walker.sign_in()
    assert "<strong>Yapılabilir</strong>" in page_of(walker)
    assert walker.start_unlock().status_code == 302


def test_a_card_without_a_secret_in_the_vault_is_told_as_that(walker: Walker, ayse: Holder) -> None:
    card_of(ayse)
    walker.sign_in()
    assert "sistemimizde kayıtlı değil" in page_of(walker)


def test_an_open_operation_is_led_back_to(inside: Walker, card: Card) -> None:
    kind = OperationKind.UNLOCK
    operations.start(card.holder, card, kind, "another-browser-01234567", "tr", timezone.now())
    assert "Açık işleme git" in page_of(inside)


def test_the_last_change_is_that_of_the_pin_and_not_of_another_operation(inside: Walker, card: Card) -> None:
    kind = OperationKind.UNLOCK
    operations.start(card.holder, card, kind, "another-browser-01234567", "tr", timezone.now())
    at = timezone.now()
    Operation.objects.update(state=State.SUCCEEDED, closed_at=at)
    assert f"{timezone.localtime(at):%d.%m.%Y %H:%M}" in page_of(inside)
    Operation.objects.update(kind="sign")
    assert "Buradan yapılmış değişiklik yok" in page_of(inside)

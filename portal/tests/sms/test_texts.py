"""What our messages say."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from kilitcoz_portal.sms.gsm import MAX_SEPTETS, septets
from kilitcoz_portal.sms.texts import login_text, unlock_text, unlocked_notice

AT = datetime(2026, 11, 23, 15, 40, tzinfo=UTC)
ALL: list[Callable[[str], str]] = [
    lambda language: login_text("123456", language=language),
    lambda language: unlock_text("123456", card_last_four="4821", language=language),
    lambda language: unlocked_notice(card_last_four="4821", at=AT, language=language),
]


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("text", ALL)
@given(organisation=st.text(max_size=120))
@example(organisation="Işıklı Çağdaş Elektronik Sertifika Hizmet Sağlayıcılığı Anonim Şirketi")
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_every_text_fits_one_message_whatever_the_organisation_is_called(
    settings: Settings, text: Callable[[str], str], language: str, organisation: str
) -> None:
    settings.KILITCOZ_ORGANISATION = organisation
    settings.KILITCOZ_ORIGIN = "https://sertifika-islemleri.ornek-sertifika.com.tr"
    assert septets(text(language)) <= MAX_SEPTETS


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_codes_text_ends_with_the_origin_bound_line(settings: Settings, language: str) -> None:
    settings.KILITCOZ_ORIGIN = "https://kilit.example:8443"
    for text in (
        login_text("123456", language=language),
        unlock_text("123456", card_last_four="4821", language=language),
    ):
        assert text.endswith("\n@kilit.example #123456")
        assert text.count("123456") == 2


def test_the_unlocks_text_names_the_card_and_the_deed() -> None:
    text = unlock_text("123456", card_last_four="4821", language="tr")
    assert "sonu 4821 olan kartın kilidini açma kodu 123456" in text
    assert "4821" in unlock_text("123456", card_last_four="4821", language="en")


def test_the_notice_says_which_card_when_and_whom_to_call(settings: Settings) -> None:
    settings.KILITCOZ_CALL_CENTRE = "0850 000 00 00"
    notice = unlocked_notice(card_last_four="4821", at=AT, language="tr")
    assert "4821" in notice
    assert "23.11.2026 18:40" in notice  # Istanbul's clock
    assert "0850 000 00 00" in notice
    assert "#" not in notice

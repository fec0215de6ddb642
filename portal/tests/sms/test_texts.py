"""What our messages say."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from kilitcoz_portal.sms.gsm import MAX_SEPTETS, septets
from kilitcoz_portal.sms.texts import (
    first_pin_text,
    login_text,
    recovery_text,
    renewal_text,
    step_up_text,
    unlock_text,
)

ALL: list[Callable[[str], str]] = [
    lambda language: login_text("123456", language=language),
    lambda language: unlock_text("123456", card_last_four="4821", language=language),
    lambda language: first_pin_text("123456", card_last_four="4821", language=language),
    lambda language: renewal_text("123456", card_last_four="4821", language=language),
    lambda language: recovery_text("123456", language=language),
    lambda language: step_up_text("123456", language=language),
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

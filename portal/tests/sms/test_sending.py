"""Through the gateways; and to whom nothing is sent."""

import pytest
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.sms import gateways, services
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.models import OutboxMessage, SentCount
from kilitcoz_portal.sms.phones import masked
from kilitcoz_portal.sms.queries import outbox

pytestmark = pytest.mark.django_db

MOBILE = "+905321234567"


def test_the_outbox_keeps_what_a_phone_would_show() -> None:
    services.queue_code(MOBILE, "giriş kodunuz 123456.\n\n@kilit.example #123456", purpose="login", now=NOW)
    assert outbox() == [
        {
            "to": MOBILE,
            "text": "giriş kodunuz 123456.\n\n@kilit.example #123456",
            "purpose": "login",
            "sent_at": "2026-11-23T10:00:00+00:00",
            "code": "123456",
        }
    ]


def test_a_notice_carries_no_code() -> None:
    services.queue(MOBILE, "PIN'iniz değişti.", purpose="notice", now=NOW)
    assert "code" not in outbox()[0]


def test_the_console_gateway_writes_to_standard_error(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "console"
    services.queue(MOBILE, "merhaba", purpose="notice", now=NOW)
    assert "merhaba" in capsys.readouterr().err
    assert OutboxMessage.objects.count() == 0


def test_an_unknown_gateway_stops_everything(settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "pigeon"
    with pytest.raises(gateways.GatewayUnknown, match="pigeon"):
        gateways.configured()


@pytest.mark.parametrize(
    "phone",
    [
        "+909001234567",  # premium
        "+902121234567",  # a land line
        "+908500000000",  # a service number
        "+4915112345678",  # a foreign mobile
        "+90532123456",  # a digit short
        "05321234567",  # not E.164
        "",
    ],
)
def test_a12_premium_and_foreign_numbers_get_nothing(phone: str) -> None:
    with pytest.raises(PhoneNotAllowed):
        services.queue_code(phone, "kod", purpose="login", now=NOW)
    with pytest.raises(PhoneNotAllowed):
        services.queue(phone, "merhaba", purpose="notice", now=NOW)
    assert (OutboxMessage.objects.count(), SentCount.objects.count()) == (0, 0)


def test_another_countrys_mobiles_are_allowed_where_configured(settings: Settings) -> None:
    settings.KILITCOZ_SMS_COUNTRIES = ["90", "49"]
    services.queue("+4915112345678", "Hallo", purpose="login", now=NOW)
    assert OutboxMessage.objects.count() == 1


def test_a_masked_number_shows_its_country_first_digit_and_last_two() -> None:
    assert masked(MOBILE) == "+90 5•• ••• •• 67"
    assert masked("+4915112345678") == "+49 ••• ••• 78"

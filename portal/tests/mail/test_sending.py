"""E-mails: queued with their deed, plain, of one line where it must be; and what mail servers answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from portal.tests.carriers import work
from portal.tests.certified import certified
from portal.tests.mail.servers import MailServer, mail_server
from portal.tests.people import NOW
from pytest_django import Settings

from kilitcoz_portal.mail import gateways, services
from kilitcoz_portal.mail.channel import MAIL
from kilitcoz_portal.mail.errors import AddressNotAllowed, MailNotOffered
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.mail.queries import outbox
from kilitcoz_portal.outgoing.gateways import AnswerLost, GatewayFault, NotAccepted, Parcel, Refused
from kilitcoz_portal.outgoing.models import Message, State

pytestmark = pytest.mark.django_db

ADDRESS = "ayse@ornek.example"
TEXT = "Sayın Ayşe Yılmaz,\n\nsonu 4821 olan kartınızın PIN'i değişti. Işıl ışıl: ğüşiöçĞÜŞİÖÇ\n"
PARCEL = Parcel("reference-1", ADDRESS, "notice", NOW, TEXT, "Kartınızın PIN’i değişti")


@pytest.fixture(autouse=True)
def this_house(settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "console"
    settings.KILITCOZ_ORIGIN = "https://kilit.example:8443"
    settings.KILITCOZ_ORGANISATION = "Örnek Sertifika Hizmetleri"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.KILITCOZ_MAIL_HOST = "127.0.0.1"
        settings.KILITCOZ_MAIL_PORT = running.port
        settings.KILITCOZ_MAIL_TLS = "none"
        yield running


def send(parcel: Parcel = PARCEL) -> str:
    return gateways.configured()[0].send(parcel)


def test_an_e_mail_arrives_as_it_was_written(server: MailServer) -> None:
    assert send() == "<reference-1@kilit.example>"
    (message,), (envelope,) = server.given, server.envelopes
    assert envelope == ("no-reply@kilit.example", [ADDRESS])
    assert message["From"] == "Örnek Sertifika Hizmetleri <no-reply@kilit.example>"
    assert (message["To"], message["Subject"]) == (ADDRESS, "Kartınızın PIN’i değişti")
    assert (message["Auto-Submitted"], message["Message-ID"]) == (
        "auto-generated",
        "<reference-1@kilit.example>",
    )
    assert message["Date"]
    assert (message.get_content_type(), message.is_multipart()) == ("text/plain", False)
    assert message.get_content().replace("\r\n", "\n") == TEXT


def test_it_goes_by_the_queue_and_once(server: MailServer) -> None:
    now = timezone.now()
    services.queue(ADDRESS, "Konu", TEXT, purpose="notice", now=now)
    assert server.given == []
    for _ in range(2):
        work(now, MAIL)
    message = Message.objects.get()
    assert (message.state, message.text, message.subject) == (State.ACCEPTED, "", "")
    assert message.gateway_id == f"<{message.reference}@kilit.example>"
    assert len(server.given) == 1


@pytest.mark.parametrize(
    "subject", ["Konu\nBcc: kerem@thief.example", "Konu\r\n\r\nBaşka bir metin", "Konu\x0bX: y", "  Konu  "]
)
def test_no_subject_becomes_a_second_header(server: MailServer, subject: str) -> None:
    services.queue(ADDRESS, subject, TEXT, purpose="notice", now=NOW)
    work(NOW, MAIL)
    (message,), (envelope,) = server.given, server.envelopes
    assert envelope[1] == [ADDRESS]
    assert (message["Bcc"], message["X"]) == (None, None)
    assert message["Subject"] == " ".join(subject.split())
    assert message.get_content().replace("\r\n", "\n") == TEXT


@pytest.mark.parametrize(
    "address",
    ["", "ayse", f"{ADDRESS}\nBcc: kerem@thief.example", f"{ADDRESS},kerem@thief.example", "<x@y.example>"],
)
def test_what_is_no_address_gets_nothing_and_fails_no_deed(server: MailServer, address: str) -> None:
    services.queue(address, "Konu", TEXT, purpose="notice", now=NOW)
    with pytest.raises(AddressNotAllowed):
        services.queue_code(address, "Konu", TEXT, purpose="contact", now=NOW)
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("command", "answer", "fault"),
    [
        ("MAIL", "421 closing", NotAccepted("gateway-busy")),
        ("MAIL", "550 not you", Refused("gateway-refused")),
        ("RCPT", "450 greylisted", NotAccepted("gateway-busy")),
        ("RCPT", "550 no such user", Refused("gateway-refused")),
        ("DATA", "451 later", NotAccepted("gateway-busy")),
        ("DATA", "554 spam", Refused("gateway-refused")),
        ("DATA", "", AnswerLost("answer-lost")),
        ("RCPT", "", AnswerLost("answer-lost")),
    ],
)
def test_a13_a_named_fault_is_certain_and_a_lost_connection_is_not(
    server: MailServer, command: str, answer: str, fault: GatewayFault
) -> None:
    server.answers[command] = answer
    with pytest.raises(type(fault), match=fault.code):
        send()


def test_a13_a_server_that_is_not_there_took_nothing(settings: Settings) -> None:
    with mail_server() as gone:
        settings.KILITCOZ_MAIL_HOST, settings.KILITCOZ_MAIL_PORT = "127.0.0.1", gone.port
        settings.KILITCOZ_MAIL_TLS = "none"
    with pytest.raises(NotAccepted, match="gateway-unreachable"):
        send()


@pytest.fixture
def secret(tmp_path: Path, settings: Settings) -> Callable[[str], None]:
    """Writes the password's file."""

    def write(password: str) -> None:
        file = tmp_path / "password"
        file.write_text(password)
        file.chmod(0o600)
        settings.KILITCOZ_MAIL_USER = "kilitcoz"
        settings.KILITCOZ_MAIL_PASSWORD_FILE = str(file)

    return write


def test_the_login_goes_over_tls_to_the_server_that_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: Callable[[str], None]
) -> None:
    trust, authority = certified(tmp_path)
    secret("gizli\n")
    with mail_server(trust) as server:
        settings.KILITCOZ_MAIL_HOST, settings.KILITCOZ_MAIL_PORT = "127.0.0.1", server.port
        with pytest.raises(NotAccepted, match="gateway-unreachable"):
            send()  # signed by nobody we know: the password is not said
        assert server.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        send()
        assert server.logins == [("kilitcoz", True)]
        for password in ("wrong", "yanlış"):
            secret(password)
            with pytest.raises(NotAccepted, match="gateway-unreachable"):
                send()
        assert len(server.given) == 1


def test_settings_that_would_say_a_password_in_the_clear_or_have_none_are_refused(
    settings: Settings, tmp_path: Path
) -> None:
    settings.KILITCOZ_MAIL_HOST, settings.KILITCOZ_MAIL_TLS = "mail.example", "none"
    with pytest.raises(gateways.MailSettingsWrong, match="KILITCOZ_MAIL_TLS"):
        gateways.configured()
    settings.KILITCOZ_MAIL_TLS = "tls"
    settings.KILITCOZ_MAIL_PASSWORD_FILE = str(tmp_path / "none")
    with pytest.raises(gateways.MailSettingsWrong, match="cannot be read"):
        gateways.configured()


def test_without_a_server_no_e_mail_is_sent_and_no_deed_fails() -> None:
    assert not services.is_offered()
    services.queue(ADDRESS, "Konu", TEXT, purpose="notice", now=NOW)
    with pytest.raises(MailNotOffered):
        services.queue_code(ADDRESS, "Konu", TEXT, purpose="contact", now=NOW)
    assert (Message.objects.count(), OutboxMail.objects.count()) == (0, 0)


def test_where_sms_stay_in_the_house_e_mails_do(settings: Settings) -> None:
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    services.queue(ADDRESS, "Konu", TEXT, purpose="notice", now=NOW)
    assert outbox() == [
        {
            "to": ADDRESS,
            "subject": "Konu",
            "text": TEXT,
            "purpose": "notice",
            "sent_at": "2026-11-23T10:00:00+00:00",
        }
    ]

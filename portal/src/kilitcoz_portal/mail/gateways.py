"""Where e-mails go: to the server that KILITCOZ_MAIL_HOST names; without one, where SMS go to the outbox,
there too; else nowhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings

from kilitcoz_portal import keyfiles
from kilitcoz_portal.keyfiles import KeyFileUnsafe
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.mail.smtp import MailServer, SmtpGateway
from kilitcoz_portal.outgoing.gateways import Gateway, Parcel
from kilitcoz_portal.outgoing.local import LocalGateway

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class OutboxGateway(LocalGateway):
    """Keeps e-mails in a table that the demo's /outbox page and the tests read."""

    name = "outbox"

    def send(self, parcel: Parcel) -> str:
        """Accepted as soon as the row is there."""
        OutboxMail.objects.create(
            to=parcel.address,
            subject=parcel.subject,
            text=parcel.text,
            purpose=parcel.purpose,
            sent_at=parcel.at,
        )
        return ""


class MailSettingsWrong(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """The settings of e-mail do not go together, or the password's file cannot be read."""

    code: ClassVar[str] = "mail-settings-wrong"

    def __init__(self, what: str) -> None:
        super().__init__(f"{self.code}: {what}")


def is_offered() -> bool:
    """Whether this installation sends e-mail at all."""
    return bool(settings.KILITCOZ_MAIL_HOST) or _stays_here()


def configured() -> tuple[Gateway, ...]:
    """The one gateway of e-mails, or none where none are sent. Raises MailSettingsWrong."""
    if settings.KILITCOZ_MAIL_HOST:
        return (SmtpGateway(_server()),)
    return (OutboxGateway(),) if _stays_here() else ()


def _stays_here() -> bool:
    return bool(OutboxGateway.name == settings.KILITCOZ_SMS_GATEWAY)


def _server() -> MailServer:
    host, tls = settings.KILITCOZ_MAIL_HOST, settings.KILITCOZ_MAIL_TLS
    if tls == "none" and host not in LOOPBACK:
        raise MailSettingsWrong("KILITCOZ_MAIL_TLS=none is for a server on this machine")
    return MailServer(
        host=host,
        port=settings.KILITCOZ_MAIL_PORT,
        tls=tls,
        user=settings.KILITCOZ_MAIL_USER,
        password=_password(settings.KILITCOZ_MAIL_PASSWORD_FILE),
        sender=settings.KILITCOZ_MAIL_FROM or f"no-reply@{urlsplit(settings.KILITCOZ_ORIGIN).hostname}",
        sender_name=settings.KILITCOZ_ORGANISATION,
    )


def _password(path: str) -> str:
    try:
        return keyfiles.load(Path(path)).decode().strip() if path else ""
    except (KeyFileUnsafe, OSError, UnicodeDecodeError):
        raise MailSettingsWrong(f"{path} cannot be read, or others may read it too (0600)") from None

"""A mail server as a gateway (RFC 5321), through Django's SMTP backend: one connection a message.

A reply that names a fault is certain; a connection lost after the first command, or a time limit, leaves the
message in doubt.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formataddr

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from kilitcoz_portal.outgoing.gateways import AnswerLost, GatewayFault, NotAccepted, Parcel, Refused

log = structlog.get_logger(__name__)

STEP_SECONDS = 20
STEPS = 7  # connection, greeting, TLS, login, sender, recipient, text: each may take its time


@dataclass(frozen=True)
class MailServer:
    """Where it is, who we are there, and whom e-mails are from. `tls`: `starttls`, `tls` or `none`."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    sender: str
    sender_name: str


class SmtpGateway:
    """The mail server that the settings name."""

    name = "smtp"
    is_local = False
    seconds = float(STEP_SECONDS * STEPS)

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def open(self) -> None:
        """Nothing to open: every message opens its own connection."""

    def close(self) -> None:
        """Nothing is open."""

    def send(self, parcel: Parcel) -> str:
        """Our own Message-ID: servers have no other name for it."""
        message_id = f"<{parcel.reference}@{self._server.sender.rpartition('@')[2]}>"
        message = self._message(parcel, message_id)
        connection = self._connected()
        try:
            connection.send_messages([message])
        except smtplib.SMTPResponseException as fault:
            raise _named(fault.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as fault:
            raise _named(next(iter(fault.recipients.values()))[0]) from None
        except OSError:  # also what smtplib calls "disconnected"
            raise AnswerLost("answer-lost") from None
        finally:
            with suppress(OSError):
                connection.close()
        return message_id

    def _connected(self) -> EmailBackend:
        """Connected, over TLS, logged in. Raises NotAccepted: nothing of the message was said yet."""
        server = self._server
        connection = EmailBackend(
            host=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls == "starttls",
            use_ssl=server.tls == "tls",
            timeout=STEP_SECONDS,
        )
        try:
            connection.open()
        except (OSError, UnicodeError) as fault:  # smtplib says only ASCII passwords
            log.warning("mail-server-unreachable", fault=type(fault).__name__)
            with suppress(OSError):
                connection.close()
            raise NotAccepted("gateway-unreachable") from None
        return connection

    def _message(self, parcel: Parcel, message_id: str) -> EmailMessage:
        sender = formataddr((self._server.sender_name, self._server.sender))
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}  # RFC 3834
        return EmailMessage(parcel.subject, parcel.text, sender, [parcel.address], headers=headers)


def _named(code: int) -> GatewayFault:
    """What a reply code says (RFC 5321, 4.2.1): 4yz to be tried again, 5yz not."""
    return NotAccepted("gateway-busy") if code < 500 else Refused("gateway-refused")

"""A mail server in a thread of its own: PyPI's aiosmtpd, which keeps what it is given and answers as told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from demo.ports import free_port


@dataclass
class MailServer:
    """`answers`: what it says to a command (`MAIL`, `RCPT`, `DATA`) in place of "250"; "" hangs up."""

    port: int
    answers: dict[str, str] = field(default_factory=dict)
    given: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer(server, "MAIL")

    async def handle_RCPT(
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answer(server, "RCPT")

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.given.append(message)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self._answer(server, "DATA")

    def login(self, _server: Any, session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), session.ssl is not None))
        return AuthResult(success=data.password == b"gizli", handled=False)

    def _answer(self, server: Any, command: str) -> str:
        answer = self.answers.get(command, "250 OK")
        if not answer:
            server.transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        return answer or "451 gone"


@contextmanager
def mail_server(trust: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """Running on a free port; with `trust` it wants STARTTLS, and then a login."""
    with ExitStack() as held:
        server = MailServer(free_port(held))
        controller = Controller(
            server,
            hostname="127.0.0.1",
            port=server.port,
            tls_context=trust,
            require_starttls=trust is not None,
            auth_required=trust is not None,
            authenticator=server.login,
        )
        controller.start()
        try:
            yield server
        finally:
            controller.stop()

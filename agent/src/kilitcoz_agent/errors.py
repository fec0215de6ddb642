"""Errors of the card service. Each carries one stable `code`, a row of `kilitcoz_agent.texts.errors`.

AgentError
├── CapabilityRefused        capability-invalid · -expired · -replayed · portal-not-trusted
├── PortalUnreachable        portal-unreachable          no answer; may be sent again
├── PortalRefused            the portal's own code, and the operation's state
├── PortalAnswerInvalid      portal-answer-invalid       the answer is not what the protocol says
├── TrustRefused             origin-invalid · origin-not-https · trust-fingerprint-mismatch · …
├── ReaderServiceMissing     reader-service-missing      no PC/SC service answers
├── ReaderBusy               reader-busy                 another program holds the card exclusively
├── CertificateUnusable      login-certificate-expired · -not-yet-valid · -key · -unreadable; sign-…
├── DocumentRefused          sign-attributes-refused     what is to be signed is not what would be shown
├── AnotherOperationOpen     another-operation
├── ActionNotPossible        action-not-possible         the page asked for what this screen does not offer
├── FieldRefused             carries field → code; nothing was sent anywhere
├── ServiceNotStarted        service-not-started
├── ServiceAlreadyRunning    service-already-running
└── PortTaken                port-taken

No error text carries a PIN, a PUK, APDU data or a capability.
"""

# ruff: noqa: N818 - the names say what happened (CapabilityRefused), as the codes do

from __future__ import annotations


class AgentError(Exception):
    """Root of the tree. `code` is a class's own or, where a class has several, the instance's."""

    code: str = "internal-error"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class CapabilityRefused(AgentError):
    """The capability must not be acted on; no card was touched."""


class PortalUnreachable(AgentError):
    """No answer came: connection, TLS or time. Every call of the agent API may be repeated."""

    code = "portal-unreachable"


class PortalRefused(AgentError):
    """The portal answered with a refusal. `operation_state` is what it said of the operation, if it did."""

    def __init__(self, code: str, operation_state: str | None = None) -> None:
        super().__init__(code)
        self.operation_state = operation_state


class PortalAnswerInvalid(AgentError):
    """The portal's answer cannot be opened or understood."""

    code = "portal-answer-invalid"


class TrustRefused(AgentError):
    """An origin or its keys were not accepted at install time."""


class ReaderServiceMissing(AgentError):
    """No PC/SC service answers on this machine."""

    code = "reader-service-missing"


class ReaderBusy(AgentError):
    """Another program holds the card for itself alone."""

    code = "reader-busy"


class CertificateUnusable(AgentError):
    """The card's certificate cannot log its holder in, or cannot sign."""


class DocumentRefused(AgentError):
    """The portal asks for another signature than one of the document that it names, by this card."""

    code = "sign-attributes-refused"


class AnotherOperationOpen(AgentError):
    """One operation at a time."""

    code = "another-operation"


class ActionNotPossible(AgentError):
    """The page asked for something the present screen does not offer, or in the wrong form."""

    code = "action-not-possible"


class FieldRefused(AgentError):
    """What was typed breaks a rule. `fields`: field's name → code; the value is not kept."""

    code = "field-refused"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__()
        self.fields = fields


class ServiceNotStarted(AgentError):
    """No card service of this user answers, and none could be started."""

    code = "service-not-started"


class ServiceAlreadyRunning(AgentError):
    """One card service for one user: this one is at `port`."""

    code = "service-already-running"

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port


class PortTaken(AgentError):
    """Another program listens where the card service should."""

    code = "port-taken"

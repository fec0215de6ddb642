"""What can be refused here.

OperationError
├── OperationNotFound          operation-not-found          unknown, or another browser's: not told apart
├── OperationOpenElsewhere     operation-open               this card has an open operation already
├── OperationState             operation-state              not possible in the state it is in
├── OperationExpired           operation-expired            its ten minutes are over
├── ReceiptRefused             receipt-refused              the SMS code's receipt is not for this, or too old
├── CapabilityRefused          capability-refused           not ours, forged, or expired
│   └── CapabilityOfAnother    operation-not-found          another operation's: told as unknown (A40)
├── SessionRefused             operation-not-found          not the session of the claim: told likewise (A40)
├── ClaimedElsewhere           operation-claimed-elsewhere  another card service's one-time key holds it
├── PairingCodeRefused         pairing-code-refused         unknown, used or late
├── TooManyAttempts            too-many-attempts            guessing is limited
├── HolderFrozen               holder-frozen                "it was not me" was pressed
├── RemoteUnlockOff            remote-unlock-off            the holder wants no unlock from afar
├── Held                       72 hours after a change; `until`
│   ├── PhoneJustChanged       phone-just-changed           word and SMS alone do not unlock yet (A10)
│   └── RemoteUnlockJustAllowed  remote-unlock-just-allowed  allowed again by the holder
├── LoginRefused               the refusal's own code       the card's token was not accepted
├── SignatureRefused           the refusal's own code       the card's signature was not accepted
├── ConfirmationWrong          confirmation-wrong           not the number behind a typed code; tries are left
├── NotIdentified              release-not-identified       the enrolled card was not identified: claim again
└── ReleaseRefused             vault's own code             budget, reserve, manual …: see vault.errors
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class OperationError(Exception):
    """Root of all refusals. `code` is the slug on the wire and in docs/errors.md; `status` the HTTP
    status.
    """

    code: ClassVar[str] = "operation-error"
    status: ClassVar[int] = 409

    def __init__(self, state: str | None = None) -> None:
        super().__init__(self.code)
        self.state = state


class OperationNotFound(OperationError):
    """No such operation for this browser or bearer."""

    code = "operation-not-found"
    status = 404


class OperationOpenElsewhere(OperationError):
    """The card has an open operation, begun in another browser or session."""

    code = "operation-open"


class OperationState(OperationError):
    """The table of states has no such move from here."""

    code = "operation-state"


class OperationExpired(OperationError):
    """The operation's life is over."""

    code = "operation-expired"
    status = 410


class ReceiptRefused(OperationError):
    """The receipt is forged, late, or of another operation."""

    code = "receipt-refused"
    status = 403


class CapabilityRefused(OperationError):
    """The capability is not ours, forged or expired."""

    code = "capability-refused"
    status = 401


class CapabilityOfAnother(CapabilityRefused):
    """The capability is ours and good, and for another operation: "no such operation" (A40)."""

    code = "operation-not-found"
    status = 404


class SessionRefused(OperationError):
    """The session is not the one this operation's claim was answered with: "no such operation" (A40)."""

    code = "operation-not-found"
    status = 404


class ClaimedElsewhere(OperationError):
    """Another one-time key claimed the operation first."""

    code = "operation-claimed-elsewhere"


class PairingCodeRefused(OperationError):
    """Unknown, used or late code."""

    code = "pairing-code-refused"
    status = 403


class TooManyAttempts(OperationError):
    """The hourly limit is reached."""

    code = "too-many-attempts"
    status = 429


class HolderFrozen(OperationError):
    """The account is frozen."""

    code = "holder-frozen"
    status = 403


class RemoteUnlockOff(OperationError):
    """The holder's own choice, on the page of personal data."""

    code = "remote-unlock-off"
    status = 403


class Held(OperationError):
    """Not before `until`."""

    status = 403

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class PhoneJustChanged(Held):
    """By whomever: the number's owner may not be the holder."""

    code = "phone-just-changed"


class RemoteUnlockJustAllowed(Held):
    """Whoever allowed it may not be the holder."""

    code = "remote-unlock-just-allowed"


class LoginRefused(OperationError):
    """The token was not accepted; `code` says why, and the operation has failed."""

    status = 403

    def __init__(self, code: str, state: str | None = None) -> None:
        super().__init__(state)
        self.code = code  # type: ignore[misc]  # the refusal's code takes the class's place
        self.args = (code,)


class SignatureRefused(OperationError):
    """The signature was not accepted; `code` says why, and the operation has failed."""

    status = 403

    def __init__(self, code: str, state: str | None = None) -> None:
        super().__init__(state)
        self.code = code  # type: ignore[misc]  # the refusal's code takes the class's place
        self.args = (code,)


class ConfirmationWrong(OperationError):
    """Not the number that the card service showed."""

    code = "confirmation-wrong"
    status = 422


class NotIdentified(OperationError):
    """The last claim saw no card, or another one."""

    code = "release-not-identified"


class ReleaseRefused(OperationError):
    """The vault released nothing; `code` is the vault's."""

    def __init__(self, code: str, state: str | None = None) -> None:
        super().__init__(state)
        self.code = code  # type: ignore[misc]  # the vault's code takes the class's place
        self.args = (code,)

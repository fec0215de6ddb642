"""What the vault raises, and why it releases nothing.

VaultError
├── VaultIntegrityError   vault-integrity    a row was altered, swapped or rolled back: alarm
├── SecretUnknown         secret-unknown     no secret was adopted for this card
├── SecretKnown           secret-known       a secret is adopted already; it is never replaced silently (R1)
├── PukMalformed          puk-malformed      not a PUK of this family
├── FenceStale            fence-stale        a newer release exists: this worker may not commit (R9)
├── NoSuchMove            vault-move         the table of states has no such move: a fault of ours
├── OverrideRefused       override-refused   not two different people, or nothing to override
├── ReceiptInvalid        receipt-refused    no proof of the holder's word for this operation and card
├── ManagementKeyUnknown  management-key-unknown  the card has no management key of ours that it proved
├── ManagementKeyLeft     management-key-kept     it was proved: it leaves the vault no more
└── InsideTransaction     vault-transaction  asked before the intent was committed: a fault of ours

A refusal to release is not raised, because what led to it must be committed: see services.Refused and
RefusalCode.
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class VaultError(Exception):
    """Root. `code` is the stable slug; no message carries a secret."""

    code: ClassVar[str] = "vault-error"


class VaultIntegrityError(VaultError):
    """The card's rows do not authenticate. `what` names the check that failed, never a value."""

    code = "vault-integrity"

    def __init__(self, card_ref: str, what: str) -> None:
        super().__init__(f"{card_ref}: {what}")
        self.card_ref = card_ref
        self.what = what


class SecretUnknown(VaultError):
    """No secret for this card."""

    code = "secret-unknown"


class SecretKnown(VaultError):
    """This card has a secret already."""

    code = "secret-known"


class PukMalformed(VaultError):
    """Length or alphabet is not the family's."""

    code = "puk-malformed"


class FenceStale(VaultError):
    """The fence is not the newest one of the card, or not of this operation."""

    code = "fence-stale"


class NoSuchMove(VaultError):
    """A move that the table does not have."""

    code = "vault-move"

    def __init__(self, state: str | None, trigger: str, target: str) -> None:
        super().__init__(f"{state} --{trigger}--> {target}")


class OverrideRefused(VaultError):
    """The second person is the first, or there is nothing to approve."""

    code = "override-refused"


class ReceiptInvalid(VaultError):
    """Forged, late, or of another operation or card."""

    code = "receipt-refused"


class ManagementKeyUnknown(VaultError):
    """None was made, or none was proved, or it is of another cipher."""

    code = "management-key-unknown"


class ManagementKeyLeft(VaultError):
    """The card has it: nobody needs to be told it again."""

    code = "management-key-kept"


class InsideTransaction(VaultError):
    """seal_release() was called with a transaction open: the intent is not on disk yet."""

    code = "vault-transaction"


class RefusalCode(StrEnum):
    """Why arm() released nothing; rows of docs/errors.md."""

    RECEIPT = "receipt-refused"
    CARD_BUDGET = "vault-card-budget"
    GLOBAL_BUDGET = "vault-global-budget"
    BUSY = "vault-busy"
    PUK_EXHAUSTED = "puk-exhausted"
    MANUAL = "vault-manual"
    NOT_IDENTIFIED = "release-not-identified"

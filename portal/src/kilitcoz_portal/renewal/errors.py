"""Why a card's certificates are not renewed at home.

OperationError
├── RenewalNotOffered    renewal-not-offered    not in this installation, not for this family, not this card
├── NothingToRenew       renewal-nothing        no certificate of this card is in use
├── NotDue               renewal-not-due        too long before the end; `until` says from when
├── RenewedOften         renewal-used-up        renewed as often as may be
├── KeyUnproved          renewal-key-unproved   not a key that was wanted, or not its own signature
├── TooManyAnswers       too-many-attempts      the management key answered often enough for one operation
└── AuthorityRefused     the authority's code   ca-unavailable …: see ca.errors
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.operations.errors import OperationError


class RenewalNotOffered(OperationError):
    """KILITCOZ_RENEWAL_DAYS is 0; or the card has no 9E, or its management key is not in the vault."""

    code = "renewal-not-offered"


class NothingToRenew(OperationError):
    """Only what is valid is renewed: not what waits, is suspended, revoked or expired."""

    code = "renewal-nothing"


class NotDue(OperationError):
    """Earlier than KILITCOZ_RENEWAL_DAYS before the end."""

    code = "renewal-not-due"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class RenewedOften(OperationError):
    """KILITCOZ_RENEWAL_TIMES: then who it is must be looked at again."""

    code = "renewal-used-up"


class KeyUnproved(OperationError):
    """Nothing is certified for it."""

    code = "renewal-key-unproved"
    status = 422


class TooManyAnswers(OperationError):
    """Each is one more authentication of the card."""

    code = "too-many-attempts"
    status = 429


class AuthorityRefused(OperationError):
    """`code` is the authority's, or certificates'; the keys stay where they are and the renewal is gone on
    with.
    """

    status = 503

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc]  # the refusal's own code takes the class's place
        self.args = (code,)

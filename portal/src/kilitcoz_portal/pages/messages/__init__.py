"""Every code that a holder can meet on the portal's pages: its title, what happened, what to do next.

The rows are literal tables, Turkish as msgid, English in locale/en; docs/errors.md has a row for each, held
by a test. `%(call_centre)s` stands for the call centre's number, `%(deed)s` for the operation's button.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.pages.messages import card_login
from kilitcoz_portal.pages.messages.account import ACCOUNT
from kilitcoz_portal.pages.messages.activation import ACTIVATION, IN_AN_ACTIVATION
from kilitcoz_portal.pages.messages.application import APPLICATION
from kilitcoz_portal.pages.messages.certificate import CERTIFICATE
from kilitcoz_portal.pages.messages.loss import LOSS
from kilitcoz_portal.pages.messages.oidc import OIDC
from kilitcoz_portal.pages.messages.operation import OPERATION
from kilitcoz_portal.pages.messages.passkey import PASSKEY
from kilitcoz_portal.pages.messages.public_status import PUBLIC_STATUS
from kilitcoz_portal.pages.messages.renewal import IN_A_RENEWAL, RENEWAL
from kilitcoz_portal.pages.messages.row import Message
from kilitcoz_portal.pages.messages.sign import IN_A_SIGNATURE, SIGN
from kilitcoz_portal.pages.messages.sign_in import SIGN_IN
from kilitcoz_portal.pages.messages.states import STATES
from kilitcoz_portal.pages.messages.word import WORD

MESSAGES: dict[str, Message] = {
    **SIGN_IN,
    **WORD,
    **PASSKEY,
    **CERTIFICATE,
    **OIDC,
    **OPERATION,
    **ACTIVATION,
    **RENEWAL,
    **ACCOUNT,
    **APPLICATION,
    **LOSS,
    **STATES,
    **PUBLIC_STATUS,
    **SIGN,
    **card_login.OWN,
}
FALLBACK, FALLBACK_OF_LOGIN = "operation-failed", "login-failed"

#: Rows that mean the same in a login as anywhere.
_OF_LOGIN = {**CERTIFICATE, **card_login.OWN, **card_login.IN_A_LOGIN}
_ENDINGS_OF_LOGIN = {State.EXPIRED: "operation-expired", State.CANCELLED: "operation-cancelled"}


#: Rows that an operation of this kind tells in its own words.
_OF_KIND: dict[str, dict[str, Message]] = {
    OperationKind.ACTIVATE: IN_AN_ACTIVATION,
    OperationKind.RENEW: IN_A_RENEWAL,
    OperationKind.SIGN: IN_A_SIGNATURE,
}
_DEEDS: dict[str, str | Promise] = {
    OperationKind.ACTIVATE: _("Kullanıma Aç"),
    OperationKind.RENEW: _("Sertifikamı Yenile"),
    OperationKind.SIGN: _("E-Onay"),
}
_UNLOCK = _("Kilit Çözme")


@dataclass(frozen=True)
class Told:
    """A row in the visitor's language, with the installation's call centre in it."""

    code: str
    title: str
    happened: str
    next_step: str
    again: bool


def tell(code: str, kind: str = OperationKind.UNLOCK) -> Told:
    """What to tell the holder about `code`, in an operation of this kind where it is one's; a code without a
    row is told as `operation-failed`, under its own name.
    """
    rows = MESSAGES | _OF_KIND.get(kind, {})
    return _told(code, rows.get(code, rows[FALLBACK]), kind)


def tell_of_login(code: str) -> Told:
    """The same for a login by card, in its own words; without a row, as `login-failed`."""
    return _told(code, _OF_LOGIN.get(code, card_login.OWN[FALLBACK_OF_LOGIN]))


def ending_of_login(state: str, code: str) -> Told:
    """How a login ended that signed nobody in; a succeeded one that was not completed in time has expired."""
    if state == State.FAILED:
        return tell_of_login(code)
    return tell_of_login(_ENDINGS_OF_LOGIN.get(State(state), "operation-expired"))


def _told(code: str, row: Message, kind: str = OperationKind.UNLOCK) -> Told:
    names = {"call_centre": settings.KILITCOZ_CALL_CENTRE, "deed": str(_DEEDS.get(kind, _UNLOCK))}
    return Told(
        code, str(row.title) % names, str(row.happened) % names, str(row.next_step) % names, row.again
    )

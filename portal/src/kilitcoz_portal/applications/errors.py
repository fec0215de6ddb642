"""What can be wrong with an application, beside its entries (holders.errors).

ApplicationError (an EntryError: has a `field`, and a stable `code`)
├── ApplicationUnknown      application-unknown       none with this number
├── ApplicationOpen         application-open          this person has one that is under way
├── ApplicationsSlowed      application-slowed        too many from this network or for this number
├── StepImpossible          application-step          it is not in a state in which this can be done
├── FormUnsigned            application-unsigned      the signed form must lie before who checks
├── PassportUnread          application-passport      who checks names the country that issued the passport
├── FormMissing             application-form-missing  a new holder needs the word of a printed form
├── FormBusy                application-busy          too many words at once are being made
├── PrintedTooOften         application-prints-used   the applicant printed it as often as is allowed
├── SamePerson              application-same-person   who checked cannot approve
├── ContactsDiffer          application-contacts      it names another phone or e-mail than the holder's
├── ReasonUnknown           application-reason        no reason of this name
├── ChoiceUnknown           application-choice        a kind or a language that there is not
├── PaymentSettled          application-payment       paid or waived already
└── CardForeign             application-card          the card is another holder's
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar

from kilitcoz_portal.holders.errors import EntryError


class ApplicationError(EntryError):
    """Root."""

    code: ClassVar[str] = "application-error"
    field: ClassVar[str] = "number"


class ApplicationUnknown(ApplicationError):
    """Also where the number is another person's: not told apart."""

    code = "application-unknown"


class ApplicationOpen(ApplicationError):
    """One at a time; a stranger's unchecked claim does not count."""

    code = "application-open"
    field = "id_number"


class ApplicationsSlowed(ApplicationError):
    """Nothing was kept."""

    code = "application-slowed"
    field = "id_number"


class StepImpossible(ApplicationError):
    """See states.TABLE."""

    code = "application-step"


class FormUnsigned(ApplicationError):
    """No signature is needed after E-Onay; otherwise who checks says that it is there."""

    code = "application-unsigned"


class PassportUnread(ApplicationError):
    """A certificate names the passport's country (ETSI EN 319 412-1, 5.1.3)."""

    code = "application-passport"
    field = "passport_of"


class FormMissing(ApplicationError):
    """Without a printed form nobody knows the holder's security word."""

    code = "application-form-missing"


class FormBusy(ApplicationError):
    """Nothing was made; the word before, if there is one, stays."""

    code = "application-busy"


class PrintedTooOften(ApplicationError):
    """Each print costs a hash and voids the word before."""

    code = "application-prints-used"


class SamePerson(ApplicationError):
    """Two people, however the name is written."""

    code = "application-same-person"
    field = "by"


class ContactsDiffer(ApplicationError):
    """A10: no application moves a known holder's phone or e-mail."""

    code = "application-contacts"
    field = "phone"


class ReasonUnknown(ApplicationError):
    """See reasons.Reason."""

    code = "application-reason"
    field = "reason"


class ChoiceUnknown(ApplicationError):
    """`field` says which."""

    code = "application-choice"

    def __init__(self, field: str) -> None:
        self.field = field  # type: ignore[misc]  # of this one error, not of its class
        super().__init__()


class PaymentSettled(ApplicationError):
    """Once is enough."""

    code = "application-payment"


class CardForeign(ApplicationError):
    """A card for this application is its holder's."""

    code = "application-card"
    field = "card"

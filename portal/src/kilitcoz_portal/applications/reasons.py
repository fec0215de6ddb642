"""Why applications are refused, and why they end without a card: a closed list, so that each can be told
kindly (pages.messages.application) and no registrar's free text reaches a page.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A registrar's reasons of refusal."""

    IDENTITY = "identity-differs"  # the data are not those of the identity document
    FORM = "form-unsigned"  # the form did not come, or is not signed
    CONTACT = "contact-unreachable"  # the phone or the e-mail is not the applicant's
    PAYMENT = "not-paid"
    AUTHORITY = "not-authorised"  # the institution does not know of it
    ABSENT = "not-appeared"  # the applicant did not come to be identified


class Ending(StrEnum):
    """Why one was withdrawn."""

    WISH = "by-applicant"
    ANOTHER = "another-checked"  # another application of the same person was checked
    LATE = "too-old"

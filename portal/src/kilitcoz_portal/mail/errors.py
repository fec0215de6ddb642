"""What can keep an e-mail from being queued.

MailError
├── MailNotOffered     mail-not-offered     this installation sends no e-mail
└── AddressNotAllowed  address-not-allowed  not an e-mail address
"""
# ruff: noqa: N818 -- the names say what is wrong

from typing import ClassVar


class MailError(Exception):
    """An e-mail was not queued; `code` is the row of docs/errors.md. Never carries address or text."""

    code: ClassVar[str]


class MailNotOffered(MailError):
    """No mail server is configured."""

    code = "mail-not-offered"


class AddressNotAllowed(MailError):
    """What stands there is no e-mail address."""

    code = "address-not-allowed"

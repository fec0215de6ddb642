"""What can keep a message from being sent.

SmsError
├── PhoneNotAllowed     phone-not-allowed   not a mobile number of a country the installation sends to
└── GatewayUnavailable  sms-not-accepted    the gateway did not take the message; it may be asked again
"""
# ruff: noqa: N818 -- the names say what is wrong

from typing import ClassVar


class SmsError(Exception):
    """A message was not sent; `code` is the row of docs/errors.md. Never carries the number or the text."""

    code: ClassVar[str]


class PhoneNotAllowed(SmsError):
    """The number is no mobile, or not of an allowed country."""

    code = "phone-not-allowed"


class GatewayUnavailable(SmsError):
    """The gateway refused, or could not be reached: nothing was accepted, so nothing was sent."""

    code = "sms-not-accepted"

"""What can keep a message from being queued.

SmsError
├── PhoneNotAllowed   phone-not-allowed    not a mobile number of a country the installation sends to
└── SmsBudgetReached  sms-budget-reached   the day's messages, or those to the prefix, are used up
"""
# ruff: noqa: N818 -- the names say what is wrong

from typing import ClassVar


class SmsError(Exception):
    """A message was not queued; `code` is the row of docs/errors.md. Never carries the number or the text."""

    code: ClassVar[str]


class PhoneNotAllowed(SmsError):
    """The number is no mobile, or not of an allowed country."""

    code = "phone-not-allowed"


class SmsBudgetReached(SmsError):
    """No more codes today, or to numbers of this prefix this hour."""

    code = "sms-budget-reached"

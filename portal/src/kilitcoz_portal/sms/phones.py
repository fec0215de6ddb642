"""Telephone numbers: which ones we send to, and how one is shown to a person who should recognise it.

Numbers are E.164 (`+905321234567`) everywhere inside. Which numbers are mobiles is phonenumbers'
(libphonenumber's) word.
"""

import phonenumbers
from django.conf import settings

from kilitcoz_portal.sms.errors import PhoneNotAllowed

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE,)


def require_sendable(phone: str) -> None:
    """Refuse what is not a valid mobile number of an allowed country. Raises PhoneNotAllowed."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        raise PhoneNotAllowed from None
    allowed = str(number.country_code) in settings.KILITCOZ_SMS_COUNTRIES
    if not (allowed and phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _MOBILE):
        raise PhoneNotAllowed


def written(phone: str, form: str) -> str:
    """An E.164 number as a gateway wants it: `e164` (+905321234567), `digits` (905321234567) or `national`
    (5321234567).
    """
    if form == "national":
        return str(phonenumbers.parse(phone, None).national_number)
    return phone.removeprefix("+") if form == "digits" else phone


def readable(phone: str) -> str:
    """`+90 532 123 45 67`, for the one who just typed it."""
    number = phonenumbers.parse(phone, None)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked(phone: str) -> str:
    """`+90 5•• ••• •• 67`: the country, the first digit and the last two, in groups as a Turkish number is
    read.
    """
    if not phone.startswith("+90") or len(phone) != 13:
        return f"{phone[:3]} ••• ••• {phone[-2:]}"
    return f"+90 {phone[3]}•• ••• •• {phone[-2:]}"

"""What our messages say, in the holder's language, each within one SMS (gsm.MAX_SEPTETS).

A code's text names its purpose and ends with the origin-bound line `@host #code`, so that browsers and phones
offer the code only on our own page. A long organisation name is cut, never the sentence after it.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from kilitcoz_portal.sms.gsm import MAX_SEPTETS, sendable, septets, shortened


def login_text(one_time_code: str, *, language: str) -> str:
    """The text that carries a login code (six digits)."""
    with translation.override(language):
        sentence = gettext("giriş kodunuz %(code)s. Kodu kimseye söylemeyin.") % {"code": one_time_code}
    return _from_us(sentence, _origin_bound_line(one_time_code))


def unlock_text(one_time_code: str, *, card_last_four: str, language: str) -> str:
    """The text that carries the code of one unlock; it names the card by the last four of its serial."""
    with translation.override(language):
        sentence = gettext("sonu %(card)s olan kartın kilidini açma kodu %(code)s. Kimseye söylemeyin.")
    filled = sentence % {"card": card_last_four, "code": one_time_code}
    return _from_us(filled, _origin_bound_line(one_time_code))


def first_pin_text(one_time_code: str, *, card_last_four: str, language: str) -> str:
    """The text that carries the code of a card's first PIN, likewise."""
    with translation.override(language):
        sentence = gettext("sonu %(card)s olan kartın ilk PIN'i için kod %(code)s. Kimseye söylemeyin.")
    filled = sentence % {"card": card_last_four, "code": one_time_code}
    return _from_us(filled, _origin_bound_line(one_time_code))


def renewal_text(one_time_code: str, *, card_last_four: str, language: str) -> str:
    """The text that carries the code of a renewal of a card's certificates, likewise."""
    with translation.override(language):
        sentence = gettext("sonu %(card)s olan kartı yenileme kodu %(code)s. Kimseye söylemeyin.")
    filled = sentence % {"card": card_last_four, "code": one_time_code}
    return _from_us(filled, _origin_bound_line(one_time_code))


def step_up_text(one_time_code: str, *, language: str) -> str:
    """The text that carries the code asked for before something that protects the account is changed."""
    with translation.override(language):
        sentence = gettext("hesap bilgilerinizi değiştirme kodunuz %(code)s. Kimseye söylemeyin.")
    return _from_us(sentence % {"code": one_time_code}, _origin_bound_line(one_time_code))


def new_phone_text(one_time_code: str, *, language: str) -> str:
    """The text that carries a code to a number that is to become a holder's; it names nobody."""
    with translation.override(language):
        sentence = gettext("bu numarayı hesabınıza ekleme kodunuz %(code)s. Kimseye söylemeyin.")
    return _from_us(sentence % {"code": one_time_code}, _origin_bound_line(one_time_code))


def recovery_text(one_time_code: str, *, language: str) -> str:
    """The text that carries the code asked for before a forgotten security word is made anew."""
    with translation.override(language):
        sentence = gettext("güvenlik sözcüğünüzü yenileme kodunuz %(code)s. Kimseye söylemeyin.")
    return _from_us(sentence % {"code": one_time_code}, _origin_bound_line(one_time_code))


def loss_text(one_time_code: str, *, language: str) -> str:
    """The text that carries the code asked for before a lost card's certificates are suspended."""
    with translation.override(language):
        sentence = gettext("sertifikalarınızı askıya alma kodunuz %(code)s. Kimseye söylemeyin.")
    return _from_us(sentence % {"code": one_time_code}, _origin_bound_line(one_time_code))


def from_us(sentence: str) -> str:
    """`Organisation: sentence`, for a text without a code."""
    return _from_us(sentence, "")


def _origin_bound_line(one_time_code: str) -> str:
    host = urlsplit(settings.KILITCOZ_ORIGIN).hostname or ""
    return f"\n\n@{host} #{one_time_code}"


def _from_us(sentence: str, last_line: str) -> str:
    """`Organisation: sentence` and the last line, the organisation's name cut to the room that the rest
    leaves.
    """
    rest = f"{sendable(sentence)}{last_line}"
    name = shortened(sendable(settings.KILITCOZ_ORGANISATION), MAX_SEPTETS - septets(rest) - len(": "))
    return f"{name}: {rest}" if name else rest

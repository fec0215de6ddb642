"""Is there a person, or at least an honest computer? Three ways to answer one check: picture, sound, proof of
work.

A check belongs to one browser, lives five minutes and is answered once, rightly or wrongly. Letters and
digits that look alike, or sound alike in Turkish or in English, are not used. The proof of work (altcha,
PBKDF2) is for who can neither see nor hear it (WCAG 2.2, SC 3.3.8).
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import altcha
from captcha.image import ImageCaptcha, random_color
from django.conf import settings
from django.db.models import F, QuerySet

from kilitcoz_portal.signin.errors import HumanCheckFailed, HumanCheckLate
from kilitcoz_portal.signin.models import HumanCheck
from kilitcoz_portal.signin.speech import speak

LIFE = timedelta(minutes=5)
PICTURE_LETTERS = "ACEFHKNPRTXY3479"
PICTURE_LENGTH = 5
SPOKEN_LETTERS = "AEFHKMNRTY012346789"  # without 5, which is heard as nine
SPOKEN_LENGTH = 5
RENDERINGS_ALLOWED = 6
PICTURE_SIZE = (240, 90)
_PAPER = (255, 255, 255)

# About a thousand derivations of 5,000 rounds: two seconds of a desktop computer, ten of an old telephone.
_WORK_ROUNDS = 5_000
_WORK_AT_LEAST, _WORK_SPREAD = 600, 800


class _DarkPicture(ImageCaptcha):
    """The library makes dark letters transparent; ours stay dark, so that weak eyes can read them."""

    lookup_table = [min(255, level * 5) for level in range(256)]  # noqa: RUF012 - the library's attribute


def new_check(browser: str, now: datetime) -> HumanCheck:
    """A fresh check for this browser."""
    return HumanCheck.objects.create(
        id=secrets.token_urlsafe(16),
        browser=browser,
        picture_text=_random_text(PICTURE_LETTERS, PICTURE_LENGTH),
        spoken_text=_random_text(SPOKEN_LETTERS, SPOKEN_LENGTH),
        expires_at=now + LIFE,
    )


def is_open(check_id: str, browser: str, now: datetime) -> bool:
    """Whether this browser may still answer this check."""
    return _open_checks(check_id, browser, now).exists()


def picture(check_id: str, browser: str, now: datetime) -> bytes:
    """The check's picture (PNG). Raises HumanCheckLate."""
    check = _for_rendering(check_id, browser, now)
    width, height = PICTURE_SIZE
    image = _DarkPicture(width=width, height=height, font_sizes=(54, 60, 64))
    return image.generate(check.picture_text, bg_color=_PAPER, fg_color=random_color(20, 90, 255)).getvalue()


def sound(check_id: str, browser: str, language: str, now: datetime) -> bytes:
    """The check's letters and digits, spoken in the language of the page (WAV). Raises HumanCheckLate."""
    check = _for_rendering(check_id, browser, now)
    return speak(check.spoken_text, language)


def work(check_id: str, browser: str, now: datetime) -> dict[str, Any]:
    """The check's proof-of-work challenge (altcha v2), for the page's worker. Raises HumanCheckLate."""
    check = _for_rendering(check_id, browser, now)
    challenge = altcha.create_challenge(
        "PBKDF2/SHA-256",
        _WORK_ROUNDS,
        counter=_WORK_AT_LEAST + secrets.randbelow(_WORK_SPREAD),
        data={"check": check.pk},
        hmac_secret=_work_key(),
    )
    return challenge.to_dict()


def pass_check(check_id: str, browser: str, *, answer: str, proof: str, now: datetime) -> bool:
    """Use up the check; return when `answer` is the picture's text or the spoken one, or `proof` solves its
    work.

    True where it was the work. Raises HumanCheckLate (used, late, another browser's), HumanCheckFailed.
    """
    if _open_checks(check_id, browser, now).update(used_at=now) != 1:
        raise HumanCheckLate
    check = HumanCheck.objects.get(pk=check_id)
    proved = bool(proof) and _proves(check, proof)
    if not proved and not _answers(check, answer):
        raise HumanCheckFailed
    return proved


def give_back(check_id: str, browser: str) -> None:
    """What the check was passed for was not looked at: it may be answered once more."""
    HumanCheck.objects.filter(pk=check_id, browser=browser).update(used_at=None)


def forget_old(now: datetime) -> None:
    """Clear away checks that nobody can answer any more."""
    HumanCheck.objects.filter(expires_at__lt=now).delete()


def _answers(check: HumanCheck, answer: str) -> bool:
    typed = "".join(answer.split()).upper().replace("O", "0").encode()  # there is no letter O
    as_seen = hmac.compare_digest(typed, check.picture_text.encode())
    as_heard = hmac.compare_digest(typed, check.spoken_text.encode())
    return as_seen or as_heard


def _proves(check: HumanCheck, proof: str) -> bool:
    """Signed by us, solved, and made for this very check."""
    if not altcha.verify_solution(proof, _work_key()).verified:
        return False
    parameters = altcha.Payload.from_base64(proof).challenge.parameters
    return (parameters.data or {}).get("check") == check.pk


def _open_checks(check_id: str, browser: str, now: datetime) -> QuerySet[HumanCheck]:
    return HumanCheck.objects.filter(pk=check_id, browser=browser, used_at=None, expires_at__gt=now)


def _for_rendering(check_id: str, browser: str, now: datetime) -> HumanCheck:
    unworn = _open_checks(check_id, browser, now).filter(renderings__lt=RENDERINGS_ALLOWED)
    if unworn.update(renderings=F("renderings") + 1) != 1:
        raise HumanCheckLate
    return HumanCheck.objects.get(pk=check_id)


def _work_key() -> str:
    return f"kilitcoz.signin.work.{settings.SECRET_KEY}"


def _random_text(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))

"""The e-mail of a recovery: a code (NIST SP 800-63B-4, 4.2.1.2: an issued recovery code), sent only to who
names the application's number, so that strangers fill nobody's mailbox.

Whether it was sent shows nowhere: the work is the same for every number that is not the holder's own.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import recovery_texts as texts
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.signin import allowances, tries, word_release
from kilitcoz_portal.signin.models import WordRecovery

PURPOSE = "word"
LIFE = timedelta(minutes=30)
ASKED_PER_RECOVERY = 3
DAY = timedelta(days=1)
ASKED_PER_NUMBER = 30  # in a day, from everywhere: application numbers are not secret enough to be guessed at
SENT_PER_HOLDER = 3  # in a day


def send(recovery: WordRecovery, application_number: str, now: datetime, *, page: str, language: str) -> str:
    """The code that was sent; empty where none was. `page`: the address at which it is typed."""
    asked = allowances.take(f"word-letter:{recovery.subject}", ASKED_PER_NUMBER, DAY, now)
    holder = recovery.holder
    known = holder.application_number if holder else ""
    right = hmac.compare_digest(_form(application_number), _form(known)) and bool(known)
    if not (holder and asked and right and holder.email and mail.is_offered()):
        return ""
    if not allowances.take(f"word-letters-of:{holder.pk}", SENT_PER_HOLDER, DAY, now):
        return ""
    return _send(holder, recovery.subject, now, page, holders.message_language(holder, language))


def _send(holder: Holder, subject: str, now: datetime, page: str, language: str) -> str:
    """A word that was closed for good is the call centre's to open: the letter says so, without a code."""
    code = "" if tries.is_closed_for_good(subject) else word_release.random_code()
    text = texts.letter(code, page, language) if code else texts.closed_letter(language)
    mail.queue_code(holder.email, texts.subject(language), text, purpose=PURPOSE, now=now)
    audit.record(Event.WORD_LETTER_SENT, now=now, holder_id=holder.pk, detail={"code": bool(code)})
    return code


def _form(application_number: str) -> bytes:
    """As people type it: in any case, with or without its hyphens, slashes and spaces."""
    return "".join(each for each in application_number.upper() if each.isalnum()).encode()

"""The application form as a PDF, with the security word in a part to tear off.

The word exists while the form is made: its Argon2id hash is stored, the PDF goes to who asked for it, and
neither is kept. Each print makes another word and voids the one before, and the paper says so.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from kilitcoz_portal.applications.errors import FormBusy, PrintedTooOften, StepImpossible
from kilitcoz_portal.applications.form_texts import form_values
from kilitcoz_portal.applications.models import Application, Source, State
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail, record
from kilitcoz_portal.documents import pdf
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders import security_word, turns

FORM = Path(__file__).with_name("form.typ")
PRINTABLE = (State.RECEIVED, State.CHECKED)  # after approval a new word is the call centre's to make
PRINTS_BY_APPLICANT = 5


@sensitive_variables("word")
def print_form(application: Application, now: datetime, *, by: str = "") -> bytes:
    """The form. `by`: who of the staff prints it; empty: the applicant.

    Raises StepImpossible, PrintedTooOften, FormBusy; documents.errors.DocumentError.
    """
    if application.state not in PRINTABLE:
        raise StepImpossible
    if not by and application.prints >= PRINTS_BY_APPLICANT:
        raise PrintedTooOften
    word = security_word.make() if _gets_word(application, by) else ""
    _keep(application, _hash(word, by), now, by)
    return pdf.render(FORM, form_values(application, word, now), now=now)


def _gets_word(application: Application, by: str) -> bool:
    """A known holder keeps the word they have. Where strangers print, all get one: no paper tells them who
    is a holder.
    """
    if application.source == Source.STRANGER and not by:
        return True
    return holders.by_id_number(application.id_number) is None


@sensitive_variables("word")
def _hash(word: str, by: str) -> str:
    """Staff goes first; applicants wait among the strangers."""
    if not word:
        return ""
    try:
        return security_word.hash_word(word, turns.FIRST if by else turns.OTHERS)
    except turns.Crowded:
        raise FormBusy from None


def _keep(application: Application, word_hash: str, now: datetime, by: str) -> None:
    """Of two prints at once, one is made: the other's word would be void before it is read."""
    with transaction.atomic():
        rows = Application.objects.filter(pk=application.pk, state__in=PRINTABLE, prints=application.prints)
        seen_by = by if word_hash else ""
        if (
            rows.update(prints=F("prints") + 1, printed_at=now, word_hash=word_hash, word_seen_by=seen_by)
            != 1
        ):
            raise StepImpossible
        application.refresh_from_db()
        detail: Detail = {"number_end": application.number[-4:], "print": application.prints, "by": by}
        detail["word"] = bool(word_hash)
        record(Event.APPLICATION_PRINTED, now=now, holder_id=application.holder_id, detail=detail)

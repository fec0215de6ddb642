"""From an approved application to its holder: a new one, or one we know, whose contacts and word stay.

A10: whoever can get an application approved must not thereby move a holder's phone, where codes go, nor the
e-mail and the application number, by which a forgotten word is recovered, nor the word itself. A phone
changes only by its own ways, which tell the old one and wait 72 hours (holders.holds).
"""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.applications.errors import ContactsDiffer, FormMissing
from kilitcoz_portal.applications.models import Application, Source
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders import services as enrolling
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.new_word import TEMPORARY_FOR


def enrol(application: Application, now: datetime, *, keep_contacts: bool) -> Holder:
    """In the transaction of the approval. Raises HolderFrozen, ContactsDiffer, FormMissing."""
    known = holders.by_id_number(application.id_number)
    if known is None:
        return _new(application, now)
    holder = freezing.locked_open(known.pk)
    if differs(application, holder) and not keep_contacts:
        raise ContactsDiffer
    own = application.source == Source.HOLDER and application.holder_id == holder.pk
    number = application.number if own else holder.application_number
    named = enrolling.Identity(application.name, application.surname, application.passport_of)
    enrolling.update_from_application(holder, named, number, now)
    return holder


def differs(application: Application, holder: Holder) -> bool:
    """Whether it names a phone or an e-mail that is not the holder's; naming no e-mail differs from none.
    A signed-in holder's own names the account's: what changed since then changed by its own ways.
    """
    if application.source == Source.HOLDER:
        return False
    other_email = bool(application.email) and application.email != holder.email
    return application.phone != holder.phone or other_email


def _new(application: Application, now: datetime) -> Holder:
    """The word is the one on the form; where staff printed it, it is to be changed at the first login."""
    if not application.word_hash:
        raise FormMissing
    holder = Holder(
        id_number=application.id_number,
        id_kind=application.id_kind,
        name=application.name,
        surname=application.surname,
        passport_of=application.passport_of,
        phone=application.phone,
        email=application.email,
        application_number=application.number,
        language=application.language,
        security_word_hash=application.word_hash,
        word_expires_at=now + TEMPORARY_FOR if application.word_seen_by else None,
        created_at=now,
    )
    enrolling.add_checked(holder, now)
    return holder

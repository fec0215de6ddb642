"""The verbs: prepare, begin, give, withdraw. What takes the network or a long computation stands between
transactions; each write is one.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from kilitcoz_cards import signed_attributes
from kilitcoz_cards.messages import ResultAnswer, b64u_encode
from kilitcoz_portal.approval import pades, papers, signatures, signed_data, signers
from kilitcoz_portal.approval.errors import (
    ConsentGivenAlready,
    ConsentNotFound,
    NotOffered,
    SignatureUnexpected,
)
from kilitcoz_portal.approval.models import Consent, Level, State
from kilitcoz_portal.approval.signers import Signer
from kilitcoz_portal.approval.texts import CURRENT, current
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import NOTHING_MORE, About
from kilitcoz_portal.operations import signatures as operations
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.signatures import Presented, ToSign

PREPARED_KEPT = timedelta(days=1)


def is_offered() -> bool:
    """Whether this installation has a time-stamping authority."""
    return bool(settings.KILITCOZ_TSA_URL)


def prepare(holder: Holder, signer: Signer, language: str, now: datetime) -> Consent:
    """The text as a PDF with room for a signature by this certificate; nobody has consented yet.

    May take the network: not inside a transaction. Raises NotOffered, ConsentGivenAlready, DocumentError, and
    as signers.require_usable.
    """
    _require_room(holder)
    signers.require_usable(holder, signer.certificate, now)
    algorithm = signatures.algorithm_of(signer.certificate)
    document = papers.render(holder, language, now)
    title = current(language).title
    ready = pades.prepare(document, signer=holder.name, reason=title, hash_name=algorithm.hash_name, now=now)
    return Consent.objects.create(
        id=b64u_encode(secrets.token_bytes(16)),
        holder=holder,
        card=signer.card,
        version=CURRENT,
        language=language,
        state=State.PREPARED,
        prepared_at=now,
        prepared=ready.pdf,
        document_length=len(document),
        region_start=ready.start,
        region_end=ready.end,
        document_hash=ready.document_hash,
        attributes=signed_attributes.make(ready.document_hash, signer.certificate),
        certificate=signer.certificate,
        algorithm=algorithm,
    )


def begin(consent: Consent, browser: str, now: datetime) -> Operation:
    """The operation by which the card signs it. Raises OperationError."""
    title = f"{current(consent.language).title} – {consent.holder.name}"[:120]
    to_sign = ToSign(consent.pk, title, bytes(consent.document_hash), bytes(consent.certificate))
    return operations.start(consent.holder, consent.card, to_sign, browser, consent.language, now)


def check(presented: Presented, now: datetime) -> None:
    """Whether the presented signature is the awaited one, by a certificate that may sign. May take the
    network. Raises SignatureUnexpected, SignatureWrong, and as signers.require_usable.
    """
    signatures.check(_awaiting(presented.subject), presented.signature, now)


def give(presented: Presented, now: datetime) -> ResultAnswer:
    """A checked signature: the consent is in force from now on. Asked again with the same one, nothing
    happens twice.

    Raises SignatureUnexpected, ConsentGivenAlready, OperationError; nothing has changed then.
    """
    consent = _awaiting(presented.subject)
    signature = signatures.signature_of(consent, presented.signature, now)
    pdf = pades.embed(signatures.prepared_of(consent), signed_data.write(signature))
    try:
        with transaction.atomic(durable=True):
            answer = operations.accept(presented.operation_id, now)
            if _keep(consent, presented.signature, pdf, now):
                _tell_given(consent, presented.operation_id, now)
            return answer
    except IntegrityError:  # another consent of this holder was given at the same moment
        raise ConsentGivenAlready from None


def withdraw(holder: Holder, consent_id: str, now: datetime, about: About = NOTHING_MORE) -> None:
    """The holder's consent is not in force any more; withdrawn before: nothing changes. Raises
    ConsentNotFound.
    """
    with transaction.atomic():
        mine = Consent.objects.filter(pk=consent_id, holder=holder)
        if mine.filter(state=State.GIVEN).update(state=State.WITHDRAWN, withdrawn_at=now) == 1:
            _audit(Event.CONSENT_WITHDRAWN, holder, consent_id, now)
            notices.tell(holder, Kind.CONSENT_WITHDRAWN, now, about)
        elif not mine.filter(state=State.WITHDRAWN).exists():
            raise ConsentNotFound


def note_read(holder: Holder, consent_id: str, now: datetime) -> None:
    """The holder downloaded the signed document."""
    with transaction.atomic():
        _audit(Event.CONSENT_READ, holder, consent_id, now)


def forget_prepared(now: datetime) -> int:
    """Clear away what was prepared a day ago and never signed; how many there were."""
    old = Consent.objects.filter(state=State.PREPARED, prepared_at__lte=now - PREPARED_KEPT)
    return old.delete()[0]


def _require_room(holder: Holder) -> None:
    if not is_offered():
        raise NotOffered
    if Consent.objects.filter(holder=holder, state=State.GIVEN).exists():
        raise ConsentGivenAlready


def _awaiting(consent_id: str) -> Consent:
    """The consent whose signature came; given already, it may be the same signature once more. Raises
    SignatureUnexpected.
    """
    consent = Consent.objects.select_related("holder", "card").filter(pk=consent_id).first()
    if consent is None or consent.state == State.WITHDRAWN:
        raise SignatureUnexpected
    return consent


def _keep(consent: Consent, value: bytes, pdf: bytes, now: datetime) -> bool:
    """False where this signature was kept before."""
    mine = Consent.objects.filter(pk=consent.pk)
    kept = mine.filter(state=State.PREPARED).update(
        state=State.GIVEN, signed_at=now, signature=value, pdf=pdf, level=Level.B_B, stamp_due_at=now
    )
    if kept == 0 and not mine.filter(state=State.GIVEN, signature=value).exists():
        raise SignatureUnexpected
    return kept == 1


def _tell_given(consent: Consent, operation_id: str, now: datetime) -> None:
    record(
        Event.CONSENT_GIVEN,
        now=now,
        holder_id=consent.holder_id,
        card_id=consent.card_id,
        operation_id=operation_id,
        detail={"consent": consent.pk, "version": consent.version},
    )
    last_four = (consent.card.serial or consent.card.card_id)[-4:]
    about = About(card=last_four, operation_id=operation_id, language=consent.language)
    notices.tell(consent.holder, Kind.CONSENT_GIVEN, now, about)


def _audit(event: Event, holder: Holder, consent_id: str, now: datetime) -> None:
    record(event, now=now, holder_id=holder.pk, detail={"consent": consent_id})

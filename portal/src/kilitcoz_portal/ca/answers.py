"""OCSP answers as they are served: signed ahead where no nonce is asked for, made for the request where one
is. An answer that was signed ahead dies in the transaction in which the status changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.ocsp import OCSPResponseStatus
from django.db import transaction

from kilitcoz_portal.ca import authorities, lists, ocsp
from kilitcoz_portal.ca.models import Authority, Issued, ReadyAnswer, Status

_AT_LEAST_LEFT = ocsp.LIFE / 2  # an answer that is older than half its life is made anew


@dataclass(frozen=True)
class Answer:
    """DER, and until when it may be kept by caches; None: not at all."""

    der: bytes
    this_update: datetime | None = None
    next_update: datetime | None = None


def answer(raw: bytes, now: datetime) -> Answer:
    """To a request as it came. Never raises for what a stranger sends."""
    try:
        question = ocsp.read(raw)
    except ocsp.RequestMalformed:
        return Answer(ocsp.refusal(OCSPResponseStatus.MALFORMED_REQUEST))
    found = _asked(question)
    if found is None:
        return Answer(ocsp.refusal(OCSPResponseStatus.UNAUTHORIZED))
    issued = found.issued.filter(serial_number=f"{question.serial_number:x}").first()
    moment = now.replace(microsecond=0)
    if issued is None or question.nonce is not None:
        return Answer(ocsp.answer(question, state_of(issued), authorities.responder(found, now), moment))
    ready = _ready(issued, question, found, moment)
    return Answer(bytes(ready.der), ready.this_update, ready.next_update)


def state_of(issued: Issued | None) -> ocsp.State:
    """What there is to say of a certificate."""
    if issued is None:
        return ocsp.State(good=False)
    if issued.status == Status.GOOD:
        return ocsp.State(good=True)
    return ocsp.State(False, issued.status_at.replace(microsecond=0), lists.reason_of(issued))


def _ready(issued: Issued, question: ocsp.Question, found: Authority, now: datetime) -> ReadyAnswer:
    """The one that is there, or a new one, made with the certificate's row locked so that no status changes
    between reading and writing.
    """
    fresh = issued.answers.filter(hash_name=question.hash_name, next_update__gt=now + _AT_LEAST_LEFT).first()
    if fresh is not None:
        return fresh
    signer = authorities.responder(found, now)
    with transaction.atomic():
        row = Issued.objects.select_for_update().get(pk=issued.pk)
        der = ocsp.answer(question, state_of(row), signer, now)
        made, _ = ReadyAnswer.objects.update_or_create(
            issued=row,
            hash_name=question.hash_name,
            defaults={"der": der, "this_update": now, "next_update": now + ocsp.LIFE},
        )
    return made


def _asked(question: ocsp.Question) -> Authority | None:
    """The authority that the certID means (4.1.1), None for a stranger's."""
    return next((each for each in Authority.objects.all() if _is_of(question, each)), None)


def _is_of(question: ocsp.Question, found: Authority) -> bool:
    certificate = x509.load_der_x509_certificate(bytes(found.certificate))
    key = certificate.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    hashed = [
        hashlib.new(question.hash_name, part, usedforsecurity=False).digest()
        for part in (certificate.subject.public_bytes(), key)
    ]
    return hashed == [question.issuer_name_hash, question.issuer_key_hash]

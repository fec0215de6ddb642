"""OCSP answers as they are served: signed ahead where no nonce is asked for, made for the request where one
is. An answer that was signed ahead dies in the transaction in which the status changes.

Nothing that can become stale is kept in the process: what is kept there is a function of bytes alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.ocsp import OCSPResponseStatus
from django.db import connection, transaction

from kilitcoz_portal.ca import authorities, lists, ocsp
from kilitcoz_portal.ca.models import Authority, Issued, ReadyAnswer, Status

_LIFE = int(ocsp.LIFE.total_seconds())
_AT_LEAST_LEFT = _LIFE // 2  # an answer that is older than half its life is made anew
_COLUMNS = "cert_id, der, this_update, next_update"

read = lru_cache(maxsize=8192)(ocsp.read)  # the same few bytes come again and again


class Answer(NamedTuple):
    """DER, and until when it may be kept by caches (Unix seconds); None: not at all."""

    der: bytes
    this_update: int | None = None
    next_update: int | None = None


MALFORMED = Answer(ocsp.refusal(OCSPResponseStatus.MALFORMED_REQUEST))
TRY_LATER = Answer(ocsp.refusal(OCSPResponseStatus.TRY_LATER))
_UNAUTHORIZED = Answer(ocsp.refusal(OCSPResponseStatus.UNAUTHORIZED))


def answer(raw: bytes, now: datetime) -> Answer:
    """To a request as it came. Never raises for what a stranger sends."""
    try:
        question = read(raw)
    except ocsp.RequestMalformed:
        return MALFORMED
    if question.nonce is None and (found := ready([question.cert_id], now).get(question.cert_id)):
        return found
    return _made(question, now)


def ready(cert_ids: Iterable[bytes], now: datetime) -> dict[bytes, Answer]:
    """Those of these that are signed already, by one query; the others `answer` makes."""
    rows = [row_of(each) for each in cert_ids]
    if not rows:
        return {}
    places = ", ".join(["%s"] * len(rows))
    statement = f"SELECT {_COLUMNS} FROM ca_readyanswer WHERE id IN ({places}) AND next_update > %s"  # noqa: S608 - places only
    with connection.cursor() as cursor:
        cursor.execute(statement, [*rows, int(now.timestamp()) + _AT_LEAST_LEFT])
        return {bytes(cert_id): Answer(bytes(der), *times) for cert_id, der, *times in cursor.fetchall()}


def row_of(cert_id: bytes) -> int:
    """Where an answer is kept: 63 bits of the certID's hash. Where two meet, the later answer stays, and
    `ready` gives it to nobody but who asked for its certID.
    """
    return int.from_bytes(cert_id[:8]) >> 1


def state_of(issued: Issued | None) -> ocsp.State:
    """What there is to say of a certificate."""
    if issued is None:
        return ocsp.State(good=False)
    if issued.status == Status.GOOD:
        return ocsp.State(good=True)
    return ocsp.State(False, issued.status_at.replace(microsecond=0), lists.reason_of(issued))


def _made(question: ocsp.Question, now: datetime) -> Answer:
    """Signed for this question; kept, unless it has a nonce or is about no certificate of ours."""
    found = _asked(question)
    if found is None:
        return _UNAUTHORIZED
    issued = found.issued.filter(serial_number=f"{question.serial_number:x}").first()
    moment = now.replace(microsecond=0)
    if issued is None or question.nonce is not None:
        return Answer(ocsp.answer(question, state_of(issued), authorities.responder(found, now), moment))
    return _kept(issued, question, found, moment)


def _kept(issued: Issued, question: ocsp.Question, found: Authority, now: datetime) -> Answer:
    """Made with the certificate's row locked, so that no status changes between reading and writing."""
    signer = authorities.responder(found, now)
    with transaction.atomic():
        row = Issued.objects.select_for_update().get(pk=issued.pk)
        der, this_update = ocsp.answer(question, state_of(row), signer, now), int(now.timestamp())
        times = {"this_update": this_update, "next_update": this_update + _LIFE}
        ReadyAnswer.objects.update_or_create(
            pk=row_of(question.cert_id),
            defaults={"issued": row, "cert_id": question.cert_id, "der": der, **times},
        )
    return Answer(der, **times)


def _asked(question: ocsp.Question) -> Authority | None:
    """The authority that the certID means (4.1.1), None for a stranger's."""
    hashed = (question.issuer_name_hash, question.issuer_key_hash)
    for each in Authority.objects.order_by("-pk"):
        if issuer_hashes(bytes(each.certificate), question.hash_name) == hashed:
            return each
    return None


@lru_cache(maxsize=64)
def issuer_hashes(certificate: bytes, hash_name: str) -> tuple[bytes, bytes]:
    """Of the issuer's name, and of its key without tag, length and unused bits (4.1.1)."""
    issuer = x509.load_der_x509_certificate(certificate)
    name, key = (
        hashlib.new(hash_name, part, usedforsecurity=False).digest()
        for part in (issuer.subject.public_bytes(), _key_bits(issuer))
    )
    return name, key


def _key_bits(issuer: x509.Certificate) -> bytes:
    key = issuer.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

"""Which keys a card is given, what each is certified for, and the certificates for keys that were made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.db import transaction

from kilitcoz_cards.messages import KeyAlgorithm
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.certificates.issuing import Production, produce
from kilitcoz_portal.issuance import queries
from kilitcoz_portal.issuance.errors import JobState
from kilitcoz_portal.issuance.models import Job, JobKey, State
from kilitcoz_portal.issuance.states import Deed, apply

WANTED: Mapping[str, ProfileName] = MappingProxyType(
    {
        "9c": ProfileName.SIGNATURE,
        "9a": ProfileName.AUTHENTICATION,
        "9e": ProfileName.CARD,
    }
)
"""Slot → what its key is for, in the order in which the keys are made."""

CARD_KEY = "9e"


def algorithm() -> KeyAlgorithm:
    """Of every key on a new card."""
    return KeyAlgorithm(str(settings.KILITCOZ_CARD_KEYS))


def check(public_key: bytes, wanted: KeyAlgorithm) -> None:
    """Raises JobState for what is no key of the algorithm asked for: no card of ours told it."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise JobState from None
    if isinstance(key, ec.EllipticCurvePublicKey):
        found = {"secp256r1": KeyAlgorithm.ECC_P256, "secp384r1": KeyAlgorithm.ECC_P384}.get(key.curve.name)
    else:
        bits = key.key_size if isinstance(key, rsa.RSAPublicKey) else 0
        found = {2048: KeyAlgorithm.RSA_2048, 3072: KeyAlgorithm.RSA_3072}.get(bits)
    if found is not wanted:
        raise JobState


def certify(job: Job, now: datetime) -> None:
    """Certificates for the job's keys, each by its own wish; what was made before is not made again.

    Raises CaError: ask again. Opens its own transactions: the authority may be far away.
    """
    for key in queries.keys(job):
        if key.certificate is None:
            _certify(job, key, now)
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.state == State.KEYED:
            apply(locked, Deed.CERTIFY)
            locked.save(update_fields=["state"])


def _certify(job: Job, key: JobKey, now: datetime) -> None:
    production = Production(
        card=job.bound_card,
        slot=key.slot,
        profile=WANTED[key.slot],
        public_key=bytes(key.public_key),
        request_id=key.request_id,
        institution=job.application.institution if job.application is not None else "",
    )
    key.certificate = produce(production, registrar(job.batch.opened_by), now)
    key.save(update_fields=["certificate"])

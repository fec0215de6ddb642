"""What Ayşe's card asks for."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal.tests.ca.authority import AYSE

from kilitcoz_portal.ca.port import CertificateRequest
from kilitcoz_portal.ca.profiles import ProfileName

_numbers = count(1)


def new_key() -> bytes:
    """A public key, as a card shows it."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def wish(profile: ProfileName = ProfileName.SIGNATURE, *, on_hold: bool = False) -> CertificateRequest:
    """For a new key of hers."""
    request = CertificateRequest(
        f"request-{next(_numbers):04}".ljust(43, "x"), profile, AYSE, new_key(), on_hold
    )
    return replace(request, subject="90214821") if profile is ProfileName.CARD else request

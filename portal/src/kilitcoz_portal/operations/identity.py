"""Is the card in the reader the enrolled one? A pure decision from the claim's identification (M3) and the
enrolment.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kilitcoz_cards.messages import Identification, KeyAlgorithm, Proof, proof_challenge
from kilitcoz_portal.holders.models import Card

_OF_CURVE = {"secp256r1": KeyAlgorithm.ECC_P256, "secp384r1": KeyAlgorithm.ECC_P384}
_OF_RSA = {2048: KeyAlgorithm.RSA_2048, 3072: KeyAlgorithm.RSA_3072}


def mismatch(
    card: Card, enrolled: Mapping[str, str], seen: Identification, operation_id: str, nonce: str
) -> str | None:
    """Why it is another card: `card-id`, `serial`, `proof`, `certificates`; None where everything fits.

    Where a key 9E is enrolled, its signature over this operation is required; otherwise every enrolled
    certificate (slot → SHA-256) must be on the card again. The counterpart repeats this inside the
    transaction (R6).
    """
    if (seen.family, seen.card_id) != (card.family, card.card_id):
        return "card-id"
    if card.serial and seen.serial is not None and seen.serial != card.serial:
        return "serial"
    if card.card_auth_key is not None:
        challenge = proof_challenge(operation_id, nonce)
        return None if _proves(bytes(card.card_auth_key), seen.proof, challenge) else "proof"
    fits = all(seen.certificates.get(slot) == sha256 for slot, sha256 in enrolled.items())
    return None if fits else "certificates"


def _proves(spki: bytes, proof: Proof | None, challenge: bytes) -> bool:
    """Whether `proof` is the enrolled key's signature over the challenge, by the algorithm that key has."""
    if proof is None or proof.key != "9e":
        return False
    key = load_der_public_key(spki)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            p384 = key.curve.name == "secp384r1"
            key.verify(proof.signature, challenge, ec.ECDSA(hashes.SHA384() if p384 else hashes.SHA256()))
            return proof.algorithm is _OF_CURVE.get(key.curve.name)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(proof.signature, challenge, padding.PKCS1v15(), hashes.SHA256())
            return proof.algorithm is _OF_RSA.get(key.key_size)
    except InvalidSignature:
        return False
    return False

"""What lies on a PKCS#11 token, by the names that PIV has for it: keys by CKA_ID the slot, certificates
likewise, other data objects by label. Each function works in an open session; PKCS11Error is the
caller's.
"""

from __future__ import annotations

from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters
from pkcs11.util.x509 import decode_x509_certificate

from kilitcoz_cards.families.piv_objects import CERTIFICATES, certificate_object, certificate_of
from kilitcoz_cards.tlv import encode, require

KEYS = frozenset({0x9A, 0x9C, 0x9E})
SLOT_OF = {tag: int(slot, 16) for slot, tag in CERTIFICATES.items() if int(slot, 16) in KEYS}
CURVES = {0x11: "secp256r1", 0x14: "secp384r1"}
RSA_BITS = {0x07: 2048, 0x05: 3072}
APPLICATION = "PIV"
PUBLIC = {Attribute.TOKEN: True, Attribute.PRIVATE: False}


def make_key(session: pkcs11.Session, slot: int, algorithm: int, *, needs_login: bool) -> bytes:
    """A new key pair in place of the one that is there; its public key as PIV's 7F49. `algorithm`: of CURVES
    or RSA_BITS.
    """
    identifier = bytes((slot,))
    for of_class in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY):
        _remove(session, of_class, {Attribute.ID: identifier})
    private = {Attribute.PRIVATE: needs_login, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
    templates: dict[str, Any] = {
        "store": True,
        "id": identifier,
        "label": f"PIV {slot:02x}",
        "public_template": {Attribute.PRIVATE: False},
        "private_template": private,
    }
    if algorithm in RSA_BITS:
        public, _ = session.generate_keypair(KeyType.RSA, RSA_BITS[algorithm], **templates)
        numbers = encode(0x81, public[Attribute.MODULUS]) + encode(0x82, public[Attribute.PUBLIC_EXPONENT])
        return encode(0x7F49, numbers)
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(CURVES[algorithm])}
    public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(**templates)
    return encode(0x7F49, encode(0x86, require(public[Attribute.EC_POINT], 0x04)))


def private_key(session: pkcs11.Session, slot: int) -> Any:
    """The key, where this session may see it, or None."""
    return _find(session, ObjectClass.PRIVATE_KEY, {Attribute.ID: bytes((slot,))})


def is_rsa(key: Any) -> bool:
    """Else it is on a curve."""
    return bool(key[Attribute.KEY_TYPE] == KeyType.RSA)


def sign(key: Any, block: bytes) -> bytes:
    """The bare private operation over a block that is as long as the key wants it; ECDSA's result in DER."""
    if is_rsa(key):
        return bytes(key.sign(block, mechanism=Mechanism.RSA_X_509))
    signature = key.sign(block, mechanism=Mechanism.ECDSA)
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


def read(session: pkcs11.Session, tag: int) -> bytes | None:
    """A data object's content (what stands inside 53), or None."""
    if tag in SLOT_OF:
        found = _find(session, ObjectClass.CERTIFICATE, {Attribute.ID: bytes((SLOT_OF[tag],))})
        return certificate_object(found[Attribute.VALUE]) if found is not None else None
    found = _find(session, ObjectClass.DATA, {Attribute.LABEL: _label(tag)})
    return bytes(found[Attribute.VALUE]) if found is not None else None


def write(session: pkcs11.Session, tag: int, content: bytes) -> None:
    """In place of what is there. ValueError for a certificate that does not parse."""
    if tag in SLOT_OF:
        attributes = decode_x509_certificate(certificate_of(encode(0x53, content)) or b"")
        identifier = bytes((SLOT_OF[tag],))
        _remove(session, ObjectClass.CERTIFICATE, {Attribute.ID: identifier})
        label = f"PIV {SLOT_OF[tag]:02x}"
        session.create_object(attributes | PUBLIC | {Attribute.ID: identifier, Attribute.LABEL: label})
        return
    _remove(session, ObjectClass.DATA, {Attribute.LABEL: _label(tag)})
    data = {Attribute.CLASS: ObjectClass.DATA, Attribute.APPLICATION: APPLICATION}
    session.create_object(data | PUBLIC | {Attribute.LABEL: _label(tag), Attribute.VALUE: content})


def _find(session: pkcs11.Session, of_class: ObjectClass, wanted: dict[Attribute, object]) -> Any:
    """The first, or None. What can be done with it depends on its class, which python-pkcs11 mixes in."""
    return next(iter(list(session.get_objects({Attribute.CLASS: of_class, **wanted}))), None)


def _remove(session: pkcs11.Session, of_class: ObjectClass, wanted: dict[Attribute, object]) -> None:
    for found in list(session.get_objects({Attribute.CLASS: of_class, **wanted})):
        found.destroy()


def _label(tag: int) -> str:
    return f"PIV {tag:06x}"

"""Making and moving private keys: GENERATE ASYMMETRIC KEY PAIR (SP 800-73-4 part 2, 3.3.2), and the vendor's
import, move and attestation."""

from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    REFERENCE_DATA_NOT_FOUND,
    CommandApdu,
)
from kilitcoz_cards.tlv import encode, parse, require
from kilitcoz_simulator import keys
from kilitcoz_simulator.piv.authenticate import default_policy
from kilitcoz_simulator.piv.context import Piv, Refused
from kilitcoz_simulator.piv.data_objects import ATTESTATION_CERTIFICATE, CERTIFICATE_OF_SLOT
from kilitcoz_simulator.state import Origin, PinPolicy, StoredKey

ATTESTATION = 0xF9
DELETE = 0xFF  # as the destination of MOVE KEY

_TEMPLATE = 0xAC
_PUBLIC_KEY = 0x7F49
_ALGORITHM, _PIN_POLICY, _TOUCH_POLICY = 0x80, 0xAA, 0xAB
_PRIME_P, _PRIME_Q, _SCALAR = 0x01, 0x02, 0x06


def generate_asymmetric(piv: Piv, command: CommandApdu) -> bytes:
    """INS 47: a fresh key in slot P2; answers its public key in 7F49."""
    piv.require_management_key()
    if command.p1 != 0 or command.p2 not in CERTIFICATE_OF_SLOT:
        raise Refused(INCORRECT_P1_P2)
    members = _members(command.data, _TEMPLATE)
    algorithm = keys.ALGORITHMS.get(int.from_bytes(members.get(_ALGORITHM, b""), "big"))
    if algorithm is None:
        raise Refused(INCORRECT_DATA)
    key = keys.generate(algorithm)
    _store(piv, command.p2, algorithm, key, Origin.GENERATED, members)
    return encode(_PUBLIC_KEY, keys.public_template(key))


def import_key(piv: Piv, command: CommandApdu) -> bytes:
    """IMPORT ASYMMETRIC KEY (INS FE): P1 algorithm, P2 slot; 01 and 02 the primes, or 06 the scalar."""
    piv.require_management_key()
    algorithm = keys.ALGORITHMS.get(command.p1)
    if algorithm is None or command.p2 not in CERTIFICATE_OF_SLOT:
        raise Refused(INCORRECT_P1_P2)
    members = _members(command.data)
    numbers = {tag: int.from_bytes(value, "big") for tag, value in members.items()}
    try:
        if algorithm.curve is None:
            key: keys.PrivateKey = keys.from_primes(algorithm, numbers[_PRIME_P], numbers[_PRIME_Q])
        else:
            key = keys.from_scalar(algorithm, numbers[_SCALAR])
    except (KeyError, ValueError):
        raise Refused(INCORRECT_DATA) from None
    _store(piv, command.p2, algorithm, key, Origin.IMPORTED, members)
    return b""


def move_key(piv: Piv, command: CommandApdu) -> bytes:
    """MOVE KEY (INS F6): from slot P2 to slot P1; P1 = FF deletes."""
    piv.require_management_key()
    key = piv.state.keys.get(command.p2)
    if key is None:
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    if command.p1 not in CERTIFICATE_OF_SLOT and command.p1 != DELETE:
        raise Refused(INCORRECT_P1_P2)
    piv.state = piv.state.with_key(command.p2, None)
    if command.p1 != DELETE:
        piv.state = piv.state.with_key(command.p1, key)
    return b""


def attest(piv: Piv, command: CommandApdu) -> bytes:
    """ATTEST (INS F9): a certificate, signed by the key in F9: the key in slot P1 was made on this card."""
    key, authority = piv.state.keys.get(command.p1), piv.state.keys.get(ATTESTATION)
    issuer = piv.state.objects.get(ATTESTATION_CERTIFICATE)
    if key is None or authority is None or issuer is None or key.origin is not Origin.GENERATED:
        raise Refused(REFERENCE_DATA_NOT_FOUND)
    issuer_certificate = x509.load_der_x509_certificate(require(issuer, 0x70))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"PIV Attestation {command.p1:02x}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_certificate.subject)
        .public_key(keys.from_der(key.private_der).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(issuer_certificate.not_valid_after_utc)
        .sign(keys.from_der(authority.private_der), hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.DER)


def _store(
    piv: Piv,
    slot: int,
    algorithm: keys.Algorithm,
    key: keys.PrivateKey,
    origin: Origin,
    members: Mapping[int, bytes],
) -> None:
    try:
        policy = PinPolicy(int.from_bytes(members.get(_PIN_POLICY, b""), "big"))
    except ValueError:
        raise Refused(INCORRECT_DATA) from None
    touch = int.from_bytes(members.get(_TOUCH_POLICY, b""), "big") or 1
    stored = StoredKey(algorithm.identifier, keys.to_der(key), policy or default_policy(slot), origin, touch)
    piv.state = piv.state.with_key(slot, stored)


def _members(data: bytes, *envelope: int) -> dict[int, bytes]:
    try:
        return {each.tag: each.value for each in parse(require(data, *envelope) if envelope else data)}
    except CardMalformed:
        raise Refused(INCORRECT_DATA) from None

"""Making a card ready for use: identifiers, PIN and PUK, key pairs, certificates for a named holder.

The certificates are self-made: by an authority that is given, or by a fresh one that is then forgotten.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kilitcoz_cards.tlv import encode
from kilitcoz_simulator import keys
from kilitcoz_simulator.authority import Authority, name
from kilitcoz_simulator.piv.authenticate import default_policy
from kilitcoz_simulator.piv.data_objects import (
    ATTESTATION_CERTIFICATE,
    CCC,
    CERTIFICATE_OF_SLOT,
    CHUID,
    certificate_object,
)
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY
from kilitcoz_simulator.piv.key_pairs import ATTESTATION
from kilitcoz_simulator.profile import YUBIKEY, Profile
from kilitcoz_simulator.state import (
    CardState,
    ManagementKey,
    Origin,
    ReferenceData,
    StoredKey,
    pin_block,
)

AUTHENTICATION, SIGNATURE, CARD_AUTHENTICATION = 0x9A, 0x9C, 0x9E
DEFAULT_KEYS = {AUTHENTICATION: "ecc-p256", SIGNATURE: "ecc-p256", CARD_AUTHENTICATION: "ecc-p256"}

_FASC_N = bytes.fromhex("d4e739da739ced39ce739d836858210842108421c84210c3eb")  # agency 9999: not federal
_EXPIRATION = b"20351231"


@dataclass(frozen=True)
class Holder:
    """Who the card is for. `id_number` goes into the subject's serialNumber when given."""

    name: str
    id_number: str | None = None


@dataclass(frozen=True)
class CardOrder:
    """What card is wanted. `pin` and `puk` None: random digits, to be read off the IssuedCard."""

    holder: Holder
    serial: int | None = None
    pin: str | None = field(default=None, repr=False)
    puk: str | None = field(default=None, repr=False)
    retries: int = 3
    puk_retries: int = 3
    profile: Profile = YUBIKEY
    keys: Mapping[int, str] = field(default_factory=lambda: dict(DEFAULT_KEYS))
    management_key: ManagementKey = DEFAULT_MANAGEMENT_KEY


@dataclass(frozen=True)
class IssuedCard:
    """The card's first state and what its issuer keeps of it. Certificates: slot → certificate."""

    state: CardState
    guid: str  # 32 hex digits
    pin: str = field(repr=False)
    puk: str = field(repr=False)
    certificates: Mapping[int, x509.Certificate]
    issuer: x509.Certificate
    status_list: x509.CertificateRevocationList  # the issuer's, for whoever asks whether they are good


def issue(order: CardOrder, *, now: datetime, authority: Authority | None = None) -> IssuedCard:
    """A new card after the order, its certificates by `authority`, or by one that is made for this card.

    ValueError when a PIN, a PUK or an algorithm's name is impossible.
    """
    guid = secrets.token_bytes(16)
    serial = order.serial if order.serial is not None else 10_000_000 + secrets.randbelow(90_000_000)
    pin = order.pin or random_digits(6)
    puk = order.puk or random_digits(8)
    authority = authority or Authority(now)
    state = CardState(
        profile=order.profile,
        serial=serial,
        pin=ReferenceData(pin_block(pin), order.retries, order.retries),
        puk=ReferenceData(pin_block(puk), order.puk_retries, order.puk_retries),
        management_key=order.management_key,
        objects={CHUID: make_chuid(guid), CCC: make_ccc(guid)},
    )
    certificates = {}
    for slot, algorithm_name in order.keys.items():
        key = keys.generate(keys.BY_NAME[algorithm_name])
        subject = make_subject(order.holder, serial, slot)
        certificates[slot] = authority.certify(subject, key.public_key(), non_repudiation=slot == SIGNATURE)
        state = _with_key_pair(state, slot, keys.BY_NAME[algorithm_name], key, certificates[slot])
    if order.profile.extensions:
        state = _with_attestation(state, authority)
    return IssuedCard(
        state, guid.hex(), pin, puk, certificates, authority.certificate, authority.status_list()
    )


def _with_key_pair(
    state: CardState,
    slot: int,
    algorithm: keys.Algorithm,
    key: keys.PrivateKey,
    certificate: x509.Certificate,
) -> CardState:
    stored = StoredKey(algorithm.identifier, keys.to_der(key), default_policy(slot), Origin.GENERATED)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return state.with_key(slot, stored).with_object(CERTIFICATE_OF_SLOT[slot], certificate_object(der))


def _with_attestation(state: CardState, authority: Authority) -> CardState:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.certify_attestation(key.public_key())
    with_key = _with_key_pair(state, ATTESTATION, keys.BY_NAME["ecc-p256"], key, certificate)
    assert ATTESTATION_CERTIFICATE in with_key.objects
    return with_key


def make_subject(holder: Holder, serial: int, slot: int) -> x509.Name:
    """The name in a certificate: the person, or in 9E the card."""
    if slot == CARD_AUTHENTICATION:  # it names the card, not the person (SP 800-73-4 part 1, 3.1.3)
        return name(
            (NameOID.COMMON_NAME, f"Kart …{serial % 10_000:04d}"), (NameOID.SERIAL_NUMBER, str(serial))
        )
    person = [(NameOID.COUNTRY_NAME, "TR"), (NameOID.COMMON_NAME, holder.name)]
    if holder.id_number is not None:
        person.append((NameOID.SERIAL_NUMBER, _semantic(holder.id_number)))
    return name(*person)


def _semantic(id_number: str) -> str:
    """A T.C. Kimlik No as ETSI EN 319 412-1, 5.1.3 writes it; any other number as it is given."""
    return f"PNOTR-{id_number}" if len(id_number) == 11 and id_number.isdecimal() else id_number


def make_chuid(guid: bytes) -> bytes:
    """Card Holder Unique Identifier (SP 800-73-4 part 1, 3.1.2), without the issuer's signature."""
    return (
        encode(0x30, _FASC_N)
        + encode(0x34, guid)
        + encode(0x35, _EXPIRATION)
        + encode(0x3E, b"")
        + encode(0xFE, b"")
    )


def make_ccc(guid: bytes) -> bytes:
    """Card Capability Container (SP 800-73-4 part 1, 3.1.1): required, read by old middleware only."""
    identifier = bytes.fromhex("a000000116ff02") + guid[:14]
    members = {0xF0: identifier, 0xF1: b"\x21", 0xF2: b"\x21", 0xF4: b"\x00", 0xF5: b"\x10"}
    tags = (0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE)
    return b"".join(encode(tag, members.get(tag, b"")) for tag in tags)


def random_digits(length: int) -> str:
    """A PIN or PUK that no PIN rule refuses: neither repeated nor sequential."""
    while True:
        digits = f"{secrets.randbelow(10**length):0{length}d}"
        steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(digits)}
        if len(steps) > 1:
            return digits

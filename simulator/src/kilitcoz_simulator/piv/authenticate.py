"""GENERAL AUTHENTICATE (INS 87; SP 800-73-4 part 2, 3.2.4): the management key, and the private keys.

The data field is a dynamic authentication template 7C of 80 witness, 81 challenge, 82 response, 85
exponentiation; an empty member asks the card to make that one. Which members there are says what is meant.
"""

from collections.abc import Mapping
from hmac import compare_digest

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import (
    CONDITIONS_NOT_SATISFIED,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    SECURITY_STATUS_NOT_SATISFIED,
    CommandApdu,
)
from kilitcoz_cards.tlv import encode, parse, require
from kilitcoz_simulator import keys
from kilitcoz_simulator.piv.context import Piv, Refused
from kilitcoz_simulator.state import ManagementKey, PinPolicy, StoredKey

MANAGEMENT_KEY = 0x9B
CARD_AUTHENTICATION = 0x9E
DIGITAL_SIGNATURE = 0x9C

TEMPLATE, WITNESS, CHALLENGE, RESPONSE, EXPONENTIATION = 0x7C, 0x80, 0x81, 0x82, 0x85
TDES = 0x03
MANAGEMENT_KEY_LENGTHS = {TDES: 24, 0x08: 16, 0x0A: 24, 0x0C: 32}
"""Algorithm identifiers of SP 800-78-5, table 6-2, and the key lengths in bytes."""


def general_authenticate(piv: Piv, command: CommandApdu) -> bytes:
    """P1 algorithm, P2 key reference. The management key's challenge and response, or a private key's use."""
    try:
        members = {each.tag: each.value for each in parse(require(command.data, TEMPLATE))}
    except CardMalformed:
        raise Refused(INCORRECT_DATA) from None
    if command.p2 == MANAGEMENT_KEY:
        answer = _management_key(piv, command.p1 or TDES, members)
    else:
        answer = _private_key(piv, command, members)
    return encode(TEMPLATE, answer) if answer else b""


def default_policy(slot: int) -> PinPolicy:
    """SP 800-73-4 part 1, table 4b: 9E never, 9C always, the others once in a session."""
    return {CARD_AUTHENTICATION: PinPolicy.NEVER, DIGITAL_SIGNATURE: PinPolicy.ALWAYS}.get(
        slot, PinPolicy.ONCE
    )


def _private_key(piv: Piv, command: CommandApdu, members: Mapping[int, bytes]) -> bytes:
    key = piv.state.keys.get(command.p2)
    if key is None or key.algorithm != command.p1:
        raise Refused(INCORRECT_DATA if piv.state.profile.extensions else INCORRECT_P1_P2)
    if members.get(RESPONSE) != b"":
        raise Refused(INCORRECT_DATA)
    _require_pin(piv, key)
    private = keys.from_der(key.private_der)
    try:
        if EXPONENTIATION in members and isinstance(private, ec.EllipticCurvePrivateKey):
            result = keys.agree(private, members[EXPONENTIATION])
        else:
            result = keys.private_operation(private, members[CHALLENGE])
    except (KeyError, ValueError):
        raise Refused(INCORRECT_DATA) from None
    return encode(RESPONSE, result)


def _require_pin(piv: Piv, key: StoredKey) -> None:
    just_verified, piv.session.pin_just_verified = piv.session.pin_just_verified, False
    satisfied = {
        PinPolicy.NEVER: True,
        PinPolicy.ONCE: piv.session.pin_verified,
        PinPolicy.ALWAYS: just_verified,
    }
    if not satisfied[key.pin_policy]:
        raise Refused(SECURITY_STATUS_NOT_SATISFIED)


def _management_key(piv: Piv, algorithm: int, members: Mapping[int, bytes]) -> bytes:
    """Mutual (witness first) or external (challenge first) authentication; part 2, appendix A.1."""
    key = piv.state.management_key
    if algorithm != key.algorithm:
        raise Refused(INCORRECT_P1_P2)
    block_length = 8 if key.algorithm == TDES else 16
    if members.get(WITNESS) == b"":
        piv.session.witness = piv.random(block_length)
        return encode(WITNESS, _encrypt(key, piv.session.witness))
    if members.get(CHALLENGE) == b"":
        piv.session.challenge = piv.random(block_length)
        return encode(CHALLENGE, piv.session.challenge)
    if WITNESS in members:
        return _mutual(piv, key, members)
    if RESPONSE in members:
        return _external(piv, key, members[RESPONSE])
    raise Refused(INCORRECT_DATA)


def _mutual(piv: Piv, key: ManagementKey, members: Mapping[int, bytes]) -> bytes:
    witness, piv.session.witness = piv.session.witness, None
    challenge = members.get(CHALLENGE, b"")
    if witness is None:
        raise Refused(CONDITIONS_NOT_SATISFIED)
    if len(challenge) != len(witness):
        raise Refused(INCORRECT_DATA)
    _authenticated(piv, compare_digest(witness, members[WITNESS]))
    return encode(RESPONSE, _encrypt(key, challenge))


def _external(piv: Piv, key: ManagementKey, response: bytes) -> bytes:
    challenge, piv.session.challenge = piv.session.challenge, None
    if challenge is None:
        raise Refused(CONDITIONS_NOT_SATISFIED)
    _authenticated(piv, compare_digest(_encrypt(key, challenge), response))
    return b""


def _authenticated(piv: Piv, succeeded: bool) -> None:
    piv.session.management_authenticated = succeeded
    if not succeeded:
        raise Refused(SECURITY_STATUS_NOT_SATISFIED)


def _cipher(key: ManagementKey) -> Cipher[modes.ECB]:
    algorithm = TripleDES(key.value) if key.algorithm == TDES else algorithms.AES(key.value)
    return Cipher(algorithm, modes.ECB())  # noqa: S305  (single random blocks, as the standard has it)


def _encrypt(key: ManagementKey, block: bytes) -> bytes:
    encryptor = _cipher(key).encryptor()
    return encryptor.update(block) + encryptor.finalize()

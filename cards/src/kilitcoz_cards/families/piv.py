"""The PIV card application (NIST SP 800-73-4 part 2): which card it is, its PIN's and PUK's state, and proof.

Every function is a conversation and begins where the one before it ended; `identify` and `same_card` begin
with SELECT. Rules kept here: only keys that need no PIN are used, the card is identified before its PIN is
asked about, that is asked once, and a vendor's command that a card does not know is sent to it once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kilitcoz_cards.blocked import of_piv_metadata, state_after
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardMalformed, PukCounterChanged, UnexpectedStatus, UnknownCard, WrongCard
from kilitcoz_cards.families import PIV
from kilitcoz_cards.families.piv_keys import signature_of
from kilitcoz_cards.families.piv_objects import (
    ALGORITHM_IDENTIFIERS,
    CERTIFICATES,
    CHUID,
    Chuid,
    card_key_in_metadata,
    certificate_of,
)
from kilitcoz_cards.families.piv_proof import CARD_AUTHENTICATION, general_authenticate
from kilitcoz_cards.identity import Identification, KeyAlgorithm, Proof, certificate_hash
from kilitcoz_cards.iso7816 import (
    CLASS_NOT_SUPPORTED,
    EXTENDED_MAX_NE,
    FILE_NOT_FOUND,
    FUNCTION_NOT_SUPPORTED,
    INCORRECT_P1_P2,
    INSTRUCTION_NOT_SUPPORTED,
    SHORT_MAX_NE,
    CommandApdu,
)
from kilitcoz_cards.pin import UNTOLD, PinState
from kilitcoz_cards.reference_data import verify_status
from kilitcoz_cards.tlv import encode

AID = bytes.fromhex("a000000308")  # SP 800-73-4 part 1, 2.2, right-truncated to NIST's RID
CARD_KEY = f"{CARD_AUTHENTICATION:02x}"

INS_SELECT, INS_GET_DATA = 0xA4, 0xCB
INS_GET_METADATA, INS_GET_SERIAL = 0xF7, 0xF8  # Yubico's; other cards answer 6D00

NOT_A_PIV_CARD = frozenset(
    {FILE_NOT_FOUND, FUNCTION_NOT_SUPPORTED, INCORRECT_P1_P2, INSTRUCTION_NOT_SUPPORTED, CLASS_NOT_SUPPORTED}
)


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """Inside the transaction: 9E must sign `challenge` anew, and `verify` (by the enrolled key) accept it."""

    algorithm: KeyAlgorithm
    challenge: bytes
    verify: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class States:
    """PIN and PUK as the card tells them; `has_metadata`: it knows GET METADATA, and may be asked more."""

    pin: PinState
    puk: PinState
    has_metadata: bool


def identify(
    challenge: bytes | None,
    want_certificates: Iterable[str] = (),
    *,
    want_serial: bool = True,
    reader: str = "",
    atr: str = "",
) -> Conversation[Identification]:
    """SELECT, CHUID, serial, PIN and PUK, proof over `challenge`; certificates only where no key proved it.

    `want_certificates`: slots, two hex digits ("9a"); those the card has are hashed. `want_serial` False:
    nobody needs to see it, and it too is read only where no key proved the card. `reader` and `atr` (hex) go
    into the identification as they are. Raises UnknownCard, UnexpectedStatus, CardMalformed, TransportError.
    """
    yield from select()
    chuid = yield from read_chuid()
    serial = (yield from read_serial()) if want_serial else None
    states = yield from read_states()
    proof = None if challenge is None else (yield from prove_by_any(challenge, states))
    if proof is None and not want_serial:
        serial = yield from read_serial()
    certificates = {} if proof else (yield from read_certificate_hashes(want_certificates))
    return Identification(
        family=PIV.name,
        card_id=chuid.guid.hex(),
        serial=serial,
        reader=reader,
        atr=atr,
        certificates=certificates,
        pin=states.pin,
        puk=states.puk,
        proof=proof,
    )


def same_card(expected: Identification, proof_check: ProofCheck | None = None) -> Conversation[None]:
    """The card of `expected`, again, in this transaction: return, or raise WrongCard; nothing secret is sent.

    By the enrolled key 9E, beside which a GUID, free to copy, would tell nothing; where no key is enrolled,
    by GUID, serial and certificates. Last, the PUK's counter where `expected` has it: PukCounterChanged
    (protocol, "In the transaction", 3). Raises as identify, too.
    """
    try:
        yield from select()
        if proof_check is not None:
            yield from _check_proof(proof_check)
        else:
            yield from _check_traits(expected)
    except UnknownCard as unknown:
        raise WrongCard("no longer a card with a GUID") from unknown
    if expected.puk.retries_left is not None:
        metadata = yield from get_metadata(PIV.puk.p2)
        if metadata is None or of_piv_metadata(metadata) != expected.puk:
            raise PukCounterChanged("the PUK's tries are not what they were")


def select() -> Conversation[None]:
    """SELECT the application (part 2, 3.1.1). Raises UnknownCard where there is none."""
    response = yield CommandApdu(0x00, INS_SELECT, 0x04, 0x00, AID, SHORT_MAX_NE)
    if response.sw in NOT_A_PIV_CARD:
        raise UnknownCard("no PIV application")
    if not response.sw.is_success:
        raise UnexpectedStatus("SELECT", response.sw)


def get_data(tag: int, ne: int = EXTENDED_MAX_NE) -> Conversation[bytes | None]:
    """GET DATA (part 2, 3.1.2): `ne` bytes of the object at most, or None where the card has none."""
    name = encode(0x5C, tag.to_bytes(3, "big"))
    response = yield CommandApdu(0x00, INS_GET_DATA, 0x3F, 0xFF, name, ne)
    if response.sw == FILE_NOT_FOUND:
        return None
    if not response.sw.is_success:
        raise UnexpectedStatus("GET DATA", response.sw)
    return response.data


def read_chuid() -> Conversation[Chuid]:
    """The CHUID's first 256 bytes: the GUID is among them. UnknownCard where there is none."""
    raw = yield from get_data(CHUID, SHORT_MAX_NE)
    if not raw:
        raise UnknownCard("no CHUID")
    return Chuid.from_object(raw)


def read_serial() -> Conversation[str | None]:
    """The vendor's serial number (INS F8), decimal; None where the card does not know the command."""
    response = yield CommandApdu(0x00, INS_GET_SERIAL, 0x00, 0x00, ne=SHORT_MAX_NE)
    if not response.sw.is_success or len(response.data) != 4:
        return None
    return str(int.from_bytes(response.data, "big"))


def read_states() -> Conversation[States]:
    """PIN and PUK by metadata; on a card without it the PIN alone, by VERIFY without data, asked once."""
    metadata = yield from get_metadata(PIV.pin.p2)
    if metadata is None:
        response = yield verify_status(PIV.pin)
        return States(state_after(response.sw), UNTOLD, has_metadata=False)
    puk = yield from get_metadata(PIV.puk.p2)
    state = of_piv_metadata(puk) if puk is not None else UNTOLD
    return States(of_piv_metadata(metadata), state, has_metadata=True)


def read_pin_state() -> Conversation[PinState]:
    """The PIN alone: by metadata, or by VERIFY without data."""
    metadata = yield from get_metadata(PIV.pin.p2)
    if metadata is not None:
        return of_piv_metadata(metadata)
    response = yield verify_status(PIV.pin)
    return state_after(response.sw)


def prove(algorithm: KeyAlgorithm, challenge: bytes) -> Conversation[Proof | None]:
    """9E's signature over `challenge` (any bytes, hashed here); None where the card has no such key."""
    response = yield general_authenticate(algorithm, challenge)
    if not response.sw.is_success:
        return None
    try:
        return Proof(CARD_KEY, algorithm, signature_of(algorithm, response.data))
    except CardMalformed:  # a card that ignores P1 signs with the key it has
        return None


def read_certificate(slot: str) -> Conversation[bytes | None]:
    """The DER certificate of a slot, unzipped where it is stored so; None where there is none."""
    raw = yield from get_data(CERTIFICATES[slot])
    return certificate_of(raw) if raw else None


def read_certificate_hashes(slots: Iterable[str]) -> Conversation[dict[str, str]]:
    """Slot → SHA-256 hex, in the order of the slots, for those that have a certificate."""
    hashes = {}
    for slot in sorted(slots):
        der = yield from read_certificate(slot)
        if der is not None:
            hashes[slot] = certificate_hash(der)
    return hashes


def get_metadata(reference: int) -> Conversation[bytes | None]:
    """GET METADATA (INS F7), 256 bytes at most; None where the card knows no such command or reference."""
    response = yield CommandApdu(0x00, INS_GET_METADATA, 0x00, reference, ne=SHORT_MAX_NE)
    return response.data if response.sw.is_success else None


def _candidate_algorithms(states: States) -> Conversation[list[KeyAlgorithm]]:
    """What 9E may be: by its metadata, or any; a wrong guess costs one refused command and nothing else."""
    if not states.has_metadata:
        return list(ALGORITHM_IDENTIFIERS)
    metadata = yield from get_metadata(CARD_AUTHENTICATION)
    algorithm = card_key_in_metadata(metadata) if metadata is not None else None
    return [algorithm] if algorithm else []


def prove_by_any(challenge: bytes, states: States) -> Conversation[Proof | None]:
    """9E's signature over `challenge` by the algorithm that it has; None where there is no such key."""
    for algorithm in (yield from _candidate_algorithms(states)):
        proof = yield from prove(algorithm, challenge)
        if proof is not None:
            return proof
    return None


def _check_proof(check: ProofCheck) -> Conversation[None]:
    proof = yield from prove(check.algorithm, check.challenge)
    if proof is None or not check.verify(proof.signature):
        raise WrongCard("9E does not prove it")


def _check_traits(expected: Identification) -> Conversation[None]:
    chuid = yield from read_chuid()
    if chuid.guid.hex() != expected.card_id:
        raise WrongCard("another GUID")
    if expected.serial is not None and (yield from read_serial()) != expected.serial:
        raise WrongCard("another serial number")
    if (yield from read_certificate_hashes(expected.certificates)) != dict(expected.certificates):
        raise WrongCard("other certificates")

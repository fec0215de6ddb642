"""Making a PIV card its holder's, at a registrar's desk (docs/issuance-protocol.md): four transactions, each
of which may be repeated on the same card until it ends well, and the unlock's own (plain_puk) as the fifth.

Rules kept here: a card that is somebody's is not written to; the GUID is written last of all that numbers a
card, and the card's own management key last of all that is written to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import ManagementKeyRefused, NotAsWritten, UnknownCard, WrongCard
from kilitcoz_cards.families import PIV, piv
from kilitcoz_cards.families.piv_management import (
    MANAGEMENT_KEY,
    Cryptogram,
    ManagementKey,
    authenticate,
    read_algorithm,
    set_management_key,
)
from kilitcoz_cards.families.piv_objects import CCC, CHUID, Chuid, ccc_object, chuid_object
from kilitcoz_cards.families.piv_writing import generate_key, put_certificate, put_data, read_public_key
from kilitcoz_cards.identity import Identification, KeyAlgorithm, Proof
from kilitcoz_cards.iso7816 import SHORT_MAX_NE
from kilitcoz_cards.pin import UNTOLD, PinState

SLOTS = ("9c", "9a", "9e")  # signature, authentication, the card itself


@dataclass(frozen=True, slots=True)
class DeskCard:
    """A card at the desk. `card_id` None: it has no number yet. `certificates`: slot → SHA-256 hex of those
    that are on it; `proof` by 9E where it has such a key.
    """

    family: str
    card_id: str | None
    serial: str | None
    reader: str = ""
    atr: str = ""
    certificates: Mapping[str, str] = field(default_factory=dict)
    pin: PinState = UNTOLD
    puk: PinState = UNTOLD
    proof: Proof | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing on it says whose it is."""
        return self.card_id is None and not self.certificates

    def to_identification(self) -> Identification:
        """The same as other operations have it; without a number its `card_id` is empty."""
        return Identification(
            family=self.family,
            card_id=self.card_id or "",
            serial=self.serial,
            reader=self.reader,
            atr=self.atr,
            certificates=self.certificates,
            pin=self.pin,
            puk=self.puk,
            proof=self.proof,
        )


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate (DER), and the key (SubjectPublicKeyInfo) it was issued for."""

    algorithm: KeyAlgorithm
    public_key: bytes
    certificate: bytes


def look(challenge: bytes, *, reader: str = "", atr: str = "") -> Conversation[DeskCard]:
    """SELECT, CHUID, serial, PIN and PUK, what is in the slots, proof by 9E. `atr` in hex.

    Raises UnknownCard where there is no PIV application; else as piv.identify.
    """
    yield from piv.select()
    card_id = yield from _guid()
    serial = yield from piv.read_serial()
    states = yield from piv.read_states()
    proof = yield from piv.prove_by_any(challenge, states)
    certificates = yield from piv.read_certificate_hashes(SLOTS)
    return DeskCard(
        family=PIV.name,
        card_id=card_id,
        serial=serial,
        reader=reader,
        atr=atr,
        certificates=certificates,
        pin=states.pin,
        puk=states.puk,
        proof=proof,
    )


def number(card: DeskCard, guid: bytes, answers: Sequence[Cryptogram]) -> Conversation[None]:
    """A blank card gets its GUID. Torn before the CHUID is written, it is as blank as before.

    Raises WrongCard for a card that is not blank any more, ManagementKeyRefused, UnexpectedStatus.
    """
    yield from piv.select()
    yield from _still(card)
    if (yield from piv.read_certificate_hashes(SLOTS)):
        raise WrongCard("not blank")
    yield from _authenticate(answers)
    yield from put_data(CCC, ccc_object(guid))
    yield from put_data(CHUID, chuid_object(guid))


def make_keys(
    card: DeskCard, wanted: Mapping[str, KeyAlgorithm], answers: Sequence[Cryptogram]
) -> Conversation[dict[str, bytes]]:
    """New keys on the numbered card: slot → SubjectPublicKeyInfo, in the order wanted.

    Keys that were in the slots are gone. Raises WrongCard, ManagementKeyRefused, UnexpectedStatus.
    """
    yield from piv.select()
    yield from _still(card)
    yield from _authenticate(answers)
    keys = {}
    for slot, algorithm in wanted.items():
        keys[slot] = yield from generate_key(slot, algorithm)
    return keys


def write(
    same: Conversation[None],
    certified: Mapping[str, Certified],
    key: ManagementKey,
    *,
    ours: Cryptogram,
    factory: Cryptogram,
) -> Conversation[bool]:
    """Certificates, read back and compared, then the card's own management key, proved.

    `same` as piv.same_card with the proof of 9E. False where the card cannot change its management key.
    Raises WrongCard, NotAsWritten, ManagementKeyRefused, UnexpectedStatus.
    """
    yield from same
    yield from _check_keys(certified)
    by = yield from _authenticate((ours, factory))
    for slot, each in certified.items():
        yield from put_certificate(slot, each.certificate)
    if by is ours:
        return True
    if not (yield from set_management_key(key)):
        return False
    yield from authenticate(key.algorithm, ours)
    return True


def _check_keys(certified: Mapping[str, Certified]) -> Conversation[None]:
    """Where the card tells: each key is the one that was certified."""
    if (yield from piv.get_metadata(MANAGEMENT_KEY)) is None:
        return
    for slot, each in certified.items():
        if (yield from read_public_key(slot, each.algorithm)) != each.public_key:
            raise NotAsWritten(slot)


def _authenticate(answers: Iterable[Cryptogram]) -> Conversation[Cryptogram]:
    """By the first key that the card takes; that one. A wrong one costs nothing."""
    algorithm = yield from read_algorithm()
    for answer in answers:
        try:
            yield from authenticate(algorithm, answer)
        except ManagementKeyRefused:
            continue
        return answer
    raise ManagementKeyRefused("neither the factory's key nor ours")


def _still(card: DeskCard) -> Conversation[None]:
    """By GUID, or by having none, and by serial where it was told."""
    if (yield from _guid()) != card.card_id:
        raise WrongCard("another GUID")
    if card.serial is not None and (yield from piv.read_serial()) != card.serial:
        raise WrongCard("another serial number")


def _guid() -> Conversation[str | None]:
    raw = yield from piv.get_data(CHUID, SHORT_MAX_NE)
    if not raw:
        return None
    try:
        return Chuid.from_object(raw).guid.hex()
    except UnknownCard:
        return None

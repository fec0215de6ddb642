"""What may be said to a card in each kind of operation: a literal list, held against every command.

An unlock can never sign, decipher, select another application or touch a key that needs a PIN, whatever
asks for it. A login can use one key, and set or unblock nothing; a document's signature another one, once.
Who makes a card its holder's can write to it, and use none of the holder's keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardsError, ForbiddenCommand
from kilitcoz_cards.families import PIV
from kilitcoz_cards.families.piv import AID
from kilitcoz_cards.families.piv_keys import template_prefix
from kilitcoz_cards.families.piv_management import (
    ManagementAlgorithm,
    answering,
    asking,
    management_key_prefix,
)
from kilitcoz_cards.families.piv_objects import ALGORITHM_IDENTIFIERS, CCC, CERTIFICATES, CHUID
from kilitcoz_cards.families.piv_personalise import SLOTS
from kilitcoz_cards.families.piv_renew import RENEWED
from kilitcoz_cards.families.piv_writing import control_template, object_name
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.signatures import signature_input

T = TypeVar("T")

ANY_DATA = None
MAX_OBJECT = 4096  # bytes of a PUT DATA's data field; larger certificates fit no card
SHA256_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Allowed:
    """One command: its header, and what its data field may be: one of `data`, or of one of `lengths` and
    with this beginning. `once`: a transaction has room for one of all that are so marked.
    """

    header: str
    data: frozenset[bytes] | None = ANY_DATA
    lengths: range = range(1)
    prefix: bytes = b""
    once: bool = False

    def admits(self, command: CommandApdu) -> bool:
        """Whether this is that command."""
        if command.header != bytes.fromhex(self.header):
            return False
        if self.data is not None:
            return command.data in self.data
        return len(command.data) in self.lengths and command.data.startswith(self.prefix)


_OBJECTS = frozenset(b"\x5c\x03" + tag.to_bytes(3, "big") for tag in (CHUID, *CERTIFICATES.values()))

READING = (
    Allowed("00 A4 04 00", data=frozenset({AID})),
    Allowed("00 CB 3F FF", data=_OBJECTS),
    Allowed("00 F8 00 00"),  # serial
    Allowed("00 F7 00 80"),  # metadata of PIN, PUK, 9E
    Allowed("00 F7 00 81"),
    Allowed("00 F7 00 9E"),
    Allowed("00 20 00 80"),  # VERIFY without data
    *(Allowed(f"00 87 {p1:02X} 9E", lengths=range(32, 512)) for p1 in ALGORITHM_IDENTIFIERS.values()),
)
"""What tells which card it is and what its PIN stands at."""

_VERIFY = Allowed("00 20 00 80", lengths=range(8, 9))


def _signature_by(slot: str, key: KeyAlgorithm) -> Allowed:
    """GENERAL AUTHENTICATE of one key: the template, and a block exactly as long as the key's."""
    prefix = template_prefix(key)
    length = len(prefix) + key.block_length
    header = f"00 87 {ALGORITHM_IDENTIFIERS[key]:02X} {slot.upper()}"
    return Allowed(header, lengths=range(length, length + 1), prefix=prefix)


def _document_by(slot: str, key: KeyAlgorithm) -> Allowed:
    """The same, once; of RSA only over a SHA-256 digest in the form of PKCS#1 v1.5."""
    general = _signature_by(slot, key)
    form = signature_input(key, b"")[:-SHA256_LENGTH] if key.is_rsa else b""
    return replace(general, prefix=general.prefix + form, once=True)


def _answer_by(algorithm: ManagementAlgorithm) -> Allowed:
    """The management key's answer: the template, and one block."""
    command = answering(algorithm, bytes(algorithm.block_length))
    length = len(command.data)
    prefix = command.data[: -algorithm.block_length]
    return Allowed(command.header.hex(" ").upper(), lengths=range(length, length + 1), prefix=prefix)


MANAGING = (
    Allowed("00 F7 00 9B"),  # metadata of the management key
    *(
        Allowed(asking(each).header.hex(" ").upper(), data=frozenset({asking(each).data}))
        for each in ManagementAlgorithm
    ),
    *(_answer_by(each) for each in ManagementAlgorithm),
)
"""The management key's authentication: the card's challenge and its answer."""


def making(slot: str) -> tuple[Allowed, ...]:
    """A new key in this slot, its metadata, its certificate: of the same command no other slot, no object."""
    templates = frozenset(control_template(algorithm) for algorithm in KeyAlgorithm)
    return (
        Allowed(f"00 47 00 {slot.upper()}", data=templates),
        Allowed(f"00 F7 00 {slot.upper()}"),
        _put(CERTIFICATES[slot]),
    )


def _put(tag: int) -> Allowed:
    """PUT DATA of this object, not empty."""
    name = object_name(tag)
    return Allowed("00 DB 3F FF", lengths=range(len(name) + 3, MAX_OBJECT), prefix=name + b"\x53")


_SETTING_A_PIN_BY_PUK = (
    *READING,
    Allowed("00 24 00 81", lengths=range(16, 17)),
    Allowed("00 2C 00 80", lengths=range(16, 17)),
    _VERIFY,
)
_SETTING_KEYS = tuple(
    Allowed("00 FF FF FF", lengths=range(length, length + 1), prefix=prefix)
    for prefix, length in (
        (management_key_prefix(each), 3 + each.key_length)
        for each in ManagementAlgorithm
        if each is not ManagementAlgorithm.TDES
    )
)

ALLOWED: Mapping[OperationKind | None, tuple[Allowed, ...]] = MappingProxyType(
    {
        None: READING,
        OperationKind.UNLOCK: _SETTING_A_PIN_BY_PUK,
        OperationKind.ACTIVATE: _SETTING_A_PIN_BY_PUK,
        OperationKind.CHANGE_PIN: (*READING, Allowed("00 24 00 80", lengths=range(16, 17)), _VERIFY),
        OperationKind.LOGIN: (
            *READING,
            _VERIFY,
            *(_signature_by(slot, key) for slot in PIV.login_slots for key in KeyAlgorithm),
        ),
        OperationKind.RENEW: (
            *READING,
            _VERIFY,
            *MANAGING,
            *(each for slot in RENEWED for each in making(slot)),
            *(replace(_document_by(slot, key), once=False) for slot in RENEWED for key in KeyAlgorithm),
        ),
        OperationKind.PERSONALISE: (
            *_SETTING_A_PIN_BY_PUK,
            *MANAGING,
            *(each for slot in SLOTS for each in making(slot)),
            _put(CCC),
            _put(CHUID),
            *_SETTING_KEYS,
        ),
        OperationKind.SIGN: (
            *READING,
            _VERIFY,
            *(_document_by(slot, key) for slot in PIV.signature_slots for key in KeyAlgorithm),
        ),
    }
)
"""Operation kind → its commands; None: no operation, a look at the card."""


def check(kind: OperationKind | None, command: CommandApdu) -> Allowed:
    """The row that admits a command of this kind of operation; raise ForbiddenCommand (header only) for any
    other.
    """
    for allowed in ALLOWED[kind]:
        if allowed.admits(command):
            return allowed
    raise ForbiddenCommand(command.header.hex())


def guard(kind: OperationKind | None, conversation: Conversation[T]) -> Conversation[T]:
    """The same conversation, each command checked; ForbiddenCommand goes into it in the command's stead."""
    signed = False
    try:
        command = next(conversation)
        while True:
            try:
                signed = _count(check(kind, command), command, signed=signed)
                response = yield command
            except CardsError as fault:
                command = conversation.throw(fault)
            else:
                command = conversation.send(response)
    except StopIteration as end:
        result: T = end.value
        return result


def _count(allowed: Allowed, command: CommandApdu, *, signed: bool) -> bool:
    """Whether the one signature is used up from now on; raise ForbiddenCommand where it was before."""
    if allowed.once and signed:
        raise ForbiddenCommand(command.header.hex())
    return signed or allowed.once

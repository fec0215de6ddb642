"""The messages of a registrar's desk: claim, decision, report, order (docs/issuance-protocol.md, D3–D6).

The portal leads: the card service reports what is in the reader and what became of the last order, and is
told the next one. What is secret in an order is sealed by the vault once more, and read where it is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.families.piv_management import ManagementAlgorithm, ManagementKey
from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages.codec import (
    Bytes,
    Choice,
    Codec,
    Flag,
    Integer,
    MapOf,
    Nullable,
    ObjectOf,
    Text,
)
from kilitcoz_cards.messages.http import SEALED
from kilitcoz_cards.messages.login import MAX_CERTIFICATE
from kilitcoz_cards.messages.unlock import (
    AGENT_VERSION,
    CARD_LABEL,
    CERTIFICATES,
    FENCE,
    MAX_TIME,
    PIN_STATE,
    PROOF,
    SLUG,
    TOKEN_43,
    Message,
    Result,
)

MAX_CARDS = 1000  # of one batch
TURN = Integer(1, MAX_TIME)
COUNT = Integer(0, MAX_CARDS)
CARD_ID = Text(64, "(?:[0-9a-f]{2})+")
SLOT = Text(2, "[0-9a-f]{2}")
PUBLIC_KEY = Bytes(32, 1024)
MAX_SLOTS = 8
DESK_CARD = ObjectOf(
    DeskCard,
    {
        "family": SLUG,
        "card_id": Nullable(CARD_ID),
        "serial": Nullable(Text(20, "[0-9]+")),
        "reader": Text(256),
        "atr": Text(66, "(?:[0-9a-f]{2})+"),
        "certificates": CERTIFICATES,
        "pin": PIN_STATE,
        "puk": PIN_STATE,
        "proof": Nullable(PROOF),
    },
)
CERTIFIED = ObjectOf(
    Certified,
    {
        "algorithm": Choice(KeyAlgorithm),
        "public_key": PUBLIC_KEY,
        "certificate": Bytes(64, MAX_CERTIFICATE),
    },
)


@dataclass(frozen=True, slots=True)
class DeskClaim(Message):
    """D3: the card service's one-time X25519 public key."""

    agent_key: bytes
    agent_version: str

    TABLE: ClassVar[Mapping[str, Codec]] = {"agent_key": Bytes(32, 32), "agent_version": AGENT_VERSION}


@dataclass(frozen=True, slots=True)
class DeskDecision(Message):
    """D4. `session`: bearer of the later calls; `batch`: its number, as the registrar knows it; how many
    cards it is about, and how many are done.
    """

    session: str
    batch: str
    total: int
    done: int

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "session": TOKEN_43,
        "batch": Text(12, "[0-9]+"),
        "total": COUNT,
        "done": COUNT,
    }


@dataclass(frozen=True, slots=True)
class Written(Message):
    """The certificates are on the card, read back. `own_key`: so is our management key, and was proved."""

    own_key: bool

    TABLE: ClassVar[Mapping[str, Codec]] = {"own_key": Flag()}


@dataclass(frozen=True, slots=True)
class DeskReport(Message):
    """D5. `turn` counts the reports of one operation from 1; sent again, a report keeps it. `card`: as it was
    looked at in this turn, None where none is in a reader. What the last order came to: `keys` that were
    made (slot → SubjectPublicKeyInfo), `written`, or `result` (M7) of the last transaction; one at most.
    """

    turn: int
    card: DeskCard | None
    keys: Mapping[str, bytes] | None = None
    written: Written | None = None
    result: Result | None = None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "turn": TURN,
        "card": Nullable(DESK_CARD),
        "keys": Nullable(MapOf(SLOT, PUBLIC_KEY, MAX_SLOTS)),
        "written": Nullable(ObjectOf(Written, Written.TABLE)),
        "result": Nullable(ObjectOf(Result, Result.TABLE)),
    }

    def __post_init__(self) -> None:
        outcomes = [each for each in (self.keys, self.written, self.result) if each is not None]
        if len(outcomes) > 1 or (outcomes and self.card is None):
            raise MessageMalformed("keys")


class DeskStep(StrEnum):
    """What is to be done now."""

    INSERT = "insert"  # a card is wanted
    NUMBER = "number"  # the blank card gets this GUID
    KEYS = "keys"  # these keys are made on it
    WRITE = "write"  # certificates and management key go onto it
    LOCK = "lock"  # PUK and PIN leave the factory's
    LOOK = "look"  # the card is to be looked at again
    CARD_DONE = "card_done"  # this card is whole: take it out
    REFUSED = "refused"  # nothing is done with this card; `code` says why
    FINISHED = "finished"  # no card of the batch is left


@dataclass(frozen=True, slots=True)
class DeskOrder(Message):
    """D6. `person`, `application`: whose card is in hand, or comes next; `last_four` of the card.

    NUMBER: `guid`. KEYS: `algorithms`. WRITE: `certified`, `card_auth_key`, `management_key` (sealed, label
    `management`). LOCK: `card_auth_key`, `fence` and `release` (M6, sealed, label `release`).
    """

    turn: int
    step: DeskStep
    total: int
    done: int
    code: str | None = None
    person: str | None = None
    application: str | None = None
    last_four: str | None = None
    guid: str | None = None
    algorithms: Mapping[str, KeyAlgorithm] = field(default_factory=dict)
    certified: Mapping[str, Certified] = field(default_factory=dict)
    card_auth_key: bytes | None = None
    management_key: bytes | None = None
    fence: int | None = None
    release: bytes | None = None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "turn": TURN,
        "step": Choice(DeskStep),
        "total": COUNT,
        "done": COUNT,
        "code": Nullable(SLUG),
        "person": Nullable(Text(120)),
        "application": Nullable(Text(32)),
        "last_four": Nullable(CARD_LABEL),
        "guid": Nullable(Text(32, "[0-9a-f]{32}")),
        "algorithms": MapOf(SLOT, Choice(KeyAlgorithm), MAX_SLOTS),
        "certified": MapOf(SLOT, CERTIFIED, MAX_SLOTS),
        "card_auth_key": Nullable(PUBLIC_KEY),
        "management_key": Nullable(SEALED),
        "fence": Nullable(FENCE),
        "release": Nullable(SEALED),
    }

    def __post_init__(self) -> None:
        for name in NEEDED.get(self.step, ()):
            if not getattr(self, name):
                raise MessageMalformed(name)


NEEDED: Mapping[DeskStep, tuple[str, ...]] = {
    DeskStep.NUMBER: ("guid",),
    DeskStep.KEYS: ("algorithms",),
    DeskStep.WRITE: ("certified", "card_auth_key", "management_key"),
    DeskStep.LOCK: ("card_auth_key", "fence", "release"),
    DeskStep.REFUSED: ("code",),
}
"""What an order cannot do without."""


@dataclass(frozen=True, slots=True)
class SealedManagementKey(Message):
    """What the vault seals for WRITE (label `management`): a key of ours, on its way to the card."""

    algorithm: ManagementAlgorithm
    key: bytes = field(repr=False)

    TABLE: ClassVar[Mapping[str, Codec]] = {"algorithm": Choice(ManagementAlgorithm), "key": Bytes(16, 32)}

    def to_key(self) -> ManagementKey:
        """Checked. Raises MessageMalformed."""
        try:
            return ManagementKey(self.algorithm, self.key)
        except ValueError:
            raise MessageMalformed("key") from None

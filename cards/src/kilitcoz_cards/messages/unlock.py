"""The messages of one operation: M2 capability, M3 claim, M4 decision, M6 release, M7 result.

Each class has beside its fields the table by which it is read; docs/unlock-protocol.md says in prose what the
tables say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.identity import Identification, KeyAlgorithm, Proof
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.messages.codec import (
    Bytes,
    Choice,
    Codec,
    Flag,
    Integer,
    Json,
    ListOf,
    MapOf,
    Nullable,
    ObjectOf,
    PukBytes,
    Status,
    Text,
    dump,
    load,
)
from kilitcoz_cards.pin import PinRules, PinState, Puk

MAX_TIME = 2**53 - 1
CAPABILITY_LIFE = 600  # seconds

SLUG = Text(40, "[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
TOKEN_22 = Text(22, "[A-Za-z0-9_-]{22}")
TOKEN_43 = Text(43, "[A-Za-z0-9_-]{43}")
SHA256_HEX = Text(64, "[0-9a-f]{64}")
CARD_LABEL = Text(16)
AGENT_VERSION = Text(32, "[0-9A-Za-z.+-]+")
FENCE = Integer(0, MAX_TIME)
CERTIFICATES = MapOf(Text(2, "[0-9a-f]{2}"), SHA256_HEX, 32)
PIN_STATE = ObjectOf(PinState, {"blocked": Nullable(Flag()), "retries_left": Nullable(Integer(0, 255))})
PIN_RULES = ObjectOf(
    PinRules, {"min_length": Integer(1, 64), "max_length": Integer(1, 64), "alphabet": Text(16, "digits")}
)
PROOF = ObjectOf(
    Proof, {"key": Text(2, "[0-9a-f]{2}"), "algorithm": Choice(KeyAlgorithm), "signature": Bytes(1, 1024)}
)
IDENTIFICATION = ObjectOf(
    Identification,
    {
        "family": SLUG,
        "card_id": Text(64, "(?:[0-9a-f]{2})+"),
        "serial": Nullable(Text(20, "[0-9]+")),
        "reader": Text(256),
        "atr": Text(66, "(?:[0-9a-f]{2})+"),
        "certificates": CERTIFICATES,
        "pin": PIN_STATE,
        "puk": PIN_STATE,
        "proof": Nullable(PROOF),
    },
)


class Message:
    """What all messages share: strict reading, compact writing. `TABLE` has the members in their order."""

    __slots__ = ()
    TABLE: ClassVar[Mapping[str, Codec]]
    OPTIONAL: ClassVar[frozenset[str]] = frozenset()

    def to_members(self) -> dict[str, Any]:
        """The members as JSON has them (for a JWT's claims, or inside another message)."""
        members: dict[str, Any] = type(self)._codec().encode(self)
        return members

    def to_json(self) -> bytes:
        """Compact UTF-8 JSON."""
        return dump(self.to_members())

    @classmethod
    def from_members(cls, members: Json) -> Self:
        """From parsed JSON; MessageMalformed for unknown, missing, over-long or ill-typed members."""
        message: Self = cls._codec().decode(members, "")
        return message

    @classmethod
    def from_json(cls, raw: bytes) -> Self:
        """From JSON of at most 64 KiB; MessageMalformed as from_members."""
        return cls.from_members(load(raw))

    @classmethod
    def _codec(cls) -> ObjectOf:
        return ObjectOf(cls, cls.TABLE, cls.OPTIONAL)


class OperationKind(StrEnum):
    """What an operation does with the card."""

    UNLOCK = "unlock"
    ACTIVATE = "activate"  # "Kullanıma Aç": an unlock that sets the first PIN
    RENEW = "renew"  # new keys and certificates on the holder's card
    CHANGE_PIN = "change_pin"
    LOGIN = "login"
    PERSONALISE = "personalise"
    SIGN = "sign"


WITHOUT_CARD = frozenset({OperationKind.LOGIN, OperationKind.PERSONALISE})
"""Kinds of operation that begin before it is known which card they are about."""


@dataclass(frozen=True, slots=True)
class Capability(Message):
    """M2: the claims of the JWT. `hpke`: the portal's raw X25519 public key; times in seconds since 1970.

    A login's and a registrar's desk's name no card, a signature's always does.
    """

    iss: str
    op: str
    kind: OperationKind
    card: str | None
    card_label: str | None
    nonce: str
    num: str
    hpke: bytes
    iat: int
    exp: int
    lang: str
    aud: str = "kilitcoz-agent"

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "iss": Text(255, r"https?://[a-z0-9.\[\]:-]+"),
        "aud": Text(14, "kilitcoz-agent"),
        "op": TOKEN_22,
        "kind": Choice(OperationKind),
        "card": Nullable(SHA256_HEX),
        "card_label": Nullable(CARD_LABEL),
        "nonce": TOKEN_22,
        "num": Text(2, "[0-9]{2}"),
        "hpke": Bytes(32, 32),
        "iat": Integer(0, MAX_TIME),
        "exp": Integer(0, MAX_TIME),
        "lang": Text(2, "tr|en"),
    }

    def __post_init__(self) -> None:
        if not 0 < self.exp - self.iat <= CAPABILITY_LIFE:
            raise MessageMalformed("exp")
        if self.kind in WITHOUT_CARD and (self.card, self.card_label) != (None, None):
            raise MessageMalformed("card")  # no card is known before it was put in
        if self.kind is OperationKind.SIGN and self.card is None:
            raise MessageMalformed("card")  # who signs was settled before


@dataclass(frozen=True, slots=True)
class Claim(Message):
    """M3: the card service's one-time X25519 public key, and the card in its reader (None: no card)."""

    agent_key: bytes
    agent_version: str
    identification: Identification | None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "agent_key": Bytes(32, 32),
        "agent_version": AGENT_VERSION,
        "identification": Nullable(IDENTIFICATION),
    }


class CardDecision(StrEnum):
    """What the portal makes of a claim."""

    PROCEED = "proceed"
    NO_CARD = "no_card"
    WRONG_CARD = "wrong_card"
    NOT_BLOCKED = "not_blocked"
    PUK_EXHAUSTED = "puk_exhausted"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Decision(Message):
    """M4. `card_auth_key`: SubjectPublicKeyInfo (DER) of 9E or None; `session`: bearer of the later calls."""

    decision: CardDecision
    session: str
    card_label: str | None
    promise: str
    card_auth_key: bytes | None
    certificates: Mapping[str, str]
    pin_rules: PinRules

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "decision": Choice(CardDecision),
        "session": TOKEN_43,
        "card_label": Nullable(CARD_LABEL),
        "promise": Text(3, "F[1-3][bc]?"),
        "card_auth_key": Nullable(Bytes(32, 1024)),
        "certificates": CERTIFICATES,
        "pin_rules": PIN_RULES,
    }


@dataclass(frozen=True, slots=True)
class Release(Message):
    """M6: one or two candidates in the order to try them, what the PUK shall be, whether it may be changed.

    A PUK stands in JSON as base64url of its bytes before padding. Without `rotate`, `new` is the one
    candidate.
    """

    fence: int
    candidates: tuple[Puk, ...]
    new: Puk
    rotate: bool

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "fence": FENCE,
        "candidates": ListOf(PukBytes(), 1, 2),
        "new": PukBytes(),
        "rotate": Flag(),
    }

    def __post_init__(self) -> None:
        if not self.rotate and self.candidates != (self.new,):
            raise MessageMalformed("rotate")
        if len(self.candidates) == 2 and self.candidates[0] == self.candidates[1]:
            raise MessageMalformed("candidates")


class RiskyCommand(StrEnum):
    """The commands of a transaction that a report accounts for, one by one."""

    CHANGE_PUK = "change_puk"
    RESET_RETRY_COUNTER = "reset_retry_counter"
    VERIFY = "verify"
    CHANGE_PIN = "change_pin"


class Outcome(StrEnum):
    """How a transaction ended, for the holder; the events say it for the vault."""

    PIN_SET = "pin_set"
    PIN_REFUSED = "pin_refused"
    SECRET_REFUSED = "secret_refused"  # noqa: S105 -- an outcome, not a secret
    LOST = "lost"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Event:
    """A risky command that was sent; `sw` None: no answer came.

    `candidate` indexes Release.candidates where the command carried one of them as the secret to be proved;
    None where it carried `new` that the `24` before it had just set, or no unlock secret at all.
    """

    command: RiskyCommand
    candidate: int | None
    sw: StatusWord | None


EVENT = ObjectOf(
    Event,
    {
        "command": Choice(RiskyCommand),
        "candidate": Nullable(Integer(0, 1)),
        "sw": Nullable(Status()),
    },
)


@dataclass(frozen=True, slots=True)
class Result(Message):
    """M7: what the card answered to each risky command, in order. No `fence`: nothing was released."""

    fence: int | None
    events: tuple[Event, ...]
    puk: PinState
    pin: PinState
    outcome: Outcome
    abort_code: str | None = None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "fence": Nullable(FENCE),
        "events": ListOf(EVENT, 0, 8),
        "puk": PIN_STATE,
        "pin": PIN_STATE,
        "outcome": Choice(Outcome),
        "abort_code": Nullable(SLUG),
    }

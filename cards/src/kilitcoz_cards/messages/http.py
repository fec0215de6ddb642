"""Bodies of the agent API's calls (docs/unlock-protocol.md, "The agent API"), and the well-known document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kilitcoz_cards.messages.codec import MAX_MESSAGE, Bytes, Codec, ListOf, Nullable, ObjectOf, Text
from kilitcoz_cards.messages.unlock import FENCE, SLUG, Message

ORIGIN = Text(255, r"https?://[a-z0-9.\[\]:-]+")
SEALED = Bytes(48, MAX_MESSAGE // 2)  # 32 bytes enc, 16 bytes tag at least
PAIRING_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L
COMPLETION = Nullable(Text(128, r"[A-Za-z0-9_-]+"))
RETURN_URL = Nullable(Text(512, r"https?://[!-~]+"))
PAIRING_CODE = Text(8, f"[{PAIRING_CODE_ALPHABET}]{{8}}")


@dataclass(frozen=True, slots=True)
class PairRequest(Message):
    """`pair`: the typed code, eight characters, upper case, without the space shown in its middle."""

    pairing_code: str
    TABLE: ClassVar[Mapping[str, Codec]] = {"pairing_code": PAIRING_CODE}


@dataclass(frozen=True, slots=True)
class PairAnswer(Message):
    """`pair`'s answer: the capability's JWT in compact form."""

    capability: str
    TABLE: ClassVar[Mapping[str, Codec]] = {"capability": Text(4096, r"[A-Za-z0-9_.-]+")}


@dataclass(frozen=True, slots=True)
class Sealed(Message):
    """`claim`, both ways: an HPKE message, `enc ‖ ct`."""

    sealed: bytes
    TABLE: ClassVar[Mapping[str, Codec]] = {"sealed": SEALED}


@dataclass(frozen=True, slots=True)
class Empty(Message):
    """`release`'s request: `{}`."""

    TABLE: ClassVar[Mapping[str, Codec]] = {}


@dataclass(frozen=True, slots=True)
class SealedRelease(Message):
    """`release`'s answer: the fence, which is part of `info`, and M6."""

    fence: int
    sealed: bytes
    TABLE: ClassVar[Mapping[str, Codec]] = {"fence": FENCE, "sealed": SEALED}


@dataclass(frozen=True, slots=True)
class ResultAnswer(Message):
    """`result`'s answer: the completion secret and where the browser takes it; null where there is none."""

    operation_state: str
    completion: str | None
    return_url: str | None
    TABLE: ClassVar[Mapping[str, Codec]] = {
        "operation_state": SLUG,
        "completion": COMPLETION,
        "return_url": RETURN_URL,
    }


@dataclass(frozen=True, slots=True)
class Abort(Message):
    """`abort`: the slug of why the card service stops."""

    code: str
    TABLE: ClassVar[Mapping[str, Codec]] = {"code": SLUG}


@dataclass(frozen=True, slots=True)
class StateAnswer(Message):
    """`abort`'s answer."""

    operation_state: str
    TABLE: ClassVar[Mapping[str, Codec]] = {"operation_state": SLUG}


@dataclass(frozen=True, slots=True)
class Refusal(Message):
    """The body of every 4xx: a row of docs/errors.md."""

    code: str
    operation_state: str | None = None
    TABLE: ClassVar[Mapping[str, Codec]] = {"code": SLUG, "operation_state": SLUG}
    OPTIONAL: ClassVar[frozenset[str]] = frozenset({"operation_state"})


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One of the portal's Ed25519 keys: `kid` as in the JWT's header, `key` raw."""

    kid: str
    key: bytes


@dataclass(frozen=True, slots=True)
class WellKnown(Message):
    """`GET /.well-known/kilitcoz.json`."""

    origin: str
    keys: tuple[SigningKey, ...]
    TABLE: ClassVar[Mapping[str, Codec]] = {
        "origin": ORIGIN,
        "keys": ListOf(ObjectOf(SigningKey, {"kid": Text(16, "[0-9a-f]{16}"), "key": Bytes(32, 32)}), 1, 8),
    }

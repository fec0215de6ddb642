"""The messages of a login by card: claim, decision, token, answer (docs/login-protocol.md, L3–L6).

What stands here names no card and no person before the holder has pressed the button: the token is the first
message that does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from kilitcoz_cards.authentication import TOKEN_FORMAT, SignatureAlgorithm
from kilitcoz_cards.messages.codec import Bytes, Choice, Codec, Flag, Nullable, Text
from kilitcoz_cards.messages.http import COMPLETION, RETURN_URL
from kilitcoz_cards.messages.unlock import AGENT_VERSION, SLUG, TOKEN_43, Message

MAX_CERTIFICATE = 16384  # bytes of DER
CONFIRMATION_DIGITS = 6


@dataclass(frozen=True, slots=True)
class LoginClaim(Message):
    """L3: the card service's one-time X25519 public key; whether a card that may serve is in its reader."""

    agent_key: bytes
    agent_version: str
    card_found: bool

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "agent_key": Bytes(32, 32),
        "agent_version": AGENT_VERSION,
        "card_found": Flag(),
    }


class Network(StrEnum):
    """Does the browser that began reach the portal from where the card service does?"""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LoginDecision(Message):
    """L4. `session`: bearer of the later calls; `browser` and `network`: what is known of the browser that
    began and will be logged in.
    """

    session: str
    browser: str | None
    network: Network

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "session": TOKEN_43,
        "browser": Nullable(Text(64)),
        "network": Choice(Network),
    }


@dataclass(frozen=True, slots=True)
class LoginToken(Message):
    """L5: Web eID's authentication token. The certificate (DER) is believed by nobody before it was checked;
    `signature`: over authentication.signed_value, in the form of RFC 7518.
    """

    unverified_certificate: bytes
    algorithm: SignatureAlgorithm
    signature: bytes
    format: str = TOKEN_FORMAT

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "unverified_certificate": Bytes(64, MAX_CERTIFICATE),
        "algorithm": Choice(SignatureAlgorithm),
        "signature": Bytes(64, 512),
        "format": Text(16, "web-eid:1\\.0"),
    }


@dataclass(frozen=True, slots=True)
class LoginAnswer(Message):
    """L6: the token was accepted. Completion secret, and the address to which the same browser takes it;
    behind a typed code instead the number that the holder types into the other one.
    """

    operation_state: str
    completion: str | None
    return_url: str | None
    confirmation: str | None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "operation_state": SLUG,
        "completion": COMPLETION,
        "return_url": RETURN_URL,
        "confirmation": Nullable(Text(CONFIRMATION_DIGITS, f"[0-9]{{{CONFIRMATION_DIGITS}}}")),
    }

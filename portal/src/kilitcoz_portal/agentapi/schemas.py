"""The bodies of the agent API for its OpenAPI document; reading and writing is kilitcoz_cards.messages'
alone.

A test holds these to the tables of the messages.
"""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$", max_length=40)]
Base64Url = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", min_length=64, max_length=43692)]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class PairRequest(_Strict):
    """The typed code."""

    pairing_code: Annotated[str, Field(pattern="^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}$")]


class PairAnswer(_Strict):
    """The capability (JWT, compact form)."""

    capability: str


class Sealed(_Strict):
    """An HPKE message, `enc ‖ ct`, base64url."""

    sealed: Base64Url


class Empty(_Strict):
    """`{}`"""


class SealedRelease(_Strict):
    """The fence and M6."""

    fence: int
    sealed: Base64Url


class PinState(_Strict):
    """What a card tells of a reference; null: it does not tell."""

    blocked: bool | None
    retries_left: Annotated[int, Field(ge=0, le=255)] | None


class Event(_Strict):
    """One risky command and its status word; null: no answer came."""

    command: Annotated[str, Field(pattern="^(change_puk|reset_retry_counter|verify|change_pin)$")]
    candidate: Annotated[int, Field(ge=0, le=1)] | None
    sw: Annotated[str, Field(pattern="^[0-9A-F]{4}$")] | None


class Result(_Strict):
    """M7."""

    fence: Annotated[int, Field(ge=0, le=2**53 - 1)] | None
    events: Annotated[list[Event], Field(max_length=8)]
    puk: PinState
    pin: PinState
    outcome: Annotated[str, Field(pattern="^(pin_set|pin_refused|secret_refused|lost|aborted)$")]
    abort_code: Slug | None


class ResultAnswer(_Strict):
    """Where the operation stands, and the way back for the browser once it is closed."""

    operation_state: Slug
    completion: str | None
    return_url: str | None


class LoginAnswer(_Strict):
    """L6: the way back for the browser, or the number that a person carries to it."""

    operation_state: Slug
    completion: str | None
    return_url: str | None
    confirmation: Annotated[str, Field(pattern="^[0-9]{6}$")] | None


class Abort(_Strict):
    """Why the card service stops."""

    code: Slug


Slot = Annotated[str, Field(pattern="^9[ac]$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Octets = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=22000)]
KeyKind = Annotated[str, Field(pattern="^(ecc-p256|ecc-p384|rsa-2048|rsa-3072)$")]


class KeyWanted(_Strict):
    """A key to be renewed; the public key of an earlier run, if there was one."""

    slot: Slot
    algorithm: KeyKind
    public_key: Octets | None


class RenewalPlan(_Strict):
    """R2."""

    keys: Annotated[list[KeyWanted], Field(min_length=1, max_length=2)]


class ManagementChallenge(_Strict):
    """R3: one block of the card's."""

    algorithm: Annotated[str, Field(pattern="^(aes-256|aes-192|aes-128|3des)$")]
    challenge: Octets


class ManagementAnswer(_Strict):
    """R4: the same block, enciphered."""

    cryptogram: Octets


class MadeKey(_Strict):
    """A key on the card, and its signature."""

    slot: Slot
    algorithm: KeyKind
    public_key: Octets
    signature: Octets


class MadeKeys(_Strict):
    """R5."""

    keys: Annotated[list[MadeKey], Field(min_length=1, max_length=2)]


class NewCertificates(_Strict):
    """R6: slot and certificate (DER)."""

    certificates: dict[Slot, Octets]


class WrittenCertificates(_Strict):
    """R7: slot and the SHA-256 of what the card gave back."""

    certificates: dict[Slot, Sha256]


class StateAnswer(_Strict):
    """Where the operation stands."""

    operation_state: Slug


class Refusal(_Strict):
    """Every 4xx: a row of docs/errors.md."""

    code: Slug
    operation_state: Slug | None = None


def request_body(schema: type[Schema]) -> dict[str, Any]:
    """`openapi_extra` of a call whose body ninja does not read itself."""
    content = {"application/json": {"schema": schema.json_schema()}}
    return {"requestBody": {"required": True, "content": content}}

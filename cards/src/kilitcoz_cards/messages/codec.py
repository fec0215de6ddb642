"""How one member of a message is written and read: small codecs, each refusing all but its own form.

Every codec has encode(value) → what json writes, and decode(raw, path) → value; decode raises
MessageMalformed with the member's path and never quotes the value. Limits stand in the table of each
message, beside its members.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.pin import Puk

MAX_MESSAGE = 65536  # bytes of one message

T = TypeVar("T")
Json = Any  # what json reads and writes; narrowed by every codec


class Codec(Protocol):
    """One form of a member."""

    def encode(self, value: Any) -> Json:
        """The JSON form of a value that is right."""

    def decode(self, raw: Json, path: str) -> Any:
        """The value; MessageMalformed(path) for anything else."""


def b64u_encode(raw: bytes) -> str:
    """base64url without padding (RFC 4648, 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def b64u_decode(text: str) -> bytes:
    """The bytes of canonical base64url without padding; ValueError for any other spelling."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64u_encode(raw) != text:
        raise ValueError("not canonical base64url")
    return raw


def dump(members: Mapping[str, Json]) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def load(raw: bytes) -> Json:
    """Strict JSON: UTF-8, at most MAX_MESSAGE bytes, no member twice, no NaN; else MessageMalformed."""
    if len(raw) > MAX_MESSAGE:
        raise MessageMalformed("message")
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise MessageMalformed("message") from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refuse_constant(name: str) -> Json:
    raise ValueError(name)


@dataclass(frozen=True, slots=True)
class Text:
    """A string of 1 to `max_length` characters, printable, wholly matched by `pattern` where there is one."""

    max_length: int
    pattern: str | None = None

    def encode(self, value: str) -> Json:
        """As it is."""
        return value

    def decode(self, raw: Json, path: str) -> str:
        """The string."""
        if not isinstance(raw, str) or not 1 <= len(raw) <= self.max_length or not raw.isprintable():
            raise MessageMalformed(path)
        if self.pattern is not None and not re.fullmatch(self.pattern, raw, re.ASCII):
            raise MessageMalformed(path)
        return raw


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `low` to `high`; true and 1.0 are none."""

    low: int
    high: int

    def encode(self, value: int) -> Json:
        """As it is."""
        return value

    def decode(self, raw: Json, path: str) -> int:
        """The number."""
        if type(raw) is not int or not self.low <= raw <= self.high:
            raise MessageMalformed(path)
        return raw


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def encode(self, value: bool) -> Json:
        """As it is."""
        return value

    def decode(self, raw: Json, path: str) -> bool:
        """The truth value."""
        if not isinstance(raw, bool):
            raise MessageMalformed(path)
        return raw


@dataclass(frozen=True, slots=True)
class Bytes:
    """`low` to `high` bytes in canonical base64url."""

    low: int
    high: int

    def encode(self, value: bytes) -> Json:
        """base64url without padding."""
        return b64u_encode(value)

    def decode(self, raw: Json, path: str) -> bytes:
        """The bytes."""
        if not isinstance(raw, str) or len(raw) > 2 * self.high:
            raise MessageMalformed(path)
        try:
            value = b64u_decode(raw)
        except ValueError:
            raise MessageMalformed(path) from None
        if not self.low <= len(value) <= self.high:
            raise MessageMalformed(path)
        return value


@dataclass(frozen=True, slots=True)
class PukBytes:
    """A PUK: the bytes of its reference data before padding, 1 to 64, in base64url."""

    def encode(self, value: Puk) -> Json:
        """Reveals the PUK: only for a message that is sealed at once."""
        return b64u_encode(value.reveal())

    def decode(self, raw: Json, path: str) -> Puk:
        """The PUK."""
        return Puk(Bytes(1, 64).decode(raw, path))


@dataclass(frozen=True, slots=True)
class Status:
    """A status word as four upper-case hex digits."""

    def encode(self, value: StatusWord) -> Json:
        """Four digits."""
        return value.to_hex()

    def decode(self, raw: Json, path: str) -> StatusWord:
        """The status word."""
        return StatusWord.from_hex(Text(4, "[0-9A-F]{4}").decode(raw, path))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of an enumeration."""

    kind: type[StrEnum]

    def encode(self, value: StrEnum) -> Json:
        """Its value."""
        return value.value

    def decode(self, raw: Json, path: str) -> StrEnum:
        """The member of the enumeration."""
        for member in self.kind:
            if raw == member.value:
                return member
        raise MessageMalformed(path)


@dataclass(frozen=True, slots=True)
class Nullable:
    """null, or what `inner` takes."""

    inner: Codec

    def encode(self, value: Any) -> Json:
        """null for None."""
        return None if value is None else self.inner.encode(value)

    def decode(self, raw: Json, path: str) -> Any:
        """None for null."""
        return None if raw is None else self.inner.decode(raw, path)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`low` to `high` elements of one form; a tuple on our side."""

    inner: Codec
    low: int
    high: int

    def encode(self, value: tuple[Any, ...]) -> Json:
        """An array."""
        return [self.inner.encode(each) for each in value]

    def decode(self, raw: Json, path: str) -> tuple[Any, ...]:
        """The tuple."""
        if not isinstance(raw, list) or not self.low <= len(raw) <= self.high:
            raise MessageMalformed(path)
        return tuple(self.inner.decode(each, f"{path}[{index}]") for index, each in enumerate(raw))


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with keys of one form, at most `high` of them; a dict on our side."""

    key: Text
    inner: Codec
    high: int

    def encode(self, value: Mapping[str, Any]) -> Json:
        """An object."""
        return {key: self.inner.encode(each) for key, each in value.items()}

    def decode(self, raw: Json, path: str) -> dict[str, Any]:
        """The dict; a malformed key is named by the map's path alone."""
        if not isinstance(raw, dict) or len(raw) > self.high:
            raise MessageMalformed(path)
        return {self.key.decode(key, path): self.inner.decode(each, f"{path}[]") for key, each in raw.items()}


class ObjectOf:
    """An object with exactly the members of a table; `optional` ones may be left out and are None then."""

    def __init__(
        self, build: Callable[..., Any], members: Mapping[str, Codec], optional: frozenset[str] = frozenset()
    ) -> None:
        self.build = build
        self.members = members
        self.optional = optional

    def encode(self, value: Any) -> Json:
        """An object, its members in the table's order."""
        values = {name: getattr(value, name) for name in self.members}
        return {
            name: self.members[name].encode(each)
            for name, each in values.items()
            if not (name in self.optional and each is None)
        }

    def decode(self, raw: Json, path: str) -> Any:
        """What `build` makes of the members; ValueError of `build` is MessageMalformed too."""
        if not isinstance(raw, dict):
            raise MessageMalformed(path)
        at = f"{path}." if path else ""
        for name in raw.keys() - self.members.keys():
            raise MessageMalformed(f"{at}{name[:32]}")
        for name in self.members.keys() - raw.keys() - self.optional:
            raise MessageMalformed(f"{at}{name}")
        values = {name: self.members[name].decode(each, f"{at}{name}") for name, each in raw.items()}
        try:
            return self.build(**dict.fromkeys(self.optional) | values)
        except ValueError:
            raise MessageMalformed(path or "message") from None

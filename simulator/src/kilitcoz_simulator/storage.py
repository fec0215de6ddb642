"""A card's state in a file: JSON, bytes in hex, mode 0600, replaced atomically.

`save` returns when the state is on the disk (fsync, rename, fsync of the directory), and the card answers
only after that: a process killed at any moment leaves the card before or after a command, never in between.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, cast

from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_simulator.errors import StateFileInUse, StateFileMalformed
from kilitcoz_simulator.profile import Profile, Version
from kilitcoz_simulator.state import CardState, ManagementKey, Origin, PinPolicy, ReferenceData, StoredKey

FORMAT = "kilitcoz-sim-piv/1"


class StateFile:
    """One card's memory."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> CardState:
        """The state. Raises StateFileMalformed, and OSError when the file cannot be read."""
        return decode(self.path.read_bytes())

    def save(self, state: CardState) -> None:
        """Replaces the state; it is durable when this returns. Raises OSError."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode(state))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.path)
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Keeps other programs' `exclusive` off this state file, as a card is in one reader at a time.

    Raises StateFileInUse.
    """
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateFileInUse(f"{path}: this card is in another reader") from None
        yield


def encode(state: CardState) -> bytes:
    """The state as JSON."""
    document = {
        "format": FORMAT,
        "profile": asdict(state.profile),
        "serial": state.serial,
        "pin": asdict(state.pin),
        "puk": asdict(state.puk),
        "management_key": asdict(state.management_key),
        "keys": {f"{slot:02x}": asdict(key) for slot, key in state.keys.items()},
        "objects": {f"{tag:x}": content.hex() for tag, content in state.objects.items()},
    }
    return json.dumps(document, default=_hex, indent=1).encode() + b"\n"


def decode(raw: bytes) -> CardState:
    """The state from JSON. StateFileMalformed for anything that `encode` did not write."""
    try:
        document = json.loads(raw)
        if document["format"] != FORMAT:
            raise StateFileMalformed("not a state file of this version")
        return CardState(
            profile=_profile(document["profile"]),
            serial=int(document["serial"]),
            pin=_reference_data(document["pin"]),
            puk=_reference_data(document["puk"]),
            management_key=_management_key(document["management_key"]),
            keys={int(slot, 16): _stored_key(key) for slot, key in document["keys"].items()},
            objects={int(tag, 16): bytes.fromhex(content) for tag, content in document["objects"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        # no cause is chained: its text could quote a secret
        raise StateFileMalformed("not a card's state") from None


def _hex(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} has no place in a state file")
    return value.hex()


def _profile(document: Mapping[str, Any]) -> Profile:
    members = {each.name: document[each.name] for each in fields(Profile)}
    extensions = members["extensions"]
    members["extensions"] = cast(Version, tuple(extensions)) if extensions is not None else None
    members["change_puk_refusal"] = StatusWord(members["change_puk_refusal"])
    return Profile(**members)


def _reference_data(document: Mapping[str, Any]) -> ReferenceData:
    return ReferenceData(
        bytes.fromhex(document["value"]), int(document["retries_total"]), int(document["retries_left"])
    )


def _management_key(document: Mapping[str, Any]) -> ManagementKey:
    return ManagementKey(int(document["algorithm"]), bytes.fromhex(document["value"]))


def _stored_key(document: Mapping[str, Any]) -> StoredKey:
    return StoredKey(
        algorithm=int(document["algorithm"]),
        private_der=bytes.fromhex(document["private_der"]),
        pin_policy=PinPolicy(document["pin_policy"]),
        origin=Origin(document["origin"]),
        touch_policy=int(document["touch_policy"]),
    )

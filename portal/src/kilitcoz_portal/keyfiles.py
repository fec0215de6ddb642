"""Key files: made once, atomically, with mode 0600; one that others may read is refused.

The embedded default for every secret the portal itself needs (root key, signing keys, pepper). Ground floor:
imports no room, and every room may use it.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar


class KeyFileUnsafe(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """The file can be read or written by others, or does not have the length a key has."""

    code: ClassVar[str] = "key-file-unsafe"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


def load_or_create(path: Path, make: Callable[[], bytes] = lambda: secrets.token_bytes(32)) -> bytes:
    """The key in `path`; made by `make` on first use. Two processes at once agree on one key.

    Raises KeyFileUnsafe where group or others have any right on the file.
    """
    if not path.exists():
        _create(path, make())
    return load(path)


def load(path: Path) -> bytes:
    """The key in a file that somebody else has made. Raises KeyFileUnsafe as above, OSError without one."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyFileUnsafe(path, f"mode {mode:o}, must be 600")
    return path.read_bytes()


def _create(path: Path, key: bytes) -> None:
    """Write a temporary file and link it into place: the name appears complete or not at all, and only
    once.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        temporary.unlink()

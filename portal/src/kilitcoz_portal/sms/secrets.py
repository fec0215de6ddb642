"""A gateway's secrets: `{ file = "…" }` (0600) or `{ env = "NAME" }` (the variable KILITCOZ_SECRET_NAME)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from pydantic import BeforeValidator, SecretStr

from kilitcoz_portal import keyfiles
from kilitcoz_portal.keyfiles import KeyFileUnsafe


def _read(reference: Any) -> str:
    match reference:
        case {"file": str(path), **others} if not others:
            return _from_file(Path(path))
        case {"env": str(name), **others} if not others:
            return _from_environment(name)
    raise ValueError('a secret is { file = "…" } or { env = "NAME" }; it does not stand here itself')


def _from_file(path: Path) -> str:
    try:
        return keyfiles.load(path).decode().strip()
    except KeyFileUnsafe as unsafe:
        raise ValueError(str(unsafe)) from None
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{path} cannot be read") from None


def _from_environment(name: str) -> str:
    try:
        return settings.KILITCOZ_SECRETS[name]
    except KeyError:
        raise ValueError(f"there is no variable KILITCOZ_SECRET_{name}") from None


Secret = Annotated[SecretStr, BeforeValidator(_read)]

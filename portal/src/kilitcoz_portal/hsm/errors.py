"""What a token can refuse.

HsmError
├── ModuleUnusable      token-module-unusable   KILITCOZ_PKCS11_MODULE names no module that can be loaded
├── TokenMissing        token-missing           no token of this label, or it is gone
├── PinRefused          token-pin-refused       the PIN is wrong, locked, or not there; not tried again
├── KeyMissing          token-key-missing       the token has no such key
├── KeyThere            token-key-there         it has one of this name already
└── TokenFault          token-fault             the token did not do what it was asked
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class HsmError(Exception):
    """Root. `code` is a row of docs/errors.md; `subject`: the token, key or file meant; never a PIN."""

    code: ClassVar[str] = "token-fault"

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


class ModuleUnusable(HsmError):
    """Not there, or no PKCS #11 module."""

    code = "token-module-unusable"


class TokenMissing(HsmError):
    """Not in its slot, not initialised, or of another label."""

    code = "token-missing"


class PinRefused(HsmError):
    """Each further try with the same PIN could lock the token, so there is none in this process."""

    code = "token-pin-refused"


class KeyMissing(HsmError):
    """Deleted, or made in another token."""

    code = "token-key-missing"


class KeyThere(HsmError):
    """A second key of the same name would make both uncertain."""

    code = "token-key-there"


class TokenFault(HsmError):
    """The module's own word for it is in the log."""

    code = "token-fault"

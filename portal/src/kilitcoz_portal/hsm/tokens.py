"""One token as this process sees it: one session, one operation at a time, opened anew where it was lost.

A PIN that was refused is not tried a second time: every try counts in the token, and locks it in the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pkcs11
import structlog
from django.conf import settings
from pkcs11 import exceptions as said

from kilitcoz_portal import keyfiles
from kilitcoz_portal.hsm.errors import (
    HsmError,
    KeyMissing,
    ModuleUnusable,
    PinRefused,
    TokenFault,
    TokenMissing,
)

log = structlog.get_logger("kilitcoz_portal.hsm")

PIN_SECRET = "PKCS11_PIN"  # noqa: S105 - the name of KILITCOZ_SECRET_PKCS11_PIN, not a PIN
Result = TypeVar("Result")
_PIN = (
    said.PinIncorrect,
    said.PinLocked,
    said.PinInvalid,
    said.PinLenRange,
    said.PinExpired,
    said.UserPinNotInitialized,
)
_GONE = (
    said.NoSuchToken,
    said.TokenNotPresent,
    said.TokenNotRecognised,
    said.DeviceRemoved,
    said.SlotIDInvalid,
)
_LOST = (
    said.SessionHandleInvalid,
    said.SessionClosed,
    said.UserNotLoggedIn,
    said.KeyHandleInvalid,
    said.ObjectHandleInvalid,
    said.DeviceRemoved,
    said.TokenNotPresent,
)


@dataclass
class Opened:
    """A session, and the keys that were found in it."""

    session: pkcs11.Session
    _private: dict[str, Any] = field(default_factory=dict, repr=False)

    def private(self, label: str) -> Any:  # the package's stubs know no private key that signs
        """Looked for once. Raises KeyMissing."""
        if label not in self._private:
            self._private[label] = self._key(pkcs11.ObjectClass.PRIVATE_KEY, label)
        return self._private[label]

    def public(self, label: str) -> Any:  # as above
        """Raises KeyMissing."""
        return self._key(pkcs11.ObjectClass.PUBLIC_KEY, label)

    def destroy(self, label: str) -> None:
        """Everything of this label."""
        self._private.pop(label, None)
        for each in list(self.session.get_objects({pkcs11.Attribute.LABEL: label})):
            each.destroy()

    def _key(self, kind: pkcs11.ObjectClass, label: str) -> Any:
        try:
            return self.session.get_key(object_class=kind, label=label)
        except said.NoSuchKey:
            raise KeyMissing(label) from None


@dataclass
class Token:
    """By its label. Several threads may use it; they wait for one another."""

    module: Path
    label: str
    _lock: Lock = field(default_factory=Lock, repr=False)
    _opened: Opened | None = field(default=None, repr=False)
    _pin_refused: bool = field(default=False, repr=False)

    def use(self, deed: Callable[[Opened], Result]) -> Result:
        """What `deed` makes of an open session; one that was lost is opened anew, once. Raises HsmError."""
        with self._lock, _told(self.label):
            if self._opened is not None:
                with suppress(*_LOST):
                    return deed(self._opened)
                self._forget()
            self._opened = Opened(self._session())
            return deed(self._opened)

    def _session(self) -> pkcs11.Session:
        if self._pin_refused:
            raise PinRefused(self.label)
        pin = _pin(self.label)
        token = _library(self.module).get_token(token_label=self.label)
        try:
            session: pkcs11.Session = token.open(rw=True, user_pin=pin)
        except _PIN:
            self._pin_refused = True
            raise
        return session

    def _forget(self) -> None:
        """So that nothing of it is used again; the module may have closed it already."""
        if self._opened is not None:
            with suppress(said.PKCS11Error):
                self._opened.session.close()
        self._opened = None


def token(label: str) -> Token:
    """The token of this label in the configured module; one object per process. Raises ModuleUnusable."""
    if settings.KILITCOZ_PKCS11_MODULE is None:
        raise ModuleUnusable("KILITCOZ_PKCS11_MODULE")
    return _token(settings.KILITCOZ_PKCS11_MODULE, label)


@lru_cache(maxsize=8)
def _token(module: Path, label: str) -> Token:
    return Token(module, label)


def _library(module: Path) -> Any:  # the package's stubs take its class for a function
    try:
        return pkcs11.lib(os.fspath(module))
    except said.PKCS11Error:
        raise ModuleUnusable(os.fspath(module)) from None


def _pin(label: str) -> str:
    """From its file or the environment. Raises PinRefused where it is in neither."""
    if settings.KILITCOZ_PKCS11_PIN_FILE is not None:
        return keyfiles.load(settings.KILITCOZ_PKCS11_PIN_FILE).decode().strip()
    if not (pin := settings.KILITCOZ_SECRETS.get(PIN_SECRET)):
        raise PinRefused(label)
    return str(pin)


@contextmanager
def _told(label: str) -> Iterator[None]:
    """The module's faults in this room's words."""
    try:
        yield
    except HsmError:
        raise
    except _PIN:
        raise PinRefused(label) from None
    except _GONE:
        raise TokenMissing(label) from None
    except said.PKCS11Error as fault:
        log.error("token-fault", token=label, said=type(fault).__name__)  # noqa: TRY400 - its name says all
        raise TokenFault(label) from None

"""What a passkey can refuse.

PasskeyError         a SignInError that carries `why`, a word for the audit trail
├── PasskeyLate        passkey-late        no live challenge of this browser for this deed
├── PasskeyRefused     passkey-refused     not this holder's passkey, or its answer is not right
├── PasskeyCloned      passkey-cloned      right, but its counter went back: there may be two of it
├── PasskeyKnown       passkey-known       it is registered already
├── PasskeyLimit       passkey-limit       the holder has ten
└── SmsLoginClosed     sms-login-closed    the holder wants no login by SMS code
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from kilitcoz_portal.signin.errors import SignInError


class PasskeyError(SignInError):
    """Root. `why` is one of our words, never text that a browser sent."""

    code = "passkey-error"

    def __init__(self, *, why: str = "") -> None:
        super().__init__()
        self.why = why


class PasskeyLate(PasskeyError):
    """Never asked, answered already, or five minutes ago."""

    code = "passkey-late"


class PasskeyRefused(PasskeyError):
    """Some step of the verification failed; `why` names it."""

    code = "passkey-refused"


class PasskeyCloned(PasskeyError):
    """WebAuthn, 6.1.1: the signature counter did not grow."""

    code = "passkey-cloned"


class PasskeyKnown(PasskeyError):
    """The authenticator is one that the holder has added before."""

    code = "passkey-known"


class PasskeyLimit(PasskeyError):
    """One more than ten."""

    code = "passkey-limit"


class SmsLoginClosed(PasskeyError):
    """The holder has passkeys and has chosen to log in by them alone."""

    code = "sms-login-closed"

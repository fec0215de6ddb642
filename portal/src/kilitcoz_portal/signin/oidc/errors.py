"""What a login by an identity provider can refuse.

OidcError            a SignInError that carries `why`, a word for the audit trail and oidc.md
├── OidcUnavailable    oidc-unavailable     the provider does not answer as one does
├── OidcRefused        oidc-refused         its answer is not right, or not for this login
├── OidcCancelled      oidc-cancelled       the holder turned back there
├── OidcNotBegun       oidc-not-begun       this browser did not begin it, or it is late, or used
├── OidcNoIdNumber     oidc-no-id-number    it named nobody by an ID number
└── OidcNotEnrolled    oidc-not-enrolled    whom it named is no holder here
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from kilitcoz_portal.signin.errors import SignInError


class OidcError(SignInError):
    """Root. `why` is one of our words, never a provider's own text."""

    code = "oidc-error"

    def __init__(self, *, why: str = "") -> None:
        super().__init__()
        self.why = why


class OidcUnavailable(OidcError):
    """No answer, a late one, one too long, or none in the expected form."""

    code = "oidc-unavailable"


class OidcRefused(OidcError):
    """What came back is wrong, or speaks of another login; `why` names the check."""

    code = "oidc-refused"


class OidcCancelled(OidcError):
    """The provider says that the holder did not go on (RFC 6749, 4.1.2.1: access_denied)."""

    code = "oidc-cancelled"


class OidcNotBegun(OidcError):
    """An answer without a question of this browser's (A18b)."""

    code = "oidc-not-begun"


class OidcNoIdNumber(OidcError):
    """The claim is missing, or is no T.C. Kimlik No in the form that was agreed."""

    code = "oidc-no-id-number"


class OidcNotEnrolled(OidcError):
    """Who authenticated has proved who they are, so they may be told."""

    code = "oidc-not-enrolled"

"""The provider as settings name it (KILITCOZ_OIDC_…), and what is asked of its ID tokens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class ClientAuthentication(StrEnum):
    """How the portal proves to the provider which client it is (OpenID Connect Core 1.0, 9)."""

    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 - the method's registered name
    CLIENT_SECRET_POST = "client_secret_post"  # noqa: S105 - the method's registered name
    PRIVATE_KEY_JWT = "private_key_jwt"


class ClaimForm(StrEnum):
    """How the ID number is written in its claim."""

    BARE = "bare"  # eleven digits
    PREFIXED = "prefixed"  # ETSI EN 319 412-1, 5.1.3: TINTR- or PNOTR- before them


@dataclass(frozen=True)
class Provider:
    """One identity provider, and our client there. `acr`: one of them must be in the token; `amr`: all."""

    issuer: str
    client_id: str
    client_authentication: ClientAuthentication
    secret_file: Path
    scopes: str
    claim: str
    claim_form: ClaimForm
    userinfo: bool
    acr: tuple[str, ...]
    amr: tuple[str, ...]


def is_offered() -> bool:
    """Whether this installation has the way at all."""
    return bool(settings.KILITCOZ_OIDC_ISSUER)


def configured() -> Provider:
    """The provider of the settings; ask `is_offered` before."""
    return Provider(
        issuer=settings.KILITCOZ_OIDC_ISSUER,
        client_id=settings.KILITCOZ_OIDC_CLIENT_ID,
        client_authentication=ClientAuthentication(settings.KILITCOZ_OIDC_CLIENT_AUTH),
        secret_file=Path(settings.KILITCOZ_OIDC_SECRET_FILE),
        scopes=" ".join(settings.KILITCOZ_OIDC_SCOPES),
        claim=settings.KILITCOZ_OIDC_CLAIM,
        claim_form=ClaimForm(settings.KILITCOZ_OIDC_CLAIM_FORM),
        userinfo=settings.KILITCOZ_OIDC_USERINFO,
        acr=tuple(settings.KILITCOZ_OIDC_ACR),
        amr=tuple(settings.KILITCOZ_OIDC_AMR),
    )


def is_loopback(host: str | None) -> bool:
    """Whether plain http to this host stays on this machine."""
    return host in {"127.0.0.1", "localhost", "::1"}

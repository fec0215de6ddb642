"""Which holder the claims speak of: the ID number, from the claim and in the form that settings name."""

from __future__ import annotations

import re
from typing import Any

import httpx

from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import IdNumberInvalid
from kilitcoz_portal.signin.oidc import web
from kilitcoz_portal.signin.oidc.errors import OidcNoIdNumber, OidcRefused
from kilitcoz_portal.signin.oidc.provider import ClaimForm, Provider

_FORMS = {
    ClaimForm.BARE: re.compile(r"([0-9]{11})"),
    ClaimForm.PREFIXED: re.compile(r"(?:TINTR|PNOTR)-([0-9]{11})"),  # ETSI EN 319 412-1, 5.1.3
}


def id_number(claims: dict[str, Any], provider: Provider, userinfo_endpoint: str, access_token: str) -> str:
    """The T.C. Kimlik No of who authenticated. Raises OidcNoIdNumber, and what asking for it raises.

    Where the ID token lacks the claim and settings allow it, the UserInfo endpoint is asked.
    """
    if provider.claim not in claims and userinfo_endpoint:
        claims = _user_info(userinfo_endpoint, access_token, str(claims["sub"]))
    value = claims.get(provider.claim)
    found = _FORMS[provider.claim_form].fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise OidcNoIdNumber
    try:
        return entries.id_number(found[1])[0]
    except IdNumberInvalid:
        raise OidcNoIdNumber from None


def _user_info(endpoint: str, access_token: str, subject: str) -> dict[str, Any]:
    """OpenID Connect Core 1.0, 5.3: the claims, if they are of the same subject (5.3.2)."""
    bearer = {"Authorization": f"Bearer {access_token}"}
    answer = web.ask(httpx.Request("GET", endpoint, headers=bearer))
    if answer.status != 200 or answer.members.get("sub") != subject:
        raise OidcRefused(why="userinfo")
    return answer.members

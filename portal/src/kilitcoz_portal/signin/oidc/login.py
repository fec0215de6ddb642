"""The two steps of the login: away to the provider, and back with its answer.

The random `state` binds them to one browser, once, for ten minutes (RFC 6749, 10.12; A18b). Nonce and code
verifier are derived from it by the portal's key, so that the database holds nothing but a hash.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import transaction
from django.utils.crypto import salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import OidcAttempt
from kilitcoz_portal.signin.oidc import client, id_token
from kilitcoz_portal.signin.oidc.errors import (
    OidcCancelled,
    OidcError,
    OidcNotBegun,
    OidcNotEnrolled,
    OidcRefused,
)
from kilitcoz_portal.signin.oidc.id_number import id_number
from kilitcoz_portal.signin.oidc.id_token import Expected
from kilitcoz_portal.signin.oidc.metadata import Metadata, metadata, signing_keys
from kilitcoz_portal.signin.oidc.provider import Provider, configured

LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Answer:
    """The parameters with which the provider sent the browser back (RFC 6749, 4.1.2; RFC 9207, 2)."""

    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str | None
    error: str


def begin(browser: str, return_to: str, language: str, now: datetime) -> str:
    """The address at the provider to send this browser to. Raises OidcUnavailable, OidcRefused."""
    provider = configured()
    endpoint = metadata(provider, now).authorization_endpoint
    state = secrets.token_urlsafe(32)
    challenge = hashlib.sha256(_verifier(state).encode()).digest()  # RFC 7636, 4.2
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_to,
        "scope": provider.scopes,
        "state": state,
        "nonce": _nonce(state),
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "prompt": "login",  # whoever sat here before may still be signed in over there
        "ui_locales": language,
    }
    if provider.acr:
        parameters["acr_values"] = " ".join(provider.acr)
    _remember(state, browser, now)
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"


def finish(browser: str, answer: Answer, return_to: str, now: datetime) -> Holder:
    """The holder whom the provider has named to the browser that began.

    Raises OidcNotBegun for any other browser, twice or late; then OidcCancelled, OidcRefused,
    OidcUnavailable, OidcNoIdNumber, OidcNotEnrolled, which are in the audit trail.
    """
    begun_at = _take(answer.state, browser, now)
    try:
        return _identified(answer, return_to, begun_at, now)
    except OidcError as refusal:
        audit.record(Event.OIDC_REFUSED, now=now, detail={"code": refusal.code, "why": refusal.why})
        raise


def _identified(answer: Answer, return_to: str, begun_at: datetime, now: datetime) -> Holder:
    provider = configured()
    known = metadata(provider, now)
    _check_sender(answer, provider, known)
    if answer.error:
        raise OidcCancelled if answer.error == "access_denied" else OidcRefused(why="provider")
    tokens = client.redeem(
        provider,
        known.token_endpoint,
        code=answer.code,
        verifier=_verifier(answer.state),
        return_to=return_to,
        now=now,
    )
    expected = Expected(provider, _nonce(answer.state), tokens.access_token, begun_at, now)
    claims = id_token.verify(
        tokens.id_token, lambda anew: signing_keys(known.jwks_uri, now, anew=anew), expected
    )
    number = id_number(claims, provider, known.userinfo_endpoint, tokens.access_token)
    holder = holders.by_id_number(number)
    if holder is None or holder.id_kind != Holder.IdKind.TCKN:
        raise OidcNotEnrolled
    return holder


def _check_sender(answer: Answer, provider: Provider, known: Metadata) -> None:
    """RFC 9207, 2.4: the answer is the pinned issuer's, also where it is an error."""
    if answer.issuer is None and not known.names_itself:
        return
    if answer.issuer != provider.issuer:
        raise OidcRefused(why="response-issuer")


def _remember(state: str, browser: str, now: datetime) -> None:
    OidcAttempt.objects.filter(expires_at__lt=now).delete()
    OidcAttempt.objects.create(
        state_hash=_state_hash(state), browser=browser, begun_at=now, expires_at=now + LIFE
    )


def _take(state: str, browser: str, now: datetime) -> datetime:
    """Use up the attempt; when it was begun. Raises OidcNotBegun."""
    attempts = OidcAttempt.objects.filter(state_hash=_state_hash(state), browser=browser)
    with transaction.atomic():
        if attempts.filter(used_at=None, expires_at__gt=now).update(used_at=now) != 1:
            raise OidcNotBegun
        return attempts.get().begun_at


def _state_hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _nonce(state: str) -> str:
    return salted_hmac("kilitcoz.signin.oidc.nonce", state, algorithm="sha256").hexdigest()


def _verifier(state: str) -> str:
    """RFC 7636, 4.1: 64 characters that only this portal can make from the state."""
    return salted_hmac("kilitcoz.signin.oidc.verifier", state, algorithm="sha256").hexdigest()

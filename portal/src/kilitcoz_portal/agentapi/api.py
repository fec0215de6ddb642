"""The agent API (docs/unlock-protocol.md and the protocols beside it): each call is a few lines over one deed
of operations, issuance or approval.

ninja routes and documents (`/agent/v1/openapi.json`); bodies are read by kilitcoz_cards.messages alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import (
    Abort,
    Empty,
    MadeKeys,
    ManagementChallenge,
    OperationKind,
    PairRequest,
    Refusal,
    Result,
    Sealed,
    WrittenCertificates,
)
from kilitcoz_portal.addresses import client_address
from kilitcoz_portal.agentapi import schemas
from kilitcoz_portal.agentapi.bodies import answer, bearer, read, refusal
from kilitcoz_portal.agentapi.endings import ending
from kilitcoz_portal.agentapi.errors import HttpRefusal, Malformed
from kilitcoz_portal.approval import services as consents
from kilitcoz_portal.approval import stamping
from kilitcoz_portal.approval.errors import ApprovalError
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.issuance import desk
from kilitcoz_portal.issuance.errors import IssuanceError
from kilitcoz_portal.operations import access, claims, login_tokens, pairing, releases, results, signatures
from kilitcoz_portal.operations.capability import kind_of
from kilitcoz_portal.operations.errors import CapabilityOfAnother, OperationError, SessionRefused
from kilitcoz_portal.operations.login_tokens import Presented
from kilitcoz_portal.renewal import services as renewal
from kilitcoz_portal.signin import card_login
from kilitcoz_portal.signin.errors import SignInError
from kilitcoz_portal.trust.errors import TrustError

log = structlog.get_logger(__name__)

api = NinjaAPI(
    title="Kilitçöz agent API",
    version="1",
    description="How the card service and the portal speak; docs/unlock-protocol.md is the contract.",
    urls_namespace="agentapi",
    docs_url=None,
)

_REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503), schemas.Refusal)
_BEARER: dict[str, Any] = {"security": [{"bearer": []}]}


@api.post(
    "pair",
    response={200: schemas.PairAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.PairRequest),
)
def pair(request: HttpRequest) -> HttpResponse:
    """The capability behind a typed code."""
    message = read(request, PairRequest)
    return answer(pairing.pair(message, client_address(request), timezone.now()))


@api.post(
    "operations/{op}/claim",
    response={200: schemas.Sealed} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Sealed) | _BEARER,
)
def claim(request: HttpRequest, op: str) -> HttpResponse:
    """M3 → M4: what card is in the reader, and what the portal makes of it; L3 → L4 of a login, D3 → D4 of a
    registrar's desk. Bearer: the capability.
    """
    presented, body, now = bearer(request), read(request, Sealed), timezone.now()
    if kind_of(presented, op, now) is OperationKind.PERSONALISE:
        return answer(desk.claim(op, presented, body, now))
    return answer(claims.claim(op, presented, body, now, client_address(request)))


@api.post(
    "operations/{op}/release",
    response={200: schemas.SealedRelease} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Empty) | _BEARER,
)
def release(request: HttpRequest, op: str) -> HttpResponse:
    """M5 → M6: the candidates, sealed. Bearer: the session."""
    presented = bearer(request)
    read(request, Empty)
    return answer(releases.release(op, presented, timezone.now()))


@api.post(
    "operations/{op}/result",
    response={200: schemas.ResultAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Result) | _BEARER,
)
def result(request: HttpRequest, op: str) -> HttpResponse:
    """M7: what the card answered. Bearer: the session."""
    return answer(results.result(op, bearer(request), read(request, Result), timezone.now(), ending))


@api.post(
    "operations/{op}/plan",
    response={200: schemas.RenewalPlan} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Empty) | _BEARER,
)
def plan(request: HttpRequest, op: str) -> HttpResponse:
    """R2: the keys that a renewal wants. Bearer: the session."""
    presented = bearer(request)
    read(request, Empty)
    return answer(renewal.plan(op, presented, timezone.now()))


@api.post(
    "operations/{op}/cryptogram",
    response={200: schemas.ManagementAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.ManagementChallenge) | _BEARER,
)
def cryptogram(request: HttpRequest, op: str) -> HttpResponse:
    """R3 → R4: the card's challenge, answered by the vault. Bearer: the session."""
    asked = read(request, ManagementChallenge)
    return answer(renewal.cryptogram(op, bearer(request), asked, timezone.now()))


@api.post(
    "operations/{op}/keys",
    response={200: schemas.NewCertificates} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.MadeKeys) | _BEARER,
)
def keys(request: HttpRequest, op: str) -> HttpResponse:
    """R5 → R6: certificates for the keys that were made. Bearer: the session."""
    return answer(renewal.keys(op, bearer(request), read(request, MadeKeys), timezone.now()))


@api.post(
    "operations/{op}/written",
    response={200: schemas.ResultAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.WrittenCertificates) | _BEARER,
)
def written(request: HttpRequest, op: str) -> HttpResponse:
    """R7: the certificates are on the card. Bearer: the session."""
    told = read(request, WrittenCertificates)
    return answer(renewal.written(op, bearer(request), told, timezone.now()))


@api.post(
    "operations/{op}/login",
    response={200: schemas.LoginAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Sealed) | _BEARER,
)
def login(request: HttpRequest, op: str) -> HttpResponse:
    """L5 → L6: the token, checked, and the way back for the browser that began. Bearer: the session.

    The check may take the network, so that it stands between two transactions.
    """
    presented = login_tokens.present(op, bearer(request), read(request, Sealed), timezone.now())
    if presented.before is not None:
        return answer(presented.before)
    try:
        holder = _holder_of(presented, timezone.now())
    except (TrustError, SignInError) as reason:
        raise login_tokens.refuse(op, reason.code, timezone.now()) from None
    return answer(login_tokens.accept(op, holder, timezone.now()))


@api.post(
    "operations/{op}/desk",
    response={200: schemas.Sealed} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Sealed) | _BEARER,
)
def report_at_the_desk(request: HttpRequest, op: str) -> HttpResponse:
    """D5 → D6: what is in the reader and what became of the last order; the next order. Bearer: the
    session.
    """
    return answer(desk.report(op, bearer(request), read(request, Sealed), timezone.now()))


@api.post(
    "operations/{op}/sign",
    response={200: schemas.ResultAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Sealed) | _BEARER,
)
def sign(request: HttpRequest, op: str) -> HttpResponse:
    """S5 → S6: the card's signature of a document, checked and kept. Bearer: the session.

    The check may take the network, so that it stands between two transactions; so does the time stamp, which
    may fail and come later.
    """
    presented = signatures.present(op, bearer(request), read(request, Sealed), timezone.now())
    if presented.before is not None:
        return answer(presented.before)
    try:
        consents.check(presented, timezone.now())
        given = consents.give(presented, timezone.now())
    except (TrustError, ApprovalError) as reason:
        raise signatures.refuse(op, reason.code, timezone.now()) from None
    _stamp(presented.subject)
    return answer(given)


@api.post(
    "operations/{op}/abort",
    response={200: schemas.StateAnswer} | _REFUSALS,
    openapi_extra=schemas.request_body(schemas.Abort) | _BEARER,
)
def abort(request: HttpRequest, op: str) -> HttpResponse:
    """The card service stops. Bearer: the session or the capability."""
    return answer(results.abort(op, bearer(request), read(request, Abort), timezone.now()))


def _stamp(consent_id: str) -> None:
    """The signature is kept, whatever comes of its time stamp now; what fails is done by `kilitcoz work`."""
    try:
        stamping.stamp(consent_id, timezone.now())
    except Exception:
        log.exception("consent-not-stamped")


def _holder_of(presented: Presented, now: datetime) -> Holder:
    """Whose token it is. Raises TrustError, SignInError."""
    origin = settings.KILITCOZ_ORIGIN
    identity = card_login.verify(presented.token, nonce=presented.challenge, origin=origin, now=now)
    return card_login.holder_of(identity, now)


@api.exception_handler(OperationError)
@api.exception_handler(IssuanceError)
@api.exception_handler(HttpRefusal)
def _refused(request: HttpRequest, error: OperationError | IssuanceError | HttpRefusal) -> HttpResponse:
    if isinstance(error, SessionRefused | CapabilityOfAnother) and request.resolver_match is not None:
        access.note_foreign(str(request.resolver_match.kwargs["op"]), timezone.now())
    log.info("agent-call-refused", path=request.path, code=error.code)
    return refusal(error)


@api.exception_handler(MessageMalformed)
def _malformed(request: HttpRequest, error: MessageMalformed) -> HttpResponse:
    log.info("agent-call-refused", path=request.path, code=error.code, member=error.member)
    return refusal(Malformed())


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, _error: OperationalError) -> HttpResponse:
    """The database refused or was too busy: nothing was done, the card service asks again."""
    log.exception("agent-call-failed", path=request.path)
    return answer(Refusal("portal-busy"), 503)

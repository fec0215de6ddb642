"""The calls of the agent API for one operation, sealed and opened (docs/unlock-protocol.md, M3–M7; L3–L6 and
S3–S6 in its relatives).

Every call is idempotent, so a lost answer is asked for again, a few times and then no more. The operation's
one-time key, its bearer secrets and what comes out of a release live in this object and go with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from kilitcoz_agent import __version__
from kilitcoz_agent.errors import AgentError, PortalAnswerInvalid, PortalUnreachable
from kilitcoz_agent.portal.port import Post
from kilitcoz_agent.portal.sealing import OneTimeKey, seal
from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.families.piv_management import ManagementKey
from kilitcoz_cards.messages import (
    Abort,
    Capability,
    Claim,
    Decision,
    DocumentSignature,
    Empty,
    Identification,
    Label,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    Message,
    NewCertificates,
    OperationKind,
    PairAnswer,
    PairRequest,
    Release,
    RenewalPlan,
    Result,
    ResultAnswer,
    Sealed,
    SealedRelease,
    SignClaim,
    SignDecision,
    WrittenCertificates,
    hpke_info,
)
from kilitcoz_cards.messages.desk import (
    DeskClaim,
    DeskDecision,
    DeskOrder,
    DeskReport,
    SealedManagementKey,
)

RETRY_AFTER_SECONDS = (0.3, 1.0)

T = TypeVar("T")


class _Calls:
    """What the calls of every operation share."""

    def __init__(self, post: Post, token: str, capability: Capability) -> None:
        self._post = post
        self._token = token
        self._capability = capability
        self._key = OneTimeKey()
        self._session: str | None = None

    async def abort(self, code: str) -> None:
        """See PortalCalls."""
        try:
            await self._post(self._path("abort"), Abort(code).to_json(), self._bearer)
        except AgentError:
            return

    async def _claim(self, claim: Message) -> bytes:
        """Claim and decision, sealed and opened."""
        sealed = seal(claim.to_json(), self._capability.hpke, self._info(Label.CLAIM))
        raw = await self._patiently("claim", Sealed(sealed).to_json(), self._token)
        return self._key.open(_read(Sealed.from_json, raw).sealed, self._info(Label.DECISION))

    @property
    def _bearer(self) -> str:
        return self._session or self._token

    def _path(self, call: str) -> str:
        return f"/agent/v1/operations/{self._capability.op}/{call}"

    def _info(self, label: Label, fence: int | None = None) -> bytes:
        return hpke_info(label, self._capability.op, self._capability.nonce, fence)

    async def _patiently(self, call: str, body: bytes, bearer: str) -> bytes:
        """Send, and send again where no answer came."""
        for pause in RETRY_AFTER_SECONDS:
            try:
                return await self._post(self._path(call), body, bearer)
            except PortalUnreachable:
                await asyncio.sleep(pause)
        return await self._post(self._path(call), body, bearer)


class LoginApi(_Calls):
    """`LoginLink` by the agent API."""

    async def claim(self, *, card_found: bool) -> LoginDecision:
        """See LoginLink."""
        opened = await self._claim(LoginClaim(self._key.public, __version__, card_found))
        decision = _read(LoginDecision.from_json, opened)
        self._session = decision.session
        return decision

    async def login(self, token: LoginToken) -> LoginAnswer:
        """See LoginLink."""
        sealed = seal(token.to_json(), self._capability.hpke, self._info(Label.LOGIN))
        raw = await self._patiently("login", Sealed(sealed).to_json(), self._bearer)
        return _read(LoginAnswer.from_json, raw)


class SignApi(_Calls):
    """`SignLink` by the agent API."""

    async def claim(self, certificate: str | None) -> SignDecision:
        """See SignLink."""
        opened = await self._claim(SignClaim(self._key.public, __version__, certificate))
        decision = _read(SignDecision.from_json, opened)
        self._session = decision.session
        return decision

    async def sign(self, signature: DocumentSignature) -> ResultAnswer:
        """See SignLink."""
        sealed = seal(signature.to_json(), self._capability.hpke, self._info(Label.SIGN))
        raw = await self._patiently("sign", Sealed(sealed).to_json(), self._bearer)
        return _read(ResultAnswer.from_json, raw)


class DeskApi(_Calls):
    """`DeskLink` by the agent API."""

    async def claim(self) -> DeskDecision:
        """See DeskLink."""
        decision = _read(DeskDecision.from_json, await self._claim(DeskClaim(self._key.public, __version__)))
        self._session = decision.session
        return decision

    async def report(self, report: DeskReport) -> DeskOrder:
        """See DeskLink."""
        sealed = seal(report.to_json(), self._capability.hpke, self._info(Label.DESK))
        raw = await self._patiently("desk", Sealed(sealed).to_json(), self._bearer)
        opened = self._key.open(_read(Sealed.from_json, raw).sealed, self._info(Label.ORDER))
        order = _read(DeskOrder.from_json, opened)
        if order.turn != report.turn:
            raise PortalAnswerInvalid
        return order

    def management_key_in(self, order: DeskOrder) -> ManagementKey:
        """See DeskLink."""
        opened = self._key.open(order.management_key or b"", self._info(Label.MANAGEMENT))
        return _read(lambda raw: SealedManagementKey.from_json(raw).to_key(), opened)

    def release_in(self, order: DeskOrder) -> Release:
        """See DeskLink."""
        release = _read(
            Release.from_json, self._key.open(order.release or b"", self._info(Label.RELEASE, order.fence))
        )
        if release.fence != order.fence:
            raise PortalAnswerInvalid
        return release


class _ForACard(_Calls):
    """M3 and M4."""

    async def claim(self, identification: Identification | None) -> Decision:
        """See PortalLink, RenewLink."""
        opened = await self._claim(Claim(self._key.public, __version__, identification))
        decision = _read(Decision.from_json, opened)
        self._session = decision.session
        return decision


class RenewApi(_ForACard):
    """`RenewLink` by the agent API."""

    async def plan(self) -> RenewalPlan:
        """See RenewLink."""
        return _read(RenewalPlan.from_json, await self._patiently("plan", Empty().to_json(), self._bearer))

    async def cryptogram(self, challenge: ManagementChallenge) -> ManagementAnswer:
        """See RenewLink."""
        raw = await self._post(self._path("cryptogram"), challenge.to_json(), self._bearer)
        return _read(ManagementAnswer.from_json, raw)

    async def keys(self, made: MadeKeys) -> NewCertificates:
        """See RenewLink."""
        return _read(NewCertificates.from_json, await self._patiently("keys", made.to_json(), self._bearer))

    async def written(self, certificates: WrittenCertificates) -> ResultAnswer:
        """See RenewLink."""
        raw = await self._patiently("written", certificates.to_json(), self._bearer)
        return _read(ResultAnswer.from_json, raw)


class AgentApi(_ForACard):
    """`PortalLink` by the agent API."""

    async def release(self) -> Release:
        """See PortalLink."""
        answer = _read(
            SealedRelease.from_json, await self._patiently("release", Empty().to_json(), self._bearer)
        )
        opened = self._key.open(answer.sealed, self._info(Label.RELEASE, answer.fence))
        release = _read(Release.from_json, opened)
        if release.fence != answer.fence:
            raise PortalAnswerInvalid
        return release

    async def result(self, result: Result) -> ResultAnswer:
        """See PortalLink."""
        return _read(
            ResultAnswer.from_json, await self._post(self._path("result"), result.to_json(), self._bearer)
        )


Api = AgentApi | LoginApi | SignApi | DeskApi | RenewApi
_APIS: dict[OperationKind, type[Api]] = {
    OperationKind.LOGIN: LoginApi,
    OperationKind.SIGN: SignApi,
    OperationKind.RENEW: RenewApi,
    OperationKind.PERSONALISE: DeskApi,
}


def api_for(post: Post, token: str, capability: Capability) -> Api:
    """The calls of this kind of operation."""
    return _APIS.get(capability.kind, AgentApi)(post, token, capability)


async def pair(post: Post, pairing_code: str) -> str:
    """The capability behind a typed code. Raises PortalUnreachable, PortalRefused, PortalAnswerInvalid."""
    answer = await post("/agent/v1/pair", PairRequest(pairing_code).to_json(), None)
    return _read(PairAnswer.from_json, answer).capability


def _read(parse: Callable[[bytes], T], raw: bytes) -> T:
    try:
        return parse(raw)
    except MessageMalformed:
        raise PortalAnswerInvalid("message-malformed") from None

"""A counterpart of the portal, for tests: it speaks docs/unlock-protocol.md with real HPKE and signatures.

It knows one card, and can lie, refuse, fall silent. It is not the portal: it keeps no
journal and settles nothing.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kilitcoz_agent.errors import PortalRefused, PortalUnreachable
from kilitcoz_agent.portal.sealing import SUITE
from kilitcoz_agent.trust import PinnedPortal, key_id
from kilitcoz_cards import signed_attributes
from kilitcoz_cards.families import BY_NAME
from kilitcoz_cards.messages import (
    Capability,
    CardDecision,
    Claim,
    Decision,
    DocumentSignature,
    DocumentToSign,
    Identification,
    Label,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    Network,
    OperationKind,
    Outcome,
    PairAnswer,
    Refusal,
    Release,
    Result,
    ResultAnswer,
    Sealed,
    SealedRelease,
    SignClaim,
    SignDecision,
    SigningKey,
    StateAnswer,
    WellKnown,
    b64u_encode,
    card_hash,
    hpke_info,
)
from kilitcoz_cards.pin import PinRules, Puk

CONFIRMATION = "042917"
COMPLETION = "completion-secret-of-this-operation"
PAIRING_CODE = "ABCD2345"


@dataclass(frozen=True)
class EnrolledCard:
    """What a portal knows of a card."""

    card_id: str
    serial: str
    puk: str = field(repr=False)
    card_auth_key: bytes | None = None
    certificates: dict[str, str] = field(default_factory=dict)
    signature_certificate: bytes = b""  # of 9C, DER


@dataclass
class CounterpartPortal:
    """One portal, one operation. Tests change its members between calls."""

    card: EnrolledCard
    now: float
    origin: str = "https://kilit.example"
    kind: OperationKind = OperationKind.UNLOCK
    names_card: bool = True
    state: str = "authorised"
    unreachable: set[str] = field(default_factory=set)  # calls that get no answer
    lost_answers: list[str] = field(default_factory=list)  # calls done once, whose answer is then lost
    refusals: dict[str, str] = field(default_factory=dict)  # call → code
    forced_decision: CardDecision | None = None
    change_release: Callable[[Release], Release] = lambda release: release
    change_decision: Callable[[Decision], Decision] = lambda decision: decision
    pin_rules: PinRules = field(default_factory=lambda: BY_NAME["piv"].pin_rules)
    calls: list[str] = field(default_factory=list)
    claims: list[Identification | None] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    aborts: list[str] = field(default_factory=list)
    fence: int = 0
    # of a login:
    browser: str | None = "Firefox · Windows"
    network: Network = Network.SAME
    paired: bool = False
    found: list[bool] = field(default_factory=list)  # by each claim
    tokens: list[LoginToken] = field(default_factory=list)
    # of a signature:
    document_hash: bytes = b"d" * 32
    change_document: Callable[[DocumentToSign], DocumentToSign] = lambda document: document
    seen_certificates: list[str | None] = field(default_factory=list)  # by each claim
    signatures: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._signing, self._hpke = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        self.op, self.nonce = b64u_encode(secrets.token_bytes(16)), b64u_encode(secrets.token_bytes(16))
        self._session = b64u_encode(secrets.token_bytes(32))
        self._agent_key: bytes | None = None
        self._claim_is_fresh = False  # a claim older than a result serves no release (M6)
        self._puk, self._pending = self.card.puk, "86420975"

    # --- what is pinned, what is issued -----------------------------------------------------------------

    @property
    def pinned(self) -> PinnedPortal:
        """As `kilitcoz-agent trust` pins it."""
        return PinnedPortal(self.origin, (self._signing.public_key().public_bytes_raw(),))

    def claims_of_capability(self) -> Capability:
        """M2, good from now for ten minutes."""
        return Capability(
            iss=self.origin,
            op=self.op,
            kind=self.kind,
            card=card_hash("piv", self.card.card_id) if self._names_card else None,
            card_label=f"…{self.card.serial[-4:]}" if self._names_card else None,
            nonce=self.nonce,
            num="42",
            hpke=self._hpke.public_key().public_bytes_raw(),
            iat=int(self.now),
            exp=int(self.now) + 600,
            lang="tr",
        )

    @property
    def _names_card(self) -> bool:
        return self.names_card and self.kind is not OperationKind.LOGIN

    def capability(self, **changes: Any) -> str:
        """The signed capability, members changed at will."""
        return self.signed({**self.claims_of_capability().to_members(), **changes})

    def signed(self, members: dict[str, Any], key: Ed25519PrivateKey | None = None, **header: Any) -> str:
        """Any members under any header: the counterpart can lie."""
        kid = key_id(self._signing.public_key().public_bytes_raw())
        head = {"alg": "EdDSA", "typ": "kilitcoz-capability+jwt", "kid": kid, **header}
        parts = [b64u_encode(json.dumps(part).encode()) for part in (head, members)]
        signature = (key or self._signing).sign(".".join(parts).encode())
        return ".".join([*parts, b64u_encode(signature)])

    def next_operation(self, **members: Any) -> None:
        """A new operation of the same portal with the same card and the PUK it has now."""
        self.op, self.nonce = b64u_encode(secrets.token_bytes(16)), b64u_encode(secrets.token_bytes(16))
        self._agent_key, self.state = None, "authorised"
        for name, value in members.items():
            setattr(self, name, value)

    @property
    def puk(self) -> str:
        """What the portal now believes the PUK to be."""
        return self._puk

    # --- the agent API ----------------------------------------------------------------------------------

    async def post(self, path: str, body: bytes, bearer: str | None) -> bytes:
        """As the card service's own HTTP client: the 2xx body, or what its errors mean."""
        status, answer = self.handle(path, body, bearer)
        if status == 0:
            raise PortalUnreachable
        if status != 200:
            refusal = Refusal.from_json(answer)
            raise PortalRefused(refusal.code, refusal.operation_state)
        return answer

    def handle(self, path: str, body: bytes, bearer: str | None) -> tuple[int, bytes]:
        """Status and body; status 0: no answer comes."""
        call = path.rsplit("/", 1)[-1]
        self.calls.append(call)
        if call in self.unreachable:
            return 0, b""
        if call in self.refusals:
            return 409, Refusal(self.refusals[call], self.state).to_json()
        answer = getattr(self, f"_{call}")(body, bearer)
        if call in self.lost_answers:
            self.lost_answers.remove(call)
            return 0, b""
        if isinstance(answer, Refusal):
            return 409, answer.to_json()
        return 200, answer.to_json()

    def _pair(self, body: bytes, bearer: str | None) -> PairAnswer | Refusal:
        if json.loads(body) != {"pairing_code": PAIRING_CODE}:
            return Refusal("pairing-code-refused")
        return PairAnswer(self.capability())

    def _claim_login(self, opened: bytes) -> Sealed | Refusal:
        claim = LoginClaim.from_json(opened)
        if self._agent_key not in (None, claim.agent_key):
            return Refusal("operation-claimed-elsewhere", self.state)
        if self.state not in ("authorised", "claimed", "identified"):
            return Refusal("operation-state", self.state)
        self._agent_key = claim.agent_key
        self.found.append(claim.card_found)
        self.state = "identified" if claim.card_found else "claimed"
        decision = LoginDecision(self._session, self.browser, self.network)
        return Sealed(self._to_agent(decision.to_json(), self._info(Label.DECISION)))

    def _login(self, body: bytes, bearer: str | None) -> LoginAnswer | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        opened = SUITE.decrypt(Sealed.from_json(body).sealed, self._hpke, self._info(Label.LOGIN))
        self.tokens.append(LoginToken.from_json(opened))
        self.state = "succeeded"
        if self.paired:
            return LoginAnswer(self.state, None, None, CONFIRMATION)
        return LoginAnswer(self.state, COMPLETION, f"{self.origin}/donus/{self.op}", None)

    def _claim_sign(self, opened: bytes) -> Sealed | Refusal:
        claim = SignClaim.from_json(opened)
        if self._agent_key not in (None, claim.agent_key):
            return Refusal("operation-claimed-elsewhere", self.state)
        if self.state not in ("authorised", "claimed", "identified"):
            return Refusal("operation-state", self.state)
        self._agent_key = claim.agent_key
        self.seen_certificates.append(claim.certificate)
        decision = self._sign_decision(claim.certificate)
        self.state = "identified" if decision.document is not None else "claimed"
        return Sealed(self._to_agent(decision.to_json(), self._info(Label.DECISION)))

    def _sign_decision(self, certificate: str | None) -> SignDecision:
        label = f"…{self.card.serial[-4:]}"
        if certificate is None:
            return SignDecision(CardDecision.NO_CARD, self._session, label, None)
        if certificate != self.card.certificates["9c"]:
            return SignDecision(CardDecision.WRONG_CARD, self._session, label, None)
        attributes = signed_attributes.make(self.document_hash, self.card.signature_certificate)
        document = DocumentToSign("E-Onay metni", self.document_hash, attributes)
        return SignDecision(CardDecision.PROCEED, self._session, label, self.change_document(document))

    def _sign(self, body: bytes, bearer: str | None) -> ResultAnswer | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        opened = SUITE.decrypt(Sealed.from_json(body).sealed, self._hpke, self._info(Label.SIGN))
        self.signatures.append(DocumentSignature.from_json(opened).signature)
        self.state = "succeeded"
        return ResultAnswer(self.state, COMPLETION, f"{self.origin}/donus/{self.op}")

    def _claim(self, body: bytes, bearer: str | None) -> Sealed | Refusal:
        opened = SUITE.decrypt(Sealed.from_json(body).sealed, self._hpke, self._info(Label.CLAIM))
        if self.kind is OperationKind.LOGIN:
            return self._claim_login(opened)
        if self.kind is OperationKind.SIGN:
            return self._claim_sign(opened)
        claim = Claim.from_json(opened)
        if self._agent_key not in (None, claim.agent_key):
            return Refusal("operation-claimed-elsewhere", self.state)
        if self.state not in ("authorised", "claimed", "identified"):
            return Refusal("operation-state", self.state)
        self._agent_key, self._claim_is_fresh = claim.agent_key, True
        self.claims.append(claim.identification)
        decision = self.forced_decision or self._decide(claim.identification)
        self.state = "identified" if decision in ("proceed", "not_blocked") else "claimed"
        return Sealed(self._to_agent(self._decision(decision).to_json(), self._info(Label.DECISION)))

    def _decide(self, seen: Identification | None) -> CardDecision:
        if seen is None:
            return CardDecision.NO_CARD
        if seen.card_id != self.card.card_id:
            return CardDecision.WRONG_CARD
        if self.kind is OperationKind.UNLOCK and seen.pin.blocked is False:
            return CardDecision.NOT_BLOCKED
        return CardDecision.PROCEED

    def _decision(self, decision: CardDecision) -> Decision:
        return self.change_decision(
            Decision(
                decision=decision,
                session=self._session,
                card_label=f"…{self.card.serial[-4:]}",
                promise="F3",
                card_auth_key=self.card.card_auth_key,
                certificates=self.card.certificates,
                pin_rules=self.pin_rules,
            )
        )

    def _release(self, body: bytes, bearer: str | None) -> SealedRelease | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        if self.state not in ("identified", "released") or not self._claim_is_fresh:
            return Refusal("release-not-identified", self.state)
        self.fence += self.state == "identified"
        self.state = "released"
        release = Release(self.fence, (Puk.from_text(self._puk),), Puk.from_text(self._pending), True)
        sealed = self._to_agent(self.change_release(release).to_json(), self._info(Label.RELEASE, self.fence))
        return SealedRelease(self.fence, sealed)

    def _result(self, body: bytes, bearer: str | None) -> ResultAnswer | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        result = Result.from_json(body)
        self.results.append(result)
        self.state = self._state_after(result)
        self._claim_is_fresh = result.fence is None
        closed = self.state not in ("claimed", "identified", "released")
        way_back = (COMPLETION, f"{self.origin}/donus/{self.op}") if closed else (None, None)
        return ResultAnswer(self.state, *way_back)

    def _state_after(self, result: Result) -> str:
        rotated = any(event.command == "change_puk" and event.sw == 0x9000 for event in result.events)
        if rotated and self.state == "released":
            self._puk, self._pending = self._pending, "".join(reversed(self._pending))
        if result.outcome is Outcome.PIN_SET:
            return "succeeded"
        if result.outcome is Outcome.PIN_REFUSED or (result.fence is None and result.outcome != "aborted"):
            return "identified"
        return "claimed" if not result.events else "in_doubt"

    def _abort(self, body: bytes, bearer: str | None) -> StateAnswer:
        self.aborts.append(json.loads(body)["code"])
        self.state = "failed"
        return StateAnswer("failed")

    def _info(self, label: Label, fence: int | None = None) -> bytes:
        return hpke_info(label, self.op, self.nonce, fence)

    def _to_agent(self, plaintext: bytes, info: bytes) -> bytes:
        assert self._agent_key is not None
        return SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(self._agent_key), info)

    # --- over HTTP --------------------------------------------------------------------------------------

    def well_known(self) -> bytes:
        """The document that `trust` fetches."""
        keys = tuple(SigningKey(key_id(key), key) for key in self.pinned.keys)
        return WellKnown(self.origin, keys).to_json()

    @contextmanager
    def served(self, clock_offset: float = 0.0) -> Iterator[str]:
        """On a free loopback port; sets and yields the origin."""
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, portal.well_known())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bearer = (self.headers["Authorization"] or "").removeprefix("Bearer ") or None
                status, answer = portal.handle(self.path, body, bearer)
                if status:
                    self._answer(status, answer)
                else:
                    self.close_connection = True

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response_only(status)
                self.send_header("Date", formatdate(portal.now + clock_offset, usegmt=True))
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Silence."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        self.origin = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self.origin
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def with_other_puk(release: Release, puk: str) -> Release:
    """A release whose only candidate is wrong."""
    return replace(release, candidates=(Puk.from_text(puk),))

"""A counterpart of the portal at a registrar's desk, for tests: it leads cards from blank to whole by
docs/issuance-protocol.md. It keeps no journal.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from agent.tests.counterpart import CounterpartPortal
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from kilitcoz_agent.portal.sealing import SUITE
from kilitcoz_cards.families import piv_factory
from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.families.piv_personalise import SLOTS, Certified, DeskCard
from kilitcoz_cards.messages import KeyAlgorithm, Label, OperationKind, Outcome, Refusal, Release, Sealed
from kilitcoz_cards.messages.desk import (
    DeskClaim,
    DeskDecision,
    DeskOrder,
    DeskReport,
    DeskStep,
    SealedManagementKey,
)
from kilitcoz_cards.pin import Puk
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.issuing import Holder, make_subject

KEY = SealedManagementKey(ManagementAlgorithm.AES_256, bytes(range(32)))
NEW_PUK = "27182818"
PEOPLE = ("Ayşe Yılmaz", "Mehmet Demir", "Zeynep Kaya")
P256 = KeyAlgorithm.ECC_P256


@dataclass
class Making:
    """One card, as far as it is made."""

    person: str
    keys: dict[str, bytes] = field(default_factory=dict)
    written: bool = False
    done: bool = False
    puks: tuple[Puk, ...] = field(default_factory=lambda: (piv_factory.PUK,))

    @cached_property
    def certified(self) -> dict[str, Certified]:
        """By an authority that is forgotten."""
        authority = Authority(datetime.now(UTC))
        return {
            slot: Certified(P256, key, _certificate(authority, slot, key)) for slot, key in self.keys.items()
        }


def _certificate(authority: Authority, slot: str, public_key: bytes) -> bytes:
    key = load_der_public_key(public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    subject = make_subject(Holder("Ayşe Yılmaz"), 10004821, int(slot, 16))
    made = authority.certify(subject, key, non_repudiation=slot == "9c")
    return made.public_bytes(Encoding.DER)


@dataclass
class CounterpartDesk(CounterpartPortal):
    """One batch. `cards`: number → what was made of the card; `refused`: code for whatever is put in next."""

    kind: OperationKind = OperationKind.PERSONALISE
    names_card: bool = False
    total: int = 1
    cards: dict[str, Making] = field(default_factory=dict)
    refused: str | None = None
    reports: list[DeskReport] = field(default_factory=list)
    steps: list[DeskStep] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many are made."""
        return sum(each.done for each in self.cards.values())

    def _claim(self, body: bytes, bearer: str | None) -> Sealed | Refusal:
        claim = DeskClaim.from_json(
            SUITE.decrypt(Sealed.from_json(body).sealed, self._hpke, self._info(Label.CLAIM))
        )
        self._agent_key = claim.agent_key
        decision = DeskDecision(self._session, "7", self.total, self.done)
        return Sealed(self._to_agent(decision.to_json(), self._info(Label.DECISION)))

    def _desk(self, body: bytes, bearer: str | None) -> Sealed | Refusal:
        if bearer != self._session:
            return Refusal("operation-not-found")
        opened = SUITE.decrypt(Sealed.from_json(body).sealed, self._hpke, self._info(Label.DESK))
        report = DeskReport.from_json(opened)
        self.reports.append(report)
        order = self._order(report)
        self.steps.append(order.step)
        return Sealed(self._to_agent(order.to_json(), self._info(Label.ORDER)))

    def _order(self, report: DeskReport) -> DeskOrder:
        if report.card is None:
            step = DeskStep.FINISHED if self.done >= self.total else DeskStep.INSERT
            return self._simple(report, step)
        if self.refused is not None:
            code, self.refused = self.refused, None
            return self._simple(report, DeskStep.REFUSED, code=code)
        if report.card.card_id is None:
            return self._simple(report, DeskStep.NUMBER, guid=secrets.token_hex(16))
        making = self.cards.setdefault(report.card.card_id, Making(PEOPLE[len(self.cards)]))
        return self._next(report, report.card, making)

    def _next(self, report: DeskReport, card: DeskCard, making: Making) -> DeskOrder:
        if report.keys is not None:
            making.keys = dict(report.keys)
        making.written |= report.written is not None
        if report.result is not None:
            making.done = report.result.outcome is Outcome.PIN_SET
            changed = any(each.command == "change_puk" and each.sw == 0x9000 for each in report.result.events)
            making.puks = (Puk.from_text(NEW_PUK),) if changed else (piv_factory.PUK, Puk.from_text(NEW_PUK))
            return self._simple(report, DeskStep.CARD_DONE if making.done else DeskStep.LOOK)
        if not making.keys:
            return self._simple(report, DeskStep.KEYS, algorithms=dict.fromkeys(SLOTS, P256))
        if not making.written:
            key = self._to_agent(KEY.to_json(), self._info(Label.MANAGEMENT))
            return self._simple(
                report,
                DeskStep.WRITE,
                certified=making.certified,
                card_auth_key=making.keys["9e"],
                management_key=key,
            )
        return self._simple(report, DeskStep.CARD_DONE) if making.done else self._lock(report, making)

    def _lock(self, report: DeskReport, making: Making) -> DeskOrder:
        self.fence += 1
        release = Release(self.fence, making.puks, Puk.from_text(NEW_PUK), rotate=True)
        sealed = self._to_agent(self.change_release(release).to_json(), self._info(Label.RELEASE, self.fence))
        return self._simple(
            report, DeskStep.LOCK, card_auth_key=making.keys["9e"], fence=self.fence, release=sealed
        )

    def _simple(self, report: DeskReport, step: DeskStep, **members: object) -> DeskOrder:
        known = self.cards.get(report.card.card_id or "") if report.card is not None else None
        person = known.person if known is not None else PEOPLE[len(self.cards)]
        return DeskOrder(report.turn, step, self.total, self.done, person=person, **members)  # type: ignore[arg-type]  # JSON, which the message checks

"""What is known of one operation on this machine: the data behind the screens. No PIN and no PUK ever stands
here.

It changes by `enter` alone, along the table in `phases`; whoever shows it is told of each change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kilitcoz_agent.operation.certificates import CardCertificate
from kilitcoz_agent.operation.phases import ACTS, NEXT, OVER, Act, Phase
from kilitcoz_cards.families.piv_personalise import DeskCard
from kilitcoz_cards.families.piv_signing import SigningCard
from kilitcoz_cards.messages import (
    Capability,
    CardDecision,
    Decision,
    DocumentToSign,
    Identification,
    LoginDecision,
    OperationKind,
)
from kilitcoz_cards.pin import PinState


class Door(StrEnum):
    """How the capability came to the card service (design §2, three doors)."""

    LINK = "link"
    SCHEME = "scheme"
    PAIRING = "pairing"


class Step(StrEnum):
    """What is being waited for while a phase works."""

    PORTAL = "portal"
    CARD = "card"
    REPORT = "report"
    LOOK = "look"  # these at a registrar's desk, in the order of a card's making
    NUMBER = "number"
    KEYS = "keys"
    WRITE = "write"
    LOCK = "lock"


@dataclass(frozen=True)
class Notice:
    """Something to tell beside the screen: a code of texts.errors, and a figure where there is one."""

    code: str
    retries_left: int | None = None


@dataclass(frozen=True)
class Signer:
    """Of a login or a signature: what signs, and whose certificate it is."""

    card: SigningCard
    certificate: CardCertificate


@dataclass(frozen=True)
class FoundCard:
    """A card of a known family in a reader: which it is, not yet what the portal makes of it."""

    reader: str
    insertion: int
    identification: Identification

    signer: Signer | None = None
    desk_card: DeskCard | None = None

    @property
    def choice(self) -> str:
        """A name for this card in this reader, for the page to send back."""
        return f"{self.insertion}@{self.reader}"


@dataclass(frozen=True)
class Batch:
    """At a registrar's desk: the batch's number, how many cards, how many are done; whose card is in hand, or
    comes next, as the last order named them.
    """

    number: str
    total: int
    done: int
    person: str | None = None
    application: str | None = None
    last_four: str | None = None


@dataclass
class Operation:
    """One operation. `ended_by` is a code of texts.errors once the phase is ENDED; `reporting`: the portal
    does not know the result yet and is still being told.
    """

    capability: Capability
    door: Door
    on_change: Callable[[], None]
    phase: Phase = Phase.IDENTIFYING
    notice: Notice | None = None
    carried: Notice | None = None  # to be said when the card was found again
    step: Step | None = None
    choices: tuple[FoundCard, ...] = ()
    card: FoundCard | None = None
    decision: Decision | None = field(default=None, repr=False)  # carries the session
    login: LoginDecision | None = field(default=None, repr=False)  # carries the session
    document: DocumentToSign | None = None  # of a signature: checked, and shown before it is signed
    batch: Batch | None = None
    confirmation: str | None = field(default=None, repr=False)  # what a person carries to the other browser
    ended_by: str | None = None
    reporting: bool = False
    over_at: float | None = None  # by time.monotonic
    return_to: str | None = field(default=None, repr=False)  # carries the completion secret

    def enter(self, phase: Phase, *, notice: Notice | None = None, step: Step | None = None) -> None:
        """Move to a phase, or stay in it with another notice or step. ValueError against the table."""
        if phase is not self.phase and phase not in NEXT[self.phase]:
            raise ValueError(f"{self.phase} is not followed by {phase}")
        self.phase, self.notice, self.step = phase, notice, step
        if self.is_over and self.over_at is None:
            self.over_at = time.monotonic()
        self.on_change()

    def saw_pin(self, pin: PinState) -> None:
        """A try was made: what the card now tells of its PIN."""
        if self.card is not None:
            told = replace(self.card.identification, pin=pin)
            self.card = replace(self.card, identification=told)

    def end(self, code: str) -> None:
        """No further: `code` says why. An operation that is over stays as it is."""
        if not self.is_over:
            self.ended_by = code
            self.enter(Phase.ENDED)

    @property
    def is_login(self) -> bool:
        """Whether it logs somebody in."""
        return self.capability.kind is OperationKind.LOGIN

    @property
    def is_signature(self) -> bool:
        """Whether it signs a document."""
        return self.capability.kind is OperationKind.SIGN

    @property
    def is_renewal(self) -> bool:
        """Whether it makes new keys on the card."""
        return self.capability.kind is OperationKind.RENEW

    @property
    def signs(self) -> bool:
        """Whether the card's own PIN is all that it asks for, and the card begins the work."""
        return self.is_login or self.is_signature or self.is_renewal

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen with the card."""
        return self.phase in OVER

    @property
    def acts(self) -> frozenset[Act]:
        """What the holder can do now."""
        acts = ACTS[self.phase]
        if self.capability.kind is not OperationKind.UNLOCK:
            acts -= {Act.FORGOTTEN}
        if self.decision is None or self.decision.decision is not CardDecision.NOT_BLOCKED:
            acts -= {Act.KNOWN}
        return acts

    @property
    def card_label(self) -> str | None:
        """The last four of the card's serial number as the portal shows them."""
        if self.decision is not None and self.decision.card_label is not None:
            return self.decision.card_label
        return self.capability.card_label

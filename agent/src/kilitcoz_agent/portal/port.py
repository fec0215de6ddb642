"""What an operation asks of its portal, whatever carries it. Importing this costs nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from kilitcoz_cards.families.piv_management import ManagementKey
from kilitcoz_cards.messages import (
    Decision,
    DocumentSignature,
    Identification,
    LoginAnswer,
    LoginDecision,
    LoginToken,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    NewCertificates,
    Release,
    RenewalPlan,
    Result,
    ResultAnswer,
    SignDecision,
    WrittenCertificates,
)
from kilitcoz_cards.messages.desk import DeskDecision, DeskOrder, DeskReport

Post = Callable[[str, bytes, str | None], Awaitable[bytes]]
"""Path, JSON body, bearer → JSON body of a 2xx answer; raises PortalUnreachable, PortalRefused,
PortalAnswerInvalid.
"""


class PortalCalls(Protocol):
    """What every operation asks of its portal."""

    async def abort(self, code: str) -> None:
        """Tell the portal that the operation ends here; nobody waits for whether it heard."""


class LoginLink(PortalCalls, Protocol):
    """What a login asks of its portal."""

    async def claim(self, *, card_found: bool) -> LoginDecision:
        """L3 → L4."""

    async def login(self, token: LoginToken) -> LoginAnswer:
        """L5 → L6."""


class SignLink(PortalCalls, Protocol):
    """What a document's signature asks of its portal."""

    async def claim(self, certificate: str | None) -> SignDecision:
        """S3 → S4."""

    async def sign(self, signature: DocumentSignature) -> ResultAnswer:
        """S5 → S6."""


class DeskLink(PortalCalls, Protocol):
    """What a registrar's desk asks of its portal."""

    async def claim(self) -> DeskDecision:
        """D3 → D4."""

    async def report(self, report: DeskReport) -> DeskOrder:
        """D5 → D6."""

    def management_key_in(self, order: DeskOrder) -> ManagementKey:
        """What the vault sealed into an order to write. Raises PortalAnswerInvalid."""

    def release_in(self, order: DeskOrder) -> Release:
        """What the vault sealed into an order to lock. Raises PortalAnswerInvalid."""


class RenewLink(PortalCalls, Protocol):
    """What a renewal asks of its portal."""

    async def claim(self, identification: Identification | None) -> Decision:
        """M3 → M4."""

    async def plan(self) -> RenewalPlan:
        """What is wanted of the card."""

    async def cryptogram(self, challenge: ManagementChallenge) -> ManagementAnswer:
        """The management key's answer, sent once: a card waits for it."""

    async def keys(self, made: MadeKeys) -> NewCertificates:
        """The keys on the card, for their certificates."""

    async def written(self, certificates: WrittenCertificates) -> ResultAnswer:
        """That they are on the card."""


class PortalLink(PortalCalls, Protocol):
    """What an unlock asks of its portal."""

    async def claim(self, identification: Identification | None) -> Decision:
        """M3 → M4."""

    async def release(self) -> Release:
        """M5 → M6."""

    async def result(self, result: Result) -> ResultAnswer:
        """M7, sent once."""


Link = PortalLink | LoginLink | SignLink | DeskLink | RenewLink
"""By the kind of the operation."""

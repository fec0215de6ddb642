"""What a row is, and next steps that many rows share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kilitcoz_agent.texts import Both


class Origin(StrEnum):
    """Who says so."""

    PORTAL = "portal"
    CARD = "card"
    TYPED = "typed"
    CARD_SERVICE = "card service"


@dataclass(frozen=True)
class ErrorText:
    """One row: where it comes from, what happened, what to do next."""

    origin: Origin
    happened: Both
    next_step: Both


START_AGAIN: Both = (
    "Portala dönün ve işlemi yeniden başlatın.",
    "Go back to the portal and start again.",
)
CALL_CENTRE: Both = (
    "Portaldaki çağrı merkezi numarasını arayın ve bu ekranda yazanı söyleyin.",
    "Call the call centre; its number is on the portal. Tell them what this screen says.",
)
TYPE_AGAIN: Both = ("PIN’inizi yeniden yazın.", "Type your PIN again.")

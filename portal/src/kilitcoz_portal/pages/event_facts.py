"""A holder's last events, each with its time, card and browser, in the visitor's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_portal.audit import queries as audit
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.pages.card_facts import card_name
from kilitcoz_portal.pages.event_words import SHOWN
from kilitcoz_portal.pages.session_facts import device_name
from kilitcoz_portal.signin import queries as signin

PAGE = 20


@dataclass(frozen=True)
class EventFacts:
    """One event. `card` is its last four, `device` and `network` are of the session it speaks of; each may be
    empty.
    """

    at: datetime
    sentence: str
    card: str
    device: str
    network: str


@dataclass(frozen=True)
class EventPage:
    """Events newest first, and where the older ones begin; None where there are none."""

    events: list[EventFacts]
    older: int | None


def page_of(holder_id: int, before: int | None) -> EventPage:
    """The newest events of this holder, or with `before` those older than it."""
    rows = audit.events_of(holder_id, list(SHOWN), PAGE + 1, before)
    shown = rows[:PAGE]
    cards = {card.pk: card_name(card) for card in holders.cards_of(holder_id)}
    devices = signin.devices_of(holder_id, {str(row.detail.get("session", "")) for row in shown})
    events = []
    for row in shown:
        device = devices.get(str(row.detail.get("session", "")))
        events.append(
            EventFacts(
                at=row.at,
                sentence=SHOWN[row.event].about(row.detail),
                card=cards.get(row.card_id or 0, ""),
                device=device_name(device) if device else "",
                network=device.network if device else "",
            )
        )
    return EventPage(events, older=shown[-1].pk if len(rows) > PAGE else None)

"""Everything the portal keeps of one holder, in plain words: for the page and for the file.

No secret, no hash, and nothing of anybody else: messages are told by the holder's own events, not by an
address that others may share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kilitcoz_portal.applications import queries as applications
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.approval import queries as approval
from kilitcoz_portal.approval.models import Consent
from kilitcoz_portal.holders import holds
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.notices import texts as notices
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.pages import card_facts, certificate_facts, event_facts, session_facts
from kilitcoz_portal.signin import lanes
from kilitcoz_portal.signin import queries as signin
from kilitcoz_portal.signin.passkeys import keeping


def of_holder(holder: Holder, now: datetime) -> dict[str, Any]:
    """Sections by name; times are datetimes, which the file writes by ISO 8601."""
    return {
        "person": _person(holder, now),
        "cards": [_card(card) for card in holders.cards_of(holder.pk)],
        "certificates": _certificates(holder, now),
        "applications": [_application(each) for each in applications.of_holder(holder)],
        "sessions": _sessions(holder, now),
        "trusted_browsers": [
            {"since": each.created_at, "last_seen": each.last_seen_at}
            for each in lanes.browsers_of(holder, now)
        ],
        "passkeys": [{"label": each.label, "added": each.created_at} for each in keeping.of(holder)],
        "consents": [_consent(each) for each in approval.of_holder(holder.pk)],
        "notices": _notices(holder),
        "events": _events(holder),
    }


def _person(holder: Holder, now: datetime) -> dict[str, Any]:
    return {
        "id_number": holder.id_number,
        "name": holder.name,
        "phone": holder.phone,
        "phone_changed": holder.phone_changed_at,
        "unlock_by_sms_held_until": holds.phone_held_until(holder, now),
        "email": holder.email,
        "language": holder.language,
        "remote_unlock": holder.remote_unlock,
        "frozen": holder.frozen_at,
        "enrolled": holder.created_at,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "serial": card.serial,
        "family": card.family,
        "enrolled": card.created_at,
        "last_seen": card.seen_at,
        "pin_blocked": card.pin_blocked,
        "pin_tries_left": card.pin_retries_left,
    }


def _certificates(holder: Holder, now: datetime) -> list[dict[str, Any]]:
    """Ours with what happened to them; of other cards, what was found on them."""
    ours = certificate_facts.cards_of(holder.pk, now)
    known = {card.pk for card in ours}
    found = [_ours(card.label, each) for card in ours for each in card.certificates]
    return found + [
        {
            "card": card.label,
            "purpose": str(each.purpose),
            "subject": each.subject,
            "issuer": each.issuer,
            "serial": each.serial,
            "valid_from": each.not_before,
            "valid_to": each.not_after,
        }
        for card in card_facts.certificates_of(holder.pk, now)
        if card.pk not in known
        for each in card.certificates
    ]


def _ours(card: str, each: certificate_facts.Facts) -> dict[str, Any]:
    return {
        "card": card,
        "purpose": str(each.purpose),
        "subject": each.subject,
        "issuer": each.issuer,
        "serial": each.serial,
        "valid_from": each.row.not_before,
        "valid_to": each.row.not_after,
        "institution": each.row.institution,
        "state": each.state.value,
        "history": [
            {"at": line.at, "what": str(line.what), "who": str(line.who), "why": str(line.why)}
            for line in certificate_facts.history(each.row)
        ],
    }


def _application(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "state": application.state,
        "kind": application.kind,
        "institution": application.institution,
        "phone": application.phone,
        "email": application.email,
        "received": application.received_at,
        "approved": application.approved_at,
        "ended": application.closed_at,
    }


def _sessions(holder: Holder, now: datetime) -> list[dict[str, Any]]:
    is_open, ended = signin.sessions_of(holder.pk, now)
    return [
        {
            "browser": session_facts.device_name(each.device),
            "network": each.device.network,
            "way_in": each.way,
            "began": each.began_at,
            "last_seen": each.seen_at,
            "ended": each.ended_at,
        }
        for each in (*is_open, *ended)
    ]


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "text_version": consent.version,
        "language": consent.language,
        "signed": consent.signed_at,
        "withdrawn": consent.withdrawn_at,
        "signature": f"PAdES {consent.level}",
        "document": consent.pk,
    }


def _notices(holder: Holder) -> list[dict[str, Any]]:
    return [
        {
            "at": each.at,
            "what": notices.sentence(each),
            "card": each.card,
            "browser": each.device,
            "network": each.network,
            "undone": each.undone_at,
        }
        for each in Notice.objects.filter(holder=holder).order_by("-at")
    ]


def _events(holder: Holder) -> list[dict[str, Any]]:
    """All of them: codes that were sent are among them."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while True:
        page = event_facts.page_of(holder.pk, before)
        found += [{"at": each.at, "what": each.sentence, "card": each.card} for each in page.events]
        before = page.older
        if before is None:
            return found

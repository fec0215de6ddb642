"""What the end of a renewal shows: each new certificate beside the one whose place it takes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.pages.card_facts import PURPOSES
from kilitcoz_portal.renewal import queries


@dataclass(frozen=True)
class RenewedFacts:
    """In plain words, with both spans of time."""

    purpose: str | Promise
    old: Certificate
    new: Certificate


def renewed_by(operation_id: str) -> list[RenewedFacts]:
    """By this operation, the signature first."""
    found = queries.renewed_by(operation_id)
    return [RenewedFacts(PURPOSES.get(each.new.slot, each.new.slot), each.old, each.new) for each in found]

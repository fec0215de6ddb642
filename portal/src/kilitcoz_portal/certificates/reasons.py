"""Why a certificate is suspended or revoked, as people would say it, and what RFC 5280, 5.3.1, calls it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cryptography.x509 import ReasonFlags


class Reason(StrEnum):
    """What a holder or staff chooses; the sentences are pages' and notices'."""

    LOST = "lost"
    STOLEN = "stolen"
    MISUSED = "misused"  # somebody else has used it, or knows the PIN
    CARD_BROKEN = "card-broken"
    DATA_CHANGED = "data-changed"  # what the certificate says is no longer so
    LEFT_INSTITUTION = "left-institution"
    NOT_NEEDED = "not-needed"
    REPLACED = "replaced"
    DUTIES_BROKEN = "duties-broken"  # the holder's, or the institution's
    NOT_ME = "not-me"  # the undo link of a notice was pressed
    SUSPENSION_OVER = "suspension-over"
    CAREFUL = "careful"  # only to be on the safe side
    OTHER = "other"


CRL_REASON: Mapping[Reason, ReasonFlags] = MappingProxyType(
    {
        Reason.LOST: ReasonFlags.key_compromise,
        Reason.STOLEN: ReasonFlags.key_compromise,
        Reason.MISUSED: ReasonFlags.key_compromise,
        Reason.NOT_ME: ReasonFlags.key_compromise,
        Reason.CARD_BROKEN: ReasonFlags.cessation_of_operation,
        Reason.NOT_NEEDED: ReasonFlags.cessation_of_operation,
        Reason.SUSPENSION_OVER: ReasonFlags.cessation_of_operation,
        Reason.DATA_CHANGED: ReasonFlags.affiliation_changed,
        Reason.LEFT_INSTITUTION: ReasonFlags.affiliation_changed,
        Reason.REPLACED: ReasonFlags.superseded,
        Reason.DUTIES_BROKEN: ReasonFlags.privilege_withdrawn,
        Reason.CAREFUL: ReasonFlags.unspecified,
        Reason.OTHER: ReasonFlags.unspecified,
    }
)

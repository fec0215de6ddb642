"""Reading consents."""

from __future__ import annotations

from kilitcoz_portal.approval.models import Consent, State
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import SignatureOrder

_WITHOUT_FILES = ("prepared", "pdf")


def consent_given(holder: Holder) -> bool:
    """Whether a consent of this holder is in force: applications need no signature. Stamped or not: the
    signature was verified when it was given.
    """
    return Consent.objects.filter(holder=holder, state=State.GIVEN).exists()


def in_force(holder_id: int) -> Consent | None:
    """The one that was given and not withdrawn, without its files."""
    return Consent.objects.defer(*_WITHOUT_FILES).filter(holder_id=holder_id, state=State.GIVEN).first()


def given_in(operation_id: str) -> Consent | None:
    """The consent that was given by this operation, if it is in force, without its files."""
    order = SignatureOrder.objects.filter(operation_id=operation_id).first()
    rows = Consent.objects.defer(*_WITHOUT_FILES).filter(state=State.GIVEN)
    return rows.filter(pk=order.subject).first() if order is not None else None


def of_holder(holder_id: int) -> list[Consent]:
    """All that were ever signed, the newest first, without their files."""
    rows = Consent.objects.defer(*_WITHOUT_FILES).filter(holder_id=holder_id).exclude(state=State.PREPARED)
    return list(rows.order_by("-signed_at"))


def owner_of(consent_id: str) -> int | None:
    """Whose signed consent it is; None where there is none."""
    rows = Consent.objects.filter(pk=consent_id).exclude(state=State.PREPARED)
    return rows.values_list("holder_id", flat=True).first()


def file_of(consent_id: str) -> bytes:
    """The signed PDF at its present level; for whoever has asked owner_of."""
    pdf = Consent.objects.values_list("pdf", flat=True).get(pk=consent_id)
    return bytes(pdf or b"")

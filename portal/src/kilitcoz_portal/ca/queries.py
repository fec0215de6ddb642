"""Reading what the authority has issued."""

from __future__ import annotations

from kilitcoz_portal.ca.models import Authority, Issued


def certificate(serial_number: str) -> bytes | None:
    """The certificate with this serial number (lower-case hex), DER; None where there is none."""
    der = Issued.objects.filter(serial_number=serial_number).values_list("der", flat=True).first()
    return bytes(der) if der is not None else None


def newest_authority() -> Authority | None:
    """The installation's, or None before its key ceremony."""
    return Authority.objects.order_by("-pk").first()

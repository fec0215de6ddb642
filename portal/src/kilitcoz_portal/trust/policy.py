"""What this installation asks of a certificate, read from the settings once per validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from django.conf import settings


class Usage(StrEnum):
    """What a certificate's key was used for."""

    AUTHENTICATION = "authentication"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class TrustPolicy:
    """The settings KILITCOZ_TRUST_*. `stale_crl`: how old a CRL may be that counts although its successor is
    due, where nothing better can be had; zero: none does.
    """

    folder: Path
    qualified: bool
    policies: frozenset[str]
    clock_skew: timedelta
    stale_crl: timedelta
    ocsp_nonce: bool
    fetch: bool
    private_addresses: bool

    @classmethod
    def of_settings(cls) -> Self:
        """As configured."""
        return cls(
            folder=settings.KILITCOZ_TRUST_DIR or settings.KILITCOZ_DATA_DIR / "trust",
            qualified=settings.KILITCOZ_TRUST_QUALIFIED,
            policies=frozenset(settings.KILITCOZ_TRUST_POLICIES),
            clock_skew=timedelta(seconds=settings.KILITCOZ_TRUST_CLOCK_SKEW),
            stale_crl=timedelta(hours=settings.KILITCOZ_TRUST_STALE_CRL_HOURS),
            ocsp_nonce=settings.KILITCOZ_TRUST_OCSP_NONCE,
            fetch=settings.KILITCOZ_TRUST_FETCH,
            private_addresses=settings.KILITCOZ_TRUST_PRIVATE_ADDRESSES,
        )

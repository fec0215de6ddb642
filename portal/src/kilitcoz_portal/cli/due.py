"""What time alone makes due to certificates, applications and consents, for `kilitcoz sweep`, and for
`kilitcoz work` what of it should not wait a minute.

They import it when they run: it brings signatures of PDFs and CMP with it, for which no other command waits.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import typer
from django.conf import settings

from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.applications import services as applications
from kilitcoz_portal.approval import services as consents
from kilitcoz_portal.approval import stamping
from kilitcoz_portal.ca import lists
from kilitcoz_portal.ca.cmp import sweeping
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.errors import CaNotConfigured, NoAuthority
from kilitcoz_portal.certificates import ends as certificates
from kilitcoz_portal.renewal import reminders


def soon() -> tuple[Callable[[datetime], object], ...]:
    """What should not wait a minute."""
    return certificates.sweep, activation.sweep, reminders.sweep, stamping.stamp_due


def sweep(now: datetime) -> int:
    """All of it; how many certificates changed."""
    changed = certificates.sweep(now)
    applications.sweep(now)
    activation.sweep(now)
    reminders.sweep(now)
    stamping.stamp_due(now)
    consents.forget_prepared(now)
    _renew_list(now)
    _speak_to_authority(now)
    return changed


def _renew_list(now: datetime) -> None:
    """The CRL, before its end; nothing where the embedded authority is not used."""
    with suppress(NoAuthority):
        lists.publish_if_due(now)


def _speak_to_authority(now: datetime) -> None:
    """What the authority elsewhere is still to be told; it being away stops nothing else."""
    if settings.KILITCOZ_CA != "cmp":
        return
    try:
        left = sweeping.sweep(configured(), now)
    except CaNotConfigured as error:
        typer.echo(str(error), err=True)
    else:
        if left:
            typer.echo(f"{left} messages to the certificate authority are still to be said")

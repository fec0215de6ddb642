"""Where e-mails go: to the server that KILITCOZ_MAIL_HOST names; without one, where SMS go to the outbox,
there too; else nowhere.
"""

from __future__ import annotations

from django.conf import settings

from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.outgoing.gateways import Gateway, Parcel
from kilitcoz_portal.outgoing.local import LocalGateway


class OutboxGateway(LocalGateway):
    """Keeps e-mails in a table that the demo's /outbox page and the tests read."""

    name = "outbox"

    def send(self, parcel: Parcel) -> str:
        """Accepted as soon as the row is there."""
        OutboxMail.objects.create(
            to=parcel.address,
            subject=parcel.subject,
            text=parcel.text,
            purpose=parcel.purpose,
            sent_at=parcel.at,
        )
        return ""


def configured() -> tuple[Gateway, ...]:
    """The one gateway of e-mails, or none where the installation sends no e-mail."""
    if OutboxGateway.name == settings.KILITCOZ_SMS_GATEWAY:
        return (OutboxGateway(),)
    return ()

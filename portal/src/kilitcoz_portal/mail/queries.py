"""Reading the outbox (demo and tests)."""

from __future__ import annotations

from kilitcoz_portal.mail.models import OutboxMail

_SHOWN = 50


def outbox() -> list[dict[str, str]]:
    """The newest e-mails first: `to`, `subject`, `text`, `purpose`, `sent_at` (ISO 8601)."""
    newest = OutboxMail.objects.order_by("-sent_at", "-pk")[:_SHOWN]
    return [
        {
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
            "purpose": mail.purpose,
            "sent_at": mail.sent_at.isoformat(),
        }
        for mail in newest
    ]

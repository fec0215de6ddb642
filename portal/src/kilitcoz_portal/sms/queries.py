"""Reading the outbox (demo and tests)."""

import re

from kilitcoz_portal.sms.models import OutboxMessage

_ORIGIN_BOUND_LINE = re.compile(r"^@\S+ #(\d{6})\Z", re.MULTILINE)
_SHOWN = 50


def outbox() -> list[dict[str, str]]:
    """The newest messages first: `to`, `text`, `purpose`, `sent_at` (ISO 8601) and, where it carries one,
    `code`.
    """
    newest = OutboxMessage.objects.order_by("-sent_at", "-pk")[:_SHOWN]
    return [_as_dict(message) for message in newest]


def _as_dict(message: OutboxMessage) -> dict[str, str]:
    row = {
        "to": message.to,
        "text": message.text,
        "purpose": message.purpose,
        "sent_at": message.sent_at.isoformat(),
    }
    found = _ORIGIN_BOUND_LINE.search(message.text)
    return row | {"code": found.group(1)} if found else row

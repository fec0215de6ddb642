"""What the card service writes down: one JSON object a line on stderr, made of slugs and plain figures.

The one rule: a field is a word of ours, a number, an origin or a reader's name. No PIN, PUK, APDU data,
capability, session, completion or request body ever becomes a field; `record` refuses names that are not on
its list.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOGGER = logging.getLogger("kilitcoz_agent")

#: Every field a line may have. A new one is added here, on purpose.
FIELDS = frozenset(
    {
        "address",
        "code",
        "door",
        "error",
        "family",
        "kind",
        "operation",
        "operation_state",
        "outcome",
        "port",
        "reader",
        "retry_in_s",
        "status",
        "version",
    }
)


def record(event: str, **fields: str | int | float | None) -> None:
    """Write one event. Raises ValueError for a field that is not on the list."""
    unknown = fields.keys() - FIELDS
    if unknown:
        raise ValueError(f"not a journal field: {', '.join(sorted(unknown))}")
    LOGGER.info(event, extra={"fields": fields})


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def start_journal() -> None:
    """Send the journal, and libraries' warnings, to stderr. An exception is named, never printed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    LOGGER.setLevel(logging.INFO)

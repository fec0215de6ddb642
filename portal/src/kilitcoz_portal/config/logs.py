"""JSON logs, one object a line on stderr, with the request's and the operation's id where there is one.

No secret reaches a log: rooms log codes, counts and ids; Django's own request log carries paths without
queries.
"""

from __future__ import annotations

import logging
import logging.config
import re

import structlog

_UNDO_LINK = re.compile(r"/b/[\w-]+")


def _without_links(
    _logger: object, _name: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An undo link's address is its secret."""
    return {
        key: _UNDO_LINK.sub("/b/…", said) if isinstance(said, str) else said for key, said in line.items()
    }


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _without_links,
]


def configure(level: str) -> None:
    """Send structlog's and the standard library's records through one JSON renderer."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                name: {"level": "WARNING"} for name in ("django.server", "asyncio", "httpx", "httpcore")
            },
        }
    )

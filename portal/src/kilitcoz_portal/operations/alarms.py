"""When the vault's rows do not authenticate: the deed is rolled back, the auditors are told, nothing is
released.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.db import transaction

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.operations.access import audit, locked
from kilitcoz_portal.operations.errors import ReleaseRefused
from kilitcoz_portal.vault.errors import VaultError, VaultIntegrityError

log = structlog.get_logger(__name__)


@contextmanager
def on_vault_errors(operation_id: str, now: datetime) -> Iterator[None]:
    """Turn the vault's errors into ReleaseRefused with its code, after an audit row of its own
    transaction.
    """
    try:
        yield
    except VaultError as error:
        what = error.what if isinstance(error, VaultIntegrityError) else ""
        log.exception("vault-alarm", operation_id=operation_id, code=error.code, what=what)
        with transaction.atomic():
            audit(Event.VAULT_ALARM, locked(operation_id), now, code=error.code, what=what)
        raise ReleaseRefused(error.code) from None

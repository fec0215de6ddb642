"""/healthz: the process answers. /readyz: it can do its work (database reachable, migrated, root key
readable).
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from kilitcoz_portal.keyfiles import KeyFileUnsafe
from kilitcoz_portal.vault.crypto import root_keys

_migrated = False


def healthz(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process serves requests."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated and the root key is readable, else 503 with a code."""
    try:
        code = _what_is_missing()
    except DatabaseError:
        code = "database-unreachable"
    except (KeyFileUnsafe, OSError):
        code = KeyFileUnsafe.code
    if code:
        return JsonResponse({"status": "not-ready", "code": code}, status=503)
    return JsonResponse({"status": "ready"})


def _what_is_missing() -> str | None:
    """A code, or None. The migration graph is read until it was found complete once."""
    global _migrated  # noqa: PLW0603 - a cache of a fact that does not change back while the process lives
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    root_keys()
    return None if _migrated else "database-not-migrated"

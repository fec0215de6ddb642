"""/healthz: the process answers. /readyz: it can do its work (database reachable, migrated, root key
readable).
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

_migrated = False


def healthz(_request: HttpRequest) -> JsonResponse:
    """200 as long as the process serves requests."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503 with the code of what is missing."""
    try:
        code = _what_is_missing()
    except DatabaseError:
        code = "database-unreachable"
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
    return None if _migrated else "database-not-migrated"

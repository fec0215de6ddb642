"""How long the session has, for the script that warns before its end (WCAG 2.2.1). No sign of life."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.signin import living, sessions
from kilitcoz_portal.signin.models import HolderSession


@require_safe
def session_left(request: HttpRequest) -> JsonResponse:
    """`{"idle", "absolute"}` in seconds; 401 and `{"code"}` where nobody is signed in any more."""
    return _answer(sessions.look(request.session, timezone.now()))


@require_POST
def go_on(request: HttpRequest) -> JsonResponse:
    """ "Devam et": a sign of life of the holder, up to the hour. Answers as `session_left`."""
    return _answer(sessions.visit(request.session, timezone.now()))


def _answer(row: HolderSession | None) -> JsonResponse:
    if row is None:
        return JsonResponse({"code": "session-ended"}, status=401)
    left = living.left(row, timezone.now())
    return JsonResponse({"idle": left.idle, "absolute": left.absolute})

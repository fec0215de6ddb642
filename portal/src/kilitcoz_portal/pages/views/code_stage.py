"""How far a code is on its way to the phone, for the script of the page that waits for it."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kilitcoz_portal.operations import queries as operations
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.signin import codes, sessions
from kilitcoz_portal.signin.codes import Purpose, Wish


@require_safe
def stage(request: HttpRequest, purpose: str) -> JsonResponse:
    """`{"stage": …}` of this browser's own code for the purpose (code_stages.Stage), or 404."""
    browser, now = sessions.known_browser(request.session), timezone.now()
    if purpose not in set(Purpose) or not browser:
        raise Http404
    wish = Wish(browser, Purpose(purpose), request.GET.get("islem", ""))
    if wish.purpose is Purpose.UNLOCK:
        _require_own_operation(wish, now)
    waiting = codes.waiting(wish, now)
    if waiting is None:
        raise Http404
    return JsonResponse({"stage": waiting.stage})


def _require_own_operation(wish: Wish, now: datetime) -> None:
    """Another browser's operation is not found, and the books know who asked (A40)."""
    try:
        operations.watch(wish.operation_id, wish.browser, now)
    except OperationNotFound:
        raise Http404 from None

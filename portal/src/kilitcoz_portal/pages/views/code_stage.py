"""How far a code is on its way to the phone, for the script of the page that waits for it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kilitcoz_portal.signin import codes, sessions
from kilitcoz_portal.signin.codes import Purpose, Wish


@require_safe
def stage(request: HttpRequest, purpose: str) -> JsonResponse:
    """`{"stage": …}` of this browser's own code for the purpose (code_stages.Stage), or 404."""
    browser = sessions.known_browser(request.session)
    if purpose not in set(Purpose) or not browser:
        raise Http404
    wish = Wish(browser, Purpose(purpose), request.GET.get("islem", ""))
    waiting = codes.waiting(wish, timezone.now())
    if waiting is None:
        raise Http404
    return JsonResponse({"stage": waiting.stage})

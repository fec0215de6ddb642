"""The human check's parts: picture, sound, proof of work, and another one in its place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.signin import human, sessions
from kilitcoz_portal.signin.errors import HumanCheckLate


@require_POST
def another(request: HttpRequest) -> JsonResponse:
    """A new check for this browser: `{"check": id}`."""
    return JsonResponse({"check": human.new_check(sessions.browser(request.session), timezone.now()).pk})


@require_safe
def picture(request: HttpRequest, check_id: str) -> HttpResponse:
    """PNG; 404 for another browser's, an answered or a late check."""
    try:
        png = human.picture(check_id, sessions.known_browser(request.session), timezone.now())
    except HumanCheckLate:
        raise Http404 from None
    return HttpResponse(png, content_type="image/png")


@require_safe
def sound(request: HttpRequest, check_id: str) -> HttpResponse:
    """WAV in the page's language; 404 as for the picture."""
    language = get_language() or "tr"
    try:
        wav = human.sound(check_id, sessions.known_browser(request.session), language, timezone.now())
    except HumanCheckLate:
        raise Http404 from None
    return HttpResponse(wav, content_type="audio/wav")


@require_safe
def work(request: HttpRequest, check_id: str) -> JsonResponse:
    """The altcha challenge as JSON; 404 as for the picture."""
    try:
        return JsonResponse(human.work(check_id, sessions.known_browser(request.session), timezone.now()))
    except HumanCheckLate:
        raise Http404 from None

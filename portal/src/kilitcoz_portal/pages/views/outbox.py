"""The demo's telephone: messages that the outbox gateway kept. There is no such address outside a
demonstration.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.sms.queries import outbox as sent_messages


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages first; `?format=json` for programs."""
    if not settings.KILITCOZ_DEMO:
        raise Http404
    messages = sent_messages()
    if request.GET.get("format") == "json":
        return JsonResponse(messages, safe=False, json_dumps_params={"ensure_ascii": False})
    return render(request, "pages/outbox.html", {"screen": _("Gönderilen iletiler"), "messages": messages})

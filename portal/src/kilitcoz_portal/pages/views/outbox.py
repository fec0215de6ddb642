"""The demo's telephone and mailbox: messages that the outbox gateways kept. There is no such address outside
a demonstration.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.mail.queries import outbox as sent_mails
from kilitcoz_portal.sms.queries import outbox as sent_messages


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages first; for programs, `?format=json`: the SMS, with `&channel=mail`: the e-mails."""
    if not settings.KILITCOZ_DEMO:
        raise Http404
    if request.GET.get("format") == "json":
        of_channel = sent_mails if request.GET.get("channel") == "mail" else sent_messages
        return JsonResponse(of_channel(), safe=False, json_dumps_params={"ensure_ascii": False})
    both = [*sent_messages(), *sent_mails()]
    messages = sorted(both, key=lambda message: message["sent_at"], reverse=True)
    return render(request, "pages/outbox.html", {"screen": _("Gönderilen iletiler"), "messages": messages})

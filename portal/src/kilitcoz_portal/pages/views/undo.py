"""The undo link of a notice: opening it shows what happened and changes nothing, also when a scanner of mail
opens it; the button undoes. Nobody needs to be signed in.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.notices.texts import sentence
from kilitcoz_portal.pages import undoing
from kilitcoz_portal.pages.views.failures import failure

UNKNOWN = "undo-link-unknown"


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, secret: str) -> HttpResponse:
    """One answer for every link that is none (404)."""
    now = timezone.now()
    try:
        link = undoing.look(secret, network_of(client_address(request)), now)
    except undoing.LookedTooOften as refusal:
        return failure(request, refusal.code, status=429)
    if link is None:
        return failure(request, UNKNOWN, status=404)
    if request.method == "POST":
        undoing.it_was_not_me(link.notice, now)
        return redirect("undo", secret)
    what = sentence(link.notice)
    context = {
        "screen": _("Bu ben değildim") if not link.used else _("Hesabınız donduruldu"),
        "notice": link.notice,
        "what": what[0].upper() + what[1:],
        "used": link.used,
        "frozen": link.notice.holder.frozen_at is not None,
        "suspension_owed": holders.suspension_is_asked(link.notice.holder.pk),
        "secret": secret,
    }
    return render(request, "pages/undo.html", context)

"""The full privacy notice, open to everybody; and what is kept of the holder, to see and to take away."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.pages import privacy
from kilitcoz_portal.pages.data_export import of_holder
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.visitors import Visitor


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Law 6698, article 10."""
    context = {"screen": _("Aydınlatma metni"), "blocks": privacy.blocks(get_language() or "tr")}
    return render(request, "pages/privacy.html", context)


@require_safe
@stepped_up
def my_data(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Law 6698, article 11: a page, or with `?bicim=json` a file."""
    kept = of_holder(visitor.holder, visitor.now)
    if request.GET.get("bicim") != "json":
        return render(request, "pages/my_data.html", {"screen": _("Hakkımda tutulanlar"), "kept": kept})
    with transaction.atomic():
        record(Event.DATA_EXPORTED, now=visitor.now, holder_id=visitor.holder.pk)
    answer = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="verilerim.json"'
    return answer

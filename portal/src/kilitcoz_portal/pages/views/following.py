"""Following an operation: its state for the waiting page, and the way back from the card service."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kilitcoz_portal.operations import queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import following
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, onlooker_of, visitor_of


@require_safe
def state(request: HttpRequest, operation_id: str) -> JsonResponse:
    """`{"state", "decision", "is_open", "sentence"}`; 404 and `{"code"}` for whoever did not begin the
    operation.
    """
    try:
        _, watched = _own(onlooker_of(request), operation_id)
    except OperationNotFound as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.status)
    return JsonResponse(
        {
            "state": watched.state,
            "decision": watched.decision,
            "is_open": watched.is_open,
            "sentence": following.sentence(watched),
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, operation_id: str) -> HttpResponse:
    """The card service sends the browser here; the completion secret is in the fragment, which only the page
    can read.

    Another browser, signed in or not, gets 404 (A18b, A40).
    """
    try:
        visitor, operation = _own(visitor_of(request), operation_id)
        if request.method != "POST":
            return render(
                request,
                "pages/come_back.html",
                {"screen": _("Kart servisinden dönüş"), "operation": operation},
            )
        completion = request.POST.get("completion", "")[:128]
        operations.complete(operation.id, visitor.browser, completion, visitor.now)
    except OperationNotFound as refusal:
        return failure(request, refusal.code, status=refusal.status)
    return redirect("operation", operation.id)


def _own(visitor: Visitor | None, operation_id: str) -> tuple[Visitor, Watched]:
    """The visitor and the operation that this browser began. Raises OperationNotFound, also where nobody is
    signed in.
    """
    if visitor is None:
        queries.watch(
            operation_id, "", timezone.now()
        )  # asked by a stranger: refused, and the books know of it
        raise OperationNotFound
    return visitor, queries.watch(operation_id, visitor.browser, visitor.now)

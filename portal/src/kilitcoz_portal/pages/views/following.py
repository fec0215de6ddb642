"""Following an operation: its state for the waiting page, and the way back from the card service."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations import queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import following
from kilitcoz_portal.pages.views import card_login
from kilitcoz_portal.pages.views.card_login import Beginner
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, onlooker_of, visitor_of
from kilitcoz_portal.signin import sessions


@require_safe
def state(request: HttpRequest, operation_id: str) -> JsonResponse:
    """`{"state", "decision", "is_open", "sentence"}`; 404 and `{"code"}` for whoever did not begin the
    operation.
    """
    try:
        _, watched = _own(request, onlooker_of(request), operation_id)
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
        owner, operation = _own(request, visitor_of(request), operation_id)
        if request.method != "POST":
            return render(
                request,
                "pages/come_back.html",
                {"screen": _("Kart servisinden dönüş"), "operation": operation},
            )
        if operation.kind == OperationKind.LOGIN:
            return card_login.come_back(request, operation.id, owner.now)
        completion = request.POST.get("completion", "")[:128]
        operations.complete(operation.id, owner.browser, completion, owner.now)
    except OperationNotFound as refusal:
        return failure(request, refusal.code, status=refusal.status)
    return redirect("operation", operation.id)


def _own(request: HttpRequest, visitor: Visitor | None, operation_id: str) -> tuple[Beginner, Watched]:
    """The browser and the operation that it began. Raises OperationNotFound; also where nobody is signed in,
    but for a login, which nobody can be.
    """
    now = visitor.now if visitor is not None else timezone.now()
    owner = Beginner(visitor.browser if visitor else sessions.known_browser(request.session), now)
    watched = queries.watch(operation_id, owner.browser, now)
    if visitor is None and watched.kind != OperationKind.LOGIN:
        queries.watch(operation_id, "", now)  # asked by a stranger: refused, and the books know of it
        raise OperationNotFound
    return owner, watched

"""The operation of the address or of the session, always through the browser that began it (A40)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations import queries as operations
from kilitcoz_portal.operations.errors import OperationNotFound
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor

_SESSION_KEY = "operation"
OperationView = Callable[[HttpRequest, Visitor, Watched], HttpResponse]


def own_operation(view: OperationView) -> Callable[[HttpRequest, Visitor, str], HttpResponse]:
    """Give the view the operation that the address names, or 404 where this browser did not begin it."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, operation_id: str) -> HttpResponse:
        try:
            operation = operations.watch(operation_id, visitor.browser, visitor.now)
        except OperationNotFound as refusal:
            return failure(request, refusal.code, status=refusal.status)
        return view(request, visitor, operation)

    return guarded


def remember(session: SessionBase, operation_id: str) -> None:
    """Keep in mind which operation this session began last."""
    session[_SESSION_KEY] = operation_id


def of_session(session: SessionBase, visitor: Visitor) -> Watched | None:
    """The operation this session began last, while it is open."""
    if _SESSION_KEY not in session:
        return None
    try:
        operation = operations.watch(session[_SESSION_KEY], visitor.browser, visitor.now)
    except OperationNotFound:
        return None
    return operation if operation.is_open else None


def card_of(operation: Watched) -> Card:
    """The card of an operation that `watch` has already let through."""
    return Operation.objects.select_related("card").get(pk=operation.id).enrolled_card

"""What a frozen account does not let anybody change, also not a holder who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor

P = ParamSpec("P")


def unless_frozen(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]:
    """Inside `signed_in` or `stepped_up`: the view, or the page that says what is frozen and what to do. What
    the view calls refuses by itself too; a freeze may come while it runs.
    """

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if visitor.holder.frozen_at is not None:
            return failure(request, HolderFrozen.code, status=403)
        try:
            return view(request, visitor, *args, **kwargs)
        except HolderFrozen as refusal:
            return failure(request, refusal.code, status=403)

    return guarded

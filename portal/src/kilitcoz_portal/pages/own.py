"""What an address or a form names by its id is only reached by whom it belongs to (A40).

One table says whose each thing is, one decorator asks it. Another holder's id is answered as an unknown one
is, word for word, and the books know who asked. Operations belong to a browser: see open_operation.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from kilitcoz_portal.approval import queries as approval
from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.signin import queries as signin
from kilitcoz_portal.signin.passkeys import keeping

P = ParamSpec("P")
VisitorView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


class Thing(StrEnum):
    """What has an id that somebody else could send."""

    CARD = "card"
    SESSION = "session"
    PASSKEY = "passkey"
    CERTIFICATE = "certificate"
    CONSENT = "consent"


# Whose it is, by the id as text: the holder's key, or None where there is no such thing.
OWNER_OF: dict[Thing, Callable[[str], int | None]] = {
    Thing.CARD: holders.owner_of_card,
    Thing.SESSION: signin.owner_of,
    Thing.PASSKEY: keeping.owner_of,
    Thing.CERTIFICATE: certificates.owner_of,
    Thing.CONSENT: approval.owner_of,
}


def names_own(thing: Thing, name: str) -> Callable[[VisitorView[P]], VisitorView[P]]:
    """The view is reached only if what the address, or else the form, calls `name` is the visitor's own.

    A form that names nothing is let through: to ask for it is the form's work. Raises Http404.
    """

    def decorate(view: VisitorView[P]) -> VisitorView[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, visitor: Visitor, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            named = str(kwargs.get(name) or request.POST.get(name) or "")
            if named:
                _require(thing, named, visitor)
            return view(request, visitor, *args, **kwargs)

        return guarded

    return decorate


def _require(thing: Thing, named: str, visitor: Visitor) -> None:
    owner = OWNER_OF[thing](named)
    if owner == visitor.holder.pk:
        return
    if owner is not None:
        detail: audit.Detail = {"what": thing, "asked_by": visitor.holder.pk}
        audit.record(Event.FOREIGN_OBJECT_ASKED, now=visitor.now, holder_id=owner, detail=detail)
    raise Http404

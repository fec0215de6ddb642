""" "Oturumlarım": where the holder is signed in, and the way to end it there. Ending needs no fresh proof."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kilitcoz_portal.pages import ending, session_facts
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.visitors import Visitor, signed_in, signed_out
from kilitcoz_portal.signin import queries, sessions
from kilitcoz_portal.signin.living import End

CLOSED = "oturum-sonlandi"  # what ?durum= may say above the list
EVERYWHERE = "her-yerden-cikildi"


@require_safe
@signed_in
def my_sessions(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The open sessions, this one first, and those that ended lately."""
    here = sessions.look(request.session, visitor.now)
    open_ones, ended = queries.sessions_of(visitor.holder.pk, visitor.now)
    facts = [session_facts.facts(each, here.pk if here else "") for each in open_ones]
    context = {
        "screen": _("Oturumlarım"),
        "open": sorted(facts, key=lambda each: not each.is_this_one),
        "ended": [session_facts.facts(each, "") for each in ended],
        "notice": tell("session-ended-there") if request.GET.get("durum") == CLOSED else None,
    }
    return render(request, "pages/my_sessions.html", context)


@require_POST
@signed_in
@names_own(Thing.SESSION, "session_id")
def end_one(request: HttpRequest, visitor: Visitor, session_id: str) -> HttpResponse:
    """End one; this one is left as by "Çıkış"."""
    here = sessions.look(request.session, visitor.now)
    if here is not None and here.pk == session_id:
        ending.sign_out(request.session, visitor.now)
        return signed_out("cikildi")
    ending.end_one(session_id, visitor.now, End.BY_HOLDER)
    return redirect(f"{reverse('my-sessions')}?durum={CLOSED}")


@require_POST
@signed_in
def end_all(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """ "Bütün oturumlardan çık": this browser is out as well."""
    ending.end_all(visitor.holder, visitor.now, End.BY_HOLDER)
    request.session.flush()
    return signed_out(EVERYWHERE)

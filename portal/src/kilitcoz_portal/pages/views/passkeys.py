"""The page "Geçiş anahtarlarım": the holder's passkeys, one more, one less, and the SMS code beside them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.forms import PasskeyForm
from kilitcoz_portal.pages.frozen import unless_frozen
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.passkey_screen import question
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.passkeys import keeping, registering, relying_party
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyError, PasskeyLimit


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@unless_frozen
def passkeys(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Shows them; a form with a new one's answer adds it."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, visitor, form)
    answer, label = form.cleaned_data["answer"], form.cleaned_data["label"]
    try:
        registering.register(_wish(visitor), visitor.holder, label, answer, visitor.now)
    except PasskeyError as refusal:
        return _page(request, visitor, form, refusal)
    return _changed(request, visitor)


@require_POST
@stepped_up
@unless_frozen
def ask(_request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The question for the page's script."""
    try:
        wish, organisation = _wish(visitor), settings.KILITCOZ_ORGANISATION
        return question(registering.options(wish, visitor.holder, organisation, visitor.now))
    except PasskeyLimit:
        return HttpResponse(status=409)


@require_POST
@stepped_up
@unless_frozen
@names_own(Thing.PASSKEY, "passkey")
def remove(request: HttpRequest, visitor: Visitor, passkey: int) -> HttpResponse:
    """One less; another holder's is not found (A40)."""
    keeping.remove(visitor.holder, passkey, visitor.now)
    return _changed(request, visitor)


@require_POST
@stepped_up
@unless_frozen
def choose_sms(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Whether an SMS code logs in too."""
    keeping.let_sms_log_in(visitor.holder, request.POST.get("sms") == "1", visitor.now)
    return _changed(request, visitor)


def _changed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Who can act in the holder's name has changed: every other browser signs in anew."""
    ending.end_others(request.session, visitor.holder, visitor.now, End.PASSKEY_CHANGED)
    return redirect("passkeys")


def _wish(visitor: Visitor) -> Wish:
    return Wish(visitor.browser, Deed.REGISTER)


def _page(
    request: HttpRequest, visitor: Visitor, form: PasskeyForm, refusal: PasskeyError | None = None
) -> HttpResponse:
    mine = keeping.of(visitor.holder)
    context = {
        "screen": _("Geçiş anahtarlarım"),
        "form": form,
        "passkeys": mine,
        "offered": relying_party.is_offered(),
        "room": len(mine) < registering.MOST,
        "sms_login": keeping.sms_login_is_open(visitor.holder),
        "told": tell(refusal.code) if refusal else None,
    }
    return render(request, "pages/passkeys.html", context, status=422 if refusal or form.errors else 200)

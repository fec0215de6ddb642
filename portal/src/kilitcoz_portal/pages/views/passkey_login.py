"""In place of figures 4 and 5: after the right word, a passkey signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.pages.entering import enter
from kilitcoz_portal.pages.passkey_screen import PasskeyScreen, passkey_screen, question
from kilitcoz_portal.pages.views.sms_code import word_was_right
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.signin.passkeys import age, asserting, keeping
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyError
from kilitcoz_portal.signin.sessions import Way


@require_http_methods(["GET", "HEAD", "POST"])
@word_was_right
def prove(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Asks for the passkey; its right answer signs in."""
    if not keeping.serve(visitor.holder):
        return redirect("sms")
    if request.method != "POST":
        return passkey_screen(request, _screen(visitor))
    try:
        answer = request.POST.get("answer", "")
        passkey = asserting.check(_wish(visitor), visitor.holder, answer, visitor.now)
    except PasskeyError as refusal:
        return passkey_screen(request, _screen(visitor), refusal)
    response = enter(request, visitor.holder, Way.WORD_AND_PASSKEY, visitor.now)
    age.remember(request.session, passkey)
    return response


@require_POST
@word_was_right
def ask(_request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The question for the page's script."""
    return question(asserting.options(_wish(visitor), visitor.holder, visitor.now))


def _wish(visitor: Visitor) -> Wish:
    return Wish(visitor.browser, Deed.LOGIN)


def _screen(visitor: Visitor) -> PasskeyScreen:
    by_sms = f"{reverse('sms')}?sms" if keeping.sms_login_is_open(visitor.holder) else ""
    return PasskeyScreen(
        sentence=_("Sözcüğünüz doğru. Girişi tamamlamak için geçiş anahtarınızla onaylayın."),
        question_at=reverse("passkey-login-question"),
        answer_to=reverse("passkey-login"),
        back_to=reverse("ways-in"),
        sms_page=by_sms,
    )

"""The fresh proof by a passkey, for who has one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.pages.passkey_screen import PasskeyScreen, passkey_screen, question
from kilitcoz_portal.pages.stepping_up import PASSKEY, proved, way_on, with_way_on
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.passkeys import asserting
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyError


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prove(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Asks for the passkey; the right answer leads on to where it was wanted."""
    if sessions.is_stepped_up(request.session, visitor.now):
        return redirect(way_on(request))
    if not PASSKEY.is_open(visitor.holder):
        return redirect(with_way_on("step-up", way_on(request)))
    if request.method != "POST":
        return passkey_screen(request, _screen(request))
    answer = request.POST.get("answer", "")
    try:
        asserting.check(_wish(request, visitor), visitor.holder, answer, visitor.now)
    except PasskeyError as refusal:
        return passkey_screen(request, _screen(request), refusal)
    return proved(request, visitor, PASSKEY)


@require_POST
@signed_in
def ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The question for the page's script."""
    return question(asserting.options(_wish(request, visitor), visitor.holder, visitor.now))


def _wish(request: HttpRequest, visitor: Visitor) -> Wish:
    return Wish(visitor.browser, Deed.STEP_UP, sessions.step_up_id(request.session))


def _screen(request: HttpRequest) -> PasskeyScreen:
    wanted = way_on(request)
    return PasskeyScreen(
        sentence=_(
            "Bu adım, hesabınızı koruyan bir bilgiyi değiştirir. Bu yüzden sizin olduğunuzu bir kez daha "
            "doğruluyoruz."
        ),
        question_at=reverse("step-up-question"),
        answer_to=with_way_on("step-up-passkey", wanted),
        back_to=reverse("menu"),
        sms_page=f"{with_way_on('step-up', wanted)}&yol=sec",
    )

"""Figures 4 and 5: the registered phone, and the code that was sent to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.pages.code_screen import CodeScreen, code_screen
from kilitcoz_portal.pages.entering import enter
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.signin import codes, sessions
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import CodeUsedUp, SendTooSoon, SignInError
from kilitcoz_portal.signin.passkeys import keeping
from kilitcoz_portal.signin.passkeys.errors import SmsLoginClosed
from kilitcoz_portal.signin.sessions import Way
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.sms.phones import masked

HalfWayView = Callable[[HttpRequest, Visitor], HttpResponse]


def word_was_right(view: HalfWayView) -> Callable[[HttpRequest], HttpResponse]:
    """Only after the right word in this browser; everybody else is sent back to figure 3, and nothing is sent
    (A12).
    """

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        holder = sessions.word_holder(request.session, now)
        if holder is None:
            return redirect("login")
        return view(request, Visitor(holder, sessions.browser(request.session), now))

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@word_was_right
def confirm_phone(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Figure 4: shows the masked number; "Onay" sends the code. Who has a passkey is asked for that first."""
    if request.method != "POST" and _passkey_first(request, visitor):
        return redirect("passkey-login")
    context = {"screen": _("SMS Onay Ekranı"), "phone": masked(visitor.holder.phone), "told": None}
    if request.method != "POST":
        return render(request, "pages/phone.html", context)
    try:
        _send(visitor)
    except (SignInError, SmsError) as refusal:
        if isinstance(refusal, SendTooSoon) and codes.waiting(_wish(visitor), visitor.now):
            return redirect("sms-code")
        if isinstance(refusal, CodeUsedUp):
            return _start_over(request)
        wait = refusal.wait_seconds if isinstance(refusal, SendTooSoon) else None
        told = {"told": tell(refusal.code), "wait_seconds": wait}
        return render(request, "pages/phone.html", context | told, status=422)
    return redirect("sms-code")


@require_http_methods(["GET", "HEAD", "POST"])
@word_was_right
def enter_code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Figure 5: the right code signs in."""
    if codes.waiting(_wish(visitor), visitor.now) is None:
        return redirect("sms")
    if request.method != "POST":
        return code_screen(request, _screen(visitor))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return code_screen(request, _screen(visitor), form)
    try:
        codes.check(_wish(visitor), form.cleaned_data["sms_code"], visitor.now)
    except CodeUsedUp:
        return _start_over(request)
    except SignInError as refusal:
        return code_screen(request, _screen(visitor), form, refusal)
    return enter(request, visitor.holder, Way.WORD_AND_SMS, visitor.now)


@require_POST
@word_was_right
def send_again(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Figure 5's second button: a new code, a minute after the last one at the earliest."""
    try:
        _send(visitor)
    except CodeUsedUp:
        return _start_over(request)
    except (SignInError, SmsError) as refusal:
        return code_screen(request, _screen(visitor), None, refusal)
    return redirect("sms-code")


def _passkey_first(request: HttpRequest, visitor: Visitor) -> bool:
    """`?sms` is in the address of who asked for the code instead; where it is closed, it changes nothing."""
    wants_sms = "sms" in request.GET and keeping.sms_login_is_open(visitor.holder)
    return keeping.serve(visitor.holder) and not wants_sms


def _send(visitor: Visitor) -> None:
    if not keeping.sms_login_is_open(visitor.holder):
        raise SmsLoginClosed
    language = holders.message_language(visitor.holder, get_language() or "tr")
    codes.send(
        _wish(visitor), visitor.holder, lambda code: texts.login_text(code, language=language), visitor.now
    )


def _start_over(request: HttpRequest) -> HttpResponse:
    """Five wrong codes: back to the word."""
    sessions.sign_out(request.session, timezone.now())
    return failure(request, CodeUsedUp.code, status=403)


def _wish(visitor: Visitor) -> Wish:
    return Wish(visitor.browser, Purpose.LOGIN)


def _screen(visitor: Visitor) -> CodeScreen:
    return CodeScreen(
        screen=_("SMS Onay Kodu Giriş Ekranı"),
        sentence=_("Giriş için telefonunuza altı rakamlı bir kod gönderdik."),
        submit_to=reverse("sms-code"),
        again_to=reverse("sms-again"),
        back_to=reverse("ways-in"),
        here=reverse("sms-code"),
        phone=masked(visitor.holder.phone),
        waiting=codes.waiting(_wish(visitor), visitor.now),
        wish=_wish(visitor),
    )

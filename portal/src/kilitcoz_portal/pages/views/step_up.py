"""The fresh proof: by which way, and the SMS code for this purpose alone, on the screen of figure 5."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.code_screen import CodeScreen, code_screen
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.stepping_up import PASSKEY, SMS, WAYS, StepUpWay, proved, way_on, with_way_on
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import codes, sessions
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import CodeUsedUp, SendTooSoon, SignInError
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.sms.phones import masked

_CHOOSE = "sec"  # ?yol=: back to the choice of ways


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def step_up(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Asks before anything is sent, then takes the code; the right one leads on to where it was wanted."""
    if sessions.is_stepped_up(request.session, visitor.now):
        return redirect(way_on(request))
    if not _takes_a_code(request, visitor):
        return _ask(request, visitor)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return code_screen(request, _screen(request, visitor), form)
    try:
        codes.check(_wish(request, visitor), form.cleaned_data["sms_code"], visitor.now)
    except CodeUsedUp:
        return _start_over(request, visitor)
    except SignInError as refusal:
        return code_screen(request, _screen(request, visitor), form, refusal)
    return proved(request, visitor, SMS)


@require_POST
@signed_in
def send(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Send the code, the first or another."""
    if not SMS.is_open(visitor.holder):
        return _ask(request, visitor)
    language = holders.message_language(visitor.holder, get_language() or "")
    try:
        codes.send(
            _wish(request, visitor),
            visitor.holder,
            lambda code: texts.step_up_text(code, language=language),
            visitor.now,
        )
    except CodeUsedUp:
        return _start_over(request, visitor)
    except (SignInError, SmsError) as refusal:
        if codes.waiting(_wish(request, visitor), visitor.now) is None:
            return _ask(request, visitor, refusal)
        return code_screen(request, _screen(request, visitor), None, refusal)
    return redirect(_here(request))


def _takes_a_code(request: HttpRequest, visitor: Visitor) -> bool:
    """A code was sent and still counts, and no other way is being looked for."""
    if not SMS.is_open(visitor.holder) or request.GET.get("yol") == _CHOOSE:
        return False
    return codes.waiting(_wish(request, visitor), visitor.now) is not None


def _ask(
    request: HttpRequest, visitor: Visitor, refusal: SignInError | SmsError | None = None
) -> HttpResponse:
    """The ways to choose from; who has a passkey is asked for that before anything is to be chosen."""
    if refusal is None and "yol" not in request.GET and PASSKEY.is_open(visitor.holder):
        return redirect(_to(PASSKEY.page, request))
    context = {
        "screen": _("Yeniden doğrulama"),
        "phone": masked(visitor.holder.phone) if SMS.is_open(visitor.holder) else "",
        "send_to": _to("step-up-send", request),
        "others": [(way.label, _to(way.page, request)) for way in _others(visitor)],
        "told": tell(refusal.code) if refusal else None,
        "wait_seconds": refusal.wait_seconds if isinstance(refusal, SendTooSoon) else None,
    }
    return render(request, "pages/step_up.html", context, status=422 if refusal else 200)


def _start_over(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Five wrong codes end the session: whoever sits here does not have the holder's phone."""
    ending.sign_out(request.session, visitor.now, End.WRONG_CODES)
    return failure(request, CodeUsedUp.code, status=403)


def _wish(request: HttpRequest, visitor: Visitor) -> Wish:
    return Wish(visitor.browser, Purpose.STEP_UP, sessions.step_up_id(request.session))


def _screen(request: HttpRequest, visitor: Visitor) -> CodeScreen:
    return CodeScreen(
        screen=_("SMS Onay Kodu Giriş Ekranı"),
        sentence=_("Bu değişiklik için telefonunuza altı rakamlı bir kod gönderdik."),
        submit_to=_here(request),
        again_to=_to("step-up-send", request),
        back_to=f"{_here(request)}&yol={_CHOOSE}" if _others(visitor) else reverse("menu"),
        here=_here(request),
        phone=masked(visitor.holder.phone),
        waiting=codes.waiting(_wish(request, visitor), visitor.now),
        wish=_wish(request, visitor),
    )


def _others(visitor: Visitor) -> list[StepUpWay]:
    return [way for way in WAYS if way is not SMS and way.is_open(visitor.holder)]


def _here(request: HttpRequest) -> str:
    return _to("step-up", request)


def _to(name: str, request: HttpRequest) -> str:
    return with_way_on(name, way_on(request))

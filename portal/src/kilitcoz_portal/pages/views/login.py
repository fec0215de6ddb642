"""Figures 2 and 3: the ways in, and the login with the security word; signing out."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.pages import ending, trust_cookie
from kilitcoz_portal.pages.callers import caller_of, check_for
from kilitcoz_portal.pages.forms import ID_NUMBER_SLIP, LoginForm
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.oidc_label import oidc_label
from kilitcoz_portal.pages.visitors import SESSION_ENDED, signed_out, visitor_of
from kilitcoz_portal.signin import human, lanes, sessions, signature, words
from kilitcoz_portal.signin.errors import SignInError, SignInRefused, Waiting
from kilitcoz_portal.signin.words import Caller

# What ?durum= may say above the ways in.
_NOTICES = {
    SESSION_ENDED: "session-ended",
    "cikildi": "signed-out",
    "her-yerden-cikildi": "signed-out-everywhere",
}


@require_safe
def ways_in(request: HttpRequest) -> HttpResponse:
    """Figure 2; who is signed in already goes on to the menu."""
    if visitor_of(request):
        return redirect("menu")
    code = _NOTICES.get(request.GET.get("durum", ""))
    context = {
        "screen": _("Kullanıcı Doğrulama Ekranı"),
        "notice": tell(code) if code else None,
        "oidc_label": oidc_label(),
        "signature_offered": signature.is_offered(),
    }
    return render(request, "pages/ways_in.html", context)


@sensitive_post_parameters("word")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Figure 3. A refusal of a stranger has one body and one status, whatever its reason (A04)."""
    if request.method != "POST":
        return redirect("menu") if visitor_of(request) else _page(request, LoginForm())
    if "new_picture" in request.POST:
        return _page(request, LoginForm(), must_check=True)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    known = caller_of(request, form.cleaned_data["id_number"])
    caller = replace(known, proved=bool(form.cleaned_data["proof"]))
    if not caller.browser and not form.answers_the_check():
        form.ask_for_the_check()
        return _page(request, form, must_check=True, status=422)
    try:
        _identify(request, form.cleaned_data, caller)
    except SignInError as refusal:
        return _refused(request, form, refusal)
    return redirect("sms")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Forget the session."""
    ending.sign_out(request.session, timezone.now())
    return signed_out("cikildi")


@sensitive_variables("entered")
def _identify(request: HttpRequest, entered: dict[str, str], caller: Caller) -> None:
    """Human check of a stranger, then word, then the session's first step up. Raises SignInError."""
    now, browser = timezone.now(), sessions.browser(request.session)
    words.require_room(caller, now)
    if not caller.browser:
        proved = human.pass_check(
            entered["check"], browser, answer=entered["picture_text"], proof=entered["proof"], now=now
        )
        caller = replace(caller, proved=proved)
    try:
        holder = words.check_word(entered["id_number"], entered["word"], caller=caller, now=now)
    except Waiting:
        human.give_back(entered["check"], browser)
        raise
    sessions.word_accepted(request.session, holder, now)
    rotate_token(request)


def _refused(request: HttpRequest, form: LoginForm, refusal: SignInError) -> HttpResponse:
    """The form again with the reason. Strangers get a check; a trusted browser is told its tries."""
    more: dict[str, object] = {"told": tell(refusal.code)}
    if isinstance(refusal, Waiting):
        more["wait_seconds"] = refusal.wait_seconds
        response = _page(request, form, status=429, more=more)
        response["Retry-After"] = str(refusal.wait_seconds)
        return response
    if isinstance(refusal, SignInRefused):
        more["tries_left"] = refusal.tries_left
    form.forget_the_check()
    return _page(request, form, status=422, more=more)


def _page(
    request: HttpRequest,
    form: LoginForm,
    *,
    must_check: bool = False,
    status: int = 200,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """The form; for strangers with a fresh check, or with the one that was not used up yet."""
    trusted = lanes.presented(trust_cookie.presented(request), timezone.now())
    check_id = check_for(request, form) if must_check or not trusted else ""
    context = {"form": form, "check_id": check_id, "told": None, "slip": ID_NUMBER_SLIP}
    context["crowded"] = words.is_crowded()
    context["screen"] = _("Şifreli Giriş Ekranı")
    return render(request, "pages/login.html", context | (more or {}), status=status)

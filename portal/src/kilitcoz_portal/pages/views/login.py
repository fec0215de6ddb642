"""Figures 2 and 3: the ways in, and the login with the security word; signing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.pages.forms import LoginForm
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.visitors import SESSION_ENDED, visitor_of
from kilitcoz_portal.signin import human, sessions, words
from kilitcoz_portal.signin.errors import SignInError

# What ?durum= may say above the ways in.
_NOTICES = {SESSION_ENDED: "session-ended", "cikildi": "signed-out"}


@require_safe
def ways_in(request: HttpRequest) -> HttpResponse:
    """Figure 2; who is signed in already goes on to the menu."""
    if visitor_of(request):
        return redirect("menu")
    code = _NOTICES.get(request.GET.get("durum", ""))
    context = {"screen": _("Kullanıcı Doğrulama Ekranı"), "notice": tell(code) if code else None}
    return render(request, "pages/ways_in.html", context)


@sensitive_post_parameters("word")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Figure 3. A refusal has one body and one status, whatever its reason (A04)."""
    if request.method != "POST":
        return redirect("menu") if visitor_of(request) else _page(request, LoginForm())
    if "new_picture" in request.POST:
        return _page(request, LoginForm())
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, check_id=form.data.get("check", ""), status=422)
    try:
        _identify(request, form.cleaned_data)
    except SignInError as refusal:
        return _page(request, form, told=tell(refusal.code), status=422)
    return redirect("sms")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Forget the session."""
    sessions.sign_out(request.session, timezone.now())
    response = redirect("ways-in")
    response["Location"] += "?durum=cikildi"
    return response


@sensitive_variables("entered")
def _identify(request: HttpRequest, entered: dict[str, str]) -> None:
    """Human check, then word, then the session's first step up. Raises SignInError."""
    now = timezone.now()
    human.pass_check(
        entered["check"],
        sessions.browser(request.session),
        answer=entered["picture_text"],
        proof=entered["proof"],
        now=now,
    )
    holder = words.check_word(entered["id_number"], entered["word"], now=now)
    sessions.word_accepted(request.session, holder, now)
    rotate_token(request)


def _page(
    request: HttpRequest, form: LoginForm, *, told: Told | None = None, check_id: str = "", status: int = 200
) -> HttpResponse:
    """The form with a fresh check, or with the one that was not used up yet."""
    browser, now = sessions.browser(request.session), timezone.now()
    if not human.is_open(check_id, browser, now):
        form.data = {**dict(form.data.items()), "picture_text": ""} if form.is_bound else form.data
        check_id = human.new_check(browser, now).pk
    context = {"screen": _("Şifreli Giriş Ekranı"), "form": form, "check_id": check_id, "told": told}
    return render(request, "pages/login.html", context, status=status)

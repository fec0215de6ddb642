"""The second half of a recovery: the registered phone, its code, the new security word."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.code_screen import CodeScreen, code_screen
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.new_word_page import new_word_page
from kilitcoz_portal.pages.recovering import Recovering, no_recovery, recovering, step_on
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.signin import codes, word_recovery
from kilitcoz_portal.signin.errors import CodeUsedUp, NoRecovery, SendTooSoon, SignInError
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.word_recovery import Stage
from kilitcoz_portal.sms import texts
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.sms.phones import masked


@require_http_methods(["GET", "HEAD", "POST"])
@recovering(Stage.PROVED)
def confirm_phone(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The masked number, as in figure 4; "Onay" sends the code."""
    context = {"screen": _("SMS Onay Ekranı"), "phone": masked(_holder(at).phone), "told": None}
    if request.method != "POST":
        return render(request, "pages/phone.html", context)
    try:
        _send(at)
    except (SignInError, SmsError) as refusal:
        if isinstance(refusal, SendTooSoon) and codes.waiting(word_recovery.wish(at.recovery), at.now):
            return redirect("word-code")
        if isinstance(refusal, CodeUsedUp):
            return _give_up(request, at)
        wait = refusal.wait_seconds if isinstance(refusal, SendTooSoon) else None
        told = {"told": tell(refusal.code), "wait_seconds": wait}
        return render(request, "pages/phone.html", context | told, status=422)
    return redirect("word-code")


@require_http_methods(["GET", "HEAD", "POST"])
@recovering(Stage.PROVED)
def enter_code(request: HttpRequest, at: Recovering) -> HttpResponse:
    """As in figure 5; the right code leads to the new word."""
    if codes.waiting(word_recovery.wish(at.recovery), at.now) is None:
        return redirect("word-phone")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return code_screen(request, _screen(at), form)
    try:
        word_recovery.confirm(at.recovery, form.cleaned_data["sms_code"], at.now)
    except CodeUsedUp:
        return _give_up(request, at)
    except NoRecovery:
        return no_recovery(request)
    except SignInError as refusal:
        return code_screen(request, _screen(at), form, refusal)
    step_on(request, at)
    return redirect("word-renew")


@require_POST
@recovering(Stage.PROVED)
def send_again(request: HttpRequest, at: Recovering) -> HttpResponse:
    """A new code, a minute after the last one at the earliest."""
    try:
        _send(at)
    except CodeUsedUp:
        return _give_up(request, at)
    except (SignInError, SmsError) as refusal:
        return code_screen(request, _screen(at), None, refusal)
    return redirect("word-code")


@sensitive_post_parameters("word", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@recovering(Stage.CONFIRMED)
def renew(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The new word; it is then tried at the login, so that the holder sees that it works."""

    @sensitive_variables("word")
    def take(word: str) -> HttpResponse:
        def end_sessions() -> None:
            ending.end_all(_holder(at), at.now, End.WORD_CHANGED)

        try:
            word_recovery.finish(at.recovery, word, at.now, about(request), end_sessions)
        except NoRecovery:
            return no_recovery(request)
        except HolderFrozen as refusal:
            return failure(request, refusal.code, status=403)
        return redirect("word-renewed")

    return new_word_page(request, take, submit_to=reverse("word-renew"), back_to=reverse("login"))


@require_safe
def renewed(request: HttpRequest) -> HttpResponse:
    """Done, after a change or a recovery."""
    return render(request, "pages/word_renewed.html", {"screen": _("Güvenlik sözcüğünüz değişti")})


def _holder(at: Recovering) -> Holder:
    """Whose phone it is: no recovery gets past its proof without a holder."""
    assert at.recovery.holder is not None
    return at.recovery.holder


def _send(at: Recovering) -> None:
    holder = _holder(at)
    language = holders.message_language(holder, get_language() or "")
    codes.send(
        word_recovery.wish(at.recovery),
        holder,
        lambda code: texts.recovery_text(code, language=language),
        at.now,
    )


def _give_up(request: HttpRequest, at: Recovering) -> HttpResponse:
    """Five wrong codes: whoever sits here does not have the holder's phone."""
    word_recovery.end(at.recovery, at.now, CodeUsedUp.code)
    return failure(request, CodeUsedUp.code, status=403, onward="word-forgotten")


def _screen(at: Recovering) -> CodeScreen:
    return CodeScreen(
        screen=_("SMS Onay Kodu Giriş Ekranı"),
        sentence=_("Yeni güvenlik sözcüğü için telefonunuza altı rakamlı bir kod gönderdik."),
        submit_to=reverse("word-code"),
        again_to=reverse("word-code-again"),
        back_to=reverse("login"),
        here=reverse("word-code"),
        phone=masked(_holder(at).phone),
        waiting=codes.waiting(word_recovery.wish(at.recovery), at.now),
        wish=word_recovery.wish(at.recovery),
    )

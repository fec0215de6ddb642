""" "Güvenlik Sözcüğümü Değiştir": a fresh proof, the word in use, then the new one (ASVS 5.0, 6.2.2 and
6.2.3).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.callers import caller_of
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.new_word_page import new_word_page
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor
from kilitcoz_portal.pages.word_forms import CurrentWordForm
from kilitcoz_portal.signin import new_word, sessions, words
from kilitcoz_portal.signin.errors import SignInBusy, SignInError, SignInRefused, Waiting
from kilitcoz_portal.signin.living import End


@sensitive_post_parameters("word")
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def show_current(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The word in use; not asked of who came in by the card. Wrong entries count as they do at the login."""
    if sessions.is_word_shown(request.session, visitor.now):
        return redirect("word-change-new")
    form = CurrentWordForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _current_page(request, visitor, form)
    number = visitor.holder.id_number
    try:
        words.check_word(
            number, form.cleaned_data["word"], caller=caller_of(request, number), now=visitor.now
        )
    except (Waiting, SignInBusy) as refusal:
        return _current_page(request, visitor, form, refusal)
    except SignInRefused as refusal:
        return _wrong(request, visitor, form, refusal)
    sessions.word_shown(request.session, visitor.now)
    return redirect("word-change-new")


@sensitive_post_parameters("word", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The new word. Every other session of the holder ends; this one goes on."""
    if not sessions.is_word_shown(request.session, visitor.now):
        return redirect("word-change")

    @sensitive_variables("word")
    def take(word: str) -> HttpResponse:
        def end_others() -> None:
            ending.end_others(request.session, visitor.holder, visitor.now, End.WORD_CHANGED)

        try:
            new_word.change(visitor.holder, word, visitor.now, about(request), end_others)
        except HolderFrozen as refusal:
            return failure(request, refusal.code, status=403)
        rotate_token(request)
        return redirect("word-renewed")

    return new_word_page(request, take, submit_to=reverse("word-change-new"), back_to=reverse("menu"))


def _wrong(
    request: HttpRequest, visitor: Visitor, form: CurrentWordForm, refusal: SignInRefused
) -> HttpResponse:
    """Who has no try left here is not the holder, or needs the other way: the session ends."""
    if refusal.tries_left == 0:
        ending.sign_out(request.session, visitor.now, End.WRONG_WORDS)
        return failure(request, "word-change-refused", status=403)
    sentence = _("Bu, şu anki sözcüğünüz değil.")
    if refusal.tries_left is not None:
        left = _("Kalan deneme hakkınız: %(left)s.") % {"left": refusal.tries_left}
        sentence = f"{sentence} {left}"
    form.add_error("word", sentence)
    return _current_page(request, visitor, form)


def _current_page(
    request: HttpRequest, visitor: Visitor, form: CurrentWordForm, refusal: SignInError | None = None
) -> HttpResponse:
    told: Told | None = tell(refusal.code) if refusal else None
    context = {
        "screen": _("Güvenlik Sözcüğümü Değiştir"),
        "form": form,
        "told": told,
        "temporary": visitor.holder.word_expires_at is not None,
        "wait_seconds": refusal.wait_seconds if isinstance(refusal, Waiting) else None,
    }
    return render(request, "pages/word_current.html", context, status=422 if told or form.errors else 200)

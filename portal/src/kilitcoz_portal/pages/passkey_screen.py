"""The screen on which a passkey is asked for: at the login, before a change, for an unlock."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.signin.errors import SignInError


@dataclass(frozen=True)
class PasskeyScreen:
    """What differs: the sentence, where the question comes from and the answer goes, and the way to an SMS
    code instead: a page (`sms_page`), a form (`sms_form`), or neither where the holder closed it.
    """

    sentence: str
    question_at: str
    answer_to: str
    back_to: str
    sms_page: str = ""
    sms_form: str = ""


def passkey_screen(
    request: HttpRequest, shown: PasskeyScreen, refusal: SignInError | None = None
) -> HttpResponse:
    """Render it, with what was wrong the last time."""
    told = tell(refusal.code) if refusal else None
    context = {"screen": _("Geçiş anahtarıyla onay"), "shown": shown, "told": told}
    return render(request, "pages/passkey.html", context, status=422 if refusal else 200)


def question(options: str) -> HttpResponse:
    """What the page's script asks the browser for, as JSON."""
    return HttpResponse(options, content_type="application/json")

"""The screen "SMS Onay Kodu", as the login, the unlock and others use it: one template, one way to tell how
far a code is, and refusals.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kilitcoz_portal.mail.errors import MailError
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.signin.code_stages import Stage
from kilitcoz_portal.signin.codes import Waiting, Wish
from kilitcoz_portal.signin.errors import CodeWrong, SendTooSoon, SignInError
from kilitcoz_portal.sms.errors import SmsError

NOT_SENT = "sms-not-accepted"


@dataclass(frozen=True)
class CodeScreen:
    """What differs from one code to another: titles, sentences, where the buttons lead. `waiting` is None
    where none was made; `wish` lets the page ask how far it is.
    """

    screen: str
    sentence: str
    submit_to: str
    again_to: str
    back_to: str
    here: str
    phone: str
    waiting: Waiting | None
    wish: Wish
    email: str = ""  # where the code went by e-mail, instead of `phone`

    @property
    def stage_at(self) -> str:
        """Where the page's script asks how far the code is."""
        address = reverse("code-stage", args=[self.wish.purpose])
        return f"{address}?{urlencode({'islem': self.wish.operation_id})}"


def code_screen(
    request: HttpRequest,
    shown: CodeScreen,
    form: CodeForm | None = None,
    refusal: SignInError | SmsError | MailError | None = None,
) -> HttpResponse:
    """Render it; a refusal of a typed code is told at the field, any other in the box on top."""
    form = form or CodeForm()
    told: Told | None = None
    if isinstance(refusal, CodeWrong):
        form.add_error("sms_code", wrong_code_sentence(refusal, by_mail=bool(shown.email)))
    elif refusal is not None:
        told = tell(refusal.code)
    elif shown.waiting and shown.waiting.stage is Stage.NOT_SENT:
        told = tell(NOT_SENT)
    context = {"screen": shown.screen, "shown": shown, "form": form, "told": told, "here": shown.here}
    if isinstance(refusal, SendTooSoon):
        context["wait_seconds"] = refusal.wait_seconds
    return render(request, "pages/code.html", context, status=422 if refusal or form.errors else 200)


def wrong_code_sentence(refusal: CodeWrong, *, by_mail: bool) -> str:
    """What stands at the field: wrong, where the right one is, and how many tries are left."""
    sentence = _("Kod yanlış. Telefonunuza gelen son iletideki kodu yazın. Kalan deneme hakkınız: %(left)s.")
    if by_mail:
        sentence = _("Kod yanlış. Son gelen e-postadaki kodu yazın. Kalan deneme hakkınız: %(left)s.")
    return sentence % {"left": refusal.tries_left}

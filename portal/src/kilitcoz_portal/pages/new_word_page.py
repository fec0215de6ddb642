"""The page on which a new security word is chosen: a random one, shown once, or the holder's own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.errors import SecurityWordWeak
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.word_forms import NewWordForm
from kilitcoz_portal.signin.errors import SignInBusy


def new_word_page(
    request: HttpRequest, take: Callable[[str], HttpResponse], *, submit_to: str, back_to: str
) -> HttpResponse:
    """Show it; or give the word that was sent to `take`, and show it again with what `take` found wrong."""
    form = NewWordForm(request.POST if request.method == "POST" else None)
    told: Told | None = None
    if form.is_valid():
        try:
            return take(form.cleaned_data["word"])
        except SecurityWordWeak as weak:
            rule = tell(weak.code)
            form.add_error("word", f"{rule.happened} {rule.next_step}")
        except SignInBusy as busy:
            told = tell(busy.code)
    context = {
        "screen": _("Yeni Güvenlik Sözcüğü"),
        "form": form,
        "told": told,
        "offered": security_word.make(),
        "submit_to": submit_to,
        "back_to": back_to,
    }
    return render(
        request, "pages/new_word.html", context, status=503 if told else 422 if form.errors else 200
    )

"""Figure 6, "Kişisel Bilgilerimi Güncelle": what we know of the holder, and where each of it is changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.holders import contacts as choices
from kilitcoz_portal.holders import holds
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.mail.addresses import masked as masked_email
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.frozen import unless_frozen
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import contacts
from kilitcoz_portal.sms.phones import masked

LANGUAGES = ("tr", "en")
# What else protects the account, each on a page of its own.
_PROTECTION = ("word-change", "passkeys", "my-sessions")
# What ?oldu= may say was done.
_DONE: dict[str, str | Promise] = {
    "telefon": _("Telefon numaranız değişti. Eski ve yeni numaranıza bildirim gönderdik."),
    "e-posta": _("E-posta adresiniz değişti. Yeni adresinize ve varsa eskisine bildirim gönderdik."),
    "dil": _("İletilerin dilini kaydettik."),
    "secim": _("Seçiminizi kaydettik ve size bildirdik."),
}


@require_safe
@signed_in
def overview(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Contacts masked: a page left open tells a passer-by nothing that could be used.

    A frozen account offers no change that would be refused.
    """
    holder = visitor.holder
    context = {
        "screen": _("Kişisel Bilgilerimi Güncelle"),
        "done": _DONE.get(request.GET.get("oldu", "")),
        "phone": masked(holder.phone),
        "email": masked_email(holder.email),
        "mail_offered": mail.is_offered(),
        "holder": holder,
        "language": holders.message_language(holder, get_language() or ""),
        "phone_held_until": holds.phone_held_until(holder, visitor.now),
        "remote_held_until": holds.remote_unlock_held_until(holder, visitor.now),
        "frozen": tell("holder-frozen") if holder.frozen_at else None,
        "protection": {
            name.replace("-", "_"): address for name in _PROTECTION if (address := _address(name))
        },
    }
    return render(request, "pages/personal_data.html", context)


@require_POST
@signed_in
def choose_language(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The language of SMS and e-mails; the page's own is chosen in the header."""
    language = request.POST.get("message_language", "")
    if language in LANGUAGES:
        choices.choose_language(visitor.holder.pk, language, visitor.now)
    return redirect(f"{reverse('personal-data')}?oldu=dil")


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@unless_frozen
def remote_unlock(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Whether cards may be unlocked from afar; allowing it again waits 72 hours."""
    if request.method != "POST":
        context = {"screen": _("Çevrim içi kilit çözme"), "allowed": visitor.holder.remote_unlock}
        return render(request, "pages/remote_unlock.html", context)
    allowed = request.POST.get("allowed") == "1"
    contacts.allow_remote_unlock(visitor.holder.pk, visitor.now, allowed=allowed, about=about(request))
    return redirect(f"{reverse('personal-data')}?oldu=secim")


def _address(name: str) -> str:
    """Empty where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

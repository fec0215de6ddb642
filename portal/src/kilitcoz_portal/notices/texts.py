"""The sentences of each kind, in the holder's language; the same for every contact, and within one SMS."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.notices.kinds import Kind

SENTENCES: dict[Kind, str | Promise] = {
    Kind.PIN_CHANGED: _("sonu %(card)s olan kartınızın PIN'i değişti"),
    Kind.NEW_BROWSER: _("hesabınıza yeni bir tarayıcıdan girildi"),
    Kind.WORD_CHANGED: _("güvenlik sözcüğünüz değişti"),
    Kind.PHONE_CHANGED: _("telefon numaranız değişti"),
    Kind.EMAIL_CHANGED: _("e-posta adresiniz değişti"),
    Kind.PASSKEY_ADDED: _("hesabınıza geçiş anahtarı eklendi"),
    Kind.PASSKEY_REMOVED: _("hesabınızdan geçiş anahtarı silindi"),
    Kind.REMOTE_UNLOCK_CHANGED: _("çevrim içi kilit çözme tercihiniz değişti"),
}


def notice_text(kind: Kind, card: str, at: datetime, undo_link: str, language: str) -> str:
    """What, when, and the way to undo it."""
    with translation.override(language):
        what = str(SENTENCES[kind]) % {"card": card}
        when = timezone.localtime(at).strftime("%d.%m. %H:%M")
        sentence = gettext("%(what)s (%(when)s). Siz değilseniz: %(link)s")
        return sentence % {"what": what, "when": when, "link": undo_link}


def notice_subject(kind: Kind, card: str, language: str) -> str:
    """The e-mail's subject."""
    with translation.override(language):
        return str(SENTENCES[kind]) % {"card": card}

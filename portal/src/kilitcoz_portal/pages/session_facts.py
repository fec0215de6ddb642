"""Sessions in the holder's words: on which browser, by which way in, until when and why not longer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kilitcoz_portal.signin.devices import Device
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.queries import Listed
from kilitcoz_portal.signin.sessions import Way

WAYS: dict[Way, str | Promise] = {
    Way.WORD_AND_SMS: gettext_lazy("Güvenlik sözcüğü ve SMS kodu"),
    Way.WORD_AND_PASSKEY: gettext_lazy("Güvenlik sözcüğü ve geçiş anahtarı"),
    Way.CARD: gettext_lazy("Kart, Akıllı Kart Servisi ile"),
    Way.SIGNATURE: gettext_lazy("Tarayıcıdaki elektronik imza"),
    Way.OIDC: gettext_lazy("Başka bir kurumun girişi"),
}
ENDS: dict[End, str | Promise] = {
    End.SIGNED_OUT: gettext_lazy("Siz çıkış yaptınız."),
    End.IDLE: gettext_lazy("On dakika kullanılmadığı için kapandı."),
    End.ABSOLUTE: gettext_lazy("Bir saat dolduğu için kapandı."),
    End.BY_HOLDER: gettext_lazy("Başka bir tarayıcıdan siz kapattınız."),
    End.SIGNED_IN_ANEW: gettext_lazy("Aynı tarayıcıda yeniden giriş yapıldı."),
    End.WRONG_CODES: gettext_lazy("Kod beş kez yanlış yazıldığı için kapandı."),
    End.WRONG_WORDS: gettext_lazy("Şu anki sözcük çok kez yanlış yazıldığı için kapandı."),
    End.WORD_CHANGED: gettext_lazy("Güvenlik sözcüğü değiştiği için kapandı."),
    End.CONTACT_CHANGED: gettext_lazy("İletişim bilgisi değiştiği için kapandı."),
    End.PASSKEY_CHANGED: gettext_lazy("Geçiş anahtarı değiştiği için kapandı."),
    End.NOT_ME: gettext_lazy("“Bu ben değildim” dediğiniz için kapandı."),
    End.CALL_CENTRE: gettext_lazy("Çağrı merkezi kapattı."),
}


@dataclass(frozen=True)
class SessionFacts:
    """A listed session with sentences in the visitor's language."""

    listed: Listed
    name: str
    way: str
    why_ended: str
    is_this_one: bool


def facts(listed: Listed, this_one: str) -> SessionFacts:
    """`this_one`: id of the session that asks."""
    return SessionFacts(
        listed=listed,
        name=device_name(listed.device),
        way=str(WAYS[Way(listed.way)]),
        why_ended=str(ENDS[End(listed.ended_by)]) if listed.ended_by else "",
        is_this_one=listed.id == this_one,
    )


def device_name(device: Device) -> str:
    """`Chrome, Windows`; what is not known is left out."""
    return ", ".join(filter(None, (device.browser, device.system))) or _("Bilinmeyen tarayıcı")

"""The sentences of each kind, in the holder's language: short for an SMS, with what to do in an e-mail."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice

SENTENCES: dict[Kind, str | Promise] = {
    Kind.PIN_CHANGED: _("sonu %(card)s olan kartınızın PIN'i değişti"),
    Kind.NEW_BROWSER: _("hesabınıza yeni bir tarayıcıdan girildi"),
    Kind.WORD_CHANGED: _("güvenlik sözcüğünüz değişti"),
    Kind.WORD_RECOVERY: _("güvenlik sözcüğünüzün yenilenmesi istendi"),
    Kind.PHONE_CHANGED: _("telefon numaranız değişti"),
    Kind.EMAIL_CHANGED: _("e-posta adresiniz değişti"),
    Kind.PASSKEY_ADDED: _("hesabınıza geçiş anahtarı eklendi"),
    Kind.PASSKEY_REMOVED: _("hesabınızdan geçiş anahtarı silindi"),
    Kind.REMOTE_UNLOCK_CHANGED: _("çevrim içi kilit çözme tercihiniz değişti"),
    Kind.SMS_LOGIN_CHANGED: _("SMS koduyla giriş tercihiniz değişti"),
    Kind.CERTIFICATE_OPENED: _("sonu %(card)s olan kartınız kullanıma açıldı"),
    Kind.CERTIFICATE_SUSPENDED: _("sonu %(card)s olan kartınız askıya alındı"),
    Kind.CERTIFICATE_RESUMED: _("sonu %(card)s olan kartınız askıdan çıktı"),
    Kind.CERTIFICATE_REVOKED: _("sonu %(card)s olan kartınız iptal edildi"),
    Kind.REVOCATION_PLAN_CHANGED: _("sonu %(card)s olan kartınızın iptal tarihi değişti"),
    Kind.SUSPENSION_ENDING: _("sonu %(card)s olan kartınızın askı süresi bitiyor"),
    Kind.APPLICATION_CHECKED: _("adınıza bir sertifika başvurusu incelendi"),
    Kind.APPLICATION_APPROVED: _("adınıza bir sertifika başvurusu onaylandı"),
    Kind.APPLICATION_REFUSED: _("adınıza bir sertifika başvurusu kabul edilmedi"),
    Kind.CONSENT_GIVEN: _("sonu %(card)s olan kartınızla E-Onay verildi"),
    Kind.CONSENT_WITHDRAWN: _("E-Onayınız geri alındı"),
    Kind.FROZEN: _("hesabınız donduruldu"),
    Kind.UNFROZEN: _("hesabınız yeniden açıldı"),
}

# What it means for the holder, and what can be done: in e-mails, which have the room.
NEXT: dict[Kind, str | Promise] = {
    Kind.CERTIFICATE_OPENED: _("Kartınızla artık imza atabilir, giriş yapabilirsiniz."),
    Kind.CERTIFICATE_SUSPENDED: _(
        "Kartınızla şu anda imza atılamaz, giriş yapılamaz. Kartınız sizdeyse giriş yapıp “Sertifikamı İptal "
        "Et” sayfasında “Askıdan Çıkar”ı seçin."
    ),
    Kind.CERTIFICATE_RESUMED: _("Sertifikalarınız askıdan önceki durumuna döndü."),
    Kind.CERTIFICATE_REVOKED: _(
        "İptal geri alınamaz; eski imzalarınız geçerli kalır. Yeni kart için başvurun ya da çağrı merkezini "
        "arayın."
    ),
    Kind.REVOCATION_PLAN_CHANGED: _(
        "Günü “Sertifika Listele” sayfasında görebilirsiniz. O güne kadar iptalden vazgeçilebilir."
    ),
    Kind.SUSPENSION_ENDING: _(
        "Günü ve o gün ne olacağını “Sertifika Listele” sayfasında görebilirsiniz. Kartınız sizdeyse süre "
        "dolmadan “Askıdan Çıkar”ı seçin."
    ),
}


def sentence(notice: Notice) -> str:
    """What happened, in the language in force; begins in lower case."""
    return str(SENTENCES[Kind(notice.kind)]) % {"card": notice.card}


def notice_text(notice: Notice, undo_link: str, language: str) -> str:
    """For an SMS: what, when, and the way to undo it; where there is no link, whom to call."""
    with translation.override(language):
        if undo_link:
            text = gettext("%(what)s (%(when)s). Siz değilseniz: %(link)s")
        else:
            text = gettext("%(what)s (%(when)s). Bilgi: %(call_centre)s")
        return text % {
            "what": sentence(notice),
            "when": timezone.localtime(notice.at).strftime("%d.%m. %H:%M"),
            "link": undo_link,
            "call_centre": settings.KILITCOZ_CALL_CENTRE,
        }


def notice_subject(notice: Notice, language: str) -> str:
    """The e-mail's subject."""
    with translation.override(language):
        what = sentence(notice)
    return what[0].upper() + what[1:]


def notice_mail(notice: Notice, undo_link: str, language: str) -> str:
    """The e-mail: the same, the device and where it was, and what to do, a paragraph each."""
    with translation.override(language):
        names = {
            "name": notice.holder.name,
            "what": sentence(notice),
            "when": timezone.localtime(notice.at).strftime("%d.%m.%Y %H:%M"),
            "device": notice.device,
            "network": notice.network,
            "link": undo_link,
            "call_centre": settings.KILITCOZ_CALL_CENTRE,
            "organisation": settings.KILITCOZ_ORGANISATION,
        }
        return "\n\n".join(paragraph % names for paragraph in _paragraphs(notice, undo_link)) + "\n"


def _paragraphs(notice: Notice, undo_link: str) -> list[str]:
    facts = [gettext("Ne oldu: %(what)s"), gettext("Ne zaman: %(when)s")]
    if notice.device:
        facts.append(gettext("Hangi tarayıcıdan: %(device)s"))
    if notice.network:
        facts.append(gettext("Yaklaşık ağ adresi: %(network)s"))
    paragraphs = [gettext("Sayın %(name)s,"), "\n".join(facts)]
    if more := NEXT.get(Kind(notice.kind)):
        paragraphs.append(str(more))
    if undo_link:
        paragraphs += [
            gettext("Siz yaptıysanız bir şey yapmanız gerekmez."),
            gettext("Siz yapmadıysanız bu adresi açın ve “Bu ben değildim” düğmesine basın:\n%(link)s"),
            gettext(
                "Hesabınız hemen dondurulur, sertifikalarınız askıya alınır; giriş yapmanız gerekmez. "
                "Bağlantı 30 gün geçerlidir."
            ),
        ]
    return [
        *paragraphs,
        gettext("Sorularınız için çağrı merkezi: %(call_centre)s"),
        gettext("Kod, PIN ya da güvenlik sözcüğünüzü size hiçbir zaman sormayız.\n%(organisation)s"),
    ]

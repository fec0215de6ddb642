"""A certificate's states, what changes them and why, in the words that every page uses."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.x509 import ReasonFlags
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates.models import State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import Deed

# RFC 5280, 5.3.1.
REASONS: dict[ReasonFlags, str | Promise] = {
    ReasonFlags.unspecified: _("Neden belirtilmedi"),
    ReasonFlags.key_compromise: _(
        "Anahtar başkasının eline geçmiş olabilir: kart kayıp, çalınmış ya da PIN öğrenilmiş"
    ),
    ReasonFlags.ca_compromise: _("Sertifikayı veren kurumun anahtarı güvenilir değil"),
    ReasonFlags.affiliation_changed: _("Sahibinin adı ya da kurumu değişti"),
    ReasonFlags.superseded: _("Yerine yenisi verildi"),
    ReasonFlags.cessation_of_operation: _("Artık kullanılmıyor"),
    ReasonFlags.certificate_hold: _("Geçici olarak askıda; yeniden açılabilir"),
    ReasonFlags.remove_from_crl: _("Askıdan çıkarıldı"),
    ReasonFlags.privilege_withdrawn: _("Kullanma yetkisi geri alındı"),
    ReasonFlags.aa_compromise: _("Sertifikadaki bilgiler artık güvenilir değil"),
}

# What people choose; certificates.reasons has what RFC 5280 calls it.
WHY: dict[Reason, str | Promise] = {
    Reason.LOST: _("Kartımı kaybettim"),
    Reason.STOLEN: _("Kartım çalındı"),
    Reason.MISUSED: _("PIN’imi başkası biliyor ya da kartımı başkası kullandı"),
    Reason.CARD_BROKEN: _("Kartım bozuldu"),
    Reason.DATA_CHANGED: _("Adım ya da bilgilerim değişti"),
    Reason.LEFT_INSTITUTION: _("Kurumdan ayrılma"),
    Reason.NOT_NEEDED: _("Artık ihtiyacım yok"),
    Reason.REPLACED: _("Yerine yenisi verildi"),
    Reason.DUTIES_BROKEN: _("Yükümlülüklere uyulmaması"),
    Reason.NOT_ME: _("“Bu ben değildim” denildi"),
    Reason.SUSPENSION_OVER: _("Askı süresi doldu"),
    Reason.CAREFUL: _("Tedbir olsun diye"),
    Reason.OTHER: _("Başka bir neden"),
}


@dataclass(frozen=True)
class Mark:
    """A state as a page shows it: a word, and a calm colour beside it (a class of portal.css)."""

    word: str | Promise
    colour: str


MARKS: dict[State, Mark] = {
    State.PRODUCED: Mark(_("Hazırlanıyor"), "plain"),
    State.AWAITING_ACTIVATION: Mark(_("Açılmayı bekliyor"), "note"),
    State.VALID: Mark(_("Geçerli"), "good"),
    State.SUSPENDED: Mark(_("Askıda"), "note"),
    State.REVOKED: Mark(_("İptal edilmiş"), "bad"),
    State.EXPIRED: Mark(_("Süresi dolmuş"), "plain"),
}

DEEDS: dict[Deed, str | Promise] = {
    Deed.PRODUCE: _("Üretildi"),
    Deed.HAND_OVER: _("Kart hazırlandı, açılmayı bekliyor"),
    Deed.OPEN: _("Kullanıma açıldı"),
    Deed.SUSPEND: _("Askıya alındı"),
    Deed.RESUME: _("Askıdan çıkarıldı"),
    Deed.REVOKE: _("İptal edildi"),
    Deed.EXPIRE: _("Süresi doldu"),
}

FOR_WHAT: dict[ProfileName, str | Promise] = {
    ProfileName.SIGNATURE: _("İmza: belgeleri elle atılmış imza gibi imzalar"),
    ProfileName.AUTHENTICATION: _("Kimlik doğrulama: sitelere kartınızla girersiniz"),
    ProfileName.CARD: _("Kartın kendini tanıtması: PIN istemez, imza atmaz"),
}

"""What a holder reads of each audit event, and which are not for holders: a test holds that each is either.

A row's sentence has `%(it)s` for what one member of the event's detail says, in words as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import Detail
from kilitcoz_portal.pages.session_facts import ENDS, WAYS

_Text = str | Promise
UNKNOWN: _Text = _("bilinmiyor")


@dataclass(frozen=True)
class Words:
    """One sentence. `member` of the detail is looked up in `values`; what is not there reads `otherwise`."""

    sentence: _Text
    member: str = ""
    values: Mapping[Any, _Text] = field(default_factory=dict)
    otherwise: _Text = UNKNOWN

    def about(self, detail: Detail) -> str:
        """The sentence for this detail."""
        it = self.values.get(detail.get(self.member), self.otherwise)
        return str(self.sentence) % {"it": it}


_KINDS: dict[str, _Text] = {
    "unlock": _("kilit çözme"),
    "change_pin": _("PIN değiştirme"),
    "login": _("kartla giriş"),
    "activate": _("kullanıma açma"),
    "personalise": _("kart hazırlama"),
    "sign": _("belge imzalama"),
    "renew": _("sertifika yenileme"),
}
_PURPOSES: dict[str, _Text] = {
    "login": _("giriş"),
    "unlock": _("kilit çözme"),
    "step-up": _("yeniden doğrulama"),
    "contact": _("iletişim bilgisi değiştirme"),
    "word": _("güvenlik sözcüğünü yenileme"),
    "loss": _("kayıp kart bildirimi"),
}
ROLES: dict[str, _Text] = {
    "holder": _("siz"),
    "officer": _("kurum yetkilisi"),
    "operator": _("çağrı merkezi"),
    "two_operators": _("çağrı merkezinden iki kişi"),
    "registrar": _("kayıt görevlisi"),
    "system": _("sistem"),
}
_ALLOWED: dict[bool, _Text] = {True: _("açıldı"), False: _("kapatıldı")}
_CAME_OUT: dict[str, _Text] = {"succeeded": _("PIN değişti"), "in_doubt": _("sonuç belirsiz kaldı")}

SHOWN: dict[str, Words] = {
    Event.HOLDER_ADDED: Words(_("Kaydınız açıldı.")),
    Event.HOLDER_RENEWED: Words(_("Onaylanan başvurunuzdan sonra kaydınız yenilendi.")),
    Event.APPLICATION_RECEIVED: Words(_("Sertifika başvurunuz alındı.")),
    Event.APPLICATION_PRINTED: Words(_("Başvuru formunuz yazdırıldı.")),
    Event.APPLICATION_PAYMENT: Words(_("Başvurunuzun ödemesi kaydedildi.")),
    Event.APPLICATION_CHECKED: Words(_("Başvurunuz kimliğinizle doğrulandı.")),
    Event.APPLICATION_APPROVED: Words(_("Sertifika başvurunuz onaylandı.")),
    Event.APPLICATION_REFUSED: Words(_("Sertifika başvurunuz kabul edilmedi.")),
    Event.APPLICATION_WITHDRAWN: Words(_("Sertifika başvurunuz geri çekildi.")),
    Event.APPLICATION_PRODUCED: Words(_("Başvurunuz için kartınız hazırlandı.")),
    Event.CARD_ADOPTED: Words(_("Adınıza kart kaydedildi.")),
    Event.WORD_REFUSED: Words(_("Girişte güvenlik sözcüğü yanlış yazıldı.")),
    Event.WORD_BLOCKED: Words(_("Yanlış denemeler yüzünden güvenlik sözcüğünüz o tarayıcılara kapandı.")),
    Event.WORD_FREED: Words(_("Güvenlik sözcüğünüz yeniden açıldı.")),
    Event.BROWSER_TRUSTED: Words(_("Bir tarayıcı, sizin tarayıcınız olarak tanındı.")),
    Event.BROWSERS_DISTRUSTED: Words(_("Tanınan tarayıcılarınız unutuldu.")),
    Event.CODE_SENT: Words(_("Telefonunuza SMS kodu gönderildi: %(it)s."), "purpose", _PURPOSES),
    Event.CODE_REFUSED: Words(_("SMS kodu yanlış ya da geç yazıldı: %(it)s."), "purpose", _PURPOSES),
    Event.SIGNED_IN: Words(_("Hesabınıza giriş yapıldı: %(it)s."), "by", WAYS),
    Event.SIGNED_OUT: Words(_("Çıkış yapıldı.")),
    Event.SESSION_ENDED: Words(_("Oturum sona erdi: %(it)s"), "why", ENDS),
    Event.STEPPED_UP: Words(_("Hesap bilgilerini değiştirmek için yeniden doğrulama yapıldı.")),
    Event.PASSKEY_ADDED: Words(_("Hesabınıza geçiş anahtarı eklendi.")),
    Event.PASSKEY_REMOVED: Words(_("Hesabınızdan geçiş anahtarı silindi.")),
    Event.PASSKEY_REFUSED: Words(_("Bir geçiş anahtarı kabul edilmedi.")),
    Event.SMS_LOGIN_CHANGED: Words(
        _("Geçiş anahtarının yanında SMS koduyla giriş: %(it)s."), "allowed", _ALLOWED
    ),
    Event.WORD_CHANGED: Words(_("Güvenlik sözcüğünüz değişti.")),
    Event.WORD_RELEASED: Words(_("Çağrı merkezi, güvenlik sözcüğünüzü yenilemenize bir kez izin verdi.")),
    Event.WORD_RECOVERY_BEGUN: Words(_("“Güvenlik Sözcüğümü Unuttum” adımı başlatıldı.")),
    Event.WORD_LETTER_SENT: Words(_("Güvenlik sözcüğünüzü yenilemek için size e-posta gönderildi.")),
    Event.WORD_PROOF_REFUSED: Words(_("Güvenlik sözcüğünü yenilemek için verilen kanıt kabul edilmedi.")),
    Event.LOSS_REPORT_BEGUN: Words(_("“Kartımı kaybettim” adımı başlatıldı.")),
    Event.LOSS_PROOF_REFUSED: Words(_("“Kartımı kaybettim” için verilen kanıt kabul edilmedi.")),
    "phone-changed": Words(_("Telefon numaranız değişti.")),
    "email-changed": Words(_("E-posta adresiniz değişti.")),
    "language-chosen": Words(_("İletilerin dili seçildi.")),
    "remote-unlock-changed": Words(_("Çevrim içi kilit çözme: %(it)s."), "allowed", _ALLOWED),
    Event.DATA_EXPORTED: Words(_("Hakkınızda tutulanları indirdiniz.")),
    "holder-frozen": Words(_("“Bu ben değildim” denildi; hesabınız donduruldu.")),
    "suspension-asked": Words(_("Sertifikalarınızın askıya alınması istendi.")),
    "holder-unfrozen": Words(_("Çağrı merkezi hesabınızı yeniden açtı.")),
    "operation-refused": Words(_("Bir işlem başlatılmadı: %(it)s."), "kind", _KINDS),
    Event.DOCUMENT_SIGNATURE_REFUSED: Words(_("Kartınızın imzası kabul edilmedi.")),
    Event.CONSENT_GIVEN: Words(_("E-Onay verdiniz.")),
    Event.CONSENT_WITHDRAWN: Words(_("E-Onayınızı geri aldınız.")),
    Event.CONSENT_READ: Words(_("İmzalı E-Onay belgenizi indirdiniz.")),
    "login-token-refused": Words(_("Kartla girişte kartın imzası kabul edilmedi.")),
    "confirmation-wrong": Words(_("Kartla girişte karşılaştırma sayısı yanlış yazıldı.")),
    "signature-refused": Words(_("E-imzalı girişte sertifika kabul edilmedi.")),
    Event.OPERATION_STARTED: Words(_("Kartınızla bir işlem başlatıldı: %(it)s."), "kind", _KINDS),
    Event.OPERATION_CANCELLED: Words(_("İşlem iptal edildi.")),
    Event.OPERATION_EXPIRED: Words(_("İşlemin süresi doldu.")),
    Event.OPERATION_ABORTED: Words(_("İşlem kart servisinde durduruldu.")),
    Event.WRONG_CARD: Words(_("Okuyucuya bu işlemin kartı olmayan bir kart takıldı.")),
    Event.RELEASE_REFUSED: Words(_("Kartınızın kilidini açmaya izin verilmedi.")),
    Event.CERTIFICATE_PRODUCED: Words(_("Kartınız için sertifika üretildi.")),
    Event.CERTIFICATE_HANDED_OVER: Words(_("Kartınız hazırlandı; sertifikaları açılmayı bekliyor.")),
    Event.CERTIFICATE_OPENED: Words(_("Sertifikalarınız kullanıma açıldı.")),
    Event.CERTIFICATE_SUSPENDED: Words(_("Sertifikalarınız askıya alındı. İsteyen: %(it)s."), "role", ROLES),
    Event.CERTIFICATE_RESUMED: Words(
        _("Sertifikalarınız askıdan çıkarıldı. İsteyen: %(it)s."), "role", ROLES
    ),
    Event.CERTIFICATE_REVOKED: Words(_("Sertifikalarınız iptal edildi. İsteyen: %(it)s."), "role", ROLES),
    Event.HOLDER_REMINDED: Words(_("Sertifikanızın süresinin dolacağı size hatırlatıldı.")),
    Event.CARD_RENEWED: Words(_("Kartınızdaki sertifikalar yenilendi.")),
    Event.CERTIFICATE_EXPIRED: Words(_("Sertifikalarınızın süresi doldu.")),
    Event.REVOCATION_PLANNED: Words(_("Sertifikalarınızın iptali için bir gün belirlendi.")),
    Event.REVOCATION_PLAN_WITHDRAWN: Words(_("Sertifikalarınızın planlanan iptalinden vazgeçildi.")),
    Event.RESULT_RECORDED: Words(
        _("Kart servisi sonucu bildirdi: %(it)s."), "state", _CAME_OUT, otherwise=_("PIN değişmedi")
    ),
}

# Steps in between, what another row already tells, and what concerns staff.
NOT_SHOWN: frozenset[str] = frozenset(
    {
        Event.CA_ALARM,
        Event.BATCH_OPENED,
        Event.DESK_OPENED,
        Event.CARD_TAKEN,
        Event.CARD_TURNED_AWAY,
        Event.CARD_KEYS_MADE,
        Event.CARD_WRITTEN,
        Event.CARD_LOCKED,
        Event.CARD_ISSUED,
        Event.CARD_MAKING_CANCELLED,
        Event.WORD_PROOF_ACCEPTED,
        Event.LOSS_PROOF_ACCEPTED,
        Event.WORD_RECOVERY_ENDED,
        "unfreeze-asked",
        "login-token-accepted",
        Event.DOCUMENT_SIGNED,
        Event.CONSENT_STAMPED,
        Event.CONSENT_STAMP_FAILED,
        "trust-added",
        "signature-presented",
        Event.WORD_ACCEPTED,
        Event.WORD_FLOOD,
        Event.CODE_ACCEPTED,
        Event.SMS_ALARM,
        Event.HOLDER_TOLD,
        Event.OIDC_REFUSED,
        Event.PASSKEY_ACCEPTED,
        Event.OPERATION_AUTHORISED,
        Event.OPERATION_COMPLETED,
        Event.CAPABILITY_ISSUED,
        Event.PAIRING_CODE_ISSUED,
        Event.PAIRED,
        Event.PAIRING_REFUSED,
        Event.CLAIMED,
        Event.CLAIM_REFUSED,
        Event.CARD_IDENTIFIED,
        Event.SECRET_RELEASED,
        Event.CERTIFICATE_DEED_ASKED,
        Event.CERTIFICATE_DEED_APPROVED,
        Event.CERTIFICATE_LATE,
        Event.STATUS_ORDER_REFUSED,
        Event.FOREIGN_OBJECT_ASKED,
        Event.MANAGEMENT_KEY_USED,
        Event.VAULT_ALARM,
        Event.VAULT_OVERRIDE_ASKED,
        Event.VAULT_OVERRIDE_APPROVED,
        Event.VAULT_RESTORED,
    }
)

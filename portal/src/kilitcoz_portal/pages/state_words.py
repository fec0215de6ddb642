"""A certificate's states and the reasons for them, in the words that every page uses."""

from __future__ import annotations

from cryptography.x509 import ReasonFlags
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

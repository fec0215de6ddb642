"""What "Sertifika Sorgula" can answer instead of a certificate's state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

# Whatever the reason is, it is nothing that a holder could change.
_AWAY = Message(
    _("Sertifika kurumu şu anda yanıt vermiyor"),
    _("Sertifikaları veren sistemle bağlantı kurulamadı. Hiçbir şey yarım kalmadı."),
    _("Birkaç dakika sonra yeniden deneyin. Acil durumda çağrı merkezini arayın: %(call_centre)s."),
)

PUBLIC_STATUS: dict[str, Message] = {
    "serial-malformed": Message(
        _("Bu bir seri numarası olamaz"),
        _("Seri numarası 0–9 rakamları ve A–F harflerinden oluşur; en çok 40 hanedir."),
        _("Numarayı sertifikanın ayrıntılarından olduğu gibi kopyalayın; boşluk ve iki nokta kalabilir."),
    ),
    "upload-missing": Message(
        _("Dosya gelmedi"),
        _("Dosya seçilmemiş ya da seçilen dosya boş."),
        _("Sertifika dosyasını (.cer, .crt, .pem) seçip yeniden gönderin."),
    ),
    "upload-too-large": Message(
        _("Dosya çok büyük"),
        _("Bir sertifika dosyası 16 KB’yi geçmez; gönderdiğiniz daha büyük. Dosya saklanmadı."),
        _("Yalnız sertifikayı içeren dosyayı (.cer, .crt, .pem) seçin."),
    ),
    "upload-not-certificate": Message(
        _("Dosya okunamadı"),
        _("Bu dosya bir sertifika değil ya da bozuk. Dosya saklanmadı."),
        _("Sertifikayı DER ya da PEM biçiminde (.cer, .crt, .pem) dışa aktarıp yeniden deneyin."),
    ),
    "upload-is-key": Message(
        _("Bu dosyayı kimseye göndermeyin"),
        _("Dosyada bir özel anahtar var; o yalnız sizde kalmalıdır. Dosyayı saklamadık."),
        _(
            "Sorgu için yalnız sertifikayı gönderin. Anahtarı başkasına da gönderdiyseniz hemen çağrı "
            "merkezini arayın: %(call_centre)s."
        ),
    ),
    "upload-several": Message(
        _("Dosyada birden çok sertifika var"),
        _("Hangisini sorduğunuz anlaşılmıyor."),
        _("Sormak istediğiniz sertifikayı tek başına bir dosyaya kaydedip gönderin."),
    ),
    "status-checks-slowed": Message(
        _("Kısa sürede çok sorgu yapıldı"),
        _("Bulunduğunuz ağdan bu saatte yapılabilecek sorgu sayısı doldu."),
        _(
            "Bir saat sonra yeniden deneyin. Çok sayıda sertifika için OCSP adresini ya da iptal listesini "
            "kullanın."
        ),
        again=False,
    ),
    "ca-unavailable": _AWAY,
    "ca-waiting": _AWAY,
    "ca-answer-untrusted": _AWAY,
    "ca-not-configured": _AWAY,
}

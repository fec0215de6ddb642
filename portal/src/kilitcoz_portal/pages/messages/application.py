"""What an application ("Başvuru") can tell; how far it is stands in pages.application_words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

APPLICATION: dict[str, Message] = {
    "application-slowed": Message(
        _("Kısa sürede çok sayıda başvuru geldi"),
        _("Bulunduğunuz ağdan ya da bu kişi için kısa sürede çok sayıda istek geldi. Bu isteğiniz alınmadı."),
        _("Daha sonra yeniden deneyin ya da kimliğinizle kayıt görevlisine gidin. Bilgi: %(call_centre)s."),
        again=False,
    ),
    "application-unknown": Message(
        _("Böyle bir başvuru bulunamadı"),
        _("Başvuru No ile Kimlik No birbirini tutmuyor."),
        _("İkisini de formunuza bakarak yeniden yazın. Olmazsa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "application-open": Message(
        _("Süren bir başvurunuz var"),
        _("Bir kişinin aynı anda yalnız bir başvurusu olabilir."),
        _("O başvuruyla devam edin ya da önce onu geri çekin. Siz yapmadıysanız arayın: %(call_centre)s."),
        again=False,
    ),
    "application-busy": Message(
        _("Form şu anda hazırlanamadı"),
        _("Şu anda çok sayıda istek var. Form yazdırılmadı; daha önce yazdırdığınız geçerlidir."),
        _("Birkaç saniye bekleyip önceki sayfaya dönün ve formu yeniden indirin."),
        again=False,
    ),
    "application-step": Message(
        _("Bu adım artık yapılamıyor"),
        _("Başvurunuz bu arada ilerledi ya da sona erdi."),
        _("Başvurunuzun durumuna bakın."),
        again=False,
    ),
    "application-prints-used": Message(
        _("Form beş kez yazdırıldı"),
        _("Güvenliğiniz için form bu sayfadan en çok beş kez yazdırılır. Son yazdırdığınız geçerlidir."),
        _("Elinizde yoksa kayıt görevlisi formunuzu yeniden yazdırır."),
        again=False,
    ),
}

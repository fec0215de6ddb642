"""Why a certificate's state stays as it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

STATES: dict[str, Message] = {
    "certificate-no-change": Message(
        _("Bu işlem şu anda yapılamaz"),
        _("Kartınızın sertifikaları bu işlemin yapılabileceği bir durumda değil."),
        _("Kartınızın şimdiki durumuna bakın, sonra yapılabilecek bir işlem seçin."),
    ),
    "certificate-final": Message(
        _("Sertifika iptal edilmiş"),
        _("İptal edilen bir sertifikada artık hiçbir şey değiştirilemez."),
        _("Yeni sertifika için başvurun ya da çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "certificate-not-allowed": Message(
        _("Bunu siz yapamazsınız"),
        _("Sertifikayı askıya alan siz değilsiniz; ancak alan ya da çağrı merkezi açar."),
        _("Kimliğiniz yanınızdayken çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "certificate-end-wrong": Message(
        _("Bu tarih olmaz"),
        _("Seçilen tarih geçmişte, çok ileride ya da sertifikanın bitiminden sonra."),
        _("Başka bir tarih seçin."),
    ),
    "card-suspended": Message(
        _("Bu kartın sertifikaları askıda"),
        _("Kayıp ya da çalınmış olabilir diye, askıdaki bir kartın kilidi çözülmez."),
        _(
            "Kartınız sizdeyse “Sertifikamı İptal Et” sayfasında önce “Askıdan Çıkar”ı seçin. Sorunuz varsa "
            "çağrı merkezini arayın: %(call_centre)s."
        ),
        again=False,
    ),
    "card-over": Message(
        _("Bu kartın sertifikaları sona erdi"),
        _("Kartınızdaki sertifikalar iptal edilmiş ya da süreleri dolmuş; kilidini çözmek işe yaramaz."),
        _("Yeni kart için başvurun ya da çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "card-without-certificates": Message(
        _("Bu kartın sertifikalarını biz tutmuyoruz"),
        _("Kartınızdaki sertifikaları başka bir kurum verdi; durumlarını o değiştirir."),
        _("Çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
}

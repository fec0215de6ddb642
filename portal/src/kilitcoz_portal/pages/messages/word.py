"""What the security word's change and recovery can tell; the rules of a new word are told at its field."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_CHOOSE = _("Başka bir sözcük yazın ya da hazırladığımızı kullanın.")

WORD: dict[str, Message] = {
    "word-too-short": Message(
        _("Sözcük çok kısa"), _("Sözcük en az sekiz harf olmalıdır; boşluklar sayılmaz."), _CHOOSE
    ),
    "word-monotonous": Message(
        _("Sözcük kolay tahmin edilir"),
        _("Kendini tekrar eden ya da klavyede yan yana duran harfler kolay tahmin edilir."),
        _CHOOSE,
    ),
    "word-common": Message(
        _("Sözcük çok yaygın"),
        _("Bunu çok kişi seçiyor ya da bu hizmetin adlarından oluşuyor; ilk denenenler bunlardır."),
        _CHOOSE,
    ),
    "word-personal": Message(
        _("Sözcük sizi tanıyanlarca bilinir"),
        _("Adınız, numaralarınız, e-posta adresiniz ya da bir tarih kolay tahmin edilir."),
        _CHOOSE,
    ),
    "word-unchanged": Message(_("Sözcük aynı"), _("Bu, şu anki sözcüğünüz."), _CHOOSE),
    "word-used-before": Message(
        _("Sözcük daha önce kullanıldı"), _("Bu, son beş sözcüğünüzden biri."), _CHOOSE
    ),
    "word-change-refused": Message(
        _("Şu anki sözcük doğrulanamadı"),
        _("Sözcük çok kez yanlış yazıldı. Güvenliğiniz için oturumunuzu kapattık."),
        _("Sözcüğünüzü hatırlamıyorsanız giriş ekranında “Güvenlik Sözcüğümü Unuttum”u seçin."),
    ),
    "word-recovery-slowed": Message(
        _("Bulunduğunuz ağdan çok sayıda istek geldi"),
        _("Bu yüzden bu ağdan bir süre yeni sözcük istenemiyor. Hiç kimseye ileti gönderilmedi."),
        _("Bir saat sonra yeniden deneyin. Acele ise çağrı merkezini arayın: %(call_centre)s."),
    ),
    "word-recovery-ended": Message(
        _("Bu tarayıcıda süren bir yenileme yok"),
        _("Süresi dolmuş, tamamlanmış ya da başka bir tarayıcıda başlatılmış olabilir."),
        _("Başka bir tarayıcıda başladıysanız oraya dönün ve kodunuzu orada yazın. Değilse baştan başlayın."),
    ),
    "word-proof-wrong": Message(
        _("Kod geçerli değil"),
        _("Kod yanlış, süresi dolmuş ya da daha önce kullanılmış."),
        _("Kodu bir kez daha okuyup yazın. Yine olmazsa yeni bir kod isteyin."),
    ),
    "word-proof-used-up": Message(
        _("Deneme hakkı bitti"),
        _("Güvenliğiniz için bu yenileme kapatıldı."),
        _("Baştan başlayın. Kodunuz yoksa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "word-recovery-held": Message(
        _("Telefon numaranız yeni değişti"),
        _("Numara değiştikten sonraki 72 saat, güvenliğiniz için sözcük telefonla yenilenmez."),
        _(
            "Süre dolunca yeniden deneyin. Kartınız ve PIN’iniz çalışıyorsa kartınızla girip sözcüğünüzü "
            "hemen değiştirebilirsiniz. Numarayı siz değiştirmediyseniz çağrı merkezini arayın: "
            "%(call_centre)s."
        ),
    ),
}

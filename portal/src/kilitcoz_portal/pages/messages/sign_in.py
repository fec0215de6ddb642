"""What signing in, and the pages themselves, can tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

SIGN_IN: dict[str, Message] = {
    "human-check-failed": Message(
        _("Resimdeki yazı tutmadı"),
        _("Yazdığınız, resimdeki ya da sesteki harf ve rakamlarla aynı değil. Bu, hakkınızdan düşülmedi."),
        _("Yeni bir resim hazırladık. Onu yazın, sesi dinleyin ya da bilgisayarınıza doğrulatın."),
    ),
    "human-check-late": Message(
        _("Resmin süresi doldu"),
        _("Her resim beş dakika geçerlidir ve bir kez kullanılır. Bu, hakkınızdan düşülmedi."),
        _("Yeni bir resim hazırladık. Güvenlik sözcüğünüzle birlikte yeniden yazın."),
    ),
    "sign-in-refused": Message(
        _("Giriş yapılamadı"),
        _("Kimlik numarası ile güvenlik sözcüğü eşleşmedi ya da güvenlik sözcüğünüz kapalı."),
        _(
            "İkisini de kontrol edip yeniden yazın. Üç yanlış girişte sözcük kapanır ve 24 saat sonra "
            "kendiliğinden açılır. Hemen açtırmak için çağrı merkezini arayın: %(call_centre)s."
        ),
    ),
    "sign-in-too-soon": Message(
        _("Biraz bekleyin"),
        _(
            "Aynı numarayla art arda yapılan girişler arasında kısa bir süre beklenir. "
            "Bu, hakkınızdan düşülmedi."
        ),
        _("Süre dolunca güvenlik sözcüğünüzü yeniden yazın."),
    ),
    "network-slowed": Message(
        _("Bulunduğunuz ağdan çok sayıda yanlış giriş yapıldı"),
        _("Bu yüzden bu ağdan yapılan girişler yavaşlatıldı. Bu, hakkınızdan düşülmedi."),
        _("Süre dolunca yeniden deneyin. Sürerse başka bir bağlantıdan girin ya da kartınızla giriş yapın."),
    ),
    "sign-in-busy": Message(
        _("Şu anda çok kişi giriş yapıyor"),
        _("Girişinize sıra gelmedi. Bu, hakkınızdan düşülmedi; resimdeki yazı da duruyor."),
        _("Süre dolunca güvenlik sözcüğünüzü yazıp yeniden deneyin."),
    ),
    "session-ended": Message(
        _("Oturumunuz kapandı"),
        _("Güvenliğiniz için oturum, on dakika kullanılmayınca ya da bir saat dolunca kapanır."),
        _("Devam etmek için yeniden giriş yapın."),
    ),
    "signed-out": Message(
        _("Çıkış yaptınız"),
        _("Oturumunuz kapatıldı."),
        _("Bu bilgisayarı başkaları da kullanıyorsa tarayıcıyı kapatın ve kartınızı okuyucudan çıkarın."),
    ),
    "signed-out-everywhere": Message(
        _("Bütün oturumlarınız kapatıldı"),
        _("Hesabınız hiçbir tarayıcıda açık değil. Sürmekte olan işlemler iptal edildi."),
        _(
            "Hesabınıza başkası girdiyse yeniden giriş yapıp güvenlik sözcüğünüzü değiştirin ya da çağrı "
            "merkezini arayın: %(call_centre)s."
        ),
    ),
    "session-ended-there": Message(
        _("Oturum kapatıldı"),
        _("O tarayıcıda açılacak ilk sayfa giriş ekranı olacak."),
        _("Oturum sizin değildiyse güvenlik sözcüğünüzü değiştirin."),
    ),
    "sms-code-not-asked": Message(
        _("Geçerli bir kod yok"),
        _("Bu tarayıcıya gönderilmiş, kullanılmayı bekleyen bir kod yok."),
        _("Yeni kod isteyin."),
    ),
    "sms-code-wrong": Message(
        _("Kod yanlış"),
        _("Yazdığınız kod, telefonunuza son gönderilen kod değil."),
        _("Telefonunuza gelen son iletideki altı rakamı yazın."),
    ),
    "sms-code-late": Message(
        _("Kodun süresi doldu"),
        _("Her kod 300 saniye geçerlidir."),
        _("Yeni kod isteyin ve süre dolmadan yazın."),
    ),
    "sms-code-used-up": Message(
        _("Kod deneme hakkı bitti"),
        _("Kod beş kez yanlış yazıldı. Güvenliğiniz için bu kod kapatıldı."),
        _("Baştan başlayın. Kod telefonunuza hiç gelmiyorsa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "sms-too-soon": Message(
        _("Kod az önce gönderildi"),
        _("İki kod arasında en az bir dakika beklenir."),
        _("Telefonunuza gelen iletiye bakın. Gelmediyse bir dakika sonra yeni kod isteyin."),
    ),
    "sms-cap-reached": Message(
        _("Bugünkü kod sınırı doldu"),
        _("Bir günde en çok on kod gönderilir."),
        _("Yarın yeniden deneyin. Kodlar telefonunuza gelmiyorsa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "sms-not-accepted": Message(
        _("Kod gönderilemedi"),
        _("SMS hizmeti şu anda yanıt vermiyor. Size ileti gitmedi."),
        _("Bir dakika sonra yeni kod isteyin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "sms-budget-reached": Message(
        _("Şu anda kod gönderilemiyor"),
        _("Bu saatte gönderebileceğimiz ileti sayısı doldu. Bunun nedeni siz değilsiniz."),
        _("Bir saat sonra yeniden deneyin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "mail-not-offered": Message(
        _("E-posta gönderilemiyor"),
        _("Bu kurulum e-posta göndermiyor."),
        _("Telefonunuza gelen kodlarla devam edin ya da çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "address-not-allowed": Message(
        _("Bu adrese e-posta gönderilemiyor"),
        _("Yazdığınız, bir e-posta adresi değil."),
        _("Adresi ad@ornek.com biçiminde yeniden yazın."),
    ),
    "phone-not-allowed": Message(
        _("Bu telefona kod gönderilemiyor"),
        _("Kayıtlı numaranız, kod gönderebildiğimiz bir cep telefonu değil."),
        _("Numaranızı değiştirmek için çağrı merkezini arayın: %(call_centre)s."),
    ),
    "login-not-offered": Message(
        _("Bu giriş yolu henüz sunulmuyor"),
        _("Bu kurulumda e-imza ile giriş henüz açık değil."),
        _("“Şifreli Giriş” ile girin. Sözcüğünüzü bilmiyorsanız çağrı merkezini arayın: %(call_centre)s."),
    ),
    "service-not-offered": Message(
        _("Bu hizmet çevrim içi sunulmuyor"),
        _("Bu kurulumda bu işlem henüz buradan yapılamıyor."),
        _("Bu işlem için çağrı merkezini arayın: %(call_centre)s."),
    ),
    "form-stale": Message(
        _("Sayfa eskimiş"),
        _("Form gönderilemedi: sayfa uzun süre açık kalmış ya da tarayıcınız çerezleri kabul etmiyor."),
        _("Sayfayı yenileyip yeniden deneyin. Çerezler kapalıysa bu site için açın."),
    ),
    "request-refused": Message(
        _("İstek anlaşılamadı"),
        _("Tarayıcınızın gönderdiği istek, sayfalarımızın gönderdiği bir istek değil."),
        _("Ana sayfadan başlayıp yeniden deneyin."),
    ),
    "page-not-found": Message(
        _("Sayfa bulunamadı"),
        _("Bu adreste sizin görebileceğiniz bir sayfa yok. Oturumunuz kapanmış olabilir."),
        _("Ana sayfadan başlayıp yeniden giriş yapın."),
    ),
}

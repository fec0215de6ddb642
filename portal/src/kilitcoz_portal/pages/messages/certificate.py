"""What a certificate, and a login with one, can be refused for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_BY_WORD = _("“Şifreli Giriş” ile girin. Sorunuz varsa çağrı merkezini arayın: %(call_centre)s.")
_CALL = _("Çağrı merkezini arayın: %(call_centre)s.")

CERTIFICATE: dict[str, Message] = {
    "certificate-malformed": Message(
        _("Sertifika okunamadı"),
        _("Gönderilen sertifika bozuk ya da tanımadığımız bir biçimde."),
        _("Kartınızı çıkarıp takın ve yeniden deneyin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "certificate-not-trusted": Message(
        _("Sertifika kabul edilmedi"),
        _("Bu sertifikayı veren kuruluş burada kabul edilmiyor ya da sertifikasının zinciri doğrulanamadı."),
        _("Bizden aldığınız kartın sertifikasını seçin. Seçtiğiniz oysa “Şifreli Giriş” ile girin."),
    ),
    "certificate-not-yet-valid": Message(
        _("Sertifikanızın süresi başlamamış"),
        _("Sertifikanızın başlangıç tarihi henüz gelmedi."),
        _BY_WORD,
    ),
    "certificate-expired": Message(
        _("Sertifikanızın süresi dolmuş"),
        _("Süresi dolan bir sertifikayla giriş yapılamaz."),
        _("“Şifreli Giriş” ile girin. Yeni sertifika için çağrı merkezini arayın: %(call_centre)s."),
    ),
    "certificate-weak": Message(
        _("Sertifikanız eskimiş"),
        _("Sertifikanızın anahtarı ya da imzası bugün güvenli sayılmıyor."),
        _("“Şifreli Giriş” ile girin. Yeni sertifika için çağrı merkezini arayın: %(call_centre)s."),
    ),
    "certificate-usage-wrong": Message(
        _("Bu sertifika giriş için değil"),
        _("Seçtiğiniz sertifika başka bir iş için verilmiş."),
        _("Kartınızda başka sertifika varsa onu seçin. Yoksa “Şifreli Giriş” ile girin."),
    ),
    "certificate-policy-missing": Message(
        _("Sertifikanın türü kabul edilmiyor"),
        _("Sertifika, burada girişe açık olan türlerden biri değil."),
        _BY_WORD,
    ),
    "certificate-not-qualified": Message(
        _("Sertifika nitelikli değil"),
        _("Buraya yalnız nitelikli elektronik sertifikayla girilir; bu sertifika nitelikli değil."),
        _BY_WORD,
    ),
    "certificate-revoked": Message(
        _("Sertifikanız iptal edilmiş"),
        _("İptal edilen bir sertifika bir daha kullanılamaz."),
        _("“Şifreli Giriş” ile girin. İptali siz istemediyseniz hemen arayın: %(call_centre)s."),
    ),
    "certificate-suspended": Message(
        _("Sertifikanız askıda"),
        _("Sertifikanız askıya alınmış; bu sırada onunla giriş yapılamaz."),
        _("“Şifreli Giriş” ile girin. Askıya siz almadıysanız hemen arayın: %(call_centre)s."),
    ),
    "certificate-status-unknown": Message(
        _("Sertifikanızın durumu öğrenilemedi"),
        _("Sertifikanızın iptal edilmemiş olduğu şu anda doğrulanamıyor; bu yüzden kabul edemiyoruz."),
        _("Birkaç dakika sonra yeniden deneyin ya da “Şifreli Giriş” ile girin."),
    ),
    "certificate-names-nobody": Message(
        _("Sertifikada kimlik numarası yok"),
        _("Sertifikada kimin olduğunu gösteren, tanıdığımız bir kimlik numarası bulunmuyor."),
        _("Kartınızda başka sertifika varsa onu seçin. Yoksa “Şifreli Giriş” ile girin."),
    ),
    "certificate-holder-unknown": Message(
        _("Kaydınız bulunamadı"),
        _("Sertifikadaki kimlik numarasıyla kayıtlı kimse yok."),
        _CALL,
        again=False,
    ),
    "certificate-not-enrolled": Message(
        _("Bu sertifika kayıtlı değil"),
        _("Sertifika geçerli, ama kayıtlı kartlarınızdan birinin sertifikası değil."),
        _("Kayıtlı kartınızın sertifikasını seçin ya da “Şifreli Giriş” ile girin."),
    ),
    "signature-no-certificate": Message(
        _("Sertifika gösterilmedi"),
        _("Tarayıcınız bir sertifika göstermedi: hiçbiri seçilmedi ya da tarayıcınız kartınızı görmüyor."),
        _(
            "Kartınızı takın, tarayıcıyı bütünüyle kapatıp açın ve yeniden deneyin. Olmazsa “E-imzalı Giriş "
            "(Akıllı Kart Servisi)” ya da “Şifreli Giriş” ile girin."
        ),
    ),
    "signature-ticket-late": Message(
        _("Bu giriş bağlantısının süresi dolmuş"),
        _("Bağlantı beş dakika geçerlidir ve bir kez kullanılır."),
        _("Giriş ekranından yeniden başlayın."),
    ),
    "signature-not-begun": Message(
        _("Bu giriş bu tarayıcıda başlamadı"),
        _("Giriş başka bir tarayıcıda başlatılmış, süresi dolmuş ya da kullanılmış. Kimse giriş yapmadı."),
        _(
            "Girişi bu tarayıcıda baştan başlatın. Buraya size gönderilen bir bağlantıyla geldiyseniz "
            "çağrı merkezini arayın: %(call_centre)s."
        ),
    ),
    "signature-misdirected": Message(
        _("İstek kabul edilmedi"),
        _("Bu istek, sertifikaların geldiği yoldan gelmedi."),
        _("Giriş ekranından yeniden başlayın. Yine olursa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "login-algorithm-refused": Message(
        _("Kartınızın imza yöntemi kabul edilmiyor"),
        _("Kart, burada kabul edilmeyen bir yöntemle imzaladı."),
        _BY_WORD,
    ),
    "login-signature-wrong": Message(
        _("İmza doğrulanamadı"),
        _("Gelen imza, bu siteye ve bu girişe ait değil. Giriş yapılmadı."),
        _("Girişi baştan başlatın. Yine olursa çağrı merkezini arayın: %(call_centre)s."),
    ),
}

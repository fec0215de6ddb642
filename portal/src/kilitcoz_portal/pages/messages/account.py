"""What the account itself can tell: frozen, held for 72 hours, unlocking turned off, a link that undoes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

ACCOUNT: dict[str, Message] = {
    "holder-frozen": Message(
        _("Hesabınız dondurulmuş"),
        _(
            "“Bu ben değildim” düğmesine basıldığı için kart kilidi çözülemez; telefon, e-posta, güvenlik "
            "sözcüğü ve geçiş anahtarları değiştirilemez."
        ),
        _("Açtırmak için kimliğiniz yanınızdayken çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "phone-just-changed": Message(
        _("Kilit çözme şimdilik bekletiliyor"),
        _(
            "Telefon numaranız son 72 saatte değişti. Numarayı bir başkası değiştirmiş olabilir diye, bu "
            "süre dolmadan yalnız SMS ile kilit çözülmez."
        ),
        _(
            "Süre dolunca yeniden deneyin. Başka bir kartınızla ya da numara değişmeden önce eklediğiniz "
            "geçiş anahtarıyla girerseniz beklemeniz gerekmez. Numarayı siz değiştirmediyseniz hemen arayın: "
            "%(call_centre)s."
        ),
        again=False,
    ),
    "remote-unlock-off": Message(
        _("Çevrim içi kilit çözme kapalı"),
        _("Kartınızın kilidinin internetten çözülmesini siz kapattınız."),
        _("“Kişisel Bilgilerimi Güncelle” sayfasından açabilirsiniz; açtıktan 72 saat sonra kullanılabilir."),
        again=False,
    ),
    "remote-unlock-just-allowed": Message(
        _("Kilit çözme şimdilik bekletiliyor"),
        _("Çevrim içi kilit çözmeyi son 72 saatte yeniden açtınız. Güvenliğiniz için bu süre beklenir."),
        _("Süre dolunca yeniden deneyin. Siz açmadıysanız hemen çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "undo-link-unknown": Message(
        _("Bu bağlantı geçerli değil"),
        _("Bağlantı eksik kopyalanmış ya da 30 günden eski olabilir. Hiçbir şey değişmedi."),
        _("İletideki bağlantıyı bütünüyle açın ya da hemen çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "too-many-attempts": Message(
        _("Çok fazla deneme yapıldı"),
        _("Bulunduğunuz ağdan kısa sürede çok sayıda geçersiz bağlantı denendi."),
        _("Başka bir ağdan deneyin ya da hemen çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
}

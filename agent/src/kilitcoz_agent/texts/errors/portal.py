"""What the portal refuses; the first words of each row are what the holder reads."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import CALL_CENTRE, START_AGAIN, ErrorText, Origin


def _row(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.PORTAL, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "capability-refused": _row(
        ("Portal bu işlem bağlantısını kabul etmedi.", "The portal did not accept this link."),
        START_AGAIN,
    ),
    "operation-not-found": _row(
        ("Portal bu işlemi tanımıyor.", "The portal does not know this operation."),
        START_AGAIN,
    ),
    "operation-closed": _row(
        ("Bu işlem daha önce sona ermiş.", "This operation has already ended."),
        START_AGAIN,
    ),
    "operation-open": _row(
        ("Bu kartla başka bir işlem sürüyor.", "Another operation with this card is in progress."),
        (
            "Önce öteki işlemi bitirin ya da on dakika bekleyip yeniden deneyin.",
            "Finish the other operation first, or wait ten minutes and try again.",
        ),
    ),
    "operation-state": _row(
        ("İşlem şu anda bu adıma uygun değil.", "The operation is not at this step."),
        START_AGAIN,
    ),
    "operation-expired": _row(
        ("On dakikalık işlem süresi doldu.", "The operation’s ten minutes are over."),
        START_AGAIN,
    ),
    "operation-claimed-elsewhere": _row(
        ("Bu işlem başka bir yerde açılmış.", "This operation was opened elsewhere."),
        (
            "Orada siz açtıysanız oradan devam edin. Siz açmadıysanız portalda işlemi iptal edip yeniden "
            "başlatın.",
            "If you opened it there, go on there. If not, cancel it on the portal and start again.",
        ),
    ),
    "session-invalid": _row(
        ("Portalla kurulan oturum kapanmış.", "The session with the portal has closed."),
        START_AGAIN,
    ),
    "session-refused": _row(
        ("Portalla kurulan oturum kapanmış.", "The session with the portal has closed."),
        START_AGAIN,
    ),
    "pairing-code-unknown": _row(
        ("Bu eşleştirme kodu geçerli değil.", "This pairing code is not valid."),
        (
            "Kodu portaldaki gibi yazın. Kod on dakika geçerlidir ve bir kez kullanılır.",
            "Type the code as the portal shows it. It lasts ten minutes and works once.",
        ),
    ),
    "pairing-code-refused": _row(
        ("Bu eşleştirme kodu geçerli değil.", "This pairing code is not valid."),
        (
            "Kodu portaldaki gibi yazın. Kod on dakika geçerlidir ve bir kez kullanılır.",
            "Type the code as the portal shows it. It lasts ten minutes and works once.",
        ),
    ),
    "pairing-rate-limited": _row(
        ("Çok fazla kod denendi.", "Too many codes were tried."),
        (
            "Bir süre bekleyin ya da portaldaki bağlantıyı kullanın.",
            "Wait a while, or use the link on the portal.",
        ),
    ),
    "too-many-attempts": _row(
        ("Çok fazla deneme yapıldı.", "There were too many attempts."),
        (
            "Bir süre bekleyin ya da portaldaki bağlantıyı kullanın.",
            "Wait a while, or use the link on the portal.",
        ),
    ),
    "release-refused-tries": _row(
        (
            "Kartınızda güvenle kullanılabilecek kilit açma hakkı kalmamış.",
            "Your card has no unlock try left that can be used safely.",
        ),
        CALL_CENTRE,
    ),
    "release-refused-budget": _row(
        (
            "Bu kart için bugünkü kilit açma sınırına ulaşıldı.",
            "Today’s limit of unlocks for this card has been reached.",
        ),
        (
            "Yarın yeniden deneyin ya da çağrı merkezini arayın.",
            "Try again tomorrow, or call the call centre.",
        ),
    ),
    "release-not-identified": _row(
        (
            "Portal kartınızı yeniden tanımak istedi; karta bir şey yazılmadı.",
            "The portal wanted to identify your card again; nothing was written to it.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "secret-manual": _row(
        ("Bu kartın kilidi çevrim içi açılamıyor.", "This card cannot be unlocked online."),
        CALL_CENTRE,
    ),
    "stale-fence": _row(
        (
            "Bu işlemin yerini daha yeni bir işlem almış.",
            "A newer operation has taken the place of this one.",
        ),
        START_AGAIN,
    ),
    "fence-stale": _row(
        (
            "Bu işlemin yerini daha yeni bir işlem almış.",
            "A newer operation has taken the place of this one.",
        ),
        START_AGAIN,
    ),
    "receipt-refused": _row(
        (
            "Portal, SMS onayınızı artık geçerli saymıyor.",
            "The portal no longer accepts your SMS confirmation.",
        ),
        START_AGAIN,
    ),
    "internal-error": _row(
        ("Beklenmeyen bir sorun oluştu.", "Something unexpected went wrong."),
        (
            "Birkaç dakika sonra portaldan yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Start again from the portal in a few minutes. If it goes on, call the call centre.",
        ),
    ),
    "puk-exhausted": _row(
        (
            "Kartınızın kilit açma hakkı tükenmiş; bu kartın kilidi artık açılamaz.",
            "Your card’s unlock tries are used up; this card can no longer be unlocked.",
        ),
        ("Yeni kart için çağrı merkezini arayın.", "Call the call centre about a new card."),
    ),
    "message-malformed": _row(
        (
            "Kart servisi ile portal birbirini anlayamadı.",
            "The card service and the portal did not understand each other.",
        ),
        (
            "Kart servisini güncelleyip işlemi yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Update the card service and start again. If it goes on, call the call centre.",
        ),
    ),
    "operation-cancelled": _row(
        ("Bu işlem portalda iptal edildi.", "This operation was cancelled on the portal."),
        START_AGAIN,
    ),
    "vault-card-budget": _row(
        (
            "Bu kart için bugünkü kilit açma sınırına ulaşıldı.",
            "Today’s limit of unlocks for this card has been reached.",
        ),
        (
            "Yarın yeniden deneyin ya da çağrı merkezini arayın.",
            "Try again tomorrow, or call the call centre.",
        ),
    ),
    "vault-global-budget": _row(
        ("Portal şu anda çok yoğun.", "The portal is very busy right now."),
        ("Bir saat sonra yeniden deneyin.", "Try again in an hour."),
    ),
    "vault-busy": _row(
        (
            "Bu kartla az önce yapılan işlem henüz kapanmadı; karta bir şey yazılmadı.",
            "What was just done with this card is not closed yet; nothing was written to it.",
        ),
        ("İki dakika bekleyip PIN’inizi yeniden yazın.", "Wait two minutes and type your PIN again."),
    ),
    "vault-manual": _row(
        ("Bu kartın kilidi çevrim içi açılamıyor.", "This card cannot be unlocked online."),
        CALL_CENTRE,
    ),
    "vault-integrity": _row(
        (
            "Portal, bu kartın kaydını güvenli bulmadığı için işlemi durdurdu.",
            "The portal did not find this card’s record safe and stopped the operation.",
        ),
        CALL_CENTRE,
    ),
    "secret-unknown": _row(
        ("Portalda bu kart için kilit açma kaydı yok.", "The portal has no unlock record for this card."),
        CALL_CENTRE,
    ),
    "holder-frozen": _row(
        ("Hesabınız dondurulmuş.", "Your account is frozen."),
        CALL_CENTRE,
    ),
    "remote-unlock-off": _row(
        ("Çevrim içi kilit çözmeyi kapatmışsınız.", "You turned online unlocking off."),
        (
            "Açmak için portalda “Kişisel Bilgilerimi Güncelle”ye girin.",
            "To turn it on, open “Update My Personal Data” on the portal.",
        ),
    ),
    "phone-just-changed": _row(
        (
            "Telefon numaranız son 72 saatte değişti; kilit, yalnız SMS ile henüz çözülemez.",
            "Your phone number changed within 72 hours; an SMS alone does not unlock yet.",
        ),
        ("Portalda ne zamana kadar beklemeniz gerektiği yazar.", "The portal says until when to wait."),
    ),
    "remote-unlock-just-allowed": _row(
        (
            "Çevrim içi kilit çözmeyi son 72 saatte yeniden açmışsınız.",
            "You turned online unlocking on again within 72 hours.",
        ),
        ("Portalda ne zamana kadar beklemeniz gerektiği yazar.", "The portal says until when to wait."),
    ),
    "portal-busy": _row(
        ("Portal şu anda yanıt veremeyecek kadar yoğun.", "The portal is too busy to answer right now."),
        ("Biraz sonra yeniden deneyin.", "Try again in a little while."),
    ),
    "body-too-large": _row(
        (
            "Kart servisi ile portal birbirini anlayamadı.",
            "The card service and the portal did not understand each other.",
        ),
        ("Kart servisini güncelleyip işlemi yeniden başlatın.", "Update the card service and start again."),
    ),
    "media-type-refused": _row(
        (
            "Kart servisi ile portal birbirini anlayamadı.",
            "The card service and the portal did not understand each other.",
        ),
        ("Kart servisini güncelleyip işlemi yeniden başlatın.", "Update the card service and start again."),
    ),
    "bearer-missing": _row(
        ("Portalla kurulan oturum kapanmış.", "The session with the portal has closed."),
        START_AGAIN,
    ),
}

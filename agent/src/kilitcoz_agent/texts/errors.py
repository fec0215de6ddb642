"""Every code a holder can meet on the local page: what happened and what to do, in Turkish and in English.

Rows of docs/errors.md; a test holds the two together. A code keeps its meaning for ever. The portal's
refusals come first, then those of the card and of the holder's typing (kilitcoz_cards.errors), then the card
service's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kilitcoz_agent.texts import Both


class Origin(StrEnum):
    """Who says so."""

    PORTAL = "portal"
    CARD = "card"
    TYPED = "typed"
    CARD_SERVICE = "card service"


@dataclass(frozen=True)
class ErrorText:
    """One row: where it comes from, what happened, what to do next."""

    origin: Origin
    happened: Both
    next_step: Both


def _portal(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.PORTAL, happened, next_step)


def _card(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD, happened, next_step)


def _typed(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.TYPED, happened, next_step)


def _service(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD_SERVICE, happened, next_step)


START_AGAIN: Both = (
    "Portala dönün ve “Kilit Çözme” işlemini yeniden başlatın.",
    "Go back to the portal and start the unlock again.",
)
CALL_CENTRE: Both = (
    "Portaldaki çağrı merkezi numarasını arayın ve bu ekranda yazanı söyleyin.",
    "Call the call centre; its number is on the portal. Tell them what this screen says.",
)

ERRORS: dict[str, ErrorText] = {
    # --- the portal's refusals ------------------------------------------------------------------------------
    "capability-invalid": _service(
        ("Bu işlem bağlantısı geçerli değil.", "This link is not valid."),
        START_AGAIN,
    ),
    "capability-refused": _portal(
        ("Portal bu işlem bağlantısını kabul etmedi.", "The portal did not accept this link."),
        START_AGAIN,
    ),
    "capability-expired": _service(
        ("Bu işlem bağlantısının süresi doldu.", "This link has run out of time."),
        START_AGAIN,
    ),
    "operation-not-found": _portal(
        ("Portal bu işlemi tanımıyor.", "The portal does not know this operation."),
        START_AGAIN,
    ),
    "operation-closed": _portal(
        ("Bu işlem daha önce sona ermiş.", "This operation has already ended."),
        START_AGAIN,
    ),
    "operation-open": _portal(
        ("Bu kartla başka bir işlem sürüyor.", "Another operation with this card is in progress."),
        (
            "Önce öteki işlemi bitirin ya da on dakika bekleyip yeniden deneyin.",
            "Finish the other operation first, or wait ten minutes and try again.",
        ),
    ),
    "operation-state": _portal(
        ("İşlem şu anda bu adıma uygun değil.", "The operation is not at this step."),
        START_AGAIN,
    ),
    "operation-expired": _portal(
        ("On dakikalık işlem süresi doldu.", "The operation’s ten minutes are over."),
        START_AGAIN,
    ),
    "operation-claimed-elsewhere": _portal(
        ("Bu işlem başka bir yerde açılmış.", "This operation was opened elsewhere."),
        (
            "Orada siz açtıysanız oradan devam edin. Siz açmadıysanız portalda işlemi iptal edip yeniden "
            "başlatın.",
            "If you opened it there, go on there. If not, cancel it on the portal and start again.",
        ),
    ),
    "session-invalid": _portal(
        ("Portalla kurulan oturum kapanmış.", "The session with the portal has closed."),
        START_AGAIN,
    ),
    "session-refused": _portal(
        ("Portalla kurulan oturum kapanmış.", "The session with the portal has closed."),
        START_AGAIN,
    ),
    "pairing-code-unknown": _portal(
        ("Bu eşleştirme kodu geçerli değil.", "This pairing code is not valid."),
        (
            "Kodu portaldaki gibi yazın. Kod on dakika geçerlidir ve bir kez kullanılır.",
            "Type the code as the portal shows it. It lasts ten minutes and works once.",
        ),
    ),
    "pairing-code-refused": _portal(
        ("Bu eşleştirme kodu geçerli değil.", "This pairing code is not valid."),
        (
            "Kodu portaldaki gibi yazın. Kod on dakika geçerlidir ve bir kez kullanılır.",
            "Type the code as the portal shows it. It lasts ten minutes and works once.",
        ),
    ),
    "pairing-rate-limited": _portal(
        ("Çok fazla kod denendi.", "Too many codes were tried."),
        (
            "Bir süre bekleyin ya da portaldaki bağlantıyı kullanın.",
            "Wait a while, or use the link on the portal.",
        ),
    ),
    "too-many-attempts": _portal(
        ("Çok fazla deneme yapıldı.", "There were too many attempts."),
        (
            "Bir süre bekleyin ya da portaldaki bağlantıyı kullanın.",
            "Wait a while, or use the link on the portal.",
        ),
    ),
    "release-refused-tries": _portal(
        (
            "Kartınızda güvenle kullanılabilecek kilit açma hakkı kalmamış.",
            "Your card has no unlock try left that can be used safely.",
        ),
        CALL_CENTRE,
    ),
    "release-refused-budget": _portal(
        (
            "Bu kart için bugünkü kilit açma sınırına ulaşıldı.",
            "Today’s limit of unlocks for this card has been reached.",
        ),
        (
            "Yarın yeniden deneyin ya da çağrı merkezini arayın.",
            "Try again tomorrow, or call the call centre.",
        ),
    ),
    "release-not-identified": _portal(
        ("Portal kartınızı yeniden tanımak istiyor.", "The portal needs to identify your card again."),
        ("Kartı okuyucudan çıkarıp yeniden takın.", "Take the card out of the reader and put it back in."),
    ),
    "secret-manual": _portal(
        ("Bu kartın kilidi çevrim içi açılamıyor.", "This card cannot be unlocked online."),
        CALL_CENTRE,
    ),
    "stale-fence": _portal(
        (
            "Bu işlemin yerini daha yeni bir işlem almış.",
            "A newer operation has taken the place of this one.",
        ),
        START_AGAIN,
    ),
    "fence-stale": _portal(
        (
            "Bu işlemin yerini daha yeni bir işlem almış.",
            "A newer operation has taken the place of this one.",
        ),
        START_AGAIN,
    ),
    "receipt-refused": _portal(
        (
            "Portal, SMS onayınızı artık geçerli saymıyor.",
            "The portal no longer accepts your SMS confirmation.",
        ),
        START_AGAIN,
    ),
    "message-malformed": _portal(
        (
            "Kart servisi ile portal birbirini anlayamadı.",
            "The card service and the portal did not understand each other.",
        ),
        (
            "Kart servisini güncelleyip işlemi yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Update the card service and start again. If it goes on, call the call centre.",
        ),
    ),
    "internal-error": _portal(
        ("Beklenmeyen bir sorun oluştu.", "Something unexpected went wrong."),
        (
            "Birkaç dakika sonra portaldan yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Start again from the portal in a few minutes. If it goes on, call the call centre.",
        ),
    ),
    "puk-exhausted": _portal(
        (
            "Kartınızın kilit açma hakkı tükenmiş; bu kartın kilidi artık açılamaz.",
            "Your card’s unlock tries are used up; this card can no longer be unlocked.",
        ),
        ("Yeni kart için çağrı merkezini arayın.", "Call the call centre about a new card."),
    ),
    # --- the card -------------------------------------------------------------------------------------------
    "wrong-card": _card(
        (
            "Takılı kart bu işlemin kartı değil. Karta bir şey yapılmadı.",
            "The card in the reader is not the one this operation is for. Nothing was done to it.",
        ),
        ("Kartı çıkarın ve doğru kartı takın.", "Take it out and put the right card in."),
    ),
    "card-unknown": _card(
        ("Takılı kart tanınmadı.", "The card in the reader was not recognised."),
        (
            "Kartın e-imza kartınız olduğunu ve çipi içeride kalacak yönde takıldığını kontrol edin.",
            "Check that it is your e-signature card and that its chip goes in first.",
        ),
    ),
    "card-mute": _card(
        ("Takılı kart yanıt vermiyor.", "The card in the reader does not answer."),
        (
            "Kartı çıkarın, çipini yumuşak bir bezle silin ve çipi içeride kalacak yönde takın.",
            "Take it out, wipe its chip with a soft cloth, and put it in chip first.",
        ),
    ),
    "card-lost": _card(
        (
            "Kartla bağlantı işlem sırasında kesildi.",
            "The connection to the card was cut during the operation.",
        ),
        (
            "Merak etmeyin, bir şey kaybolmadı. Kartı takıp işlemi portaldan yeniden başlatın; kaldığı "
            "yerden tamamlanır.",
            "Do not worry, nothing is lost. Put the card in and start again from the portal; it will be "
            "completed.",
        ),
    ),
    "card-refused": _card(
        ("Kart beklenmeyen bir yanıt verdi.", "The card gave an unexpected answer."),
        ("Kartı çıkarıp yeniden takın.", "Take the card out and put it back in."),
    ),
    "card-malformed": _card(
        ("Kartın yanıtı anlaşılamadı.", "The card’s answer could not be understood."),
        (
            "Kartı çıkarıp yeniden takın. Sürerse çağrı merkezini arayın.",
            "Take the card out and put it back in. If it goes on, call the call centre.",
        ),
    ),
    "card-not-reached": _card(
        (
            "Karta ulaşılamadı; karta bir şey yazılmadı.",
            "The card could not be reached; nothing was written to it.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "puk-counter-changed": _card(
        (
            "Kartın kilit açma hakkı az önce değişti; karta bir şey yazılmadı.",
            "The card’s unlock tries have just changed; nothing was written to it.",
        ),
        (
            "Kartı kullanan öteki programları kapatıp PIN’inizi yeniden yazın.",
            "Close other programs that use the card and type your PIN again.",
        ),
    ),
    "puk-not-changeable": _card(
        (
            "Bu kartta kilit açma kodu değiştirilemiyor; karta bir şey yazılmadı.",
            "On this card the unlock code cannot be changed; nothing was written to it.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "pin-not-proved": _card(
        (
            "Kart yeni PIN’i önce kabul etti, sonra reddetti.",
            "The card first accepted the new PIN and then refused it.",
        ),
        (
            "Portala dönüp işlemi yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Go back to the portal and start again. If it goes on, call the call centre.",
        ),
    ),
    "command-forbidden": _card(
        (
            "İzin verilmeyen bir kart komutu istendi. Komut karta gönderilmedi ve işlem durduruldu.",
            "A card command that is not allowed was asked for. It was not sent, and the operation was "
            "stopped.",
        ),
        CALL_CENTRE,
    ),
    "secret-refused": _card(
        (
            "Kart, kilit açma kodunu kabul etmedi. Kalan haklar korundu, işlem durduruldu.",
            "The card did not accept the unlock code. The tries left were kept safe and the operation was "
            "stopped.",
        ),
        CALL_CENTRE,
    ),
    # --- what was typed -------------------------------------------------------------------------------------
    "pin-missing": _typed(
        ("PIN yazılmadı.", "No PIN was typed."),
        ("PIN’inizi yazın.", "Type your PIN."),
    ),
    "pin-too-short": _typed(
        ("PIN çok kısa.", "The PIN is too short."),
        ("En az {min_length} rakam yazın.", "Type at least {min_length} digits."),
    ),
    "pin-too-long": _typed(
        ("PIN çok uzun.", "The PIN is too long."),
        ("En çok {max_length} rakam yazın.", "Type at most {max_length} digits."),
    ),
    "pin-not-digits": _typed(
        ("PIN’de rakamdan başka bir şey var.", "The PIN has something other than digits in it."),
        ("Yalnızca 0–9 arası rakamlar yazın.", "Use only the digits 0–9."),
    ),
    "pin-repeated": _typed(
        ("Hep aynı rakamdan oluşan PIN kolay tahmin edilir.", "A PIN of one digit only is easily guessed."),
        ("Farklı rakamlar kullanın.", "Use different digits."),
    ),
    "pin-sequential": _typed(
        (
            "Sıralı rakamlardan oluşan PIN kolay tahmin edilir.",
            "A PIN of digits in sequence is easily guessed.",
        ),
        ("Rakamları sırayla yazmayın.", "Do not use digits in sequence."),
    ),
    "pin-mismatch": _typed(
        ("İki PIN aynı değil.", "The two PINs are not the same."),
        ("Yeni PIN’inizi buraya aynen tekrar yazın.", "Type your new PIN here again, exactly."),
    ),
    "pin-unchanged": _typed(
        ("Yeni PIN, mevcut PIN ile aynı.", "The new PIN is the same as the current one."),
        ("Farklı bir PIN seçin.", "Choose a different PIN."),
    ),
    "pin-refused": _card(
        ("Kart bu PIN’i kabul etmedi.", "The card did not accept this PIN."),
        ("Kartınız kilitlenmedi. Başka bir PIN seçin.", "Your card is safe. Choose a different PIN."),
    ),
    "current-pin-wrong": _card(
        ("Mevcut PIN yanlış.", "The current PIN is wrong."),
        (
            "Yeniden deneyin ya da “PIN’imi unuttum”u seçin.",
            "Try again, or choose “I forgot my PIN”.",
        ),
    ),
    "pairing-code-form": _typed(
        ("Kod 8 harf ve rakamdan oluşur.", "The code has 8 letters and digits."),
        ("Kodu portaldaki gibi yazın.", "Type the code as the portal shows it."),
    ),
    "portal-not-chosen": _typed(
        ("Portal seçilmedi.", "No portal was chosen."),
        ("Kodu gösteren portalı seçin.", "Choose the portal that showed the code."),
    ),
    "card-not-chosen": _typed(
        ("Kart seçilmedi.", "No card was chosen."),
        ("Listeden bir kart seçin.", "Choose a card from the list."),
    ),
    # --- the card service's own -----------------------------------------------------------------------------
    "capability-replayed": _service(
        ("Bu işlem bağlantısı daha önce kullanılmış.", "This link has been used before."),
        START_AGAIN,
    ),
    "portal-not-trusted": _service(
        (
            "Bu bağlantı, kart servisinizin tanımadığı bir siteden geliyor. Kartınıza dokunulmadı.",
            "This link comes from a site your card service does not know. Your card was not touched.",
        ),
        (
            "Bağlantı kurumunuzun portalından geldiyse yöneticinizden “kilitcoz-agent trust” komutunu "
            "çalıştırmasını "
            "isteyin. Emin değilseniz bu sayfayı kapatın.",
            "If it came from your own organisation’s portal, ask your administrator to run “kilitcoz-agent "
            "trust”. "
            "If you are not sure, close this page.",
        ),
    ),
    "portal-unreachable": _service(
        ("Portala ulaşılamıyor.", "The portal cannot be reached."),
        ("İnternet bağlantınızı kontrol edin.", "Check your internet connection."),
    ),
    "portal-answer-invalid": _service(
        ("Portalın yanıtı doğrulanamadı.", "The portal’s answer could not be verified."),
        START_AGAIN,
    ),
    "trust-file-damaged": _service(
        (
            "Kart servisinin güvenilen portallar dosyası bozuk.",
            "The card service’s file of trusted portals is damaged.",
        ),
        (
            "Yöneticinizden “kilitcoz-agent doctor” komutunu çalıştırmasını isteyin.",
            "Ask your administrator to run “kilitcoz-agent doctor”.",
        ),
    ),
    "another-operation": _service(
        ("Bu bilgisayarda başka bir işlem sürüyor.", "Another operation is in progress on this computer."),
        (
            "Süren işlemi bitirin ya da bırakın, sonra bağlantıya yeniden tıklayın.",
            "Finish the operation in progress or leave it, then use the link again.",
        ),
    ),
    "release-late": _service(
        (
            "Portalın izni kullanılamadan eskidi; karta bir şey yazılmadı.",
            "The portal’s permission grew too old to be used; nothing was written to the card.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "reader-service-missing": _service(
        (
            "Bilgisayarın kart okuyucu hizmeti çalışmıyor.",
            "The computer’s card reader service is not running.",
        ),
        (
            "Bilgisayarı yeniden başlatın. Sürerse yöneticinizden “kilitcoz-agent doctor” komutunu "
            "çalıştırmasını isteyin.",
            "Restart the computer. If it goes on, ask your administrator to run “kilitcoz-agent doctor”.",
        ),
    ),
    "reader-missing": _service(
        ("Kart okuyucu bulunamadı.", "No card reader was found."),
        ("Kart okuyucuyu bilgisayara takın.", "Plug the card reader in."),
    ),
    "reader-busy": _service(
        ("Kartı şu anda başka bir program kullanıyor.", "Another program is using the card right now."),
        ("Kartı kullanan öteki programları kapatın.", "Close the other programs that use the card."),
    ),
    "cancelled-by-holder": _service(
        (
            "İşlemi bıraktınız. Kartınıza bir şey yapılmadı.",
            "You left the operation. Nothing was done to your card.",
        ),
        START_AGAIN,
    ),
    "action-not-possible": _service(
        ("Bu adım artık geçerli değil.", "This step is no longer possible."),
        ("Ekranda yazanı izleyin.", "Follow what the screen says now."),
    ),
}

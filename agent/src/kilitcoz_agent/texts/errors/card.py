"""What a card or its transaction comes to."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import CALL_CENTRE, TYPE_AGAIN, ErrorText, Origin


def _row(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "wrong-card": _row(
        (
            "Takılı kart bu işlemin kartı değil. Karta bir şey yapılmadı.",
            "The card in the reader is not the one this operation is for. Nothing was done to it.",
        ),
        ("Kartı çıkarın ve doğru kartı takın.", "Take it out and put the right card in."),
    ),
    "card-unknown": _row(
        ("Takılı kart tanınmadı.", "The card in the reader was not recognised."),
        (
            "Kartın e-imza kartınız olduğunu ve çipi içeride kalacak yönde takıldığını kontrol edin.",
            "Check that it is your e-signature card and that its chip goes in first.",
        ),
    ),
    "card-mute": _row(
        ("Takılı kart yanıt vermiyor.", "The card in the reader does not answer."),
        (
            "Kartı çıkarın, çipini yumuşak bir bezle silin ve çipi içeride kalacak yönde takın.",
            "Take it out, wipe its chip with a soft cloth, and put it in chip first.",
        ),
    ),
    "card-lost": _row(
        (
            "Kartla bağlantı işlem sırasında kesildi.",
            "The connection to the card was cut during the operation.",
        ),
        (
            "Bir şey kaybolmadı. Kartı takıp işlemi portaldan yeniden başlatın; kaldığı yerden tamamlanır.",
            "Nothing is lost. Put the card in and start again from the portal; it will be completed.",
        ),
    ),
    "card-refused": _row(
        ("Kart beklenmeyen bir yanıt verdi.", "The card gave an unexpected answer."),
        ("Kartı çıkarıp yeniden takın.", "Take the card out and put it back in."),
    ),
    "card-malformed": _row(
        ("Kartın yanıtı anlaşılamadı.", "The card’s answer could not be understood."),
        (
            "Kartı çıkarıp yeniden takın. Sürerse çağrı merkezini arayın.",
            "Take the card out and put it back in. If it goes on, call the call centre.",
        ),
    ),
    "card-not-reached": _row(
        (
            "Karta ulaşılamadı; karta bir şey yazılmadı.",
            "The card could not be reached; nothing was written to it.",
        ),
        TYPE_AGAIN,
    ),
    "puk-counter-changed": _row(
        (
            "Kartın kilit açma hakkı az önce değişti; karta bir şey yazılmadı.",
            "The card’s unlock tries have just changed; nothing was written to it.",
        ),
        (
            "Kartı kullanan öteki programları kapatıp PIN’inizi yeniden yazın.",
            "Close other programs that use the card and type your PIN again.",
        ),
    ),
    "puk-not-changeable": _row(
        (
            "Bu kartın kilit açma kodu değiştirilemiyor; PIN’iniz henüz değişmedi.",
            "This card’s unlock code cannot be changed; your PIN is not changed yet.",
        ),
        TYPE_AGAIN,
    ),
    "pin-blocked": _row(
        ("Kartınız kilitli; PIN’i değiştirilemez.", "Your card is locked; its PIN cannot be changed."),
        ("Portalda “Kilit Çözme” işlemini başlatın.", "Start an unlock on the portal."),
    ),
    "pin-not-proved": _row(
        (
            "Kart yeni PIN’i önce kabul etti, sonra reddetti.",
            "The card first accepted the new PIN and then refused it.",
        ),
        (
            "Portala dönüp işlemi yeniden başlatın. Sürerse çağrı merkezini arayın.",
            "Go back to the portal and start again. If it goes on, call the call centre.",
        ),
    ),
    "management-key-refused": _row(
        (
            "Kart, yönetim anahtarını kabul etmedi; bir şey yazılmadı.",
            "The card did not accept the management key; nothing was written to it.",
        ),
        (
            "Bu kartı ayırın ve yeni bir kartla sürdürün; kart başka bir yerde kullanılmış olabilir.",
            "Put this card aside and go on with a new one; it may have been used elsewhere.",
        ),
    ),
    "card-not-as-written": _row(
        (
            "Karttan geri okunan, yazılanla aynı değil.",
            "What was read back from the card is not what was written.",
        ),
        (
            "Kartı çıkarıp yeniden takın. Sürerse kartı ayırın ve yeni bir kartla sürdürün.",
            "Take the card out and put it back in. If it goes on, put the card aside and go on with a new "
            "one.",
        ),
    ),
    "command-forbidden": _row(
        (
            "İzin verilmeyen bir kart komutu istendi. Komut karta gönderilmedi ve işlem durduruldu.",
            "A card command that is not allowed was asked for. It was not sent, and the operation was "
            "stopped.",
        ),
        CALL_CENTRE,
    ),
    "secret-refused": _row(
        (
            "Kart, kilit açma kodunu kabul etmedi. Kalan haklar korundu, işlem durduruldu.",
            "The card did not accept the unlock code. The tries left were kept safe and the operation was "
            "stopped.",
        ),
        CALL_CENTRE,
    ),
    "pin-refused": _row(
        ("Kart bu PIN’i kabul etmedi.", "The card did not accept this PIN."),
        ("Bir şey kaybolmadı. Başka bir PIN seçin.", "Nothing is lost. Choose a different PIN."),
    ),
    "current-pin-wrong": _row(
        ("Mevcut PIN yanlış.", "The current PIN is wrong."),
        (
            "Yeniden deneyin ya da “PIN’imi unuttum”u seçin.",
            "Try again, or choose “I forgot my PIN”.",
        ),
    ),
}

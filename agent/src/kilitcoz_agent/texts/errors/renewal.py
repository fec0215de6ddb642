"""What a renewal comes to: its own codes, and in its words what others have too."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import CALL_CENTRE, ErrorText, Origin

GO_ON_LATER: Both = (
    "Portala dönün ve “Sertifikamı Yenile”yi yeniden başlatın; kaldığı yerden tamamlanır.",
    "Go back to the portal and start “Renew my Certificate” again; it goes on where it stopped.",
)


def _card(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD, happened, next_step)


def _portal(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.PORTAL, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "renew-pin-blocked": _card(
        (
            "PIN deneme hakkınız bitmiş; bu yüzden sertifika yenilenemiyor. Kartınız bozulmadı.",
            "No PIN tries are left, so the certificate cannot be renewed now. Your card is not broken.",
        ),
        (
            "Portalda “Kilit Çözme” ile yeni PIN belirleyin, sonra yenilemeyi yeniden başlatın.",
            "On the portal set a new PIN by “Unlock”, and start the renewal again.",
        ),
    ),
    "renew-card-lost": _card(
        (
            "Kartla bağlantı kesildi. Bir şey kaybolmadı.",
            "The connection to the card was cut. Nothing is lost.",
        ),
        (
            "PIN’inizi yeniden yazın; kaldığı yerden devam eder.",
            "Type your PIN again; it goes on where it stopped.",
        ),
    ),
    "management-key-refused": _card(
        (
            "Kart, yazma anahtarını kabul etmedi; karta bir şey yazılmadı.",
            "The card did not accept its management key; nothing was written to it.",
        ),
        CALL_CENTRE,
    ),
    "not-as-written": _card(
        (
            "Yeni sertifika karta doğru yazılamadı.",
            "The new certificate could not be written to the card rightly.",
        ),
        GO_ON_LATER,
    ),
    "renewal-key-unproved": _portal(
        ("Yeni anahtarın kanıtı kabul edilmedi.", "The new key’s proof was not accepted."),
        GO_ON_LATER,
    ),
    "renewal-not-offered": _portal(
        ("Bu kartın sertifikası evde yenilenemiyor.", "This card’s certificate cannot be renewed at home."),
        CALL_CENTRE,
    ),
    "ca-unavailable": _portal(
        (
            "Sertifika makamına şu anda ulaşılamıyor; yeni anahtarınız kartta bekliyor.",
            "The certificate authority cannot be reached now; your new key waits on the card.",
        ),
        GO_ON_LATER,
    ),
}
IN_A_RENEWAL: dict[str, ErrorText] = {
    "card-lost": _card(
        (
            "Kartla bağlantı kesildi. Bir şey kaybolmadı.",
            "The connection to the card was cut. Nothing is lost.",
        ),
        GO_ON_LATER,
    ),
    "portal-unreachable": ErrorText(
        Origin.CARD_SERVICE,
        ("Portala zamanında ulaşılamadı.", "The portal could not be reached in time."),
        GO_ON_LATER,
    ),
}

"""What a registrar meets at the desk."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin

PUT_ASIDE: Both = (
    "Kartı çıkarın ve boş bir kart takın.",
    "Take the card out and put a blank one in.",
)
OPEN_AGAIN: Both = (
    "Yönetim komutuyla partiye bakın (kilitcoz issue show); gerekirse masayı yeniden açın.",
    "Look at the batch (kilitcoz issue show); open the desk again if need be.",
)


def _row(happened: Both, next_step: Both, origin: Origin = Origin.PORTAL) -> ErrorText:
    return ErrorText(origin, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "card-not-blank": _row(
        (
            "Bu kart boş değil; üzerinde bizim yazmadığımız bir şey var. Karta bir şey yazılmadı.",
            "This card is not blank; there is something on it that we did not write. Nothing was written "
            "to it.",
        ),
        PUT_ASIDE,
    ),
    "card-taken": _row(
        (
            "Bu kart birinin. Karta bir şey yazılmadı.",
            "This card is somebody’s. Nothing was written to it.",
        ),
        PUT_ASIDE,
    ),
    "card-other-batch": _row(
        (
            "Bu kart başka bir partide yarım kalmış ya da iptal edilmiş.",
            "This card was begun in another batch, or its making was cancelled.",
        ),
        PUT_ASIDE,
    ),
    "card-not-wanted": _row(
        (
            "Bu partide yalnızca yarım kalan kartlar var; boş karta gerek yok.",
            "Only cards that were begun are left in this batch; no blank card is wanted.",
        ),
        (
            "Yarım kalan kartı takın. Kart bozulduysa onu iptal edin (kilitcoz issue cancel).",
            "Put the begun card in. If it is broken, cancel it (kilitcoz issue cancel).",
        ),
    ),
    "desk-one-card": _row(
        ("Okuyucularda birden çok kart var.", "There are cards in several readers."),
        ("Yalnızca bir kart bırakın.", "Leave only one card in."),
        Origin.CARD_SERVICE,
    ),
    "desk-card-lost": _row(
        (
            "Kart işlem sürerken çıkarıldı ya da bağlantısı kesildi. Hiçbir şey kaybolmadı.",
            "The card was taken out, or its connection was cut, while it was made. Nothing is lost.",
        ),
        (
            "Aynı kartı yeniden takın: kaldığı yerden sürdürülür.",
            "Put the same card in again: it goes on from where it stood.",
        ),
        Origin.CARD_SERVICE,
    ),
    "ca-unavailable": _row(
        (
            "Sertifika makamına şu anda ulaşılamıyor. Karttaki anahtarlar duruyor.",
            "The certificate authority cannot be reached just now. The keys on the card are kept.",
        ),
        (
            "Biraz sonra “Yeniden dene”ye basın ya da kartı sonra yeniden takın.",
            "Press “Try again” in a while, or put the card in again later.",
        ),
    ),
    "ca-not-founded": _row(
        ("Sertifika makamı henüz kurulmamış.", "There is no certificate authority yet."),
        (
            "Önce anahtar töreni yapılmalı (kilitcoz ca found).",
            "Hold the key ceremony first (kilitcoz ca found).",
        ),
    ),
    "ca-key-unfit": _row(
        (
            "Kartın ürettiği anahtar, sertifika makamının kabul ettiği türden değil.",
            "The key that the card made is of no kind that the authority certifies.",
        ),
        OPEN_AGAIN,
    ),
    "certificate-subject": _row(
        (
            "Kart sahibinin pasaportunu veren ülke bilinmiyor; sertifika üretilemedi.",
            "The country that issued the holder’s passport is not known; no certificate could be made.",
        ),
        (
            "Sahibin kaydını tamamlayın, sonra “Yeniden dene”ye basın.",
            "Complete the holder’s record, then press “Try again”.",
        ),
    ),
    "management-key-kept": _row(
        (
            "Kartın yönetim anahtarı kanıtlanmış; bir daha verilmez.",
            "The card’s management key was proved; it is not handed out again.",
        ),
        OPEN_AGAIN,
    ),
    "management-key-unknown": _row(
        (
            "Bu kartın bizde yönetim anahtarı yok.",
            "There is no management key of ours for this card.",
        ),
        OPEN_AGAIN,
    ),
    "batch-not-found": _row(("Böyle bir parti yok.", "There is no such batch."), OPEN_AGAIN),
    "batch-over": _row(
        ("Bu partide yapılacak kart kalmadı.", "No card of this batch is left to make."), OPEN_AGAIN
    ),
    "job-state": _row(
        (
            "Kartın bildirdiği, hazırlığının durduğu yere uymuyor.",
            "What the card told does not fit where its making stands.",
        ),
        OPEN_AGAIN,
    ),
}

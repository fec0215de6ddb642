"""What the card service itself refuses or meets."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import START_AGAIN, TYPE_AGAIN, ErrorText, Origin


def _row(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD_SERVICE, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "capability-invalid": _row(
        ("Bu işlem bağlantısı geçerli değil.", "This link is not valid."),
        START_AGAIN,
    ),
    "capability-expired": _row(
        ("Bu işlem bağlantısının süresi doldu.", "This link has run out of time."),
        START_AGAIN,
    ),
    "capability-replayed": _row(
        ("Bu işlem bağlantısı daha önce kullanılmış.", "This link has been used before."),
        START_AGAIN,
    ),
    "portal-not-trusted": _row(
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
    "portal-unreachable": _row(
        ("Portala ulaşılamıyor.", "The portal cannot be reached."),
        ("İnternet bağlantınızı kontrol edin.", "Check your internet connection."),
    ),
    "portal-answer-invalid": _row(
        ("Portalın yanıtı doğrulanamadı.", "The portal’s answer could not be verified."),
        START_AGAIN,
    ),
    "trust-file-damaged": _row(
        (
            "Kart servisinin güvenilen portallar dosyası bozuk.",
            "The card service’s file of trusted portals is damaged.",
        ),
        (
            "Yöneticinizden “kilitcoz-agent doctor” komutunu çalıştırmasını isteyin.",
            "Ask your administrator to run “kilitcoz-agent doctor”.",
        ),
    ),
    "another-operation": _row(
        ("Bu bilgisayarda başka bir işlem sürüyor.", "Another operation is in progress on this computer."),
        (
            "Süren işlemi bitirin ya da bırakın, sonra bağlantıya yeniden tıklayın.",
            "Finish the operation in progress or leave it, then use the link again.",
        ),
    ),
    "release-late": _row(
        (
            "Portalın izni kullanılamadan eskidi; karta bir şey yazılmadı.",
            "The portal’s permission grew too old to be used; nothing was written to the card.",
        ),
        TYPE_AGAIN,
    ),
    "reader-service-missing": _row(
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
    "reader-missing": _row(
        ("Kart okuyucu bulunamadı.", "No card reader was found."),
        ("Kart okuyucuyu bilgisayara takın.", "Plug the card reader in."),
    ),
    "reader-busy": _row(
        ("Kartı şu anda başka bir program kullanıyor.", "Another program is using the card right now."),
        ("Kartı kullanan öteki programları kapatın.", "Close the other programs that use the card."),
    ),
    "cancelled-by-holder": _row(
        (
            "İşlemi bıraktınız. PIN’iniz değişmedi.",
            "You left the operation. Your PIN was not changed.",
        ),
        START_AGAIN,
    ),
    "action-not-possible": _row(
        ("Bu adım artık geçerli değil.", "This step is no longer possible."),
        ("Ekranda yazanı izleyin.", "Follow what the screen says now."),
    ),
}

"""What the commands say, Turkish and English: for the person who installs the card service, or is asked for
help.
"""

from __future__ import annotations

from kilitcoz_agent.texts import Both

#: Codes that only the command line meets: what happened and what to do.
COMMAND_ERRORS: dict[str, Both] = {
    "origin-invalid": (
        "Portal adresi anlaşılamadı. Yalnızca “https://kilit.example” biçiminde yazın.",
        "The portal’s address was not understood. Write it as “https://kilit.example”.",
    ),
    "origin-not-https": (
        "Portal adresi https ile başlamalı. http yalnızca bu bilgisayarın kendi adresleri için kabul edilir.",
        "The portal’s address must begin with https. http is accepted for this computer’s own addresses "
        "only.",
    ),
    "trust-fingerprint-mismatch": (
        "Parmak izi uyuşmuyor; portal tanıtılmadı. Portalın yöneticisinden parmak izini yeniden isteyin.",
        "The fingerprint does not match; the portal was not trusted. Ask the portal’s administrator for it "
        "again.",
    ),
    "trust-not-confirmed": (
        "Onaylanmadı; hiçbir şey değiştirilmedi.",
        "Not confirmed; nothing was changed.",
    ),
    "port-taken": (
        "Bu portu başka bir program kullanıyor. “--port” ile başka bir port verin.",
        "Another program uses this port. Give another one by “--port”.",
    ),
    "service-already-running": (
        "Kart servisi zaten çalışıyor: http://127.0.0.1:{port}/",
        "The card service is already running: http://127.0.0.1:{port}/",
    ),
    "service-not-started": (
        "Kart servisi başlatılamadı. “kilitcoz-agent doctor” komutunu çalıştırın.",
        "The card service could not be started. Run “kilitcoz-agent doctor”.",
    ),
    "readers-unknown": (
        "Okuyucu seçimi anlaşılamadı: “pcsc”, “sim:SUNUCU:PORT” ya da “token:MODÜL” yazın.",
        "The choice of readers was not understood: write “pcsc”, “sim:HOST:PORT” or “token:MODULE”.",
    ),
}

FINGERPRINT: Both = ("{origin} portalının parmak izi:", "Fingerprint of the portal {origin}:")
COMPARE_FINGERPRINT: Both = (
    "Bunu portalın yöneticisinden aldığınız parmak iziyle karşılaştırın.",
    "Compare it with the one the portal’s administrator gave you.",
)
KEYS_CHANGED: Both = (
    "DİKKAT: bu portal daha önce başka anahtarlarla tanıtılmıştı. Yöneticisine sormadan onaylamayın.",
    "CAUTION: this portal was trusted before with other keys. Do not confirm without asking its "
    "administrator.",
)
CONFIRM: Both = ("Aynı mı? Onaylamak için “evet” yazın:", "Are they the same? Type “yes” to confirm:")
YES: Both = ("evet", "yes")
TRUSTED: Both = ("Portal tanıtıldı: {origin}", "The portal is trusted: {origin}")
INSTALLED: Both = ("Yazıldı: {path}", "Written: {path}")
NO_READERS: Both = ("Kart okuyucu yok.", "There is no card reader.")
READER_EMPTY: Both = ("{name}: kart yok", "{name}: no card")
READER_CARD: Both = ("{name}: {family} kartı, seri no {serial}", "{name}: {family} card, serial no. {serial}")
READER_FAULT: Both = ("{name}: {sentence}", "{name}: {sentence}")

# --- doctor: what is looked at, what was found, what to do --------------------------------------------------
CHECKS: dict[str, Both] = {
    "directory": ("Dosyalar", "Files"),
    "service": ("Kart servisi", "Card service"),
    "reader-service": ("Kart okuyucu hizmeti", "Card reader service"),
    "readers": ("Kart okuyucu", "Card reader"),
    "cards": ("Kart", "Card"),
    "trust": ("Güvenilen portal", "Trusted portal"),
    "portal": ("Portal", "Portal"),
    "clock": ("Saat", "Clock"),
}
LEVELS: dict[str, Both] = {"ok": ("tamam", "ok"), "warning": ("dikkat", "note"), "fault": ("SORUN", "FAULT")}

FOUND: dict[str, Both] = {
    "directory-private": ("{path} yalnızca size açık.", "{path} is open to you alone."),
    "directory-open": ("{path} başka kullanıcılara da açık.", "{path} is open to other users too."),
    "directory-missing": (
        "{path} henüz yok; ilk kullanımda oluşur.",
        "{path} is not there yet; it is made at first use.",
    ),
    "service-running": ("Çalışıyor: http://127.0.0.1:{port}/", "Running: http://127.0.0.1:{port}/"),
    "service-elsewhere": (
        "Çalışıyor, ama {port} portunda: portaldaki bağlantı onu bulamaz.",
        "Running, but at port {port}: the portal’s link does not find it.",
    ),
    "service-stopped": ("Çalışmıyor; {port} portu boş.", "Not running; port {port} is free."),
    "service-squatted": ("{port} portunu başka bir program kullanıyor.", "Another program uses port {port}."),
    "reader-service-there": ("Çalışıyor.", "Running."),
    "reader-service-missing": ("Yanıt vermiyor.", "Does not answer."),
    "readers-there": ("{count} okuyucu: {names}", "{count} found: {names}"),
    "readers-none": ("Okuyucu bulunamadı.", "No reader found."),
    "card-there": (
        "{name}: {family} kartı, seri no {serial}.",
        "{name}: {family} card, serial no. {serial}.",
    ),
    "card-none": ("Okuyucularda kart yok.", "No card in any reader."),
    "card-fault": ("{name}: {sentence}", "{name}: {sentence}"),
    "trust-there": ("{origin}, parmak izi {fingerprint}", "{origin}, fingerprint {fingerprint}"),
    "trust-none": ("Henüz bir portal tanıtılmamış.", "No portal is trusted yet."),
    "trust-damaged": (
        "Güvenilen portallar dosyası bozuk: {path}",
        "The file of trusted portals is damaged: {path}",
    ),
    "portal-reached": (
        "{origin} yanıt veriyor, anahtarları tanınıyor.",
        "{origin} answers with the keys we know.",
    ),
    "portal-keys-changed": (
        "{origin} başka anahtarlarla yanıt veriyor.",
        "{origin} answers with other keys.",
    ),
    "portal-unreached": ("{origin} adresine ulaşılamıyor.", "{origin} cannot be reached."),
    "portal-no-portal": (
        "{origin} bir Kilitçöz portalı gibi yanıt vermiyor.",
        "{origin} does not answer like a Kilitçöz portal.",
    ),
    "clock-right": (
        "Portalın saatiyle aynı ({seconds} sn fark).",
        "Agrees with the portal’s ({seconds} s apart).",
    ),
    "clock-wrong": ("Portalın saatinden {seconds} sn farklı.", "Is {seconds} s off the portal’s."),
    "clock-unknown": ("Portal saatini söylemedi.", "The portal did not tell its time."),
}

NEXT_STEPS: dict[str, Both] = {
    "directory-open": ("“chmod 700 {path}” komutunu çalıştırın.", "Run “chmod 700 {path}”."),
    "service-elsewhere": (
        "{usual} portunu kullanan programı kapatıp kart servisini yeniden başlatın; o zamana kadar "
        "eşleştirme kodunu kullanın.",
        "End the program that uses port {usual} and restart the card service; use the pairing code until "
        "then.",
    ),
    "service-stopped": ("“kilitcoz-agent run” komutunu çalıştırın.", "Run “kilitcoz-agent run”."),
    "service-squatted": (
        "O programı kapatın; ya da kart servisini yine de başlatıp eşleştirme kodunu kullanın.",
        "End that program; or start the card service anyway and use the pairing code.",
    ),
    "reader-service-missing": (
        "Linux’ta “sudo systemctl enable --now pcscd.socket”; Windows’ta “Akıllı Kart” hizmetini başlatın.",
        "On Linux “sudo systemctl enable --now pcscd.socket”; on Windows start the service “Smart Card”.",
    ),
    "readers-none": (
        "Okuyucuyu takın; takılıysa başka bir USB girişini ve okuyucunun sürücüsünü deneyin.",
        "Plug the reader in; if it is, try another USB port and the reader’s driver.",
    ),
    "card-none": ("Kartı çipi içeride kalacak yönde takın.", "Put the card in, chip first."),
    "card-fault": (
        "Kartı çıkarıp yeniden takın; kartı kullanan öteki programları kapatın.",
        "Take the card out and put it back in; close other programs that use it.",
    ),
    "trust-none": (
        "“kilitcoz-agent trust https://PORTAL” komutunu çalıştırın.",
        "Run “kilitcoz-agent trust https://PORTAL”.",
    ),
    "trust-damaged": (
        "Dosyayı silin ve “kilitcoz-agent trust https://PORTAL” komutunu yeniden çalıştırın.",
        "Delete the file and run “kilitcoz-agent trust https://PORTAL” again.",
    ),
    "portal-keys-changed": (
        "Portalın yöneticisinden yeni parmak izini alıp “kilitcoz-agent trust {origin}” komutunu çalıştırın.",
        "Get the new fingerprint from the portal’s administrator and run “kilitcoz-agent trust {origin}”.",
    ),
    "portal-unreached": (
        "İnternet bağlantısını, vekil sunucu ve güvenlik duvarı ayarlarını kontrol edin.",
        "Check the internet connection, proxy and firewall.",
    ),
    "portal-no-portal": (
        "Adresi ve portalın sürümünü yöneticisine sorun.",
        "Ask its administrator about the address and the portal’s version.",
    ),
    "clock-wrong": (
        "Bilgisayarın saatini otomatik ayarlanır yapın.",
        "Let the computer set its clock automatically.",
    ),
}

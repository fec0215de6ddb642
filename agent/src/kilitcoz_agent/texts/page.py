"""The sentences of the local page, Turkish and English, in the order in which a holder meets them.

The labels in the manual's quotation marks (MAIN_HEADING, SCREEN_HEADING, NEW_PIN, REPEAT_PIN, MAKE_PIN,
PIN_CHANGED) are found by tests and by people who follow the manual: they do not change.
"""

from __future__ import annotations

from kilitcoz_agent.texts import Both

BRAND: Both = ("Akıllı Kart Servisi", "Smart Card Service")
MAIN_HEADING: Both = (
    "Bireysel Nitelikli Elektronik Sertifika İşlemleri",
    "Personal Qualified Electronic Certificate Services",
)
SCREEN_HEADING: Both = ("Kilit Çözme Ekranı", "Unlock Screen")
TRAIL_LABEL: Both = ("Sayfa yolu", "Breadcrumb")
SKIP: Both = ("İçeriğe geç", "Skip to content")
NO_SCRIPT: Both = (
    "Bu sayfa JavaScript olmadan çalışmaz. Tarayıcınızda JavaScript’i açıp sayfayı yenileyin.",
    "This page needs JavaScript. Turn it on in your browser and reload.",
)
GONE_HEADING: Both = ("Kart servisi yanıt vermiyor", "The card service does not answer")
GONE_TEXT: Both = (
    "“Akıllı Kart Servisi” programını yeniden başlatın. Bu sayfa kendiliğinden devam eder.",
    "Start the “Smart Card Service” program again. This page then goes on by itself.",
)
PROBLEM: Both = ("Bir sorun var", "There is a problem")
CODE: Both = ("Hata kodu: {code}", "Error code: {code}")

# --- start --------------------------------------------------------------------------------------------------
START_HEADING: Both = ("Kart servisi çalışıyor", "The card service is running")
START_LEAD: Both = (
    "PIN’inizi yenilemek ya da kartınızla giriş yapmak için önce portalda işlemi başlatın. Portal sizi bu "
    "sayfaya kendisi getirir.",
    "To set a new PIN or to log in with your card, first start on the portal. It brings you to this page by "
    "itself.",
)
START_CODE: Both = (
    "Portal size bir eşleştirme kodu gösterdiyse buraya yazın.",
    "If the portal showed you a pairing code, type it here.",
)
PAIRING_CODE: Both = ("Eşleştirme kodu", "Pairing code")
PAIRING_HINT: Both = ("8 harf ve rakam, örneğin ABCD 2345", "8 letters and digits, such as ABCD 2345")
PAIRING_PORTAL: Both = ("Kodu hangi portal gösterdi?", "Which portal showed the code?")
GO_ON: Both = ("Devam", "Continue")
NO_PORTAL: Both = (
    "Bu kart servisine henüz bir portal tanıtılmamış. Yöneticinizden “kilitcoz-agent trust” komutunu "
    "çalıştırmasını "
    "isteyin.",
    "No portal has been made known to this card service yet. Ask your administrator to run “kilitcoz-agent "
    "trust”.",
)

# --- what the operation is ----------------------------------------------------------------------------------
PORTAL: Both = ("Portal", "Portal")
OPERATION: Both = ("İşlem", "Operation")
UNLOCK: Both = ("Kilit Çözme", "Unlock")
CHANGE: Both = ("PIN Değiştirme", "Change PIN")
CARD: Both = ("Kart", "Card")
CARD_ENDS: Both = ("Seri no {serial}", "Serial no. {serial}")
CARD_UNNUMBERED: Both = ("Seri numarası okunamadı", "Serial number not readable")
CARD_LABEL: Both = ("Seri no sonu: {label}", "Serial no. ends in {label}")
READER: Both = ("Okuyucu", "Reader")
PIN_TRIES: Both = ("PIN deneme hakkı", "PIN tries left")
PUK_TRIES: Both = ("Kilit açma hakkı", "Unlock tries left")
NO_TRIES: Both = ("Kalmadı, kart kilitli", "None, the card is locked")
TRIES: Both = ("{count}", "{count}")
NUMBER: Both = (
    "Portal sayfasında da bu sayı yazmalı. Farklıysa devam etmeyin.",
    "The portal page must show this number too. If it differs, stop.",
)
PROMISES: dict[str, Both] = {
    "F3": (
        "Yeni PIN’inizi yalnızca siz bilirsiniz; sunucuya gönderilmez. Kartınızın kilit açma kodu bu "
        "bilgisayarda bir "
        "an kullanılır ve hemen yenisiyle değiştirilir.",
        "Only you know your new PIN; it is not sent to the server. Your card’s unlock code is used on this "
        "computer "
        "for a moment and replaced by a new one at once.",
    ),
}

# --- card ---------------------------------------------------------------------------------------------------
INSERT_CARD: Both = ("Kartınızı takın", "Put your card in")
INSERT_CARD_TEXT: Both = (
    "Kartınızı, çipi içeride kalacak yönde okuyucuya takın. Sayfa kendiliğinden devam eder.",
    "Put your card into the reader, chip first. The page goes on by itself.",
)
INSERT_READER: Both = ("Kart okuyucuyu takın", "Plug your card reader in")
INSERT_READER_TEXT: Both = (
    "Kart okuyucuyu bilgisayara, kartınızı da okuyucuya takın. Sayfa kendiliğinden devam eder.",
    "Plug the card reader into the computer and put your card in. The page goes on by itself.",
)
WRONG_CARD: Both = ("Bu kart, bu işlemin kartı değil", "This is not the card for this operation")
WRONG_CARD_LABEL: Both = (
    "Seri numarası {label} ile biten kartı takın.",
    "Put in the card whose serial number ends in {label}.",
)
CHOOSE_CARD: Both = ("Kartınızı seçin", "Choose your card")
CHOOSE_CARD_LEGEND: Both = ("Hangi kartla devam edilsin?", "Which card should be used?")
READING_CARD: Both = ("Kartınız okunuyor", "Reading your card")
CLOSE_OTHERS: Both = (
    "Uzun sürerse kartı kullanan öteki programları kapatın.",
    "If this takes long, close other programs that use the card.",
)
LEAVE_IN: Both = ("Kartı okuyucudan çıkarmayın.", "Leave the card in the reader.")

# --- figures 7 and 8 ----------------------------------------------------------------------------------------
NEW_PIN: Both = ("Yeni PIN Kodu", "New PIN")
REPEAT_PIN: Both = ("Yeni PIN Kodu (Tekrar)", "New PIN (again)")
CURRENT_PIN: Both = ("Mevcut PIN", "Current PIN")
MAKE_PIN: Both = ("Yeni PIN Üret", "Set new PIN")
CHANGE_IT: Both = ("PIN’i Değiştir", "Change PIN")
PIN_HINT: Both = (
    "{min_length}–{max_length} rakam. Hep aynı ya da sıralı rakam olmasın.",
    "{min_length} to {max_length} digits. Not all the same, and not in sequence.",
)
SHOW_PIN: Both = ("PIN’i göster", "Show PIN")
HIDE_PIN: Both = ("PIN’i gizle", "Hide PIN")
E_APPROVAL: Both = (
    "Sonraki başvurularınızda yeniden imza istenmemesi için portalda bir kez E-Onay verebilirsiniz.",
    "Give your E-Approval once on the portal, and later applications ask for no new signature.",
)
NOT_BLOCKED: Both = ("Kartınız kilitli değil", "Your card is not locked")
NOT_BLOCKED_TEXT: Both = (
    "PIN’inizi hatırlıyor musunuz?",
    "Do you remember your PIN?",
)
I_KNOW: Both = ("Evet, PIN’imi değiştireceğim", "Yes, I want to change it")
I_FORGOT: Both = ("Hayır, PIN’imi unuttum", "No, I forgot my PIN")
I_FORGOT_NOW: Both = ("PIN’imi unuttum", "I forgot my PIN")
I_KNOW_NOW: Both = ("PIN’imi hatırlıyorum", "I remember my PIN")
TRIES_LEFT_NOW: Both = ("Kalan deneme hakkı: {count}.", "Tries left: {count}.")
LAST_TRY: Both = (
    "Bir deneme hakkınız kaldı; emin değilseniz “PIN’imi unuttum”u seçin.",
    "One try is left. If you are not sure, choose “I forgot my PIN”.",
)
LAST_TRY_AT_ALL: Both = (
    "Bir deneme hakkınız kaldı; yanlış yazarsanız kart kilitlenir.",
    "One try is left; if it is wrong, the card is locked.",
)
CHANGE_PROMISE: Both = (
    "PIN’leriniz yalnızca kartınıza gider; sunucuya gönderilmez.",
    "Your PINs go to your card only; they are not sent to the server.",
)
CANCEL: Both = ("Vazgeç", "Cancel")

# --- work ---------------------------------------------------------------------------------------------------
WORKING: Both = ("PIN’iniz değiştiriliyor", "Your PIN is being changed")
STEP_PORTAL: Both = ("Portaldan izin alınıyor", "Asking the portal")
STEP_CARD: Both = ("Yeni PIN karta yazılıyor ve deneniyor", "Writing the new PIN to the card and trying it")
STEP_REPORT: Both = ("Sonuç portala bildiriliyor", "Telling the portal")
PORTAL_GONE: Both = ("Portala ulaşılamıyor", "The portal cannot be reached")
PORTAL_GONE_TEXT: Both = (
    "İnternet bağlantınızı kontrol edin. Kendiliğinden yeniden deniyoruz; beklemeden denemek için düğmeye "
    "basın.",
    "Check your internet connection. We keep trying by ourselves; to try at once, press the button.",
)
RELEASE_GONE: Both = (
    "Portala ulaşılamadı. Kartınıza bir şey yapılmadı. İnternet bağlantınızı kontrol edip yeni PIN’inizi "
    "yeniden yazın.",
    "The portal could not be reached. Nothing was done to your card. Check your connection and type your "
    "new PIN again.",
)
RETRY: Both = ("Yeniden dene", "Try again")

# --- figure 9, and other ends -------------------------------------------------------------------------------
PIN_CHANGED: Both = ("Kart PIN başarıyla değiştirildi", "The card PIN was changed successfully")
PIN_CHANGED_CLOSED: Both = (
    "Kart PIN başarıyla değiştirildi.",
    "The card PIN was changed successfully.",
)
PIN_CHANGED_TEXT: Both = (
    "Yeni PIN’iniz kartta denendi ve çalışıyor. Kartınızı okuyucudan çıkarabilirsiniz.",
    "Your new PIN was tried on the card and works. You can take the card out of the reader.",
)
PIN_CHANGED_UNREPORTED: Both = (
    "Portala henüz bildiremedik; kendiliğinden yeniden deniyoruz. Sizin bir şey yapmanız gerekmez.",
    "We could not tell the portal yet and keep trying by ourselves. There is nothing you need to do.",
)
BACK_AT_PORTAL: Both = (
    "Portal sayfanız açıksa sonucu orada da görürsünüz.",
    "If your portal page is open, you see the result there too.",
)
OK: Both = ("OK", "OK")
ENDED: Both = ("İşlem tamamlanmadı", "The operation was not completed")
CANCELLED: Both = ("İşlemi bıraktınız", "You left the operation")
IN_DOUBT: Both = ("Merak etmeyin, yeniden başlatın", "Do not worry, start again")
FAREWELL: Both = ("İşlem bitti", "All done")
FAREWELL_TEXT: Both = ("Bu sekmeyi kapatabilirsiniz.", "You can close this tab.")
TO_PORTAL: Both = ("Portala dön", "Back to the portal")

"""The sentences of "Kullanıma Aç" on the local page, Turkish and English: nobody forgot anything, the PIN is
the card's first.
"""

from __future__ import annotations

from kilitcoz_agent.texts import Both

ACTIVATE: Both = ("Kullanıma Aç", "Activate")
SCREEN_HEADING: Both = ("İlk PIN Ekranı", "First PIN Screen")
NEW_PIN: Both = ("İlk PIN Kodu", "First PIN")
REPEAT_PIN: Both = ("İlk PIN Kodu (Tekrar)", "First PIN (again)")
MAKE_PIN: Both = ("İlk PIN’i Belirle", "Set first PIN")
ABOUT: Both = (
    "Kartınız size PIN’i bilinmeden verildi; ilk PIN’i siz belirlersiniz. Kart PIN’inizi kabul edince "
    "sertifikanız kullanıma açılır.",
    "Your card was given to you with a PIN that nobody knows; you set the first one. Once the card has "
    "accepted it, your certificate is opened for use.",
)
PROMISES: dict[str, Both] = {
    "F3": (
        "PIN’inizi yalnızca siz bilirsiniz; sunucuya gönderilmez. Kartınızın kilit açma kodu bu bilgisayarda "
        "bir an kullanılır ve hemen yenisiyle değiştirilir.",
        "Only you know your PIN; it is not sent to the server. Your card’s unlock code is used on this "
        "computer for a moment and replaced by a new one at once.",
    ),
}

WORKING: Both = ("İlk PIN’iniz belirleniyor", "Your first PIN is being set")
STEP_CARD: Both = ("PIN karta yazılıyor ve deneniyor", "Writing the PIN to the card and trying it")
STEP_REPORT: Both = (
    "Sonuç portala bildiriliyor, sertifikanız açılıyor",
    "Telling the portal, which opens your certificate",
)

PIN_SET: Both = ("Kart PIN başarıyla belirlendi", "The card PIN was set successfully")
PIN_SET_CLOSED: Both = ("Kart PIN başarıyla belirlendi.", "The card PIN was set successfully.")
PIN_SET_TEXT: Both = (
    "PIN’iniz kartta denendi ve çalışıyor. Sertifikanızın kullanıma açıldığını portalda görürsünüz. "
    "Kartınızı okuyucudan çıkarabilirsiniz.",
    "Your PIN was tried on the card and works. The portal shows that your certificate is open for use. You "
    "can take the card out of the reader.",
)

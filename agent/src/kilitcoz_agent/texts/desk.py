"""The sentences of a registrar's desk on the local page, Turkish and English, in the order they appear in."""

from __future__ import annotations

from kilitcoz_agent.texts import Both

PERSONALISE: Both = ("Kart hazırlama", "Card personalisation")
SCREEN_HEADING: Both = ("Kart Hazırlama Ekranı", "Card Personalisation Screen")
CLOSED: Both = ("Kartlar hazırlandı.", "The cards were made ready.")

BATCH: Both = ("Parti", "Batch")
BATCH_NUMBER: Both = ("{number} numaralı parti", "batch {number}")
PROGRESS: Both = ("Hazırlanan kart", "Cards made")
PROGRESS_OF: Both = ("{done} / {total}", "{done} of {total}")
PERSON: Both = ("Kart kimin", "Whose card")
APPLICATION: Both = ("Başvuru numarası", "Application number")
CARD_ENDS: Both = ("…{last_four}", "…{last_four}")

BEGIN_HEADING: Both = ("Kartlar hazırlanacak", "Cards will be made")
BEGIN_TEXT: Both = (
    "Okuyucuya takacağınız boş kartlara anahtar üretilecek, sertifika yazılacak ve kilit açma kodları "
    "değiştirilecek. Dolu bir karta hiçbir şey yazılmaz.",
    "Blank cards that you put in will be given keys and certificates, and their unlock codes will be "
    "changed. Nothing is written to a card that is in use.",
)
NUMBER: Both = (
    "“kilitcoz issue” komutu da bu sayıyı yazmış olmalı. Farklıysa devam etmeyin.",
    "The command “kilitcoz issue” must have printed this number too. If it differs, do not go on.",
)
BEGIN: Both = ("Başla", "Begin")
NEXT_HEADING: Both = ("Sıradaki kartı takın", "Put in the next card")
NEXT_TEXT: Both = ("{person} için boş bir kart takın.", "Put in a blank card for {person}.")
NEXT_BEGUN: Both = (
    "Yalnızca yarım kalan kartlar var: onları takın, kaldıkları yerden sürdürülür.",
    "Only cards that were begun are left: put them in, and they go on from where they stood.",
)

MAKING: Both = ("Kart hazırlanıyor", "Making the card")
STEP_LOOK: Both = ("Kart okunuyor", "Reading the card")
STEP_NUMBER: Both = ("Kart numaralanıyor", "Numbering the card")
STEP_KEYS: Both = ("Anahtarlar kartta üretiliyor", "Keys are made on the card")
STEP_WRITE: Both = ("Sertifikalar yazılıyor ve geri okunuyor", "Certificates are written and read back")
STEP_LOCK: Both = ("Kilit açma kodu ve PIN değiştiriliyor", "Unlock code and PIN are changed")

CARD_DONE: Both = ("Kart hazır", "The card is ready")
CARD_DONE_TEXT: Both = (
    "{person} için kart hazır. Kartı çıkarın ve etiketini yapıştırın.",
    "The card for {person} is ready. Take it out and put its label on.",
)
PUT_ASIDE: Both = ("Bu kart ayrıldı", "This card is put aside")
TAKE_OUT: Both = (
    "Kartı çıkarın; sıradaki kartla sürdürebilirsiniz.",
    "Take the card out; you can go on with the next one.",
)
ALL_DONE: Both = ("Bütün kartlar hazır", "All cards are ready")
ALL_DONE_TEXT: Both = (
    "{total} kartın tamamı hazırlandı. Son kartı çıkarabilirsiniz. Kartların PIN’i yoktur: sahipleri "
    "“Kullanıma Aç” ile belirler.",
    "All {total} cards were made. You can take the last one out. The cards have no PIN: their holders set it "
    "with “Open for use”.",
)
STOP: Both = ("Masayı kapat", "Close the desk")

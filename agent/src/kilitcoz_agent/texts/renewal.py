"""The sentences of a renewal on the local page, Turkish and English, in the order in which they are met."""

from __future__ import annotations

from kilitcoz_agent.texts import Both

SCREEN_HEADING: Both = ("Sertifika Yenileme Ekranı", "Certificate Renewal Screen")
RENEWAL: Both = ("Sertifika yenileme", "Certificate renewal")
WHAT: Both = (
    "Kartınızda yeni bir anahtar üretilecek ve yeni sertifikanız yazılacak. Kartınız bundan sonra yenisiyle "
    "imza atar; bugüne kadar imzaladıklarınız doğrulanmaya devam eder.",
    "A new key will be made on your card, and your new certificate written to it. From then on your card "
    "signs with the new one; what you have signed until today stays verifiable.",
)
RENEW: Both = ("Yenile", "Renew")
FORGOT: Both = (
    "PIN’inizi unuttuysanız vazgeçin; portaldaki “Kilit Çözme” ile yeni PIN belirleyebilirsiniz.",
    "If you forgot your PIN, cancel; on the portal you can set a new one by “Unlock”.",
)

WORKING: Both = ("Sertifikanız yenileniyor", "Your certificate is being renewed")
STEP_CARD: Both = ("Kartınızda yeni anahtar üretiliyor", "Making a new key on your card")
STEP_REPORT: Both = (
    "Yeni sertifika alınıyor ve karta yazılıyor",
    "Getting the new certificate and writing it to the card",
)

RENEWED: Both = ("Sertifikanız yenilendi", "Your certificate is renewed")
RENEWED_TEXT: Both = (
    "Yeni sertifika kartınızda ve kullanıma açık. Kartınızı okuyucudan çıkarabilirsiniz.",
    "The new certificate is on your card and open for use. You can take the card out of the reader.",
)
DONE_AND_CLOSED: Both = ("Sertifika yenilendi.", "The certificate was renewed.")

"""The sentences of a login on the local page, Turkish and English, in the order in which they are met."""

from __future__ import annotations

from kilitcoz_agent.texts import Both

SCREEN_HEADING: Both = ("Kartla Giriş Ekranı", "Card Login Screen")
LOGIN: Both = ("Kartla giriş", "Login by card")
LOGS_IN: Both = ("Giriş yapılacak yer", "Where you log in")
THIS_BROWSER: Both = ("Bu tarayıcı", "This browser")
OTHER_BROWSER: Both = (
    "Eşleştirme kodunu gösteren ÖTEKİ tarayıcı",
    "The OTHER browser, which showed the pairing code",
)
OTHER_BROWSER_NAMED: Both = (
    "Eşleştirme kodunu gösteren ÖTEKİ tarayıcı: {browser}",
    "The OTHER browser, which showed the pairing code: {browser}",
)
BEWARE: Both = (
    "Kodu size başkası söylediyse ya da gönderdiyse vazgeçin: giriş onun tarayıcısında yapılır.",
    "If somebody told or sent you the code, cancel: it is that person’s browser that would be logged in.",
)
KEEP_NUMBER: Both = (
    "Kodu size başkası söylediyse bu numarayı ona vermeyin: giriş onun tarayıcısında yapılır.",
    "If somebody told you the code, do not give them this number: their browser would be logged in.",
)
OTHER_NETWORK: Both = (
    "Dikkat: o tarayıcı bu bilgisayarla aynı ağda değil. Girişi bu bilgisayarda kendiniz "
    "başlatmadıysanız vazgeçin.",
    "Careful: that browser is not in the same network as this computer. Unless you started the login "
    "yourself at this computer, cancel.",
)
CARD_PIN: Both = ("Kart PIN’i", "Card PIN")
SIGN_IN: Both = ("Giriş", "Log in")
PROMISE: Both = (
    "PIN’iniz yalnızca kartınıza gider; siteye gönderilmez.",
    "Your PIN goes to your card only; it is not sent to the site.",
)
FORGOT: Both = (
    "PIN’inizi unuttuysanız vazgeçin; portalda “Şifreli Giriş” ile girip “Kilit Çözme” yapabilirsiniz.",
    "If you forgot your PIN, cancel; on the portal use “Security Word Login”, then “Unlock”.",
)
HOLDER: Both = ("Kart sahibi", "Card holder")
NAMED_CARD: Both = ("{name} – {card}", "{name} – {card}")

LAST_TRY: Both = ("Son PIN deneme hakkı", "The last PIN try")
LAST_TRY_TEXT: Both = (
    "Kartınızda bir deneme hakkı kaldı. PIN’i yanlış yazarsanız kart kilitlenir ve yeni PIN belirlemeniz "
    "gerekir.",
    "Your card has one try left. If you type the PIN wrongly, the card is locked and you must set a new PIN.",
)
UNTOLD_TEXT: Both = (
    "Kartınız kaç deneme hakkı kaldığını söylemiyor; bu, son hakkınız olabilir. PIN’i yanlış yazarsanız "
    "kart kilitlenebilir.",
    "Your card does not tell how many tries are left; this may be the last. If you type the PIN wrongly, "
    "the card may be locked.",
)
SPEND_IT: Both = ("PIN’imden eminim, devam et", "I am sure of my PIN, go on")

WORKING: Both = ("Giriş onaylanıyor", "Confirming the login")
STEP_CARD: Both = ("Kartınız imzalıyor", "Your card is signing")
STEP_REPORT: Both = ("Portal doğruluyor", "The portal is checking")

CONFIRMED: Both = ("Kartınız girişi onayladı", "Your card has confirmed the login")
CONFIRMED_TEXT: Both = (
    "Girişi tamamlamak için “Devam” düğmesine basın. Kartınızı okuyucudan çıkarabilirsiniz.",
    "Press “Continue” to finish logging in. You can take the card out of the reader.",
)
CONFIRMATION: Both = (
    "Bu numarayı, girişi başlattığınız tarayıcıdaki portal sayfasına yazın. Kimseye söylemeyin.",
    "Type this number on the portal’s page in the browser in which you started. Tell it to nobody.",
)
CARD_LOCKED: Both = ("Kartınız kilitli", "Your card is locked")
DONE_AND_CLOSED: Both = ("Giriş onaylandı.", "The login was confirmed.")

"""The sentences of a document's signature on the local page, Turkish and English, in the order in which they
are met.
"""

from __future__ import annotations

from kilitcoz_agent.texts import Both

SCREEN_HEADING: Both = ("E-İmza Ekranı", "Signature Screen")
SIGNATURE: Both = ("Belge imzalama", "Signing a document")
DOCUMENT: Both = ("Belge", "Document")
FINGERPRINT: Both = (
    "Belgenin özeti ({algorithm}). Portal sayfasında da aynı karakterler yazmalı; farklıysa imzalamayın.",
    "The document’s fingerprint ({algorithm}). The portal page must show the same characters; if they "
    "differ, do not sign.",
)
CONSENT: Both = (
    "“İmzala” düğmesine basarsanız bu belgeyi kendi elinizle imzalamış olursunuz.",
    "If you press “Sign”, it is as if you had signed this document by hand.",
)
SIGN: Both = ("İmzala", "Sign")
FORGOT: Both = (
    "PIN’inizi unuttuysanız vazgeçin; portaldaki “Kilit Çözme” ile yeni PIN belirleyebilirsiniz.",
    "If you forgot your PIN, cancel; on the portal you can set a new one by “Unlock”.",
)

WORKING: Both = ("Belge imzalanıyor", "Signing the document")
STEP_CARD: Both = ("Kartınız imzalıyor", "Your card is signing")
STEP_REPORT: Both = ("Portal imzayı doğruluyor", "The portal is checking the signature")

SIGNED: Both = ("Belgeyi imzaladınız", "You have signed the document")
SIGNED_TEXT: Both = (
    "İmzalı belgeniz portalda. Kartınızı okuyucudan çıkarabilirsiniz.",
    "Your signed document is on the portal. You can take the card out of the reader.",
)
DONE_AND_CLOSED: Both = ("Belge imzalandı.", "The document was signed.")

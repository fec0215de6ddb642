"""What a document's signature comes to: its own codes, and in its words what others have too."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin

AGAIN: Both = (
    "Portala dönün ve imzalamayı yeniden başlatın.",
    "Go back to the portal and start the signature again.",
)
ANOTHER_CARD: Both = (
    "İmza sertifikanızın bulunduğu kartı takın. Başka kartınız yoksa çağrı merkezini arayın.",
    "Put in the card that has your signature certificate. If you have no other card, call the call centre.",
)
SEE_CERTIFICATES: Both = (
    "Portalda “Sertifika Listele” ile sertifikanızın durumuna bakın.",
    "On the portal look at your certificate’s state by “List Certificates”.",
)
NOTHING_SIGNED: Both = (
    "Bu işlemde hiçbir şey imzalanmadı. Portaldaki çağrı merkezi numarasını arayın ve bu ekranda yazanı "
    "söyleyin.",
    "Nothing was signed. Call the call centre, whose number is on the portal, and tell them what this screen "
    "says.",
)


def _card(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD, happened, next_step)


def _portal(happened: Both, next_step: Both = SEE_CERTIFICATES) -> ErrorText:
    return ErrorText(Origin.PORTAL, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "sign-pin-blocked": _card(
        (
            "PIN deneme hakkınız bitmiş; bu yüzden imza atılamıyor. Kartınız bozulmadı.",
            "No PIN tries are left, so the card cannot sign now. Your card is not broken.",
        ),
        (
            "Portalda “Kilit Çözme” ile yeni PIN belirleyin, sonra imzalamayı yeniden başlatın.",
            "On the portal set a new PIN by “Unlock”, and start the signature again.",
        ),
    ),
    "sign-card-lost": _card(
        (
            "Kartla bağlantı kesildi; imza atılmadı.",
            "The connection to the card was cut; nothing was signed.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "sign-certificate-missing": _card(
        ("Takılı kartta imza sertifikası yok.", "The card in the reader has no signature certificate."),
        ANOTHER_CARD,
    ),
    "sign-certificate-expired": _card(
        (
            "Takılı karttaki imza sertifikasının süresi dolmuş.",
            "The signature certificate on the card in the reader has expired.",
        ),
        ANOTHER_CARD,
    ),
    "sign-certificate-not-yet-valid": _card(
        (
            "Takılı karttaki imza sertifikasının süresi henüz başlamamış.",
            "The signature certificate on the card in the reader is not valid yet.",
        ),
        ("Bilgisayarın saatini kontrol edin.", "Check the computer’s clock."),
    ),
    "sign-certificate-key": _card(
        (
            "Takılı karttaki imza sertifikasının anahtarı bu belge için kullanılamıyor.",
            "The key of the signature certificate on the card in the reader cannot sign this document.",
        ),
        ANOTHER_CARD,
    ),
    "sign-certificate-unreadable": _card(
        (
            "Takılı karttaki imza sertifikası okunamadı.",
            "The signature certificate on the card in the reader cannot be read.",
        ),
        ANOTHER_CARD,
    ),
    "sign-other-certificate": _portal(
        (
            "Takılı karttaki imza sertifikası, portalda kayıtlı olan değil.",
            "The signature certificate on the card in the reader is not the one on record at the portal.",
        ),
        ANOTHER_CARD,
    ),
    "sign-attributes-refused": _portal(
        (
            "Portal, gösterdiği belgeden başka bir şeyin imzalanmasını istedi. Durduruldu.",
            "The portal asked for a signature of something else than the document it names. It was stopped.",
        ),
        NOTHING_SIGNED,
    ),
    "sign-signature-wrong": _portal(
        ("Portal, kartınızın imzasını doğrulayamadı.", "The portal could not verify your card’s signature."),
        AGAIN,
    ),
    "sign-withdrawn": _portal(
        ("Bu belgenin imzalanması portalda bırakılmış.", "Signing this document was given up on the portal."),
        AGAIN,
    ),
    "consent-given-already": _portal(
        ("E-Onayınız zaten var; yeniden vermeniz gerekmez.", "You have given E-Approval already."),
        (
            "Portaldaki “E-Onay” sayfasından belgenize bakabilirsiniz.",
            "You can look at your document on the portal’s page “E-Approval”.",
        ),
    ),
    "certificate-not-open": _portal(
        (
            "İmza sertifikanız henüz kullanıma açılmamış.",
            "Your signature certificate was not opened for use yet.",
        ),
        (
            "Portalda “Kullanıma Aç” ile açın, sonra yeniden başlatın.",
            "Open it by “Open for Use” on the portal, then start again.",
        ),
    ),
}

#: Codes that others have too, in a signature's words.
IN_A_SIGNATURE: dict[str, ErrorText] = {
    "cancelled-by-holder": _card(("İmzalamaktan vazgeçtiniz.", "You gave up the signature."), AGAIN),
    "card-refused": _card(("Kart imzalamadı.", "The card did not sign."), AGAIN),
    "card-malformed": _card(
        (
            "Kartın yanıtı anlaşılamadı; belge imzalanmadı.",
            "The card’s answer was not understood; the document is not signed.",
        ),
        AGAIN,
    ),
    "card-lost": _card(
        (
            "Kartla bağlantı kesildi; imza atılmadı.",
            "The connection to the card was cut; nothing was signed.",
        ),
        AGAIN,
    ),
    "operation-closed": _portal(
        ("Bu imzalama işlemi daha önce sona ermiş.", "This signature has already ended."), AGAIN
    ),
    "operation-expired": _portal(
        ("On dakikalık imzalama süresi doldu.", "The signature’s ten minutes are over."), AGAIN
    ),
    "operation-cancelled": _portal(
        ("Bu imzalama portalda iptal edildi.", "This signature was cancelled on the portal."), AGAIN
    ),
    "certificate-malformed": _portal(
        ("Portal, imza sertifikanızı okuyamadı.", "The portal could not read your signature certificate.")
    ),
    "certificate-not-trusted": _portal(
        (
            "İmza sertifikanızı veren kuruluş bu portalda kabul edilmiyor.",
            "The issuer of your signature certificate is not accepted by this portal.",
        )
    ),
    "certificate-not-yet-valid": _portal(
        (
            "İmza sertifikanızın süresi henüz başlamamış.",
            "Your signature certificate is not valid yet.",
        )
    ),
    "certificate-expired": _portal(
        ("İmza sertifikanızın süresi dolmuş.", "Your signature certificate has expired.")
    ),
    "certificate-weak": _portal(
        (
            "İmza sertifikanız bugün güvenli sayılmıyor.",
            "Your signature certificate does not count as safe today.",
        )
    ),
    "certificate-usage-wrong": _portal(
        ("Bu sertifika imza için verilmemiş.", "This certificate was not made for signatures.")
    ),
    "certificate-policy-missing": _portal(
        (
            "İmza sertifikanız, burada kabul edilen türlerden biri değil.",
            "Your signature certificate is not of a kind that is accepted here.",
        )
    ),
    "certificate-not-qualified": _portal(
        ("İmza sertifikanız nitelikli değil.", "Your signature certificate is not qualified.")
    ),
    "certificate-revoked": _portal(
        ("İmza sertifikanız iptal edilmiş.", "Your signature certificate was revoked.")
    ),
    "certificate-suspended": _portal(
        ("İmza sertifikanız askıda.", "Your signature certificate is suspended.")
    ),
    "certificate-status-unknown": _portal(
        (
            "İmza sertifikanızın iptal edilmemiş olduğu şu anda doğrulanamıyor.",
            "Right now nobody can confirm that your signature certificate has not been revoked.",
        ),
        (
            "Birkaç dakika sonra portaldan yeniden başlatın.",
            "Start again from the portal in a few minutes.",
        ),
    ),
}

"""What a login comes to: its own codes, those with which the portal refuses a certificate, and in a login's
words what others have too.
"""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin

BY_WORD: Both = (
    "Portalda “Şifreli Giriş” ile girin. Sorunuz varsa portaldaki çağrı merkezi numarasını arayın.",
    "Use “Security Word Login” on the portal. If you have a question, call the call centre; its number is on "
    "the portal.",
)
AGAIN: Both = (
    "Portala dönün ve girişi yeniden başlatın. Sürerse “Şifreli Giriş” ile girin.",
    "Go back to the portal and start the login again. If it goes on, use “Security Word Login”.",
)
ANOTHER_CARD: Both = (
    "Başka kartınız varsa onu takın. Yoksa portalda “Şifreli Giriş” ile girin.",
    "If you have another card, put it in. If not, use “Security Word Login” on the portal.",
)
CALL_AT_ONCE: Both = (
    "Girişi siz başlatmadıysanız portaldaki çağrı merkezi numarasını hemen arayın.",
    "If it was not you who started the login, call the call centre at once; its number is on the portal.",
)


def _card(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.CARD, happened, next_step)


def _portal(happened: Both, next_step: Both = BY_WORD) -> ErrorText:
    return ErrorText(Origin.PORTAL, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "card-pin-wrong": _card(
        ("PIN yanlış.", "The PIN is wrong."), ("PIN’inizi yeniden yazın.", "Type your PIN again.")
    ),
    "login-pin-blocked": _card(
        (
            "PIN deneme hakkınız bitmiş; bu yüzden kartla giriş yapılamıyor. Kartınız bozulmadı.",
            "No PIN tries are left, so the card cannot log you in now. Your card is not broken.",
        ),
        (
            "Portalda “Şifreli Giriş” ile girin ve “Kilit Çözme” ile yeni PIN belirleyin.",
            "On the portal use “Security Word Login”, and set a new PIN by “Unlock”.",
        ),
    ),
    "login-card-lost": _card(
        (
            "Kartla bağlantı kesildi; giriş yapılmadı.",
            "The connection to the card was cut; you are not logged in.",
        ),
        ("PIN’inizi yeniden yazın.", "Type your PIN again."),
    ),
    "login-certificate-missing": _card(
        (
            "Takılı kartta giriş için sertifika yok.",
            "The card in the reader has no certificate for logging in.",
        ),
        ANOTHER_CARD,
    ),
    "login-certificate-expired": _card(
        (
            "Takılı karttaki sertifikanın süresi dolmuş.",
            "The certificate on the card in the reader has expired.",
        ),
        ANOTHER_CARD,
    ),
    "login-certificate-not-yet-valid": _card(
        (
            "Takılı karttaki sertifikanın süresi henüz başlamamış.",
            "The certificate on the card in the reader is not valid yet.",
        ),
        ("Bilgisayarın saatini kontrol edin.", "Check the computer’s clock."),
    ),
    "login-certificate-key": _card(
        (
            "Takılı karttaki sertifikanın anahtarı giriş için kullanılamıyor.",
            "The key of the certificate on the card in the reader cannot be used to log in.",
        ),
        ANOTHER_CARD,
    ),
    "login-certificate-unreadable": _card(
        ("Takılı karttaki sertifika okunamadı.", "The certificate on the card in the reader cannot be read."),
        ANOTHER_CARD,
    ),
    "login-door-changed": _portal(
        (
            "Bu giriş bir bağlantıyla açıldı, ama başka bir yerde eşleştirme koduyla da açılmış. Durduruldu.",
            "This login was opened by a link, but somewhere by a pairing code too. It was stopped.",
        ),
        CALL_AT_ONCE,
    ),
    "login-algorithm-refused": _portal(
        (
            "Portal, kartınızın imza yöntemini kabul etmiyor.",
            "The portal does not accept the way in which your card signs.",
        )
    ),
    "login-signature-wrong": _portal(
        ("Portal, kartınızın imzasını doğrulayamadı.", "The portal could not verify your card’s signature."),
        AGAIN,
    ),
    "certificate-malformed": _portal(
        ("Portal, kartınızın sertifikasını okuyamadı.", "The portal could not read your card’s certificate."),
        AGAIN,
    ),
    "certificate-not-trusted": _portal(
        (
            "Kartınızın sertifikasını veren kuruluş bu portalda kabul edilmiyor.",
            "The issuer of your card’s certificate is not accepted by this portal.",
        ),
        ANOTHER_CARD,
    ),
    "certificate-not-yet-valid": _portal(
        ("Kartınızın sertifikasının süresi henüz başlamamış.", "Your card’s certificate is not valid yet.")
    ),
    "certificate-expired": _portal(
        ("Kartınızın sertifikasının süresi dolmuş.", "Your card’s certificate has expired.")
    ),
    "certificate-weak": _portal(
        (
            "Kartınızın sertifikası bugün güvenli sayılmıyor.",
            "Your card’s certificate does not count as safe today.",
        )
    ),
    "certificate-usage-wrong": _portal(
        (
            "Kartınızın sertifikası giriş için verilmemiş.",
            "Your card’s certificate was not made for logging in.",
        )
    ),
    "certificate-policy-missing": _portal(
        (
            "Kartınızın sertifikası, girişe açık türlerden biri değil.",
            "Your card’s certificate is not of a kind with which one can log in.",
        )
    ),
    "certificate-not-qualified": _portal(
        ("Kartınızın sertifikası nitelikli değil.", "Your card’s certificate is not qualified.")
    ),
    "certificate-revoked": _portal(
        ("Kartınızın sertifikası iptal edilmiş.", "Your card’s certificate was revoked.")
    ),
    "certificate-suspended": _portal(
        ("Kartınızın sertifikası askıda.", "Your card’s certificate is suspended.")
    ),
    "certificate-status-unknown": _portal(
        (
            "Kartınızın sertifikasının iptal edilmemiş olduğu şu anda doğrulanamıyor.",
            "Right now nobody can confirm that your card’s certificate has not been revoked.",
        ),
        (
            "Birkaç dakika sonra portaldan yeniden başlatın ya da “Şifreli Giriş” ile girin.",
            "Start again from the portal in a few minutes, or use “Security Word Login”.",
        ),
    ),
    "certificate-names-nobody": _portal(
        (
            "Kartınızın sertifikasında tanınan bir kimlik numarası yok.",
            "Your card’s certificate has no ID number that is known.",
        )
    ),
    "certificate-holder-unknown": _portal(
        (
            "Kartınızın sertifikasındaki kimlik numarasıyla kayıtlı kimse yok.",
            "Nobody is on record with the ID number in your card’s certificate.",
        )
    ),
    "certificate-not-enrolled": _portal(
        (
            "Kartınızın sertifikası, kayıtlı kartlarınızdan birinin sertifikası değil.",
            "Your card’s certificate is not one of those on your registered cards.",
        ),
        ANOTHER_CARD,
    ),
}

#: Codes that others have too, in a login's words.
IN_A_LOGIN: dict[str, ErrorText] = {
    "cancelled-by-holder": _card(("Girişten vazgeçtiniz.", "You gave up the login."), AGAIN),
    "card-refused": _card(
        ("Kart imzalamadı; giriş yapılmadı.", "The card did not sign; you are not logged in."), AGAIN
    ),
    "card-malformed": _card(
        (
            "Kartın yanıtı anlaşılamadı; giriş yapılmadı.",
            "The card’s answer was not understood; you are not logged in.",
        ),
        AGAIN,
    ),
    "card-lost": _card(
        (
            "Kartla bağlantı kesildi; giriş yapılmadı.",
            "The connection to the card was cut; you are not logged in.",
        ),
        AGAIN,
    ),
    "operation-closed": _portal(("Bu giriş daha önce sona ermiş.", "This login has already ended."), AGAIN),
    "operation-expired": _portal(
        ("On dakikalık giriş süresi doldu.", "The login’s ten minutes are over."), AGAIN
    ),
    "operation-cancelled": _portal(
        ("Bu giriş portalda iptal edildi.", "This login was cancelled on the portal."), AGAIN
    ),
}

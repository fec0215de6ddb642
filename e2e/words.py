"""The labels by which a holder finds things: the manual's in Turkish, ours in English.

Literal, so that a change in the programs is noticed here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language's labels, in the order of the figures."""

    language: str
    other_language: str
    online: str  # figure 1
    certificate_services: str
    password_login: str  # figure 2
    signature_login: str
    card_login: str
    id_number: str  # figure 3
    picture_text: str
    word: str
    sign_in: str
    sign_out: str
    word_forgotten: str
    another_picture: str
    prove: str
    proved: str
    confirm: str  # figure 4
    sms_code: str  # figure 5
    send: str
    dear: str  # figure 6
    menu_buttons: tuple[str, ...]
    unlock: str
    proceed: str  # figure 7
    open_local_page: str
    unlock_screen: str
    new_pin: str
    repeat_pin: str
    make_pin: str
    pin_changed: str  # figure 9
    ok: str
    heading: str  # on every page
    problem: str


TURKISH = Words(
    language="tr",
    other_language="English",
    online="Online İşlemler",
    certificate_services="Nitelikli Elektronik Sertifika İşlemleri",
    password_login="Şifreli Giriş",
    signature_login="E-imzalı Giriş",
    card_login="E-imzalı Giriş (Akıllı Kart Servisi)",
    id_number="Kimlik No",
    picture_text="Resimdeki Yazı",
    word="Güvenlik Sözcüğü",
    sign_in="Giriş",
    sign_out="Çıkış",
    word_forgotten="Güvenlik Sözcüğümü Unuttum",
    another_picture="Yeni resim",
    prove="Resmi okuyamıyorum: bilgisayarım benim yerime doğrulasın",
    proved="Doğrulandı",
    confirm="Onay",
    sms_code="SMS Onay Kodu",
    send="Gönder",
    dear="Sayın",
    menu_buttons=("Kullanıma Aç", "Sertifikamı İptal Et", "Sertifika Listele", "PIN / PUK Bilgisi"),
    unlock="Kilit Çözme (Akıllı Kart Servisi)",
    proceed="Tamam",
    open_local_page="Kilit Çözme Ekranını Aç",
    unlock_screen="Kilit Çözme Ekranı",
    new_pin="Yeni PIN Kodu",
    repeat_pin="Yeni PIN Kodu (Tekrar)",
    make_pin="Yeni PIN Üret",
    pin_changed="Kart PIN başarıyla değiştirildi",
    ok="OK",
    heading="Bireysel Nitelikli Elektronik Sertifika İşlemleri",
    problem="Bir sorun var",
)

ENGLISH = Words(
    language="en",
    other_language="Türkçe",
    online="Online Services",
    certificate_services="Qualified Electronic Certificate Services",
    password_login="Security Word Login",
    signature_login="E-signature Login",
    card_login="E-signature Login (Smart Card Service)",
    id_number="ID Number",
    picture_text="Text in the Picture",
    word="Security Word",
    sign_in="Log in",
    sign_out="Log out",
    word_forgotten="I Forgot My Security Word",
    another_picture="New picture",
    prove="I cannot read the picture: let my computer do it for me",
    proved="Verified",
    confirm="Confirm",
    sms_code="SMS Code",
    send="Send",
    dear="Dear",
    menu_buttons=("Activate", "Revoke My Certificate", "List Certificates", "PIN / PUK Information"),
    unlock="Unlock (Smart Card Service)",
    proceed="Continue",
    open_local_page="Open the Unlock Screen",
    unlock_screen="Unlock Screen",
    new_pin="New PIN",
    repeat_pin="New PIN (again)",
    make_pin="Set new PIN",
    pin_changed="The card PIN was changed successfully",
    ok="OK",
    heading="Personal Qualified Electronic Certificate Services",
    problem="There is a problem",
)

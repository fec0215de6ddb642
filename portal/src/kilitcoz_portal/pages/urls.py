"""Addresses of the holder's pages. Turkish, as on the screens; what programs call is English."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.i18n import set_language

from kilitcoz_portal.pages.views import (
    card_login,
    checks,
    code_stage,
    contacts,
    following,
    front,
    login,
    menu,
    my_events,
    my_sessions,
    not_offered,
    oidc,
    outbox,
    passkey_login,
    passkeys,
    personal_data,
    privacy,
    session_time,
    signature,
    sms_code,
    step_up,
    step_up_passkey,
    undo,
    unlock,
    unlock_code,
    unlock_passkey,
    word_change,
    word_forgotten,
    word_recovery,
)

urlpatterns: list[URLPattern] = [
    path("", front.front_page, name="front"),
    path("dil", set_language, name="language"),
    path("renkler.css", front.colours, name="colours"),
    path("e-onay", not_offered.e_onay, name="e-onay"),
    # figures 2 and 3
    path("giris", login.ways_in, name="ways-in"),
    path("giris/e-imza", signature.login, name="login-by-signature"),
    path("giris/e-imza/donus/<slug:ticket_id>", signature.come_back, name="signature-return"),
    path("giris/kimlik-saglayici", oidc.leave, name="oidc"),
    path("giris/kimlik-saglayici/donus", oidc.come_back, name="oidc-return"),
    path("giris/kart", card_login.begin, name="login-by-card"),
    path("giris/kart/<slug:operation_id>", card_login.login_page, name="card-login"),
    path("giris/kart/<slug:operation_id>/eslestirme", card_login.pairing_code, name="card-login-pairing"),
    path("giris/kart/<slug:operation_id>/onay", card_login.confirm, name="card-login-confirm"),
    path("giris/kart/<slug:operation_id>/iptal", card_login.cancel, name="card-login-cancel"),
    path("giris/sifreli", login.login, name="login"),
    path("giris/sifreli/sozcugumu-unuttum", word_forgotten.begin, name="word-forgotten"),
    path("giris/sifreli/sozcugumu-unuttum/kanit", word_forgotten.prove, name="word-proof"),
    path("giris/sifreli/sozcugumu-unuttum/e-posta", word_forgotten.letter, name="word-letter"),
    path(
        "giris/sifreli/sozcugumu-unuttum/e-posta/gonder", word_forgotten.ask_letter, name="word-letter-send"
    ),
    path("giris/sifreli/sozcugumu-unuttum/sms", word_recovery.confirm_phone, name="word-phone"),
    path("giris/sifreli/sozcugumu-unuttum/sms/kod", word_recovery.enter_code, name="word-code"),
    path("giris/sifreli/sozcugumu-unuttum/sms/yeni-kod", word_recovery.send_again, name="word-code-again"),
    path("giris/sifreli/sozcugumu-unuttum/yeni", word_recovery.renew, name="word-renew"),
    path("giris/sifreli/sozcugunuz-degisti", word_recovery.renewed, name="word-renewed"),
    path("giris/kontrol", checks.another, name="check-another"),
    path("giris/kontrol/<slug:check_id>/resim.png", checks.picture, name="check-picture"),
    path("giris/kontrol/<slug:check_id>/ses.wav", checks.sound, name="check-sound"),
    path("giris/kontrol/<slug:check_id>/is.json", checks.work, name="check-work"),
    # figures 4 and 5
    path("giris/sms", sms_code.confirm_phone, name="sms"),
    path("giris/sms/kod", sms_code.enter_code, name="sms-code"),
    path("giris/sms/yeni-kod", sms_code.send_again, name="sms-again"),
    path("giris/gecis-anahtari", passkey_login.prove, name="passkey-login"),
    path("giris/gecis-anahtari/soru", passkey_login.ask, name="passkey-login-question"),
    path("dogrulama", step_up.step_up, name="step-up"),
    path("dogrulama/gecis-anahtari", step_up_passkey.prove, name="step-up-passkey"),
    path("dogrulama/gecis-anahtari/soru", step_up_passkey.ask, name="step-up-question"),
    path("dogrulama/kod", step_up.send, name="step-up-send"),
    path("kod-durumu/<slug:purpose>", code_stage.stage, name="code-stage"),
    path("cikis", login.logout, name="logout"),
    path("session/left", session_time.session_left, name="session-left"),
    path("session/go-on", session_time.go_on, name="session-go-on"),
    # figure 6
    path("islemler", menu.menu, name="menu"),
    path("islemler/sertifikalar", menu.certificates, name="certificates"),
    path("islemler/pin-puk", menu.pin_and_puk, name="pin-puk"),
    path("islemler/kullanima-ac", not_offered.activate, name="activate"),
    path("islemler/iptal", not_offered.revoke, name="revoke"),
    path("islemler/son-islemlerim", my_events.my_events, name="my-events"),
    path("islemler/guvenlik-sozcugu", word_change.show_current, name="word-change"),
    path("islemler/guvenlik-sozcugu/yeni", word_change.choose, name="word-change-new"),
    path("islemler/oturumlarim", my_sessions.my_sessions, name="my-sessions"),
    path("islemler/oturumlarim/hepsini-kapat", my_sessions.end_all, name="sessions-end-all"),
    path("islemler/oturumlarim/<slug:session_id>/kapat", my_sessions.end_one, name="session-end"),
    path("islemler/gecis-anahtarlarim", passkeys.passkeys, name="passkeys"),
    path("islemler/gecis-anahtarlarim/soru", passkeys.ask, name="passkeys-question"),
    path("islemler/gecis-anahtarlarim/sms", passkeys.choose_sms, name="passkeys-sms"),
    path("islemler/gecis-anahtarlarim/<int:passkey>/kaldir", passkeys.remove, name="passkey-remove"),
    path("islemler/bilgilerim", personal_data.overview, name="personal-data"),
    path("islemler/bilgilerim/verilerim", privacy.my_data, name="my-data"),
    path("islemler/bilgilerim/dil", personal_data.choose_language, name="message-language"),
    path("islemler/bilgilerim/kilit-cozme", personal_data.remote_unlock, name="remote-unlock"),
    *(
        path(f"islemler/bilgilerim/{way.address}{part}", view, {"way": way}, name=f"{way.name}{step}")
        for way in (contacts.PHONE, contacts.EMAIL)
        for part, view, step in (
            ("", contacts.enter, ""),
            ("/kod", contacts.code, "-code"),
            ("/yeni-kod", contacts.again, "-again"),
        )
    ),
    # figures 7 to 9
    path("islemler/kilit-cozme", unlock.confirm, name="unlock"),
    path("islemler/kilit-cozme/burada-basla", unlock.begin_here, name="unlock-here"),
    path("islemler/kilit-cozme/<slug:operation_id>", unlock.operation_page, name="operation"),
    path("islemler/kilit-cozme/<slug:operation_id>/kod", unlock_code.enter_code, name="operation-code"),
    path(
        "islemler/kilit-cozme/<slug:operation_id>/gecis-anahtari",
        unlock_passkey.prove,
        name="operation-passkey",
    ),
    path(
        "islemler/kilit-cozme/<slug:operation_id>/gecis-anahtari/soru",
        unlock_passkey.ask,
        name="operation-question",
    ),
    path(
        "islemler/kilit-cozme/<slug:operation_id>/yeni-kod",
        unlock_code.send_again,
        name="operation-code-again",
    ),
    path(
        "islemler/kilit-cozme/<slug:operation_id>/eslestirme", unlock.pairing_code, name="operation-pairing"
    ),
    path("islemler/kilit-cozme/<slug:operation_id>/iptal", unlock.cancel, name="operation-cancel"),
    path("operations/<slug:operation_id>/state", following.state, name="operation-state"),
    path("kvkk", privacy.notice, name="privacy"),
    path("b/<slug:secret>", undo.undo, name="undo"),
    path("outbox", outbox.outbox, name="outbox"),
    path("donus/<slug:operation_id>", following.come_back, name="come-back"),
]

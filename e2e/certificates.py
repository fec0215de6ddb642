"""A certificate's states, step by step, as a holder walks them from any page: suspend, resume, revoke, and
look; and "Kartımı kaybettim", for which nobody signs in.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from e2e.walk import Walk


@dataclass(frozen=True)
class StateWords:
    """What these pages say."""

    menu: str
    stop: str  # the menu's button
    listing: str
    card: str
    suspend: str
    resume: str
    revoke: str
    lost: str
    understood: str
    fresh_proof: str
    suspended: str
    revoked: str
    waiting: str
    valid: str
    seen_by_all: str
    check: str  # the public page
    serial_number: str
    ask: str
    loss: str
    go_on: str
    registered_phone: str
    send: str
    suspend_mine: str
    all_suspended: str


WORDS = {
    "tr": StateWords(
        menu="İşlemler Menüsü",
        stop="Sertifikamı İptal Et",
        listing="Sertifika Listele",
        card="Kart",
        suspend="Askıya Al",
        resume="Askıdan Çıkar",
        revoke="İptal Et",
        lost="Kartımı kaybettim",
        understood="İptalin geri alınamayacağını, bu kartla bir daha imza atamayacağımı anladım",
        fresh_proof="Yeniden doğrulama",
        suspended="Askıda",
        revoked="İptal edilmiş",
        waiting="Açılmayı bekliyor",
        valid="Geçerli",
        seen_by_all="Bunu artık herkes görüyor",
        check="Sertifika Sorgula",
        serial_number="Sertifika seri numarası",
        ask="Sorgula",
        loss="Kartımı kaybettim",
        go_on="Devam",
        registered_phone="Kayıtlı cep telefonunuz",
        send="Kod gönder",
        suspend_mine="Sertifikalarımı askıya al",
        all_suspended="Sertifikalarınız askıya alındı",
    ),
    "en": StateWords(
        menu="Services Menu",
        stop="Revoke My Certificate",
        listing="List Certificates",
        card="Card",
        suspend="Suspend",
        resume="Resume",
        revoke="Revoke",
        lost="I lost my card",
        understood="I understand that this cannot be undone and that I can never sign with this card again",
        fresh_proof="Confirming once more",
        suspended="Suspended",
        revoked="Revoked",
        waiting="Waiting to be opened",
        valid="Valid",
        seen_by_all="Everybody sees this now",
        check="Check a Certificate",
        serial_number="The certificate’s serial number",
        ask="Check",
        loss="I lost my card",
        go_on="Continue",
        registered_phone="Your registered mobile phone",
        send="Send the code",
        suspend_mine="Suspend my certificates",
        all_suspended="Your certificates are suspended",
    ),
}


def words_of(walk: Walk) -> StateWords:
    """In the walk's language."""
    return WORDS[walk.words.language]


def suspend(walk: Walk) -> None:
    """ "Askıya Al" for the only card: why, and for as long as is offered; nothing more is asked."""
    words = words_of(walk)
    _to_stopping(walk)
    walk.hands.press(walk.button(words.suspend))
    walk.hands.tick(walk.page.get_by_label(words.lost, exact=True))
    walk.look(walk.page, "20-askiya-al")
    walk.hands.press(walk.button(words.suspend))
    _see(walk, words.suspended)


def resume(walk: Walk, becomes: str = "") -> None:
    """ "Askıdan Çıkar", after a fresh proof where none was given lately. `becomes`: by default valid."""
    words = words_of(walk)
    _to_stopping(walk)
    walk.hands.press(walk.button(words.resume))
    _prove_if_asked(walk, walk.button(words.resume))
    walk.look(walk.page, "21-askidan-cikar")
    walk.hands.press(walk.button(words.resume))
    _see(walk, becomes or words.valid)


def revoke(walk: Walk) -> None:
    """ "İptal Et", at once and for good, after a fresh proof where none was given lately."""
    words = words_of(walk)
    _to_stopping(walk)
    walk.hands.press(walk.button(words.revoke))
    understood = walk.page.get_by_label(words.understood, exact=True)
    _prove_if_asked(walk, understood)
    walk.hands.tick(walk.page.get_by_label(words.lost, exact=True))
    walk.hands.tick(understood)
    walk.look(walk.page, "22-iptal-et")
    walk.hands.press(walk.button(words.revoke))
    _see(walk, words.revoked)


def see_list(walk: Walk, state: str) -> None:
    """ "Sertifika Listele": every certificate of the holder stands so."""
    words = words_of(walk)
    walk.hands.press(walk.button(words.menu).first)
    walk.hands.press(walk.button(words.listing))
    expect(walk.page.get_by_role("heading", name=words.listing)).to_be_visible()
    marks = walk.page.locator(".records .tag")
    expect(marks.first).to_be_visible()
    assert set(marks.all_inner_texts()) == {state}
    walk.look(walk.page, "23-sertifika-listele")


def see_what_all_see(walk: Walk, serial_number: str, state: str) -> None:
    """ "Sertifika Sorgula", by the number: what anybody is told."""
    words = words_of(walk)
    walk.to_the_front()
    walk.hands.press(walk.button(words.check))
    walk.hands.write(walk.box(words.serial_number), serial_number)
    walk.hands.press(walk.button(words.ask))
    expect(walk.page.get_by_role("status").get_by_role("heading", name=state)).to_be_visible()
    assert walk.holder.person.name not in walk.page.content()
    walk.look(walk.page, "24-sertifika-sorgula")


def tell_of_loss(walk: Walk) -> None:
    """ "Kartımı kaybettim", from the front page, by a code to the phone; nobody signs in."""
    words = words_of(walk)
    walk.to_the_front()
    walk.hands.press(walk.button(words.loss))
    walk.hands.write(walk.box(walk.words.id_number), walk.holder.person.id_number)
    check = walk.page.locator("input[name=check]").input_value()
    walk.hands.write(walk.box(walk.words.picture_text), walk.place.picture_text(check))
    walk.look(walk.page, "25-kayip")
    walk.hands.press(walk.button(words.go_on))
    walk.hands.write(walk.box(words.registered_phone), walk.holder.person.phone.replace("+90", "0"))
    walk.look(walk.page, "25-kayip-kanit")
    walk.hands.press(walk.button(words.send))
    expect(walk.box(walk.words.sms_code)).to_be_visible()
    walk.look(walk.page, "25-kayip-kod")
    code = walk.place.newest_code(walk.holder.person.phone)
    walk.hands.write(walk.box(walk.words.sms_code), code)
    walk.hands.press(walk.button(words.suspend_mine))
    expect(walk.page.get_by_role("status").filter(has_text=words.all_suspended)).to_be_focused()
    walk.look(walk.page, "25-kayip-tamam")


def _to_stopping(walk: Walk) -> None:
    words = words_of(walk)
    walk.hands.press(walk.button(words.menu).first)
    walk.hands.press(walk.button(words.stop))
    expect(walk.page.get_by_role("heading", name=words.stop, exact=True)).to_be_visible()


def _prove_if_asked(walk: Walk, wanted: Locator) -> None:
    """A code to the phone, if the page asks for a fresh proof before it shows what is wanted."""
    asks = walk.page.get_by_role("heading", name=words_of(walk).fresh_proof)
    expect(asks.or_(wanted).first).to_be_visible()
    if asks.is_visible():
        walk.hands.press(walk.button(walk.words.confirm))
        walk.enter_code()
        expect(wanted).to_be_visible()


def _see(walk: Walk, state: str) -> None:
    """The page after the deed: how the card stands, and that the world sees it."""
    words = words_of(walk)
    told = walk.page.get_by_role("status").filter(has_text=f"{words.card} ").filter(has_text=state)
    expect(told).to_be_focused()
    walk.says(words.seen_by_all)
    walk.look(walk.page, "26-kartinizin-durumu")

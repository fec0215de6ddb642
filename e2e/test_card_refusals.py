"""No reader, no card, a foreign card, two cards, a PUK used up: what happens, and what the page says."""

from demo.cast import CALL_CENTRE
from playwright.sync_api import expect

from e2e.installation import Enrolled, Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from e2e.words import TURKISH
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_simulator.bridge import BridgedCard
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.pcsc_lab import PcscLab
from kilitcoz_simulator.state import pin_block

NEW_PIN = "73920415"
ANOTHER_PIN = "40917263"
SELECT_PIV = CommandApdu(0x00, 0xA4, 0x04, 0x00, bytes.fromhex("a000000308")).to_bytes()


def use_up_puk(card: InReader, *, leave: int = 0) -> None:
    """Wrong PUKs, as somebody types who guesses, until `leave` of three tries are left."""
    guess = CommandApdu(0x00, 0x2C, 0x00, 0x80, pin_block("00000000") + pin_block("123457")).to_bytes()
    card.power_on()
    card.transmit(SELECT_PIV)
    for _ in range(3 - leave):
        card.transmit(guess)
    card.power_off()


def touched_by_secrets(card: InReader) -> list[str]:
    """The commands of the unlock that reached a card since it was blocked."""
    assert isinstance(card, Card)
    names = ("CHANGE REFERENCE DATA", "RESET RETRY COUNTER")
    return [command.name for command in card.log.commands if command.name in names]


def test_without_a_card_the_page_asks_for_it_and_goes_on_by_itself(walk: Walk, service: Installation) -> None:
    service.lab.remove()
    local = walk.to_the_local_page()
    expect(local.get_by_role("heading", name="Kartınızı takın")).to_be_visible()
    service.lab.insert(walk.holder.card)
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_a_foreign_card_gets_no_secret_and_the_right_one_goes_on(
    walk: Walk, service: Installation, mehmet: Enrolled
) -> None:
    service.lab.insert(mehmet.card)
    local = walk.to_the_local_page()
    walk.problem("Takılı kart bu işlemin kartı değil", "doğru kartı takın", "wrong-card", page=local)
    assert touched_by_secrets(mehmet.card) == []
    service.lab.insert(walk.holder.card)
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_of_two_cards_the_right_one_is_found_and_the_other_left_alone(
    walk: Walk, service: Installation, mehmet: Enrolled
) -> None:
    service.lab.insert(mehmet.card, slot=0)
    service.lab.insert(walk.holder.card, slot=1)
    walk.unlock(NEW_PIN)
    assert touched_by_secrets(mehmet.card) == []


def test_a_card_of_another_kind_is_told_and_left_alone(walk: Walk, service: Installation) -> None:
    seen: list[bytes] = []

    def knows_nothing(command: bytes) -> bytes:
        seen.append(command)
        return b"\x6a\x82"

    service.lab.insert(BridgedCard(knows_nothing, atr=bytes.fromhex("3b00")))
    local = walk.to_the_local_page()
    walk.problem("Takılı kart tanınmadı", "card-unknown", page=local)
    assert {command[1] for command in seen} <= {0xA4}


def test_a_card_whose_puk_is_used_up_ends_with_the_way_to_a_new_card(
    walk: Walk, service: Installation
) -> None:
    use_up_puk(walk.holder.card)
    before = touched_by_secrets(walk.holder.card)
    local = walk.to_the_local_page()
    expect(local.get_by_text("bu kartın kilidi artık açılamaz")).to_be_visible()
    expect(local.get_by_text("Yeni kart için çağrı merkezini arayın")).to_be_visible()
    assert touched_by_secrets(walk.holder.card) == before
    expect(walk.button("Portala dön", local)).to_be_visible()
    walk.says("Bu kartın kilidi artık açılamaz")
    walk.says(CALL_CENTRE)


def test_a30_the_last_puk_try_is_never_spent(walk: Walk) -> None:
    use_up_puk(walk.holder.card, leave=1)
    before = touched_by_secrets(walk.holder.card)
    local = walk.to_the_local_page()
    expect(local.get_by_text("Hata kodu:")).to_be_visible()
    assert touched_by_secrets(walk.holder.card) == before


def test_a_card_that_is_not_blocked_asks_whether_the_pin_is_known(walk: Walk, service: Installation) -> None:
    walk.unlock(NEW_PIN)
    service.let_sms_rest()
    walk.back_to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    local = walk.open_local_page()
    expect(local.get_by_role("heading", name="Kartınız kilitli değil")).to_be_visible()
    walk.hands.press(walk.button("Evet, PIN’imi değiştireceğim", local))
    walk.hands.write(walk.box("Mevcut PIN", local), NEW_PIN)
    walk.hands.write(walk.box(TURKISH.new_pin, local), ANOTHER_PIN)
    walk.hands.write(walk.box(TURKISH.repeat_pin, local), ANOTHER_PIN)
    walk.hands.press(walk.button("PIN’i Değiştir", local))
    walk.see_success(local)
    assert pin_is_accepted(service.lab, ANOTHER_PIN)


def test_without_a_reader_the_page_asks_for_one(walk: Walk, service: Installation) -> None:
    with PcscLab(slots=0) as bare:
        service.stop_service()
        service.start_service(bare.environment)
        local = walk.to_the_local_page()
        expect(local.get_by_role("heading", name="Kart okuyucuyu takın")).to_be_visible()


def test_without_a_pcsc_service_the_page_says_so(walk: Walk, service: Installation) -> None:
    service.stop_service()
    service.start_service({"PCSCLITE_CSOCK_NAME": str(service.folder / "nobody-listens-here")})
    local = walk.to_the_local_page()
    walk.problem("kart okuyucu hizmeti çalışmıyor", "reader-service-missing", page=local)

"""The card service does not run, the portal goes away, a link is no good: what happened, and going on."""

import pytest
from playwright.sync_api import Page, expect

from e2e.installation import Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.faults import FaultPlan, parse_tear

NEW_PIN = "73920415"


class CutAfter:
    """A card that cuts the wire to the portal once it has answered its first command with this INS."""

    def __init__(self, place: Installation, card: InReader, ins: int) -> None:
        self._place, self._card, self._ins = place, card, ins

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def power_on(self) -> bytes:
        return self._card.power_on()

    def power_off(self) -> None:
        self._card.power_off()

    def transmit(self, command: bytes) -> bytes:
        answer = self._card.transmit(command)
        if command[1] == self._ins:
            self._place.wire.cut()
            self._ins = -1
        return answer


def card_of(walk: Walk) -> Card:
    """The holder's card, which is one of ours."""
    assert isinstance(walk.holder.card, Card)
    return walk.holder.card


def test_without_a_card_service_the_portal_page_says_what_to_do_and_a_second_press_works(
    walk: Walk, service: Installation
) -> None:
    service.stop_service()
    walk.to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    nothing_there = walk.open_local_page()
    nothing_there.close()
    walk.hands.press(walk.page.get_by_text("Kart servisi açılmadı mı?"))
    walk.says("program menüsünden “Akıllı Kart Servisi”ni başlatın")
    walk.says("Kart servisi bu bilgisayarda kurulu değilse çağrı merkezini arayın")
    service.start_service()
    local = walk.open_local_page()
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_the_typed_pairing_code_leads_to_the_same_screen(walk: Walk, service: Installation) -> None:
    walk.to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    walk.hands.press(walk.page.get_by_text("Kart servisi açılmadı mı?"))
    walk.hands.press(walk.button("Eşleştirme kodu al"))
    code = walk.page.locator(".pairing")
    expect(code).not_to_be_empty()
    local = walk.page.context.new_page()
    local.goto(service.service.url)
    walk.hands.write(walk.box("Eşleştirme kodu", local), code.inner_text())
    walk.hands.press(walk.button("Devam", local))
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible(timeout=15_000)
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a_pairing_code_nobody_gave_is_refused(service: Installation, page: Page, walk: Walk) -> None:
    page.goto(service.service.url)
    walk.hands.write(walk.box("Eşleştirme kodu"), "ABCD2345")
    walk.hands.press(walk.button("Devam"))
    walk.problem("Bu eşleştirme kodu geçerli değil")


@pytest.mark.parametrize("capability", ["abc", "e30.e30.e30", "a" * 4000])
def test_an_unknown_capability_is_refused_and_the_card_left_alone(
    walk: Walk, service: Installation, page: Page, capability: str
) -> None:
    before = len(card_of(walk).log.commands)
    page.goto(f"{service.service.url}#cap={capability}")
    walk.problem("Bu işlem bağlantısı geçerli değil", "yeniden başlatın")
    assert len(card_of(walk).log.commands) == before


def test_the_portal_gone_before_the_pin_is_sent_costs_nothing_and_the_pin_is_typed_again(
    walk: Walk, service: Installation
) -> None:
    local = walk.to_the_local_page()
    expect(walk.box(walk.words.new_pin, local)).to_be_visible(timeout=10_000)
    service.wire.cut()
    walk.choose_pin(local, NEW_PIN)
    walk.problem("Portala ulaşılamadı", "Kartınıza bir şey yapılmadı", page=local)
    service.wire.mend()
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_the_portal_gone_after_the_card_was_changed_is_told_later_and_all_ends_well(
    walk: Walk, service: Installation
) -> None:
    service.lab.insert(CutAfter(service, walk.holder.card, ins=0x2C))
    local = walk.to_the_local_page()
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible(timeout=15_000)
    expect(local.get_by_text("Portala henüz bildiremedik")).to_be_visible()
    service.wire.mend()
    expect(local.get_by_text("Portala henüz bildiremedik")).to_be_hidden(timeout=20_000)
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_the_portal_gone_at_the_very_beginning_is_tried_again_by_itself(
    walk: Walk, service: Installation
) -> None:
    walk.to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    expect(walk.button(walk.words.open_local_page)).to_be_visible()
    service.wire.cut()
    local = walk.open_local_page()
    expect(local.get_by_role("heading", name="Portala ulaşılamıyor")).to_be_visible(timeout=20_000)
    service.wire.mend()
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_a_card_torn_out_in_the_middle_is_unlocked_by_simply_doing_it_again(
    walk: Walk, service: Installation
) -> None:
    card_of(walk).give_faults(FaultPlan([parse_tear("after:ins=24")]))
    local = walk.to_the_local_page()
    walk.choose_pin(local, NEW_PIN)
    walk.says("bir şey kaybolmadı", local)
    service.let_sms_rest()
    service.lab.insert(walk.holder.card)
    walk.back_to_the_menu()
    walk.begin_unlock()
    walk.enter_code()
    again = walk.open_local_page()
    walk.choose_pin(again, NEW_PIN)
    walk.see_success(again)
    assert pin_is_accepted(service.lab, NEW_PIN)

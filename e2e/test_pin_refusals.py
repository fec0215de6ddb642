"""A new PIN that will not do: told at its field before anything is sent, and a better one still works."""

from playwright.sync_api import expect

from e2e.installation import Enrolled
from e2e.walk import Walk
from e2e.words import TURKISH
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.faults import FaultPlan, parse_answer

NEW_PIN = "73920415"


def secrets_sent(enrolled: Enrolled) -> list[str]:
    """The PUK's commands that reached the card."""
    assert isinstance(enrolled.card, Card)
    names = ("CHANGE REFERENCE DATA", "RESET RETRY COUNTER")
    return [command.name for command in enrolled.card.log.commands if command.name in names]


def test_every_rule_of_a_new_pin_is_told_at_its_field_and_then_a_good_one_works(walk: Walk) -> None:
    local = walk.to_the_local_page()
    for pin, again, sentence in (
        ("7392", "7392", "PIN çok kısa. En az 6 rakam yazın."),
        ("739204151", "739204151", "PIN çok uzun. En çok 8 rakam yazın."),
        ("7392ab", "7392ab", "Yalnızca 0–9 arası rakamlar yazın."),
        ("777777", "777777", "Farklı rakamlar kullanın."),
        ("234567", "234567", "Rakamları sırayla yazmayın."),
        ("987654", "987654", "Rakamları sırayla yazmayın."),
        ("", "", "PIN yazılmadı."),
    ):
        walk.choose_pin(local, pin, again)
        walk.problem(sentence, page=local)
        expect(walk.box(TURKISH.new_pin, local)).to_have_attribute("aria-invalid", "true")
    walk.choose_pin(local, NEW_PIN, "73920416")
    walk.problem("İki PIN aynı değil.", page=local)
    expect(walk.box(TURKISH.repeat_pin, local)).to_have_attribute("aria-invalid", "true")
    assert secrets_sent(walk.holder) == []
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)


def test_a32_a_pin_that_the_card_itself_refuses_is_told_and_another_one_works(walk: Walk) -> None:
    assert isinstance(walk.holder.card, Card)
    walk.holder.card.give_faults(FaultPlan([parse_answer("6A80:ins=2C")]))
    local = walk.to_the_local_page()
    walk.choose_pin(local, NEW_PIN)
    walk.problem("Kart bu PIN’i kabul etmedi", "Başka bir PIN seçin", page=local)
    walk.choose_pin(local, "40917263")
    walk.see_success(local)

"""The identity number on figure 3: what looks mistyped is a hint, and tells nothing of who is enrolled."""

from __future__ import annotations

import html
import re

import pytest
from portal.tests.pages.walking import Walker

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import WordEntries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Kimlik numaranızı yazın."),
        ("10000000147", "bir rakam yanlış görünüyor"),
        ("99000000043", "bir rakam yanlış görünüyor"),
        ("1234", "11 rakamdır"),
        ("<script>", "11 rakamdır"),
    ],
)
def test_a_slip_in_the_id_number_is_told_at_its_field(walker: Walker, typed: str, told: str) -> None:
    page = walker.enter_word(id_number=typed or " ")
    assert page.status_code == 422
    assert told in page.content.decode()
    assert "<script>" not in page.content.decode().replace('<script type="module"', "")
    assert not WordEntries.objects.exists()


@pytest.mark.parametrize("typed", ["10000000147", "1234", "<script>"])
def test_what_looks_mistyped_is_hinted_at_once_and_then_taken_as_any_number(
    walker: Walker, typed: str
) -> None:
    page = walker.enter_word("yanlış", id_number=typed)
    hinted = html.unescape(re.findall(r'name="hinted" value="([^"]*)"', page.content.decode())[0])
    assert hinted == typed.upper()
    refused = walker.enter_word_on(page, "yanlış", id_number=typed, hinted=hinted)
    assert "Giriş yapılamadı" in refused.content.decode()
    other = walker.enter_word_on(refused, "yanlış", id_number="20000000047", hinted=hinted)
    assert "bir rakam yanlış görünüyor" in other.content.decode()


def test_a_holder_whose_number_looks_mistyped_comes_in(walker: Walker) -> None:
    Holder.objects.update(id_number="10000000147")
    page = walker.enter_word(id_number="10000000147")
    assert (
        walker.enter_word_on(page, id_number="10000000147", hinted="10000000147")["Location"] == "/giris/sms"
    )


@pytest.mark.parametrize("number", ["99000000042", "10000000146", "U12345678"])
def test_numbers_of_every_kind_are_taken_without_a_hint(walker: Walker, number: str) -> None:
    assert "Giriş yapılamadı" in walker.enter_word("yanlış", id_number=number).content.decode()


def test_a_passport_number_is_taken(walker: Walker) -> None:
    Holder.objects.update(id_number="U12345678", id_kind=Holder.IdKind.PASSPORT)
    assert walker.enter_word(id_number="u 1234 5678")["Location"] == "/giris/sms"

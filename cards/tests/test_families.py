"""The registry, and the error tree as its docstring draws it."""

import inspect
import re

import pytest

from kilitcoz_cards import errors
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families import BY_NAME, PIV
from kilitcoz_cards.pin import Puk
from kilitcoz_cards.testing import LOST, Script


def test_piv_is_in_the_registry_under_its_name_with_the_standard_s_numbers() -> None:
    assert BY_NAME == {"piv": PIV}
    assert (PIV.pin.p2, PIV.puk.p2, PIV.promise, PIV.retries_total) == (0x80, 0x81, "F3", 3)
    assert (PIV.pin_rules.min_length, PIV.pin_rules.max_length) == (6, 8)
    assert (PIV.puk_rules.length, PIV.puk_rules.alphabet) == (8, "0123456789")


@pytest.mark.parametrize("puk", [b"12345678", b"123456", b"\x00\x01\xfe", b"abcDEF!?"])
def test_a_puk_in_use_may_be_of_any_bytes(puk: bytes) -> None:
    assert PIV.puk_rules.admits(Puk(puk))


@pytest.mark.parametrize("puk", [b"", b"123456789", b"123456\xff\xff"])
def test_a_puk_that_the_card_could_not_tell_from_another_is_not_admitted(puk: bytes) -> None:
    assert not PIV.puk_rules.admits(Puk(puk))


def _classes(root: type[CardsError]) -> list[type[CardsError]]:
    return [each for child in root.__subclasses__() for each in (child, *_classes(child))]


def test_the_docstring_draws_every_error_with_its_code() -> None:
    drawn = re.findall(r"─ (\w+) +([a-z-]+)", errors.__doc__ or "")
    assert drawn == [(each.__name__, each.code) for each in sorted(_classes(CardsError), key=_line)]


def _line(error: type[CardsError]) -> int:
    return inspect.getsourcelines(error)[1]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [each.code for each in _classes(CardsError)]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_a_script_refuses_what_is_not_in_it() -> None:
    script = Script(("00200080", "6983"), ("00F8000000", LOST))
    assert script(bytes.fromhex("00200080")) == b"\x69\x83"
    with pytest.raises(AssertionError, match="command 1"):
        script(bytes.fromhex("00200081"))
    with pytest.raises(AssertionError, match="not in the script"):
        script(bytes.fromhex("00200080"))
    with pytest.raises(AssertionError, match="not sent"):
        Script(("00200080", "6983")).assert_finished()

"""The human check: one browser, one answer, five minutes; by eye, by ear, or by the computer."""

from __future__ import annotations

import io
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any

import altcha
import pytest
from PIL import Image
from portal.tests.people import NOW

from kilitcoz_portal.signin import human, speech
from kilitcoz_portal.signin.errors import HumanCheckFailed, HumanCheckLate
from kilitcoz_portal.signin.models import HumanCheck
from kilitcoz_portal.signin.speech import speak

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database")]

BROWSER = "browser-a"
VOICES = Path(speech.__file__).parent / "voices"


def answer(
    check: HumanCheck, text: str = "", proof: str = "", browser: str = BROWSER, **later: float
) -> None:
    human.pass_check(check.pk, browser, answer=text, proof=proof, now=NOW + timedelta(**later))


def solved(challenge: dict[str, Any]) -> str:
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed)
    assert solution is not None
    return altcha.Payload(parsed, solution).to_base64()


@pytest.fixture(autouse=True)
def light_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof of work that a test can do."""
    monkeypatch.setattr(human, "_WORK_ROUNDS", 10)
    monkeypatch.setattr(human, "_WORK_AT_LEAST", 5)
    monkeypatch.setattr(human, "_WORK_SPREAD", 10)


def test_the_pictures_text_passes_in_small_letters_and_with_spaces() -> None:
    check = human.new_check(BROWSER, NOW)
    answer(check, " ".join(check.picture_text.lower()))


def test_the_spoken_text_pass_as_well() -> None:
    check = human.new_check(BROWSER, NOW)
    answer(check, check.spoken_text)


def test_a_solved_proof_of_work_passes() -> None:
    check = human.new_check(BROWSER, NOW)
    answer(check, proof=solved(human.work(check.pk, BROWSER, NOW)))


def test_a_proof_of_work_of_another_check_is_refused() -> None:
    mine, other = human.new_check(BROWSER, NOW), human.new_check(BROWSER, NOW)
    with pytest.raises(HumanCheckFailed):
        answer(mine, proof=solved(human.work(other.pk, BROWSER, NOW)))


def test_a_challenge_of_ones_own_making_is_refused() -> None:
    check = human.new_check(BROWSER, NOW)
    easy = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, counter=1, data={"check": check.pk}, hmac_secret="thief"
    )
    with pytest.raises(HumanCheckFailed):
        answer(check, proof=solved(easy.to_dict()))


@pytest.mark.parametrize("typed", ["", "YANLIŞ", "ı" * 16, "' or 1=1"])
def test_another_answer_is_refused_and_uses_the_check_up(typed: str) -> None:
    check = human.new_check(BROWSER, NOW)
    with pytest.raises(HumanCheckFailed):
        answer(check, typed)
    with pytest.raises(HumanCheckLate):
        answer(check, check.picture_text)


@pytest.mark.parametrize("proof", ["x", "e30=", "bm90IGpzb24="])
def test_a_malformed_proof_is_refused(proof: str) -> None:
    with pytest.raises(HumanCheckFailed):
        answer(human.new_check(BROWSER, NOW), proof=proof)


def test_a_check_works_once() -> None:
    check = human.new_check(BROWSER, NOW)
    answer(check, check.picture_text)
    with pytest.raises(HumanCheckLate):
        answer(check, check.picture_text)


def test_a_check_is_bound_to_its_browser() -> None:
    check = human.new_check(BROWSER, NOW)
    with pytest.raises(HumanCheckLate):
        answer(check, check.picture_text, browser="browser-b")
    with pytest.raises(HumanCheckLate):
        human.picture(check.pk, "browser-b", NOW)
    with pytest.raises(HumanCheckLate):
        human.work(check.pk, "", NOW)


def test_a_check_lasts_five_minutes() -> None:
    check = human.new_check(BROWSER, NOW)
    with pytest.raises(HumanCheckLate):
        answer(check, check.picture_text, minutes=5)


def test_the_picture_is_a_png_and_the_sound_a_wav_of_some_seconds() -> None:
    check = human.new_check(BROWSER, NOW)
    with Image.open(io.BytesIO(human.picture(check.pk, BROWSER, NOW))) as image:
        assert image.size == human.PICTURE_SIZE
    for language in ("tr", "en"):
        with wave.open(io.BytesIO(human.sound(check.pk, BROWSER, language, NOW))) as spoken:
            assert 5 < spoken.getnframes() / spoken.getframerate() < 40


def test_it_is_rendered_a_few_times_at_most_so_that_noise_does_not_average_out() -> None:
    check = human.new_check(BROWSER, NOW)
    for _ in range(human.RENDERINGS_ALLOWED):
        human.picture(check.pk, BROWSER, NOW)
    with pytest.raises(HumanCheckLate):
        human.picture(check.pk, BROWSER, NOW)


def test_letters_that_look_alike_are_not_used() -> None:
    assert not set("0OQDI1LJ5S2Z8BUVG6") & set(human.PICTURE_LETTERS)


def test_letters_that_sound_alike_are_said_with_a_word_and_five_is_not_taken_for_nine() -> None:
    letters = {each for each in human.SPOKEN_LETTERS if each.isalpha()}
    for language in ("tr", "en"):
        assert letters == {each.name for each in (VOICES / language).iterdir() if each.name.isalpha()}
        for letter in letters:
            for voice in (VOICES / language / letter).iterdir():
                with wave.open(str(voice)) as spoken:
                    assert spoken.getparams()[:3] == (1, 1, 8000)
                    assert spoken.getnframes() / 8000 > 0.6  # a word, not a bare letter
    assert "5" not in human.SPOKEN_LETTERS
    assert "O" not in human.SPOKEN_LETTERS + human.PICTURE_LETTERS


def test_a_zero_that_was_heard_may_be_typed_as_the_letter_o() -> None:
    check = human.new_check(BROWSER, NOW)
    HumanCheck.objects.update(spoken_text="0A0K7")
    answer(check, "oaok7")


@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_letter_and_digit_can_be_spoken(language: str) -> None:
    with wave.open(io.BytesIO(speak(human.SPOKEN_LETTERS, language))) as spoken:
        assert spoken.getnframes() / spoken.getframerate() > len(human.SPOKEN_LETTERS)


def test_what_was_not_looked_at_may_be_answered_once_more() -> None:
    check = human.new_check(BROWSER, NOW)
    answer(check, check.picture_text)
    human.give_back(check.pk, "browser-b")
    with pytest.raises(HumanCheckLate):
        answer(check, check.picture_text)
    human.give_back(check.pk, BROWSER)
    answer(check, check.picture_text)


def test_late_checks_are_cleared_away() -> None:
    human.new_check(BROWSER, NOW)
    human.new_check(BROWSER, NOW + timedelta(minutes=3))
    human.forget_old(NOW + timedelta(minutes=6))
    assert HumanCheck.objects.count() == 1

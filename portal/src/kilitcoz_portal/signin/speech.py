"""Spoken digits for the human check: PyPI's captcha, our Turkish voices, and its noise made fast.

The library draws a random number for every sample of its hiss, a second of computing for each sound; one read
of the system's randomness gives the same hiss.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from captcha.audio import WAVE_SAMPLE_RATE, AudioCaptcha, mix_wave

_TURKISH_VOICES = Path(__file__).parent / "voices" / "tr"
_HISS = bytes(126 + value % 4 for value in range(256))


class _Speaker(AudioCaptcha):
    def create_background_noise(self, length: int, chars: str) -> bytearray:  # noqa: ARG002 - the library's shape
        """A soft hiss with reversed, quiet voices at random places."""
        noise = bytearray(os.urandom(length).translate(_HISS))
        position = 0
        while position < length:
            voice = self._noise_pick()
            end = position + len(voice) + 1
            noise[position:end] = mix_wave(voice, noise[position:end])
            position = end + secrets.randbelow(WAVE_SAMPLE_RATE // 2)
        return noise


def speak(digits: str, language: str) -> bytes:
    """The digits as a WAV, in Turkish or else in English, beeps before and after."""
    return bytes(_speaker(language == "tr").generate(digits))


@cache
def _speaker(turkish: bool) -> AudioCaptcha:
    """Our own Turkish voices; the English ones come with the library."""
    return _Speaker(str(_TURKISH_VOICES)) if turkish else _Speaker()

"""Spoken letters and digits for the human check: PyPI's captcha, our voices, and its noise made fast.

Letters are said with a word ("Kayseri'nin K'si", "K for king"): their bare names sound alike.

The library draws a random number for every sample of its hiss, a second of computing for each sound; one read
of the system's randomness gives the same hiss.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from captcha.audio import DATA_DIR, WAVE_SAMPLE_RATE, AudioCaptcha, mix_wave

_VOICES = Path(__file__).parent / "voices"
_HISS = bytes(126 + value % 4 for value in range(256))


class _Speaker(AudioCaptcha):
    def __init__(self, *folders: Path) -> None:
        """Each folder has one of its own per character; a later one's voices replace an earlier one's."""
        super().__init__()
        for folder in folders:
            self._voicedir = str(folder)
            for name in sorted(each.name for each in folder.iterdir() if each.is_dir()):
                self._load_data(name)
        self._choices = list(self._cache)

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


def speak(text: str, language: str) -> bytes:
    """Letters and digits as a WAV, in Turkish or else in English, beeps before and after."""
    return bytes(_speaker(language == "tr").generate(text))


@cache
def _speaker(turkish: bool) -> _Speaker:
    """Turkish voices are all ours; English digits come with the library."""
    return _Speaker(_VOICES / "tr") if turkish else _Speaker(Path(DATA_DIR), _VOICES / "en")

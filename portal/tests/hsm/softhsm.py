"""A token for one test: SoftHSM2, with tokens in a folder of this process."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pkcs11
from pytest_django import Settings

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "123456"
_numbers = count(1)


@dataclass(frozen=True)
class SoftToken:
    """As an administrator has it: its label, and the file with its PIN."""

    label: str
    pin_file: Path
    folder: Path

    def objects(self) -> list[str]:
        """Labels of the keys in it, of both halves."""
        with library().get_token(token_label=self.label).open() as session:
            return sorted(each.label for each in session.get_objects())

    def taken_away(self) -> None:
        """With all that it holds."""
        for each in self.folder.iterdir():
            shutil.rmtree(each)


def library() -> Any:
    """The module, loaded once in a process."""
    return pkcs11.lib(str(MODULE))


def new_token(folder: Path, settings: Settings) -> SoftToken:
    """An initialised one, which the settings name from now on; all sessions of before are lost."""
    label = f"Örnek {next(_numbers)}"
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        "12345678",
        "--pin",
        PIN,
    ]
    tokens = place()
    subprocess.run(command, check=True, capture_output=True)
    library().reinitialize()
    pin_file = folder / "pin"
    pin_file.write_text(f"{PIN}\n")
    pin_file.chmod(0o600)
    settings.KILITCOZ_PKCS11_MODULE, settings.KILITCOZ_PKCS11_PIN_FILE = MODULE, pin_file
    return SoftToken(label, pin_file, tokens)


def place() -> Path:
    """The tokens' folder. SoftHSM reads where it is whenever it begins; other tests of this process, the card
    service's among them, have theirs.
    """
    folder = _folder()
    os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
    return folder / "tokens"


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="kilitcoz-softhsm-"))
    (folder / "tokens").mkdir()
    (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    return folder

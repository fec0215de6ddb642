"""`kilitcoz-agent install-desktop`: the entry by which a Linux desktop opens `kilitcoz://` links with us.

Desktop Entry Specification 1.5 (Exec key: quoting and field codes) and Desktop Application Autostart.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ENTRY_NAME = "kilitcoz-agent.desktop"
MIME_TYPE = "x-scheme-handler/kilitcoz"

ENTRY = """[Desktop Entry]
Type=Application
Name=Akıllı Kart Servisi
Name[en]=Smart Card Service
Comment=Kartınızın PIN’ini yenilemek için kart servisi
Comment[en]=Card service for setting a new PIN on your card
Exec={command} open %u
Icon=security-high
Terminal=false
NoDisplay=true
StartupNotify=false
MimeType={mime};
"""

AUTOSTART = """[Desktop Entry]
Type=Application
Name=Akıllı Kart Servisi
Name[en]=Smart Card Service
Exec={command} run
Terminal=false
NoDisplay=true
"""


def install(*, autostart: bool) -> list[Path]:
    """Write the entry, make it the scheme's default where the desktop's tools are there; returns what was
    written.
    """
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    written = [
        _write(data / "applications" / ENTRY_NAME, ENTRY.format(command=own_command(), mime=MIME_TYPE))
    ]
    if autostart:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        written.append(_write(config / "autostart" / ENTRY_NAME, AUTOSTART.format(command=own_command())))
    _tell_desktop(["update-desktop-database", "-q", str(data / "applications")])
    _tell_desktop(["xdg-mime", "default", ENTRY_NAME, MIME_TYPE])
    return written


def own_command() -> str:
    """How a desktop calls this program: quoted, with no field code of its own."""
    script = shutil.which("kilitcoz-agent", path=str(Path(sys.executable).parent)) or shutil.which(
        "kilitcoz-agent"
    )
    words = [script] if script is not None else [sys.executable, "-m", "kilitcoz_agent"]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Quoted for Exec, then escaped as a string value, then freed of field codes."""
    for character in ("\\", '"', "`", "$"):
        word = word.replace(character, "\\" + character)
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _tell_desktop(command: list[str]) -> None:
    tool = shutil.which(command[0])
    if tool is not None:
        subprocess.run([tool, *command[1:]], check=False, capture_output=True)  # noqa: S603 - a fixed list

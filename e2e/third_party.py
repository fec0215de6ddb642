"""Programs nobody here wrote, asked what they think of a card: Debian's yubico-piv-tool, through PC/SC."""

import os
import subprocess

from kilitcoz_simulator.pcsc_lab import PcscLab


def yubico_piv_tool(lab: PcscLab, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs it on the card in the first slot; `typed` answers its questions for PIN and PUK."""
    return subprocess.run(
        ["yubico-piv-tool", "--reader", lab.reader_name(0), "--stdin-input", *arguments],
        env=os.environ | lab.environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def pin_is_accepted(lab: PcscLab, pin: str) -> bool:
    """Whether `verify-pin` is content. A refusal costs the card a try."""
    return yubico_piv_tool(lab, "-a", "verify-pin", typed=f"{pin}\n").returncode == 0


def puk_is_accepted(lab: PcscLab, puk: str, new_puk: str) -> bool:
    """Whether `change-puk` is content with `puk`. A refusal costs the card a try."""
    return yubico_piv_tool(lab, "-a", "change-puk", typed=f"{puk}\n{new_puk}\n").returncode == 0

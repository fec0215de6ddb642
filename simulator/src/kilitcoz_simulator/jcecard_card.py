"""PyPI's jcecard, a virtual OpenPGP and PIV card that nobody here wrote, as a card in a reader.

What is particular about its PIV half (0.1.0), and what follows for whoever speaks to it:

* It logs every command with its data, PIN and PUK included, and sets up the root logger when imported. Both
  are undone here.
* PIV state lives in memory only: the card is as old as the process. There is no CHUID until one is written.
* VERIFY without data always answers 63Cx, also when the PIN is verified, and 63C0 when it is blocked.
* The wrong try that uses up the counter is already answered 6983.
* RESET RETRY COUNTER compares the PUK with its padding, so only a PUK of eight bytes ever fits.
* Signing assumes a SHA-256 hash: P-256 keys work, P-384 and RSA keys answer 6F00. No metadata (F7: 6D00).
* Its ATR offers T=0 and T=1 and announces extended length. A long answer to a short command comes in one
  piece; BridgedCard parts it.
* A warm reset keeps what was verified; BridgedCard therefore turns it off and on instead.
* OpenSC takes it for an OpenPGP card, by its ATR.
* It uses pyca/cryptography's old name of 3DES, which warns; tests that turn warnings into errors must let
  this pass (`@pytest.mark.filterwarnings("ignore:TripleDES")`), or personalising fails with 6F00.
"""

import logging
import shutil
import tempfile
import weakref
from datetime import datetime
from pathlib import Path

from kilitcoz_simulator.bridge import BridgedCard
from kilitcoz_simulator.errors import LabUnavailable
from kilitcoz_simulator.issuing import Holder
from kilitcoz_simulator.personalising import PersonalisedCard, personalise


def make_jcecard() -> BridgedCard:
    """A factory-fresh card. Raises LabUnavailable when jcecard is not installed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        from jcecard.main import OpenPGPCard  # late: a test counterpart, not a dependency
    except ImportError:
        raise LabUnavailable("jcecard is not installed (requirements/dev.txt)") from None
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    logging.getLogger("jcecard").setLevel(logging.CRITICAL + 1)
    folder = tempfile.mkdtemp(prefix="kilitcoz-jcecard-")  # it saves its OpenPGP half at each power-off
    card = OpenPGPCard(storage_path=Path(folder))
    bridged = BridgedCard(card.process_apdu, atr=card.get_atr(), on=card.power_on, off=card.power_off)
    weakref.finalize(bridged, shutil.rmtree, folder, ignore_errors=True)
    return bridged


def make_jcecard_for(holder: Holder, *, serial: int, now: datetime) -> tuple[BridgedCard, PersonalisedCard]:
    """A card ready for use, and what its issuer keeps of it. `serial` is only printed on it, so to say."""
    card = make_jcecard()
    return card, personalise(card, holder, serial=serial, now=now)

"""Virtual smart cards that block, tear and lie: in-process, over TCP, or in a real reader by vpcd.

    from kilitcoz_simulator import Card, CardOrder, Holder, issue

    issued = issue(CardOrder(Holder("Ayşe Yılmaz")), now=datetime.now(UTC))
    card = Card(issued.state)                  # or Card.from_file(path), whose state survives
    atr = card.power_on()
    answer = card.transmit(bytes.fromhex("00a4040005a000000308"))

To go on: faults.py (accidents and quirks), serving.py and slot.py (readers), pcsc_lab.py (a private pcscd),
bridge.py (cards of others), cli.py (kilitcoz-sim).
"""

from kilitcoz_simulator.apdu_log import ApduLog, LoggedCommand
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.blank import blank_card
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.bridge import BridgedCard
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.errors import (
    CardNotPowered,
    CardTorn,
    FaultSyntax,
    FramingError,
    LabUnavailable,
    OptionMalformed,
    SimulatorError,
    StateFileInUse,
    StateFileMalformed,
)
from kilitcoz_simulator.faults import Answer, FaultPlan, Moment, Quirks, Tear, When
from kilitcoz_simulator.issuing import CardOrder, Holder, IssuedCard, issue
from kilitcoz_simulator.pcsc_lab import PcscLab, require_lab
from kilitcoz_simulator.profile import PLAIN, YUBIKEY, Profile
from kilitcoz_simulator.serving import TcpServer, VpcdClient, to_address
from kilitcoz_simulator.slot import Slot
from kilitcoz_simulator.state import CardState
from kilitcoz_simulator.storage import StateFile
from kilitcoz_simulator.swapping import SwappedCard

__all__ = [
    "PLAIN",
    "YUBIKEY",
    "Answer",
    "ApduLog",
    "Authority",
    "BridgedCard",
    "Card",
    "CardNotPowered",
    "CardOrder",
    "CardState",
    "CardTorn",
    "FaultPlan",
    "FaultSyntax",
    "FramingError",
    "Holder",
    "InReader",
    "IssuedCard",
    "LabUnavailable",
    "LoggedCommand",
    "Moment",
    "OptionMalformed",
    "PcscLab",
    "Profile",
    "Quirks",
    "SimulatorError",
    "Slot",
    "StateFile",
    "StateFileInUse",
    "StateFileMalformed",
    "SwappedCard",
    "TcpServer",
    "Tear",
    "VpcdClient",
    "When",
    "blank_card",
    "block_pin",
    "issue",
    "require_lab",
    "to_address",
]

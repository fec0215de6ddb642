"""What can go wrong in the simulator, apart from status words, which are answers and no errors.

SimulatorError
├── CardTorn           the card left the reader inside a command: no answer came, it may have taken effect
├── CardNotPowered     an APDU was sent to a card without power
├── FramingError       the reader's byte stream is not the framing of framing.py
├── StateFileMalformed a state file cannot be read as a card
├── StateFileInUse     another program has this card
├── FaultSyntax        a fault on the command line is not one of faults.py
├── OptionMalformed    another option on the command line cannot be understood
└── LabUnavailable     this machine cannot run a pcscd of its own; the message says what is missing
"""


# ruff: noqa: N818  (named after what happened, as in kilitcoz_cards.errors)


class SimulatorError(Exception):
    """Base of all errors of this package."""


class CardTorn(SimulatorError):
    """The card left the reader inside a command. Nobody outside can tell whether the command took effect."""


class CardNotPowered(SimulatorError):
    """An APDU for a card that has no power: a fault of the reader's software."""


class FramingError(SimulatorError):
    """The other side does not speak the framing of framing.py."""


class StateFileMalformed(SimulatorError):
    """The file is not a card's state, or of a version that this program does not know."""


class StateFileInUse(SimulatorError):
    """Another program has this card in its reader."""


class FaultSyntax(SimulatorError):
    """A fault given on the command line cannot be understood."""


class OptionMalformed(SimulatorError):
    """An option on the command line cannot be understood."""


class LabUnavailable(SimulatorError):
    """No private PC/SC service can be started on this machine."""

"""Another program at the same PC/SC service: it waits, resets, takes the card, and sends what it likes.

`Lurker` is for tests. The file itself, started as a program, is the other end: a line for each call.
"""

import json
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import IO, Any, Self, cast

RESET_BY_OTHERS = {0x80100067, 0x80100068}  # SCARD_W_UNPOWERED_CARD, SCARD_W_RESET_CARD
SUCCESS = 0


class Lurker:
    """Connected to one reader, shared with everybody else."""

    def __init__(self, environment: dict[str, str], reader: str) -> None:
        self._reader = reader
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self("connect", self._reader) == (SUCCESS, "")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=10)

    def __call__(self, name: str, argument: str = "") -> tuple[int, str]:
        """connect READER, reconnect, reset, begin, end, transmit HEX → PC/SC status and the answer in hex."""
        commands, answers = cast(IO[str], self._process.stdin), cast(IO[str], self._process.stdout)
        commands.write(json.dumps([name, argument]) + "\n")
        commands.flush()
        status, answer = json.loads(answers.readline())
        return status, answer

    def sends(self, command: bytes) -> str:
        """A command APDU to a card that is there: the status word in hex."""
        status, answer = self("transmit", command.hex())
        assert status == SUCCESS, f"{status:08X}"
        return answer[-4:]

    def keeps_resetting(self) -> "Resetting":
        """Begins to reset the card again and again; this lurker takes no other calls until it is stopped."""
        return Resetting(self)


class Resetting:
    """Resets until `stop`, which tells how many succeeded."""

    def __init__(self, lurker: Lurker) -> None:
        self._stopping = threading.Event()
        self._count = 0
        self._thread = threading.Thread(target=self._run, args=(lurker,))
        self._thread.start()

    def stop(self) -> int:
        """No more; how many there were."""
        self._stopping.set()
        self._thread.join()
        return self._count

    def _run(self, lurker: Lurker) -> None:
        while not self._stopping.is_set():
            self._count += lurker("reset")[0] == SUCCESS


def main() -> None:
    """The other program."""
    from smartcard import scard

    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    handle = 0
    for line in sys.stdin:
        name, argument = json.loads(line)
        answer: list[int] = []
        if name == "connect":
            status, handle, _ = scard.SCardConnect(context, argument, scard.SCARD_SHARE_SHARED, protocols)
        elif name in ("reconnect", "reset"):
            how = scard.SCARD_RESET_CARD if name == "reset" else scard.SCARD_LEAVE_CARD
            status, _ = scard.SCardReconnect(handle, scard.SCARD_SHARE_SHARED, protocols, how)
        elif name == "begin":
            status = scard.SCardBeginTransaction(handle)
        elif name == "end":
            status = scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)
        else:
            command: list[Any] = list(bytes.fromhex(argument))
            status, answer = scard.SCardTransmit(handle, scard.SCARD_PCI_T1, command)
        print(json.dumps([status & 0xFFFFFFFF, bytes(answer).hex()]), flush=True)


if __name__ == "__main__":
    main()

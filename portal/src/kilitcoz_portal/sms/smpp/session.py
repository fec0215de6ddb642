"""One bound session with an SMSC: SMPP 3.4 over asyncio.

What is asked is correlated by sequence number with what is answered. A request that has no answer when the
session ends is lost, not refused: the SMSC may have it. An answer that comes too late is still told.

Times are kept by asyncio.timeout: Python 3.11's wait_for can swallow a cancellation.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio import Future, StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog
from aiosmpplib import (
    BindTransceiver,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    SmppCommand,
    SmppCommandStatus,
    SmppMessage,
    Unbind,
    UnbindResp,
)

from kilitcoz_portal.sms.smpp import pdus
from kilitcoz_portal.sms.smpp.pdus import HEADER, NoPdu, Pdu, Receipt
from kilitcoz_portal.sms.smpp.settings import SmppSettings

log = structlog.get_logger(__name__)

LEAVE_TIME = 2.0
_LAST_SEQUENCE = 0x7FFF_FFFF

OnReceipt = Callable[[Receipt], Awaitable[bool]]
OnLate = Callable[[Pdu], None]


class BindRefused(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """The SMSC does not let us in; `status` is its reason."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:#010x}")
        self.status = status


class Session:
    """Bound from `bind` on until `live` returns."""

    def __init__(self, settings: SmppSettings, on_receipt: OnReceipt) -> None:
        """`on_receipt` says whether the receipt is written down; if not, the SMSC is asked to come again."""
        self._settings = settings
        self._on_receipt = on_receipt
        self._sequence = 0
        self._waiting: dict[int, Future[Pdu | None]] = {}
        self._heard = asyncio.Event()
        self._receipts: set[asyncio.Task[None]] = set()
        self._reader: StreamReader
        self._writer: StreamWriter

    async def bind(self) -> None:
        """Connect and bind as transceiver. Raises OSError, TimeoutError, BindRefused."""
        asked = self._settings
        trust = ssl.create_default_context(cafile=asked.ca_file) if asked.tls else None
        async with asyncio.timeout(asked.timeout):
            self._reader, self._writer = await asyncio.open_connection(asked.host, asked.port, ssl=trust)
        bound = False
        try:
            async with asyncio.timeout(asked.timeout):
                await self._introduce_ourselves()
            bound = True
        except (NoPdu, asyncio.IncompleteReadError):
            raise ConnectionResetError from None
        finally:
            if not bound:
                await self.drop()

    async def _introduce_ourselves(self) -> None:
        asked = self._settings
        request = BindTransceiver(
            system_id=asked.system_id,
            password=asked.password.get_secret_value(),
            system_type=asked.system_type,
        )
        self._say(request, self._next_sequence())
        answer = await self._hear()
        if answer.command != SmppCommand.BIND_TRANSCEIVER_RESP or answer.status:
            raise BindRefused(answer.status)

    async def live(self) -> None:
        """Hear what comes and keep the connection alive; returns when it is over, however it ended."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_alive())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.drop()

    async def ask(self, message: SmppMessage, on_late: OnLate | None = None) -> Pdu | None:
        """Say it and wait for the answer; None where none came in time, or the session ended. An answer after
        that time is given to `on_late`. Raises ConnectionError where it could not even be said.
        """
        if self._writer.is_closing():
            raise ConnectionResetError
        sequence = self._next_sequence()
        answer: Future[Pdu | None] = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = answer
        self._say(message, sequence)
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await asyncio.shield(answer)
        except TimeoutError:
            if on_late is not None:
                answer.add_done_callback(partial(_tell_late, on_late))
            return None

    async def unbind(self) -> None:
        """Take leave: whatever is unanswered then is lost."""
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(LEAVE_TIME):
                await self.ask(Unbind())
        await self.drop()

    async def drop(self) -> None:
        """Close the connection; every request without an answer is lost."""
        self._writer.close()
        while self._waiting:
            _, answer = self._waiting.popitem()
            if not answer.done():
                answer.set_result(None)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(LEAVE_TIME):
                await self._writer.wait_closed()

    async def _listen(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, NoPdu):
            while True:
                pdu = await self._hear()
                self._heard.set()
                if pdu.answers:
                    self._answered(pdu)
                elif pdu.command == SmppCommand.UNBIND:
                    self._say(UnbindResp(), pdu.sequence)
                    return
                else:
                    self._asked(pdu)

    def _answered(self, pdu: Pdu) -> None:
        answer = self._waiting.pop(pdu.sequence, None)
        if answer is not None and not answer.done():
            answer.set_result(pdu)

    def _asked(self, pdu: Pdu) -> None:
        if pdu.command == SmppCommand.ENQUIRE_LINK:
            self._say(EnquireLinkResp(), pdu.sequence)
        elif pdu.command == SmppCommand.DELIVER_SM:
            task = asyncio.create_task(self._delivered(pdu))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)
        else:
            self._say(GenericNack(command_status=SmppCommandStatus.ESME_RINVCMDID), pdu.sequence)

    async def _delivered(self, pdu: Pdu) -> None:
        """A receipt is acknowledged once it is written down; a short message from a phone, at once."""
        receipt = pdus.receipt(pdu)
        done = receipt is None or await self._on_receipt(receipt)
        status = SmppCommandStatus.ESME_ROK if done else SmppCommandStatus.ESME_RX_T_APPN
        self._say(DeliverSmResp(command_status=status), pdu.sequence)

    async def _keep_alive(self) -> None:
        """Ask whether it is still there whenever nothing was heard for a while; end where no answer comes."""
        while True:
            self._heard.clear()
            try:
                async with asyncio.timeout(self._settings.enquire_every):
                    await self._heard.wait()
            except TimeoutError:
                if await self.ask(EnquireLink()) is None:
                    log.warning("smpp-link-lost", host=self._settings.host)
                    return

    async def _hear(self) -> Pdu:
        header = await self._reader.readexactly(HEADER)
        return pdus.read(header + await self._reader.readexactly(pdus.length_of(header) - HEADER))

    def _say(self, message: SmppMessage, sequence: int) -> None:
        """Into the connection's buffer; where the connection is broken, whoever listens finds out."""
        message.sequence_num = sequence
        if not self._writer.is_closing():
            self._writer.write(message.pdu())

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        return self._sequence


def _tell_late(on_late: OnLate, answer: Future[Pdu | None]) -> None:
    pdu = answer.result()
    if pdu is not None:
        on_late(pdu)

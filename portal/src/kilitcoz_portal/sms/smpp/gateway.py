"""An SMSC as a gateway: its session lives in a thread of its own, and is made anew as long as it takes.

Workers hand their messages over from their threads and wait for the answer. How many may be unanswered
(window) and how fast they follow each other (rate) is the SMSC's wish; where it says "throttled", the message
is put back and the gateway rests.
"""

from __future__ import annotations

import asyncio
import threading
import zlib
from functools import partial

import structlog
from aiosmpplib import NPI, TON, PhoneNumber, SmppCommandStatus, SubmitSm

from kilitcoz_portal.outgoing.gateways import AnswerLost, GatewayFault, NotAccepted, Parcel, Refused
from kilitcoz_portal.sms.smpp import books, pdus
from kilitcoz_portal.sms.smpp.alphabets import UCS2, Segment, segments
from kilitcoz_portal.sms.smpp.pdus import Pdu
from kilitcoz_portal.sms.smpp.session import BindRefused, OnLate, Session
from kilitcoz_portal.sms.smpp.settings import SmppSettings

log = structlog.get_logger(__name__)

BIND_WAIT = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
_UDHI = 0x40  # esm_class: the text begins with a user data header (SMPP 3.4 §5.2.12)
_BUSY = {SmppCommandStatus.ESME_RTHROTTLED, SmppCommandStatus.ESME_RMSGQFUL, SmppCommandStatus.ESME_RX_T_APPN}
_UNCLEAR = {SmppCommandStatus.ESME_RSYSERR, SmppCommandStatus.ESME_RUNKNOWNERR}


class SmppGateway:
    """An SMSC as its table describes it."""

    is_local = False

    def __init__(self, name: str, settings: SmppSettings) -> None:
        self.name = name
        self.seconds = BIND_WAIT + 2 * settings.timeout
        self._settings = settings
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._session: Session | None = None
        self._last_at = 0.0

    def open(self) -> None:
        """Begin the session, and keep it up: receipts come at any time."""
        with self._starting:
            if self._thread is not None:
                return
            running = threading.Event()
            self._thread = threading.Thread(target=asyncio.run, args=(self._live(running),), daemon=True)
            self._thread.start()
            running.wait()

    def close(self) -> None:
        """Take leave of the SMSC."""
        with self._starting:
            if self._thread is not None:
                self._loop.call_soon_threadsafe(self._stopping.set)
                self._thread.join()
            self._thread = None

    def send(self, parcel: Parcel) -> str:
        """The SMSC's name for the message (for a concatenated one: of its last part)."""
        self.open()
        return asyncio.run_coroutine_threadsafe(self._send(parcel), self._loop).result()

    async def _live(self, running: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping, self._bound = asyncio.Event(), asyncio.Event()
        self._window = asyncio.Semaphore(self._settings.window)
        keeping = asyncio.create_task(self._keep_bound())
        running.set()
        await self._stopping.wait()
        if self._session is not None:
            await self._session.unbind()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    async def _keep_bound(self) -> None:
        """One session after the other; between two that fail, pauses that grow."""
        pause = FIRST_PAUSE
        while True:
            session = Session(self._settings, partial(books.receipt, self.name))
            try:
                await session.bind()
            except BindRefused as refusal:
                log.warning("smpp-bind-refused", gateway=self.name, status=f"{refusal.status:#010x}")
            except (OSError, TimeoutError) as fault:
                log.warning("smpp-unreachable", gateway=self.name, fault=type(fault).__name__)
            else:
                pause = FIRST_PAUSE
                await self._use(session)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _use(self, session: Session) -> None:
        log.info("smpp-bound", gateway=self.name)
        self._session = session
        self._bound.set()
        try:
            await session.live()
        finally:
            self._session = None
            self._bound.clear()
            log.info("smpp-session-ended", gateway=self.name)

    async def _send(self, parcel: Parcel) -> str:
        reference = zlib.crc32(parcel.reference.encode()) & 0xFF
        name = ""
        for number, segment in enumerate(segments(parcel.text, self._settings.alphabet, reference)):
            try:
                name = await self._submit(parcel, segment)
            except (NotAccepted, Refused):
                if number == 0:
                    raise
                raise AnswerLost("partly-accepted") from None
        return name

    async def _submit(self, parcel: Parcel, segment: Segment) -> str:
        """One part: wait for a session, for room in the window, and for its turn; then for the answer."""
        try:
            async with asyncio.timeout(BIND_WAIT):
                await self._bound.wait()
            async with asyncio.timeout(self._settings.timeout):
                await self._window.acquire()
        except TimeoutError:
            raise NotAccepted("gateway-unreachable" if self._session is None else "gateway-busy") from None
        try:
            await self._take_turn()
            answer = await self._ask(self._submit_sm(parcel, segment), partial(self._late, parcel))
        except ConnectionError:
            raise NotAccepted("gateway-unreachable") from None
        finally:
            self._window.release()
        if answer is None:
            raise AnswerLost("answer-lost")
        if fault := self._fault(answer):
            raise fault
        return pdus.message_id(answer)

    async def _ask(self, message: SubmitSm, on_late: OnLate) -> Pdu | None:
        """As the session's own; the session may have ended while the message waited for its turn."""
        if self._session is None:
            raise ConnectionResetError
        return await self._session.ask(message, on_late)

    async def _take_turn(self) -> None:
        """So many a second, and no more."""
        now = self._loop.time()
        self._last_at = max(now, self._last_at + 1 / self._settings.per_second)
        await asyncio.sleep(self._last_at - now)

    def _submit_sm(self, parcel: Parcel, segment: Segment) -> SubmitSm:
        """The text stands in it as octets alone: whatever shows it, shows none."""
        asked = self._settings
        message = SubmitSm(
            short_message="-",
            source=PhoneNumber(asked.source, asked.source_ton, asked.source_npi),
            destination=PhoneNumber(parcel.address.removeprefix("+"), TON.INTERNATIONAL, NPI.ISDN),
            esm_class=_UDHI if segment.has_header else 0,
            registered_delivery=int(asked.receipts),
            encoding="ucs2" if segment.data_coding == UCS2 else None,
        )
        message.set_encoded_message(segment.octets)
        return message

    def _fault(self, answer: Pdu) -> GatewayFault | None:
        """None for an acceptance. A status other than that is a refusal, but for those which say nothing."""
        if answer.status == SmppCommandStatus.ESME_ROK:
            return None
        log.warning("smpp-refused", gateway=self.name, status=f"{answer.status:#010x}")
        if answer.status in _BUSY:
            return NotAccepted("gateway-busy")
        return AnswerLost("answer-unclear") if answer.status in _UNCLEAR else Refused("gateway-refused")

    def _late(self, parcel: Parcel, answer: Pdu) -> None:
        """The worker has given the message up as in doubt: settle it."""
        fault = self._fault(answer)
        books.late_answer(self.name, parcel.reference, pdus.message_id(answer), fault)

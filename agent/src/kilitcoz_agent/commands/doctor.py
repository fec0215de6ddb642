"""`kilitcoz-agent doctor`: what works, what does not, and the next step for each fault. Changes nothing,
burns no try.
"""

from __future__ import annotations

import asyncio
import email.utils
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kilitcoz_agent.commands.trust import well_known
from kilitcoz_agent.errors import AgentError, PortalUnreachable, PortTaken, ReaderServiceMissing
from kilitcoz_agent.local_key import true_service
from kilitcoz_agent.portal.http import Answer
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_agent.server import bind_loopback
from kilitcoz_agent.settings import DEFAULT_PORT, AgentFiles
from kilitcoz_agent.trust import PinnedPortal, TrustStore, grouped, portal_from_json
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families import piv
from kilitcoz_cards.messages import Identification

TOLERATED_SKEW_SECONDS = 30.0


@dataclass(frozen=True)
class Check:
    """One finding. `what` is a key of texts.commands.CHECKS, `found` one of FOUND; `level` of LEVELS."""

    what: str
    level: str
    found: str
    values: dict[str, str | int] = field(default_factory=dict)


def examine(files: AgentFiles, readers: Readers, *, now: float) -> list[Check]:
    """Everything, in the order in which it is put right. `now`: seconds since 1970."""
    return [
        *_directory(files),
        *_service(files),
        *_readers(readers),
        *_portals(files, now),
    ]


def _directory(files: AgentFiles) -> Iterator[Check]:
    path = str(files.directory)
    if not files.directory.is_dir():
        yield Check("directory", "ok", "directory-missing", {"path": path})
    elif files.directory.stat().st_mode & 0o077:
        yield Check("directory", "fault", "directory-open", {"path": path})
    else:
        yield Check("directory", "ok", "directory-private", {"path": path})


def _service(files: AgentFiles) -> Iterator[Check]:
    service = true_service(files.service)
    if service is not None and service.port == DEFAULT_PORT:
        yield Check("service", "ok", "service-running", {"port": service.port})
        return
    if service is not None:
        yield Check("service", "warning", "service-elsewhere", {"port": service.port, "usual": DEFAULT_PORT})
        return
    free = _is_free(DEFAULT_PORT)
    level, found = ("warning", "service-stopped") if free else ("fault", "service-squatted")
    yield Check("service", level, found, {"port": DEFAULT_PORT})


def _is_free(port: int) -> bool:
    listeners: Sequence[socket.socket] = ()
    try:
        listeners = bind_loopback(port)
    except PortTaken:
        return False
    finally:
        for listener in listeners:
            listener.close()
    return True


def _readers(readers: Readers) -> Iterator[Check]:
    try:
        found = readers.statuses()
    except (ReaderServiceMissing, CardsError):
        yield Check("reader-service", "fault", "reader-service-missing")
        return
    yield Check("reader-service", "ok", "reader-service-there")
    if not found:
        yield Check("readers", "fault", "readers-none")
        return
    names = ", ".join(status.name for status in found)
    yield Check("readers", "ok", "readers-there", {"count": len(found), "names": names})
    present = [status for status in found if status.card_present]
    if not present:
        yield Check("cards", "warning", "card-none")
    for status in present:
        yield _card(readers, status)


def _card(readers: Readers, status: ReaderStatus) -> Check:
    try:
        card = look_at(readers, status.name)
    except (CardsError, AgentError) as fault:
        return Check("cards", "fault", "card-fault", {"name": status.name, "code": fault.code})
    serial = card.serial or "–"
    return Check("cards", "ok", "card-there", {"name": status.name, "family": card.family, "serial": serial})


def look_at(readers: Readers, reader: str) -> Identification:
    """Who the card in this reader is, without proof and certificates. Raises CardsError, AgentError."""
    with readers.transaction(reader) as card:
        conversation = piv.identify(None, reader=reader, atr=card.atr.hex())
        return converse(guard(None, conversation), card.transmit, extended=takes_extended_length(card.atr))


def _portals(files: AgentFiles, now: float) -> Iterator[Check]:
    try:
        pinned = TrustStore(files.trust).portals()
    except AgentError:
        yield Check("trust", "fault", "trust-damaged", {"path": str(files.trust)})
        return
    if not pinned:
        yield Check("trust", "fault", "trust-none")
    for portal in pinned:
        values: dict[str, str | int] = {"origin": portal.origin, "fingerprint": grouped(portal.fingerprint)}
        yield Check("trust", "ok", "trust-there", values)
        yield from _portal(portal, now)


def _portal(portal: PinnedPortal, now: float) -> Iterator[Check]:
    values: dict[str, str | int] = {"origin": portal.origin}
    try:
        answer = asyncio.run(well_known(portal.origin))
        same = set(portal_from_json(answer.body, portal.origin).keys) == set(portal.keys)
    except PortalUnreachable:
        yield Check("portal", "fault", "portal-unreached", values)
        return
    except AgentError:
        yield Check("portal", "fault", "portal-no-portal", values)
        return
    yield Check(
        "portal", "ok" if same else "fault", "portal-reached" if same else "portal-keys-changed", values
    )
    yield _clock(answer, now)


def _clock(answer: Answer, now: float) -> Check:
    """The portal's Date header (RFC 9110, 6.6.1) beside our clock."""
    try:
        told = email.utils.parsedate_to_datetime(answer.date or "").timestamp()
    except ValueError:
        return Check("clock", "warning", "clock-unknown")
    apart = round(abs(now - told))
    right = apart <= TOLERATED_SKEW_SECONDS
    return Check(
        "clock", "ok" if right else "fault", "clock-right" if right else "clock-wrong", {"seconds": apart}
    )

"""The gateways: how a message leaves the house. KILITCOZ_SMS_GATEWAY names them, the preferred one first.

`console` and `outbox` stand here, each alone; they keep messages in the house and need no worker. Every other
name is a table of the gateways' file (sms.configuration), carried by sms.http or sms.smpp.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import ClassVar

from django.conf import settings

from kilitcoz_portal.outgoing.gateways import Gateway, Parcel
from kilitcoz_portal.outgoing.local import LocalGateway
from kilitcoz_portal.sms.configuration import GatewaysFile
from kilitcoz_portal.sms.http.gateway import HttpGateway
from kilitcoz_portal.sms.http.settings import HttpSettings
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.smpp.gateway import SmppGateway
from kilitcoz_portal.sms.smpp.settings import SmppSettings


class GatewayUnknown(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """The settings name a gateway that is neither built in, and alone, nor in the gateways' file."""

    code: ClassVar[str] = "sms-gateway-unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"{self.code}: {name!r}")


class ConsoleGateway(LocalGateway):
    """Writes messages to standard error: for the machine of a developer, never for people."""

    name = "console"

    def send(self, parcel: Parcel) -> str:
        """Accepted as soon as it is written."""
        sys.stderr.write(
            f"--- SMS {parcel.purpose} {parcel.at.isoformat()} {parcel.address}\n{parcel.text}\n---\n"
        )
        return ""


class OutboxGateway(LocalGateway):
    """Keeps messages in a table that the demo's /outbox page and the tests read."""

    name = "outbox"

    def send(self, parcel: Parcel) -> str:
        """Accepted as soon as the row is there."""
        OutboxMessage.objects.create(
            to=parcel.address, text=parcel.text, purpose=parcel.purpose, sent_at=parcel.at
        )
        return ""


LOCAL: dict[str, type[ConsoleGateway | OutboxGateway]] = {"console": ConsoleGateway, "outbox": OutboxGateway}


KINDS: dict[str, type[HttpSettings | SmppSettings]] = {"http": HttpSettings, "smpp": SmppSettings}


def configured() -> tuple[Gateway, ...]:
    """The gateways that the settings name, in their order; made once and kept, with what they have open.

    Raises GatewayUnknown, GatewaysFileWrong: a wrong setting must stop the start.
    """
    return _made(settings.KILITCOZ_SMS_GATEWAY, settings.KILITCOZ_SMS_GATEWAYS_FILE)


@lru_cache
def _made(named: str, path: str) -> tuple[Gateway, ...]:
    names = [name.strip() for name in named.split(",")]
    if len(names) == 1 and names[0] in LOCAL:
        return (LOCAL[names[0]](),)
    file = GatewaysFile(path) if path else None
    for name in names:
        if file is None or name in LOCAL or name not in file.tables:
            raise GatewayUnknown(name)
    assert file is not None
    return tuple(_elsewhere(name, file.settings(name, KINDS)) for name in names)


def _elsewhere(name: str, table: HttpSettings | SmppSettings) -> Gateway:
    return HttpGateway(name, table) if isinstance(table, HttpSettings) else SmppGateway(name, table)

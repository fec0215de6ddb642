"""An SMSC in a process of its own: PyPI's smpp34 server, told what to do by lines of JSON on its standard
input, telling what it gets by lines on its output.

`{"do": "accept" | "throttle" | "refuse" | "hold"}` for all that is to come; `{"release": true}`: what is held
is accepted now; `{"receipt": ID, "state": "DELIVRD"}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from typing import Any

import smpp34


class Smsc:
    """One server; the sessions bound to it, and messages that get no answer."""

    def __init__(self, port: int) -> None:
        self.server = smpp34.Server("127.0.0.1", port, system_id="smsc")
        self.doing = "accept"
        self.sessions: dict[str, smpp34.Esme] = {}
        self.held: list[tuple[smpp34.SubmitSmEvent, str]] = []
        self.names = count(1)

    async def serve(self) -> None:
        """Until the standard input is closed."""
        await self.server.start()
        self.tell(ready=True)
        hearing = asyncio.create_task(self.hear())
        obeying = asyncio.create_task(self.obey())
        await asyncio.wait([hearing, obeying], return_when=asyncio.FIRST_COMPLETED)
        hearing.cancel()
        await self.server.stop()

    async def hear(self) -> None:
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.sessions[event.session_id] = event
                self.tell(bound=event.system_id)
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.submitted(event)
            else:
                self.sessions.pop(event.session_id, None)
                self.tell(unbound=True)

    def submitted(self, event: smpp34.SubmitSmEvent) -> None:
        name = f"{next(self.names)}"
        self.tell(
            name=name,
            source=[event.source_addr_ton, event.source_addr_npi, event.source_addr],
            destination=[event.dest_addr_ton, event.dest_addr_npi, event.destination_addr],
            data_coding=event.data_coding,
            esm_class=event.esm_class,
            receipt=event.registered_delivery,
            octets=event.short_message.hex(),
        )
        if self.doing == "accept":
            event.accept(name)
        elif self.doing == "hold":
            self.held.append((event, name))
        else:
            status = smpp34.ESME_RTHROTTLED if self.doing == "throttle" else smpp34.ESME_RINVDSTADR
            event.reject(status)

    async def obey(self) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            told = json.loads(line)
            self.doing = told.get("do", self.doing)
            if "receipt" in told:
                text = f"id:{told['receipt']} sub:001 dlvrd:001 stat:{told['state']} err:000 text:"
                session = next(iter(self.sessions.values()))
                answer = await session.deliver_sm(
                    "KILITCOZ", text.encode(), source_addr="905321234567", esm_class=0x04
                )
                self.tell(acknowledged=answer.command_status)
            elif "release" in told:
                while self.held:
                    event, name = self.held.pop(0)
                    event.accept(name)
            else:
                self.tell(doing=self.doing)

    def tell(self, **what: Any) -> None:
        print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(Smsc(int(sys.argv[1])).serve())

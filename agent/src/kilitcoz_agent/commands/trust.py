"""`kilitcoz-agent trust ORIGIN`: fetch a portal's signing keys and pin them, once a person confirmed the
fingerprint.
"""

from __future__ import annotations

import asyncio

from kilitcoz_agent.errors import TrustRefused
from kilitcoz_agent.origins import normal_origin
from kilitcoz_agent.portal import http
from kilitcoz_agent.settings import AgentFiles
from kilitcoz_agent.trust import PinnedPortal, TrustStore, portal_from_json, same_fingerprint

WELL_KNOWN = "/.well-known/kilitcoz.json"


def fetch(text: str) -> PinnedPortal:
    """What the portal at this origin says of itself; nothing is pinned.

    Raises TrustRefused, PortalUnreachable, PortalRefused, PortalAnswerInvalid.
    """
    origin = normal_origin(text)
    return portal_from_json(asyncio.run(well_known(origin)).body, origin)


async def well_known(origin: str) -> http.Answer:
    """The well-known document as it comes. Raises PortalUnreachable, PortalRefused, PortalAnswerInvalid."""
    async with http.client_for(origin) as client:
        return await http.get(client, WELL_KNOWN)


def pin(files: AgentFiles, portal: PinnedPortal, *, fingerprint: str | None) -> None:
    """Believe the portal. `fingerprint`: what was confirmed beforehand, None when a person just said yes.

    Raises TrustRefused "trust-fingerprint-mismatch".
    """
    if fingerprint is not None and not same_fingerprint(fingerprint, portal.fingerprint):
        raise TrustRefused("trust-fingerprint-mismatch")
    files.make()
    TrustStore(files.trust).pin(portal)


def pinned_before(files: AgentFiles, origin: str) -> PinnedPortal | None:
    """The portal as it is pinned now."""
    return TrustStore(files.trust).portal(origin)

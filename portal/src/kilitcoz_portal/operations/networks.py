"""Does a browser reach the portal from where a card service does? Asked of a login, whose link or code a
thief may have sent (A18b).

A network is kept as a keyed hash, so that nobody reads addresses out of the table. Two of different IP
versions cannot be compared: a dual-stack machine uses now one, now the other.
"""

from __future__ import annotations

from kilitcoz_cards.messages import Network
from kilitcoz_portal.addresses import NOWHERE, network_of
from kilitcoz_portal.operations import bearers


def mark(address: str) -> str:
    """What is remembered of an address: `4:…` or `6:…`, 66 characters; "" for what is no address."""
    network = network_of(address)
    version = 6 if ":" in network else 4
    return "" if network == NOWHERE else f"{version}:{bearers.network_hash(network)}"


def compare(began_from: str, address: str) -> Network:
    """Is `address` in the network that `began_from` marks?"""
    here = mark(address)
    if not began_from or not here or began_from[0] != here[0]:
        return Network.UNKNOWN
    return Network.SAME if bearers.same(began_from, here) else Network.OTHER

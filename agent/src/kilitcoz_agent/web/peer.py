"""Whose connection is this? On Linux the kernel's own tables tell the user id behind a local TCP socket
(A20).

`/proc/net/tcp` and `/proc/net/tcp6` list each socket with its local and remote address and the uid of its
owner; the client's socket is the row whose local address is our peer and whose remote address is us
(proc(5)). Other systems have no such file: there the check is off, and docs/card-service.md says so.
"""

from __future__ import annotations

import ipaddress
import os
import struct
import sys
from pathlib import Path

PROC_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))

Address = tuple[str, int]


def peer_is_ours(client: Address | None, server: Address | None) -> bool:
    """Whether the other end belongs to the user this service runs as. False where the kernel knows no such
    socket.
    """
    if not sys.platform.startswith("linux"):
        return True
    if client is None or server is None:
        return False
    return peer_uid(client, server) == os.getuid()


def peer_uid(client: Address, server: Address) -> int | None:
    """The uid that owns the client's end, or None."""
    forms = [(_hex(client, wide=wide), _hex(server, wide=wide)) for wide in (False, True)]
    for table in PROC_TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            if (columns[1], columns[2]) in forms:
                return int(columns[7])
    return None


def _hex(address: Address, *, wide: bool) -> str:
    """An address as /proc writes it: 32-bit words in the machine's byte order, a colon, the port."""
    ip = ipaddress.ip_address(address[0])
    packed = ip.packed
    if wide and ip.version == 4:
        packed = bytes(10) + b"\xff\xff" + packed  # an IPv4 peer on an IPv6 socket (RFC 4291, 2.5.5.2)
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words) + f":{address[1]:04X}"

"""TCP ports on the loopback interface: a wanted one, or a free one in its place.

Between a look at a port and its use lie seconds, and a server that binds with SO_REUSEPORT would share it
with another one without a word. So demos reserve ports among themselves by an abstract socket of the port's
name (unix(7)), which vanishes with its process.
"""

import contextlib
import errno
import socket

LOOPBACK = "127.0.0.1"
NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now, on either loopback address."""
    for family, host in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if family is socket.AF_INET6 and error.errno in NO_IPV6:
                continue
            return False
    return True


def reserve(port: int, held: contextlib.ExitStack) -> bool:
    """Takes `port` for as long as `held` lasts; False where another demo or another program has it."""
    reservation = socket.socket(socket.AF_UNIX)
    try:
        reservation.bind(f"\0kilitcoz-demo-port-{port}")
    except OSError:
        reservation.close()
        return False
    if not is_free(port):
        reservation.close()
        return False
    held.enter_context(reservation)
    return True


def free_port(held: contextlib.ExitStack | None = None) -> int:
    """A port nobody listens on; reserved for as long as `held` lasts, if it is given."""
    held = held or contextlib.ExitStack()
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if reserve(port, held):
            return port


def answers(port: int) -> bool:
    """Whether somebody listens on `port`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False

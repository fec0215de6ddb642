"""TCP ports on the loopback interface: a wanted one, or a free one in its place."""

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


def free_port() -> int:
    """A port nobody listens on at this moment."""
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if is_free(port):
            return port


def answers(port: int) -> bool:
    """Whether somebody listens on `port`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False

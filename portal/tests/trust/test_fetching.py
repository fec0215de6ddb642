"""Fetching from an address in a certificate: bounded, and never where a stranger would like it."""

from __future__ import annotations

import socket
import threading
from unittest import mock

import pytest
from portal.tests.trust.status_server import Answer, StatusServer

from kilitcoz_portal.trust import fetching
from kilitcoz_portal.trust.fetching import Errand, NotFetched, fetch


def got(url: str, *, private: bool = True, most: int = 1000) -> bytes:
    """Fetched from a private address too, unless said."""
    return fetch(Errand(url, most), private_addresses=private)


def refused(url: str, *, private: bool = True, most: int = 1000) -> str:
    """The reason."""
    with pytest.raises(NotFetched) as failure:
        got(url, private=private, most=most)
    return failure.value.reason


def resolving_to(*addresses: str) -> mock._patch[mock.MagicMock]:
    """Every name that is asked for means these; numbers mean themselves."""
    really = socket.getaddrinfo

    def resolve(host: str, *more: object, **options: object) -> object:
        if host.endswith(".example"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
        return really(host, *more, **options)  # type: ignore[arg-type]  # handed on as they came

    return mock.patch.object(socket, "getaddrinfo", side_effect=resolve)


def test_a_body_is_fetched_by_get_and_by_post(server: StatusServer) -> None:
    server.answers["/crl"] = Answer(b"list")
    server.answers["/ocsp"] = Answer(lambda question: question[::-1])
    assert got(server.url("/crl")) == b"list"
    errand = Errand(server.url("/ocsp"), 100, b"abc", "application/ocsp-request")
    assert fetch(errand, private_addresses=True) == b"cba"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/list",
        "file:///etc/passwd",
        "ldap://127.0.0.1/cn=list",
        "http://",
        "http:///list",
        "http://user:secret@127.0.0.1/list",
        "http://[::1/list",
        "//127.0.0.1/list",
        "http://127.0.0.1:99999/list",
        "",
    ],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    assert refused(url) == "address"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f.1",
    ],
)
def test_private_addresses_are_not_asked_in_any_spelling(host: str) -> None:
    assert refused(f"http://{host}/", private=False) == "address-private"


def test_a_name_that_means_a_private_address_is_not_asked_either(server: StatusServer) -> None:
    with resolving_to("10.0.0.1", "127.0.0.1"):
        assert refused("http://ocsp.example/", private=False) == "address-private"


def test_it_is_the_address_that_was_looked_at_which_is_connected_to(server: StatusServer) -> None:
    """Asked a second time, the name would mean something else (DNS rebinding)."""
    port = server.url("").rpartition(":")[2]
    server.answers["/x"] = Answer(b"there")
    with resolving_to("127.0.0.1") as asked:
        assert got(f"http://ocsp.example:{port}/x") == b"there"
        names = [call.args[0] for call in asked.call_args_list]
    assert names[0] == "ocsp.example"
    assert set(names[1:]) <= {"127.0.0.1"}


def test_redirects_are_not_followed(server: StatusServer) -> None:
    server.answers["/moved"] = Answer(status=302, headers={"Location": server.url("/secret")})
    assert refused(server.url("/moved")) == "status-302"
    assert [path for _, path, _ in server.asked] == ["/moved"]


def test_too_much_is_not_read_whether_announced_or_not(server: StatusServer) -> None:
    server.answers["/much"] = Answer(bytes(1001))
    assert refused(server.url("/much")) == "size"
    assert len(got(server.url("/much"), most=1001)) == 1001


def test_a_compressed_body_is_not_unpacked(server: StatusServer) -> None:
    server.answers["/packed"] = Answer(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert refused(server.url("/packed")) == "encoding"


def test_a_server_that_trickles_is_left(server: StatusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.2)
    enough = threading.Event()
    server.answers["/slow"] = Answer(bytes(1000), trickle=enough)
    try:
        assert refused(server.url("/slow"), most=10_000) == "time"
    finally:
        enough.set()


def test_a_name_nobody_knows_and_a_port_nobody_listens_at_are_told() -> None:
    with mock.patch.object(socket, "getaddrinfo", side_effect=socket.gaierror):
        assert refused("http://ocsp.example/") == "name-unknown"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert refused(f"http://127.0.0.1:{port}/") == "ConnectError"

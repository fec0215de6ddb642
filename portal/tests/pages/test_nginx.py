"""The server block that the documents give for nginx does what they say: Debian's nginx before the portal."""

from __future__ import annotations

import contextlib
import http.client
import shutil
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from demo.ports import free_port
from django.test import Client
from django.utils import timezone
from portal.tests import people, pki
from portal.tests.pages.nginx import OUR_ADDRESS, Nginx, nginx
from portal.tests.pages.walking import Walker
from portal.tests.pki import Credential, TrustFolder
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from kilitcoz_portal.holders.models import CardCertificate, Holder
from kilitcoz_portal.signin import signature
from kilitcoz_portal.trust.reading import Read

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin"), reason="needs Debian's nginx"),
]


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Credential:
    """The one authority that is believed; what the portal is told of the proxy."""
    settings.KILITCOZ_SIGNATURE_ORIGIN = "https://imza.example"
    settings.KILITCOZ_SIGNATURE_PROXIES = [ip_network(OUR_ADDRESS)]
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = tmp_path / "trust", False
    settings.ALLOWED_HOSTS = ["testserver", "imza.example", "127.0.0.1", "localhost"]
    now = timezone.now()
    made = pki.root(begins=now - pki.DAY, ends=now + pki.DAY)
    folder = TrustFolder(tmp_path / "trust")
    folder.anchor(made)
    folder.crl(made.crl(issued=now - pki.DAY, due=now + pki.DAY))
    return made


@pytest.fixture
def ayses(root: Credential) -> Credential:
    """Her certificate, enrolled with her card."""
    now = timezone.now()
    made = root.issue(begins=now - pki.DAY, ends=now + pki.DAY)
    holder = people.ayse()
    sha256 = Read.of_der(made.der).sha256
    CardCertificate.objects.create(card=people.card_of(holder), slot="9a", der=made.der, sha256=sha256)
    return made


@pytest.fixture
def proxy(tmp_path: Path, root: Credential, live_server: LiveServer) -> Iterator[Nginx]:
    """nginx before the portal."""
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        contextlib.ExitStack() as held,
        nginx(folder, free_port(held), urlsplit(live_server.url).netloc, root) as running,
    ):
        yield running


@pytest.fixture
def path(ayses: Credential) -> str:
    """Where Ayşe's browser was sent."""
    return f"/imza/{signature.begin('ayses-browser', 'en', timezone.now())}"


def test_who_shows_a_certificate_to_nginx_is_sent_back_with_the_secret(
    proxy: Nginx, ayses: Credential, path: str
) -> None:
    status, answer = proxy.get(path, ayses)
    assert status == 303
    back, secret = answer.partition("Location: ")[2].split()[0].split("#c=")
    ticket = urlsplit(back).path.rpartition("/")[2]
    assert signature.finish("ayses-browser", ticket, secret, timezone.now()) == Holder.objects.get()


def test_a_certificate_of_a_stranger_and_none_at_all_get_the_page_that_says_so(
    proxy: Nginx, path: str
) -> None:
    now = timezone.now()
    kerem = pki.root("Kerem Kökü").issue(begins=now - pki.DAY, ends=now + pki.DAY)
    for shown, title in (((kerem,), "certificate was not accepted"), ((), "No certificate was shown")):
        status, answer = proxy.get(path, *shown)
        assert status == 403
        assert title in answer


@pytest.mark.parametrize(
    "name", ["X-SSL-Client-Cert", "x-ssl-client-cert", "X_SSL_Client_Cert", "Client-Cert", "Client_Cert"]
)
def test_a_certificate_in_a_header_does_not_come_through_nginx(
    proxy: Nginx, ayses: Credential, path: str, name: str
) -> None:
    status, answer = proxy.get(path, headers=f"{name}: {quote(ayses.pem)}\r\n")
    assert status == 403
    assert "No certificate was shown" in answer


def test_who_speaks_to_the_portal_past_nginx_is_refused(
    live_server: LiveServer, ayses: Credential, path: str
) -> None:
    connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=10)
    headers = {"Host": "imza.example", "X-SSL-Client-Cert": quote(ayses.pem), "X-Forwarded-For": OUR_ADDRESS}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 403
    assert "The request was not accepted" in answer.read().decode()
    connection.close()


def test_nothing_else_of_the_portal_is_behind_that_name(proxy: Nginx, ayses: Credential) -> None:
    for path in ("/", "/giris", "/outbox"):
        assert proxy.get(path, ayses)[0] == 404
    assert Walker(Client(), Holder.objects.get()).get("/giris").status_code == 200

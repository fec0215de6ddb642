""" "E-imzalı Giriş": from the portal to the origin that asks for a certificate, and back into the same
browser.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from portal.tests import people, pki
from portal.tests.pages.walking import Walker
from portal.tests.pki import Credential, TrustFolder
from pytest_django.fixtures import Settings

from kilitcoz_portal.addresses import CLIENT_CERTIFICATES
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import CardCertificate, Holder
from kilitcoz_portal.signin import lanes, tries, words
from kilitcoz_portal.signin.models import WordEntries
from kilitcoz_portal.trust.reading import Read

HOST = "imza.example:8443"
PROXY = "192.0.2.7"
REFUSED = Event.SIGNATURE_REFUSED


@pytest.fixture(autouse=True)
def offered(settings: Settings, tmp_path: Path) -> None:
    """This installation offers the login, with a proxy before it."""
    settings.KILITCOZ_SIGNATURE_ORIGIN = f"https://{HOST}"
    settings.KILITCOZ_SIGNATURE_PROXIES = [ip_network(f"{PROXY}/32")]
    settings.ALLOWED_HOSTS = ["testserver", "imza.example"]
    settings.KILITCOZ_ORIGIN = "http://testserver"
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = tmp_path / "trust", False


@pytest.fixture
def root(settings: Settings) -> Credential:
    """The one authority that is believed."""
    now = timezone.now()  # pages ask the real clock
    made = pki.root(begins=now - pki.DAY, ends=now + pki.DAY)
    folder = TrustFolder(settings.KILITCOZ_TRUST_DIR)
    folder.anchor(made)
    folder.crl(made.crl(issued=now - pki.DAY, due=now + pki.DAY))
    return made


@pytest.fixture
def certificate(root: Credential, ayse: Holder) -> Credential:
    """Ayşe's, on her card."""
    now = timezone.now()  # pages ask the real clock
    made = root.issue(begins=now - pki.DAY, ends=now + pki.DAY)
    sha256 = Read.of_der(made.der).sha256
    CardCertificate.objects.create(card=people.card_of(ayse), slot="9a", der=made.der, sha256=sha256)
    return made


@dataclass
class There:
    """A browser at the origin that asks for a certificate: no cookies, and what TLS or the proxy adds."""

    client: Client

    def get(
        self, path: str, *, peer: str = "127.0.0.1", headers: dict[str, str] | None = None, **environ: Any
    ) -> Any:
        """A page."""
        return self.client.get(
            path, headers={"host": HOST, **(headers or {})}, secure=True, REMOTE_ADDR=peer, **environ
        )

    def by_tls(self, path: str, *shown: Credential, **more: Any) -> Any:
        """Through our own listener."""
        return self.get(path, **{CLIENT_CERTIFICATES: [each.der for each in shown]}, **more)


@pytest.fixture
def there() -> There:
    """The same person's browser, or anybody's: this origin does not know."""
    return There(Client(headers={"accept-language": "tr"}))


def leave(walker: Walker) -> str:
    """ "Devam et" on the portal: the path at the other origin."""
    page = walker.post("/giris/e-imza")
    away = re.fullmatch(r"0; url=(.*)", page["Refresh"])
    assert away is not None
    assert away[1] in page.content.decode()
    assert away[1].startswith(f"https://{HOST}/imza/")
    return urlsplit(away[1]).path


def secret_in(answer: Any) -> tuple[str, str]:
    """Path on the portal, and the secret in the fragment."""
    assert answer.status_code == 303
    back = urlsplit(answer["Location"])
    assert f"{back.scheme}://{back.netloc}" == "http://testserver"
    assert not back.query
    return back.path, back.fragment.removeprefix("c=")


def come_back(walker: Walker, answer: Any) -> Any:
    """What the page's script does."""
    path, secret = secret_in(answer)
    assert walker.get(path).status_code == 200
    return walker.post(path, completion=secret)


def code_of(answer: Any) -> str:
    """What the page told."""
    assert answer.status_code == 403
    return str(answer.context["told"].code)


def test_without_an_origin_the_page_says_honestly_that_this_way_is_not_offered(
    walker: Walker, settings: Settings
) -> None:
    settings.KILITCOZ_SIGNATURE_ORIGIN = ""
    for page in (walker.get("/giris/e-imza"), walker.post("/giris/e-imza")):
        assert "henüz sunulmuyor" in page.content.decode()
    assert "henüz sunulmuyor" in walker.get("/giris").content.decode()


def test_ayse_is_signed_in_by_her_certificate(
    walker: Walker, there: There, certificate: Credential, ayse: Holder
) -> None:
    page = walker.get("/giris/e-imza").content.decode()
    assert "Devam et" in page
    end = come_back(walker, there.by_tls(leave(walker), certificate))
    assert end["Location"] == "/islemler"
    assert "Ayşe Yılmaz" in walker.get("/islemler").content.decode()
    signed_in = AuditEvent.objects.get(event=Event.SIGNED_IN)
    assert (signed_in.holder_id, signed_in.detail["by"]) == (ayse.pk, "signature")


def test_signing_in_by_certificate_frees_a_blocked_word(
    walker: Walker, there: There, certificate: Credential, ayse: Holder
) -> None:
    now = timezone.now()
    subject = words.subject_of(ayse.id_number)
    WordEntries.objects.create(
        subject=subject,
        lane=lanes.UNKNOWN_BROWSERS,
        wrong=tries.WRONG_ENTRIES_ALLOWED,
        last_at=now,
        next_at=now,
    )
    come_back(walker, there.by_tls(leave(walker), certificate))
    assert not WordEntries.objects.filter(subject=subject, wrong__gt=0).exists()
    assert AuditEvent.objects.get(event=Event.WORD_FREED).detail == {"by": "card-login"}


def test_a18b_a_link_that_kerem_mails_signs_nobody_in(
    walker: Walker, there: There, certificate: Credential
) -> None:
    kerem = Walker(Client(), walker.holder)
    answer = there.by_tls(leave(kerem), certificate)
    path, secret = secret_in(answer)
    assert code_of(walker.post(path, completion=secret)) == "signature-not-begun"
    assert code_of(kerem.post(path, completion="")) == "signature-not-begun"
    for browser in (walker, kerem):
        assert browser.get("/islemler").status_code == 302


def test_the_proxy_hands_the_certificate_on_as_nginx_writes_it(
    walker: Walker, there: There, certificate: Credential
) -> None:
    header = {"X-SSL-Client-Cert": quote(certificate.pem)}
    assert come_back(walker, there.get(leave(walker), peer=PROXY, headers=header))["Location"] == "/islemler"


def test_the_proxy_hands_the_certificate_on_as_rfc_9440_writes_it(
    walker: Walker, there: There, certificate: Credential, root: Credential
) -> None:
    own, above = (f":{base64.b64encode(each.der).decode()}:" for each in (certificate, root))
    headers = {"Client-Cert": own, "Client-Cert-Chain": f"{above}, {above}"}
    answer = there.get(leave(walker), peer=PROXY, headers=headers)
    assert come_back(walker, answer)["Location"] == "/islemler"


@pytest.mark.parametrize("peer", ["192.0.2.8", "127.0.0.1", "::1", ""])
def test_a_header_from_anybody_else_is_refused_and_stands_in_the_books(
    walker: Walker, there: There, certificate: Credential, peer: str
) -> None:
    path = leave(walker)
    for headers in (
        {"X-SSL-Client-Cert": quote(certificate.pem)},
        {"Client-Cert": f":{base64.b64encode(certificate.der).decode()}:"},
        {"Client-Cert-Chain": "::"},
        {"X-SSL-Client-Cert": quote(certificate.pem), "X-Forwarded-For": PROXY},
    ):
        assert code_of(there.get(path, peer=peer, headers=headers)) == "signature-misdirected"
    told = AuditEvent.objects.filter(event=REFUSED, detail__code="signature-misdirected")
    assert told.count() == 4


def test_a_header_beside_a_real_handshake_or_another_header_is_refused(
    walker: Walker, there: There, certificate: Credential
) -> None:
    path, nginx = leave(walker), {"X-SSL-Client-Cert": quote(certificate.pem)}
    assert code_of(there.by_tls(path, headers=nginx)) == "signature-misdirected"
    assert code_of(there.by_tls(path, certificate, headers=nginx, peer=PROXY)) == "signature-misdirected"
    both = {**nginx, "Client-Cert": f":{base64.b64encode(certificate.der).decode()}:"}
    assert code_of(there.get(path, peer=PROXY, headers=both)) == "signature-misdirected"
    chain = {**nginx, "Client-Cert-Chain": "::"}
    assert code_of(there.get(path, peer=PROXY, headers=chain)) == "signature-misdirected"


@pytest.mark.parametrize(
    "header",
    [
        {"X-SSL-Client-Cert": "-----BEGIN%20CERTIFICATE-----"},
        {"X-SSL-Client-Cert": "%00%ff"},
        {"X-SSL-Client-Cert": "x" * 70_000},
        {"Client-Cert": ":!!:"},
        {"Client-Cert": "MIIB"},
        {"Client-Cert": ":MIIB:;x=1"},
        {"Client-Cert": ":MIIB:, :MIIB:"},
    ],
    ids=lambda header: f"{next(iter(header))} {next(iter(header.values()))[:20]}",
)
def test_a_header_that_holds_no_certificate_is_a_malformed_one(
    walker: Walker, there: There, root: Credential, header: dict[str, str]
) -> None:
    assert code_of(there.get(leave(walker), peer=PROXY, headers=header)) == "certificate-malformed"


def test_without_a_certificate_there_is_a_kind_page_and_the_ticket_stays_good(
    walker: Walker, there: There, certificate: Credential
) -> None:
    path = leave(walker)
    for answer in (there.by_tls(path), there.get(path), there.get(path, peer=PROXY)):
        assert code_of(answer) == "signature-no-certificate"
        assert "http://testserver/giris" in answer.content.decode()
    assert come_back(walker, there.by_tls(path, certificate))["Location"] == "/islemler"


def test_a_refused_certificate_is_told_in_the_language_in_which_the_holder_came(
    there: There, ayse: Holder, certificate: Credential
) -> None:
    english = Walker(Client(headers={"accept-language": "en"}), ayse)
    answer = there.by_tls(leave(english), pki.root("Kerem Kökü").issue())
    assert code_of(answer) == "certificate-not-trusted"
    assert 'lang="en"' in answer.content.decode()


def test_a_ticket_that_is_used_late_or_unknown_is_told(
    walker: Walker, there: There, certificate: Credential
) -> None:
    path = leave(walker)
    there.by_tls(path, certificate)
    assert code_of(there.by_tls(path, certificate)) == "signature-ticket-late"
    assert code_of(there.by_tls("/imza/unknown", certificate)) == "signature-ticket-late"


@pytest.mark.parametrize(
    "path", ["/", "/giris", "/islemler", "/outbox", "/.well-known/kilitcoz.json", "/imza/"]
)
def test_nothing_else_is_at_that_origin(there: There, db: None, path: str) -> None:
    answer = there.get(path)
    assert answer.status_code == 404
    assert "http://testserver/giris" in answer.content.decode()
    assert there.by_tls(path).status_code == 404


def test_its_page_is_not_at_the_portal(walker: Walker, there: There, certificate: Credential) -> None:
    path = leave(walker)
    header = {"X-SSL-Client-Cert": quote(certificate.pem)}
    assert walker.get(path, headers=header, REMOTE_ADDR=PROXY).status_code == 404


def test_that_origin_reads_and_sets_no_cookie(walker: Walker, there: There, certificate: Credential) -> None:
    walker.sign_in()
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in walker.client.cookies.items())
    other = Walker(Client(), walker.holder)
    answer = there.by_tls(leave(other), headers={"cookie": cookies})
    assert code_of(answer) == "signature-no-certificate"
    assert not answer.cookies
    assert "Çıkış" not in answer.content.decode()


def test_only_reading_is_possible_there(walker: Walker, there: There) -> None:
    path = leave(walker)
    assert there.client.post(path, headers={"host": HOST}, secure=True).status_code == 405


def test_who_is_signed_in_already_goes_on_to_the_menu(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get("/giris/e-imza")["Location"] == "/islemler"

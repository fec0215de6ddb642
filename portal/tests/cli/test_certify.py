"""`kilitcoz card certify`: cards that were made elsewhere get certificates of our authority."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal.tests import cast
from portal.tests.certificates.conftest import founded
from portal.tests.certificates.made import answered
from portal.tests.marks import ON_BOTH
from typer.testing import CliRunner, Result

from kilitcoz_portal.ca import services as ca
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.certificates import proposals
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.states import Deed
from kilitcoz_portal.cli import app
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.vault.models import CardSecret

__all__ = ["founded"]
pytestmark = ON_BOTH

Certify = Callable[..., Result]


@pytest.fixture
def certify(database: str, founded: None, tmp_path: Path) -> Certify:
    """The command for Ayşe's card of the simulator, which has keys already."""
    holder, issued = cast.ayse(), cast.issued("Ayşe Yılmaz")
    keys = []
    for slot, certificate in issued.certificates.items():
        path = tmp_path / f"{slot:02x}.pem"
        path.write_bytes(
            certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        keys += ["--key", f"{slot:02x}={path}"]

    def run(*more: str, id_number: str = holder.id_number) -> Result:
        options = ["--id-number", id_number, "--card-id", issued.guid, "--serial", str(issued.state.serial)]
        options += [*keys, "--to", str(tmp_path / "made"), "--by", "Elif", "--puk-stdin", *more]
        return CliRunner().invoke(app, ["card", "certify", *options], input=f"{issued.puk}\n")

    return run


def test_its_keys_are_certified_and_wait_to_be_opened(certify: Certify, tmp_path: Path) -> None:
    assert certify("--institution", "Örnek Üniversitesi").exit_code == 0
    for slot, certificate in cast.issued("Ayşe Yılmaz").certificates.items():
        made = x509.load_der_x509_certificate((tmp_path / "made" / f"{slot:02x}.cer").read_bytes())
        assert made.public_key() == certificate.public_key()
    states = {(each.state, each.institution) for each in Certificate.objects.all()}
    assert states == {("awaiting_activation", "Örnek Üniversitesi")}
    card = Card.objects.get()
    assert not card.in_making
    assert (card.pin_blocked, card.seen_at) == (None, None)  # we never had it in a reader
    assert CardSecret.objects.count() == 1


def test_two_operators_open_what_the_holder_can_use_already(certify: Certify) -> None:
    certify()
    rows = list(Certificate.objects.order_by("pk"))
    moment = rows[0].not_before
    asked = proposals.ask(rows, Deed.OPEN, by="Elif", why="PIN kendisinde", now=moment)
    proposals.approve(asked.pk, by="Zeynep", now=moment)
    assert {answered(each, moment) for each in rows} == {"GOOD"}


def test_given_again_after_the_authority_was_away_it_goes_on(
    certify: Certify, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = ca.EmbeddedAuthority.issue
    answers = iter([True, False])

    def once(authority: object, *arguments: object) -> bytes:
        if not next(answers):
            raise CaUnavailable
        return issue(authority, *arguments)  # type: ignore[arg-type]  # passed on as they came

    with monkeypatch.context() as away:
        away.setattr(ca.EmbeddedAuthority, "issue", once)
        refused = certify()
    assert "ca-unavailable" in refused.stderr
    assert Card.objects.get().in_making
    assert certify().exit_code == 0
    assert certify().exit_code == 0
    assert Certificate.objects.count() == 3


def test_a_card_that_is_anothers_is_refused(certify: Certify) -> None:
    certify()
    assert "card-exists" in certify(id_number=cast.mehmet().id_number).stderr


@pytest.mark.parametrize("bad", ["9d=9c.pem", "9c=nowhere.pem", "9c=empty.pem"])
def test_a_key_that_is_none_or_gets_no_certificate_is_refused(
    certify: Certify, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.pem").write_text("-----BEGIN PUBLIC KEY-----\n")
    refused = certify("--key", bad)
    assert refused.exit_code == 1
    assert "certificate-invalid" in refused.stderr
    assert not Card.objects.exists()

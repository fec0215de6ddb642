"""`kilitcoz ca check | requests | give-up`, as an administrator types it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from portal.tests.ca.cmp.served import configure, registration_authority, served
from portal.tests.ca.cmp.stand_in import Asked, StandIn
from portal.tests.ca.cmp.wishes import wish
from pytest_django import Settings
from time_machine import travel
from typer.testing import CliRunner, Result

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.errors import CaInDoubt, CaUnavailable
from kilitcoz_portal.cli import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings) -> Iterator[StandIn]:
    """An authority that speaks CMP."""
    ours = registration_authority(tmp_path)
    with served(ours.certificate) as stand_in:
        configure(settings, tmp_path, f"{stand_in.url}/cmp", ours)
        yield stand_in


def typed(*words: str) -> Result:
    """`kilitcoz ca …`."""
    return CliRunner().invoke(app, ["ca", *words])


def test_check_shows_who_is_who_and_that_each_believes_the_other(elsewhere: StandIn) -> None:
    done = typed("check")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "it answers, and each side believes the other"
    assert done.stdout.count("SHA-256") == 2
    assert [kind for kind, _ in elsewhere.seen] == ["genm"]


def test_check_says_what_a_refusal_means(elsewhere: StandIn) -> None:
    elsewhere.refuses = {"genm": "signerNotTrusted"}
    done = typed("check")
    assert done.exit_code == 1
    assert "signerNotTrusted: it does not know our certificate" in done.stderr
    assert "ca-refused" in done.stderr


def test_check_names_the_setting_that_is_wrong(elsewhere: StandIn, settings: Settings) -> None:
    settings.KILITCOZ_CMP_TRUST_FILE = ""
    done = typed("check")
    assert done.exit_code == 1
    assert "ca-not-configured" in done.stderr
    assert "KILITCOZ_CMP_TRUST_FILE" in done.stderr


def test_a_request_in_doubt_is_listed_and_given_up_by_name(elsewhere: StandIn) -> None:
    asked = wish()
    elsewhere.weather = [Asked.LOSE_QUESTION]
    elsewhere.refuses = dict.fromkeys(("ir", "poll_req", "error"), "badRequest")
    for error in (CaUnavailable, CaInDoubt):
        with pytest.raises(error):
            authority().issue(asked, timezone.now())
    listed = typed("requests").stdout
    assert listed.startswith(f"{asked.request_id} doubt since ")
    assert "sent 2" in listed
    assert typed("give-up", asked.request_id, "--by", "Zeynep Kaya").exit_code == 0
    assert typed("requests").stdout == ""
    again = typed("give-up", asked.request_id, "--by", "Zeynep Kaya")
    assert (again.exit_code, "ca-nothing-in-doubt" in again.stderr) == (1, True)


def test_the_sweep_goes_on_where_the_authority_is_away_or_not_configured(
    elsewhere: StandIn, settings: Settings
) -> None:
    asked = wish()
    elsewhere.weather = [Asked.ANSWER, Asked.BUSY, Asked.BUSY]
    with pytest.raises(CaUnavailable):
        authority().issue(asked, timezone.now())
    swept = CliRunner().invoke(app, ["sweep"])
    assert swept.exit_code == 0
    assert "1 messages to the certificate authority are still to be said" in swept.stdout
    settings.KILITCOZ_CMP_URL, url = "", settings.KILITCOZ_CMP_URL
    swept = CliRunner().invoke(app, ["sweep"])
    assert swept.exit_code == 0
    assert "KILITCOZ_CMP_URL" in swept.stderr
    settings.KILITCOZ_CMP_URL = url
    CliRunner().invoke(app, ["sweep"])
    assert len(elsewhere.confirmed()) == 1


def test_the_portals_own_check_names_what_is_missing_and_what_ends_soon(
    elsewhere: StandIn, settings: Settings
) -> None:
    def told() -> list[str]:
        lines = CliRunner().invoke(app, ["check"]).stderr.splitlines()
        return [line for line in lines if line.startswith("ca-not-configured: KILITCOZ_CMP_")]

    assert told() == []
    ends = elsewhere.registration_authority.not_valid_after_utc
    with travel(ends - timedelta(days=29), tick=False):
        assert told()[0].startswith(f"ca-not-configured: KILITCOZ_CMP_CERT_FILE: ends on {ends.date()}")
    settings.KILITCOZ_CMP_KEY_FILE = ""
    assert told() == [
        "ca-not-configured: KILITCOZ_CMP_KEY_FILE: no file with mode 600; see docs/operations/external-ca.md"
    ]
    assert elsewhere.seen == []

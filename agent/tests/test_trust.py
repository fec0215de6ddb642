"""Trusting a portal: its origin, its keys, the fingerprint a person confirms."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from agent.tests.counterpart import CounterpartPortal
from agent.tests.stage import make_card
from typer.testing import CliRunner

from kilitcoz_agent.cli import app
from kilitcoz_agent.commands import trust as trusting
from kilitcoz_agent.errors import PortalAnswerInvalid, PortalUnreachable, TrustRefused
from kilitcoz_agent.origins import normal_origin
from kilitcoz_agent.settings import AgentFiles
from kilitcoz_agent.trust import PinnedPortal, TrustStore, grouped, portal_from_json, same_fingerprint


@pytest.fixture
def portal() -> CounterpartPortal:
    return CounterpartPortal(make_card()[1], now=time.time())


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AgentFiles:
    monkeypatch.setenv("KILITCOZ_AGENT_DIR", str(tmp_path / "agent"))
    return AgentFiles(tmp_path / "agent")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://kilit.example", "https://kilit.example"),
        ("https://Kilit.Example:443/", "https://kilit.example"),
        ("https://kilit.example:8443", "https://kilit.example:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_origin_is_read_and_made_plain(text: str, origin: str) -> None:
    assert normal_origin(text) == origin


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://kilit.example", "origin-not-https"),
        ("http://127.0.0.1.evil.example", "origin-not-https"),
        ("http://10.0.0.1", "origin-not-https"),
        ("kilit.example", "origin-invalid"),
        ("ftp://kilit.example", "origin-invalid"),
        ("https://kilit.example/path", "origin-invalid"),
        ("https://kilit.example?x", "origin-invalid"),
        ("https://user@kilit.example", "origin-invalid"),
        ("https://kilit.example:port", "origin-invalid"),
        ("https://", "origin-invalid"),
        ("https://[", "origin-invalid"),
    ],
)
def test_an_origin_that_cannot_be_trusted_is_refused(text: str, code: str) -> None:
    with pytest.raises(TrustRefused, match=code):
        normal_origin(text)


def test_a_confirmed_fingerprint_pins_the_portal(portal: CounterpartPortal, files: AgentFiles) -> None:
    with portal.served() as origin:
        fingerprint = portal.pinned.fingerprint
        done = CliRunner().invoke(app, ["trust", origin, "--yes", grouped(fingerprint).upper()])
    assert done.exit_code == 0, done.output
    assert grouped(fingerprint) in done.output
    assert TrustStore(files.trust).portal(origin) == PinnedPortal(origin, portal.pinned.keys)


def test_another_fingerprint_pins_nothing(portal: CounterpartPortal, files: AgentFiles) -> None:
    with portal.served() as origin:
        done = CliRunner().invoke(app, ["trust", origin, "--yes", "00" * 32])
    assert done.exit_code == 1
    assert "trust-fingerprint-mismatch" in done.output
    assert not files.trust.exists()


def test_without_a_person_nothing_is_confirmed(portal: CounterpartPortal, files: AgentFiles) -> None:
    with portal.served() as origin:
        done = CliRunner().invoke(app, ["trust", origin])
    assert done.exit_code == 1
    assert not files.trust.exists()


def test_new_keys_of_a_known_portal_are_pointed_out(portal: CounterpartPortal, files: AgentFiles) -> None:
    with portal.served() as origin:
        trusting.pin(files, PinnedPortal(origin, (b"k" * 32,)), fingerprint=None)
        done = CliRunner().invoke(app, ["trust", origin, "--yes", portal.pinned.fingerprint])
    assert "DİKKAT" in done.output
    assert TrustStore(files.trust).portal(origin) == portal.pinned, "the former keys are believed no more"


def test_http_beyond_this_machine_is_refused_before_anything_is_fetched(files: AgentFiles) -> None:
    done = CliRunner().invoke(app, ["trust", "http://kilit.example", "--lang", "en"])
    assert done.exit_code == 1
    assert "must begin with https" in done.output


def test_a_portal_that_does_not_answer_cannot_be_trusted(files: AgentFiles) -> None:
    with pytest.raises(PortalUnreachable):
        trusting.fetch("http://127.0.0.1:1")


def test_a_document_of_another_origin_is_refused(portal: CounterpartPortal) -> None:
    with pytest.raises(PortalAnswerInvalid):
        portal_from_json(portal.well_known(), "https://other.example")


def test_a_key_under_a_foreign_id_is_refused(portal: CounterpartPortal) -> None:
    document = json.loads(portal.well_known())
    document["keys"][0]["kid"] = "0" * 16
    with pytest.raises(PortalAnswerInvalid):
        portal_from_json(json.dumps(document).encode(), portal.origin)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"portals": 1}', '{"portals": [{"origin": "x"}]}'])
def test_a_damaged_file_is_not_taken_for_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "trust.json").write_text(content)
    with pytest.raises(PortalAnswerInvalid, match="trust-file-damaged"):
        TrustStore(tmp_path / "trust.json").portals()


def test_fingerprints_are_compared_in_full(portal: CounterpartPortal) -> None:
    fingerprint = portal.pinned.fingerprint
    assert same_fingerprint(grouped(fingerprint), fingerprint)
    assert same_fingerprint(":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)), fingerprint)
    assert not same_fingerprint(fingerprint[:-1], fingerprint)
    assert not same_fingerprint("", fingerprint)

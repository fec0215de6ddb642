"""Capabilities that must not be acted on (A17), and the one that may, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.counterpart import CounterpartPortal
from agent.tests.stage import make_card
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kilitcoz_agent.capability import CLOCK_SKEW_SECONDS, CapabilityGate
from kilitcoz_agent.errors import CapabilityRefused
from kilitcoz_agent.nonces import NonceStore
from kilitcoz_agent.trust import PinnedPortal, TrustStore, key_id
from kilitcoz_cards.messages import b64u_encode

NOW = 1_800_000_000


@pytest.fixture
def portal() -> CounterpartPortal:
    return CounterpartPortal(make_card()[1], now=NOW)


@pytest.fixture
def gate(tmp_path: Path, portal: CounterpartPortal) -> CapabilityGate:
    trust = TrustStore(tmp_path / "trust.json")
    trust.pin(portal.pinned)
    return CapabilityGate(trust, NonceStore(tmp_path / "nonces.sqlite3"))


def refusal(gate: CapabilityGate, text: str, now: float = NOW) -> str:
    with pytest.raises(CapabilityRefused) as refused:
        gate.verify(text, now=now)
    return refused.value.code


def test_a_capability_of_a_pinned_portal_is_accepted(gate: CapabilityGate, portal: CounterpartPortal) -> None:
    capability = gate.verify(portal.capability(), now=NOW)
    assert (capability.op, capability.num, capability.iss) == (portal.op, "42", portal.origin)


def test_a17_an_expired_capability_is_refused(gate: CapabilityGate, portal: CounterpartPortal) -> None:
    assert refusal(gate, portal.capability(), NOW + 601 + CLOCK_SKEW_SECONDS) == "capability-expired"


def test_a_capability_survives_clocks_that_differ_a_little(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    gate.verify(portal.capability(), now=NOW + 600 + CLOCK_SKEW_SECONDS - 1)
    gate.verify(portal.capability(), now=NOW - CLOCK_SKEW_SECONDS + 1)


def test_a17_a_capability_from_the_future_is_refused(gate: CapabilityGate, portal: CounterpartPortal) -> None:
    assert refusal(gate, portal.capability(), NOW - CLOCK_SKEW_SECONDS - 1) == "capability-invalid"


def test_a17_a_capability_that_lives_longer_than_600_seconds_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    assert refusal(gate, portal.capability(exp=NOW + 601)) == "capability-invalid"


def test_a17_a_capability_for_another_audience_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    assert refusal(gate, portal.capability(aud="someone-else")) == "capability-invalid"


def test_a17_a_capability_for_another_origin_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    assert refusal(gate, portal.capability(iss="https://other.example")) == "portal-not-trusted"


def test_a17_one_pinned_portal_cannot_speak_for_another(
    gate: CapabilityGate, portal: CounterpartPortal, tmp_path: Path
) -> None:
    other = CounterpartPortal(make_card()[1], now=NOW, origin="https://other.example")
    TrustStore(tmp_path / "trust.json").pin(other.pinned)
    assert refusal(gate, other.capability(iss=portal.origin)) == "portal-not-trusted"


def test_a17_a_capability_signed_by_an_unknown_key_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    stranger = Ed25519PrivateKey.generate()
    members = portal.claims_of_capability().to_members()
    assert refusal(gate, portal.signed(members, stranger)) == "capability-invalid"
    kid = key_id(stranger.public_key().public_bytes_raw())
    assert refusal(gate, portal.signed(members, stranger, kid=kid)) == "portal-not-trusted"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES256", "Ed25519", ""])
def test_a17_every_algorithm_but_eddsa_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal, algorithm: str
) -> None:
    members = portal.claims_of_capability().to_members()
    assert refusal(gate, portal.signed(members, alg=algorithm)) == "capability-invalid"


def test_a17_a_capability_without_signature_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    members = portal.claims_of_capability().to_members()
    unsigned = portal.signed(members, alg="none").rsplit(".", 1)[0] + "."
    assert refusal(gate, unsigned) == "capability-invalid"
    assert refusal(gate, portal.capability().rsplit(".", 1)[0] + ".") == "capability-invalid"


def test_a17_a_truncated_or_altered_capability_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal
) -> None:
    text = portal.capability()
    for cut in range(0, len(text), 7):
        assert refusal(gate, text[:cut]) == "capability-invalid"
    for place in range(0, len(text) - 1, 11):
        changed = "A" if text[place] != "A" else "B"
        with pytest.raises(CapabilityRefused):
            gate.verify(text[:place] + changed + text[place + 1 :], now=NOW)


@pytest.mark.parametrize(
    "header", [{"typ": "JWT"}, {"crit": ["b64"]}, {"jwk": {}}, {"kid": 7}, {"b64": False}]
)
def test_a17_a_header_with_anything_else_is_refused(
    gate: CapabilityGate, portal: CounterpartPortal, header: dict[str, object]
) -> None:
    assert (
        refusal(gate, portal.signed(portal.claims_of_capability().to_members(), **header))
        == "capability-invalid"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"extra": 1},
        {"kind": "inspect"},
        {"kind": "sign", "card": None},
        {"op": "short"},
        {"num": "7"},
        {"hpke": ""},
    ],
)
def test_a17_claims_beyond_the_protocol_are_refused(
    gate: CapabilityGate, portal: CounterpartPortal, changes: dict[str, object]
) -> None:
    assert refusal(gate, portal.capability(**changes)) == "capability-invalid"


@pytest.mark.parametrize("text", ["", ".", "..", "x" * 5000, "ş.ç.ğ", "a.b.c", "e30.e30.e30"])
def test_a17_what_is_no_jwt_at_all_is_refused(gate: CapabilityGate, text: str) -> None:
    assert refusal(gate, text) == "capability-invalid"


def test_a17_a_capability_is_used_once_even_after_a_restart(
    gate: CapabilityGate, portal: CounterpartPortal, tmp_path: Path
) -> None:
    gate.use(gate.verify(portal.capability(), now=NOW), now=NOW)
    restarted = CapabilityGate(TrustStore(tmp_path / "trust.json"), NonceStore(tmp_path / "nonces.sqlite3"))
    capability = restarted.verify(portal.capability(), now=NOW)
    with pytest.raises(CapabilityRefused, match="capability-replayed"):
        restarted.use(capability, now=NOW)


def test_seen_nonces_are_pruned_long_after_they_expired(tmp_path: Path) -> None:
    store = NonceStore(tmp_path / "nonces.sqlite3")
    store.use("https://kilit.example", "n" * 22, expires=NOW + 600, now=NOW)
    day = 24 * 3600
    with pytest.raises(CapabilityRefused):
        store.use("https://kilit.example", "n" * 22, expires=NOW + 600, now=NOW + 600 + day)
    store.use("https://kilit.example", "n" * 22, expires=NOW + 600, now=NOW + 601 + day)


def test_the_files_of_the_card_service_are_its_owners_alone(gate: CapabilityGate, tmp_path: Path) -> None:
    for name in ("trust.json", "nonces.sqlite3"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_portal_with_two_keys_is_believed_by_either(tmp_path: Path, portal: CounterpartPortal) -> None:
    old = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    trust = TrustStore(tmp_path / "t.json")
    trust.pin(PinnedPortal(portal.origin, (old, *portal.pinned.keys)))
    CapabilityGate(trust, NonceStore(tmp_path / "n.sqlite3")).verify(portal.capability(), now=NOW)


def test_base64_that_is_not_canonical_is_refused(gate: CapabilityGate, portal: CounterpartPortal) -> None:
    head, body, signature = portal.capability().split(".")
    assert b64u_encode(b"x")
    assert refusal(gate, f"{head}.{body}=.{signature}") == "capability-invalid"


def test_the_gate_reads_trust_anew_each_time(tmp_path: Path, portal: CounterpartPortal) -> None:
    trust = TrustStore(tmp_path / "trust.json")
    gate = CapabilityGate(trust, NonceStore(tmp_path / "nonces.sqlite3"))
    assert refusal(gate, portal.capability()) == "portal-not-trusted"
    trust.pin(portal.pinned)
    gate.verify(portal.capability(), now=NOW)

"""The messages of a registrar's desk: written and read back, and what is not one of them is malformed."""

import json
from dataclasses import replace

import pytest

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.families.piv_management import ManagementAlgorithm, ManagementKey
from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import Outcome, Result
from kilitcoz_cards.messages.desk import (
    NEEDED,
    DeskClaim,
    DeskDecision,
    DeskOrder,
    DeskReport,
    DeskStep,
    SealedManagementKey,
    Written,
)
from kilitcoz_cards.pin import UNTOLD

CARD = DeskCard("piv", None, "12344821", "Virtual PCD 00 00", "3b8080")
RESULT = Result(7, (), UNTOLD, UNTOLD, Outcome.LOST, "card-lost")
KEYS = {"9c": b"k" * 91, "9a": b"l" * 91}
P256 = KeyAlgorithm.ECC_P256
CERTIFIED = {"9e": Certified(P256, b"k" * 91, b"c" * 700)}
FULL = DeskOrder(
    3,
    DeskStep.WRITE,
    2,
    1,
    code="card-taken",
    person="Ayşe Yılmaz",
    application="B-2026-000042",
    last_four="4821",
    guid="ab" * 16,
    algorithms={"9c": P256},
    certified=CERTIFIED,
    card_auth_key=b"k" * 91,
    management_key=b"m" * 64,
    fence=7,
    release=b"r" * 64,
)


@pytest.mark.parametrize(
    "message",
    [
        DeskClaim(b"k" * 32, "0.1.0"),
        DeskDecision("s" * 43, "7", 3, 1),
        DeskReport(1, None),
        DeskReport(2, CARD),
        DeskReport(3, replace(CARD, card_id="ab" * 16, certificates={"9a": "cd" * 32}), keys=KEYS),
        DeskReport(4, CARD, written=Written(own_key=True)),
        DeskReport(5, CARD, result=RESULT),
        DeskOrder(1, DeskStep.INSERT, 2, 0),
        FULL,
        SealedManagementKey(ManagementAlgorithm.AES_256, bytes(32)),
    ],
)
def test_what_is_written_is_read_back(message: DeskReport) -> None:
    assert type(message).from_json(message.to_json()) == message


@pytest.mark.parametrize("step", NEEDED)
def test_an_order_that_lacks_what_it_needs_is_none(step: DeskStep) -> None:
    for name in NEEDED[step]:
        members = json.loads(replace(FULL, step=step).to_json())
        members[name] = {} if name in {"algorithms", "certified"} else None
        with pytest.raises(MessageMalformed, match=name):
            DeskOrder.from_members(members)


def test_a_report_tells_of_one_outcome_and_of_the_card_it_is_about() -> None:
    with pytest.raises(MessageMalformed):
        DeskReport(1, CARD, keys=KEYS, written=Written(own_key=False))
    with pytest.raises(MessageMalformed):
        DeskReport(1, None, result=RESULT)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("turn", 0),
        ("turn", True),
        ("step", "sign"),
        ("guid", "AB" * 16),
        ("algorithms", {"9c": "rsa-1024"}),
        ("certified", {"9e": {"algorithm": "ecc-p256", "public_key": "AA"}}),
        ("total", 1001),
        ("management_key", "AA"),
        ("person", "a\nb"),
    ],
)
def test_what_breaks_the_table_is_malformed(member: str, value: object) -> None:
    members = json.loads(FULL.to_json())
    with pytest.raises(MessageMalformed):
        DeskOrder.from_members({**members, member: value})


@pytest.mark.parametrize(
    ("algorithm", "length"), [(ManagementAlgorithm.AES_256, 16), (ManagementAlgorithm.TDES, 24)]
)
def test_a_sealed_key_is_one_of_ours_or_none(algorithm: ManagementAlgorithm, length: int) -> None:
    with pytest.raises(MessageMalformed):
        SealedManagementKey(algorithm, bytes(length)).to_key()
    key = SealedManagementKey(ManagementAlgorithm.AES_192, bytes(24)).to_key()
    assert key == ManagementKey(ManagementAlgorithm.AES_192, bytes(24))


def test_no_key_is_in_a_repr() -> None:
    assert "secret" not in repr(SealedManagementKey(ManagementAlgorithm.AES_256, b"secret" * 5 + b"xx"))

"""A document's signature, from the link to the way back, with virtual cards and a counterpart portal."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from agent.tests.counterpart import COMPLETION, PAIRING_CODE
from agent.tests.stage import MEHMET, OLD_PIN, Actors, Stage, make_card, pin_works, without_extensions
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.texts import Language
from kilitcoz_agent.web.view import view
from kilitcoz_cards import signed_attributes
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families.piv_signing import SigningOutcome, SigningReport
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import OperationKind
from kilitcoz_simulator.faults import FaultPlan, Moment, Tear, When

WRONG_PIN = "999999"
BY_9C = "0087119c26" + "7c2482008120" + "00" * 32 + "00"


def staged(folder: Path, **card: object) -> Stage:
    """Ayşe's card with its PIN, and a portal where she began to sign a document."""
    made = Stage(folder, **{"blocked": False, **card})  # type: ignore[arg-type]  # as each test names them
    made.portal.kind = OperationKind.SIGN
    return made


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """With P-256 in 9C."""
    return staged(tmp_path)


def shown(ayse: Actors, language: Language = Language.TURKISH) -> str:
    """All that the page says."""
    service = ayse.service
    page = view(version=1, language=language, operation=service.operation, portals=(), done=service.done)
    return str(page)


async def asked(ayse: Actors) -> None:
    """From the link to the question for the PIN."""
    ayse.follow_link()
    await ayse.reaches(Phase.SIGN)


async def signed(ayse: Actors) -> None:
    """The good story."""
    await asked(ayse)
    ayse.signs()
    await ayse.reaches(Phase.DONE)


def is_signed_by_the_card(stage: Stage) -> None:
    """What the portal got is a signature over the attributes of its document, by the card's own key."""
    certificate = x509.load_der_x509_certificate(stage.portal.card.signature_certificate)
    attributes = signed_attributes.make(stage.portal.document_hash, stage.portal.card.signature_certificate)
    (signature,) = stage.portal.signatures
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        chosen = hashes.SHA384() if key.curve.name == "secp384r1" else hashes.SHA256()
        key.verify(signature, attributes, ec.ECDSA(chosen))


def test_the_page_shows_what_is_signed_where_and_by_which_card(stage: Stage) -> None:
    stage.portal.document_hash = hashlib.sha256(b"E-Onay").digest()

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        page = shown(ayse)
        for seen in ("https://kilit.example", "E-Onay metni", "Ayşe Yılmaz", "SHA-256", "İmzala", "42"):
            assert seen in page
        digest = stage.portal.document_hash.hex()
        assert str([digest[place : place + 4] for place in range(0, 64, 4)]) in page
        assert "Sign" in shown(ayse, Language.ENGLISH)

    with stage:
        stage.play(story)


@pytest.mark.parametrize(
    ("key", "length"), [("ecc-p256", 32), ("ecc-p384", 48), ("rsa-2048", 32)], ids=["P-256", "P-384", "RSA"]
)
def test_the_card_signs_the_document_and_the_browser_goes_back(tmp_path: Path, key: str, length: int) -> None:
    stage = staged(tmp_path, signature_key=key)
    stage.portal.document_hash = b"h" * length

    async def story(ayse: Actors) -> None:
        await signed(ayse)
        assert ayse.operation.return_to == f"{stage.portal.origin}/donus/{stage.portal.op}#c={COMPLETION}"

    with stage:
        stage.play(story)
        assert not stage.card.powered
    assert stage.portal.calls == ["claim", "sign"]
    is_signed_by_the_card(stage)


def test_behind_a_typed_code_the_page_sends_no_browser_anywhere(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await ayse.service.pair(PAIRING_CODE, None)
        await ayse.reaches(Phase.SIGN)
        ayse.signs()
        operation = await ayse.reaches(Phase.DONE)
        assert operation.return_to is None
        ayse.does(Act.CLOSE)
        assert ayse.service.done is OperationKind.SIGN
        assert "Belge imzalandı" in shown(ayse)

    with stage:
        stage.play(story)


def without(attributes: bytes, kind: bytes) -> bytes:
    """The same length and form, one object identifier changed."""
    assert kind in attributes
    return attributes.replace(kind, kind[:-1] + bytes([kind[-1] ^ 1]))


LIES = {
    "the hash of another document": lambda it: replace(it, document_hash=b"x" * 32),
    "attributes of another document": lambda it: replace(
        it, signed_attributes=it.signed_attributes.replace(b"d" * 32, b"x" * 32)
    ),
    "attributes of another certificate": lambda it: replace(
        it, signed_attributes=signed_attributes.make(it.document_hash, b"another certificate")
    ),
    "an attribute more": lambda it: replace(it, signed_attributes=it.signed_attributes + b"\x30\x00"),
    "an attribute of another kind": lambda it: replace(
        it, signed_attributes=without(it.signed_attributes, signed_attributes.CONTENT_TYPE)
    ),
    "no attributes, a hash": lambda it: replace(it, signed_attributes=b"h" * 64),
    "a hash that the key does not sign by": lambda it: replace(it, document_hash=b"d" * 48),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a21_what_is_not_this_document_s_signature_is_refused_before_a_pin_is_asked_for(
    stage: Stage, lie: object
) -> None:
    stage.portal.change_document = lie  # type: ignore[assignment]  # in the method's place

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        operation = await ayse.reaches(Phase.ENDED)
        assert operation.ended_by == "sign-attributes-refused"
        assert "hiçbir şey imzalanmadı" in shown(ayse)

    with stage:
        stage.play(story)
        assert "GENERAL AUTHENTICATE" not in [each.name for each in stage.card.log.commands]
    assert stage.portal.aborts == ["sign-attributes-refused"]


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("a second signature", [BY_9C, BY_9C]),
        ("9A, the key of logins", ["0087119a26" + "7c2482008120" + "00" * 32 + "00"]),
        ("9D", ["0087119d26" + "7c2482008120" + "00" * 32 + "00"]),
        ("9C over what is longer than a hash", ["0087119c27" + "7c2582008121" + "00" * 33 + "00"]),
        ("a new PUK", ["0024008110" + "31" * 16]),
        ("a new PIN", ["002c008010" + "31" * 16]),
        ("another applet", ["00a4040008a000000003000000"]),
    ],
)
def test_a21_nothing_but_one_signature_by_9c_can_be_said_inside_a_signature(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, commands: list[str]
) -> None:
    def lured(*_: object, **__: object) -> Conversation[SigningReport]:
        try:
            for command in commands:
                yield CommandApdu.from_bytes(bytes.fromhex(command))
        except CardsError as fault:
            return SigningReport(SigningOutcome.ABORTED, abort_code=fault.code)
        raise AssertionError("it was sent")

    monkeypatch.setattr("kilitcoz_agent.operation.document_work.piv_document.sign", lured)

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        read = len(stage.card.log.commands)
        ayse.signs()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == "command-forbidden"
        assert len(stage.card.log.commands) == read + len(commands) - 1

    with stage:
        stage.play(story)
    assert stage.portal.aborts == ["command-forbidden"]


@pytest.mark.parametrize("kind", [OperationKind.UNLOCK, OperationKind.LOGIN])
def test_a21_a_signature_asked_for_in_another_operation_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: OperationKind
) -> None:
    stage = Stage(tmp_path, blocked=kind is OperationKind.UNLOCK)
    stage.portal.kind = kind

    def lured(*_: object, **__: object) -> Conversation[None]:
        yield CommandApdu.from_bytes(bytes.fromhex(BY_9C))

    place = "card_work.plain_puk.unlock" if kind is OperationKind.UNLOCK else "login_work.piv_login.sign_in"
    monkeypatch.setattr(f"kilitcoz_agent.operation.{place}", lured)

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        unlocking = kind is OperationKind.UNLOCK
        await ayse.reaches(Phase.NEW_PIN if unlocking else Phase.SIGN_IN)
        read = len(stage.card.log.commands)
        _ = ayse.types() if unlocking else ayse.signs_in()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == "command-forbidden"
        assert len(stage.card.log.commands) == read

    with stage:
        stage.play(story)


def test_a_wrong_pin_is_told_and_the_last_try_is_spent_only_by_who_says_so(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs(WRONG_PIN)
        await ayse.reaches(Phase.SIGN, notice="card-pin-wrong")
        assert "Kalan deneme hakkı: 2." in shown(ayse)
        ayse.signs(WRONG_PIN)
        await ayse.reaches(Phase.LAST_TRY, notice="card-pin-wrong")
        assert "Kilit Çözme" in shown(ayse)
        with pytest.raises(Exception, match="action-not-possible"):
            ayse.signs()
        ayse.does(Act.LAST_TRY)
        ayse.signs()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
        assert pin_works(stage.card, OLD_PIN)
    is_signed_by_the_card(stage)


def test_a_blocked_card_ends_with_the_way_to_an_unlock(tmp_path: Path) -> None:
    stage = staged(tmp_path, blocked=True)

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == "sign-pin-blocked"
        assert "Kartınız kilitli" in shown(ayse)
        assert "“Kilit Çözme”" in shown(ayse)

    with stage:
        stage.play(story)
    assert stage.portal.aborts == ["sign-pin-blocked"]


def test_a_card_without_a_signature_certificate_says_so(tmp_path: Path) -> None:
    stage = staged(tmp_path, signature_key=None)

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD, notice="sign-certificate-missing")
        assert "imza sertifikası yok" in shown(ayse)

    with stage:
        stage.play(story)
    assert stage.portal.seen_certificates == [None]


def test_a_certificate_that_has_expired_is_told_before_a_pin_is_asked_for(stage: Stage) -> None:
    stage.portal.now += 4 * 365 * 24 * 3600  # the certificate is good for three years

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD, notice="sign-certificate-expired")

    with stage:
        stage.play(story)


def test_a34_another_holder_s_card_signs_nothing(stage: Stage) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234, blocked=False)

    async def story(ayse: Actors) -> None:
        stage.swap(mehmets)
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")
        stage.swap(stage.card)
        await ayse.reaches(Phase.SIGN)

    with stage:
        stage.play(story)
    assert stage.portal.seen_certificates[0] is None


def test_the_right_card_with_another_certificate_is_told_so(stage: Stage) -> None:
    stage.portal.card.certificates["9c"] = "00" * 32

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD, notice="sign-other-certificate")

    with stage:
        stage.play(story)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("certificate-suspended", "İmza sertifikanız askıda."),
        ("certificate-revoked", "İmza sertifikanız iptal edilmiş."),
        ("certificate-not-open", "henüz kullanıma açılmamış"),
        ("sign-signature-wrong", "doğrulayamadı"),
    ],
)
def test_why_the_portal_takes_no_signature_is_told_in_a_signature_s_words(
    stage: Stage, code: str, said: str
) -> None:
    stage.portal.refusals["sign"] = code

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == code
        assert said in shown(ayse)

    with stage:
        stage.play(story)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
@pytest.mark.parametrize("ins", [0x20, 0x87])
def test_a_card_pulled_while_it_signs_is_asked_again(tmp_path: Path, moment: Moment, ins: int) -> None:
    stage = staged(tmp_path, faults=FaultPlan([Tear(moment, When(ins=ins))]))

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs()
        await ayse.sees(lambda: ayse.operation.phase in (Phase.WAITING_FOR_CARD, Phase.SIGN))
        stage.swap(stage.card)
        await ayse.reaches(Phase.SIGN)
        ayse.signs()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
    is_signed_by_the_card(stage)


def test_a_lost_answer_is_asked_for_again_and_signs_once(stage: Stage) -> None:
    stage.portal.lost_answers = ["sign"]

    with stage:
        stage.play(signed)
        used = [each.name for each in stage.card.log.commands].count("GENERAL AUTHENTICATE")
    assert stage.portal.calls == ["claim", "sign", "sign"]
    assert stage.portal.signatures[0] == stage.portal.signatures[1]
    assert used == 1


def test_a_card_without_vendor_commands_signs_too(tmp_path: Path) -> None:
    with staged(tmp_path, profile=without_extensions()) as stage:
        stage.play(signed)
    is_signed_by_the_card(stage)


def test_no_pin_is_in_any_repr(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await signed(ayse)
        assert OLD_PIN not in repr(ayse.operation)
        assert COMPLETION not in repr(ayse.operation)

    with stage:
        stage.play(story)

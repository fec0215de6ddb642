"""A batch at the registrar's desk: card after card, from blank to whole; whose card is refused, and what is
asked twice.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from portal.tests.card_service import Refused
from portal.tests.certificates.made import listed
from portal.tests.issuance.desk_service import PIN, DeskService, batch_of, opened
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW, ayse, mehmet
from pytest_django import Settings

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.messages import Label
from kilitcoz_cards.messages.desk import DeskReport, DeskStep
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.models import State as CertificateState
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card as EnrolledCard
from kilitcoz_portal.issuance import queries, services
from kilitcoz_portal.issuance.errors import BatchEmpty, BatchNotFound, BatchOver
from kilitcoz_portal.issuance.models import Job, State
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.operations.models import State as OperationState
from kilitcoz_portal.vault import management, receipts
from kilitcoz_portal.vault import queries as vault
from kilitcoz_portal.vault.errors import ManagementKeyLeft, ManagementKeyUnknown, ReceiptInvalid
from kilitcoz_simulator import PLAIN, YUBIKEY, Card, CardOrder, Holder, Profile, blank_card, issue
from kilitcoz_simulator.state import pin_block

pytestmark = [*ON_BOTH, pytest.mark.usefixtures("founded")]

MINUTE = timedelta(minutes=1)


def steps(service: DeskService) -> list[DeskStep]:
    """What was ordered, in order."""
    return [order.step for order in service.orders]


def job_of(card: Card) -> Job:
    """The job whose card this is, by the number on it."""
    guid = card.state.objects[0x5FC102].hex()
    return next(job for job in Job.objects.select_related("card") if job.card and job.card.card_id in guid)


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
def test_a_blank_card_becomes_its_holder_s(profile: Profile) -> None:
    holder = ayse()
    desk = opened(batch_of(holder, now=NOW), NOW)
    card = Card(blank_card(profile, 90214821))
    order = desk.put_in(card)
    wanted = [DeskStep.NUMBER, DeskStep.KEYS, DeskStep.WRITE, DeskStep.LOCK, DeskStep.CARD_DONE]
    assert steps(desk) == wanted
    assert (order.done, order.total, order.person) == (1, 1, "Ayşe Yılmaz")

    enrolled = EnrolledCard.objects.get()
    assert holders.cards_of(holder.pk) == [enrolled]
    assert enrolled.card_auth_key is not None
    assert {each.slot for each in enrolled.certificates.all()} == {"9c", "9a", "9e"}
    made = Certificate.objects.filter(card=enrolled)
    assert {each.state for each in made} == {CertificateState.AWAITING_ACTIVATION}
    assert {each.serial_number for each in made} <= set(listed())
    assert set(listed().values()) == {x509.ReasonFlags.certificate_hold}


def test_an_installation_may_want_rsa_keys(settings: Settings) -> None:
    settings.KILITCOZ_CARD_KEYS = "rsa-2048"
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    assert desk.put_in(Card(blank_card(PLAIN))).step is DeskStep.CARD_DONE
    for each in Certificate.objects.all():
        key = x509.load_der_x509_certificate(bytes(each.der)).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == 2048


def test_the_card_has_nothing_of_the_factory_s_any_more() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    card = Card(blank_card(YUBIKEY))
    desk.put_in(card)
    assert not card.state.puk.matches(pin_block("12345678"))
    assert not card.state.pin.matches(pin_block("123456"))
    assert card.state.pin.matches(pin_block(PIN.reveal().decode()))
    assert card.state.management_key.algorithm == ManagementAlgorithm.AES_256.identifier
    ref = EnrolledCard.objects.get().ref
    standing = vault.standing(ref)
    assert standing is not None
    assert standing.state == "known"
    assert [each.trigger for each in vault.history(ref)] == ["adopt", "contact", "arm", "settle"]
    assert management.is_proved(ref)


def test_a_card_without_the_command_keeps_the_factory_s_management_key_and_that_is_known() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    desk.put_in(Card(blank_card(PLAIN)))
    assert not management.is_proved(EnrolledCard.objects.get().ref)


def test_the_next_person_is_named_before_each_card_and_the_desk_closes_behind_the_last() -> None:
    batch = batch_of(ayse(), mehmet(), now=NOW)
    desk = opened(batch, NOW)
    assert desk.decision is not None
    assert (desk.decision.batch, desk.decision.total, desk.decision.done) == (str(batch.pk), 2, 0)
    assert desk.report(DeskReport(1, None)).person == "Ayşe Yılmaz"
    desk.put_in(Card(blank_card()))
    order = desk.report(DeskReport(desk.turn + 1, None))
    assert (order.step, order.person, order.done) == (DeskStep.INSERT, "Mehmet Demir", 1)
    desk.put_in(Card(blank_card()))
    assert desk.report(DeskReport(desk.turn + 1, None)).step is DeskStep.FINISHED
    assert queries.batches() == []
    assert Operation.objects.get().state == OperationState.SUCCEEDED


def test_a_finished_card_put_in_again_is_told_as_done_and_not_written_to() -> None:
    desk = opened(batch_of(ayse(), mehmet(), now=NOW), NOW)
    card = Card(blank_card())
    desk.put_in(card)
    before = card.state
    assert desk.put_in(card).step is DeskStep.CARD_DONE
    assert card.state == before
    assert [job.state for job in Job.objects.order_by("place")] == [State.DONE, State.WAITING]


# --- cards that are refused ---------------------------------------------------------------------------------
def test_a_card_made_for_another_holder_is_refused_before_anything_is_written() -> None:
    first = opened(batch_of(ayse(), now=NOW), NOW)
    card = Card(blank_card())
    first.put_in(card)
    before = card.state
    second = opened(batch_of(mehmet(), now=NOW), NOW)
    order = second.put_in(card)
    assert (order.step, order.code) == (DeskStep.REFUSED, "card-taken")
    assert card.state == before
    assert Job.objects.get(batch=second.batch).state == State.WAITING


@pytest.mark.parametrize("with_number", [True, False], ids=["numbered", "without-a-number"])
def test_a_card_that_somebody_else_issued_is_refused(with_number: bool) -> None:
    state = issue(CardOrder(Holder("Kerem")), now=NOW).state
    card = Card(state if with_number else state.with_object(0x5FC102, None))
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    order = desk.put_in(card)
    assert (order.step, order.code) == (DeskStep.REFUSED, "card-not-blank")
    assert not EnrolledCard.objects.exists()


def test_another_card_that_carries_a_finished_one_s_number_is_refused() -> None:
    batch = batch_of(ayse(), mehmet(), now=NOW)
    desk = opened(batch, NOW)
    card = Card(blank_card(serial=11111111))
    desk.put_in(card)
    copied = Card(blank_card(serial=11111111).with_object(0x5FC102, card.state.objects[0x5FC102]))
    order = desk.put_in(copied)
    assert (order.step, order.code) == (DeskStep.REFUSED, "wrong-card")
    assert copied.state.puk.matches(pin_block("12345678"))


def test_a_begun_card_goes_on_in_its_own_batch_alone() -> None:
    first = opened(batch_of(ayse(), now=NOW), NOW)
    begun = begin(first)
    second = opened(batch_of(mehmet(), now=NOW), NOW)
    assert second.put_in(begun).code == "card-other-batch"
    assert opened(first.batch, NOW + MINUTE).put_in(begun).step is DeskStep.CARD_DONE


def test_with_only_a_begun_card_left_no_blank_one_is_taken() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    begun = begin(desk)
    blank = Card(blank_card())
    assert desk.put_in(blank).code == "card-not-wanted"
    assert blank.state.objects == {}
    assert desk.put_in(begun).step is DeskStep.CARD_DONE


def begin(desk: DeskService) -> Card:
    """A card that was numbered, bound and given keys, and then taken out."""
    card = Card(blank_card())
    desk.card = card
    seen = desk.look()
    desk.report(desk.obey(desk.report(DeskReport(desk.turn + 1, seen)), seen))
    assert job_of(card).state == State.BOUND
    return card


# --- asked twice, and who may ask ---------------------------------------------------------------------------
def test_every_report_may_be_sent_twice_and_counts_once() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    card = Card(blank_card())
    desk.card = card
    seen = desk.look()
    report = DeskReport(1, seen)
    order = desk.report(report)
    while order.step is not DeskStep.CARD_DONE:
        order = desk.report(report)  # its answer was lost
        report = desk.obey(order, seen)
        assert report.card is not None
        seen = report.card
        desk.report(report)
        order = desk.report(report)
    assert Certificate.objects.count() == 3
    assert vault.standing(EnrolledCard.objects.get().ref).fence == 1  # type: ignore[union-attr]  # it has one now
    assert Job.objects.get().state == State.DONE


def test_a_report_of_a_turn_that_is_over_is_refused() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    desk.report(DeskReport(2, None))
    with pytest.raises(Refused, match="409 operation-state"):
        desk.report(DeskReport(1, None))


def test_keys_that_no_card_of_ours_told_are_certified_by_nobody() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    card = begin(desk)
    assert desk.decision is not None
    with pytest.raises(Refused, match="409 job-state"):
        desk.report(
            DeskReport(desk.turn + 1, desk.look(), keys={"9c": b"0" * 91, "9a": b"0" * 91, "9e": b"0" * 91})
        )
    assert job_of(card).state == State.BOUND
    assert not Certificate.objects.exists()


def test_a_desk_that_is_opened_again_ends_the_one_before() -> None:
    batch = batch_of(ayse(), now=NOW)
    first = opened(batch, NOW)
    second = opened(batch, NOW + MINUTE)
    with pytest.raises(Refused, match="409 operation-state"):
        first.report(DeskReport(1, None))
    assert second.report(DeskReport(1, None)).step is DeskStep.INSERT


def test_another_card_service_cannot_claim_the_desk() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    other = DeskService(desk.batch, NOW)
    other.capability, other.capability_text = desk.capability, desk.capability_text
    with pytest.raises(Refused, match="operation-claimed-elsewhere"):
        other.claim()


def test_a_desk_that_does_not_report_for_an_hour_is_closed() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    desk.now = NOW + timedelta(minutes=59)
    desk.report(DeskReport(1, None))
    desk.now = NOW + timedelta(minutes=120)
    with pytest.raises(Refused, match="410 operation-expired"):
        desk.report(DeskReport(2, None))


# --- the authority, and giving up ---------------------------------------------------------------------------
def test_while_the_authority_is_away_the_keys_wait_and_nothing_is_made_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kilitcoz_portal.ca.errors import CaUnavailable
    from kilitcoz_portal.issuance import keys

    def away(*_args: object, **_options: object) -> None:
        raise CaUnavailable

    desk = opened(batch_of(ayse(), now=NOW), NOW)
    card = begin(desk)
    with monkeypatch.context() as patched:
        patched.setattr(keys, "produce", away)
        order = desk.put_in(card)
        assert (order.step, order.code) == (DeskStep.REFUSED, "ca-unavailable")
        assert job_of(card).state == State.KEYED
    assert desk.put_in(card).step is DeskStep.CARD_DONE
    assert Certificate.objects.count() == 3


def test_a_cancelled_card_s_certificates_are_revoked_and_its_secret_stays_known() -> None:
    desk = opened(batch_of(ayse(), mehmet(), now=NOW), NOW)
    card = begin(desk)
    desk.card = card
    seen = desk.look()
    desk.report(desk.obey(desk.report(DeskReport(desk.turn + 1, seen)), seen))
    assert Certificate.objects.count() == 3
    assert services.cancel(desk.batch.pk, 1, "Elif", NOW + MINUTE) == 1
    assert {each.state for each in Certificate.objects.all()} == {CertificateState.REVOKED}
    assert vault.standing(EnrolledCard.objects.get().ref) is not None
    assert desk.put_in(card).code == "card-other-batch"
    assert [job.state for job in queries.jobs(desk.batch)] == [State.CANCELLED, State.WAITING]


def test_a_batch_has_somebody_in_it_and_an_end() -> None:
    with pytest.raises(BatchEmpty):
        services.open_batch([], "Elif", NOW)
    batch = batch_of(ayse(), now=NOW)
    with pytest.raises(BatchNotFound):
        services.cancel(batch.pk, 7, "Elif", NOW)
    assert services.cancel(batch.pk, None, "Elif", NOW) == 1
    with pytest.raises(BatchOver):
        services.cancel(batch.pk, None, "Elif", NOW)
    with pytest.raises(BatchOver):
        services.open_desk(batch.pk, "Elif", "tr", NOW)


# --- the management key -------------------------------------------------------------------------------------
def test_a_proved_management_key_leaves_the_vault_no_more_and_answers_the_card_s_challenge() -> None:
    desk = opened(batch_of(ayse(), now=NOW), NOW)
    card = Card(blank_card(YUBIKEY))
    desk.put_in(card)
    ref = EnrolledCard.objects.get().ref
    recipient = desk.key.public_key().public_bytes_raw()
    with pytest.raises(ManagementKeyLeft):
        management.seal(ref, "o" * 22, recipient, "n" * 22)
    receipt = receipts.issue("o" * 22, ref, NOW)
    algorithm, challenge = ManagementAlgorithm.AES_256, bytes(16)
    answer = management.cryptogram(ref, "o" * 22, receipt, algorithm, challenge, NOW)
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(card.state.management_key.value), modes.ECB()).encryptor()
    assert answer == encryptor.update(challenge) + encryptor.finalize()
    with pytest.raises(ReceiptInvalid):
        management.cryptogram(ref, "p" * 22, receipt, algorithm, challenge, NOW)
    with pytest.raises(ManagementKeyUnknown):
        management.cryptogram(ref, "o" * 22, receipt, ManagementAlgorithm.TDES, bytes(8), NOW)


def test_no_other_operation_s_session_reports_at_a_desk() -> None:
    from portal.tests import cast
    from portal.tests.card_service import CardService

    from kilitcoz_portal.operations import services as operations

    enrolled = cast.card_of(mehmet())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    unlock = CardService(capability, enrolled.simulated, cast.NOW)
    unlock.claim()
    desk = DeskService(batch_of(ayse(), now=NOW), NOW)
    desk.capability, desk.key = unlock.capability, unlock.key
    with pytest.raises(Refused, match="409 operation-state"):
        desk.post("desk", desk.sealed(DeskReport(1, None).to_json(), Label.DESK), unlock.session)

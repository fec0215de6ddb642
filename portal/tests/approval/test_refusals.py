"""What signs no E-Onay, and what a signature that is not right comes to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from portal.tests.approval.consenting import Signatory, awaiting, begin, give, signatory
from portal.tests.card_service import Refused
from portal.tests.cast import KEREMS_BROWSER
from portal.tests.marks import ON_BOTH
from portal.tests.people import ayse, mehmet
from pytest_django import Settings

from kilitcoz_cards.messages import CardDecision
from kilitcoz_portal.approval import queries, services, signers
from kilitcoz_portal.approval.errors import (
    CertificateNotOpen,
    ConsentGivenAlready,
    ConsentNotFound,
    NoCertificate,
    NotOffered,
)
from kilitcoz_portal.approval.models import Consent, State
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.errors import HolderFrozen, OperationOpenElsewhere
from kilitcoz_portal.operations.models import Operation, SignatureOrder
from kilitcoz_portal.trust.errors import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    TrustError,
)

pytestmark = [*ON_BOTH, pytest.mark.usefixtures("server")]


def refuses(who: Signatory, now: datetime) -> str:
    """The code with which a consent is not even prepared."""
    with pytest.raises((TrustError, CertificateNotOpen)) as refused:
        begin(who, now)
    assert not Consent.objects.exists()
    return refused.value.code


# --- certificates -------------------------------------------------------------------------------------------
def test_a_certificate_that_was_not_opened_signs_nothing(founded: None, now: datetime) -> None:
    assert refuses(awaiting(ayse(), now), now) == CertificateNotOpen.code


def test_a_suspended_certificate_signs_nothing_until_it_is_resumed(ayses: Signatory, now: datetime) -> None:
    certificates.suspend([ayses.certificate], HOLDER, Reason.LOST, now)
    assert refuses(ayses, now) == CertificateSuspended.code
    certificates.resume([ayses.certificate], HOLDER, now)
    give(ayses, now)
    assert queries.consent_given(ayses.holder)


def test_a_revoked_certificate_signs_nothing(ayses: Signatory, now: datetime) -> None:
    certificates.revoke([ayses.certificate], HOLDER, Reason.STOLEN, now)
    assert refuses(ayses, now) == CertificateRevoked.code


def test_an_expired_certificate_signs_nothing_though_no_sweep_has_run(ayses: Signatory) -> None:
    assert refuses(ayses, ayses.certificate.not_after) == CertificateExpired.code


@pytest.mark.parametrize("deed", ["suspend", "revoke"])
def test_a39_what_happens_to_the_certificate_while_the_pin_is_typed_counts(
    ayses: Signatory, now: datetime, deed: str
) -> None:
    signing = begin(ayses, now)
    signing.service.claim()
    signature = signing.service.signature()
    getattr(certificates, deed)([ayses.certificate], HOLDER, Reason.LOST, now)
    with pytest.raises(Refused):
        signing.service.present(signature)
    assert signing.consent.state == State.PREPARED
    assert not queries.consent_given(ayses.holder)
    assert signing.state in {"failed", "cancelled"}


def test_a_holder_without_a_signature_certificate_is_told_so(founded: None) -> None:
    with pytest.raises(NoCertificate):
        signers.of_card(ayse(), 4711)


# --- signatures ---------------------------------------------------------------------------------------------
def test_another_key_s_signature_ends_the_operation_and_the_consent_stays_unsigned(
    ayses: Signatory, now: datetime
) -> None:
    kerem = signatory(mehmet(), now, serial="77777777")
    signing = begin(ayses, now)
    signing.service.claim()
    with pytest.raises(Refused) as refused:
        signing.service.present(kerem.hand.sign(bytes(signing.consent.attributes)))
    assert (refused.value.code, signing.state) == ("sign-signature-wrong", "failed")
    assert signing.consent.state == State.PREPARED
    assert AuditEvent.objects.filter(event="document-signature-refused").count() == 1


def test_a_signature_over_something_else_is_refused(ayses: Signatory, now: datetime) -> None:
    signing = begin(ayses, now)
    signing.service.claim()
    with pytest.raises(Refused, match="sign-signature-wrong"):
        signing.service.present(ayses.hand.sign(b"another document"))


def test_another_certificate_in_9c_is_told_no_document(ayses: Signatory, now: datetime) -> None:
    kerem = signatory(mehmet(), now, serial="77777777")
    signing = begin(ayses, now)
    signing.service.hand = kerem.hand
    decision = signing.service.claim()
    assert (decision.decision, decision.document) == (CardDecision.WRONG_CARD, None)
    assert AuditEvent.objects.filter(event="wrong-card").count() == 1


def test_while_no_card_is_in_no_document_is_told(ayses: Signatory, now: datetime) -> None:
    decision = begin(ayses, now).service.claim(card_in=False)
    assert (decision.decision, decision.document) == (CardDecision.NO_CARD, None)


def test_the_same_signature_again_is_answered_as_before_and_gives_one_consent(
    ayses: Signatory, now: datetime
) -> None:
    signing = begin(ayses, now)
    signing.service.claim()
    signature = signing.service.signature()
    first = signing.service.present(signature)
    assert signing.service.present(signature) == first
    assert Consent.objects.filter(state=State.GIVEN).count() == 1
    assert AuditEvent.objects.filter(event="consent-given").count() == 1


def test_a_second_signature_by_the_same_key_is_refused(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    with pytest.raises(Refused, match="operation-state"):
        signing.service.present(ayses.hand.sign(bytes(signing.consent.attributes)))


def test_a_signature_that_comes_after_ten_minutes_is_refused(ayses: Signatory, now: datetime) -> None:
    signing = begin(ayses, now)
    signing.service.claim()
    signature = signing.service.signature()
    signing.service.now = now + timedelta(minutes=11)
    with pytest.raises(Refused, match="operation-expired"):
        signing.service.present(signature)
    assert not queries.consent_given(ayses.holder)


def test_a_frozen_holder_signs_nothing(ayses: Signatory, now: datetime) -> None:
    signing = begin(ayses, now)
    signing.service.claim()
    signature = signing.service.signature()
    Holder.objects.filter(pk=ayses.holder.pk).update(frozen_at=now)
    with pytest.raises(Refused, match="holder-frozen"):
        signing.service.present(signature)
    ayses.holder.refresh_from_db()
    with pytest.raises(HolderFrozen):
        begin(ayses, now)
    assert not queries.consent_given(ayses.holder)


# --- one at a time ------------------------------------------------------------------------------------------
def test_one_consent_in_force_is_enough(ayses: Signatory, now: datetime) -> None:
    give(ayses, now)
    with pytest.raises(ConsentGivenAlready):
        begin(ayses, now)


def test_another_browser_s_open_signature_is_not_taken_over(ayses: Signatory, now: datetime) -> None:
    begin(ayses, now)
    with pytest.raises(OperationOpenElsewhere):
        begin(ayses, now, browser=KEREMS_BROWSER)


def test_a_browser_that_begins_again_gives_up_what_it_had_begun(ayses: Signatory, now: datetime) -> None:
    first, second = begin(ayses, now), begin(ayses, now)
    assert (first.state, second.state) == ("cancelled", "authorised")
    assert SignatureOrder.objects.get(operation=second.operation).subject == second.consent_id


def test_the_database_holds_what_a_consent_is(ayses: Signatory, now: datetime) -> None:
    signing = begin(ayses, now)
    for wrong in ({"state": State.GIVEN}, {"state": State.WITHDRAWN, "withdrawn_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=signing.consent_id).update(**wrong)


def test_where_no_time_stamps_are_to_be_had_no_consent_is_offered(
    ayses: Signatory, now: datetime, settings: Settings
) -> None:
    settings.KILITCOZ_TSA_URL = ""
    with pytest.raises(NotOffered):
        begin(ayses, now)


def test_what_was_prepared_and_never_signed_is_cleared_away_after_a_day(
    ayses: Signatory, now: datetime
) -> None:
    signing = begin(ayses, now)
    assert services.forget_prepared(now + timedelta(hours=23)) == 0
    assert services.forget_prepared(now + timedelta(hours=25)) == 1
    assert Operation.objects.filter(pk=signing.operation.pk).exists()


def test_of_two_cards_that_sign_at_the_same_time_one_gives_the_consent(
    ayses: Signatory, now: datetime
) -> None:
    other = signatory(ayses.holder, now, serial="90219999")
    first, second = begin(ayses, now), begin(other, now)
    first.service.sign()
    with pytest.raises(Refused, match="consent-given-already"):
        second.service.sign()
    assert (first.state, second.state) == ("succeeded", "failed")
    assert Consent.objects.filter(state=State.GIVEN).count() == 1
    assert second.consent.state == State.PREPARED


# --- withdrawal ---------------------------------------------------------------------------------------------
def test_a_withdrawn_consent_is_not_in_force_and_can_be_given_again(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    services.withdraw(ayses.holder, signing.consent_id, now)
    services.withdraw(ayses.holder, signing.consent_id, now + timedelta(hours=1))
    assert (signing.consent.state, signing.consent.withdrawn_at) == (State.WITHDRAWN, now)
    assert not queries.consent_given(ayses.holder)
    assert queries.file_of(signing.consent_id).startswith(b"%PDF")
    assert AuditEvent.objects.filter(event="consent-withdrawn").count() == 1
    give(ayses, now)
    assert queries.consent_given(ayses.holder)
    assert len(queries.of_holder(ayses.holder.pk)) == 2


def test_a40_nobody_withdraws_another_s_consent(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    with pytest.raises(ConsentNotFound):
        services.withdraw(mehmet(), signing.consent_id, now)
    assert queries.consent_given(ayses.holder)

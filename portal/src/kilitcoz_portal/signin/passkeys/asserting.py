"""Using a passkey (WebAuthn, 7.2) in place of an SMS code: at a login, before a change, for an unlock."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import CredentialDeviceType, UserVerificationRequirement

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import Passkey, PasskeyAccount
from kilitcoz_portal.signin.passkeys import answers, challenges, relying_party
from kilitcoz_portal.signin.passkeys.challenges import Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyCloned, PasskeyError, PasskeyRefused
from kilitcoz_portal.vault import receipts


def options(wish: Wish, holder: Holder, now: datetime) -> str:
    """What `navigator.credentials.get` is to be asked, as JSON (5.5): one of this holder's passkeys."""
    made = generate_authentication_options(
        rp_id=relying_party.rp_id(),
        challenge=challenges.issue(wish, now),
        timeout=int(challenges.LIFE.total_seconds() * 1000),
        allow_credentials=answers.descriptors(Passkey.objects.filter(holder=holder)),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(made)


def check(wish: Wish, holder: Holder, answer: str, now: datetime) -> Passkey:
    """The holder's passkey that gave this answer, its counter moved on.

    Raises PasskeyLate, PasskeyRefused, PasskeyCloned; all but the first are in the audit trail.
    """
    expected = challenges.take(wish, now)
    outcome = _judge(wish, holder, answer, expected, now)
    if isinstance(outcome, PasskeyError):  # raised only after the refusal was committed
        raise outcome
    return outcome


def check_unlock(wish: Wish, holder: Holder, answer: str, card_ref: str, now: datetime) -> str:
    """As `check`, for an operation: the receipt that operations and the vault ask for."""
    check(wish, holder, answer, now)
    return receipts.issue(wish.operation_id, card_ref, now)


@transaction.atomic
def _judge(
    wish: Wish, holder: Holder, answer: str, expected_challenge: bytes, now: datetime
) -> Passkey | PasskeyError:
    outcome: Passkey | PasskeyError
    try:
        outcome = _right(holder, answer, expected_challenge, now)
    except PasskeyError as refusal:
        outcome = refusal
    refused = isinstance(outcome, PasskeyError)
    audit.record(
        Event.PASSKEY_REFUSED if refused else Event.PASSKEY_ACCEPTED,
        now=now,
        holder_id=holder.pk,
        operation_id=wish.operation_id,
        detail={"deed": wish.deed} | ({"why": outcome.why} if isinstance(outcome, PasskeyError) else {}),
    )
    return outcome


def _right(holder: Holder, answer: str, expected_challenge: bytes, now: datetime) -> Passkey:
    members = answers.read(answer)
    passkey = Passkey.objects.filter(credential_id=str(members.get("id", ""))).first()
    if passkey is None:
        raise PasskeyRefused(why="unknown-credential")
    if passkey.holder_id != holder.pk or not _names(holder, members):
        raise PasskeyRefused(why="foreign-credential")  # A40
    verified = _verified(passkey, members, expected_challenge)
    if (verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE) != passkey.backup_eligible:
        raise PasskeyRefused(why="backup-eligibility")  # step 19: it is decided once, at the creation
    _move_on(passkey, verified, now)
    return passkey


def _names(holder: Holder, members: dict[str, Any]) -> bool:
    """Step 6: the user handle, where the authenticator gives one, is the one we made for this holder."""
    given = members["response"].get("userHandle")
    if given is None:
        return True
    account = PasskeyAccount.objects.get(holder=holder)
    try:
        return hmac.compare_digest(base64url_to_bytes(given), bytes(account.user_handle))
    except answers.FAULTS:
        return False


def _verified(passkey: Passkey, members: dict[str, Any], expected_challenge: bytes) -> VerifiedAuthentication:
    """Steps 7 to 21. The counter is judged afterwards: a forged one must not look like a clone."""
    try:
        return verify_authentication_response(
            credential=members,
            expected_challenge=expected_challenge,
            expected_rp_id=relying_party.rp_id(),
            expected_origin=relying_party.origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except answers.FAULTS:
        raise PasskeyRefused(why="assertion") from None


def _move_on(passkey: Passkey, verified: VerifiedAuthentication, now: datetime) -> None:
    """Step 22, in one conditional UPDATE: counters grow, or stay at zero where there is none."""
    count = verified.new_sign_count
    as_before = Q(sign_count=0) if count == 0 else Q(sign_count__lt=count)
    moved = Passkey.objects.filter(as_before, pk=passkey.pk).update(
        sign_count=count, backed_up=verified.credential_backed_up, last_used_at=now
    )
    if moved != 1:
        raise PasskeyCloned(why="counter")

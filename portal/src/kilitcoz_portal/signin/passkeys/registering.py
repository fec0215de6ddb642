"""Adding a passkey (WebAuthn, 7.1): user verification required, no attestation asked for, ten at most."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_attestation_object
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.signin.models import Passkey, PasskeyAccount
from kilitcoz_portal.signin.passkeys import answers, challenges, relying_party
from kilitcoz_portal.signin.passkeys.challenges import Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyKnown, PasskeyLimit, PasskeyRefused

MOST = 10
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]


def options(wish: Wish, holder: Holder, organisation: str, now: datetime) -> str:
    """What `navigator.credentials.create` is to be asked, as JSON (5.4). Raises PasskeyLimit."""
    known = list(Passkey.objects.filter(holder=holder))
    if len(known) >= MOST:
        raise PasskeyLimit
    account, _ = PasskeyAccount.objects.get_or_create(
        holder=holder, defaults={"user_handle": secrets.token_bytes(32)}
    )
    made = generate_registration_options(
        rp_id=relying_party.rp_id(),
        rp_name=organisation,
        user_id=bytes(account.user_handle),
        user_name=holder.name,
        challenge=challenges.issue(wish, now),
        timeout=int(challenges.LIFE.total_seconds() * 1000),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=answers.descriptors(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json(made)


def register(wish: Wish, holder: Holder, label: str, answer: str, now: datetime) -> Passkey:
    """Add the passkey that the browser brings, and tell every contact.

    Raises PasskeyLate, PasskeyRefused, PasskeyKnown, PasskeyLimit, HolderFrozen.
    """
    expected = challenges.take(wish, now)
    members = answers.read(answer)
    passkey = _row(holder, label, members, _verified(members, expected), now)
    try:
        with transaction.atomic():
            freezing.locked_open(holder.pk)  # of two at once one waits, and counts anew
            if Passkey.objects.filter(holder=holder).count() >= MOST:
                raise PasskeyLimit
            passkey.save(force_insert=True)
            audit.record(
                Event.PASSKEY_ADDED, now=now, holder_id=holder.pk, detail={"backed_up": passkey.backed_up}
            )
            notices.tell(holder, Kind.PASSKEY_ADDED, now)
    except IntegrityError:
        raise PasskeyKnown from None
    return passkey


def _verified(members: dict[str, Any], expected_challenge: bytes) -> VerifiedRegistration:
    """Steps 5 to 24 of 7.1. Raises PasskeyRefused."""
    try:
        _require_no_chain(members)
        return verify_registration_response(
            credential=members,
            expected_challenge=expected_challenge,
            expected_rp_id=relying_party.rp_id(),
            expected_origin=relying_party.origin(),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except answers.FAULTS:
        raise PasskeyRefused(why="registration") from None


def _require_no_chain(members: dict[str, Any]) -> None:
    """We ask for no attestation: what comes is `none`, or signed by the new key itself. No certificate of a
    stranger's is parsed.
    """
    statement = parse_attestation_object(base64url_to_bytes(members["response"]["attestationObject"]))
    itself = statement.fmt == AttestationFormat.PACKED and not statement.att_stmt.x5c
    if statement.fmt != AttestationFormat.NONE and not itself:
        raise PasskeyRefused(why="attestation")


def _row(
    holder: Holder, label: str, members: dict[str, Any], verified: VerifiedRegistration, now: datetime
) -> Passkey:
    return Passkey(
        holder=holder,
        credential_id=bytes_to_base64url(verified.credential_id),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        backup_eligible=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        backed_up=verified.credential_backed_up,
        transports=answers.transports(members),
        label=label,
        created_at=now,
    )

"""Names of all audit events; docs/operations/audit.md has a row for each."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """What can happen. The value is what is stored and what auditors filter by."""

    TRUST_ADDED = "trust-added"
    HOLDER_ADDED = "holder-added"
    CARD_ADOPTED = "card-adopted"

    WORD_ACCEPTED = "word-accepted"
    WORD_REFUSED = "word-refused"
    WORD_BLOCKED = "word-blocked"
    WORD_FREED = "word-freed"
    WORD_FLOOD = "word-flood"
    BROWSER_TRUSTED = "browser-trusted"
    BROWSERS_DISTRUSTED = "browsers-distrusted"
    CODE_SENT = "code-sent"
    CODE_ACCEPTED = "code-accepted"
    CODE_REFUSED = "code-refused"
    SMS_ALARM = "sms-alarm"
    SIGNATURE_PRESENTED = "signature-presented"
    SIGNATURE_REFUSED = "signature-refused"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SESSION_ENDED = "session-ended"
    STEPPED_UP = "stepped-up"
    HOLDER_TOLD = "holder-told"
    OIDC_REFUSED = "oidc-refused"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    PASSKEY_ACCEPTED = "passkey-accepted"
    PASSKEY_REFUSED = "passkey-refused"
    SMS_LOGIN_CHANGED = "sms-login-changed"
    PHONE_CHANGED = "phone-changed"
    EMAIL_CHANGED = "email-changed"
    LANGUAGE_CHOSEN = "language-chosen"
    REMOTE_UNLOCK_CHANGED = "remote-unlock-changed"
    HOLDER_FROZEN = "holder-frozen"
    SUSPENSION_ASKED = "suspension-asked"
    UNFREEZE_ASKED = "unfreeze-asked"
    HOLDER_UNFROZEN = "holder-unfrozen"

    OPERATION_STARTED = "operation-started"
    OPERATION_REFUSED = "operation-refused"
    OPERATION_AUTHORISED = "operation-authorised"
    OPERATION_CANCELLED = "operation-cancelled"
    OPERATION_EXPIRED = "operation-expired"
    OPERATION_COMPLETED = "operation-completed"
    CAPABILITY_ISSUED = "capability-issued"
    PAIRING_CODE_ISSUED = "pairing-code-issued"
    PAIRED = "paired"
    PAIRING_REFUSED = "pairing-refused"
    CLAIMED = "claimed"
    CLAIM_REFUSED = "claim-refused"
    CARD_IDENTIFIED = "card-identified"
    WRONG_CARD = "wrong-card"
    SECRET_RELEASED = "secret-released"  # noqa: S105 - an event's name
    RELEASE_REFUSED = "release-refused"
    RESULT_RECORDED = "result-recorded"
    LOGIN_TOKEN_ACCEPTED = "login-token-accepted"  # noqa: S105 - an event's name
    LOGIN_TOKEN_REFUSED = "login-token-refused"  # noqa: S105 - an event's name
    CONFIRMATION_WRONG = "confirmation-wrong"
    OPERATION_ABORTED = "operation-aborted"

    FOREIGN_OBJECT_ASKED = "foreign-object-asked"
    VAULT_ALARM = "vault-alarm"
    VAULT_OVERRIDE_ASKED = "vault-override-asked"
    VAULT_OVERRIDE_APPROVED = "vault-override-approved"
    VAULT_RESTORED = "vault-restored"

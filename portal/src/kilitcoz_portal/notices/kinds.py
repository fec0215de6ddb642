"""What a holder is told of."""

from enum import StrEnum


class Kind(StrEnum):
    """One for each deed that a thief could have done; notices.texts has the sentences."""

    PIN_CHANGED = "pin-changed"
    NEW_BROWSER = "new-browser"
    WORD_CHANGED = "word-changed"
    WORD_RECOVERY = "word-recovery"
    PHONE_CHANGED = "phone-changed"
    EMAIL_CHANGED = "email-changed"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    REMOTE_UNLOCK_CHANGED = "remote-unlock-changed"
    SMS_LOGIN_CHANGED = "sms-login-changed"
    CERTIFICATE_OPENED = "certificate-opened"
    CERTIFICATE_SUSPENDED = "certificate-suspended"
    CERTIFICATE_RESUMED = "certificate-resumed"
    CERTIFICATE_REVOKED = "certificate-revoked"
    REVOCATION_PLAN_CHANGED = "revocation-plan-changed"
    SUSPENSION_ENDING = "suspension-ending"
    APPLICATION_CHECKED = "application-checked"
    APPLICATION_APPROVED = "application-approved"
    APPLICATION_REFUSED = "application-refused"
    CONSENT_GIVEN = "consent-given"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"


NOT_UNDONE = frozenset({Kind.FROZEN, Kind.SUSPENSION_ENDING})  # told without a link: the call centre lifts it

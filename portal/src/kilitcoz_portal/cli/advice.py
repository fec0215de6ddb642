"""What an operator does about each code of an entry."""

from __future__ import annotations

_ADVICE = {
    "id-number-invalid": "compare it with the identity document; check digits do not fit",
    "name-invalid": "write the name as on the identity document, letters only",
    "phone-invalid": "write it as +905321234567",
    "email-invalid": "write it as ayse@ornek.example, or leave it empty",
    "application-invalid": "letters, digits, - and /, 32 at most; or leave it empty",
    "word-too-short": "at least 8 letters; or leave it out to have one made",
    "word-monotonous": "no repetition, no row of the keyboard; or leave it out to have one made",
    "word-common": "one that fewer people choose; or leave it out to have one made",
    "word-personal": "nothing of the holder's own name, numbers or dates; or leave it out to have one made",
    "word-unchanged": "another one than the one in use",
    "word-used-before": "none of the last five",
    "phone-not-allowed": "a mobile number of a country in KILITCOZ_SMS_COUNTRIES",
    "contact-unchanged": "this is what we have already",
    "holder-frozen": "the account is frozen; two people open it first (kilitcoz holder unfreeze)",
    "unfreeze-refused": "one person asks with --reason, another approves within a day, both by name",
    "word-recovery-held": "the phone was changed less than 72 hours ago; tell the caller when that is over",
    "sign-in-busy": "too much at once; try again in a few seconds",
    "holder-exists": "this person is enrolled already; leave the line out",
    "holder-unknown": "enrol the holder first (kilitcoz holder add)",
    "family-unknown": "use the family's name, e.g. piv",
    "card-id-invalid": "PIV: the CHUID's GUID, 32 hexadecimal digits",
    "serial-invalid": "digits only, or leave it empty",
    "certificate-invalid": "give the certificate's file, PEM or DER, as slot=file (e.g. 9e=card.pem)",
    "card-exists": "this card is enrolled already; leave it out",
    "secret-known": "the vault has a PUK of this card already; it is never replaced silently",
    "puk-malformed": "1 to 8 characters, as the card has it",
    "ca-not-founded": "hold the key ceremony first (kilitcoz ca found)",
    "ca-founded-already": "there is an authority, or a key, of this name; a second one needs another name",
    "ca-key-unfit": "P-256, P-384, RSA 2048 or RSA 3072",
    "ca-request-reused": "a new certificate needs a new request",
    "ca-root-key-refused": "use the key file of the ceremony, and its passphrase",
    "ca-serial-unknown": "compare the serial number with the certificate",
    "ca-status-final": "a revoked certificate stays revoked; issue a new one",
    "ca-unavailable": "try again in a minute; asking twice makes one certificate",
    "certificate-end-wrong": "a date to come, within what is allowed and before the certificate's own end",
    "certificate-final": "a revoked certificate stays revoked; make a new one",
    "certificate-no-change": "look where it stands (kilitcoz certificate show)",
    "certificate-not-allowed": "two operators are needed, or whoever suspended it",
    "certificate-not-begun": "wait until its first day",
    "certificate-not-found": "compare the serial number with the list",
    "certificate-proposal": "another person approves what was asked for within the last day",
    "certificate-subject": "enter the country that issued the passport",
    "certificate-malformed": "give PEM or DER",
    "certificate-usage-wrong": "only authorities and their CRLs belong here",
    "line-incomplete": "as many fields as the first line has names",
}


def what_to_do(code: str) -> str:
    """One sentence, in plain words."""
    return _ADVICE.get(code, "see docs/errors.md")

"""The messages between portal and card service, read and written by the same strict code on both sides.

The contract is docs/unlock-protocol.md, docs/login-protocol.md and docs/sign-protocol.md. Every message is a
frozen dataclass with to_json, from_json, to_members and from_members; whatever breaks the schema is
MessageMalformed.
"""

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.identity import Identification, KeyAlgorithm, Proof
from kilitcoz_cards.messages.binding import Label, card_hash, hpke_info, new_key_message, proof_challenge
from kilitcoz_cards.messages.codec import MAX_MESSAGE, b64u_decode, b64u_encode
from kilitcoz_cards.messages.http import (
    PAIRING_CODE_ALPHABET,
    Abort,
    Empty,
    PairAnswer,
    PairRequest,
    Refusal,
    ResultAnswer,
    Sealed,
    SealedRelease,
    SigningKey,
    StateAnswer,
    WellKnown,
)
from kilitcoz_cards.messages.login import (
    CONFIRMATION_DIGITS,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    Network,
)
from kilitcoz_cards.messages.renew import (
    KeyWanted,
    MadeKey,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    NewCertificates,
    RenewalPlan,
    WrittenCertificates,
)
from kilitcoz_cards.messages.sign import DocumentSignature, DocumentToSign, SignClaim, SignDecision
from kilitcoz_cards.messages.unlock import (
    CAPABILITY_LIFE,
    WITHOUT_CARD,
    Capability,
    CardDecision,
    Claim,
    Decision,
    Event,
    Message,
    OperationKind,
    Outcome,
    Release,
    Result,
    RiskyCommand,
)

__all__ = [
    "CAPABILITY_LIFE",
    "CONFIRMATION_DIGITS",
    "MAX_MESSAGE",
    "PAIRING_CODE_ALPHABET",
    "WITHOUT_CARD",
    "Abort",
    "Capability",
    "CardDecision",
    "Claim",
    "Decision",
    "DocumentSignature",
    "DocumentToSign",
    "Empty",
    "Event",
    "Identification",
    "KeyAlgorithm",
    "KeyWanted",
    "Label",
    "LoginAnswer",
    "LoginClaim",
    "LoginDecision",
    "LoginToken",
    "MadeKey",
    "MadeKeys",
    "ManagementAnswer",
    "ManagementChallenge",
    "Message",
    "Network",
    "NewCertificates",
    "OperationKind",
    "Outcome",
    "PairAnswer",
    "PairRequest",
    "Proof",
    "Refusal",
    "Release",
    "RenewalPlan",
    "Result",
    "ResultAnswer",
    "RiskyCommand",
    "Sealed",
    "SealedRelease",
    "SignClaim",
    "SignDecision",
    "SignatureAlgorithm",
    "SigningKey",
    "StateAnswer",
    "WellKnown",
    "WrittenCertificates",
    "b64u_decode",
    "b64u_encode",
    "card_hash",
    "hpke_info",
    "new_key_message",
    "proof_challenge",
]

"""OCSP answers by RFC 6960, 3.2: a refusal for each rule. The responder lies as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from portal.tests import pki
from portal.tests.pki import DAY, NOW, Credential, TrustFolder
from portal.tests.trust.believing import believe, refusal
from portal.tests.trust.status_server import Answer, StatusServer
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

UNKNOWN = "certificate-status-unknown"
MINUTE = DAY / 1440
RESPONDER: pki.Extensions = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (pki.usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
    (x509.OCSPNoCheck(), False),
)
RESPONDERS_NAME = pki.authority_name("Yanıtlayıcı")


@dataclass(frozen=True)
class Said:
    """An answer to be made about `about`: right, unless the test changes one thing."""

    about: Credential
    issuer: Credential
    signer: Credential
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD
    reason: x509.ReasonFlags | None = None
    this_update: datetime = NOW - MINUTE
    next_update: datetime | None = NOW + 10 * MINUTE
    nonce: Callable[[bytes], bytes | None] = bytes  # of the answer, made of the asked one
    by_key: bool = False
    more: pki.Extensions = ()

    def __call__(self, question: bytes) -> bytes:
        """The answer to this question (DER)."""
        revoked = self.status is ocsp.OCSPCertStatus.REVOKED
        encoding = ocsp.OCSPResponderEncoding.HASH if self.by_key else ocsp.OCSPResponderEncoding.NAME
        builder = ocsp.OCSPResponseBuilder().responder_id(encoding, self.signer.certificate)
        builder = builder.add_response(
            self.about.certificate,
            self.issuer.certificate,
            hashes.SHA256(),
            self.status,
            self.this_update,
            self.next_update,
            NOW - DAY if revoked else None,
            self.reason,
        ).certificates([self.signer.certificate])
        nonce = self.nonce(asked_nonce(question))
        if nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
        for value, critical in self.more:
            builder = builder.add_extension(value, critical=critical)
        return builder.sign(self.signer.key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]  # no EdDSA here


def asked_nonce(question: bytes) -> bytes:
    """Of the request."""
    request = ocsp.load_der_ocsp_request(question)
    return request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce


@pytest.fixture
def ayse(bare_root: Credential, server: StatusServer) -> Credential:
    """Her certificate points to the responder."""
    place = x509.UniformResourceIdentifier(server.url("/ocsp"))
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
    return bare_root.issue(more=((x509.AuthorityInformationAccess([access]), False),))


@pytest.fixture
def said(bare_root: Credential, ayse: Credential) -> Said:
    """The issuer itself says that she is good."""
    return Said(ayse, bare_root, bare_root)


@pytest.fixture
def delegate(bare_root: Credential) -> Credential:
    """Whom the issuer lets answer."""
    return bare_root.issue(subject=RESPONDERS_NAME, extensions=RESPONDER)


def reason_for(server: StatusServer, ayse: Credential, answer: Said | bytes) -> str:
    """Why her status is unknown after this answer."""
    server.answers["/ocsp"] = Answer(answer)
    code, reason = refusal(ayse)
    assert code == UNKNOWN
    return reason


def test_the_issuers_own_answer_counts(server: StatusServer, ayse: Credential, said: Said) -> None:
    server.answers["/ocsp"] = Answer(said)
    assert believe(ayse)
    method, _, question = server.asked[0]
    assert method == "POST"
    assert len(asked_nonce(question)) == 32


@pytest.mark.parametrize("by_key", [False, True])
def test_a_delegates_answer_counts(
    server: StatusServer, ayse: Credential, said: Said, delegate: Credential, *, by_key: bool
) -> None:
    server.answers["/ocsp"] = Answer(replace(said, signer=delegate, by_key=by_key))
    assert believe(ayse)


@pytest.mark.parametrize(
    ("status", "reason", "refused"),
    [
        (ocsp.OCSPCertStatus.REVOKED, None, ("certificate-revoked", "ocsp")),
        (ocsp.OCSPCertStatus.REVOKED, x509.ReasonFlags.key_compromise, ("certificate-revoked", "ocsp")),
        (ocsp.OCSPCertStatus.REVOKED, x509.ReasonFlags.certificate_hold, ("certificate-suspended", "ocsp")),
        (ocsp.OCSPCertStatus.UNKNOWN, None, (UNKNOWN, "unknown-to-responder")),
    ],
)
def test_each_state_is_told_apart(
    server: StatusServer,
    ayse: Credential,
    said: Said,
    status: ocsp.OCSPCertStatus,
    reason: x509.ReasonFlags | None,
    refused: tuple[str, str],
) -> None:
    server.answers["/ocsp"] = Answer(replace(said, status=status, reason=reason))
    assert refusal(ayse) == refused


def test_an_answer_about_another_certificate_is_refused(
    server: StatusServer, ayse: Credential, said: Said, bare_root: Credential
) -> None:
    assert reason_for(server, ayse, replace(said, about=bare_root.issue())) == "ocsp-other-certificate"
    namesake = pki.root()
    other_issuer = replace(said, issuer=namesake)
    assert reason_for(server, ayse, other_issuer) == "ocsp-other-certificate"


def test_an_answer_by_a_stranger_is_refused_whatever_name_it_takes(
    server: StatusServer, ayse: Credential, said: Said
) -> None:
    kerem = pki.root("Kerem Kökü")
    namesake = pki.root()
    forged = kerem.issue(subject=RESPONDERS_NAME, extensions=RESPONDER)
    assert reason_for(server, ayse, replace(said, signer=kerem)) == "ocsp-responder-not-authorised"
    assert reason_for(server, ayse, replace(said, signer=forged)) == "ocsp-responder-not-authorised"
    assert reason_for(server, ayse, replace(said, signer=namesake)) == "ocsp-signature"


def test_a_delegate_is_held_to_all_rules_of_a_path(
    server: StatusServer, ayse: Credential, said: Said, bare_root: Credential
) -> None:
    def made(**changes: object) -> Said:
        wanted: dict[str, object] = {"subject": RESPONDERS_NAME, "extensions": RESPONDER, **changes}
        return replace(said, signer=bare_root.issue(**wanted))

    weak = rsa.generate_private_key(65537, 1024)
    for answer in (
        made(ends=NOW - DAY),
        made(begins=NOW + DAY),
        made(key=weak),
        made(without=(x509.ExtendedKeyUsage,)),
        made(without=(x509.OCSPNoCheck,)),
        made(more=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),)),
        made(more=((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)),
    ):
        assert reason_for(server, ayse, answer) == "ocsp-responder-not-authorised"


def test_a_delegates_delegate_may_not_answer(
    server: StatusServer, ayse: Credential, said: Said, bare_root: Credential
) -> None:
    middle = bare_root.authority("Ara Makam")
    answer = replace(said, signer=middle.issue(subject=RESPONDERS_NAME, extensions=RESPONDER))
    assert reason_for(server, ayse, answer) == "ocsp-responder-not-authorised"


def test_an_answer_that_was_changed_is_refused(server: StatusServer, ayse: Credential, said: Said) -> None:
    def changed(question: bytes) -> bytes:
        return said(question).replace(b"20261123095900Z", b"20261123095959Z")

    assert reason_for(server, ayse, changed) == "ocsp-signature"  # type: ignore[arg-type]  # a function is a body too


@pytest.mark.parametrize(
    ("this_update", "next_update", "reason"),
    [
        (NOW - 2 * DAY, NOW - MINUTE / 60, "ocsp-stale"),
        (NOW - 2 * DAY, NOW, "ocsp-stale"),
        (NOW - 3 * MINUTE, None, "ocsp-stale"),
        (NOW + 2 * MINUTE, NOW + DAY, "ocsp-not-yet"),
    ],
)
def test_an_answer_of_another_time_is_refused(
    server: StatusServer,
    ayse: Credential,
    said: Said,
    this_update: datetime,
    next_update: datetime | None,
    reason: str,
) -> None:
    answer = replace(said, this_update=this_update, next_update=next_update)
    assert reason_for(server, ayse, answer) == reason


def test_an_answer_without_a_next_update_counts_only_now_and_is_not_kept(
    server: StatusServer, ayse: Credential, said: Said
) -> None:
    server.answers["/ocsp"] = Answer(replace(said, next_update=None))
    assert believe(ayse)
    assert believe(ayse)
    assert len(server.asked) == 2


def test_an_answer_to_yesterdays_question_is_refused(
    server: StatusServer, ayse: Credential, said: Said
) -> None:
    """Kerem recorded "good" before the card was reported, and plays it again."""
    recorded = replace(said, nonce=lambda _: b"\x17" * 32)
    assert reason_for(server, ayse, recorded) == "ocsp-nonce"


def test_an_answer_without_a_nonce_counts_only_where_the_policy_says_so(
    server: StatusServer, ayse: Credential, said: Said, settings: Settings
) -> None:
    signed_in_advance = replace(said, nonce=lambda _: None)
    assert reason_for(server, ayse, signed_in_advance) == "ocsp-nonce-missing"
    settings.KILITCOZ_TRUST_OCSP_NONCE = False
    assert believe(ayse)


def test_a_critical_extension_that_nobody_understands_is_refused(
    server: StatusServer, ayse: Credential, said: Said
) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    assert reason_for(server, ayse, replace(said, more=((strange, True),))) == "ocsp-critical-extension"
    server.answers["/ocsp"] = Answer(replace(said, more=((strange, False),)))
    assert believe(ayse)


@pytest.mark.parametrize("name", ["TRY_LATER", "UNAUTHORIZED", "INTERNAL_ERROR", "SIG_REQUIRED"])
def test_an_unsigned_error_says_nothing(server: StatusServer, ayse: Credential, name: str) -> None:
    status = ocsp.OCSPResponseStatus[name]
    body = ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
    assert reason_for(server, ayse, body) == f"ocsp-{name.lower().replace('_', '-')}"


@pytest.mark.parametrize("body", [b"", b"good", b"\x30\x80", b"\x30\x03\x0a\x01\x00", bytes(60_000)])
def test_what_is_no_answer_is_refused(server: StatusServer, ayse: Credential, body: bytes) -> None:
    assert reason_for(server, ayse, body) == "ocsp-malformed"


def test_more_than_any_answer_has_is_not_read(server: StatusServer, ayse: Credential) -> None:
    assert reason_for(server, ayse, bytes(64 * 1024 + 1)) == "size"


def test_a_good_answer_is_asked_for_once_in_five_minutes_and_one_of_revocation_too(
    server: StatusServer, ayse: Credential, said: Said
) -> None:
    server.answers["/ocsp"] = Answer(said)
    for minutes in (0, 1, 4):
        assert believe(ayse, now=NOW + minutes * MINUTE)
    assert len(server.asked) == 1
    on_hold = replace(said, status=ocsp.OCSPCertStatus.REVOKED, reason=x509.ReasonFlags.certificate_hold)
    server.answers["/ocsp"] = Answer(on_hold)
    assert refusal(ayse, now=NOW + 5 * MINUTE)[0] == "certificate-suspended"
    assert len(server.asked) == 2


def test_an_answer_that_lies_in_the_trust_folder_needs_no_network(
    ayse: Credential, said: Said, folder: TrustFolder, server: StatusServer, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_FETCH = False
    assert refusal(ayse) == (UNKNOWN, "no-source")
    question = ocsp.OCSPRequestBuilder().add_certificate(
        ayse.certificate, said.issuer.certificate, hashes.SHA256()
    )
    asked = question.add_extension(x509.OCSPNonce(bytes(32)), critical=False).build()
    folder.put("ocsp", "der", said(asked.public_bytes(Encoding.DER)))
    assert believe(ayse)
    assert refusal(ayse, now=NOW + 11 * MINUTE) == (UNKNOWN, "ocsp-stale")
    assert server.asked == []

"""A40 over all addresses: what is another holder's is answered as if it did not exist, and the books know.

A new address or form field that carries an id fails here until it has a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from portal.tests.people import card_of

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.approval.models import Consent, State
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.models import State as CertificateState
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.pages.own import OWNER_OF
from kilitcoz_portal.pages.urls import urlpatterns
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.models import HolderSession, Passkey
from kilitcoz_portal.signin.session_store import SessionStore

pytestmark = pytest.mark.django_db

# Name of the address: how it is asked.
ADDRESSES = {
    "session-end": "POST",
    "passkey-remove": "POST",
    "certificate": "GET",
    "certificate-file": "GET",
    "card-suspend": "POST",
    "card-resume": "POST",
    "card-revoke": "POST",
    "card-plan-withdraw": "POST",
    "card-stopped": "GET",
    "operation": "GET",
    "operation-code": "POST",
    "operation-code-again": "POST",
    "operation-passkey": "POST",
    "operation-question": "POST",
    "operation-pairing": "POST",
    "operation-cancel": "POST",
    "operation-state": "GET",
    "come-back": "POST",
    "consent-file": "GET",
    "consent-withdraw": "POST",
}
# The same for what a form or a query names.
FIELDS = {
    ("unlock", "card"): "POST",
    ("unlock-here", "card"): "POST",
    ("code-stage", "islem"): "GET",
    ("consent-sign", "card"): "POST",
    ("consent-here", "card"): "POST",
}
# Addresses with a parameter that names nobody's property, and what it names.
OF_NOBODY = {
    "check-picture": "a human check: of a browser before anybody is known in it (test_signing_in)",
    "check-sound": "the same",
    "check-work": "the same",
    "code-stage": "a purpose; its `islem` is in FIELDS",
    "signature-return": "a ticket of the browser that began, with nobody behind it yet (A18b)",
    "card-login": "a login with nobody behind it yet, of the browser that began (A40 in test_card_login)",
    "card-login-pairing": "the same",
    "card-login-confirm": "the same",
    "card-login-cancel": "the same",
    "undo": "the secret of a notice's link: whoever holds it may use it",
    "ca-certificate": "an authority's certificate, public",
    "ca-list": "a revocation list, public",
    "ocsp-get": "a question about any certificate's status, public",
}
AGENT_API = {
    "claim",
    "release",
    "result",
    "login",
    "sign",
    "abort",
    "report_at_the_desk",
    "plan",
    "cryptogram",
    "keys",
    "written",
}  # tests of agentapi, operations and renewal

UNKNOWN = {
    "session_id": "A" * 22,
    "passkey": "999999",
    "certificate": "999999",
    "operation_id": "A" * 22,
    "card": "999999",
    "islem": "A" * 22,
    "consent_id": "A" * 22,
}


@pytest.fixture
def ayses(ayse: Holder) -> dict[str, str]:
    """What Ayşe has, by the name under which an address or a form asks for it."""
    session = SessionStore()
    sessions.sign_in(session, ayse, timezone.now())
    passkey = Passkey.objects.create(
        holder=ayse,
        credential_id="x" * 43,
        public_key=b"y",
        sign_count=0,
        backup_eligible=False,
        backed_up=False,
        created_at=timezone.now(),
    )
    card = card_of(ayse)
    certificate = Certificate.objects.create(
        holder=ayse,
        card=card,
        slot="9c",
        profile="signature",
        serial_number="abc",
        request_id="x" * 43,
        der=b"z",
        not_before=timezone.now(),
        not_after=timezone.now() + timedelta(days=9),
        state=CertificateState.VALID,
        state_at=timezone.now(),
    )
    kind, browser = OperationKind.UNLOCK, sessions.browser(session)
    operation = operations.start(ayse, card, kind, browser, "tr", timezone.now())
    consent = Consent.objects.create(
        id="B" * 22,
        holder=ayse,
        card=card,
        state=State.GIVEN,
        prepared_at=timezone.now(),
        signed_at=timezone.now(),
        prepared=b"%PDF",
        document_length=4,
        region_start=0,
        region_end=0,
        document_hash=b"h" * 32,
        attributes=b"a",
        certificate=b"c",
        signature=b"s",
        pdf=b"%PDF",
    )
    return {
        "consent_id": consent.pk,
        "session_id": HolderSession.objects.get().pk,
        "passkey": str(passkey.pk),
        "certificate": str(certificate.pk),
        "operation_id": operation.pk,
        "card": str(card.pk),
        "islem": operation.pk,
    }


@pytest.fixture
def mehmets(mehmet: Holder) -> Client:
    """Mehmet's browser; he came in by card, so that no page asks him for a fresh proof first."""
    card_of(mehmet, serial="77777777")
    session = SessionStore()
    sessions.sign_in(session, mehmet, timezone.now(), by=sessions.Way.CARD)
    session.save()
    client = Client(headers={"accept-language": "tr"})
    client.cookies["kilitcoz"] = str(session.session_key)
    return client


def with_parameters(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Names of all addresses that take a parameter, those of included lists too."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from with_parameters(pattern.url_patterns)
        elif pattern.pattern.regex.groups:
            yield str(pattern.name)


def asked(
    client: Client, how: str, name: str, named: dict[str, str], fields: dict[str, str]
) -> tuple[int, str]:
    """Status and body, without what differs from request to request and without the id itself."""
    call = client.get if how == "GET" else client.post
    response = call(reverse(name, kwargs=named), fields)
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    body = re.sub(r'name="next" value="[^"]+"|data-(idle|absolute)="\d+"|\d\d:\d\d', "", body)
    return response.status_code, body


def test_a40_every_address_with_an_id_has_a_row_here() -> None:
    names = set(with_parameters(get_resolver().url_patterns))
    assert names == {*ADDRESSES, *OF_NOBODY, *AGENT_API}


def test_a40_everything_that_has_an_owner_is_asked_for_here() -> None:
    tried = {name.partition("_")[0] for name in UNKNOWN}
    assert tried >= set(OWNER_OF)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a40_in_an_address_anothers_is_not_found_and_the_books_know(
    name: str, ayses: dict[str, str], mehmets: Client
) -> None:
    parameter = re.findall(r"<\w+:(\w+)>", str(get_pattern(name).pattern))[0]
    unknown = asked(mehmets, ADDRESSES[name], name, {parameter: UNKNOWN[parameter]}, {})
    assert not AuditEvent.objects.filter(event="foreign-object-asked").exists()
    foreign = asked(mehmets, ADDRESSES[name], name, {parameter: ayses[parameter]}, {})
    assert foreign == unknown
    assert foreign[0] == 404
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 1


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a40_in_a_form_anothers_is_not_found_and_the_books_know(
    name: str, field: str, ayses: dict[str, str], mehmets: Client
) -> None:
    named = {"purpose": "unlock"} if name == "code-stage" else {}
    how = FIELDS[name, field]
    unknown = asked(mehmets, how, name, named, {field: UNKNOWN[field]})
    assert not AuditEvent.objects.filter(event="foreign-object-asked").exists()
    foreign = asked(mehmets, how, name, named, {field: ayses[field]})
    assert foreign == unknown
    assert foreign[0] == 404
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 1


def get_pattern(name: str) -> URLPattern:
    """The pattern of this address."""
    return next(each for each in urlpatterns if each.name == name)

"""What `kilitcoz check` looks at, each with its next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kilitcoz_portal import keyfiles
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.errors import CaNotConfigured, CaUnavailable
from kilitcoz_portal.cli.message_checks import gateways, messages
from kilitcoz_portal.keyfiles import KeyFileUnsafe
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.signin import signature
from kilitcoz_portal.signin.oidc import provider
from kilitcoz_portal.trust import anchors
from kilitcoz_portal.trust.policy import TrustPolicy
from kilitcoz_portal.vault import queries, store
from kilitcoz_portal.vault.crypto import root_keys
from kilitcoz_portal.vault.errors import VaultIntegrityError

_RENEWED_BEFORE = timedelta(days=30)  # our certificate at an authority elsewhere


def faults() -> list[str]:
    """Everything that is wrong, one line each; empty when the portal may be served."""
    return [line for look in _LOOKS for line in look()]


def _database() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield "database-not-migrated: run kilitcoz migrate"
        else:
            yield from _secrets()
    except DatabaseError as error:
        yield f"database-unreachable: check DATABASE_URL ({type(error).__name__})"


def _secrets() -> Iterator[str]:
    """One of each root key: a wrong or missing key file is noticed here, not at a holder's unlock."""
    for card_ref in queries.one_card_of_each_root_key():
        try:
            with transaction.atomic(), store.opened(card_ref):
                pass
        except KeyFileUnsafe:
            return  # told by _key_files
        except VaultIntegrityError as error:
            yield f"vault-integrity: {card_ref}: {error.what}; see docs/operations/keys.md"


def _key_files() -> Iterator[str]:
    for load in (root_keys, keys):
        try:
            load()
        except (KeyFileUnsafe, ValueError, OSError) as error:
            yield f"key-file-unsafe: {error}"


def _exposure() -> Iterator[str]:
    local = settings.ALLOWED_HOSTS[0] in {"127.0.0.1", "localhost", "::1"}
    if not settings.KILITCOZ_ORIGIN.startswith("https://") and not local:
        yield "origin-not-https: set KILITCOZ_ORIGIN to https://…; http is for this machine alone"
    if settings.KILITCOZ_DEMO and not local:
        yield "demo-exposed: KILITCOZ_DEMO shows all messages sent; never set it on a real host"
    if settings.DEBUG and not local:
        yield "debug-exposed: unset KILITCOZ_DEBUG"


def _authority_elsewhere() -> Iterator[str]:
    """Whether what it takes is there, and our certificate lives on; the authority itself is not asked."""
    if settings.KILITCOZ_CA != "cmp":
        return
    try:
        ours = configured().credentials.certificate
    except CaUnavailable as error:
        yield f"{error.code}: {error.reason}; see docs/operations/external-ca.md"
        return
    if ours.not_valid_after_utc < timezone.now() + _RENEWED_BEFORE:
        until = ours.not_valid_after_utc.date().isoformat()
        yield f"{CaNotConfigured.code}: KILITCOZ_CMP_CERT_FILE: ends on {until}; have our key certified again"


def _identity_provider() -> Iterator[str]:
    """Whether what the login by an identity provider needs is there; the provider itself is not asked."""
    if not provider.is_offered():
        return
    for name in ("CLIENT_ID", "SECRET_FILE", "CLAIM"):
        if not getattr(settings, f"KILITCOZ_OIDC_{name}"):
            yield f"oidc-incomplete: KILITCOZ_OIDC_ISSUER needs KILITCOZ_OIDC_{name} too"
    if "openid" not in settings.KILITCOZ_OIDC_SCOPES:
        yield "oidc-incomplete: KILITCOZ_OIDC_SCOPES must contain openid"
    try:
        keyfiles.load(provider.configured().secret_file)
    except (KeyFileUnsafe, OSError) as error:
        yield f"key-file-unsafe: {error}"


def _signature_origin() -> Iterator[str]:
    """What a login by client certificate needs: an origin beside the portal's, and somebody to believe."""
    if not signature.is_offered():
        return
    if settings.KILITCOZ_SIGNATURE_ORIGIN == settings.KILITCOZ_ORIGIN:
        yield "signature-origin-same: KILITCOZ_SIGNATURE_ORIGIN must be another origin than KILITCOZ_ORIGIN"
    if not anchors.of_folder(TrustPolicy.of_settings().folder).roots:
        yield "trust-folder-empty: nobody can log in with a certificate yet; see kilitcoz trust add"


def _django() -> Iterator[str]:
    for message in run_checks():
        yield f"{message.id}: {message.msg}"


_LOOKS: tuple[Callable[[], Iterator[str]], ...] = (
    _database,
    _key_files,
    _exposure,
    gateways,
    messages,
    _authority_elsewhere,
    _identity_provider,
    _signature_origin,
    _django,
)

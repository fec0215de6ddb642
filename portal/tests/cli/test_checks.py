"""`kilitcoz check`: each fault is one line with its next step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import OperationalError
from django.utils import timezone
from portal.tests import pki
from portal.tests.carriers import Carrier, carry_sms
from portal.tests.marks import ON_BOTH
from portal.tests.pki import TrustFolder
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from kilitcoz_portal.cli import app
from kilitcoz_portal.outgoing.models import Message
from kilitcoz_portal.sms import services as sms

pytestmark = ON_BOTH


def faults() -> list[str]:
    """The codes that `kilitcoz check` prints; exit status 1 with any."""
    answer = CliRunner().invoke(app, ["check"])
    codes = [line.partition(":")[0] for line in answer.stderr.splitlines()]
    assert answer.exit_code == (1 if codes else 0)
    return codes


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("KILITCOZ_ORIGIN", "http://kilit.example", "origin-not-https"),
        ("KILITCOZ_DEMO", True, "demo-exposed"),
        ("DEBUG", True, "debug-exposed"),
        ("KILITCOZ_SMS_GATEWAY", "pigeon", "sms-gateway-unknown"),
    ],
)
def test_what_must_not_face_holders_is_told(
    settings: Settings, setting: str, value: object, code: str
) -> None:
    settings.ALLOWED_HOSTS = ["kilit.example"]
    settings.KILITCOZ_ORIGIN = "https://kilit.example"
    assert faults() == []
    setattr(settings, setting, value)
    assert faults() == [code]


def test_an_identity_provider_that_is_half_configured_is_told(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("gizli")
    secret.chmod(0o600)
    settings.KILITCOZ_OIDC_ISSUER = "https://kimlik.example"
    settings.KILITCOZ_OIDC_CLIENT_ID = settings.KILITCOZ_OIDC_CLAIM = "kilitcoz"
    settings.KILITCOZ_OIDC_SECRET_FILE = secret
    assert faults() == []
    settings.KILITCOZ_OIDC_CLIENT_ID = ""
    settings.KILITCOZ_OIDC_SCOPES = ["profile"]
    assert faults() == ["oidc-incomplete", "oidc-incomplete"]
    secret.chmod(0o644)
    assert faults()[-1] == "key-file-unsafe"


def test_a_database_that_is_gone_or_not_migrated_is_told() -> None:
    executor = "kilitcoz_portal.cli.checks.MigrationExecutor"
    with mock.patch(executor, side_effect=OperationalError):
        assert faults() == ["database-unreachable"]
    with mock.patch(f"{executor}.migration_plan", return_value=["0002"]):
        assert faults() == ["database-not-migrated"]


def test_a_key_file_that_others_can_read_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.KILITCOZ_DATA_DIR = tmp_path
    assert faults() == []
    (tmp_path / "root.key").chmod(0o644)
    from kilitcoz_portal.vault.crypto import _root_keys

    _root_keys.cache_clear()
    assert faults() == ["key-file-unsafe"]


def test_messages_that_nobody_sends_and_codes_that_nobody_enters_are_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    settings.KILITCOZ_SMS_DAILY = settings.KILITCOZ_SMS_PREFIX_HOURLY = 100
    for _ in range(100):
        sms.queue_code("+905321234567", "kod", purpose="login", now=now)
    Message.objects.update(accepted_at=now - timedelta(minutes=11))
    carry_sms(monkeypatch, Carrier())
    sms.queue("+905321234567", "PIN'iniz değişti", purpose="notice", now=now - timedelta(minutes=2))
    assert faults() == [
        "messages-waiting",
        "sms-budget-reached",
        "sms-budget-reached",
        "sms-conversion-low",
    ]


def test_an_origin_for_signatures_that_cannot_work_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.KILITCOZ_TRUST_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["kilit.example"]
    settings.KILITCOZ_ORIGIN = settings.KILITCOZ_SIGNATURE_ORIGIN = "https://kilit.example"
    assert faults() == ["signature-origin-same", "trust-folder-empty"]
    settings.KILITCOZ_SIGNATURE_ORIGIN = "https://imza.example"
    assert faults() == ["trust-folder-empty"]
    TrustFolder(tmp_path).anchor(pki.root())
    assert faults() == []

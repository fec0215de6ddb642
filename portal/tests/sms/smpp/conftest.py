"""Gateways whose sessions end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pytest_django import Settings

from kilitcoz_portal.sms.smpp.gateway import SmppGateway
from kilitcoz_portal.sms.smpp.settings import SmppSettings

Connect = Callable[..., SmppGateway]
PASSWORD = "gizli123"


@pytest.fixture
def connect(settings: Settings) -> Iterator[Connect]:
    """Makes the gateway of a table that has what every table must, and begins its session."""
    settings.KILITCOZ_SECRETS = {"SMPP": PASSWORD}
    with ExitStack() as opened:

        def connect(port: int, **table: Any) -> SmppGateway:
            least = {
                "kind": "smpp",
                "host": "127.0.0.1",
                "port": port,
                "system_id": "kilitcoz",
                "password": {"env": "SMPP"},
                "source": "KILITCOZ",
                "per_second": 1000,
                "timeout": 5,
            }
            gateway = SmppGateway("first", SmppSettings.model_validate({**least, **table}))
            opened.callback(gateway.close)
            gateway.open()
            return gateway

        yield connect

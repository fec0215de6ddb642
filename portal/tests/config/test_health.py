"""/healthz, /readyz, the request's id, the logs."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
import structlog
from django.db import OperationalError
from django.test import Client
from portal.tests.marks import ON_BOTH

pytestmark = ON_BOTH


def test_a_process_that_serves_is_healthy_and_one_that_can_work_is_ready(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_database_that_is_gone_is_not_ready_but_healthy(client: Client) -> None:
    with mock.patch("kilitcoz_portal.config.health.connection.cursor", side_effect=OperationalError("gone")):
        response = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    assert (response.status_code, response.json()["code"]) == (503, "database-unreachable")


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, str]]]]:
    """What was logged, line by line, as a collector of logs would parse it."""
    (handler,) = (each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


def test_every_answer_carries_the_id_that_its_log_lines_carry(
    client: Client, lines: Callable[[], list[dict[str, str]]]
) -> None:
    response = client.post("/agent/v1/pair", b" ", content_type="application/json")
    refused = next(line for line in lines() if line["event"] == "agent-call-refused")
    assert refused["request_id"] == response["X-Request-Id"]
    assert {"level", "logger", "timestamp", "code", "path"} <= set(refused)


def test_every_request_is_one_line_with_the_operation_it_is_about_and_no_query(
    client: Client, lines: Callable[[], list[dict[str, str]]]
) -> None:
    client.get("/healthz")
    client.post(f"/agent/v1/operations/{'A' * 22}/claim?cap=secret", b"{}", content_type="application/json")
    (line,) = (each for each in lines() if each["event"] == "request")
    assert (line["method"], line["status"], line["operation_id"]) == ("POST", 401, "A" * 22)
    assert "secret" not in str(lines())


def test_the_standard_librarys_records_are_json_too(lines: Callable[[], list[dict[str, str]]]) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logging.getLogger("somebody.elses").warning("geçti: %s", 5)
    (record,) = lines()
    assert (record["event"], record["request_id"]) == ("geçti: 5", "abc")

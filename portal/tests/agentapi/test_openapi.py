"""schemathesis walks the agent API by its own document: whatever is sent, the answer is in the contract."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kilitcoz_portal.config.wsgi import application

pytestmark = [pytest.mark.django_db(transaction=True)]

HOST = {"Host": "127.0.0.1"}
schema = schemathesis.openapi.from_wsgi("/agent/v1/openapi.json", application, headers=HOST)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_knows(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS, headers=HOST)

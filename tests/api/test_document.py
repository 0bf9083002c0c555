"""The API does what its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from broker.api.resources import RESOURCES
from broker.db import transaction
from tests import make, people
from tests.returns import walk

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def test_whatever_is_asked_is_answered_as_the_document_says(
    fresh_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(fresh_app.config["PACES"], "programs", 1_000_000)
    with fresh_app.app_context():
        with transaction():
            made = walk.partnership()
            walk.day(made, quarter_days=6)
            _, token = make.api_token()
        assert people.programme("pip")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", fresh_app)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in MODES:
            asked += 1

            @settings(
                max_examples=8,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def holds(case: schemathesis.Case) -> None:
                headers = {"Authorization": f"Bearer {token}"}
                case.call_and_validate(headers=headers, checks=CHECKS)

            holds()
    assert asked == 2 * 2 * len(RESOURCES)

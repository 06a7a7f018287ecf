"""The description is true: schemathesis asks as it allows and forbids, and holds answers to it."""

import os

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboards.api.application import description_of, make_api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = int(os.environ.get("HATANG_API_EXAMPLES", "8"))
"""Of each operation; a longer search by hand: HATANG_API_EXAMPLES=500."""


@pytest.fixture
def described(site):
    """The description, as the site serves it."""
    return description_of(make_api(site))


def test_no_answer_is_a_defect_or_is_not_described(described, address, site, token_of, asset):
    token = token_of(site)
    schema = schemathesis.openapi.from_dict(described)
    failures = []
    one = requests.Session()
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case):
            answer = case.call(
                base_url=f"{address}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                session=one,
            )
            case.validate_response(answer, checks=CHECKS)

        try:
            ask()
        except (AssertionError, FailureGroup) as error:
            failures.append(f"{operation.label}: {getattr(error, 'exceptions', error)}")
    one.close()
    assert not failures, "\n\n".join(failures)


def test_every_refusal_of_every_operation_is_described(described):
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert {"401", "403", "422", "429"} <= set(answers), (method, path)
            for status, answer in answers.items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_the_description_is_for_readers_and_names_no_other_host(client, address):
    answer = client().get("/openapi.json")
    assert answer.json()["info"]["title"] == "Hatang"
    assert answer.json()["servers"] == [{"url": "/api/v1"}]

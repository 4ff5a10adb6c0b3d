"""The document: all of the routes and nothing else, valid, and the same however often it is made."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from common.http import Role, Routes
from tests.support import programs
from tools.api_document.document import all_routes, api_document, document_text, operation_id
from tools.api_document.shapes import UnknownShape
from tools.paths import ROOT

VERBS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return api_document()


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (verb.upper(), path): operation
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if verb in VERBS
    }


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_route_of_every_domain_is_in_it_and_nothing_else(document: dict[str, Any]) -> None:
    declared = [(route.method, route.path) for route in all_routes()]
    assert sorted(operations(document)) == sorted(declared)
    assert len(declared) > 150


def test_each_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(set(names)) == len(names)
    assert all(name.isalnum() for name in names)


def test_what_needs_a_role_says_so_and_nothing_else_does(document: dict[str, Any]) -> None:
    found = operations(document)
    for route in all_routes():
        operation = found[route.method, route.path]
        refused = {"401", "403"} <= operation["responses"].keys()
        if route.role is None:
            assert "security" not in operation
        else:
            assert operation["security"] == [{"bearer": []}, {"cookie": []}]
            assert operation["x-role"] == route.role.value
            assert refused


def test_every_answer_and_body_has_a_schema(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        successes = [
            answer
            for status, answer in operation["responses"].items()
            if status in {"200", "201", "202", "302"}
        ]
        assert len(successes) == 1, name
        assert successes[0]["content"], name
        assert all(content["schema"] for content in successes[0]["content"].values()), name
        for content in operation.get("requestBody", {"content": {}})["content"].values():
            assert content["schema"], name


def test_every_reference_leads_somewhere_and_every_component_is_used(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for kind, components in document["components"].items():
        if kind == "securitySchemes":
            continue
        for name in components:
            assert f'"#/components/{kind}/{name}"' in text, name


def test_amounts_are_numbers_and_patterns_are_those_of_json_schema(document: dict[str, Any]) -> None:
    text = document_text(document)
    assert r"\\Z" not in text
    price = document["components"]["schemas"]["VariantInput"]["properties"]["price_adjustment"]
    assert (price["minimum"], price["maximum"], price["default"]) == (-100_000, 100_000, 0)
    slug = document["components"]["schemas"]["NewProductInput"]["properties"]["slug"]
    assert slug["pattern"] == "^[a-z0-9]+(?:-+[a-z0-9]+)*$"
    assert document["components"]["schemas"]["Product"]["properties"]["base_price"] == {"type": "number"}


def test_a_change_requires_no_field_and_other_names_stand_beside_a_fields_own(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    assert "required" not in schemas["ProductChangesInput"]
    assert schemas["NewRowInput"]["properties"]["price"] == {
        "description": "The same as base_price, which goes before it"
    }
    tried = schemas["TriedCodeInput"]
    assert tried["required"] == ["code"]
    assert tried["allOf"] == [{"anyOf": [{"required": ["cartTotal"]}, {"required": ["cart_total"]}]}]


def test_conditional_requests_and_keys_are_named_as_headers(document: dict[str, Any]) -> None:
    found = operations(document)
    headers = {
        name: {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        for name, operation in found.items()
    }
    assert headers["GET", "/api/products"] == {"If-None-Match"}
    assert headers["PUT", "/api/products/{product}"] == {"If-Match"}
    sessions = {"X-Cart-Session", "X-Session-Id"}
    assert headers["POST", "/api/orders"] == {"Accept-Language", "Idempotency-Key", *sessions}
    assert "304" in found["GET", "/api/products"]["responses"]
    assert "304" not in found["GET", "/api/cart"]["responses"]


def test_a_route_without_the_shape_of_its_answer_is_refused() -> None:
    routes = Routes("catalog")
    routes.get("/api/things", role=Role.ADMIN)(lambda _request: {})
    with pytest.raises(UnknownShape, match="GET /api/things declares no answer"):
        api_document(routes)


def test_a_parameter_that_nobody_has_explained_is_refused() -> None:
    routes = Routes("shop")
    routes.get("/api/things", role=None, query=("unheard_of",), answer="Message")(lambda _request: {})
    with pytest.raises(KeyError, match="unheard_of"):
        api_document(routes)


def test_it_is_the_same_in_every_process(document: dict[str, Any], tmp_path: Path) -> None:
    for seed in ("0", "1"):
        out = tmp_path / f"{seed}.json"
        subprocess.run(
            [sys.executable, "-m", "tools.cli", "api-document", "--out", str(out)],
            cwd=ROOT,
            env=programs.environment({"PYTHONHASHSEED": seed}),
            check=True,
            capture_output=True,
        )
        assert out.read_text(encoding="utf-8") == document_text(document)


def test_operations_are_called_after_their_paths() -> None:
    names = {(route.method, route.path): operation_id(route) for route in all_routes()}
    assert names["GET", "/api/products/{product}/variants"] == "getProductsByProductVariants"
    assert names["POST", "/webhook/amazon/return"] == "postWebhookAmazonReturn"

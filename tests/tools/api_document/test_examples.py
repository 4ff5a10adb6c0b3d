"""Examples are answers that the document itself allows; `make test-api` asks the demo shop for them."""

from typing import Any

import jsonschema
import pytest

from tools.api_document.document import all_routes, api_document, operation_id
from tools.api_document.examples import PARTS, recorded_answers

ROUTES = {operation_id(route): route for route in all_routes()}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return api_document()


def test_each_example_is_of_an_operation() -> None:
    assert recorded_answers().keys() <= ROUTES.keys()
    assert len(recorded_answers()) > 40


@pytest.mark.parametrize("name", sorted(recorded_answers()))
def test_an_example_is_shown_with_its_operation_and_fits_its_schema(
    document: dict[str, Any], name: str
) -> None:
    route = ROUTES[name]
    answers = document["paths"][route.path][route.method.lower()]["responses"][str(route.status)]
    shown = answers["content"]["application/json"]
    assert shown["example"] == recorded_answers()[name]
    whole = {**shown["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(shown["example"])


def test_each_example_of_a_part_of_a_path_is_shown(document: dict[str, Any]) -> None:
    shown = {
        parameter["name"]
        for verbs in document["paths"].values()
        for operation in verbs.values()
        for parameter in operation["parameters"]
        if parameter["in"] == "path" and "example" in parameter
    }
    assert shown == PARTS.keys()


def test_no_example_holds_a_token() -> None:
    assert "eyJ" not in str(recorded_answers())

"""API Gateway's own errors, and what it takes for binary."""

import json
from typing import Any

from tools.package.rest import BINARY, ERRORS, complete_rest
from tools.package.stages import Stage

STAGE = Stage("catalog-dev", ("catalog",), {"CORS_ALLOWED_ORIGINS": "https://a.example, https://b.example"})


def template() -> dict[str, Any]:
    """The template of Chalice, as far as it is looked at, completed."""
    api = {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {BINARY: ["image/png"]}}}
    made: dict[str, Any] = {"Resources": {"RestAPI": api}}
    complete_rest(made, STAGE)
    return made


def completed() -> dict[str, Any]:
    return dict(template()["Resources"]["RestAPI"]["Properties"]["DefinitionBody"][ERRORS])


def test_an_unknown_path_is_404_as_everywhere_else() -> None:
    response = completed()["MISSING_AUTHENTICATION_TOKEN"]
    assert response["statusCode"] == "404"
    assert json.loads(response["responseTemplates"]["application/json"]) == {"error": "Not found"}


def test_every_error_of_api_gateway_is_json_with_cors() -> None:
    responses = completed()
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "REQUEST_TOO_LARGE", "THROTTLED"} <= set(responses)
    for response in responses.values():
        text = response["responseTemplates"]["application/json"]
        assert list(json.loads(text.replace("$context.error.messageString", '"said"'))) == ["error"]
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://a.example'"
        assert headers["gatewayresponse.header.Access-Control-Allow-Credentials"] == "'true'"


def test_a_throttled_caller_learns_when_to_come_back() -> None:
    assert completed()["THROTTLED"]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"


def test_what_is_binary_is_said_beside_the_body_too() -> None:
    assert template()["Resources"]["RestAPI"]["Properties"]["BinaryMediaTypes"] == ["image/png"]

"""API Gateway's own errors, and what it takes for binary."""

import json
from typing import Any

from tools.package.rest import BINARY, ENGINES_ACCOUNT, ERRORS, ON_AN_ENGINE, complete_rest
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


def test_an_engine_gets_as_resources_what_aws_takes_from_the_body() -> None:
    made = template()
    assert made["Conditions"][ON_AN_ENGINE] == {"Fn::Equals": [{"Ref": "AWS::AccountId"}, ENGINES_ACCOUNT]}
    resources = [r for r in made["Resources"].values() if r["Type"] == "AWS::ApiGateway::GatewayResponse"]
    assert {each["Condition"] for each in resources} == {ON_AN_ENGINE}
    said = {each["Properties"]["ResponseType"]: each["Properties"] for each in resources}
    assert said.keys() == completed().keys()
    for kind, response in completed().items():
        assert said[kind]["ResponseTemplates"] == response["responseTemplates"]
        assert said[kind]["ResponseParameters"] == response["responseParameters"]
        assert said[kind].get("StatusCode") == response.get("statusCode")
        assert said[kind]["RestApiId"] == {"Ref": "RestAPI"}

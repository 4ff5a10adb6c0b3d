"""By what a stage is reached."""

from typing import Any

import pytest

from tools.errors import ToolError
from tools.package.apis import complete_api, kind_of
from tools.package.stages import Stage


def stage(kind: str) -> Stage:
    return Stage("catalog-dev", ("catalog",), {}, deploy={"api": kind})


def completed(kind: str) -> dict[str, Any]:
    """What Chalice writes, as far as it is of the API, made the API of this kind."""
    made: dict[str, Any] = {
        "Resources": {
            "APIHandler": {"Type": "AWS::Serverless::Function", "Properties": {}},
            "APIHandlerInvokePermission": {"Type": "AWS::Lambda::Permission"},
            "RestAPI": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {}}},
        },
        "Outputs": {"RestAPIId": {}, "EndpointURL": {"Value": "of the REST API"}, "APIHandlerName": {}},
    }
    complete_api(made, stage(kind))
    return made


def of_type(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in made["Resources"].values() if r["Type"] == f"AWS::{kind}"]


def test_a_stage_that_names_none_gets_the_function_s_own_url() -> None:
    assert kind_of(Stage("catalog-dev", ("catalog",), {})) == "url"
    assert "RestAPI" in completed("rest")["Resources"]


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ToolError, match="rest, http, url, not 'soap'"):
        kind_of(stage("soap"))


def test_an_http_api_hands_every_path_to_the_function() -> None:
    made = completed("http")
    assert [each["ProtocolType"] for each in of_type(made, "ApiGatewayV2::Api")] == ["HTTP"]
    # The app answers preflights itself; API Gateway would answer them instead.
    assert "CorsConfiguration" not in of_type(made, "ApiGatewayV2::Api")[0]
    (integration,) = of_type(made, "ApiGatewayV2::Integration")
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == {"Fn::GetAtt": ["APIHandler", "Arn"]}
    (route,) = of_type(made, "ApiGatewayV2::Route")
    assert route["RouteKey"] == "$default"
    assert route["Target"] == {"Fn::Sub": "integrations/${HttpAPIIntegration}"}
    (permission,) = of_type(made, "Lambda::Permission")
    assert permission["SourceArn"]["Fn::Sub"].endswith(":${HttpAPI}/*")


def test_a_function_url_has_both_rights_that_aws_demands() -> None:
    made = completed("url")
    (url,) = of_type(made, "Lambda::Url")
    assert url["AuthType"] == "NONE"
    assert "Cors" not in url
    rights = {each["Action"]: each for each in of_type(made, "Lambda::Permission")}
    assert rights.keys() == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert rights["lambda:InvokeFunctionUrl"]["FunctionUrlAuthType"] == "NONE"
    # Else everybody might invoke the function by other ways too.
    assert rights["lambda:InvokeFunction"]["InvokedViaFunctionUrl"] is True


@pytest.mark.parametrize("kind", ["http", "url"])
def test_nothing_of_a_rest_api_is_left(kind: str) -> None:
    made = completed(kind)
    assert not {"RestAPI", "APIHandlerInvokePermission"} & made["Resources"].keys()
    assert made["Outputs"].keys() == {"EndpointURL", "APIHandlerName"}
    assert made["Outputs"]["EndpointURL"]["Value"] != "of the REST API"

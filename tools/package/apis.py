"""How a stage is reached: by a REST API, an HTTP API, or the function's own URL, as its `deploy.api` says."""

from typing import Any

from tools.errors import ToolError
from tools.package.rest import API, complete_rest
from tools.package.stages import Stage

REST, HTTP, URL = KINDS = ("rest", "http", "url")
HANDLER, HTTP_API, FUNCTION_URL = "APIHandler", "HttpAPI", "APIHandlerUrl"
# What Chalice writes for a REST API.
OF_REST = (API, "APIHandlerInvokePermission")


def complete_api(template: dict[str, Any], stage: Stage) -> None:
    """Give the template the API that the stage wants; its address is the output EndpointURL.

    The app answers preflights and writes the headers of CORS itself, whatever stands before it.
    """
    kind = kind_of(stage)
    if kind == REST:
        complete_rest(template, stage)
        return
    for name in OF_REST:
        del template["Resources"][name]
    del template["Outputs"]["RestAPIId"]
    resources, address = _http_api() if kind == HTTP else _function_url()
    template["Resources"] |= resources
    template["Outputs"]["EndpointURL"] = {"Value": address}


def kind_of(stage: Stage) -> str:
    """The stage's kind of API, by default the function's own URL; ToolError for a word that is none."""
    kind = stage.deploy.get("api", URL)
    if kind not in KINDS:
        raise ToolError(f"deploy.api of stage {stage.name} must be {', '.join(KINDS)}, not {kind!r}.")
    return str(kind)


def _http_api() -> tuple[dict[str, Any], Any]:
    target = {"Fn::Sub": f"integrations/${{{HTTP_API}Integration}}"}
    integration = {
        "ApiId": {"Ref": HTTP_API},
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": {"Fn::GetAtt": [HANDLER, "Arn"]},
        "PayloadFormatVersion": "2.0",
    }
    source = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{HTTP_API}}}/*"
    resources = {
        HTTP_API: _resource(
            "ApiGatewayV2::Api", {"Name": {"Fn::Sub": "${AWS::StackName}"}, "ProtocolType": "HTTP"}
        ),
        f"{HTTP_API}Integration": _resource("ApiGatewayV2::Integration", integration),
        f"{HTTP_API}Route": _resource(
            "ApiGatewayV2::Route", {"ApiId": {"Ref": HTTP_API}, "RouteKey": "$default", "Target": target}
        ),
        f"{HTTP_API}Stage": _resource(
            "ApiGatewayV2::Stage", {"ApiId": {"Ref": HTTP_API}, "StageName": "$default", "AutoDeploy": True}
        ),
        f"{HTTP_API}Permission": _permission(
            "lambda:InvokeFunction",
            {"Fn::Sub": "apigateway.${AWS::URLSuffix}"},
            {"SourceArn": {"Fn::Sub": source}},
        ),
    }
    address = f"https://${{{HTTP_API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/"
    return resources, {"Fn::Sub": address}


def _function_url() -> tuple[dict[str, Any], Any]:
    # Both rights: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html, since October 2025.
    resources = {
        FUNCTION_URL: _resource(
            "Lambda::Url", {"TargetFunctionArn": {"Fn::GetAtt": [HANDLER, "Arn"]}, "AuthType": "NONE"}
        ),
        f"{FUNCTION_URL}Permission": _permission(
            "lambda:InvokeFunctionUrl", "*", {"FunctionUrlAuthType": "NONE"}
        ),
        f"{FUNCTION_URL}InvokePermission": _permission(
            "lambda:InvokeFunction", "*", {"InvokedViaFunctionUrl": True}
        ),
    }
    return resources, {"Fn::GetAtt": [FUNCTION_URL, "FunctionUrl"]}


def _resource(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _permission(action: str, principal: Any, condition: dict[str, Any]) -> dict[str, Any]:
    granted = {"FunctionName": {"Ref": HANDLER}, "Action": action, "Principal": principal}
    return _resource("Lambda::Permission", granted | condition)

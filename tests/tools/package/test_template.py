"""API Gateway's own errors, and ARNs of the stage."""

import json
from typing import Any

import pytest

from tools.package.stages import Stage
from tools.package.template import complete, exact_arn, narrow

STAGE = Stage(
    "catalog-dev",
    ("catalog",),
    {
        "CORS_ALLOWED_ORIGINS": "https://a.example, https://b.example",
        "DYNAMODB_TABLE_NAME": "Other",
        "S3_BUCKET_NAME": "other-media",
        "JWT_SECRET_PARAMETER": "/else/jwt-secret",
        "STOCK_QUEUE_NAME": "other-stock",
        "TOKEN_KMS_KEY_ID": "alias/other-tokens",
    },
)
HERE = "arn:${AWS::Partition}"


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        (
            "arn:aws:dynamodb:*:*:table/ArtManagementTable",
            f"{HERE}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/Other",
        ),
        (
            "arn:aws:dynamodb:*:*:table/ArtManagementTable/index/*",
            f"{HERE}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/Other/index/*",
        ),
        ("arn:aws:s3:::artshop-media/products/*", f"{HERE}:s3:::other-media/products/*"),
        ("arn:aws:s3:::artshop-media", f"{HERE}:s3:::other-media"),
        (
            "arn:aws:ssm:*:*:parameter/artshop/prod/jwt-secret",
            f"{HERE}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/else/jwt-secret",
        ),
        (
            "arn:aws:sqs:*:*:artshop-stock",
            f"{HERE}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:other-stock",
        ),
        (
            "arn:aws:sqs:*:*:artshop-stock-dead",
            f"{HERE}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:other-stock-dead",
        ),
        (
            "arn:aws:kms:*:*:key/*",
            f"{HERE}:kms:${{AWS::Region}}:${{AWS::AccountId}}:key/*",
        ),
        (
            "arn:aws:logs:*:*:log-group:/aws/lambda/artshop-*",
            f"{HERE}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/aws/lambda/${{AWS::StackName}}-*",
        ),
    ],
)
def test_an_arn_is_of_this_account_and_stage(written: str, exact: str) -> None:
    assert exact_arn(written, STAGE.environment) == exact


def test_every_resource_of_a_policy_is_narrowed() -> None:
    document: dict[str, Any] = {"Statement": [{"Resource": ["arn:aws:s3:::artshop-media"]}]}
    narrow(document, STAGE.environment)
    assert document["Statement"][0]["Resource"] == [{"Fn::Sub": f"{HERE}:s3:::other-media"}]


def test_a_key_is_known_by_the_stages_alias() -> None:
    statement = {"Resource": ["arn:aws:kms:*:*:key/*"], "Condition": {"ForAnyValue:StringEquals": {}}}
    document: dict[str, Any] = {"Statement": [statement]}
    narrow(document, STAGE.environment)
    known = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other-tokens"}}
    assert document["Statement"][0]["Condition"] == known


def completed() -> dict[str, Any]:
    template = {
        "Resources": {"RestAPI": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {}}}}
    }
    body = complete(template, STAGE)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return dict(body["x-amazon-apigateway-gateway-responses"])


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

"""The rights of a stage: ARNs of its own names, and what it does not name."""

import json
from typing import Any

import pytest

from tools.errors import ToolError
from tools.package.rights import exact_arn, narrow
from tools.package.stages import LOCAL_STAGE, Stage, read_stage
from tools.paths import ROOT

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
    "policies/catalog.json",
)
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
DEPLOYED = [name for name in CONFIG["stages"] if name != LOCAL_STAGE]
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
            "arn:aws:s3:::artshop-media/private/catalogue/ArtManagementTable/*",
            f"{HERE}:s3:::other-media/private/catalogue/Other/*",
        ),
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
    assert exact_arn(written, STAGE) == exact


def test_every_resource_of_a_policy_is_narrowed() -> None:
    document: dict[str, Any] = {"Statement": [{"Resource": ["arn:aws:s3:::artshop-media"]}]}
    narrow(document, STAGE)
    assert document["Statement"][0]["Resource"] == [{"Fn::Sub": f"{HERE}:s3:::other-media"}]


def test_a_key_is_known_by_the_stages_alias() -> None:
    statement = {"Resource": ["arn:aws:kms:*:*:key/*"], "Condition": {"ForAnyValue:StringEquals": {}}}
    document: dict[str, Any] = {"Statement": [statement]}
    narrow(document, STAGE)
    known = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/other-tokens"}}
    assert document["Statement"][0]["Condition"] == known


@pytest.mark.parametrize("name", DEPLOYED)
def test_every_stage_defines_whatever_its_policy_names(name: str) -> None:
    stage = read_stage(ROOT, name)
    document = json.loads((ROOT / ".chalice" / stage.policy).read_text())
    narrow(document, stage)
    for statement in document["Statement"]:
        for resource in statement["Resource"]:
            assert resource["Fn::Sub"].startswith(HERE)


@pytest.mark.parametrize(
    ("arn", "missing"),
    [
        ("arn:aws:ssm:*:*:parameter/artshop/prod/stripe-api-key", "stripe-api-key"),
        ("arn:aws:s3:::artshop-media", "S3_BUCKET_NAME"),
        ("arn:aws:sqs:*:*:artshop-stock", "STOCK_QUEUE_NAME"),
        ("arn:aws:dynamodb:*:*:table/ArtManagementTable", "DYNAMODB_TABLE_NAME"),
    ],
)
def test_what_a_policy_grants_and_the_stage_does_not_define_is_named(arn: str, missing: str) -> None:
    stage = Stage("bare", ("catalog",), {"JWT_SECRET_PARAMETER": "/else/jwt-secret"}, "policies/catalog.json")
    with pytest.raises(ToolError, match=missing) as refused:
        exact_arn(arn, stage)
    assert "policies/catalog.json" in str(refused.value)
    assert "stage bare" in str(refused.value)


def test_a_key_without_an_alias_is_named() -> None:
    statement = {"Resource": ["arn:aws:kms:*:*:key/*"], "Condition": {"ForAnyValue:StringEquals": {}}}
    with pytest.raises(ToolError, match="TOKEN_KMS_KEY_ID"):
        narrow({"Statement": [statement]}, Stage("bare", ("etsy_sync",), {}, "policies/etsy_sync.json"))


@pytest.mark.parametrize(
    ("alias", "granted"), [("", {"sqs"}), ("alias/other-tokens", {"sqs", "kms"})], ids=["stored key", "both"]
)
def test_a_stage_that_seals_with_a_stored_key_needs_no_key_of_kms(alias: str, granted: set[str]) -> None:
    variables = {"STOCK_QUEUE_NAME": "q", "TOKEN_ENCRYPTION_KEY_PARAMETER": "/p", "TOKEN_KMS_KEY_ID": alias}
    tokens = {"Resource": ["arn:aws:kms:*:*:key/*"], "Condition": {"ForAnyValue:StringEquals": {}}}
    document: dict[str, Any] = {"Statement": [tokens, {"Resource": ["arn:aws:sqs:*:*:artshop-stock"]}]}
    narrow(document, Stage("any", ("etsy_sync",), variables, "policies/etsy_sync.json"))
    services = {each["Resource"][0]["Fn::Sub"].split(":")[4] for each in document["Statement"]}
    assert services == granted

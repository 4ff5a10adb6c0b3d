"""The deployed table is the table of the access layer; bucket and alarms are safe by default."""

from typing import Any

import pytest
import yaml

from common.dynamodb import table_definition
from common.dynamodb.lifecycle import EXPIRES_AT
from common.media import INCOMING
from tools.paths import ROOT

STORAGE: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "storage.yaml").read_text())
ALARMS: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "alarms.yaml").read_text())
TABLE: dict[str, Any] = STORAGE["Resources"]["Table"]
MEDIA: dict[str, Any] = STORAGE["Resources"]["Media"]["Properties"]


@pytest.mark.parametrize(
    "part", ["KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode"]
)
def test_the_table_is_the_one_that_the_code_expects(part: str) -> None:
    assert TABLE["Properties"][part] == table_definition("any")[part]


def test_the_tables_name_is_the_default_of_the_code() -> None:
    assert STORAGE["Parameters"]["TableName"]["Default"] == "ArtManagementTable"


def test_items_expire_and_can_be_recovered() -> None:
    properties = TABLE["Properties"]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": EXPIRES_AT, "Enabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"]["SSEEnabled"] is True


@pytest.mark.parametrize("name", ["Table", "Media"])
def test_data_outlives_its_stack(name: str) -> None:
    resource = STORAGE["Resources"][name]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_bucket_is_closed_to_the_public() -> None:
    assert set(MEDIA["PublicAccessBlockConfiguration"].values()) == {True}
    assert MEDIA["BucketEncryption"]["ServerSideEncryptionConfiguration"]


def test_no_image_that_a_row_names_is_deleted_by_age() -> None:
    rules = MEDIA["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if "ExpirationInDays" in rule or "ExpirationDate" in rule]
    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in expiring] == [(f"{INCOMING}/", 7)]
    assert [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]


def test_only_the_storefront_may_upload_from_a_browser() -> None:
    (rule,) = MEDIA["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == {"Ref": "StorefrontOrigins"}
    assert rule["AllowedMethods"] == ["PUT"]


def test_failures_throttling_and_cost_are_told() -> None:
    alarms = [r["Properties"] for r in ALARMS["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    watched = {alarm["MetricName"] for alarm in alarms}
    assert {"Errors", "Throttles", "server_errors", "ReadThrottleEvents", "WriteThrottleEvents"} <= watched
    assert ALARMS["Parameters"]["MonthlyBudgetUsd"]["Default"] == 1
    budget = ALARMS["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"]
    assert {entry["Notification"]["NotificationType"] for entry in budget} == {"ACTUAL", "FORECASTED"}

"""The deployed table is the table of the access layer; bucket and alarms are safe by default."""

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml

from catalog.index.snapshot import GOOD_FOR
from catalog.index.snapshot_store import FOLDER as SNAPSHOTS
from common.dynamodb import table_definition
from common.dynamodb.lifecycle import EXPIRES_AT
from common.media import FOLDERS, INCOMING, PRIVATE
from tools.api_document.docs_page import POLICY
from tools.api_document.publishing import FOLDER
from tools.costs.bill import Setup, capacity
from tools.costs.prices import prices_of
from tools.costs.traffic import Shop, month_of
from tools.paths import ROOT

STORAGE: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "storage.yaml").read_text())
ALARMS: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "alarms.yaml").read_text())
TABLE: dict[str, Any] = STORAGE["Resources"]["Table"]
THROUGHPUT = ("OnDemandThroughput", "ProvisionedThroughput")
NOTHING = {"Ref": "AWS::NoValue"}
MEDIA: dict[str, Any] = STORAGE["Resources"]["Media"]["Properties"]


def without(resource: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name not in names}


@pytest.mark.parametrize("part", ["KeySchema", "AttributeDefinitions"])
def test_the_table_is_the_one_that_the_code_expects(part: str) -> None:
    assert TABLE["Properties"][part] == table_definition("any")[part]


def test_the_indexes_are_those_that_the_code_expects() -> None:
    indexes = [without(index, *THROUGHPUT) for index in TABLE["Properties"]["GlobalSecondaryIndexes"]]
    assert indexes == table_definition("any")["GlobalSecondaryIndexes"]


def test_the_table_is_paid_by_request_unless_units_are_asked_for() -> None:
    assert STORAGE["Parameters"]["TableMode"]["Default"] == "on-demand"
    definition = table_definition("any")["BillingMode"]
    assert TABLE["Properties"]["BillingMode"] == {"Fn::If": ["IsProvisioned", "PROVISIONED", definition]}


@pytest.mark.parametrize("place", range(4))
def test_table_and_indexes_have_a_ceiling_on_demand_and_units_of_their_own_when_provisioned(
    place: int,
) -> None:
    properties = TABLE["Properties"]
    resource = [properties, *properties["GlobalSecondaryIndexes"]][place]
    condition, provisioned, on_demand = resource["OnDemandThroughput"]["Fn::If"]
    assert (condition, provisioned) == ("IsProvisioned", NOTHING)
    assert on_demand == {
        "MaxReadRequestUnits": {"Ref": "MaxReadUnits"},
        "MaxWriteRequestUnits": {"Ref": "MaxWriteUnits"},
    }
    condition, provisioned, on_demand = resource["ProvisionedThroughput"]["Fn::If"]
    assert (condition, on_demand) == ("IsProvisioned", NOTHING)
    assert provisioned == {
        "ReadCapacityUnits": {"Fn::Select": [place, {"Ref": "ReadUnits"}]},
        "WriteCapacityUnits": {"Fn::Select": [place, {"Ref": "WriteUnits"}]},
    }


@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_provisioned_units_are_all_that_is_free_and_bear_the_peak_of_the_shop(kind: str) -> None:
    units = [int(each) for each in STORAGE["Parameters"][f"{kind}Units"]["Default"].split(",")]
    assert sum(units) == 25
    needed = capacity(month_of(Shop(1000, 20, 500)), Setup().peak)[kind == "Write"]
    assert all(has >= needs for has, needs in zip(units, needed.values(), strict=True))


def test_what_abuse_can_cost_in_a_day_is_what_the_documents_say() -> None:
    prices, text = prices_of("eu-west-1"), (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
    said = " ".join(text.split())
    for kind in ("read", "write"):
        ceiling = STORAGE["Parameters"][f"Max{kind.title()}Units"]["Default"]
        price = prices[f"{kind}_requests"]
        # Table and three indexes, around the clock.
        usd = 4 * ceiling * 86_400 * price.usd / price.per
        assert f"{usd:.0f} USD a day in {kind}s" in said


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
    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in expiring] == [
        (f"{INCOMING}/", 7),
        (SNAPSHOTS, 7),
    ]
    assert [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]


def test_what_the_shop_keeps_for_itself_is_read_by_no_cdn() -> None:
    statements = STORAGE["Resources"]["MediaPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = [each["Principal"] for each in statements if each["Effect"] == "Allow"]
    (denied,) = [each for each in statements if each["Sid"] == "PrivateFromCdn"]
    # A denial counts whatever else allows, and nobody else but the account's own roles is let in.
    assert (denied["Effect"], denied["Action"]) == ("Deny", "s3:GetObject")
    assert [denied["Principal"]] == allowed
    assert denied["Resource"] == {"Fn::Sub": f"${{Media.Arn}}/{PRIVATE}*"}
    assert "Condition" not in denied


def test_snapshots_that_were_replaced_do_not_pile_up() -> None:
    (rule,) = [each for each in MEDIA["LifecycleConfiguration"]["Rules"] if each.get("Prefix") == SNAPSHOTS]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    # The job writes one anew before it is two days old; what is older is of a job that stands still.
    assert timedelta(days=rule["ExpirationInDays"]) > 2 * GOOD_FOR


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


def test_the_page_of_the_document_may_run_and_images_may_not() -> None:
    resources = STORAGE["Resources"]
    cdn = resources["Cdn"]["Properties"]["DistributionConfig"]
    assert cdn["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == {"Ref": "CdnHeaders"}
    (docs,) = cdn["CacheBehaviors"]
    assert (docs["PathPattern"], docs["ResponseHeadersPolicyId"]) == (f"{FOLDER}*", {"Ref": "DocsHeaders"})
    assert docs["TargetOriginId"] == cdn["DefaultCacheBehavior"]["TargetOriginId"]
    assert not any(key.startswith(FOLDER) for key in FOLDERS)
    images = resources["CdnHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert images["ContentSecurityPolicy"]["ContentSecurityPolicy"] == "default-src 'none'; sandbox"


def test_the_page_of_the_document_is_held_to_what_it_is_held_to_on_a_developers_machine() -> None:
    config = STORAGE["Resources"]["DocsHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    asked = re.search(r"connect-src ([^;]+);", policy)
    assert asked is not None
    assert policy == POLICY.format(asked=asked[1])
    assert all(part == "'self'" or part.startswith(("https://*.", "${DocsApi}")) for part in asked[1].split())

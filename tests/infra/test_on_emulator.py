"""The templates as emulated CloudFormation makes them, and what `artshop costs --actual` reads there."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from common.dynamodb import INDEXES
from tools.cli import cli
from tools.dashboard.body import body
from tools.paths import ROOT
from tools.rehearsal.emulator import EmulatedAws, emulated_aws

TABLE = "ArtManagementTable"
SOON = {"Delay": 0.1, "MaxAttempts": 200}

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def account() -> Iterator[EmulatedAws]:
    """An account with the shop's storage."""
    with emulated_aws() as aws:
        make(aws, "storage")
        yield aws


def make(aws: EmulatedAws, name: str, change: str = "create", stack: str = "", **parameters: str) -> None:
    """Creates or updates the stack of a template, called like that where nothing else is said."""
    formation = aws.client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    text = (ROOT / "infra" / f"{name}.yaml").read_text(encoding="utf-8")
    getattr(formation, f"{change}_stack")(StackName=stack or name, TemplateBody=text, Parameters=given)
    waiter = formation.get_waiter(f"stack_{change}_complete")
    waiter.wait(StackName=stack or name, WaiterConfig=SOON)


def described(aws: EmulatedAws) -> dict[str, Any]:
    table: dict[str, Any] = aws.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    return table


def test_the_table_goes_from_on_demand_to_provisioned_and_back(account: EmulatedAws) -> None:
    assert described(account)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    make(account, "storage", "update", TableMode="provisioned")
    table = described(account)
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    places = [table, *table["GlobalSecondaryIndexes"]]
    reads = [int(place["ProvisionedThroughput"]["ReadCapacityUnits"]) for place in places]
    assert (len(reads), sum(reads)) == (1 + len(INDEXES), 25)
    make(account, "storage", "update", TableMode="on-demand")
    assert described(account)["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_a_key_is_made_only_where_it_seals(account: EmulatedAws) -> None:
    def keys(change: str, sealing: str) -> int:
        make(account, "channels", change, AlarmEmail="artist@example.com", SealWith=sealing)
        resources = account.client("cloudformation").describe_stack_resources(StackName="channels")
        return [each["ResourceType"] for each in resources["StackResources"]].count("AWS::KMS::Key")

    assert [keys("create", "parameter"), keys("update", "kms")] == [0, 1]


def test_a_shop_that_writes_has_an_identity_whose_reports_reach_its_queue(account: EmulatedAws) -> None:
    make(account, "mail")
    resources = account.client("cloudformation").describe_stack_resources(StackName="mail")["StackResources"]
    assert {each["ResourceType"] for each in resources} == {"AWS::SQS::Queue"}
    make(account, "mail", "update", MailIdentity="shop.test")
    topics, queues = account.client("sns"), account.client("sqs")
    (topic,) = [
        each["TopicArn"] for each in topics.list_topics()["Topics"] if "mail-events" in each["TopicArn"]
    ]
    report = json.dumps({"eventType": "Delivery", "mail": {}})
    topics.publish(TopicArn=topic, Message=report)
    address = queues.get_queue_url(QueueName="artshop-mail")["QueueUrl"]
    (message,) = queues.receive_message(QueueUrl=address, WaitTimeSeconds=5)["Messages"]
    said = json.loads(message["Body"])
    # What the reader looks at is there: the message is not delivered raw.
    assert (said["TopicArn"], said["Message"]) == (topic, report)
    identities = account.client("sesv2").list_email_identities()["EmailIdentities"]
    assert [each["IdentityName"] for each in identities] == ["shop.test"]


def test_alarms_are_made_for_a_stage_that_writes_metrics(account: EmulatedAws) -> None:
    def alarms() -> set[str]:
        found = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return {alarm["MetricName"] for alarm in found}

    queue = {"QueueName": "watched", "AlarmEmail": "artist@example.com"}
    make(account, "channels", "create", stack="watched", **queue)
    assert alarms() == set()
    make(account, "channels", "update", stack="watched", **queue, MetricsNamespace="artshop")
    assert {"jobs_failed", "jobs_completed"} < alarms()


def test_the_dashboard_has_the_names_of_the_stage(account: EmulatedAws) -> None:
    make(account, "dashboard", FunctionName="artshop-prod-APIHandler")
    shown = account.client("cloudwatch").get_dashboard(DashboardName="dashboard")["DashboardBody"]
    assert "${" not in shown
    assert "/aws/lambda/artshop-prod-APIHandler" in shown
    assert len(json.loads(shown)["widgets"]) == len(body()["widgets"])


def test_this_month_is_read_off_the_account(account: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    # What was asked before in this process was asked in another account.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("another", "account"))
    # A moment that is of this month at any time but its first two minutes.
    now = datetime.now(UTC)
    at = max(now - timedelta(minutes=2), now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    dimensions = {"TableName": TABLE}
    for metric, number, by in (
        ("ConsumedReadCapacityUnits", 1_000_000, dimensions),
        ("ConsumedReadCapacityUnits", 3_000_000, dimensions | {"GlobalSecondaryIndexName": "GSI2"}),
        ("Invocations", 900_000, {}),
    ):
        datum: Any = {"MetricName": metric, "Value": number, "Timestamp": at}
        datum["Dimensions"] = [{"Name": key, "Value": each} for key, each in by.items()]
        space = "AWS/DynamoDB" if by else "AWS/Lambda"
        account.client("cloudwatch").put_metric_data(Namespace=space, MetricData=[datum])
    assert os.environ["AWS_ENDPOINT_URL"] == account.endpoint
    answer = CliRunner().invoke(cli, ["costs", "--actual", "--json", "--fail-on-warning"])
    lines = {line["name"]: line for line in json.loads(answer.stdout)["lines"]}
    assert lines["read_requests"]["cost_usd"] == pytest.approx(4 * 0.1415)
    assert answer.stderr == "Warning: Lambda invocations: 900,000 of 1,000,000 free ones, 90 %\n"
    assert answer.exit_code == 1

"""Applied, planned again, asked over HTTP, and destroyed: all of it once, and what must hold of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from common.dynamodb import table_definition
from common.dynamodb.lifecycle import EXPIRES_AT
from tests.support.emulated import account_of
from tests.terraform.workspace import VALUES, Workspace, make_workspace, store_secret
from tools.deploy.storefront import storefront_lines
from tools.package.stages import read_stage
from tools.paths import ROOT
from tools.rehearsal.emulator import ACCOUNT, REGION, EmulatedAws, emulated_aws
from tools.rehearsal.rehearse import within
from tools.terraform.uploading import upload_stages

STACK = "artshop-prod"
TABLE = "ArtManagementTable"
# At once: what Terraform does is mostly waiting.
MANY = "-parallelism=30"


@dataclass(frozen=True)
class Cycle:
    """What was seen of one life of the infrastructure."""

    outputs: dict[str, Any]
    table: dict[str, Any]
    queues: dict[str, dict[str, str]]
    functions: list[dict[str, Any]]
    made_by_the_stack: set[str]
    retention: dict[str, int]
    answers: dict[str, Any]
    second_plan: tuple[int, str]
    left: dict[str, list[str]]


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory, whole_shop: Path) -> Cycle:
    """Apply, plan again, ask, destroy."""
    with emulated_aws() as aws:
        store_secret(aws, "/artshop/prod/jwt-secret")
        workspace = make_workspace(tmp_path_factory.mktemp("applied"), aws.endpoint)
        with within(aws.environment):
            upload_stages(["prod"], print, values=workspace.folder / VALUES, folder=whole_shop)
        workspace.run("apply", "-auto-approve", MANY)
        seen = _look(aws, workspace)
        second_plan = workspace.code("plan", "-detailed-exitcode", MANY)
        workspace.run("destroy", "-auto-approve", "-refresh=false", MANY)
        return Cycle(**seen, second_plan=second_plan, left=_left(aws))


def _look(aws: EmulatedAws, workspace: Workspace) -> dict[str, Any]:
    outputs = workspace.outputs()
    stack = aws.client("cloudformation").list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    return {
        "outputs": outputs,
        "table": _describe_table(aws),
        "queues": {name: _describe_queue(aws, name) for name in ("artshop-stock", "artshop-stock-dead")},
        "functions": aws.client("lambda").list_functions()["Functions"],
        "made_by_the_stack": {each["ResourceType"] for each in stack},
        "retention": {group["logGroupName"]: group.get("retentionInDays", 0) for group in groups},
        "answers": {path: _ask(aws, outputs, path) for path in ("/health", "/api/products?limit=1")},
    }


def _describe_table(aws: EmulatedAws) -> dict[str, Any]:
    tables = aws.client("dynamodb")
    table: dict[str, Any] = tables.describe_table(TableName=TABLE)["Table"]
    expiry = tables.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    backups = tables.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
    return table | {"Expiry": expiry, "Recovery": backups["PointInTimeRecoveryDescription"]}


def _describe_queue(aws: EmulatedAws, name: str) -> dict[str, str]:
    queues = aws.client("sqs")
    url = queues.get_queue_url(QueueName=name)["QueueUrl"]
    attributes: dict[str, str] = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
        "Attributes"
    ]
    return attributes


def _ask(aws: EmulatedAws, outputs: dict[str, Any], path: str) -> dict[str, Any]:
    """The answer of the deployed API, whose host on AWS is a path of the emulator."""
    url = account_of(aws).reachable(outputs["api_endpoint"])
    content: dict[str, Any] = requests.get(f"{url}{path}", timeout=60).json()
    return content


def _left(aws: EmulatedAws) -> dict[str, list[str]]:
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    return {
        "tables": aws.client("dynamodb").list_tables()["TableNames"],
        "queues": aws.client("sqs").list_queues().get("QueueUrls", []),
        "functions": [each["FunctionName"] for each in aws.client("lambda").list_functions()["Functions"]],
        "roles": [each["RoleName"] for each in aws.client("iam").list_roles()["Roles"]],
        "stacks": [each["StackName"] for each in stacks],
        "buckets": [each["Name"] for each in aws.client("s3").list_buckets()["Buckets"]],
    }


def test_what_is_applied_needs_no_change(cycle: Cycle) -> None:
    code, text = cycle.second_plan
    assert (code, "No changes" in text) == (0, True), text


def test_the_deployed_api_answers_with_the_rights_of_its_role(cycle: Cycle) -> None:
    assert cycle.answers["/health"]["status"] == "healthy"
    assert cycle.answers["/api/products?limit=1"]["products"] == []


def test_functions_have_the_role_and_the_log_groups_that_terraform_makes(cycle: Cycle) -> None:
    assert {each["Role"].rpartition("/")[2] for each in cycle.functions} == {f"{STACK}-functions"}
    assert not cycle.made_by_the_stack & {"AWS::IAM::Role", "AWS::Logs::LogGroup"}
    expected = {f"/aws/lambda/{each['FunctionName']}": 30 for each in cycle.functions}
    assert {name: cycle.retention.get(name) for name in expected} == expected


def test_the_table_is_the_one_that_the_code_expects(cycle: Cycle) -> None:
    expected = table_definition(TABLE)
    assert cycle.table["KeySchema"] == expected["KeySchema"]
    assert sorted(map(str, cycle.table["AttributeDefinitions"])) == sorted(
        map(str, expected["AttributeDefinitions"])
    )
    indexes = {
        each["IndexName"]: (each["KeySchema"], each["Projection"])
        for each in cycle.table["GlobalSecondaryIndexes"]
    }
    wanted = expected["GlobalSecondaryIndexes"]
    assert indexes == {each["IndexName"]: (each["KeySchema"], each["Projection"]) for each in wanted}
    assert cycle.table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert (cycle.table["Expiry"]["AttributeName"], cycle.table["Expiry"]["TimeToLiveStatus"]) == (
        EXPIRES_AT,
        "ENABLED",
    )
    assert cycle.table["Recovery"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_queues_are_those_of_the_template(cycle: Cycle) -> None:
    stock, dead = cycle.queues["artshop-stock"], cycle.queues["artshop-stock-dead"]
    assert (stock["VisibilityTimeout"], stock["MessageRetentionPeriod"]) == ("720", "345600")
    redrive = json.loads(stock["RedrivePolicy"])
    assert (redrive["deadLetterTargetArn"], int(redrive["maxReceiveCount"])) == (dead["QueueArn"], 5)
    assert (dead["VisibilityTimeout"], dead["MessageRetentionPeriod"]) == ("360", "1209600")


def test_the_storefront_is_told_where_to_ask(cycle: Cycle) -> None:
    url = cycle.outputs["api_endpoint"]
    assert url.endswith(f".lambda-url.{REGION}.on.aws")
    lines = cycle.outputs["storefront_environment"].splitlines()
    assert sorted(lines) == sorted(storefront_lines(read_stage(ROOT, "prod").domains, url))
    assert (cycle.outputs["table_name"], cycle.outputs["bucket_name"]) == (TABLE, "artshop-media")
    assert cycle.outputs["media_base_url"].startswith("https://")


def test_destroying_leaves_the_pictures_and_nothing_else(cycle: Cycle) -> None:
    # The packages are no part of it either.
    deployments = f"artshop-deployments-{ACCOUNT}-{REGION}"
    kept = {"buckets": [deployments, "artshop-media"], "stacks": ["artshop-deployment"]}
    assert {name: sorted(names) for name, names in cycle.left.items() if names} == kept

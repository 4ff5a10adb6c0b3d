"""`artshop deploy` on emulated AWS: the first time, again, in vain, killed, two at once, and back."""

import json
import re
import signal
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
import requests

from tests.rehearsal.conftest import STACK, STAGE, Rehearsal, broken_release, other_release
from tools.deploy.changes import messages_in
from tools.deploy.run import deploy
from tools.errors import ToolError
from tools.package.build import TEMPLATE
from tools.rehearsal.emulator import account_environment

LONGEST_DOWNTIME_S = 60
OTHER_ACCOUNT = "999988887777"


def test_a_stage_is_deployed_and_the_second_run_changes_nothing(deployed: Rehearsal) -> None:
    assert set(deployed.stacks().values()) == {"CREATE_COMPLETE"}
    assert requests.get(f"{deployed.url}/health", timeout=20).json()["status"] == "healthy"
    again = deployed.deploy()
    assert again.returncode == 0, again.stdout + again.stderr
    assert "No changes: release 1 serves." in again.stdout
    assert again.stdout.count(": no changes") >= len(deployed.stacks()) - 1
    assert f"NEXT_PUBLIC_API_URL={deployed.url}" in again.stdout
    (line,) = deployed.releases()
    assert line.startswith("*     1 ")
    bucket = deployed.deployment.stage.environment["S3_BUCKET_NAME"]
    document = deployed.aws.client("s3").get_object(Bucket=bucket, Key="docs/openapi.json")
    assert json.loads(document["Body"].read())["servers"] == [{"url": deployed.url}]


def test_stacks_with_data_cannot_be_deleted(deployed: Rehearsal) -> None:
    found = deployed.aws.client("cloudformation").describe_stacks()["Stacks"]
    protected = {each["StackName"] for each in found if each["EnableTerminationProtection"]}
    assert protected == {"artshop-deployment", f"{STACK}-storage", f"{STACK}-channels", f"{STACK}-mail"}


def test_a_release_that_does_not_start_goes_back_by_itself(deployed: Rehearsal, tmp_path: Path) -> None:
    url = deployed.url
    failed = deployed.deploy(package=broken_release(deployed.package, tmp_path / "broken"))
    assert failed.returncode == 1
    assert "does not serve: GET /health" in failed.stderr
    assert "Release 1 serves again." in failed.stderr
    measured = re.search(r"did not answer for ([\d.]+) s", failed.stderr)
    assert measured
    assert 0 < float(measured[1]) < LONGEST_DOWNTIME_S
    assert requests.get(f"{url}/health", timeout=20).json()["status"] == "healthy"
    assert [line[0] for line in deployed.releases()] == ["*"]


def impossible_release(package: Path, folder: Path) -> Path:
    """A package whose template has an alarm on nothing, which shows when it is made."""
    other_release(package, folder)
    template = json.loads((folder / TEMPLATE).read_text())
    alarm = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 0}
    template["Resources"]["Impossible"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}
    (folder / TEMPLATE).write_text(json.dumps(template))
    return folder


def test_a_template_that_cannot_be_made_leaves_the_old_release(deployed: Rehearsal, tmp_path: Path) -> None:
    failed = deployed.deploy(package=impossible_release(deployed.package, tmp_path / "impossible"))
    assert failed.returncode == 1
    assert "Impossible" in failed.stderr
    assert "the release before serves as it did" in failed.stderr
    assert deployed.stacks()[STACK] == "UPDATE_ROLLBACK_COMPLETE"
    assert requests.get(f"{deployed.url}/health", timeout=20).status_code == 200
    again = deployed.deploy()
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_first_creation_that_failed_is_deleted_and_made_again(account: Rehearsal, tmp_path: Path) -> None:
    failed = account.deploy(package=impossible_release(account.package, tmp_path / "impossible"))
    assert failed.returncode == 1
    assert "nothing serves" in failed.stderr
    again = account.deploy()
    assert again.returncode == 0, again.stdout + again.stderr
    assert "is deleted first" in again.stdout


@pytest.mark.parametrize("word", ["What changes:", "uploaded the zip", "UPDATE_COMPLETE", "probed:"])
def test_killed_in_the_middle_and_run_again_it_completes(
    deployed: Rehearsal, tmp_path: Path, word: str
) -> None:
    package = other_release(deployed.package, tmp_path / "second")
    with deployed.deploying(package) as running:
        running.read_until(word)
        running.send(signal.SIGKILL)
        running.wait()
    again = deployed.deploy(package=package)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Release 2 serves." in again.stdout
    assert deployed.releases()[0].startswith("*     2 ")


def test_killed_behind_a_broken_release_and_run_again_it_goes_back(
    deployed: Rehearsal, tmp_path: Path
) -> None:
    package = broken_release(deployed.package, tmp_path / "broken")
    with deployed.deploying(package) as running:
        running.read_until(f"UPDATE_COMPLETE              AWS::CloudFormation::Stack {STACK}")
        running.send(signal.SIGKILL)
        running.wait()
    again = deployed.deploy(package=package)
    assert again.returncode == 1
    assert "Release 1 serves again." in again.stderr
    assert requests.get(f"{deployed.url}/health", timeout=20).status_code == 200


def test_a_change_that_would_take_the_table_away_is_refused(deployed: Rehearsal) -> None:
    deployment, before = deployed.deployment, deployed.stacks()
    names = deployment.stage.environment | {"DYNAMODB_TABLE_NAME": "Another"}
    other = replace(deployment, stage=replace(deployment.stage, environment=names))
    with pytest.raises(ToolError, match=f"data would go with {STACK}-storage") as refused:
        deploy(other, deployed.package, lambda _: True)
    assert "Table (" in str(refused.value)
    assert deployed.stacks() == before


def test_of_two_at_once_one_refuses_and_says_who_deploys(deployed: Rehearsal, tmp_path: Path) -> None:
    package = other_release(deployed.package, tmp_path / "second")
    with deployed.deploying(package) as first:
        first.read_until("What changes:")
        first.send(signal.SIGSTOP)
        second = deployed.deploy(package=package, USER="anna")
        first.send(signal.SIGCONT)
        first.read_until("In the storefront's environment:")
        assert first.wait() == 0
    assert second.returncode == 1
    assert re.search(r"\w+ on \S+ has been deploying this stack since \d{4}-\d\d-\d\dT", second.stderr)
    assert "UPDATE" not in second.stdout
    assert deployed.releases()[0].startswith("*     2 ")


def test_back_leads_to_the_release_before_and_to_any(deployed: Rehearsal, tmp_path: Path) -> None:
    second = deployed.deploy(package=other_release(deployed.package, tmp_path / "second"))
    assert second.returncode == 0, second.stderr
    back = deployed.deploy("--back", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    assert "Release 1 serves." in back.stdout
    assert [line[0] for line in deployed.releases()] == [" ", "*"]
    assert deployed.deploy("--back", "--yes").returncode == 1
    assert deployed.deploy("--back", "--to", "2", "--yes").returncode == 0
    assert [line[0] for line in deployed.releases()] == ["*", " "]


def test_a_dry_run_shows_everything_and_changes_nothing(deployed: Rehearsal, tmp_path: Path) -> None:
    package = other_release(deployed.package, tmp_path / "second")
    before = deployed.stacks()
    dry = deployed.deploy("--dry-run", package=package)
    assert dry.returncode == 0, dry.stderr
    assert re.search(r"modify +AWS::Lambda::Function +APIHandler", dry.stdout)
    assert "nothing was changed" in dry.stdout
    assert deployed.stacks() == before
    assert len(deployed.releases()) == 1


def test_nothing_is_begun_where_nobody_can_be_asked(account: Rehearsal) -> None:
    asked = account.deploy("--package", str(account.package))
    assert asked.returncode == 1
    assert "--yes" in asked.stderr
    assert account.stacks() == {}


def test_missing_secrets_are_named_with_what_stores_them(account: Rehearsal) -> None:
    names = [f"/artshop/{STAGE}/jwt-secret", f"/artshop/{STAGE}/admin-password-hash"]
    account.aws.client("ssm").delete_parameters(Names=names)
    refused = account.deploy()
    assert refused.returncode == 1
    for name in names:
        assert f"aws ssm put-parameter --type SecureString --name {name}" in refused.stderr
    assert "etsy" not in refused.stderr
    assert account.stacks() == {}


@pytest.mark.parametrize("bucket", [f"artshop-media-{STAGE}", "artshop-deployments-111122223333-eu-west-1"])
def test_a_bucket_of_another_account_is_named(account: Rehearsal, bucket: str) -> None:
    other = account_environment(account.aws.endpoint, OTHER_ACCOUNT)
    session = boto3.Session(OTHER_ACCOUNT, other["AWS_SECRET_ACCESS_KEY"], region_name="eu-west-1")
    place = {"LocationConstraint": "eu-west-1"}
    theirs = session.client("s3", endpoint_url=account.aws.endpoint)
    theirs.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)  # type: ignore[arg-type]
    refused = account.deploy()
    assert refused.returncode == 1
    assert f"The bucket {bucket} belongs to another account" in refused.stderr
    assert account.stacks() == {}


def test_rights_that_are_missing_are_named(account: Rehearsal) -> None:
    iam = account.aws.client("iam")
    iam.create_user(UserName="anna")
    statement = '{"Effect":"Allow","Action":["s3:*","ssm:*","iam:Simulate*","lambda:*"],"Resource":"*"}'
    iam.put_user_policy(
        UserName="anna",
        PolicyName="some",
        PolicyDocument=f'{{"Version":"2012-10-17","Statement":[{statement}]}}',
    )
    key = iam.create_access_key(UserName="anna")["AccessKey"]
    refused = account.deploy(
        AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"]
    )
    assert refused.returncode == 1
    assert "no right to cloudformation:CreateChangeSet" in refused.stderr
    assert "no right to s3:PutObject" not in refused.stderr
    assert account.stacks() == {}


def test_a_queue_s_messages_are_counted(deployed: Rehearsal) -> None:
    queues = deployed.aws.client("sqs")
    address = queues.get_queue_url(QueueName=f"artshop-stock-{STAGE}-dead")["QueueUrl"]
    assert messages_in(deployed.deployment.account, address) == 0
    queues.send_message(QueueUrl=address, MessageBody="waits")
    assert messages_in(deployed.deployment.account, address) == 1

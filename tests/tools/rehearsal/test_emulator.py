"""Emulated AWS: what it lets a function see, what it does as AWS does, and that nothing of it stays."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tools.engines.ministack import end_leftover
from tools.paths import ROOT
from tools.rehearsal.emulator import ACCOUNT, EmulatedAws, emulated_aws, server_environment

pytestmark = pytest.mark.exhaustive

ABANDON = """
import os
from tools.rehearsal.emulator import emulated_aws
with emulated_aws() as aws:
    print(aws.engine.data, flush=True)
    os.kill(os.getpid(), 9)
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
DOCUMENT: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "shop", "version": "1"},
    "x-amazon-apigateway-binary-media-types": ["image/png"],
    "x-amazon-apigateway-gateway-responses": {
        "MISSING_AUTHENTICATION_TOKEN": {
            "statusCode": "404",
            "responseTemplates": {"application/json": '{"error":"Not found"}'},
        }
    },
    "paths": {"/health": {"get": {"x-amazon-apigateway-integration": {"type": "mock"}}}},
}


@pytest.fixture(scope="module")
def emulated() -> Iterator[EmulatedAws]:
    with emulated_aws() as aws:
        yield aws


def run_function(aws: EmulatedAws, name: str, source: str, actions: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a function of this source, which may do these things, answers."""
    iam, functions = aws.client("iam"), aws.client("lambda")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", source)
    functions.create_function(
        FunctionName=name,
        Runtime=f"python3.{sys.version_info.minor}",
        Role=role,
        Handler="main.run",
        Code={"ZipFile": packed.getvalue()},
    )
    answer: dict[str, Any] = json.loads(functions.invoke(FunctionName=name)["Payload"].read())
    return answer


def stack(aws: EmulatedAws, resources: dict[str, Any], **more: Any) -> dict[str, str]:
    """The physical ids of a stack made of these, created or updated."""
    formation = aws.client("cloudformation")
    known = {each["StackName"] for each in formation.describe_stacks()["Stacks"]}
    call, waiter = ("update_stack", "update") if "tried" in known else ("create_stack", "create")
    body = json.dumps({"Resources": resources, **more})
    getattr(formation, call)(StackName="tried", TemplateBody=body)
    settings = {"Delay": 0.1, "MaxAttempts": 100}
    formation.get_waiter(f"stack_{waiter}_complete").wait(StackName="tried", WaiterConfig=settings)
    found = formation.describe_stack_resources(StackName="tried")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def test_a_function_sees_its_zip_and_the_runtime_but_nothing_installed_here(emulated: EmulatedAws) -> None:
    source = """
import importlib.util
def run(event, context):
    names = ("boto3", "json", "main", "click", "chalice", "pytest", "common", "tools")
    return {name: importlib.util.find_spec(name) is not None for name in names}
"""
    seen = run_function(emulated, "sees", source)
    assert [name for name, found in seen.items() if found] == ["boto3", "json", "main"]


def test_a_function_may_do_what_its_role_may_and_nothing_else(emulated: EmulatedAws) -> None:
    source = """
import boto3
def run(event, context):
    table = boto3.client("dynamodb").list_tables()["TableNames"]
    try:
        boto3.client("sqs").list_queues()
    except Exception as error:
        return [table, error.response["Error"]["Code"]]
"""
    answer: Any = run_function(emulated, "may", source, ("dynamodb:ListTables",))
    assert answer == [[], "AccessDenied"]


def test_an_api_answers_with_the_errors_of_its_document(emulated: EmulatedAws) -> None:
    apis = emulated.client("apigateway")
    made = stack(emulated, {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": DOCUMENT}}})
    api = apis.get_rest_api(restApiId=made["Api"])
    assert api["binaryMediaTypes"] == ["image/png"]
    own = apis.get_gateway_response(restApiId=made["Api"], responseType="MISSING_AUTHENTICATION_TOKEN")
    assert (own["statusCode"], own["defaultResponse"]) == ("404", False)

    paths = {"/other": DOCUMENT["paths"]["/health"]}
    changed = DOCUMENT | {"paths": paths, "x-amazon-apigateway-gateway-responses": {}}
    again = stack(emulated, {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": changed}}})
    assert again["Api"] == made["Api"]
    assert {each["path"] for each in apis.get_resources(restApiId=made["Api"])["items"]} == {"/", "/other"}
    own = apis.get_gateway_response(restApiId=made["Api"], responseType="MISSING_AUTHENTICATION_TOKEN")
    assert own["defaultResponse"] is True


def test_an_alarm_on_several_metrics_is_kept_as_it_is_written() -> None:
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Errors"}
    metrics = [
        {"Id": "all", "Expression": "SUM(METRICS())", "ReturnData": True},
        {"Id": "one", "ReturnData": False, "MetricStat": {"Stat": "Sum", "Period": 300, "Metric": metric}},
    ]
    alarm = {
        "Metrics": metrics,
        "EvaluationPeriods": 1,
        "Threshold": 3,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    with emulated_aws() as aws:
        stack(aws, {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}})
        (kept,) = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert kept["Threshold"] == 3


def test_a_bucket_that_demands_tls_takes_calls_on_this_machine(emulated: EmulatedAws) -> None:
    buckets = emulated.client("s3")
    place = {"LocationConstraint": buckets.meta.region_name}
    buckets.create_bucket(Bucket="demanding", CreateBucketConfiguration=place)
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": plain}
    resources = ["arn:aws:s3:::demanding", "arn:aws:s3:::demanding/*"]
    policy = {"Version": "2012-10-17", "Statement": [statement | {"Resource": resources}]}
    buckets.put_bucket_policy(Bucket="demanding", Policy=json.dumps(policy))
    buckets.put_object(Bucket="demanding", Key="a", Body=b"1")
    assert buckets.get_object(Bucket="demanding", Key="a")["Body"].read() == b"1"


def test_two_emulators_know_nothing_of_each_other(emulated: EmulatedAws) -> None:
    with emulated_aws() as other:
        assert other.endpoint != emulated.endpoint
        other.client("sqs").create_queue(QueueName="of-the-other")
        with pytest.raises(ClientError, match="NonExistentQueue"):
            emulated.client("sqs").get_queue_url(QueueName="of-the-other")
    assert not other.engine.data.exists()


def test_an_emulator_ends_with_a_starter_that_is_killed() -> None:
    starter = subprocess.run(
        [sys.executable, "-c", ABANDON], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert starter.returncode == -signal.SIGKILL
    data = Path(starter.stdout.strip())
    end_leftover(data)
    # It is removed as its process ends, which is asked to and not waited for here.
    deadline = time.monotonic() + 10
    while data.exists() and time.monotonic() < deadline:
        pass
    assert not data.exists()


def test_the_caller_s_account_and_python_stay_outside(tmp_path: Path) -> None:
    outer = {"PATH": os.defpath, "PYTHONPATH": "here", "AWS_PROFILE": "mine", "JWT_SECRET": "s"}
    seen = server_environment(tmp_path, outer)
    assert seen["PATH"] == os.defpath
    assert not seen.keys() & {"PYTHONPATH", "AWS_PROFILE", "JWT_SECRET"}


def test_the_account_is_the_one_of_its_environment(emulated: EmulatedAws) -> None:
    assert emulated.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert emulated.environment["AWS_ENDPOINT_URL"] == emulated.endpoint

"""What is added to functions besides the API."""

from typing import Any

from tools.package.functions import complete_functions
from tools.package.stages import Stage

STAGE = Stage("etsy-sync-dev", ("etsy_sync",), {"STOCK_QUEUE_NAME": "stock-dev"})


def function(role: str, **events: Any) -> dict[str, Any]:
    """A function as Chalice describes it."""
    properties: dict[str, Any] = {
        "Role": {"Fn::GetAtt": [role, "Arn"]},
        "Environment": {"Variables": {"A": "1"}},
    }
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": properties | ({"Events": events} if events else {}),
    }


def resources() -> dict[str, Any]:
    return {
        "APIHandler": function("ApiHandlerRole"),
        "ApiHandlerRole": {"Type": "AWS::IAM::Role"},
        "Job": function("JobRole", Rate={"Type": "Schedule", "Properties": {}}),
        "JobRole": {"Type": "AWS::IAM::Role"},
        "Reader": function("ReaderRole", Queue={"Type": "SQS", "Properties": {"BatchSize": 10}}),
        "ReaderRole": {"Type": "AWS::IAM::Role"},
    }


def completed(stage: Stage = STAGE) -> dict[str, Any]:
    made = resources()
    complete_functions(made, stage)
    return made


def test_a_batch_fails_message_by_message() -> None:
    (event,) = completed()["Reader"]["Properties"]["Events"].values()
    assert event["Properties"] == {"BatchSize": 10, "FunctionResponseTypes": ["ReportBatchItemFailures"]}


def test_a_job_is_not_repeated_beside_its_next_run() -> None:
    made = completed()
    assert made["Job"]["Properties"]["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}
    assert "EventInvokeConfig" not in made["Reader"]["Properties"]


def test_all_functions_share_the_role_of_the_api() -> None:
    made = completed()
    assert set(made) == {"APIHandler", "ApiHandlerRole", "Job", "Reader"}
    assert {
        each["Properties"]["Role"]["Fn::GetAtt"][0] for each in made.values() if "Properties" in each
    } == {"ApiHandlerRole"}


def test_names_are_known_before_deployment() -> None:
    made = completed()
    assert made["Job"]["Properties"]["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-Job"}
    assert made["APIHandler"]["Properties"]["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-APIHandler"}


def test_the_queue_is_that_of_the_account_and_the_stage() -> None:
    address = "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/stock-dev"
    for name in ("APIHandler", "Job", "Reader"):
        variables = completed()[name]["Properties"]["Environment"]["Variables"]
        assert variables == {"A": "1", "STOCK_QUEUE_URL": {"Fn::Sub": address}}


def test_a_stage_without_a_queue_gets_none() -> None:
    made = completed(Stage("content-dev", ("content",), {}))
    assert made["APIHandler"]["Properties"]["Environment"]["Variables"] == {"A": "1"}

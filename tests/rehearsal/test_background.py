"""What runs without a request on a deployed stage: the queues' readers, and the jobs by their schedules."""

import json
import time
from typing import Any

import pytest

from tests.rehearsal.conftest import STACK, STAGE, Rehearsal

# Each queue with a message that there is nothing to do for, and its reader.
QUEUES = (
    (f"artshop-stock-{STAGE}", {"sku": "SKU-OF-NOBODY"}, "TellChannels"),
    (f"artshop-mail-{STAGE}", {"mail": "of-nobody"}, "SendMails"),
)
LONGEST_S = 60
# What EventBridge hands to the target of a rule with a rate.
TICK = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "111122223333",
    "time": "2026-11-30T10:00:00Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {},
}


def waiting(queues: Any, address: str) -> int:
    """Messages of a queue, those being worked on among them."""
    found = queues.get_queue_attributes(QueueUrl=address, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])


def logged(rehearsal: Rehearsal, function: str) -> str:
    """All that a function has logged."""
    logs = rehearsal.aws.client("logs")
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{STACK}-{function}")["events"]
    return "\n".join(event["message"] for event in events)


@pytest.mark.parametrize(("queue", "body", "reader"), QUEUES)
def test_a_message_of_a_queue_is_worked_off_by_its_reader(
    serving: Rehearsal, queue: str, body: dict[str, str], reader: str
) -> None:
    queues = serving.aws.client("sqs")
    address = queues.get_queue_url(QueueName=queue)["QueueUrl"]
    queues.send_message(QueueUrl=address, MessageBody=json.dumps(body))
    deadline = time.monotonic() + LONGEST_S
    while waiting(queues, address) and time.monotonic() < deadline:
        pass
    assert waiting(queues, address) == 0
    assert waiting(queues, queues.get_queue_url(QueueName=f"{queue}-dead")["QueueUrl"]) == 0
    assert "START RequestId" in logged(serving, reader)


def targets(rehearsal: Rehearsal) -> dict[str, str]:
    """The functions that schedules start, each with its rate."""
    events = rehearsal.aws.client("events")
    found = {}
    for rule in events.list_rules()["Rules"]:
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            found[target["Arn"].rpartition(":")[2]] = rule["ScheduleExpression"]
    return found


def test_each_job_runs_as_its_schedule_starts_it(serving: Rehearsal) -> None:
    functions = serving.aws.client("lambda")
    scheduled = targets(serving)
    assert scheduled[f"{STACK}-CancelUnpaidOrders"] == "rate(10 minutes)"
    assert len(scheduled) >= 8
    for name in scheduled:
        policy = functions.get_policy(FunctionName=name)["Policy"]
        assert "events.amazonaws.com" in policy
        answer = functions.invoke(FunctionName=name, Payload=json.dumps(TICK))
        assert "FunctionError" not in answer, (name, answer["Payload"].read())


@pytest.mark.parametrize("function", ["CancelUnpaidOrders", "TellChannels", "SendMails", "SendWaitingMails"])
def test_functions_have_the_names_that_alarms_and_logs_know(serving: Rehearsal, function: str) -> None:
    found = serving.aws.client("lambda").get_function(FunctionName=f"{STACK}-{function}")["Configuration"]
    groups = serving.aws.client("logs").describe_log_groups()["logGroups"]
    (group,) = [each for each in groups if each["logGroupName"] == f"/aws/lambda/{found['FunctionName']}"]
    assert group["retentionInDays"] == 30

"""The queues, the key and the alarms of the sync fit what the code and the stages expect."""

import json
import re
from datetime import timedelta
from typing import Any

import yaml

from catalog import creators_job
from etsy_sync import lambdas
from etsy_sync.schedules import SCHEDULES
from orders import unpaid
from shop.analytics import job as analytics
from shop.mail import job as mails
from tools import queues
from tools.paths import ROOT

CHANNELS: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "channels.yaml").read_text())
RESOURCES: dict[str, Any] = CHANNELS["Resources"]
STOCK: dict[str, Any] = RESOURCES["Stock"]["Properties"]
DEAD: dict[str, Any] = RESOURCES["DeadLetters"]["Properties"]
CONFIG: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text())
ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"].endswith("::Alarm")}


def timeout(function: str) -> int:
    return int(CONFIG["lambda_functions"][function]["lambda_timeout"])


def test_a_message_stays_hidden_for_six_times_what_its_reader_may_take() -> None:
    assert STOCK["VisibilityTimeout"] == 6 * timeout("tell_channels")
    assert DEAD["VisibilityTimeout"] == 6 * timeout("sync_undelivered")


def test_what_fails_five_times_is_kept_for_14_days() -> None:
    assert STOCK["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
        "maxReceiveCount": queues.RECEIVES,
    }
    assert DEAD["MessageRetentionPeriod"] == queues.KEPT_S == 14 * 86_400


def test_the_names_are_those_of_the_stages() -> None:
    given = CHANNELS["Parameters"]
    variables = CONFIG["stages"]["etsy-sync-prod"]["environment_variables"]
    assert given["TableName"]["Default"] == variables["DYNAMODB_TABLE_NAME"]
    assert given["QueueName"]["Default"] == variables["STOCK_QUEUE_NAME"] == lambdas.QUEUE
    tokens = next(
        each
        for each in json.loads((ROOT / ".chalice" / "policies" / "etsy_sync.json").read_text())["Statement"]
        if each["Sid"] == "Tokens"
    )
    condition = tokens["Condition"]["ForAnyValue:StringEquals"]
    assert given["KeyAlias"]["Default"] == condition["kms:ResourceAliases"]
    assert DEAD["QueueName"] == {"Fn::Sub": "${QueueName}-dead"}


def test_the_key_costs_nothing_where_nobody_wants_it_and_outlives_its_stack() -> None:
    key, alias = RESOURCES["Tokens"], RESOURCES["TokensAlias"]
    assert CHANNELS["Conditions"]["WithKey"] == {"Fn::Equals": [{"Ref": "SealWith"}, "kms"]}
    assert CHANNELS["Parameters"]["SealWith"]["Default"] == "parameter"
    for each in (key, alias, CHANNELS["Outputs"]["KeyArn"]):
        assert each["Condition"] == "WithKey"
    for each in (key, alias):
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert key["Properties"]["EnableKeyRotation"] is True


def test_old_messages_and_dead_letters_are_told() -> None:
    watched = {(each.get("MetricName"), json.dumps(each.get("Dimensions"))) for each in ALARMS.values()}
    assert any(name == "ApproximateAgeOfOldestMessage" and "Stock" in about for name, about in watched)
    depth = "ApproximateNumberOfMessagesVisible"
    assert any(name == depth and "DeadLetters" in about for name, about in watched)


def test_a_job_that_runs_more_often_than_it_is_waited_for_cannot_be_missed() -> None:
    """Three runs may be late or fail before somebody is told that all have stopped."""
    quickest = min(
        timedelta(minutes=int(rate[1]))
        for rate in (re.fullmatch(r"rate\((\d+) minutes\)", text) for text in SCHEDULES.values())
        if rate
    )
    assert 3 * quickest <= timedelta(seconds=ALARMS["SyncStopped"]["Period"])


def test_failures_of_all_jobs_are_added_up() -> None:
    alarm = ALARMS["JobsFailed"]
    assert (alarm["MetricName"], alarm["Statistic"]) == ("jobs_failed", "Sum")
    assert [each["Name"] for each in alarm["Dimensions"]] == ["shop"]


def test_what_the_job_empties_every_hour_may_lie_for_an_hour() -> None:
    alarm = ALARMS["DeadLettersWaiting"]
    assert SCHEDULES["undelivered"] == "rate(1 hour)"
    assert (alarm["Statistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("Minimum", 3600, 2)


def test_every_function_has_limits_of_its_own() -> None:
    assert set(CONFIG["lambda_functions"]) == {
        *(f"sync_{name}" for name in SCHEDULES),
        "tell_channels",
        "cancel_unpaid_orders",
        "summarise_analytics",
        "send_mails",
        "send_waiting_mails",
        "follow_creators",
        "write_catalogue_snapshot",
    }
    assert all(60 <= timeout(name) <= 900 for name in CONFIG["lambda_functions"])
    # It ends by itself before that.
    assert timeout("cancel_unpaid_orders") - 30 >= unpaid.SECONDS
    assert timeout("summarise_analytics") - 30 >= analytics.SECONDS
    assert timeout("follow_creators") - 30 >= creators_job.SECONDS
    assert timeout("send_waiting_mails") - 30 >= mails.SECONDS
    # A job that runs every five minutes must be over when the next one begins.
    assert timeout("sync_receipts") <= 300
    assert timeout("send_waiting_mails") <= 300
    assert timeout("sync_orders") <= 300

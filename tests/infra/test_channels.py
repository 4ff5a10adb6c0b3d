"""The queues, the key and the alarms of the sync fit what the code and the stages expect."""

import json
from typing import Any

import yaml

from etsy_sync import lambdas
from etsy_sync.schedules import SCHEDULES
from orders import unpaid
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
    assert DEAD["VisibilityTimeout"] == 6 * timeout("report_dead_letters")


def test_what_fails_five_times_is_kept_for_14_days() -> None:
    assert STOCK["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
        "maxReceiveCount": queues.RECEIVES,
    }
    assert DEAD["MessageRetentionPeriod"] == queues.KEPT_S == 14 * 86_400


def test_the_names_are_those_of_the_stages() -> None:
    given = CHANNELS["Parameters"]
    variables = CONFIG["stages"]["etsy-sync-prod"]["environment_variables"]
    assert given["QueueName"]["Default"] == variables["STOCK_QUEUE_NAME"] == lambdas.QUEUE
    assert given["KeyAlias"]["Default"] == variables["TOKEN_KMS_KEY_ID"]
    assert DEAD["QueueName"] == {"Fn::Sub": "${QueueName}-dead"}


def test_the_key_outlives_its_stack() -> None:
    key = RESOURCES["Tokens"]
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert key["Properties"]["EnableKeyRotation"] is True


def test_old_messages_and_dead_letters_are_told() -> None:
    watched = {(each.get("MetricName"), json.dumps(each.get("Dimensions"))) for each in ALARMS.values()}
    assert any(name == "ApproximateAgeOfOldestMessage" and "Stock" in about for name, about in watched)
    depth = "ApproximateNumberOfMessagesVisible"
    assert any(name == depth and "DeadLetters" in about for name, about in watched)
    assert all(alarm["AlarmActions"] == [{"Ref": "Topic"}] for alarm in ALARMS.values())


def test_the_errors_of_every_function_are_told() -> None:
    metrics = [
        each["MetricStat"]["Metric"] for each in ALARMS["JobErrors"]["Metrics"] if "MetricStat" in each
    ]
    names = {metric["Dimensions"][0]["Value"]["Fn::Sub"] for metric in metrics}
    functions = [f"Sync{name.capitalize()}" for name in SCHEDULES]
    assert names == {f"${{SyncStack}}-{name}" for name in [*functions, "TellChannels", "ReportDeadLetters"]}
    # An alarm takes ten metrics, its sum among them.
    assert len(metrics) < 10


def test_every_function_has_limits_of_its_own() -> None:
    assert set(CONFIG["lambda_functions"]) == {
        *(f"sync_{name}" for name in SCHEDULES),
        "tell_channels",
        "report_dead_letters",
        "cancel_unpaid_orders",
    }
    assert all(60 <= timeout(name) <= 900 for name in CONFIG["lambda_functions"])
    # It ends by itself before that.
    assert timeout("cancel_unpaid_orders") - 30 >= unpaid.SECONDS
    # A job that runs every five minutes must be over when the next one begins.
    assert timeout("sync_receipts") <= 300
    assert timeout("sync_orders") <= 300

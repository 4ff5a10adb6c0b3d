"""All alarms: few enough to be free, on metrics that there are, and each with its line in the runbook."""

import re
from typing import Any

import pytest
import yaml

import app
from common.metrics import DOMAIN, METRICS, SHOP
from tools.costs.standing import alarm_metrics
from tools.paths import ROOT

FREE_ALARM_METRICS = 10
TEMPLATES = sorted((ROOT / "infra").glob("*.yaml"))


def alarms() -> dict[str, dict[str, Any]]:
    """The properties of every alarm of every template, by name."""
    found: dict[str, dict[str, Any]] = {}
    for path in TEMPLATES:
        for name, resource in yaml.safe_load(path.read_text())["Resources"].items():
            if resource["Type"] == "AWS::CloudWatch::Alarm":
                assert name not in found
                found[name] = resource["Properties"]
    return found


ALARMS = alarms()
OWN = {name: each for name, each in ALARMS.items() if each["Namespace"] == {"Ref": "MetricsNamespace"}}


def test_all_alarms_together_are_free() -> None:
    assert sum(map(alarm_metrics, ALARMS.values())) <= FREE_ALARM_METRICS


def test_every_alarm_is_told_to_somebody_and_says_what_is_wrong() -> None:
    for alarm in ALARMS.values():
        assert alarm["AlarmActions"] == [{"Ref": "Topic"}]
        assert alarm["AlarmDescription"].endswith(".")


def test_a_stage_that_writes_no_metrics_has_no_alarms() -> None:
    """They would cost, and those that wait for jobs would never be quiet."""
    for path in TEMPLATES:
        template = yaml.safe_load(path.read_text())
        made = [each for each in template["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
        if made:
            assert template["Parameters"]["MetricsNamespace"]["Default"] == ""
            known = {"Fn::Not": [{"Fn::Equals": [{"Ref": "MetricsNamespace"}, ""]}]}
            assert template["Conditions"]["IsWatched"] == known
            assert {each["Condition"] for each in made} == {"IsWatched"}


def test_the_runbook_has_a_line_for_every_alarm_and_for_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## Alarms\n")
    section = rest.partition("\n## ")[0]
    named = re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
    assert sorted(named) == sorted([*ALARMS, "Budget"])


@pytest.mark.parametrize("name", OWN)
def test_an_alarm_of_our_own_metric_asks_for_one_that_is_counted(name: str) -> None:
    alarm = OWN[name]
    metric = METRICS[alarm["MetricName"]]
    assert tuple(each["Name"] for each in alarm["Dimensions"]) == metric.by
    values = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    assert values[SHOP] == {"Ref": "TableName"}
    assert DOMAIN not in values or values[DOMAIN] in app.WITH_FUNCTIONS


def test_jobs_that_stop_in_silence_are_told() -> None:
    waited_for = {
        {each["Name"]: each["Value"] for each in alarm["Dimensions"]}[DOMAIN]
        for alarm in ALARMS.values()
        if alarm["MetricName"] == "jobs_completed" and alarm["TreatMissingData"] == "breaching"
    }
    # What the catalogue's job has to go on with, the list of creators shows.
    # Whoever looks at numbers that nobody has summarised counts them, and tells the administrator.
    assert waited_for == set(app.WITH_FUNCTIONS) - {"shop", "catalog"}


def test_nobody_is_told_of_silence_where_silence_is_well() -> None:
    silent = {name for name, alarm in ALARMS.items() if alarm["TreatMissingData"] == "breaching"}
    assert silent == {"UnpaidOrdersStopped", "SyncStopped"}

"""What CloudWatch accepts as a line with embedded metrics, written down from its specification.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import time
from typing import Any

from jsonschema import Draft202012Validator

UNITS = [
    *("Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"),
    *(f"{size}{what}" for size in ("", "Kilo", "Mega", "Giga", "Tera") for what in ("bytes", "bits")),
]
NAME = {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": r"\S"}
METRIC = {
    "type": "object",
    "required": ["Name"],
    # Members that the specification does not know must not be there.
    "additionalProperties": False,
    "properties": {"Name": NAME, "Unit": {"enum": UNITS}, "StorageResolution": {"enum": [1, 60]}},
}
DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "additionalProperties": False,
    "properties": {
        "Namespace": NAME | {"pattern": r"^(?!AWS/)[0-9A-Za-z.\-_/#:]+$", "maxLength": 255},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "maxItems": 30,
                "uniqueItems": True,
                "items": NAME | {"maxLength": 250},
            },
        },
        "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": METRIC},
    },
}
ROOT = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {"type": "array", "minItems": 1, "items": DIRECTIVE},
            },
        }
    },
}
LARGEST_LINE = 256 * 1024
A_FORTNIGHT_MS, TWO_HOURS_MS = 14 * 86_400_000, 2 * 3_600_000

# Metric, the values of its dimensions.
Reading = tuple[str, tuple[tuple[str, str], ...]]


def read_metrics(line: dict[str, Any]) -> dict[Reading, float]:
    """The numbers that CloudWatch takes out of a line; AssertionError where it would refuse the line."""
    Draft202012Validator(ROOT).validate(line)
    about = line["_aws"]
    now = time.time() * 1000
    assert now - A_FORTNIGHT_MS < about["Timestamp"] < now + TWO_HOURS_MS
    found: dict[Reading, float] = {}
    for directive in about["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = tuple((name, _text(line, name)) for name in names)
            for metric in directive["Metrics"]:
                reading = (metric["Name"], dimensions)
                assert reading not in found, f"{reading} would be counted twice"
                found[reading] = _number(line, metric["Name"])
    return found


def _text(line: dict[str, Any], name: str) -> str:
    value = line[name]
    assert isinstance(value, str)
    assert value.isascii()
    assert 1 <= len(value.strip()) <= 1024
    return value


def _number(line: dict[str, Any], name: str) -> float:
    value = line[name]
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    return float(value)

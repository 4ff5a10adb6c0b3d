"""What is billed for being there: stored rows, provisioned units, metrics, alarms, dashboards."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3 import Session


@dataclass(frozen=True)
class Standing:
    """What the account has; read and write units are those that are provisioned for table and indexes."""

    is_provisioned: bool
    read_units: Decimal
    write_units: Decimal
    stored_bytes: Decimal
    metrics: int
    alarms: int
    dashboards: int


def standing(session: "Session", table: str, namespace: str) -> Standing:
    """What is there of the table, and of metrics in the namespace (empty: none). Raises botocore's errors."""
    described = session.client("dynamodb").describe_table(TableName=table)["Table"]
    places: list[Mapping[str, Any]] = [described, *described.get("GlobalSecondaryIndexes", [])]
    reads, writes = (_units(places, f"{kind}CapacityUnits") for kind in ("Read", "Write"))
    stored = described.get("TableSizeBytes", 0)
    stored += sum(index.get("IndexSizeBytes", 0) for index in places[1:])
    watch = session.client("cloudwatch")
    alarms = _pages(watch, "describe_alarms", "MetricAlarms")
    return Standing(
        is_provisioned=described.get("BillingModeSummary", {}).get("BillingMode") != "PAY_PER_REQUEST",
        read_units=reads,
        write_units=writes,
        stored_bytes=Decimal(stored),
        metrics=len(_pages(watch, "list_metrics", "Metrics", Namespace=namespace)) if namespace else 0,
        alarms=sum(alarm_metrics(alarm) for alarm in alarms),
        dashboards=len(_pages(watch, "list_dashboards", "DashboardEntries")),
    )


def alarm_metrics(alarm: Mapping[str, Any]) -> int:
    """How many metrics AWS bills an alarm for: each one of its metric math, or the one that it has."""
    return sum("MetricStat" in each for each in alarm.get("Metrics", ())) or 1


def _units(places: list[Mapping[str, Any]], name: str) -> Decimal:
    return sum((Decimal(each.get("ProvisionedThroughput", {}).get(name, 0)) for each in places), Decimal(0))


def _pages(client: Any, operation: str, name: str, **parameters: str) -> list[Mapping[str, Any]]:
    pages = client.get_paginator(operation).paginate(**parameters)
    return [each for page in pages for each in page.get(name, [])]

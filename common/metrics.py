"""What a log line tells CloudWatch to count: the embedded metric format, without a library.

CloudWatch reads the numbers out of the line itself, which is written anyway:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from common import config
from common.dynamodb import table_name

SHOP, DOMAIN = "shop", "domain"
"""The dimensions: the name of the shop's table, which all of its stages know; who wrote the line."""

Unit = Literal["Count", "Milliseconds"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that is counted, under the name of the field that holds it in the line.

    CloudWatch bills each metric once for every set of values that its dimensions take: `by` costs.
    """

    name: str
    unit: Unit = "Count"
    by: tuple[str, ...] = (SHOP,)


# Ten are free. What is counted by domain counts once for each domain that has jobs (tests add them up);
# what else one wants to know by domain is in the lines, which have the field, and which the dashboard asks.
METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("requests"),
        Metric("server_errors"),
        Metric("milliseconds", "Milliseconds"),
        Metric("read_units"),
        Metric("write_units"),
        Metric("orders_placed"),
        # By domain, because the jobs of one may stop while those of another go on.
        Metric("jobs_completed", by=(SHOP, DOMAIN)),
        Metric("jobs_partial"),
        Metric("jobs_failed"),
    )
}

_counted: ContextVar["Counter[str] | None"] = ContextVar("counted_metrics", default=None)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Collects what `count` is told within the block, in this thread or task."""
    counts: Counter[str] = Counter()
    token = _counted.set(counts)
    try:
        yield counts
    finally:
        _counted.reset(token)


def count(name: str) -> None:
    """Counts one for the metric `name` in the line of the request that is under way, if one is.

    KeyError when there is no such metric.
    """
    if name not in METRICS:
        raise KeyError(name)
    if (counts := _counted.get()) is not None:
        counts[name] += 1


def embedded(names: Iterable[str]) -> dict[str, Any]:
    """The fields by which a line whose fields have these names tells CloudWatch of those that are metrics.

    Empty where `METRICS_NAMESPACE` is not set, as on a developer's machine.
    """
    namespace = config.setting("METRICS_NAMESPACE")
    if not namespace:
        return {}
    directives = _directives(namespace, tuple(name for name in METRICS if name in set(names)))
    # The moment is the end of the request, in milliseconds since 1970.
    about = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": directives}
    return {"_aws": about, SHOP: table_name()}


@cache
def _directives(namespace: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """One directive for each set of dimensions; the same lines come again and again."""
    dimensions = dict.fromkeys(METRICS[name].by for name in names)
    return [
        {
            "Namespace": namespace,
            "Dimensions": [list(by)],
            "Metrics": [
                {"Name": name, "Unit": METRICS[name].unit} for name in names if METRICS[name].by == by
            ],
        }
        for by in dimensions
    ]

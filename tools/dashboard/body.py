"""What the dashboard shows to whom the shop belongs: sales, speed, failures, and what of AWS is still free.

Names of a stage stand as `${TableName}`, `${QueueName}`, `${FunctionName}`, `${MetricsNamespace}` and
`${Region}`: CloudFormation's Sub and Terraform's templatefile both put in what they are.
"""

from collections.abc import Mapping
from typing import Any

from common.metrics import DOMAIN, METRICS, SHOP
from tools.costs.actual import QUEUE_METRICS
from tools.costs.bill import INDEXES
from tools.costs.prices import prices_of
from tools.costs.traffic import GB, calls_of_visit
from tools.dashboard.widgets import (
    FIVE_MINUTES,
    HOUR,
    Expression,
    Json,
    Metric,
    graph,
    log_table,
    numbers,
    placed,
    text,
)

# Its prices are those of the estimate; another region's differ by a tenth.
PRICES_OF = "eu-west-1"
NAMESPACE = "${MetricsNamespace}"
_INTRODUCTION = (
    "# Your shop, the last 30 days\n"
    f"A visit makes about {calls_of_visit():.0f} requests. Lines called *free* are where AWS begins to ask "
    "for money in a month; what is drawn below them adds up the days that are shown. What an alarm means and "
    "what to do then stands in docs/operations.md."
)


def _sum_of(first: int, last: int) -> str:
    """The sum of metrics by their numbers; one without data, as an index that nobody asks, counts 0."""
    return f"FILL(SUM([{', '.join(f'm{number}' for number in range(first, last + 1))}]), 0)"


# Of the table and its indexes, where their reads come before their writes.
_READS, _WRITES = _sum_of(1, 1 + len(INDEXES)), _sum_of(2 + len(INDEXES), 2 + 2 * len(INDEXES))


def body() -> Mapping[str, Any]:
    """The dashboard's body, with the names of the stage left open."""
    rows = [
        (2, [text(_INTRODUCTION)]),
        (4, [_orders(), _visits(), _failures(), _cost()]),
        (6, [_by_day(), _speed()]),
        (6, [_free_calls(), _free_compute(), _free_queue(), _free_logs()]),
        (6, [_units(), _throttles()]),
        (6, [_jobs(), _waiting()]),
        (6, [_domains()]),
    ]
    return {"start": "-P30D", "periodOverride": "inherit", "widgets": placed(rows)}


def _own(name: str, label: str, stat: str = "Sum", *, shown: bool = True, domain: str = "") -> Metric:
    by = {SHOP: "${TableName}"} | ({DOMAIN: domain} if domain else {})
    if METRICS[name].by != tuple(by):
        raise ValueError(f"{name} is counted by {METRICS[name].by}")
    return Metric(label, NAMESPACE, name, by, stat, shown)


def _table(name: str, label: str, index: str = "", *, shown: bool = True) -> Metric:
    place = {"GlobalSecondaryIndexName": index} if index else {}
    return Metric(label, "AWS/DynamoDB", name, {"TableName": "${TableName}", **place}, shown=shown)


def _places(kind: str) -> list[Metric]:
    name = f"Consumed{kind}CapacityUnits"
    return [_table(name, kind, index, shown=False) for index in ("", *INDEXES)]


def _free(name: str) -> float:
    return float(prices_of(PRICES_OF)[name].free)


def _orders() -> Json:
    return numbers("Orders placed", _own("orders_placed", "orders"))


def _visits() -> Json:
    calls = _own("requests", "requests", shown=False)
    return numbers("Visits, about", calls, Expression("visits", f"m1 / {calls_of_visit():.0f}"))


def _failures() -> Json:
    return numbers(
        "Requests that failed here",
        _own("server_errors", "failed"),
        _own("requests", "requests", shown=False),
        Expression("of 1,000", "1000 * m1 / m2"),
    )


def _cost() -> Json:
    prices = prices_of(PRICES_OF)
    asked = (prices["read_requests"], prices["write_requests"])
    read, write = ((price.usd / price.per).normalize() for price in asked)
    return numbers(
        "Cost of the table on demand, USD",
        *_places("Read"),
        *_places("Write"),
        Expression("USD", f"{_READS} * {read:f} + {_WRITES} * {write:f}"),
    )


def _by_day() -> Json:
    return graph(
        "Requests and orders a day",
        _own("requests", "requests"),
        _own("server_errors", "failed here"),
        _own("orders_placed", "orders"),
        unit="a day",
    )


def _speed() -> Json:
    return graph(
        "How long a request takes",
        _own("milliseconds", "half of them at most", "p50"),
        _own("milliseconds", "19 of 20 at most", "p95"),
        period=HOUR,
        unit="milliseconds",
    )


def _sum_so_far(title: str, formula: str, free: str, unit: str, *metrics: Metric) -> Json:
    amount = _free(free)
    total = Expression("used so far", f"RUNNING_SUM({formula})")
    return graph(title, *metrics, total, lines={f"free: {amount:,.0f}": amount}, unit=unit)


def _free_calls() -> Json:
    calls = Metric("calls", "AWS/Lambda", "Invocations", shown=False)
    return _sum_so_far("Free: Lambda calls", "m1", "lambda_requests", "calls", calls)


def _free_compute() -> Json:
    spent = Metric("milliseconds", "AWS/Lambda", "Duration", shown=False)
    return _sum_so_far("Free: Lambda time at 1,024 MB", "m1 / 1000", "lambda_gb_seconds", "GB-seconds", spent)


def _free_queue() -> Json:
    queue = {"QueueName": "${QueueName}"}
    asked = [Metric(name, "AWS/SQS", name, queue, shown=False) for name in QUEUE_METRICS]
    formula = _sum_of(1, len(asked))
    return _sum_so_far("Free: requests to the queue", formula, "queue_requests", "requests", *asked)


def _free_logs() -> Json:
    written = Metric("bytes", "AWS/Logs", "IncomingBytes", shown=False)
    return _sum_so_far("Free: logs", f"m1 / {GB}", "log_gb", "GB", written)


def _units() -> Json:
    """Units a second, beside those that are free where the table is provisioned."""
    amount = _free("read_capacity")
    return graph(
        "What the table is asked for",
        *_places("Read"),
        *_places("Write"),
        Expression("reads a second", f"{_READS} / {HOUR}"),
        Expression("writes a second", f"{_WRITES} / {HOUR}"),
        period=HOUR,
        lines={f"free: {amount:.0f} of each, where provisioned": amount},
        unit="units a second",
    )


def _throttles() -> Json:
    calls = Metric("calls that Lambda refused", "AWS/Lambda", "Throttles")
    return graph(
        "Refused for their number",
        _table("ReadThrottleEvents", "reads of the table"),
        _table("WriteThrottleEvents", "writes to the table"),
        calls,
        period=HOUR,
        unit="an hour",
    )


def _jobs() -> Json:
    return graph(
        "Jobs, by how they ended",
        _own("jobs_completed", "well: orders", domain="orders"),
        _own("jobs_completed", "well: channels", domain="etsy_sync"),
        _own("jobs_partial", "in part"),
        _own("jobs_failed", "failed"),
        period=HOUR,
        unit="an hour",
    )


def _waiting() -> Json:
    age = Metric(
        "oldest message, minutes",
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        {"QueueName": "${QueueName}"},
        "Maximum",
        shown=False,
    )
    dead = Metric(
        "could not be told (dead letters)",
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": "${QueueName}-dead"},
        "Maximum",
    )
    return graph(
        "Stock that waits to be told to the channels",
        age,
        dead,
        Expression("oldest, minutes", "m1 / 60"),
        period=FIVE_MINUTES,
        lines={"alarm: half an hour": 30},
    )


def _domains() -> Json:
    return log_table(
        "Requests and units by domain (reads the log: 0.006 USD a GB after 5)",
        "/aws/lambda/${FunctionName}",
        "filter message = 'request'",
        "stats count(*) as requests, sum(server_errors) as failed, avg(milliseconds) as ms, "
        "sum(read_units) as reads, sum(write_units) as writes by domain",
        "sort requests desc",
    )

"""What this month has consumed so far, read off CloudWatch and from what is deployed.

CloudWatch asks 0.01 USD for a thousand metrics that are read, and has no free amount of these: a reading of
thirty metrics costs three hundredths of a cent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from common import config
from tools.costs.bill import BY_THE_HOUR, INDEXES, Line, lines_of
from tools.costs.prices import Prices
from tools.costs.standing import Standing, standing
from tools.costs.traffic import GB

DAY = 86_400
WARNED_AT = Decimal("0.8")
# Of these there are so many or not; the free ones may all be used.
STANDING = frozenset({"alarms", "metrics", "dashboards", *BY_THE_HOUR})
# Each is a request that SQS bills, or stands for one: of ten messages that are received at once it says ten.
QUEUE_METRICS = (
    "NumberOfEmptyReceives",
    "NumberOfMessagesReceived",
    "NumberOfMessagesSent",
    "NumberOfMessagesDeleted",
)


@dataclass(frozen=True)
class Deployed:
    """Whose consumption is read: the names that the stage gives, and the memory of its functions."""

    table: str
    queue: str = ""
    namespace: str = ""
    memory_mb: int = 512
    has_kms_key: bool = False


@dataclass
class Sums:
    """Sums of metrics since `since`; they are collected first and then read together."""

    since: datetime
    now: datetime
    asked: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, namespace: str, metric: str, stat: str = "Sum", **dimensions: str) -> None:
        """Have a metric added to what is called `name`."""
        query_id = f"m{len(self.asked)}"
        named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
        about = {"Namespace": namespace, "MetricName": metric, "Dimensions": named}
        self.asked.append({"Id": query_id, "MetricStat": {"Metric": about, "Period": DAY, "Stat": stat}})
        self.names[query_id] = name

    def read(self, client: Any) -> dict[str, Decimal]:
        """The sums by their names; one that has no data is 0."""
        found = dict.fromkeys(self.names.values(), Decimal(0))
        pages = client.get_paginator("get_metric_data").paginate(
            MetricDataQueries=self.asked, StartTime=self.since, EndTime=self.now
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                found[self.names[result["Id"]]] += sum(map(_decimal, result["Values"]), Decimal(0))
        return found


def actual(deployed: Deployed, prices: Prices, now: datetime) -> list[Line]:
    """The lines of the bill of the month that `now` (UTC) is in, until then. Raises botocore's errors."""
    import boto3

    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # A session of its own, for boto3's shared one keeps the account that it was first used with.
    session = boto3.Session(region_name=config.region())
    client = session.client("cloudwatch")
    sums = Sums(since, max(now, since + timedelta(seconds=DAY)))
    _ask_for(sums, client, deployed)
    what_stands = standing(session, deployed.table, deployed.namespace)
    hours = Decimal((now - since).total_seconds()) / 3600
    return lines_of(_quantities(sums.read(client), what_stands, deployed, hours), prices, hours)


def warnings(lines: Iterable[Line]) -> list[str]:
    """A sentence for each free amount of which 80 % are used, or of which more is deployed than is free."""
    said = []
    for line in lines:
        limit = line.free if line.name in STANDING else line.free * WARNED_AT
        is_near = line.quantity > limit if line.name in STANDING else line.quantity >= limit
        if line.free and is_near:
            used = line.quantity / line.free * 100
            said.append(f"{line.what}: {line.quantity:,.0f} of {line.free:,.0f} free ones, {used:.0f} %")
    return said


def _ask_for(sums: Sums, client: Any, deployed: Deployed) -> None:
    for kind in ("Read", "Write"):
        metric, name = f"Consumed{kind}CapacityUnits", f"{kind.lower()}_units"
        sums.ask(name, "AWS/DynamoDB", metric, TableName=deployed.table)
        for index in INDEXES:
            dimensions = {"TableName": deployed.table, "GlobalSecondaryIndexName": index}
            sums.ask(name, "AWS/DynamoDB", metric, **dimensions)
    sums.ask("invocations", "AWS/Lambda", "Invocations")
    sums.ask("duration", "AWS/Lambda", "Duration")
    sums.ask("log_bytes", "AWS/Logs", "IncomingBytes")
    for name, dimension in (("rest_requests", "ApiName"), ("http_requests", "ApiId")):
        for api in _values_of(client, "AWS/ApiGateway", "Count", dimension):
            sums.ask(name, "AWS/ApiGateway", "Count", **{dimension: api})
    for queue in (deployed.queue, f"{deployed.queue}-dead") if deployed.queue else ():
        for metric in QUEUE_METRICS:
            sums.ask("queue_requests", "AWS/SQS", metric, QueueName=queue)


def _quantities(
    sums: Mapping[str, Decimal], stands: Standing, deployed: Deployed, hours: Decimal
) -> dict[str, Decimal]:
    if stands.is_provisioned:
        table = {"read_capacity": stands.read_units * hours, "write_capacity": stands.write_units * hours}
    else:
        table = {"read_requests": sums["read_units"], "write_requests": sums["write_units"]}
    apis = {name: sums[name] for name in ("rest_requests", "http_requests") if name in sums}
    return {
        **table,
        "table_storage": stands.stored_bytes / GB,
        **apis,
        "lambda_requests": sums["invocations"],
        "lambda_gb_seconds": sums["duration"] / 1000 * deployed.memory_mb / 1024,
        "log_gb": sums["log_bytes"] / GB,
        "metrics": Decimal(stands.metrics),
        "alarms": Decimal(stands.alarms),
        "dashboards": Decimal(stands.dashboards),
        **({"queue_requests": sums["queue_requests"]} if deployed.queue else {}),
        **({"kms_keys": Decimal(1)} if deployed.has_kms_key else {}),
    }


def _values_of(client: Any, namespace: str, metric: str, dimension: str) -> list[str]:
    """The values for which there is a metric with this dimension and no other."""
    pages = client.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=metric)
    sets = [each["Dimensions"] for page in pages for each in page["Metrics"]]
    return sorted({each[0]["Value"] for each in sets if [one["Name"] for one in each] == [dimension]})


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))

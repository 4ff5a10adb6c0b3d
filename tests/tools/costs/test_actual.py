"""This month so far, read by boto3 from an account that moto plays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest

from common.dynamodb import create_table, reset_client
from tests.support.engines import mocked_aws
from tools.costs.actual import Deployed, actual, warnings
from tools.costs.bill import INDEXES, Line
from tools.costs.prices import prices_of
from tools.errors import ToolError

NOW = datetime(2026, 11, 16, tzinfo=UTC)
TABLE = "ArtManagementTable"
DEPLOYED = Deployed(TABLE, "artshop-stock", "artshop", memory_mb=1024)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account with the shop's table and nothing that was consumed yet."""
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", TABLE)
    with mocked_aws():
        reset_client()
        create_table()
        yield
    reset_client()


def put(namespace: str, metric: str, value: float, at: datetime = NOW, **dimensions: str) -> None:
    """What AWS would have measured an hour before."""
    named = [{"Name": key, "Value": each} for key, each in dimensions.items()]
    datum: Any = {
        "MetricName": metric,
        "Dimensions": named,
        "Timestamp": at - timedelta(hours=1),
        "Value": value,
    }
    boto3.client("cloudwatch", region_name="eu-west-1").put_metric_data(
        Namespace=namespace, MetricData=[datum]
    )


def read() -> dict[str, Line]:
    return {line.name: line for line in actual(DEPLOYED, prices_of("eu-west-1"), NOW)}


def test_units_of_table_and_indexes_are_added_up_over_the_days_of_the_month(account: None) -> None:
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", 300_000, TableName=TABLE)
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", 200_000, NOW - timedelta(days=9), TableName=TABLE)
    put(
        "AWS/DynamoDB",
        "ConsumedReadCapacityUnits",
        1_500_000,
        TableName=TABLE,
        GlobalSecondaryIndexName="GSI2",
    )
    put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", 1_000_000, TableName=TABLE)
    lines = read()
    # 2 million at 0.1415, one million at 0.705.
    assert lines["read_requests"].cost == Decimal("0.283")
    assert lines["write_requests"].cost == Decimal("0.705")


def test_last_month_and_other_tables_do_not_count(account: None) -> None:
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", 7, NOW - timedelta(days=16), TableName=TABLE)
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", 7, TableName="Another")
    assert read()["read_requests"].quantity == 0


def test_lambda_logs_and_queues_are_read(account: None) -> None:
    put("AWS/Lambda", "Invocations", 400_000)
    put("AWS/Lambda", "Duration", 60_000_000)
    put("AWS/Logs", "IncomingBytes", 2 * 1024**3)
    for metric in ("NumberOfEmptyReceives", "NumberOfMessagesSent"):
        put("AWS/SQS", metric, 100_000, QueueName="artshop-stock")
    put("AWS/SQS", "NumberOfEmptyReceives", 400, QueueName="artshop-stock-dead")
    lines = read()
    assert lines["lambda_requests"].quantity == 400_000
    # 60,000 seconds with a gigabyte.
    assert lines["lambda_gb_seconds"].quantity == 60_000
    assert lines["log_gb"].quantity == 2
    assert lines["queue_requests"].quantity == 200_400


def test_requests_are_billed_by_the_kind_of_api(account: None) -> None:
    put("AWS/ApiGateway", "Count", 100_000, ApiName="artshop")
    put("AWS/ApiGateway", "Count", 200_000, ApiId="abc123")
    # The same requests by stage, which are not to be counted twice.
    put("AWS/ApiGateway", "Count", 200_000, ApiId="abc123", Stage="prod")
    lines = read()
    assert lines["rest_requests"].cost == Decimal("0.35")
    assert lines["http_requests"].cost == Decimal("0.222")


def test_what_stands_is_counted(account: None) -> None:
    watch = boto3.client("cloudwatch", region_name="eu-west-1")
    alarm: Any = {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0}
    single: Any = {"Namespace": "a", "MetricName": "m", "Period": 60, "Statistic": "Sum"}
    watch.put_metric_alarm(AlarmName="one", **single, **alarm)
    metric = {"MetricStat": {"Metric": {"Namespace": "a", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}}
    parts: Any = [{"Id": f"m{number}", **metric} for number in range(3)]
    watch.put_metric_alarm(
        AlarmName="three", Metrics=[*parts, {"Id": "sum", "Expression": "SUM(METRICS())"}], **alarm
    )
    watch.put_dashboard(DashboardName="artshop", DashboardBody='{"widgets": []}')
    put("artshop", "requests", 1, shop=TABLE)
    put("artshop", "jobs_completed", 1, shop=TABLE, domain="orders")
    lines = read()
    found = {name: int(lines[name].quantity) for name in ("alarms", "dashboards", "metrics")}
    assert found == {"alarms": 4, "dashboards": 1, "metrics": 2}


def test_provisioned_units_are_billed_by_the_hour(account: None) -> None:
    through: Any = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}
    boto3.client("dynamodb", region_name="eu-west-1").update_table(
        TableName=TABLE,
        BillingMode="PROVISIONED",
        ProvisionedThroughput=through,
        GlobalSecondaryIndexUpdates=[
            {"Update": {"IndexName": index, "ProvisionedThroughput": through}} for index in INDEXES
        ],
    )
    lines = read()
    # 40 and 20 units for 15 days; 25 of each are free at any moment.
    assert (lines["read_capacity"].quantity, lines["read_capacity"].free) == (Decimal(14_400), Decimal(9_000))
    assert lines["write_capacity"].cost == 0
    assert [each.split(":")[0] for each in warnings(lines.values())] == ["read units provisioned for an hour"]


@pytest.mark.parametrize(("used", "warned"), [(799_999, []), (800_000, ["Lambda invocations"])])
def test_a_warning_comes_at_four_fifths_of_what_is_free(account: None, used: int, warned: list[str]) -> None:
    put("AWS/Lambda", "Invocations", used)
    assert [each.split(":")[0] for each in warnings(read().values())] == warned


def test_what_stands_may_be_all_that_is_free_and_not_more() -> None:
    def of(name: str, quantity: int) -> Line:
        return Line(name, name, Decimal(quantity), Decimal(10), Decimal(1), Decimal(1))

    assert warnings([of("alarms", 10), of("metrics", 10)]) == []
    assert warnings([of("alarms", 11)]) == ["alarms: 11 of 10 free ones, 110 %"]


def test_what_has_no_free_amount_is_never_near_its_end() -> None:
    assert warnings([Line("kms_keys", "", Decimal(1), Decimal(0), Decimal(1), Decimal(1))]) == []


def test_an_account_without_the_table_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.costs.command import _account_errors

    with mocked_aws(), pytest.raises(ToolError, match="ResourceNotFoundException"), _account_errors():
        actual(DEPLOYED, prices_of("eu-west-1"), NOW)

"""Tests of the client: what it is built from, and how it behaves when the engine does not answer."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from common.dynamodb import (
    ItemTooLarge,
    Query,
    UnitOfWork,
    Update,
    call,
    fetch_all,
    get_client,
    get_item,
    meter,
    put_item,
    reset_client,
    table_name,
    update_item,
)
from tests.support import wire


def test_the_client_is_kept_until_it_is_reset() -> None:
    first = get_client()
    assert get_client() is first
    reset_client()
    assert get_client() is not first


def test_threads_share_one_client() -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = set(pool.map(lambda _: get_client(), range(32)))
    assert len(clients) == 1


def test_the_region_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-south-1")
    assert get_client().meta.region_name == "eu-south-1"


def test_the_region_has_a_second_name_and_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    assert get_client().meta.region_name == "eu-north-1"
    reset_client()
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert get_client().meta.region_name == "eu-west-1"


def test_the_endpoint_of_dynamodb_wins_over_the_one_for_all_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1111")
    assert get_client().meta.endpoint_url == "http://127.0.0.1:1111"
    reset_client()
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:2222")
    assert get_client().meta.endpoint_url == "http://127.0.0.1:2222"


def test_all_attempts_together_stay_below_29_seconds() -> None:
    config: Any = get_client().meta.config
    attempts = config.retries["total_max_attempts"]
    longest_waits = sum(min(2**attempt, 20) for attempt in range(attempts - 1))
    assert attempts * (config.connect_timeout + config.read_timeout) + longest_waits < 29
    assert config.retries["mode"] == "standard"


def test_a_broken_connection_is_tried_three_times(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = wire.without_waiting(monkeypatch)
    broken = wire.break_connection("GetItem")
    with pytest.raises(ConnectionClosedError):
        get_item(("A", "B"))
    assert len(broken) == 3
    assert len(waits) == 2


def test_the_table_is_named_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert table_name() == "ArtManagementTable"
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "another")
    assert table_name() == "another"


def test_capacity_is_asked_for_where_the_operation_tells_it(table: str) -> None:
    reads, lists = wire.sent_parameters("GetItem"), wire.sent_parameters("ListTables")
    call("get_item", TableName=table, Key={"PK": {"S": "A"}, "SK": {"S": "B"}})
    call("list_tables")
    assert reads[0]["ReturnConsumedCapacity"] == "TOTAL"
    assert lists == [{}]


def test_a_refused_call_is_counted_and_its_error_passed_on(table: str) -> None:
    with meter() as usage, pytest.raises(ClientError, match="ResourceNotFoundException"):
        call("get_item", TableName="no-such-table", Key={"PK": {"S": "A"}, "SK": {"S": "B"}})
    assert usage.operations == [("get_item", Decimal(0), Decimal(0))]


def test_importing_the_layer_does_not_import_boto3() -> None:
    program = "import sys, common.dynamodb; print(sorted({'boto3', 'botocore'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _fill(work: UnitOfWork) -> None:
    work.update(("A", "B"), Update().set("text", "x" * 300_000))
    work.put({"PK": "A", "SK": "C"})


def test_an_item_that_would_be_too_large_is_refused_by_name_whatever_writes_it(table: str) -> None:
    put_item({"PK": "A", "SK": "B", "rest": "x" * 200_000})
    with pytest.raises(ItemTooLarge), UnitOfWork() as work:
        _fill(work)
    with pytest.raises(ItemTooLarge):
        update_item(("A", "B"), Update().set("text", "x" * 300_000))
    with pytest.raises(ItemTooLarge):
        put_item({"PK": "A", "SK": "D", "text": "x" * 410_000})
    assert fetch_all(Query("A")) == [{"PK": "A", "SK": "B", "rest": "x" * 200_000}]

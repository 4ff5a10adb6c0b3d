"""Which requests are saved, and which are refused."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from tools.engines.ministack_server import SavedEngine, is_change


def request(method: str = "POST", target: str = "", path: str = "/") -> dict[str, Any]:
    return to(f"DynamoDB_20120810.{target}" if target else "", method, path)


def to(target: str, method: str = "POST", path: str = "/") -> dict[str, Any]:
    headers = [(b"x-amz-target", target.encode())] if target else []
    return {"type": "http", "method": method, "path": path, "headers": headers}


@pytest.mark.parametrize(
    "target", ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "CreateTable"]
)
def test_a_write_to_dynamodb_is_a_change(target: str) -> None:
    assert is_change(request(target=target))


@pytest.mark.parametrize("target", ["GetItem", "BatchGetItem", "Query", "DescribeTable", "ListTables"])
def test_a_read_of_dynamodb_is_none(target: str) -> None:
    assert not is_change(request(target=target))


@pytest.mark.parametrize("target", ["SendMessage", "SendMessageBatch", "DeleteMessage", "CreateQueue"])
def test_a_message_that_comes_or_goes_is_a_change(target: str) -> None:
    assert is_change(to(f"AmazonSQS.{target}"))


@pytest.mark.parametrize("target", ["ReceiveMessage", "GetQueueAttributes", "GetQueueUrl"])
def test_asking_for_messages_is_none(target: str) -> None:
    assert not is_change(to(f"AmazonSQS.{target}"))


def test_s3_is_changed_by_put_and_not_by_get() -> None:
    assert is_change(request("PUT"))
    assert not is_change(request("GET"))


def drive(*requests: dict[str, Any]) -> tuple[list[str], list[int]]:
    """What reached the engine, and the status of each answer; then one round of saving."""
    reached: list[str] = []
    statuses: list[int] = []

    async def engine(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: MutableMapping[str, Any]) -> None:
        if "status" in message:
            statuses.append(message["status"])

    async def everything() -> None:
        saved = asyncio.Event()

        def save() -> None:
            reached.append("saved")
            saved.set()

        guarded = SavedEngine(engine, save)
        for scope in requests:
            await guarded(scope, None, send)  # type: ignore[arg-type]
        saving = asyncio.create_task(guarded.save_changes())
        if any(is_change(scope) for scope in requests):
            await asyncio.wait_for(saved.wait(), 10)
        saving.cancel()

    asyncio.run(everything())
    return reached, statuses


def test_a_burst_of_changes_is_saved_once() -> None:
    reached, _ = drive(request(target="PutItem", path="/1"), request(target="PutItem", path="/2"))
    assert reached == ["/1", "/2", "saved"]


def test_the_engine_cannot_be_emptied_from_a_web_page() -> None:
    reached, statuses = drive(request("GET", path="/_ministack/reset"))
    assert reached == []
    assert statuses == [403]


def test_the_health_page_is_answered() -> None:
    assert drive(request("GET", path="/_ministack/health")) == (["/_ministack/health"], [200])

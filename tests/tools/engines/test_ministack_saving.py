"""MiniStack's own services in this process, saved to a file and filled from it again."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.engines.ministack_rows import QueueRows, TableRows
from tools.engines.ministack_saving import Saver, saving_queues, saving_tables
from tools.engines.row_store import RowStore

TABLE = "saved-table"
FULL = "PRAGMA max_page_count = 1"
ROOM = "PRAGMA max_page_count = 100000"


@dataclass
class Engine:
    """A service and the file that it is saved to."""

    store: RowStore
    saver: Saver
    handle: Callable[..., Any]
    prefix: str

    def ask(self, action: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """Status and content of the answer."""
        headers = {"x-amz-target": f"{self.prefix}.{action}"}
        body = json.dumps(request).encode()
        status, _, answer = asyncio.run(self.handle("POST", "/", headers, body, {}))
        return status, json.loads(answer)

    def done(self, action: str, **request: Any) -> dict[str, Any]:
        """The content of an answer of success."""
        status, content = self.ask(action, **request)
        assert status == 200, content
        return content


STORES: list[RowStore] = []


def opened(folder: Path) -> RowStore:
    """A store that the test need not close."""
    STORES.append(RowStore(folder / "rows"))
    return STORES[-1]


@pytest.fixture(autouse=True)
def _stores_are_closed() -> Iterator[None]:
    yield
    while STORES:
        STORES.pop().close()


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    """MiniStack's module; what saving sets in it is taken back at the end."""
    from ministack.services import dynamodb as service

    before = service.handle_request, service._lock, service._update_counts
    service._lock = threading.RLock()
    yield service
    service.reset()
    service.handle_request, service._lock, service._update_counts = before


@pytest.fixture(scope="module")
def sqs() -> Iterator[Any]:
    """MiniStack's module."""
    from ministack.services import sqs as service

    yield service
    service.reset()


@cache
def own_count(service: Any) -> Callable[[dict[str, Any]], None]:
    """How MiniStack counts items, as it was before saving replaced it."""
    counting: Callable[[dict[str, Any]], None] = service._update_counts
    return counting


def tables(service: Any, folder: Path) -> Engine:
    """DynamoDB as a process finds it that starts on the folder."""
    service._update_counts = own_count(service)
    service._tables._data = {}
    service.reset()
    store = opened(folder)
    rows = TableRows(service, store)
    saver = Saver(store, {"dynamodb": rows}, service._lock)
    return Engine(store, saver, saving_tables(service, rows, saver), "DynamoDB_20120810")


def queues(service: Any, folder: Path) -> Engine:
    """SQS as a process finds it that starts on the folder."""
    service.reset()
    store = opened(folder)
    saver = Saver(store, {"sqs": QueueRows(service, store)}, threading.RLock())
    return Engine(store, saver, saving_queues(service, saver), "AmazonSQS")


def killed(engine: Engine) -> None:
    """Leave the file as it is; closing writes nothing that a kill would lose (test_row_store kills)."""
    engine.store.close()


def create_table(engine: Engine) -> None:
    engine.done(
        "CreateTable",
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "N"},
        ],
    )


def item(pk: str, sk: int, **more: Any) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"N": str(sk)}} | more


def items(engine: Engine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.done("Scan", TableName=TABLE)["Items"]
    return found


def partitions(engine: Engine) -> set[str]:
    return {found["PK"]["S"] for found in items(engine)}


KEYS = st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 2))
ONE = st.tuples(st.sampled_from(["PutItem", "UpdateItem", "DeleteItem"]), KEYS, st.booleans())
MANY = st.tuples(
    st.sampled_from(["BatchWriteItem", "TransactWriteItems"]),
    st.lists(st.tuples(KEYS, st.booleans()), min_size=1, max_size=4, unique_by=lambda pair: pair[0]),
    st.booleans(),
)
STATEMENT = st.tuples(st.sampled_from(["INSERT", "DELETE"]), KEYS, st.just(value=False))


def carry_out(engine: Engine, what: str, target: Any, flag: bool) -> None:
    """Any write; whether its condition holds is left to chance."""
    condition: dict[str, Any] = {"ConditionExpression": "attribute_exists(PK)"} if flag else {}
    if what == "PutItem":
        engine.ask(what, TableName=TABLE, Item=item(*target, name={"S": "put"}), **condition)
    elif what == "UpdateItem":
        update = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
        engine.ask(what, TableName=TABLE, Key=item(*target), **update, **condition)
    elif what == "DeleteItem":
        engine.ask(what, TableName=TABLE, Key=item(*target), **condition)
    elif what == "BatchWriteItem":
        batch = [
            {"PutRequest": {"Item": item(*key)}} if put else {"DeleteRequest": {"Key": item(*key)}}
            for key, put in target
        ]
        engine.ask(what, RequestItems={TABLE: batch})
    elif what == "TransactWriteItems":
        transaction = [
            {"Put": {"TableName": TABLE, "Item": item(*key), **condition}}
            if put
            else {"Delete": {"TableName": TABLE, "Key": item(*key)}}
            for key, put in target
        ]
        engine.ask(what, TransactItems=transaction)
    elif what == "INSERT":
        value = f"{{'PK': '{target[0]}', 'SK': {target[1]}}}"
        engine.ask("ExecuteStatement", Statement=f'INSERT INTO "{TABLE}" VALUE {value}')
    else:
        statement = f'DELETE FROM "{TABLE}" WHERE PK=? AND SK=?'  # noqa: S608 - PartiQL, of constants
        values = [{"S": target[0]}, {"N": str(target[1])}]
        engine.ask("ExecuteStatement", Statement=statement, Parameters=values)


@settings(max_examples=40)
@given(st.lists(st.one_of(ONE, MANY, STATEMENT), max_size=12))
def test_a_start_finds_exactly_what_was_there(dynamodb: Any, writes: list[tuple[str, Any, bool]]) -> None:
    with TemporaryDirectory() as name:
        engine = tables(dynamodb, Path(name))
        create_table(engine)
        for write in writes:
            carry_out(engine, *write)
        before = items(engine), engine.done("DescribeTable", TableName=TABLE)
        killed(engine)
        engine = tables(dynamodb, Path(name))
        after = items(engine), engine.done("DescribeTable", TableName=TABLE)
        killed(engine)
    by_key = sorted(before[0], key=json.dumps), before[1]
    assert (sorted(after[0], key=json.dumps), after[1]) == by_key


def test_what_an_index_was_asked_does_not_keep_settings_from_being_saved(
    dynamodb: Any, tmp_path: Path
) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    keys = [{"AttributeName": "kind", "KeyType": "HASH"}]
    index = {"IndexName": "ByKind", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
    kind = [{"AttributeName": "kind", "AttributeType": "S"}]
    change = {"AttributeDefinitions": kind, "GlobalSecondaryIndexUpdates": [{"Create": index}]}
    engine.done("UpdateTable", TableName=TABLE, **change)
    query = {
        "TableName": TABLE,
        "IndexName": "ByKind",
        "KeyConditionExpression": "kind = :kind",
        "ExpressionAttributeValues": {":kind": {"S": "print"}},
    }
    engine.done("PutItem", TableName=TABLE, Item=item("a", 1, kind={"S": "print"}))
    assert engine.done("Query", **query)["Count"] == 1
    expiry = {"Enabled": True, "AttributeName": "expires"}
    engine.done("UpdateTimeToLive", TableName=TABLE, TimeToLiveSpecification=expiry)
    engine.done("PutItem", TableName=TABLE, Item=item("b", 1, kind={"S": "print"}))
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    assert engine.done("Query", **query)["Count"] == 2


def test_tables_and_their_settings_come_and_go(dynamodb: Any, tmp_path: Path) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    expiry = {"Enabled": True, "AttributeName": "expires"}
    engine.done("UpdateTimeToLive", TableName=TABLE, TimeToLiveSpecification=expiry)
    engine.done("PutItem", TableName=TABLE, Item=item("a", 1))
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    told = engine.done("DescribeTimeToLive", TableName=TABLE)["TimeToLiveDescription"]
    assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    engine.done("DeleteTable", TableName=TABLE)
    create_table(engine)
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    assert items(engine) == []
    assert "AttributeName" not in engine.done("DescribeTimeToLive", TableName=TABLE)["TimeToLiveDescription"]
    killed(engine)


def test_a_transaction_repeated_after_a_start_happens_once(dynamodb: Any, tmp_path: Path) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    put = {"Put": {"TableName": TABLE, "Item": item("a", 1, price={"N": "10.50"})}}
    sold = {
        "Update": {
            "TableName": TABLE,
            "Key": item("a", 2),
            "UpdateExpression": "ADD sold :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }
    transaction = {"TransactItems": [put, sold], "ClientRequestToken": "once"}
    first = engine.done("TransactWriteItems", **transaction)
    assert engine.done("TransactWriteItems", **transaction) == first
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    assert engine.done("TransactWriteItems", **transaction) == first
    assert {"N": "1"} in [found.get("sold") for found in items(engine)]
    status, refusal = engine.ask("TransactWriteItems", TransactItems=[put], ClientRequestToken="once")
    assert (status, refusal["__type"]) == (400, "IdempotentParameterMismatchException")
    killed(engine)


class Enough(Exception):
    """Ends the expiry thread's loop."""


def expire_once(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One round of what MiniStack's expiry thread does each minute."""
    rounds = iter([None])

    def sleep(seconds: float) -> None:
        if next(rounds, Enough) is Enough:
            raise Enough

    with monkeypatch.context() as patch:
        patch.setattr(service.time, "sleep", sleep)
        with pytest.raises(Enough):
            service._ttl_reaper()


def test_what_expired_is_gone_from_the_file_too(
    dynamodb: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    expiry = {"Enabled": True, "AttributeName": "expires"}
    engine.done("UpdateTimeToLive", TableName=TABLE, TimeToLiveSpecification=expiry)
    engine.done("PutItem", TableName=TABLE, Item=item("a", 1, expires={"N": "1"}))
    engine.done("PutItem", TableName=TABLE, Item=item("b", 1))
    assert len(list(engine.store.rows("item"))) == 2
    expire_once(dynamodb, monkeypatch)
    engine.done("PutItem", TableName=TABLE, Item=item("c", 1))
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    assert partitions(engine) == {"b", "c"}
    killed(engine)


def test_a_write_that_cannot_be_saved_is_refused_and_said_until_it_can(
    dynamodb: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    engine.done("PutItem", TableName=TABLE, Item=item("before", 1))
    engine.store._connection.execute(FULL)
    large = {"S": "x" * 50_000}
    status, refusal = engine.ask("PutItem", TableName=TABLE, Item=item("unsure", 1, large=large))
    assert (status, refusal["__type"]) == (500, "InternalServerError")
    # Refused before it is carried out: what it would rest on is not in the file.
    assert engine.ask("PutItem", TableName=TABLE, Item=item("refused", 1))[0] == 500
    assert partitions(engine) == {"before", "unsure"}
    assert "full" in engine.saver.failure()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "CANNOT BE SAVED" in caplog.text

    engine.store._connection.execute(ROOM)
    assert engine.saver.failure() == ""
    assert "saved again" in caplog.text
    engine.done("PutItem", TableName=TABLE, Item=item("after", 1))
    killed(engine)
    engine = tables(dynamodb, tmp_path)
    assert partitions(engine) == {"before", "unsure", "after"}
    killed(engine)


def test_whatever_fails_a_save_does_not_end_saving(
    dynamodb: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = tables(dynamodb, tmp_path)
    create_table(engine)
    with monkeypatch.context() as patch:
        patch.setattr(engine.store, "save", lambda changes: changes["dictionary changed size"])
        assert engine.ask("PutItem", TableName=TABLE, Item=item("a", 1))[0] == 500
    engine.done("PutItem", TableName=TABLE, Item=item("b", 1))
    assert len(list(engine.store.rows("item"))) == 2
    killed(engine)


@pytest.mark.parametrize("action", ["ExecuteTransaction", "RestoreTableFromBackup"])
def test_what_cannot_be_recorded_is_refused(dynamodb: Any, tmp_path: Path, action: str) -> None:
    engine = tables(dynamodb, tmp_path)
    assert engine.ask(action)[0] == 400
    killed(engine)


def test_messages_come_go_and_stay_hidden(sqs: Any, tmp_path: Path) -> None:
    engine = queues(sqs, tmp_path)
    url = engine.done("CreateQueue", QueueName="saved")["QueueUrl"]
    for body in ("deleted", "received", "waiting"):
        engine.done("SendMessage", QueueUrl=url, MessageBody=body)
    receipt = engine.done("ReceiveMessage", QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    engine.done("DeleteMessage", QueueUrl=url, ReceiptHandle=receipt)
    held = engine.done("ReceiveMessage", QueueUrl=url)["Messages"][0]
    killed(engine)
    engine = queues(sqs, tmp_path)
    assert engine.done("GetQueueUrl", QueueName="saved")["QueueUrl"] == url
    found = engine.done("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in found] == ["waiting"]
    engine.done("DeleteMessage", QueueUrl=url, ReceiptHandle=held["ReceiptHandle"])
    killed(engine)
    engine = queues(sqs, tmp_path)
    assert [row["body"] for _, row in engine.store.rows("message")] == ["waiting"]
    engine.done("DeleteQueue", QueueUrl=url)
    killed(engine)
    assert list(queues(sqs, tmp_path).store.rows("queue")) == []


def test_a_message_that_cannot_be_saved_is_refused(sqs: Any, tmp_path: Path) -> None:
    engine = queues(sqs, tmp_path)
    url = engine.done("CreateQueue", QueueName="full")["QueueUrl"]
    engine.store._connection.execute(FULL)
    assert engine.ask("SendMessage", QueueUrl=url, MessageBody="x" * 50_000)[0] == 500
    assert engine.ask("ReceiveMessage", QueueUrl=url)[0] == 200
    engine.store.close()

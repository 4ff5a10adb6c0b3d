"""The embedded engine under writers, killed in the middle, and what it must have kept."""

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.engines.ministack import MiniStack, end_leftover
from tools.engines.ministack_data import FILE
from tools.engines.row_store import RowStore

TABLE = "kept"
ACCOUNT = "000000000000"
REGION = "eu-west-1"
ITEM_BYTES = 1000
KEYS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": REGION}


def client(engine: MiniStack, service: str = "dynamodb") -> Any:
    """A client that never repeats a request by itself, so that an answer is known to be the request's."""
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=1)
    return boto3.client(service, endpoint_url=engine.endpoint, config=config, **KEYS)  # type: ignore[call-overload]


def key(name: str) -> dict[str, Any]:
    """A key of the table."""
    return {"PK": {"S": name}}


def create_table(engine: MiniStack) -> None:
    """The table that everything here writes to."""
    client(engine).create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
    )


def fill(data: Path, megabytes: int) -> None:
    """Put so many items of 1 KB into the table of an engine that does not run."""
    store = RowStore(data / FILE)
    for million in range(megabytes):
        names = [f"filling-{million}-{number}" for number in range(1_000_000 // ITEM_BYTES)]
        items = {name: key(name) | {"text": {"S": "x" * (ITEM_BYTES - 60)}} for name in names}
        store.save({("item", ACCOUNT, REGION, TABLE, name, "__no_sort__"): items[name] for name in names})
    store.close()


def kill(engine: MiniStack) -> None:
    """End it at once, and wait until its data is free."""
    os.kill(engine.pid or 0, signal.SIGKILL)
    end_leftover(engine.data)


@dataclass
class Writer:
    """One client's writes until the engine is gone; `acknowledged` are those that were answered with success.

    Write n puts an item, counts it and puts a pair in one transaction, in turns.
    """

    name: str
    pace_s: float = 0
    acknowledged: int = 0
    refused: list[str] = field(default_factory=list)

    def write(self, engine: MiniStack, told: Callable[[], None]) -> None:
        """Write, one after the other, and tell after each."""
        dynamodb = client(engine)
        pause = threading.Event()
        try:
            while True:
                self._one(dynamodb, self.acknowledged)
                self.acknowledged += 1
                told()
                pause.wait(self.pace_s)
        except ClientError as error:
            self.refused.append(str(error))
        except BotoCoreError:
            pass  # killed
        finally:
            told()

    def _one(self, dynamodb: Any, number: int) -> None:
        if number % 3 == 0:
            item = key(f"{self.name}-{number}") | {"text": {"S": "x" * ITEM_BYTES}}
            dynamodb.put_item(TableName=TABLE, Item=item, ConditionExpression="attribute_not_exists(PK)")
        elif number % 3 == 1:
            one = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
            dynamodb.update_item(TableName=TABLE, Key=key(f"{self.name}-count"), **one)
        else:
            pair = [key(f"{self.name}-{number}-{side}") for side in ("left", "right")]
            puts = [{"Put": {"TableName": TABLE, "Item": item}} for item in pair]
            dynamodb.transact_write_items(TransactItems=puts)

    def lost(self, has: Callable[[str], bool], count: Callable[[str], int]) -> list[str]:
        """What was acknowledged and is not there, what is there twice, and a transaction of which half is."""
        items = [f"{self.name}-{number}" for number in range(0, self.acknowledged, 3)]
        found = [name for name in items if not has(name)]
        for number in range(2, self.acknowledged + 2, 3):
            sides = [has(f"{self.name}-{number}-{side}") for side in ("left", "right")]
            if sides[0] != sides[1] or (number < self.acknowledged and not all(sides)):
                found.append(f"{self.name}-{number}: {sides}")
        counted = len(range(1, self.acknowledged, 3))
        # The one that was under way may have happened.
        under_way = self.acknowledged % 3 == 1
        if not counted <= count(f"{self.name}-count") <= counted + under_way:
            found.append(f"{self.name}-count: {count(f'{self.name}-count')} instead of {counted}")
        return found


def kill_under_writes(engine: MiniStack, writers: list[Writer], after: int) -> None:
    """Kill the engine once the writers have been acknowledged `after` writes together."""
    enough = threading.Semaphore(0)
    threads = [threading.Thread(target=writer.write, args=(engine, enough.release)) for writer in writers]
    for thread in threads:
        thread.start()
    for _ in range(after):
        enough.acquire()
    kill(engine)
    for thread in threads:
        thread.join()


def missing(engine: MiniStack, writers: list[Writer]) -> list[str]:
    """What the writers were promised and the engine, started again, does not hold."""
    dynamodb = client(engine)

    def item(name: str) -> dict[str, Any]:
        return dict(dynamodb.get_item(TableName=TABLE, Key=key(name)).get("Item", {}))

    def count(name: str) -> int:
        return int(json.loads(item(name).get("n", {"N": "0"})["N"]))

    return [text for writer in writers for text in writer.lost(lambda name: bool(item(name)), count)]

"""Messages to the shop's queues, sent after the commit that they tell of: a loss is no more than a delay."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from common import config
from common.logging import describe_exception, logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10

Body = Mapping[str, str]


def send_all(client: "SQSClient", url: str, bodies: Iterable[Body], *, lost: str) -> None:
    """Sends a message for each body, ten at once; raises nothing.

    What the queue does not take is logged as `lost` and left to whoever looks at the table by schedule.
    """
    waiting = iter(bodies)
    while batch := list(islice(waiting, BATCH)):
        _send(client, url, batch, lost)


def send(client: "SQSClient", url: str, body: Body, *, lost: str, delay_s: int = 0) -> bool:
    """Sends one message, which arrives after so many seconds (0 to 900); whether the queue took it."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client.send_message(QueueUrl=url, MessageBody=json.dumps(body), DelaySeconds=delay_s)
    except (BotoCoreError, ClientError) as error:
        logger().warning(lost, extra={"messages": 1, **describe_exception(error)})
        return False
    return True


@cache
def get_client() -> "SQSClient":
    """The SQS client, built on first use and kept; it gives up soon, because a buyer waits for it."""
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "max_attempts": 2})
    return boto3.client("sqs", region_name=config.region(), config=limits)


def reset_client() -> None:
    """Forget the client, so that the next use reads the endpoint and region again."""
    get_client.cache_clear()


def _send(client: "SQSClient", url: str, bodies: list[Body], lost: str) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    entries = [{"Id": str(number), "MessageBody": json.dumps(body)} for number, body in enumerate(bodies)]
    try:
        answer = client.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
    except (BotoCoreError, ClientError) as error:
        logger().warning(lost, extra={"messages": len(bodies), **describe_exception(error)})
        return
    if answer.get("Failed"):
        logger().warning(lost, extra={"messages": len(answer["Failed"])})

"""The queue that brings changed SKUs to the channels; a message holds the SKU and no number.

What an administrator asks for takes the same way: a message may name a job instead.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from common import config
from common.logging import describe_exception, logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10

# SQS delays a message for 15 minutes at most, and hides one that was received for 12 hours at most.
LONGEST_DELAY, LONGEST_HIDDEN = 900, 43_200
# Some of the 12 hours have passed when a message is hidden again.
_PASSED = 1_200


def announce(skus: Iterable[str | None]) -> None:
    """Says that what channels may sell of these SKUs may have changed; raises nothing.

    Call it after the commit. Without `STOCK_QUEUE_URL` nothing is sent. What does not arrive is found by
    the scheduled comparison with what each channel was last told, so a failure is logged and no more.
    """
    url = config.setting("STOCK_QUEUE_URL")
    named = [sku for sku in dict.fromkeys(skus) if sku]
    if not url or not named:
        return
    for start in range(0, len(named), BATCH):
        _send(url, named[start : start + BATCH])


def announce_later(sku: str, seconds: int) -> bool:
    """Announces a SKU so that it arrives after so many seconds (0 to 900); whether the queue took it."""
    from botocore.exceptions import BotoCoreError, ClientError

    url, body = config.setting("STOCK_QUEUE_URL"), json.dumps({"sku": sku})
    try:
        get_client().send_message(QueueUrl=url, MessageBody=body, DelaySeconds=seconds)
    except (BotoCoreError, ClientError) as error:
        logger().warning("stock not announced", extra={"skus": 1, **describe_exception(error)})
        return False
    return True


def announce_job(name: str) -> bool:
    """Asks whoever reads the queue to run a job of the synchronisation; whether the queue took it.

    The message holds the job's name instead of a SKU. Call it only where `STOCK_QUEUE_URL` is set.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    url, body = config.setting("STOCK_QUEUE_URL"), json.dumps({"job": name})
    try:
        get_client().send_message(QueueUrl=url, MessageBody=body)
    except (BotoCoreError, ClientError) as error:
        logger().warning("job not announced", extra={"job": name, **describe_exception(error)})
        return False
    return True


def hide(receipt: str, seconds: int) -> None:
    """Lets a received message come back after so many seconds; raises nothing, because it comes anyway."""
    from botocore.exceptions import BotoCoreError, ClientError

    url, timeout = config.setting("STOCK_QUEUE_URL"), min(seconds, LONGEST_HIDDEN - _PASSED)
    try:
        get_client().change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=timeout)
    except (BotoCoreError, ClientError) as error:
        logger().warning("message not hidden", extra=describe_exception(error))


def queue_size() -> int | None:
    """About how many changed SKUs wait in the queue; 0 without one, None when it cannot be asked."""
    url = config.setting("STOCK_QUEUE_URL")
    if not url:
        return 0
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = get_client().get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )
    except (BotoCoreError, ClientError) as error:
        logger().warning("stock queue not reached", extra=describe_exception(error))
        return None
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


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


def _send(url: str, skus: list[str]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    entries = [
        {"Id": str(number), "MessageBody": json.dumps({"sku": sku})} for number, sku in enumerate(skus)
    ]
    try:
        answer = get_client().send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
    except (BotoCoreError, ClientError) as error:
        logger().warning("stock not announced", extra={"skus": len(skus), **describe_exception(error)})
        return
    if answer.get("Failed"):
        logger().warning("stock not announced", extra={"skus": len(answer["Failed"])})

"""The queue that brings changed SKUs to the channels; a message holds the SKU and no number.

What an administrator asks for takes the same way: a message may name a job instead.
"""

from collections.abc import Iterable

from common import config
from common.logging import describe_exception, logger
from common.sqs import get_client, send, send_all

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
    send_all(get_client(), url, ({"sku": sku} for sku in named), lost="stock not announced")


def announce_later(sku: str, seconds: int) -> bool:
    """Announces a SKU so that it arrives after so many seconds (0 to 900); whether the queue took it."""
    url = config.setting("STOCK_QUEUE_URL")
    return send(get_client(), url, {"sku": sku}, lost="stock not announced", delay_s=seconds)


def announce_job(name: str) -> bool:
    """Asks whoever reads the queue to run a job of the synchronisation; whether the queue took it.

    The message holds the job's name instead of a SKU. Call it only where `STOCK_QUEUE_URL` is set.
    """
    url = config.setting("STOCK_QUEUE_URL")
    return send(get_client(), url, {"job": name}, lost="job not announced")


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

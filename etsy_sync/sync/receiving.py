"""Receives messages of a queue and takes those that are done with out of it."""

from typing import TYPE_CHECKING

from common.logging import logger
from etsy_sync.sync.consuming import Message

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# What one call takes and removes.
BATCH = 10


def receive(client: "SQSClient", url: str, wait_s: int = 0) -> list[Message]:
    """Up to ten messages; waits so many seconds (0 to 20) for the first one.

    Without waiting SQS looks in a few places only, and may find nothing where something is.
    """
    answer = client.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=BATCH,
        WaitTimeSeconds=wait_s,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    return [
        Message(
            each["MessageId"],
            each["ReceiptHandle"],
            each["Body"],
            int(each.get("Attributes", {}).get("ApproximateReceiveCount", 1)),
        )
        for each in answer.get("Messages", [])
    ]


def remove(client: "SQSClient", url: str, messages: list[Message]) -> None:
    """Takes up to ten messages out of the queue; one that cannot be removed comes back, which is logged."""
    if not messages:
        return
    answer = client.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": str(number), "ReceiptHandle": message.receipt} for number, message in enumerate(messages)
        ],
    )
    if failed := answer.get("Failed"):
        logger().warning("messages not removed", extra={"messages": len(failed)})

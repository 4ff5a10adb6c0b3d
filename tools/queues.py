"""The queues of changed SKUs and of mails: made on a local engine with dead letters, read from anywhere."""

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from common import config
from common.clock import utc_now
from etsy_sync.sync.consuming import Consumed, consume
from etsy_sync.sync.pushing import Pusher
from etsy_sync.sync.receiving import receive, remove
from shop.mail.reading import Message as Mail
from shop.mail.reading import Read, read_messages

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DEFAULT_NAME = "artshop-stock"
DEFAULT_MAIL_NAME = "artshop-mail"
RECEIVES = 5
# A worker that was killed leaves its messages hidden for so long.
HIDDEN_S = 60
KEPT_S = 14 * 86_400

ALL_THE_TIME = float("inf")


def queue_name() -> str:
    """The name that `STOCK_QUEUE_NAME` gives, default artshop-stock."""
    return config.setting("STOCK_QUEUE_NAME", DEFAULT_NAME)


def mail_queue_name() -> str:
    """The name that `MAIL_QUEUE_NAME` gives, default artshop-mail."""
    return config.setting("MAIL_QUEUE_NAME", DEFAULT_MAIL_NAME)


def prepare(name: str) -> str:
    """Creates the queue and its dead-letter queue where they are missing; answers the queue's address.

    Raises botocore's errors when the engine has no queues.
    """
    dead_letters = _ensure(f"{name}-dead", {"MessageRetentionPeriod": str(KEPT_S)})
    answer = get_client().get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": RECEIVES})
    return _ensure(name, {"VisibilityTimeout": str(HIDDEN_S), "RedrivePolicy": redrive})


def work_off(url: str, pusher: Pusher, wait_s: int = 0) -> Consumed | None:
    """Receives one batch, tells the channels, and removes what is done; None when nothing waits."""
    messages = receive(get_client(), url, wait_s)
    if not messages:
        return None
    consumed = consume(messages, pusher, lambda: ALL_THE_TIME)
    remove(get_client(), url, [message for message in messages if message not in consumed.failed])
    return consumed


def work_off_mails(url: str, wait_s: int = 0) -> Read | None:
    """Receives one batch of the mail queue and sends its mails; None when nothing waits."""
    messages = receive(get_client(), url, wait_s)
    if not messages:
        return None
    read = read_messages([Mail(each.id, each.body) for each in messages], utc_now, lambda: ALL_THE_TIME)
    remove(get_client(), url, [message for message in messages if message.id not in read.failed])
    return read


def drain(url: str, pusher: Pusher, done: Callable[[int], None]) -> Consumed:
    """Works off all that waits now; `done` is told of how many messages were worked off so far."""
    total = Consumed()
    while consumed := work_off(url, pusher):
        total.counts.update(consumed.counts)
        total.errors += consumed.errors
        total.failed += consumed.failed
        done(total.counts["messages"])
    return total


@cache
def get_client() -> "SQSClient":
    """A client that has the patience to wait for messages."""
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=2, read_timeout=30, retries={"mode": "standard", "max_attempts": 3})
    return boto3.client("sqs", region_name=config.region(), config=limits)


def reset_client() -> None:
    """Forget the client, so that the next use reads the endpoint and region again."""
    get_client.cache_clear()


def _ensure(name: str, attributes: dict[str, str]) -> str:
    client = get_client()
    try:
        url = client.get_queue_url(QueueName=name)["QueueUrl"]
    except client.exceptions.QueueDoesNotExist:
        url = client.create_queue(QueueName=name)["QueueUrl"]
    # The engine's port may be another than when the queue was created.
    here = urlsplit(client.meta.endpoint_url)
    url = urlsplit(url)._replace(scheme=here.scheme, netloc=here.netloc).geturl()
    client.set_queue_attributes(QueueUrl=url, Attributes=attributes)  # type: ignore[arg-type]
    return url

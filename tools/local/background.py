"""What the local shop does besides answering: it keeps a queue, works it off and runs the channels' jobs."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from common import stock_queue
from tools import queues
from tools.local.published import publish, withdraw
from tools.local.settings import LOOPBACK, Engines
from tools.local.worker import Worker

Say = Callable[[str], None]


@contextmanager
def background(data: Path, engines: Engines, say: Say) -> Iterator[Callable[[], None]]:
    """Prepares the queue and works in the background; yields what prepares the queue on an engine anew.

    Nothing happens on engines elsewhere: what is deployed there does it.
    """
    if not engines.is_local:
        yield lambda: None
        return
    given = os.environ.get("STOCK_QUEUE_URL", "")
    if not given:
        prepare_queue(say)
    publish(data)
    worker = Worker(_local_queue())
    worker.start()
    try:
        yield lambda: None if given else prepare_queue(say)
    finally:
        withdraw(data)
        worker.stop()


def prepare_queue(say: Say) -> None:
    """Creates the queue on the engine and sets `STOCK_QUEUE_URL`; says so when the engine has no queues."""
    queues.reset_client()
    stock_queue.reset_client()
    try:
        os.environ["STOCK_QUEUE_URL"] = queues.prepare(queues.queue_name())
    except (BotoCoreError, ClientError) as error:
        say(f"  The channels are told by the jobs only, because the engine has no queue: {error}")


def _local_queue() -> str:
    """The queue, if it is on this machine: what waits in another belongs to whatever is deployed there."""
    url = os.environ.get("STOCK_QUEUE_URL", "")
    return url if (urlsplit(url).hostname or "") in LOOPBACK else ""

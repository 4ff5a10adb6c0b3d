"""What the local shop does besides answering: it keeps queues, works them off and runs the channels' jobs."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from common import sqs
from tools import queues
from tools.local.published import publish, withdraw
from tools.local.settings import LOOPBACK, Engines
from tools.local.worker import Worker

Say = Callable[[str], None]

QUEUES: Mapping[str, Callable[[], str]] = {
    "STOCK_QUEUE_URL": queues.queue_name,
    "MAIL_QUEUE_URL": queues.mail_queue_name,
}


@contextmanager
def background(data: Path, engines: Engines, say: Say) -> Iterator[Callable[[], None]]:
    """Prepares the queues and works in the background; yields what prepares them on an engine anew.

    Nothing happens on engines elsewhere: what is deployed there does it.
    """
    if not engines.is_local:
        yield lambda: None
        return
    given = [name for name in QUEUES if os.environ.get(name)]
    prepare_queues(say, given)
    publish(data)
    worker = Worker(_local_queue("STOCK_QUEUE_URL"), _local_queue("MAIL_QUEUE_URL"))
    worker.start()
    try:
        yield lambda: prepare_queues(say, given)
    finally:
        withdraw(data)
        worker.stop()


def prepare_queues(say: Say, given: Collection[str] = ()) -> None:
    """Creates the queues on the engine but those that are `given`, and sets what names their addresses.

    Says so when the engine has no queues.
    """
    queues.reset_client()
    sqs.reset_client()
    try:
        for setting, name in QUEUES.items():
            if setting not in given:
                os.environ[setting] = queues.prepare(name())
    except (BotoCoreError, ClientError) as error:
        say(f"  Channels are told and mails sent by the jobs only, because the engine has no queue: {error}")


def _local_queue(setting: str) -> str:
    """A queue, if it is on this machine: what waits in another belongs to whatever is deployed there."""
    url = os.environ.get(setting, "")
    return url if (urlsplit(url).hostname or "") in LOOPBACK else ""

"""Works off messages that name a changed SKU, or a job that somebody asked for, whoever received them.

What a channel postpones is sent again as a new message with a delay. Were it left in the queue, each
waiting would count as a failed attempt, and a SKU whose channel is merely busy would end among the
undeliverable ones. Only attempts that failed are counted there.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common.logging import describe_exception, logger
from common.stock_queue import LONGEST_DELAY, announce_later, hide
from etsy_sync.sync.asked_jobs import run_asked
from etsy_sync.sync.delivery import Delivery, deliver
from etsy_sync.sync.pushing import Pusher

# A SKU is not begun when less is left of the time to run: its channels may take as long.
NEEDED_SECONDS = 60
# The first wait after a failure, doubled with each further one.
FIRST_WAIT = 30


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was received; `receives` counts how often, this time included."""

    id: str
    receipt: str
    body: str
    receives: int = 1

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Message":
        """A record of the event that Lambda gets from SQS."""
        receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        return cls(record["messageId"], record["receiptHandle"], record["body"], receives)

    @property
    def sku(self) -> str:
        """The SKU that it names; empty when it names none."""
        return self._named("sku")

    @property
    def job(self) -> str:
        """The job that it asks for; empty when it asks for none."""
        return self._named("job")

    def _named(self, name: str) -> str:
        try:
            named = json.loads(self.body)[name]
        except (ValueError, KeyError, TypeError):
            return ""
        return named if isinstance(named, str) else ""


@dataclass(slots=True)
class Consumed:
    """What became of messages: `failed` are to be received again, all others are done with."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: list[Message] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def by_sku(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """The messages of each SKU; those that name none are left out, because nobody can make use of them."""
    grouped: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        if message.sku:
            grouped[message.sku].append(message)
        elif not message.job:
            logger().error("message without a SKU", extra={"message_id": message.id})
    return grouped


def consume(messages: Sequence[Message], pusher: Pusher, seconds_left: Callable[[], float]) -> Consumed:
    """Tells the channels of the SKUs of messages, of each SKU once; raises nothing.

    `seconds_left` says how long the process may still run.
    """
    consumed = Consumed(Counter(messages=len(messages)))
    for sku, those in by_sku(messages).items():
        consumed.counts["skus"] += 1
        if seconds_left() < NEEDED_SECONDS:
            _postpone(sku, those, 0, consumed)
        else:
            _deliver(sku, those, pusher, consumed)
    for job in dict.fromkeys(message.job for message in messages if message.job):
        _run(job, pusher.clock(), seconds_left, consumed)
    consumed.counts["failed"] = len(consumed.failed)
    return consumed


def _run(job: str, now: datetime, seconds_left: Callable[[], float], consumed: Consumed) -> None:
    """Runs a job once, however it goes: the schedule repeats it."""
    try:
        report = run_asked(job, now, seconds_left)
    except Exception as error:  # noqa: BLE001 - a job does not hold up the SKUs beside it
        logger().error("job broke off", extra={"job": job, **describe_exception(error)})
        consumed.errors.append(f"job {job}: {type(error).__name__}")
        return
    consumed.counts["jobs"] += report is not None
    consumed.errors += [f"job {job}: {error}" for error in report.errors] if report else []


def _deliver(sku: str, messages: list[Message], pusher: Pusher, consumed: Consumed) -> None:
    try:
        delivery = deliver(pusher, sku)
    except Exception as error:  # noqa: BLE001 - one SKU does not hold up the others
        logger().error("SKU not delivered", extra={"sku": sku, **describe_exception(error)})
        consumed.errors.append(f"{sku}: {type(error).__name__}")
        _fail(messages, FIRST_WAIT, consumed)
        return
    consumed.counts.update(result.outcome for result in delivery.results if result.outcome != "failed")
    consumed.errors += [f"{sku}: {error}" for error in delivery.errors]
    _settle(sku, messages, delivery, consumed)


def _settle(sku: str, messages: list[Message], delivery: Delivery, consumed: Consumed) -> None:
    seconds = delivery.retry_after
    if seconds is None:
        return
    if delivery.is_failing:
        _fail(messages, seconds, consumed)
    elif delivery.is_day_used_up and seconds > LONGEST_DELAY:
        # The inventory job finds it when the channel's day is over; until then each attempt is in vain.
        consumed.counts["left_to_inventory_job"] += 1
    else:
        _postpone(sku, messages, seconds, consumed)


def _postpone(sku: str, messages: list[Message], seconds: int, consumed: Consumed) -> None:
    if announce_later(sku, min(seconds, LONGEST_DELAY)):
        consumed.counts["postponed"] += 1
    else:
        consumed.failed += messages


def _fail(messages: list[Message], seconds: int, consumed: Consumed) -> None:
    for message in messages:
        hide(message.receipt, max(seconds, FIRST_WAIT * 2 ** (message.receives - 1)))
    consumed.failed += messages

"""The sync's Lambda functions besides the API: the scheduled jobs and the reader of its queue.

Lambda imports this module alone, so that a job does not load the routes; what a function works with is
imported when it runs.
"""

from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent, SQSEvent

from common import config
from common.dynamodb import meter
from common.jobs import log_batch, run_logged
from etsy_sync.schedules import SCHEDULES

DOMAIN = "etsy_sync"
# The queue's name follows from what the deployed functions are told.
QUEUE = config.setting("STOCK_QUEUE_NAME", "artshop-stock")
BATCH = 10

functions = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Adds the functions to an app, so that `chalice package` deploys them beside its API."""
    app.register_blueprint(functions)


@functions.schedule(SCHEDULES["tokens"])
def sync_tokens(_event: CloudWatchEvent) -> dict[str, Any]:
    """Renews the access to Etsy."""
    return run_job("tokens")


@functions.schedule(SCHEDULES["inventory"])
def sync_inventory(_event: CloudWatchEvent) -> dict[str, Any]:
    """Tells the channels what they were not told."""
    return run_job("inventory")


@functions.schedule(SCHEDULES["products"])
def sync_products(_event: CloudWatchEvent) -> dict[str, Any]:
    """Reads the channels' listings."""
    return run_job("products")


@functions.schedule(SCHEDULES["receipts"])
def sync_receipts(_event: CloudWatchEvent) -> dict[str, Any]:
    """Applies Etsy's sales."""
    return run_job("receipts")


@functions.schedule(SCHEDULES["orders"])
def sync_orders(_event: CloudWatchEvent) -> dict[str, Any]:
    """Applies Shopify's and Amazon's sales."""
    return run_job("orders")


@functions.schedule(SCHEDULES["returns"])
def sync_returns(_event: CloudWatchEvent) -> dict[str, Any]:
    """Applies Amazon's returns."""
    return run_job("returns")


@functions.schedule(SCHEDULES["reconcile"])
def sync_reconcile(_event: CloudWatchEvent) -> dict[str, Any]:
    """Repairs what drifted."""
    return run_job("reconcile")


@functions.schedule(SCHEDULES["undelivered"])
def sync_undelivered(_event: CloudWatchEvent) -> dict[str, Any]:
    """Raises an alert for each SKU that could not be brought to the channels."""
    return run_job("undelivered")


# How many run at once is not limited here: leases keep two from one listing, and what a channel refuses for
# its pace is sent again. With a limit, Lambda would ask an idle queue by five connections, and not by two.
@functions.on_sqs_message(queue=QUEUE, batch_size=BATCH)
def tell_channels(event: SQSEvent) -> dict[str, Any]:
    """Tells the channels of changed SKUs; answers which messages are to be received again."""
    from etsy_sync import wiring
    from etsy_sync.sync.consuming import Message, consume

    messages = [Message.from_record(record) for record in event.to_dict()["Records"]]
    with meter() as usage:
        consumed = consume(messages, wiring.pusher(), lambda: _seconds_left(event.context))
    has_failed = bool(consumed.failed)
    log_batch("channels told", DOMAIN, consumed.counts, consumed.errors, usage, has_failed=has_failed)
    return {"batchItemFailures": [{"itemIdentifier": message.id} for message in consumed.failed]}


def run_job(name: str) -> dict[str, Any]:
    """Runs a job and answers its outcome and counts; JobFailed when it failed on every channel."""
    from common.clock import utc_now
    from etsy_sync import jobs

    return run_logged(name, DOMAIN, lambda: jobs.run(name, utc_now()))


def _seconds_left(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1000

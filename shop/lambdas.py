"""The shop domain's Lambda functions besides the API: its scheduled jobs and the sender of mails.

Lambda imports this module alone, so that a job does not load the routes; what a function works with is
imported when it runs.
"""

from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent, SQSEvent

from common import config
from common.dynamodb import meter
from common.jobs import log_batch, run_by_schedule
from shop.schedules import SCHEDULES

DOMAIN = "shop"
# The queue's name follows from what the deployed functions are told.
QUEUE = config.setting("MAIL_QUEUE_NAME", "artshop-mail")
BATCH = 10

functions = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Adds the functions to an app, so that `chalice package` deploys them beside its API."""
    app.register_blueprint(functions)


@functions.schedule(SCHEDULES["analytics"])
def summarise_analytics(_event: CloudWatchEvent) -> dict[str, Any]:
    """Summarises what visitors did on the pages of each creator."""
    return run_job("analytics")


@functions.schedule(SCHEDULES["mails"])
def send_waiting_mails(_event: CloudWatchEvent) -> dict[str, Any]:
    """Sends the mails that wait."""
    return run_job("mails")


@functions.on_sqs_message(queue=QUEUE, batch_size=BATCH)
def send_mails(event: SQSEvent) -> dict[str, Any]:
    """Sends the mails that messages name; answers which messages are to be received again."""
    from common.clock import utc_now
    from shop.mail.reading import Message, read_messages

    messages = [Message(record["messageId"], record["body"]) for record in event.to_dict()["Records"]]
    with meter() as usage:
        read = read_messages(messages, utc_now, lambda: _seconds_left(event.context))
    log_batch("mails sent", DOMAIN, read.counts, read.errors, usage, has_failed=bool(read.failed))
    return {"batchItemFailures": [{"itemIdentifier": each} for each in read.failed]}


def run_job(name: str) -> dict[str, Any]:
    """Runs a job and answers its outcome and counts; JobFailed when any of its creators failed."""
    from shop.jobs import JOBS

    # Nothing is lost while it stands still; `shop.analytics.lateness` says so.
    return run_by_schedule(name, DOMAIN, JOBS, is_waited_for=False)


def _seconds_left(context: Any) -> float:
    return float(context.get_remaining_time_in_millis()) / 1000

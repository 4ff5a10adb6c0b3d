"""The job of the mails: tells the artist of what is new, and sends whatever waits and nobody was told of."""

import json
import time
from collections import Counter
from datetime import datetime

from common import config
from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.jobs import ERROR, PARTIAL, JobReport, Progress
from common.notifications import notify
from common.outbox import sends_mail
from common.repositories.selling_terms import selling_terms
from common.sqs import get_client
from shop.mail.addresses import artist_address
from shop.mail.digest import queue_digest
from shop.mail.sending import Sent, send_due

NAME = "mails"
# Of the function's 300, so that it ends by itself.
SECONDS = 240
BATCH = 10


def send_mails(now: datetime, progress: Progress | None) -> JobReport:
    """Sends all mails that are due and looks after the queue's dead letters, until its time is over."""
    if not sends_mail():
        return JobReport(NAME, is_configured=False)
    ends = time.monotonic() + SECONDS
    counts: Counter[str] = Counter()
    if artist_address(selling_terms().seller):
        counts["told_to_artist"] = queue_digest(now)
    counts["dead_letters"] = report_dead_letters(now)
    # The digest was queued at this moment, and is due at once.
    sent = send_due(utc_now, lambda: time.monotonic() < ends)
    counts.update(sent.counts)
    if progress is not None:
        progress(sum(sent.counts.values()), None)
    report = JobReport(NAME, counts=+counts, errors=tuple(sent.errors))
    _judge(report, sent)
    return report


def _judge(report: JobReport, sent: Sent) -> None:
    if sent.errors and not sent.counts["sent"]:
        report.outcome = ERROR
    elif sent.counts["failed"] or report.counts["dead_letters"]:
        report.outcome = PARTIAL


def report_dead_letters(now: datetime) -> int:
    """Tells the artist of messages that nobody could make use of, and takes them out; how many there were.

    A mail that such a message names is sent all the same, because the table says that it waits; what is lost
    is a report of SES. Told before it is taken out: a repetition tells once more.
    """
    queue = config.setting("MAIL_QUEUE_URL")
    if not queue:
        return 0
    url = f"{queue}-dead"
    answer = get_client().receive_message(QueueUrl=url, MaxNumberOfMessages=BATCH)
    messages = answer.get("Messages", [])
    reports = [each for each in messages if not _names_mail(each.get("Body", ""))]
    if reports:
        with UnitOfWork() as work:
            notify(
                work,
                type="system",
                severity="error",
                title=f"{len(reports)} reports about mails could not be read",
                message="Addresses that cannot be written to may have been missed; see docs/mail.md",
                now=now,
            )
    for each in messages:
        get_client().delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return len(messages)


def _names_mail(body: str) -> bool:
    try:
        return isinstance(json.loads(body)["mail"], str)
    except (ValueError, TypeError, KeyError):
        return False

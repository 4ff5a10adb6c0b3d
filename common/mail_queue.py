"""The queue that brings mails to their sender at once; a message holds the mail's id and nothing else."""

from collections.abc import Iterable

from common import config
from common.sqs import get_client, send_all


def announce_mails(mail_ids: Iterable[str]) -> None:
    """Says that these mails wait to be sent; raises nothing.

    Call it after the commit, as `UnitOfWork.afterwards` does. Without `MAIL_QUEUE_URL` nothing is sent. What
    does not arrive is found by the job that looks for waiting mails, so a failure is logged and no more.
    """
    url = config.setting("MAIL_QUEUE_URL")
    if url:
        bodies = [{"mail": mail_id} for mail_id in mail_ids]
        send_all(get_client(), url, bodies, lost="mail not announced")

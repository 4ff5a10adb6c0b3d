"""The local shop's background work: what scheduled and queue-driven Lambda functions do once deployed."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from common.clock import utc_now
from common.jobs import JobFailed, log_counts
from common.logging import describe_exception, logger
from etsy_sync import wiring
from tools import queues
from tools.all_jobs import jobs_to_run
from tools.local.timetable import is_rate, next_run

# Short, so that Ctrl-C does not wait for it.
WAIT_FOR_MESSAGES_S = 1
PAUSE_S = 2.0
# How long a stop waits for what is under way; what it cuts off is taken up again by the next start.
STOPPED_WITHIN_S = 10.0


class Worker:
    """Reads the queues at these addresses (empty: none) and runs the jobs by their rates."""

    def __init__(self, queue_url: str, mail_queue_url: str = "") -> None:
        self._url = queue_url
        self._mail_url = mail_queue_url
        self._stopping = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin, in the background."""
        # Built by two threads at once, it would write every line twice.
        logger()
        if self._url:
            self._begin(self._read_queue)
        if self._mail_url:
            self._begin(self._read_mails)
        self._begin(self._run_jobs)

    def stop(self) -> None:
        """End after the message or the job that is under way, or without it when it takes long."""
        self._stopping.set()
        for thread in self.threads:
            thread.join(STOPPED_WITHIN_S)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=work.__name__, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _read_queue(self) -> None:
        self._read(self.work_once)

    def _read_mails(self) -> None:
        self._read(self.send_once)

    def _read(self, work_once: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                work_once()
            except Exception as error:  # noqa: BLE001 - the reader outlives an engine that is started again
                if not self._stopping.wait(PAUSE_S):
                    logger().warning("queue not read", extra=describe_exception(error))

    def work_once(self) -> None:
        """Work off one batch of the queue."""
        consumed = queues.work_off(self._url, wiring.pusher(), WAIT_FOR_MESSAGES_S)
        if consumed is not None:
            log_counts("channels told", consumed.counts, consumed.errors)

    def send_once(self) -> None:
        """Send the mails of one batch of their queue."""
        read = queues.work_off_mails(self._mail_url, WAIT_FOR_MESSAGES_S)
        if read is not None:
            log_counts("mails sent", read.counts, read.errors)

    def _run_jobs(self) -> None:
        while not self._stopping.is_set():
            try:
                schedules = {name: job.schedule for name, job in jobs_to_run().items()}
                run_by_rate(schedules, utc_now, self._stopping.wait, run_job)
            except Exception as error:  # noqa: BLE001 - without it, no job would ever run again
                logger().error("jobs broke off, beginning again", extra=describe_exception(error))
                self._stopping.wait(PAUSE_S)


def run_by_rate(
    schedules: Mapping[str, str],
    clock: Callable[[], datetime],
    wait: Callable[[float], bool],
    run: Callable[[str], None],
) -> None:
    """Runs the jobs with these schedules as they fall due until `wait` (given seconds) says that it is over.

    Those with a rate run once at the beginning.
    """
    began = clock()
    due = {name: began if is_rate(rate) else next_run(rate, began) for name, rate in schedules.items()}
    while not wait(max(0.0, (min(due.values()) - clock()).total_seconds())):
        name = min(due, key=lambda each: due[each])
        run(name)
        due[name] = next_run(schedules[name], clock())


def run_job(name: str) -> None:
    """Runs a job, whose failure is in the log."""
    try:
        jobs_to_run()[name].run_as_lambda()
    except JobFailed:
        return

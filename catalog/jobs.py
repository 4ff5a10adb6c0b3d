"""The jobs of the catalogue, by name: run by schedules and by command."""

from collections.abc import Mapping

from catalog import creators_job, snapshot_job
from common.jobs import Job

JOBS: Mapping[str, Job] = {
    creators_job.NAME: Job(
        "takes the works of disabled creators off the shop, and brings back those of enabled ones",
        creators_job.follow_all,
    ),
    snapshot_job.NAME: Job(
        "writes down what the catalogue has, so that lists need not read all of it",
        snapshot_job.write_snapshot,
    ),
}

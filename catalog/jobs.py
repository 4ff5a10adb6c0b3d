"""The jobs of the catalogue, by name: run by schedules and by command."""

from collections.abc import Mapping

from catalog.creators_job import NAME, follow_all
from common.jobs import Job

JOBS: Mapping[str, Job] = {
    NAME: Job(
        "takes the works of disabled creators off the shop, and brings back those of enabled ones", follow_all
    )
}

"""The jobs of the shop domain, by name: run by schedules and by command."""

from collections.abc import Mapping

from common.jobs import Job
from shop.analytics.job import summarise_all
from shop.mail.job import send_mails

JOBS: Mapping[str, Job] = {
    "analytics": Job("summarises what visitors did on the pages of each creator, by day", summarise_all),
    "mails": Job("sends the mails that wait, and tells the artist of what is new", send_mails),
}

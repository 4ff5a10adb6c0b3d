"""A shop to be loaded on emulated AWS: a stage deployed there, with the demo data."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from common.clock import utc_now
from common.dynamodb import reset_client
from tools import demo
from tools.deploy import run
from tools.deploy.switch import url_of
from tools.load.own_shop import Shop
from tools.paths import ROOT
from tools.rehearsal.emulator import EmulatedAws, emulated_aws
from tools.rehearsal.rehearse import PASSWORD_HERE, store_secrets, within

STAGE = "staging"
API_FUNCTION = "-APIHandler"
# What loading the demo data reads of the stage.
_READ = ("DYNAMODB_TABLE_NAME", "S3_BUCKET_NAME", "MEDIA_BASE_URL", "ENVIRONMENT")


@contextmanager
def rehearsed_shop(say: Callable[[str], None]) -> Iterator[Shop]:
    """The stage `staging` behind the emulated API Gateway, which ends with the block.

    Its log is what the log group of the API's function holds. ToolError as of a deployment.
    """
    with emulated_aws() as aws, within(aws.environment), tempfile.TemporaryDirectory() as folder:
        deployment = run.open_deployment(STAGE, ROOT, say)
        store_secrets(deployment.account, deployment.stage)
        run.deploy(deployment, None, lambda _: True)
        given = deployment.stage.environment
        with within({**aws.environment, **{name: given[name] for name in _READ if name in given}}):
            reset_client()
            demo.load(utc_now(), progress=say)
        log = Path(folder) / "shop.log"
        log.touch()
        collect = partial(collect_logs, aws, log)
        yield Shop(url_of(deployment), given["ADMIN_USERNAME"], PASSWORD_HERE, log, collect=collect)


def collect_logs(aws: EmulatedAws, log: Path) -> None:
    """Write all that the API's function has said so far to `log`, which so only grows."""
    logs = aws.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    (name,) = (name for name in groups if name.endswith(API_FUNCTION))
    with log.open("w", encoding="utf-8") as file:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
            file.writelines(f"{event['message'].rstrip()}\n" for event in page["events"])

"""The client of Amazon SES."""

from functools import cache
from typing import TYPE_CHECKING

from common import config

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client


@cache
def get_client() -> "SESV2Client":
    """The client, built on first use and kept; it asks once, because a mail is tried again later."""
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1})
    return boto3.client("sesv2", region_name=config.region(), config=limits)


def reset_client() -> None:
    """Forget the client, so that the next use reads the endpoint and region again."""
    get_client.cache_clear()

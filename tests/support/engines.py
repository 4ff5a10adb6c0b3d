"""The engines that tests run on: moto in this process, or DynamoDB Local beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from tests.support import quick_moto
from tools.engines import dynamodb_local

MOTO = "moto"
DYNAMODB_LOCAL = "dynamodb-local"
ENGINES = (MOTO, DYNAMODB_LOCAL)

_call_action = DynamoHandler.call_action
_lock = Lock()

quick_moto.hasten()

LOOPBACK = r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/.*)?"


def chosen_engine() -> str:
    """The engine that `ARTSHOP_TEST_ENGINE` names. Raises ValueError for one that does not exist."""
    name = os.environ.get("ARTSHOP_TEST_ENGINE") or MOTO
    if name not in ENGINES:
        raise ValueError(f"ARTSHOP_TEST_ENGINE must be one of {', '.join(ENGINES)}, not {name}")
    return name


@contextmanager
def running_dynamodb_local() -> Iterator[str]:
    """The endpoint of a DynamoDB Local: that of `DYNAMODB_LOCAL_ENDPOINT`, or one started for the block."""
    given = os.environ.get("DYNAMODB_LOCAL_ENDPOINT")
    if given:
        yield given
        return
    with dynamodb_local.start() as engine:
        yield engine.endpoint


@contextmanager
def mocked_aws() -> Iterator[None]:
    """All of AWS by moto, fresh for the block, except what is sent to this machine itself."""
    with (
        mock_aws(config={"core": {"passthrough": {"urls": [LOOPBACK]}}}),
        patch.object(DynamoHandler, "call_action", _one_at_a_time),
    ):
        # moto drops the session, and with it botocore's parsed service models, which take far longer to
        # read than most tests to run; clients are made afresh from it all the same.
        boto3.DEFAULT_SESSION = _session()
        yield


def _one_at_a_time(handler: DynamoHandler) -> Any:
    # DynamoDB looks at a condition and writes in one step; moto lets another thread in between.
    with _lock:
        return _call_action(handler)


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()

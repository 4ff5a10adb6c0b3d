"""An account that moto plays, with a deployment bucket."""

from collections.abc import Iterator

import boto3
import pytest

from tests.support.engines import mocked_aws
from tools.deploy.account import Account
from tools.deploy.store import Store, bucket_name

NUMBER, REGION = "123456789012", "eu-west-1"


@pytest.fixture
def account() -> Iterator[Account]:
    with mocked_aws():
        yield Account(boto3.Session(region_name=REGION), NUMBER, REGION, f"arn:aws:iam::{NUMBER}:root")


@pytest.fixture
def kept(account: Account) -> Store:
    """What a stack keeps in the deployment bucket."""
    bucket = bucket_name(account)
    place = {"LocationConstraint": REGION}
    account.objects.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)  # type: ignore[arg-type]
    return Store(account, bucket, "artshop-tried")

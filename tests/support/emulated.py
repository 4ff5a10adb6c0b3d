"""The emulated account, as the commands of deploying know it."""

import boto3

from tools.deploy.account import Account
from tools.rehearsal.emulator import ACCOUNT, REGION, SECRET, EmulatedAws


def account_of(aws: EmulatedAws) -> Account:
    """The emulated account, whatever this process's environment says."""
    session = boto3.Session(ACCOUNT, SECRET, region_name=REGION)
    return Account(session, ACCOUNT, REGION, f"arn:aws:iam::{ACCOUNT}:root", aws.endpoint)

"""The AWS account and region that are deployed to, and how it is told when they cannot be used."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

# Between two looks at a stack, on AWS and on an emulator.
POLL_S, EMULATED_POLL_S = 2.0, 0.25
LIMITS = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "max_attempts": 5})
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")


@dataclass(frozen=True)
class Account:
    """An account in a region; `endpoint` is empty on AWS itself."""

    session: boto3.Session = field(repr=False, compare=False)
    number: str
    region: str
    caller: str
    endpoint: str = ""

    @cached_property
    def formation(self) -> "CloudFormationClient":
        """CloudFormation."""
        return self.session.client("cloudformation", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def objects(self) -> "S3Client":
        """S3."""
        return self.session.client("s3", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def parameters(self) -> "SSMClient":
        """Parameter Store."""
        return self.session.client("ssm", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def secrets(self) -> Any:
        """Secrets Manager, which few stages use."""
        return self.session.client("secretsmanager", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def functions(self) -> "LambdaClient":
        """Lambda."""
        return self.session.client("lambda", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def queues(self) -> "SQSClient":
        """SQS."""
        return self.session.client("sqs", endpoint_url=self.endpoint or None, config=LIMITS)

    @cached_property
    def rights(self) -> "IAMClient":
        """IAM."""
        return self.session.client("iam", endpoint_url=self.endpoint or None, config=LIMITS)

    @property
    def poll_s(self) -> float:
        """Seconds between two looks at a stack."""
        return EMULATED_POLL_S if self.endpoint else POLL_S

    def reachable(self, url: str) -> str:
        """Where what a stack names `https://...amazonaws.com/...` answers, without a slash at the end."""
        if not self.endpoint:
            return url.rstrip("/")
        for kind in ("execute-api", "lambda-url"):
            found = re.match(rf"https://([^./]+)\.{kind}\.[^/]*(/.*)?$", url)
            if found:
                return f"{self.endpoint}/_aws/{kind}/{found[1]}{found[2] or ''}".rstrip("/")
        return url.rstrip("/")


def open_account() -> Account:
    """The account of the usual AWS variables and files; ToolError when they name none that answers."""
    session = boto3.Session()
    if not session.region_name:
        raise ToolError("No AWS region is set. Set AWS_REGION, such as eu-west-1, or `aws configure`.")
    with aws_errors("ask who is deploying"):
        client = session.client("sts", config=LIMITS)
        caller = client.get_caller_identity()
        endpoint = client.meta.endpoint_url
    on_aws = re.match(r"https://sts\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$", endpoint)
    return Account(session, caller["Account"], session.region_name, caller["Arn"], "" if on_aws else endpoint)


@contextmanager
def aws_errors(doing: str) -> Iterator[None]:
    """Within the block, what AWS refuses is a ToolError that says what could not be done, and why."""
    try:
        yield
    except NoCredentialsError as error:
        raise ToolError(
            "No AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from error
    except (ClientError, BotoCoreError, NoRegionError) as error:
        if is_denied(error):
            raise ToolError(f"AWS gives you no right to {doing}: {error}") from error
        raise ToolError(f"AWS did not {doing}: {error}") from error


def error_code(error: Exception) -> str:
    """AWS's code of an error; empty for one that came from elsewhere."""
    return str(error.response["Error"].get("Code", "")) if isinstance(error, ClientError) else ""


def is_denied(error: Exception) -> bool:
    """Whether AWS refused for want of rights."""
    return error_code(error) in DENIED

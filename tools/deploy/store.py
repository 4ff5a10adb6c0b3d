"""The deployment bucket: packages and templates by their digests, and small records as JSON."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tools.deploy.account import Account, aws_errors, error_code
from tools.errors import ToolError

STACK = "artshop-deployment"
ABSENT = ("404", "NoSuchKey", "NotFound", "NoSuchBucket")
TAKEN = ("412", "PreconditionFailed", "409", "ConditionalRequestConflict")


class Taken(Exception):
    """Somebody else has written the object meanwhile."""


def bucket_name(account: Account) -> str:
    """The deployment bucket of an account in a region."""
    return f"artshop-deployments-{account.number}-{account.region}"


def bucket_exists(account: Account, bucket: str) -> bool:
    """Whether there is such a bucket in this account; ToolError when it is another account's."""
    with aws_errors(f"look for the bucket {bucket}"):
        try:
            account.objects.head_bucket(Bucket=bucket, ExpectedBucketOwner=account.number)
        except ClientError as error:
            if error_code(error) in ABSENT:
                return False
            if error_code(error) in {"403", "AccessDenied"}:
                raise ToolError(
                    f"The bucket {bucket} belongs to another account than {account.number}, or you have"
                    " no right to see it. Bucket names are unique in all of AWS: give the stage another one."
                ) from error
            raise
    return True


@dataclass(frozen=True)
class Store:
    """What one stack keeps in the deployment bucket."""

    account: Account
    bucket: str
    stack: str

    def key(self, *parts: str) -> str:
        """The key of an object of this stack."""
        return "/".join((self.stack, *parts))

    def url(self, key: str) -> str:
        """Where CloudFormation reads an object."""
        if self.account.endpoint:
            return f"{self.account.endpoint}/{self.bucket}/{key}"
        suffix = "amazonaws.com.cn" if self.account.region.startswith("cn-") else "amazonaws.com"
        return f"https://{self.bucket}.s3.{self.account.region}.{suffix}/{key}"

    def keep(self, key: str, content: bytes) -> bool:
        """Upload what its digest names, unless it is there; False when it was.

        ToolError when it did not arrive whole. S3 compares the checksum before it takes the object, so an
        upload that was cut off leaves nothing.
        """
        if self._holds(key, content):
            return False
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with aws_errors(f"upload {key}"):
            self.account.objects.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=content,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=digest,
                ExpectedBucketOwner=self.account.number,
            )
        if not self._holds(key, content):
            raise ToolError(f"{key} did not arrive whole in {self.bucket}; try again.")
        return True

    def _holds(self, key: str, content: bytes) -> bool:
        with aws_errors(f"look for {key}"):
            try:
                found = self.account.objects.head_object(
                    Bucket=self.bucket,
                    Key=key,
                    ExpectedBucketOwner=self.account.number,
                    ChecksumMode="ENABLED",
                )
            except ClientError as error:
                if error_code(error) in ABSENT:
                    return False
                raise
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return found["ContentLength"] == len(content) and found.get("ChecksumSHA256") == digest

    def has(self, key: str) -> bool:
        """Whether an object lies there."""
        with aws_errors(f"look for {key}"):
            try:
                self.account.objects.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if error_code(error) in ABSENT:
                    return False
                raise
        return True

    def read(self, key: str) -> tuple[Any, str]:
        """The JSON of an object and its ETag; None and nothing where there is none."""
        with aws_errors(f"read {key}"):
            try:
                answer = self.account.objects.get_object(
                    Bucket=self.bucket, Key=key, ExpectedBucketOwner=self.account.number
                )
            except ClientError as error:
                if error_code(error) in ABSENT:
                    return None, ""
                raise
            return json.loads(answer["Body"].read()), answer["ETag"]

    def write(self, key: str, record: Any, *, over: str | None = None) -> str:
        """Write JSON and give its ETag.

        `over` is the ETag of what it replaces, empty for nothing, None for anything; Taken when that is not
        so any more.
        """
        conditions = {} if over is None else {"IfMatch": over} if over else {"IfNoneMatch": "*"}
        with aws_errors(f"write {key}"):
            try:
                answer = self.account.objects.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=json.dumps(record, indent=2).encode(),
                    ContentType="application/json",
                    ExpectedBucketOwner=self.account.number,
                    **conditions,  # type: ignore[arg-type]
                )
            except ClientError as error:
                if error_code(error) in TAKEN:
                    raise Taken(key) from error
                raise
        return answer["ETag"]

    def remove(self, key: str) -> None:
        """Delete an object; it may be gone."""
        with aws_errors(f"delete {key}"):
            self.account.objects.delete_object(Bucket=self.bucket, Key=key)

    def keys_below(self, *parts: str) -> list[str]:
        """The keys below a place, sorted."""
        with aws_errors(f"list {self.bucket}"):
            pages = self.account.objects.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.key(*parts) + "/"
            )
            return sorted(each["Key"] for page in pages for each in page.get("Contents", []))


def digest(content: bytes) -> str:
    """The SHA-256 of something, in hex."""
    return hashlib.sha256(content).hexdigest()

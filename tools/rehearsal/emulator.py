"""AWS emulated on 127.0.0.1: CloudFormation and what the shop's templates make, gone when it is stopped."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tools.engines.ministack import EngineFailed, MiniStack

ACCOUNT = "111122223333"
REGION = "eu-west-1"
SECRET = "emulated"  # noqa: S105 - it opens nothing
# All that a machine needs to start a program; no setting of the caller's shop, account or Python.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
SERVER = "tools.rehearsal.emulator_server"


@dataclass(frozen=True)
class EmulatedAws:
    """A running emulator: an account without anything in it."""

    engine: MiniStack

    @property
    def endpoint(self) -> str:
        """The URL of every service."""
        return self.engine.endpoint

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which any AWS client, in this process or another, works here."""
        return account_environment(self.endpoint)

    def client(self, service: str) -> Any:
        """A boto3 client of this account."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=SECRET,
        )

    def api_url(self, api: str, stage: str) -> str:
        """Where a REST or HTTP API answers on this machine, without a slash at the end."""
        return f"{self.endpoint}/_aws/execute-api/{api}/{stage}"

    @property
    def log(self) -> Path:
        """What the emulator says, its functions' errors among it."""
        return self.engine.data / "engine.log"


def account_environment(endpoint: str, account: str = ACCOUNT) -> dict[str, str]:
    """Variables for a client of this emulator, in an account of twelve digits, which its key id names."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def emulated_aws() -> Iterator[EmulatedAws]:
    """An emulator in a folder of its own, which ends with this block and, killed or not, with this process.

    Raises EngineFailed when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="artshop-aws-", ignore_cleanup_errors=True) as folder:
        environment = server_environment(Path(folder))
        # Any port: the usual one is for the shop that runs on this machine.
        engine = MiniStack(Path(folder), preferred_port=0, server=SERVER, environment=environment)
        engine.start()
        try:
            yield EmulatedAws(engine)
        finally:
            # Killed is as good: nothing of it is kept.
            with suppress(EngineFailed):
                engine.stop()


def server_environment(folder: Path, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the emulator's process sees, and with it each function that it runs."""
    kept = {name: outer[name] for name in PASSED_ON if name in outer}
    return kept | {
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "localhost",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        # What its functions unpack goes with the folder.
        "TMPDIR": str(folder),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        # Off: each would open a port of its own.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        # Roles have the rights of their policies and no others.
        "AUTH": "true",
        # At its start it stops every container with its label; those are not this project's.
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        # The SAM translator looks services up by it.
        "AWS_DEFAULT_REGION": REGION,
    }

"""`artshop deploy STAGE --rehearse`: the same deployment on emulated AWS, and the shop tried there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.deploy import run
from tools.deploy.account import Account
from tools.deploy.formation import Say
from tools.deploy.secrets import needed_secrets
from tools.deploy.switch import url_of
from tools.errors import ToolError
from tools.local.credentials import password_hash
from tools.package.stages import Stage
from tools.paths import ROOT
from tools.rehearsal.emulator import emulated_aws

CONTRACT = "tests/rehearsal/test_contract.py"
URL, PASSWORD = "ARTSHOP_CONTRACT_URL", "ARTSHOP_CONTRACT_PASSWORD"
# The contract's caller is one browser of the stage's own storefront.
USERNAME, ORIGIN = "ARTSHOP_CONTRACT_USERNAME", "ARTSHOP_CONTRACT_ORIGIN"
PAYMENT = "ARTSHOP_CONTRACT_PAYMENT"
PASSWORD_HERE = "only-for-a-rehearsal"  # noqa: S105 - of a shop that is gone when it ends
SECRET = "x" * 48


def rehearse(stage_name: str, folder: Path | None, say: Say, *, keep: bool) -> None:
    """Deploy a stage to an emulator of its own, run the contract suite against it, and end it.

    With `keep` it serves until Ctrl-C. Raises ToolError where the deployment or the suite fails.
    """
    with emulated_aws() as aws, within(aws.environment):
        say(f"AWS emulated at {aws.endpoint}")
        deployment = run.open_deployment(stage_name, ROOT, say)
        store_secrets(deployment.account, deployment.stage)
        run.deploy(deployment, folder, lambda _: True)
        say("The contract suite:")
        run_contract(url_of(deployment), deployment.stage)
        if keep:
            name = deployment.stage.environment["ADMIN_USERNAME"]
            say(f"Serving at {url_of(deployment)} until Ctrl-C.")
            say(f"{name} signs in with {PASSWORD_HERE}. What AWS logs: {aws.log}")
            _wait_for_interrupt()


def store_secrets(account: Account, stage: Stage) -> None:
    """Store made-up values under the names of the secrets that the stage needs."""
    for secret in needed_secrets(stage):
        value = password_hash(PASSWORD_HERE) if secret.name == "ADMIN_PASSWORD_HASH" else SECRET
        account.parameters.put_parameter(Name=secret.place, Value=value, Type="SecureString", Overwrite=True)


def run_contract(url: str, stage: Stage) -> None:
    """Run the contract suite against a URL; ToolError when it fails."""
    given = contract_environment(url, stage)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", CONTRACT]
    if subprocess.run(command, cwd=ROOT, env=os.environ | given, check=False).returncode:
        raise ToolError(f"The contract suite failed at {url}.")


def contract_environment(url: str, stage: Stage) -> dict[str, str]:
    """What the contract suite reads: where the stage answers, and how the artist signs in there."""
    return {
        URL: url,
        USERNAME: stage.environment.get("ADMIN_USERNAME", ""),
        PASSWORD: PASSWORD_HERE,
        ORIGIN: stage.first_origin,
        PAYMENT: stage.environment.get("PAYMENT_PROVIDER", ""),
    }


@contextmanager
def within(variables: Mapping[str, str]) -> Iterator[None]:
    """Within the block, this process has these environment variables and no other of AWS's."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _wait_for_interrupt() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return

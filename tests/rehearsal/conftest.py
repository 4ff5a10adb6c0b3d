"""Emulated accounts, a package that is built once, and a stage that is deployed there by the command line."""

import fcntl
import os
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.emulated import account_of
from tests.support.programs import Program, program, run
from tools.deploy.plan import Deployment
from tools.deploy.switch import url_of
from tools.package.build import TEMPLATE, ZIP, build
from tools.package.stages import read_stage
from tools.paths import ROOT
from tools.rehearsal.emulator import EmulatedAws, emulated_aws
from tools.rehearsal.rehearse import contract_environment, store_secrets

STAGE = "staging"
STACK = "artshop-staging"
BROKEN = "raise RuntimeError('this release does not start')\n"


@dataclass(frozen=True)
class Rehearsal:
    """An emulated account to which a package of `STAGE` is deployed."""

    aws: EmulatedAws
    package: Path

    @property
    def deployment(self) -> Deployment:
        """The stage in this account, for asking."""
        return Deployment(account_of(self.aws), read_stage(ROOT, STAGE), ROOT, lambda _: None)

    @property
    def url(self) -> str:
        """Where the stage answers."""
        return url_of(self.deployment)

    def command(self, *arguments: str, package: Path | None = None) -> list[str]:
        """The arguments of Python for a deployment."""
        return ["-m", "tools.cli", "deploy", STAGE, "--package", str(package or self.package), *arguments]

    def deploy(
        self, *arguments: str, package: Path | None = None, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        """The finished command."""
        given = self.aws.environment | changes
        return run(self.command(*(arguments or ("--yes",)), package=package), given)

    @contextmanager
    def deploying(self, package: Path) -> Iterator[Program]:
        """The running command, in another release."""
        with program(self.command("--yes", package=package), self.aws.environment) as running:
            yield running

    def releases(self) -> list[str]:
        """The lines of the list of releases, without what goes to standard error."""
        found = run(["-m", "tools.cli", "releases", STAGE], self.aws.environment)
        assert found.returncode == 0, found.stderr
        return found.stdout.splitlines()

    def stacks(self) -> dict[str, str]:
        """The states of the stacks that there are."""
        found = self.aws.client("cloudformation").describe_stacks()["Stacks"]
        return {each["StackName"]: each["StackStatus"] for each in found}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the stage's package; the first test process that asks builds it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "package"
    with (shared / "package.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / TEMPLATE).exists():
            build(STAGE, folder)
    return folder


@pytest.fixture
def account(package: Path) -> Iterator[Rehearsal]:
    """An account with the stage's secrets and nothing else."""
    with emulated_aws() as aws:
        rehearsal = Rehearsal(aws, package)
        store_secrets(account_of(aws), read_stage(ROOT, STAGE))
        yield rehearsal


@pytest.fixture
def deployed(account: Rehearsal) -> Rehearsal:
    """An account in which the stage has its first release."""
    first = account.deploy()
    assert first.returncode == 0, first.stdout + first.stderr
    return account


@pytest.fixture(scope="module")
def serving(package: Path) -> Iterator[Rehearsal]:
    """A deployed stage for tests that only use the shop."""
    with emulated_aws() as aws:
        rehearsal = Rehearsal(aws, package)
        store_secrets(account_of(aws), read_stage(ROOT, STAGE))
        first = rehearsal.deploy()
        assert first.returncode == 0, first.stdout + first.stderr
        yield rehearsal


@pytest.fixture(scope="module")
def contract(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the shop is: as the environment says, else one that is deployed for the module."""
    given = {name: value for name, value in os.environ.items() if name.startswith("ARTSHOP_CONTRACT_")}
    if given:
        return given
    rehearsal = request.getfixturevalue("serving")
    return contract_environment(rehearsal.url, rehearsal.deployment.stage)


def other_release(package: Path, folder: Path, files: dict[str, str] | None = None) -> Path:
    """A package like the given one with other files in its zip; without any, with one that nothing reads."""
    folder.mkdir()
    changed = files or {"release.txt": folder.name}
    (folder / TEMPLATE).write_text((package / TEMPLATE).read_text())
    with zipfile.ZipFile(package / ZIP) as source, zipfile.ZipFile(folder / ZIP, "w") as target:
        dropped = {name for new in changed for name in (new, f"{new}c")}
        for entry in source.infolist():
            if entry.filename not in dropped:
                target.writestr(entry, source.read(entry))
        for name, text in changed.items():
            target.writestr(name, text)
    return folder


def broken_release(package: Path, folder: Path) -> Path:
    """A package whose functions raise when they are imported."""
    return other_release(package, folder, {"app.py": BROKEN})

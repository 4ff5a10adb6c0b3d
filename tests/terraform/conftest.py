"""Packages that are deployed, built once for all test processes."""

import fcntl
from pathlib import Path

import pytest

from tools.package.build import TEMPLATE, build


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The package of the stage that serves every domain."""
    return _built("prod", tmp_path_factory.getbasetemp(), worker_id)


@pytest.fixture(scope="session")
def orders(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The package of the stage that serves the orders alone."""
    return _built("orders-prod", tmp_path_factory.getbasetemp(), worker_id)


def _built(stage: str, base: Path, worker_id: str) -> Path:
    shared = base if worker_id == "master" else base.parent
    folder = shared / f"terraform-{stage}"
    with (shared / f"terraform-{stage}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / TEMPLATE).exists():
            build(stage, folder)
    return folder

"""The packages of all domains, built once for all test processes."""

import fcntl
import importlib.util
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.package.build import build

STAGES = {
    "catalog": "catalog-prod",
    "orders": "orders-prod",
    "content": "content-prod",
    "shop": "shop-prod",
    "etsy_sync": "etsy-sync-prod",
}

# What Lambda's runtime brings besides Python itself.
GIVEN = ("boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six", "jmespath")


@dataclass(frozen=True)
class Package:
    """A built package: its folder, and its zip unpacked."""

    folder: Path
    tree: Path

    @property
    def names(self) -> list[str]:
        """The names of all files in the zip."""
        with zipfile.ZipFile(self.folder / "deployment.zip") as archive:
            return archive.namelist()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Package]:
    """Gives the package of a domain; the first test process that asks builds it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def get(domain: str) -> Package:
        folder = shared / f"package-{domain}"
        with (shared / f"package-{domain}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "sam.json").exists():
                build(STAGES[domain], folder)
                with zipfile.ZipFile(folder / "deployment.zip") as archive:
                    archive.extractall(folder / "tree")
        return Package(folder, folder / "tree")

    return get


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with boto3 and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("given")
    for name in GIVEN:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        place = Path(spec.origin)
        source = place.parent if spec.submodule_search_locations else place
        (folder / source.name).symlink_to(source)
    return folder

"""The size of the zip that deploys each domain."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.package.build import ZIP, build


@dataclass(frozen=True, slots=True)
class Package:
    """A built package: its stage and the size of its zip in bytes."""

    stage: str
    size: int


def measure_packages(domains: Sequence[str]) -> list[Package]:
    """Build the package of each domain and weigh it; ToolError when one cannot be built."""
    with tempfile.TemporaryDirectory() as folder:
        return [_build(_stage(domain), Path(folder)) for domain in domains]


def _stage(domain: str) -> str:
    return f"{domain.replace('_', '-')}-prod"


def _build(stage: str, folder: Path) -> Package:
    out = folder / stage
    build(stage, out)
    return Package(stage, (out / ZIP).stat().st_size)

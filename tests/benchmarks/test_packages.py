"""The zip of each domain is built and weighed."""

from pathlib import Path

import pytest

from benchmarks import packages
from benchmarks.packages import Package, measure_packages
from tools.package.build import ZIP


def test_each_domain_is_weighed_by_the_zip_of_its_own_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(stage: str, out: Path) -> str:
        out.mkdir()
        (out / ZIP).write_bytes(b"z" * len(stage))
        return ""

    monkeypatch.setattr(packages, "build", build)
    packed = [Package("catalog-prod", 12), Package("shop-prod", 9), Package("etsy-sync-prod", 14)]
    assert measure_packages(["catalog", "shop", "etsy_sync"]) == packed

"""The links by which Chalice packs the project's packages."""

from app import DOMAINS
from tools.paths import ROOT


def test_every_package_of_the_app_is_linked() -> None:
    assert {path.name for path in (ROOT / "vendor").iterdir()} == {"common", *DOMAINS}


def test_the_links_hold_wherever_the_project_lies() -> None:
    for link in (ROOT / "vendor").iterdir():
        assert link.is_symlink()
        assert str(link.readlink()) == f"../{link.name}"
        assert link.resolve() == ROOT / link.name

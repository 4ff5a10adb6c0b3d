"""What `artshop upload` writes for Terraform."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tools.errors import ToolError
from tools.package.stages import read_stage
from tools.paths import ROOT
from tools.terraform import uploading


@dataclass(frozen=True)
class Account:
    region: str = "eu-west-1"


@dataclass(frozen=True)
class Store:
    stack: str

    def key(self, *parts: str) -> str:
        return "/".join((self.stack, *parts))

    def url(self, key: str) -> str:
        return f"https://bucket.example.com/{key}"


@dataclass(frozen=True)
class Deployment:
    stage: Any
    account: Account = Account()

    @property
    def stack(self) -> str:
        return str(self.stage.deploy["stack"])

    @property
    def store(self) -> Store:
        return Store(self.stack)


@dataclass(frozen=True)
class Package:
    archive: Path


@pytest.fixture
def upload(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Uploads to nowhere and gives the values that are written; `changes` are other settings, by stage."""

    def run(*names: str, **changes: dict[str, Any]) -> dict[str, Any]:
        def opened(name: str, *_: object) -> Deployment:
            stage = read_stage(ROOT, name)
            return Deployment(
                type(stage)(
                    stage.name,
                    stage.domains,
                    stage.environment,
                    stage.policy,
                    {**stage.deploy, **changes.get(name.replace("-", "_"), {})},
                )
            )

        monkeypatch.setattr("tools.deploy.run.open_deployment", opened)
        monkeypatch.setattr(
            "tools.deploy.run.packaged", lambda each, _: Package(tmp_path / each.stage.name / "z")
        )
        monkeypatch.setattr("tools.deploy.run.prepare_store", lambda _: None)
        monkeypatch.setattr("tools.deploy.run.upload", lambda *_: ("code", "digest"))
        values = tmp_path / "values.json"
        uploading.upload_stages(names, lambda _: None, values=values)
        written: dict[str, Any] = json.loads(values.read_text())
        return written

    return run


def test_each_stage_is_named_with_its_stack_its_package_and_its_template(
    upload: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    written = upload("prod", "orders-prod")
    assert written["main_stage"] == "prod"
    assert written["stages"]["orders-prod"] == {
        "stack": "artshop-orders-prod",
        "package": str(tmp_path / "orders-prod"),
        "template_url": "https://bucket.example.com/artshop-orders-prod/templates/digest.json",
    }


def test_the_settings_of_the_shop_come_from_its_stages(upload: Callable[..., dict[str, Any]]) -> None:
    written = upload("prod", prod={"monthly_budget_usd": 7, "table_mode": "provisioned"})
    assert (written["monthly_budget_usd"], written["table_mode"]) == (7, "provisioned")
    assert written["region"] == "eu-west-1"


def test_stages_that_say_otherwise_of_their_shop_are_refused(upload: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(ToolError, match="table_mode is on-demand and provisioned"):
        upload("prod", "orders-prod", orders_prod={"table_mode": "provisioned"})

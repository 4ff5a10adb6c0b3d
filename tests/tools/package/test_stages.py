"""Every stage that is deployed gets a template, and one that cannot have any leaves nothing half done."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools.errors import ToolError
from tools.package import wheels
from tools.package.build import build
from tools.package.chalice_step import run_chalice
from tools.package.project import assemble
from tools.package.stages import LOCAL_STAGE, read_deployed_stage
from tools.package.template import complete
from tools.paths import ROOT

# Chalice loads the app of each stage.
pytestmark = pytest.mark.exhaustive

CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
DEPLOYED = [name for name in CONFIG["stages"] if name != LOCAL_STAGE]


@pytest.mark.parametrize("stage", DEPLOYED)
def test_every_deployed_stage_has_a_template(stage: str, tmp_path: Path) -> None:
    read = read_deployed_stage(ROOT, stage)
    (tmp_path / "project").mkdir()
    assemble(ROOT, read, tmp_path / "project")
    run_chalice(tmp_path / "project", read, tmp_path / "made")
    made = (tmp_path / "made" / "sam.json").read_text()
    completed = complete(json.loads(made), read)
    resources = completed["Resources"]
    assert "AWS::Lambda::Url" in {each["Type"] for each in resources.values()}
    assert completed["Outputs"]["EndpointURL"]
    assert_rest(complete(json.loads(made), replace(read, deploy={**read.deploy, "api": "rest"})))
    functions = [name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"]
    groups = [each for each in resources.values() if each["Type"] == "AWS::Logs::LogGroup"]
    assert len(groups) == len(functions) > 0
    assert {each["Properties"]["RetentionInDays"] for each in groups} == {30}


def assert_rest(completed: dict[str, Any]) -> None:
    """It compresses, hands on files as bytes, and lets ask by HEAD about all that it lets read."""
    properties = completed["Resources"]["RestAPI"]["Properties"]
    body = properties["DefinitionBody"]
    assert properties["MinimumCompressionSize"] == 1024
    assert completed["Outputs"]["EndpointURL"]
    assert "multipart/form-data" in body["x-amazon-apigateway-binary-media-types"]
    assert "multipart/form-data" in properties["BinaryMediaTypes"]
    assert any("get" in methods for methods in body["paths"].values())
    for path, methods in body["paths"].items():
        assert ("head" in methods) is ("get" in methods), path
        if "head" in methods:
            assert methods["head"]["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


def test_a_stage_whose_policy_does_not_fit_leaves_what_was_built_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    shutil.copytree(ROOT / ".chalice", root / ".chalice")
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, root / name)
    for package in ("common", "shop"):
        shutil.copytree(ROOT / package, root / package)
        (root / "vendor" / package).mkdir(parents=True)
    monkeypatch.setattr(wheels, "download", lambda *_: ROOT / ".cache" / "wheels")
    policy = root / ".chalice" / "policies" / "shop.json"
    policy.write_text(policy.read_text().replace("jwt-secret", "other-secret"))
    out.mkdir()
    (out / "sam.json").write_text("before")
    with pytest.raises(ToolError, match=r"policies/shop\.json grants the parameter other-secret"):
        build("shop-prod", out, root)
    assert [path.name for path in out.iterdir()] == ["sam.json"]
    assert (out / "sam.json").read_text() == "before"

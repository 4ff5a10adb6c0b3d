"""The package that is deployed: limits, where its zip lies, and what other stacks say."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools.deploy import package as packages
from tools.deploy.package import Package, read_package, resources_of
from tools.errors import ToolError
from tools.package.stages import read_stage
from tools.paths import ROOT

STAGE = read_stage(ROOT, "staging")
FUNCTION = {"Runtime": "python3.11", "Environment": {"Variables": {"MEDIA_BASE_URL": ""}}}


def function(**more: Any) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": {**FUNCTION, **more}}


def package(tmp_path: Path, **resources: Any) -> Package:
    archive = tmp_path / "deployment.zip"
    archive.write_bytes(b"packed")
    return Package(archive, {"Resources": resources or {"It": function()}})


def test_resources_are_counted_as_the_transform_makes_them(tmp_path: Path) -> None:
    made = package(
        tmp_path,
        Api={"Type": "AWS::Serverless::Api", "Properties": {}},
        It=function(Events={"Every": {}, "Queue": {}}, EventInvokeConfig={}),
    )
    assert resources_of(made.template) == 3 + 1 + 4 + 1


def test_limits_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = package(tmp_path)
    assert made.problems() == []
    for name in ("MOST_RESOURCES", "LARGEST_TEMPLATE", "LARGEST_ZIP"):
        monkeypatch.setattr(packages, name, 0)
    assert [text.split()[0:2] for text in made.problems()] == [["The", "template"]] * 2 + [["The", "zip"]]


def test_a_stage_without_an_address_of_its_media_gets_the_distribution_s(tmp_path: Path) -> None:
    stage = replace(STAGE, environment=STAGE.environment | {"MEDIA_BASE_URL": ""})
    made = package(tmp_path).finished(
        stage, {"Bucket": "b", "Key": "k"}, {"MediaBaseUrl": "https://cdn.test"}
    )
    properties = json.loads(made)["Resources"]["It"]["Properties"]
    assert properties["CodeUri"] == {"Bucket": "b", "Key": "k"}
    assert properties["Environment"]["Variables"]["MEDIA_BASE_URL"] == "https://cdn.test"


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    made = package(tmp_path)
    place = {"Bucket": "b", "Key": "k"}
    assert made.finished(STAGE, place, {}) == made.finished(STAGE, place, {})


def test_a_folder_without_a_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=f"no package in {tmp_path}"):
        read_package(tmp_path)

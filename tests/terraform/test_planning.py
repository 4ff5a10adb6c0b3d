"""What the module would make, and what it refuses, without making anything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.workspace import VALUES, Workspace, make_workspace, stage
from tools.paths import ROOT
from tools.rehearsal.emulator import ACCOUNT, REGION, emulated_aws
from tools.terraform.running import run_terraform

Planned = dict[str, dict[str, Any]]
WRONG = {
    "table_mode": "serverless",
    "alarm_email": "nobody",
    "region": "Ireland",
    "monthly_budget_usd": "0",
    "read_units": "[25]",
    "on_demand_ceiling": "{read=1,write=100}",
}


@pytest.fixture(scope="module")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, whole_shop: Path, orders: Path
) -> Iterator[Workspace]:
    """The module with the whole shop and the orders beside it, whose rights are others."""
    stages = {"prod": stage("artshop", whole_shop), "orders-prod": stage("artshop-orders", orders)}
    values = {"stages": stages, "alarm_email": "artist@example.com"}
    with emulated_aws() as aws:
        yield make_workspace(tmp_path_factory.mktemp("planned"), aws.endpoint, values)


@pytest.fixture(scope="module")
def planned(workspace: Workspace) -> Planned:
    """What would be there, with the table provisioned."""
    return workspace.plan("-var=table_mode=provisioned")


def refused(workspace: Workspace, *settings: str) -> str:
    """What Terraform says to a plan that it refuses, in one line."""
    code, text = workspace.code("plan", "-refresh=false", *(f"-var={setting}" for setting in settings))
    assert code == 1, text
    return " ".join(text.replace("│", " ").split())


def test_the_module_is_formatted() -> None:
    done = run_terraform(ROOT / "infra" / "terraform", "fmt", "-check", "-diff", "-recursive")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_module_is_valid(workspace: Workspace) -> None:
    assert "The configuration is valid" in workspace.run("validate")


def test_each_stage_has_a_role_with_the_rights_of_its_domains_and_no_others(planned: Planned) -> None:
    for name, policy in (("prod", "all"), ("orders-prod", "orders")):
        granted = json.loads(planned[f'aws_iam_role_policy.functions["{name}"]']["policy"])["Statement"]
        written = json.loads((ROOT / ".chalice" / "policies" / f"{policy}.json").read_text())["Statement"]
        # The package leaves out the right to a key where none is named, and to send where there is none.
        left_out = {"Tokens", "Mail"}
        expected = {each["Sid"]: set(each["Action"]) for each in written if each["Sid"] not in left_out}
        assert {each["Sid"]: set(each["Action"]) for each in granted} == expected
        resources = [resource for each in granted for resource in each["Resource"]]
        assert all("${" not in each and each.startswith("arn:aws:") for each in resources)
        assert not [each for each in resources if each.split(":", 5)[5] in {"*", "table/*", "parameter/*"}]
        assert f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/ArtManagementTable" in resources


def test_a_provisioned_table_stays_within_the_free_units(planned: Planned) -> None:
    table = planned["aws_dynamodb_table.shop"]
    assert table["billing_mode"] == "PROVISIONED"
    indexes = table["global_secondary_index"]
    assert table["read_capacity"] + sum(index["read_capacity"] for index in indexes) == 25
    assert table["write_capacity"] + sum(index["write_capacity"] for index in indexes) == 25


def test_alarms_stay_within_the_ten_free_metrics(planned: Planned) -> None:
    alarms = [each for address, each in planned.items() if address.startswith("aws_cloudwatch_metric_alarm")]
    assert 0 < len(alarms) <= 10
    assert not [alarm for alarm in alarms if alarm["metric_query"]]


def test_the_dashboard_is_the_one_of_the_template(planned: Planned) -> None:
    body = planned['aws_cloudwatch_dashboard.shop["artshop"]']["dashboard_body"]
    written = json.loads((ROOT / "infra" / "dashboard.json").read_text())["widgets"]
    assert [each["type"] for each in json.loads(body)["widgets"]] == [each["type"] for each in written]
    assert "${" not in body


def test_every_wrong_value_is_named(workspace: Workspace) -> None:
    text = refused(workspace, *(f"{name}={value}" for name, value in WRONG.items()))
    assert {name for name in WRONG if f"var.{name}" in text} == set(WRONG)


def test_stages_of_two_shops_and_a_main_stage_that_is_none_are_refused(
    workspace: Workspace, tmp_path: Path, orders: Path
) -> None:
    template = json.loads((orders / "sam.json").read_text())
    for resource in template["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        variables |= {"DYNAMODB_TABLE_NAME": "AnotherTable"}
    (tmp_path / "sam.json").write_text(json.dumps(template))
    known = json.loads((workspace.folder / VALUES).read_text())["stages"]
    stages = known | {"orders-prod": stage("artshop-orders", tmp_path)}
    text = refused(workspace, f"stages={json.dumps(stages)}")
    assert "DYNAMODB_TABLE_NAME is AnotherTable and ArtManagementTable" in text
    assert "main_stage names production" in refused(workspace, "main_stage=production")

"""What the stages of a shop make together stays free, whether one serves all or each domain has its own."""

from typing import Any

import pytest
import yaml

from tools.costs.standing import alarm_metrics
from tools.deploy.stacks import AFTER, BEFORE, Piece, pieces_of
from tools.package.stages import read_stage
from tools.paths import ROOT

FREE = {"AWS::CloudWatch::Alarm": 10, "AWS::CloudWatch::Dashboard": 3}
SPLIT = ["catalog-prod", "orders-prod", "content-prod", "shop-prod", "etsy-sync-prod"]


def stacks_of(*names: str) -> dict[str, tuple[Piece, bool]]:
    """The pieces that these stages stand on, by the name of the stack, and whether their alarms are made."""
    found: dict[str, tuple[Piece, bool]] = {}
    for name in names:
        stage = read_stage(ROOT, name)
        is_watched = bool(stage.environment.get("METRICS_NAMESPACE"))
        for piece in (*pieces_of(stage, BEFORE), *pieces_of(stage, AFTER)):
            found[piece.stack(stage)] = (piece, is_watched)
    return found


def resources(piece: Piece, is_watched: bool) -> list[dict[str, Any]]:
    made = yaml.safe_load(piece.read(ROOT))["Resources"].values()
    return [each for each in made if is_watched or each.get("Condition") != "IsWatched"]


@pytest.mark.parametrize("stages", [["prod", "staging"], [*SPLIT, "staging"]], ids=["one", "split"])
def test_alarms_and_dashboards_of_all_stages_are_free(stages: list[str]) -> None:
    counted = dict.fromkeys(FREE, 0)
    for piece, is_watched in stacks_of(*stages).values():
        for resource in resources(piece, is_watched):
            if resource["Type"] in counted:
                counted[resource["Type"]] += alarm_metrics(resource["Properties"])
    assert counted["AWS::CloudWatch::Alarm"] == FREE["AWS::CloudWatch::Alarm"]
    assert counted["AWS::CloudWatch::Dashboard"] == 1 <= FREE["AWS::CloudWatch::Dashboard"]


@pytest.mark.parametrize("stage", ["staging", "prod", "orders-prod"])
def test_a_shop_has_a_budget_even_where_nothing_is_watched(stage: str) -> None:
    kinds = [
        resource["Type"]
        for piece, is_watched in stacks_of(stage).values()
        for resource in resources(piece, is_watched)
    ]
    assert kinds.count("AWS::Budgets::Budget") == 1

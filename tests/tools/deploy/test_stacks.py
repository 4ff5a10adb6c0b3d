"""The stacks of a stage, and what their parameters are."""

import pytest

from tools.deploy.stacks import AFTER, BEFORE, parameters_of, pieces_of, settings_for_templates
from tools.errors import ToolError
from tools.package.stages import read_stage
from tools.paths import ROOT

PROD = read_stage(ROOT, "prod")
TEMPLATE = "Parameters: {TableName: {Type: String}, Other: {Type: String, Default: x}}"


def test_stages_of_one_table_share_what_holds_data() -> None:
    orders = read_stage(ROOT, "orders-prod")
    for piece in BEFORE:
        assert piece.stack(PROD) == piece.stack(orders) == f"artshop-prod-{piece.name}"
        assert piece.holds_data


def test_every_parameter_of_every_template_is_known_or_has_a_default() -> None:
    values = settings_for_templates(PROD, {"APIHandlerName": "artshop-prod-APIHandler"})
    for piece in pieces_of(PROD, (*BEFORE, *AFTER)):
        assert parameters_of(piece.read(ROOT), values, {}) is not None
    assert values["TableName"] == PROD.environment["DYNAMODB_TABLE_NAME"]
    assert values["AlarmEmail"] == PROD.deploy["alarm_email"]


def test_what_a_stage_does_not_say_stays_as_it_is_deployed() -> None:
    assert parameters_of(TEMPLATE, {}, {"TableName": "shop", "Other": "y"}) == [
        {"ParameterKey": "TableName", "UsePreviousValue": True},
        {"ParameterKey": "Other", "UsePreviousValue": True},
    ]
    assert parameters_of(TEMPLATE, {"TableName": "shop"}, {}) == [
        {"ParameterKey": "TableName", "ParameterValue": "shop"}
    ]


def test_a_parameter_that_nobody_says_is_named() -> None:
    with pytest.raises(ToolError, match="TableName"):
        parameters_of(TEMPLATE, {}, {})

"""A stack's own role and log groups, or those that it is given."""

from typing import Any

from tools.package.given_role import accept_role

OWN = {"Fn::GetAtt": ["ApiHandlerRole", "Arn"]}


def accepting() -> dict[str, Any]:
    template: dict[str, Any] = {
        "Resources": {
            "APIHandler": {"Type": "AWS::Serverless::Function", "Properties": {"Role": OWN}},
            "ApiHandlerRole": {"Type": "AWS::IAM::Role"},
            "ApiHandlerLogGroup": {"Type": "AWS::Logs::LogGroup"},
            "RestAPI": {"Type": "AWS::Serverless::Api"},
        }
    }
    accept_role(template)
    return template


def test_a_stack_that_is_given_nothing_makes_its_role() -> None:
    template = accepting()
    assert template["Parameters"]["RoleArn"]["Default"] == ""
    assert template["Conditions"] == {"OwnRole": {"Fn::Equals": [{"Ref": "RoleArn"}, ""]}}


def test_a_given_role_replaces_the_stacks_own_and_its_log_groups() -> None:
    resources = accepting()["Resources"]
    assert resources["APIHandler"]["Properties"]["Role"] == {"Fn::If": ["OwnRole", OWN, {"Ref": "RoleArn"}]}
    conditional = {name for name, each in resources.items() if each.get("Condition") == "OwnRole"}
    assert conditional == {"ApiHandlerRole", "ApiHandlerLogGroup"}

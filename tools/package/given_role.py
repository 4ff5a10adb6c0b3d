"""Lets a stage's stack be given its role and log groups, which Terraform makes as resources of its own."""

from typing import Any

PARAMETER, CONDITION = "RoleArn", "OwnRole"
OWN = ("AWS::IAM::Role", "AWS::Logs::LogGroup")


def accept_role(template: dict[str, Any]) -> None:
    """Give the template a parameter that replaces its role, and its log groups with it."""
    template.setdefault("Parameters", {})[PARAMETER] = {
        "Type": "String",
        "Default": "",
        "Description": "The role of all functions; their log groups are there too. Empty: it makes them.",
    }
    template.setdefault("Conditions", {})[CONDITION] = {"Fn::Equals": [{"Ref": PARAMETER}, ""]}
    for resource in template["Resources"].values():
        if resource["Type"] in OWN:
            resource["Condition"] = CONDITION
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            properties["Role"] = {"Fn::If": [CONDITION, properties["Role"], {"Ref": PARAMETER}]}

"""What Chalice's template lacks: how the API is reached, exact ARNs, and the queue."""

from typing import Any

from tools.package.apis import complete_api
from tools.package.functions import complete_functions
from tools.package.given_role import accept_role
from tools.package.rights import narrow
from tools.package.stages import Stage


def complete(template: dict[str, Any], stage: Stage) -> dict[str, Any]:
    """The template with the API's own errors, policies for this stage's own names, and room for a given role.

    ToolError when a policy names what the stage does not define.
    """
    resources = template["Resources"]
    complete_api(template, stage)
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                narrow(policy["PolicyDocument"], stage)
        if resource["Type"] == "AWS::Logs::LogGroup":
            _name_log_group(resource["Properties"])
    complete_functions(resources, stage)
    accept_role(template)
    return template


def _name_log_group(properties: dict[str, Any]) -> None:
    # Chalice renames the API's function in the template, and forgets its log group.
    name = properties["LogGroupName"]["Fn::Sub"]
    properties["LogGroupName"]["Fn::Sub"] = name.replace("${ApiHandler}", "${APIHandler}")

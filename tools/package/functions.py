"""What Chalice's template lacks for functions besides the API: names, the queue, partial failures."""

from typing import Any

from tools.package.stages import Stage
from tools.package.target import Target

API_ROLE = "ApiHandlerRole"


def complete_functions(resources: dict[str, Any], stage: Stage) -> None:
    """Complete every function of a template's resources for its stage."""
    functions = {
        name: each for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"
    }
    _share_role(resources, functions)
    for name, function in functions.items():
        properties = function["Properties"]
        _tell_queues(properties.get("Environment", {}).get("Variables", {}), stage)
        # Known before it is deployed, so that alarms and log groups can name it.
        properties["FunctionName"] = {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
        for event in properties.get("Events", {}).values():
            _complete_event(properties, event)


def set_runtime(resources: dict[str, Any], target: Target) -> None:
    """Let every function run on what the package is built for; Chalice names the Python that runs it."""
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = f"python{target.python}"
            resource["Properties"]["Architectures"] = [target.architecture]


def _share_role(resources: dict[str, Any], functions: dict[str, Any]) -> None:
    """One role for all: Chalice makes each function one of the same rights, most of the template's size."""
    for function in functions.values():
        (role, _) = function["Properties"]["Role"]["Fn::GetAtt"]
        if role != API_ROLE:
            del resources[role]
            function["Properties"]["Role"] = {"Fn::GetAtt": [API_ROLE, "Arn"]}


def _tell_queues(variables: dict[str, Any], stage: Stage) -> None:
    """A queue's address holds the account and the region, which only the deployment knows."""
    for setting, queue in (("STOCK_QUEUE_URL", stage.queue), ("MAIL_QUEUE_URL", stage.mail_queue)):
        if queue:
            address = f"https://sqs.${{AWS::Region}}.${{AWS::URLSuffix}}/${{AWS::AccountId}}/{queue}"
            variables[setting] = {"Fn::Sub": address}


def _complete_event(properties: dict[str, Any], event: dict[str, Any]) -> None:
    if event["Type"] == "SQS":
        # Chalice cannot say it. Without it one failed message brings back the whole batch.
        event["Properties"]["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if event["Type"] == "Schedule":
        # The next run is the repetition; Lambda's own would start beside it.
        properties["EventInvokeConfig"] = {"MaximumRetryAttempts": 0}

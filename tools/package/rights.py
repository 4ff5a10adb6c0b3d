"""The rights of a stage: its policy file with this account's ARNs and the stage's own names."""

import re
from typing import Any

from tools.errors import ToolError
from tools.package.stages import Stage


def narrow(document: dict[str, Any], stage: Stage) -> None:
    """Replace each ARN of a policy by one of this account, region and stage.

    The right to a key of KMS is dropped where the stage names none and seals with a stored key, and that to
    send mail where it writes to nobody.
    ToolError for an ARN that names something of which the stage does not say what it is called.
    """
    if _seals_without_kms(stage):
        document["Statement"] = [each for each in document["Statement"] if not _is_of(each, "kms")]
    if not stage.mail_domain:
        document["Statement"] = [each for each in document["Statement"] if not _is_of(each, "ses")]
    for statement in document["Statement"]:
        statement["Resource"] = [{"Fn::Sub": exact_arn(arn, stage)} for arn in statement["Resource"]]
        if "Condition" in statement:
            # A key is found by its alias, because its own name is a random one.
            alias = _setting(stage, "TOKEN_KMS_KEY_ID", "a key of KMS")
            statement["Condition"] = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


def _seals_without_kms(stage: Stage) -> bool:
    variables = stage.environment
    return bool(variables.get("TOKEN_ENCRYPTION_KEY_PARAMETER")) and not variables.get("TOKEN_KMS_KEY_ID")


def _is_of(statement: dict[str, Any], service: str) -> bool:
    return any(arn.startswith(f"arn:aws:{service}:") for arn in statement["Resource"])


def exact_arn(arn: str, stage: Stage) -> str:
    """An ARN of a policy file with CloudFormation's variables and the names that the stage uses."""
    _, _, service, region, account, name = arn.split(":", 5)
    region = "${AWS::Region}" if region else ""
    account = "${AWS::AccountId}" if account else ""
    return f"arn:${{AWS::Partition}}:{service}:{region}:{account}:{_stage_name(service, name, stage)}"


def _stage_name(service: str, name: str, stage: Stage) -> str:
    if service == "dynamodb":
        return re.sub(r"^table/[^/]+", f"table/{_table(stage)}", name)
    if service == "s3":
        name = re.sub(r"^[^/]+", _setting(stage, "S3_BUCKET_NAME", "a bucket"), name)
        # Two stages may share a bucket; what a stage keeps for itself in it has the name of its table.
        return re.sub(r"(/private/[a-z]+/)[^/]+", lambda found: found[1] + _table(stage), name)
    if service == "ssm":
        return f"parameter{_parameter(name.rpartition('/')[2], stage)}"
    if service in {"sqs", "ses"}:
        return _queue(name, stage) if service == "sqs" else _mail_name(name, stage)
    if service == "logs":
        return "log-group:/aws/lambda/${AWS::StackName}-*"
    return name


def _queue(name: str, stage: Stage) -> str:
    setting = "MAIL_QUEUE_NAME" if name.startswith("artshop-mail") else "STOCK_QUEUE_NAME"
    queue = _setting(stage, setting, "a queue")
    return f"{queue}-dead" if name.endswith("-dead") else queue


def _mail_name(name: str, stage: Stage) -> str:
    kind, _, _ = name.partition("/")
    if kind == "identity":
        return f"identity/{stage.mail_domain}"
    return f"{kind}/{_setting(stage, 'MAIL_CONFIGURATION_SET', 'a configuration set')}"


def _table(stage: Stage) -> str:
    return _setting(stage, "DYNAMODB_TABLE_NAME", "a table")


def _setting(stage: Stage, name: str, what: str) -> str:
    if not stage.environment.get(name):
        raise ToolError(f"{stage.policy} grants {what}, but stage {stage.name} does not set {name}.")
    return stage.environment[name]


def _parameter(last: str, stage: Stage) -> str:
    """The path of the stage's parameter whose last part is `last`."""
    paths = [value for name, value in stage.environment.items() if name.endswith("_PARAMETER")]
    path = next((path for path in paths if path.rpartition("/")[2] == last), None)
    if path is None:
        raise ToolError(
            f"{stage.policy} grants the parameter {last}, but stage {stage.name} has no variable "
            f"..._PARAMETER whose path ends with it. Add the variable, or take the right away."
        )
    return path

"""What Chalice's template lacks: API Gateway's own errors as JSON with CORS, exact ARNs, and the queue."""

import re
from collections.abc import Mapping
from typing import Any

from tools.package.functions import complete_functions
from tools.package.stages import Stage

# API Gateway says 403 for a path that it does not know.
RESPONSES: Mapping[str, int | None] = {
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
}
TEXTS = {
    "MISSING_AUTHENTICATION_TOKEN": '{"error":"Not found"}',
    "RESOURCE_NOT_FOUND": '{"error":"Not found"}',
}
# messageString is a JSON string with its quotes.
ANY_TEXT = '{"error":$context.error.messageString}'


def complete(template: dict[str, Any], stage: Stage) -> dict[str, Any]:
    """The template with gateway responses and with policies for this stage's own names."""
    resources = template["Resources"]
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    body["x-amazon-apigateway-gateway-responses"] = {
        kind: _response(kind, status, stage.first_origin) for kind, status in RESPONSES.items()
    }
    for resource in resources.values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                narrow(policy["PolicyDocument"], stage.environment)
        if resource["Type"] == "AWS::Logs::LogGroup":
            _name_log_group(resource["Properties"])
    complete_functions(resources, stage)
    return template


def narrow(document: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Replace each ARN of a policy by one of this account, region and stage."""
    for statement in document["Statement"]:
        statement["Resource"] = [{"Fn::Sub": exact_arn(arn, environment)} for arn in statement["Resource"]]
        if "Condition" in statement:
            # A key is found by its alias, because its own name is a random one.
            aliases = {"kms:ResourceAliases": environment["TOKEN_KMS_KEY_ID"]}
            statement["Condition"] = {"ForAnyValue:StringEquals": aliases}


def exact_arn(arn: str, environment: Mapping[str, str]) -> str:
    """An ARN of a policy file with CloudFormation's variables and the names that the stage uses."""
    _, _, service, region, account, name = arn.split(":", 5)
    region = "${AWS::Region}" if region else ""
    account = "${AWS::AccountId}" if account else ""
    name = _stage_name(service, name, environment)
    return f"arn:${{AWS::Partition}}:{service}:{region}:{account}:{name}"


def _stage_name(service: str, name: str, environment: Mapping[str, str]) -> str:
    if service == "dynamodb":
        return re.sub(r"^table/[^/]+", f"table/{environment['DYNAMODB_TABLE_NAME']}", name)
    if service == "s3":
        return re.sub(r"^[^/]+", environment["S3_BUCKET_NAME"], name)
    if service == "ssm":
        return f"parameter{_parameter(name.rpartition('/')[2], environment)}"
    if service == "sqs":
        queue = environment["STOCK_QUEUE_NAME"]
        return f"{queue}-dead" if name.endswith("-dead") else queue
    if service == "logs":
        return "log-group:/aws/lambda/${AWS::StackName}-*"
    return name


def _parameter(last: str, environment: Mapping[str, str]) -> str:
    """The path of the stage's parameter whose last part is `last`."""
    paths = [value for name, value in environment.items() if name.endswith("_PARAMETER")]
    return next(path for path in paths if path.rpartition("/")[2] == last)


def _name_log_group(properties: dict[str, Any]) -> None:
    # Chalice renames the API's function in the template, and forgets its log group.
    name = properties["LogGroupName"]["Fn::Sub"]
    properties["LogGroupName"]["Fn::Sub"] = name.replace("${ApiHandler}", "${APIHandler}")


def _response(kind: str, status: int | None, origin: str) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
    if origin:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    if kind == "THROTTLED":
        headers["Retry-After"] = "1"
    response: dict[str, Any] = {
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{text}'" for name, text in headers.items()
        },
        "responseTemplates": {"application/json": TEXTS.get(kind, ANY_TEXT)},
    }
    return response | ({"statusCode": str(status)} if status else {})

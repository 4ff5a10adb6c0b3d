"""What is looked at before anything is changed: each thing that would stop a deployment half-way."""

import re
from collections.abc import Iterator

from botocore.exceptions import ClientError

from tools.deploy import formation, stacks
from tools.deploy.account import Account, aws_errors, error_code, is_denied
from tools.deploy.formation import Say
from tools.deploy.package import Package
from tools.deploy.secrets import missing_secrets, needed_secrets
from tools.deploy.store import bucket_exists, bucket_name
from tools.errors import ToolError
from tools.package.stages import Stage

PLACEHOLDER = "example.com"
# Of each service that a stage needs, the call without which nothing comes of it.
NEEDED_RIGHTS = (
    "apigateway:POST",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "cloudwatch:PutMetricAlarm",
    "dynamodb:CreateTable",
    "events:PutRule",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "lambda:CreateFunction",
    "lambda:UpdateFunctionCode",
    "logs:CreateLogGroup",
    "s3:CreateBucket",
    "s3:PutObject",
    "sqs:CreateQueue",
)


def check_everything(account: Account, stage: Stage, package: Package, say: Say) -> None:
    """ToolError that names all that stands in the way; nothing is changed by looking."""
    problems = [
        *_settings(stage),
        *_placeholders(account, stage),
        *package.problems(),
        *_runtimes(account, package),
        *_rights(account, say),
        *_secrets(account, stage),
        *_names(account, stage),
    ]
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise ToolError(f"{stage.name} cannot be deployed, and nothing was changed:\n{lines}")


def _settings(stage: Stage) -> Iterator[str]:
    if not stage.deploy.get("stack"):
        yield f'Stage {stage.name} has no "deploy": {{"stack": ...}} in .chalice/config.json.'
    if "@" not in str(stage.deploy.get("alarm_email", "")):
        yield f'Stage {stage.name} has no "deploy": {{"alarm_email": ...}}, where alarms are sent to.'


def _placeholders(account: Account, stage: Stage) -> Iterator[str]:
    """Settings that still say what the project came with; a rehearsal may keep them."""
    if account.endpoint:
        return
    said = {name: stage.environment.get(name, "") for name in ("CORS_ALLOWED_ORIGINS", "MEDIA_BASE_URL")}
    for name, value in (said | {"alarm_email": str(stage.deploy.get("alarm_email", ""))}).items():
        if PLACEHOLDER in value:
            yield f"{name} of stage {stage.name} still says {value}; put your own into .chalice/config.json."


def _runtimes(account: Account, package: Package) -> Iterator[str]:
    """Runtimes that Lambda does not have in this region: it refuses to list layers for one that it lacks."""
    for runtime in sorted({each["Runtime"] for each in package.functions}):
        with aws_errors(f"ask Lambda for {runtime}"):
            try:
                account.functions.list_layers(CompatibleRuntime=runtime, MaxItems=1)
            except ClientError as error:
                if error_code(error) not in {"ValidationException", "InvalidParameterValueException"}:
                    raise
                said = error.response["Error"].get("Message", "")
                yield f"Lambda has no {runtime} in {account.region}: {said}"


def _rights(account: Account, say: Say) -> Iterator[str]:
    """Rights that the caller lacks, as IAM works them out; not every caller may ask it."""
    if account.caller.endswith(":root"):
        return
    try:
        answer = account.rights.simulate_principal_policy(
            PolicySourceArn=_principal(account.caller), ActionNames=list(NEEDED_RIGHTS)
        )
    except ClientError as error:
        if not is_denied(error):
            raise ToolError(f"AWS did not say what you may do: {error}") from error
        say("You may not ask IAM what you may do, so rights show only when they are used.")
        return
    for result in answer["EvaluationResults"]:
        if result["EvalDecision"] != "allowed":
            yield f"You have no right to {result['EvalActionName']} ({account.caller})."


def _principal(caller: str) -> str:
    """The user or role behind a caller: of an assumed role, the role."""
    assumed = re.match(r"(arn:[^:]+):sts::(\d+):assumed-role/([^/]+)/", caller)
    return f"{assumed[1]}:iam::{assumed[2]}:role/{assumed[3]}" if assumed else caller


def _secrets(account: Account, stage: Stage) -> Iterator[str]:
    for secret in missing_secrets(account, needed_secrets(stage)):
        yield f"Nothing is stored under {secret.place} ({secret.name}). Store it:\n      {secret.command}"


def _names(account: Account, stage: Stage) -> Iterator[str]:
    """Buckets of other accounts, and a bucket that is there without the stack that would make it."""
    media = stage.environment.get("S3_BUCKET_NAME", "")
    for bucket in filter(None, (bucket_name(account), media)):
        try:
            exists = bucket_exists(account, bucket)
        except ToolError as error:
            yield str(error)
            continue
        if exists and bucket == media and not _storage(account, stage).exists:
            yield (
                f"The bucket {bucket} is there, and no stack {_storage(account, stage).name} that made it."
                " Import it into that stack (docs/operations.md), or give the stage another name for it."
            )


def _storage(account: Account, stage: Stage) -> formation.State:
    (storage,) = (piece for piece in stacks.BEFORE if piece.name == "storage")
    return formation.state_of(account, storage.stack(stage))

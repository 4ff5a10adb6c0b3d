"""Which stacks a stage stands on, in the order in which they are made: the one table to add another to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.errors import ToolError
from tools.package.stages import Stage

SHARED, OWN = "shared", "own"


@dataclass(frozen=True)
class Piece:
    """A stack beside the stage's own, from a template in infra/.

    `named_after` says whose name it has: what stages of one table share, or the stage's own. One that holds
    data is protected from being deleted. `wanted` says for which stages there is one.
    """

    name: str
    template: str
    named_after: str = SHARED
    holds_data: bool = False
    wanted: Callable[[Stage], bool] = lambda _: True

    def stack(self, stage: Stage) -> str:
        """The stack's name."""
        own = stage.deploy["stack"]
        return f"{stage.deploy.get('shared', own) if self.named_after == SHARED else own}-{self.name}"

    def read(self, root: Path) -> str:
        """The template's text."""
        return (root / "infra" / self.template).read_text(encoding="utf-8")


def sells(stage: Stage) -> bool:
    """Whether it is the stage of a shop that takes its orders: what is needed once goes with it."""
    return "orders" in stage.domains


def is_watched(stage: Stage) -> bool:
    """Whether it also writes the metrics that alarms and dashboard show; the free ones are the account's."""
    return sells(stage) and bool(stage.environment.get("METRICS_NAMESPACE"))


BEFORE = (
    Piece("storage", "storage.yaml", holds_data=True),
    Piece("channels", "channels.yaml", holds_data=True, wanted=lambda stage: bool(stage.queue)),
    Piece("mail", "mail.yaml", holds_data=True, wanted=lambda stage: bool(stage.mail_queue)),
)
# They name what the stage's own stack has made.
AFTER = (
    # Where nothing is watched it is the budget alone.
    Piece("alarms", "alarms.yaml", named_after=OWN, wanted=sells),
    Piece("dashboard", "dashboard.yaml", named_after=OWN, wanted=is_watched),
)


def pieces_of(stage: Stage, which: tuple[Piece, ...]) -> list[Piece]:
    """Those that there are for a stage."""
    return [piece for piece in which if piece.wanted(stage)]


def settings_for_templates(stage: Stage, outputs: Mapping[str, str]) -> dict[str, str]:
    """What parameters of templates mean, by their names; one name means the same in each template.

    A key of the stage's "deploy" is the parameter of the same name, as `max_read_units` is MaxReadUnits.
    `outputs` are those of the stacks that were made before.
    """
    environment, deploy = stage.environment, stage.deploy
    values = {
        **{camel_case(name): value for name, value in deploy.items() if not isinstance(value, dict)},
        "TableName": environment.get("DYNAMODB_TABLE_NAME"),
        "BucketName": environment.get("S3_BUCKET_NAME"),
        "StorefrontOrigins": environment.get("CORS_ALLOWED_ORIGINS"),
        "QueueName": stage.queue,
        "MailQueueName": stage.mail_queue,
        "MailIdentity": stage.mail_domain,
        "MailConfigurationSet": environment.get("MAIL_CONFIGURATION_SET"),
        "MailTopicName": environment.get("MAIL_TOPIC_NAME"),
        "SealWith": deploy.get("sealing"),
        "KeyAlias": environment.get("TOKEN_KMS_KEY_ID"),
        "MetricsNamespace": environment.get("METRICS_NAMESPACE"),
        "FunctionName": outputs.get("APIHandlerName"),
    }
    return {name: str(value) for name, value in values.items() if value not in {None, ""}}


def camel_case(name: str) -> str:
    """A key such as `alarm_email` as templates name it: AlarmEmail."""
    return "".join(part.capitalize() for part in name.split("_"))


def parameters_of(text: str, values: Mapping[str, str], deployed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The parameters of a template, as CloudFormation takes them.

    What this stage does not say stays as it is deployed, for stages that share a stack do not say the same;
    in a new stack it is the template's default. ToolError for one without either.
    """
    chosen: list[dict[str, Any]] = []
    for name, declared in (yaml.safe_load(text).get("Parameters") or {}).items():
        if name in values:
            chosen.append({"ParameterKey": name, "ParameterValue": values[name]})
        elif name in deployed:
            chosen.append({"ParameterKey": name, "UsePreviousValue": True})
        elif "Default" not in declared:
            said = declared.get("Description", "")
            raise ToolError(f"The stage says nothing for {name}, which a template needs: {said}")
    return chosen

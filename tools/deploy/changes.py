"""What a change set would do: shown as a table, and refused where it would take data away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.deploy.account import Account, aws_errors

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef

ADD, MODIFY, REPLACE, REMOVE = "add", "modify", "replace", "remove"
# Their content cannot be made again.
HOLDS_DATA = (
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
)
QUEUE = "AWS::SQS::Queue"


@dataclass(frozen=True)
class Change:
    """What happens to one resource. A replacement that CloudFormation does not rule out counts as one."""

    action: str
    kind: str
    name: str
    physical: str = ""


def read_changes(found: Iterable["ChangeTypeDef"]) -> list[Change]:
    """The changes of a described change set."""
    changes = []
    for each in found:
        resource = each.get("ResourceChange", {})
        action = {"Add": ADD, "Remove": REMOVE}.get(str(resource.get("Action")), MODIFY)
        if action == MODIFY and resource.get("Replacement") in {"True", "Conditional"}:
            action = REPLACE
        names = resource.get("ResourceType", ""), resource.get("LogicalResourceId", "")
        changes.append(Change(action, *names, resource.get("PhysicalResourceId", "")))
    return sorted(changes, key=lambda change: (change.action, change.kind, change.name))


def table_of(changes: Sequence[Change]) -> str:
    """The changes, one a line: what is done, the resource's type and its name."""
    width = max((len(change.kind) for change in changes), default=0)
    return "\n".join(f"    {each.action:<8} {each.kind:<{width}}  {each.name}" for each in changes)


def refusals(account: Account, changes: Iterable[Change]) -> list[str]:
    """Why these changes must not be made: each that would take away what holds data."""
    lost = [change for change in changes if change.action in {REMOVE, REPLACE}]
    return [
        f"{change.name} ({change.physical or change.kind}) would be {change.action}d{why}"
        for change in lost
        if (why := _why(account, change)) != ""
    ]


def _why(account: Account, change: Change) -> str:
    if change.kind in HOLDS_DATA:
        return ", and it holds data"
    if change.kind == QUEUE and change.physical and (waiting := messages_in(account, change.physical)):
        return f", and {waiting} messages wait in it"
    return ""


def messages_in(account: Account, queue_url: str) -> int:
    """About how many messages are in a queue, those being worked on among them."""
    with aws_errors(f"look into the queue {queue_url}"):
        found = account.queues.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

"""One stack: its state, a change set for it, and carrying that out with its events as progress."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools.deploy.account import Account, aws_errors, error_code
from tools.deploy.changes import Change, read_changes
from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

Say = Callable[[str], None]

# A body that is larger than this has to lie in a bucket.
LARGEST_BODY = 51_200
NOTHING = ("didn't contain changes", "no updates are to be performed", "no changes")
# Each of these is followed by how it ended.
QUIET = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "CLEANUP_IN_PROGRESS")
LONGEST_S = 3600
ABSENT, REVIEWED = "", "REVIEW_IN_PROGRESS"
FAILED_CREATION = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")


@dataclass(frozen=True)
class State:
    """What a stack is now; `status` is empty where there is none."""

    name: str
    status: str = ABSENT
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_protected: bool = False

    @property
    def exists(self) -> bool:
        """Whether there is anything of it; a change set alone is nothing."""
        return self.status not in {ABSENT, REVIEWED}

    @property
    def is_busy(self) -> bool:
        """Whether something is being done to it."""
        return self.exists and self.status.endswith("_IN_PROGRESS")


@dataclass(frozen=True)
class ChangeSet:
    """A change set that waits to be carried out; one without changes is none, and is not kept."""

    stack: str
    name: str
    changes: Sequence[Change]


def state_of(account: Account, stack: str) -> State:
    """What the stack is now."""
    with aws_errors(f"describe the stack {stack}"):
        try:
            (found,) = account.formation.describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if error_code(error) == "ValidationError" and "does not exist" in str(error):
                return State(stack)
            raise
    return _state(found)


def _state(found: "StackTypeDef") -> State:
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    parameters = {
        each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])
    }
    reason, protected = found.get("StackStatusReason", ""), found.get("EnableTerminationProtection", False)
    return State(found["StackName"], found["StackStatus"], reason, outputs, parameters, protected)


def propose(
    account: Account, state: State, template: Mapping[str, str], parameters: list[dict[str, Any]]
) -> ChangeSet | None:
    """Have CloudFormation work out what a template would change; None when that is nothing.

    `template` is `TemplateBody` or `TemplateURL`. ToolError when CloudFormation refuses the template.
    """
    name = f"artshop-{time.time_ns()}"
    asked: dict[str, Any] = {"StackName": state.name, "ChangeSetName": name}
    more: dict[str, Any] = {**asked, **template, "Parameters": parameters}
    with aws_errors(f"work out the changes of {state.name}"):
        account.formation.create_change_set(
            **more,
            ChangeSetType="UPDATE" if state.exists else "CREATE",
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        answer = _when_made(account, asked)
        if answer["Status"] == "FAILED":
            reason = answer.get("StatusReason", "")
            account.formation.delete_change_set(**asked)
            if any(text in reason.lower() for text in NOTHING):
                return None
            raise ToolError(f"CloudFormation refuses the template of {state.name}: {reason}")
        pages = account.formation.get_paginator("describe_change_set").paginate(**asked)
        changes = read_changes(each for page in pages for each in page["Changes"])
    return ChangeSet(state.name, name, changes)


def _when_made(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    for _ in range(int(LONGEST_S / account.poll_s)):
        answer: Any = account.formation.describe_change_set(**asked)
        if answer["Status"] in {"CREATE_COMPLETE", "FAILED"}:
            return dict(answer)
        time.sleep(account.poll_s)
    raise ToolError(f"CloudFormation has not worked out the changes of {asked['StackName']} in an hour.")


def drop(account: Account, change_set: ChangeSet) -> None:
    """Delete a change set, and the empty stack that it makes of one that there is not yet."""
    with aws_errors(f"delete the change set of {change_set.stack}"):
        account.formation.delete_change_set(StackName=change_set.stack, ChangeSetName=change_set.name)
        if state_of(account, change_set.stack).status == REVIEWED:
            account.formation.delete_stack(StackName=change_set.stack)


def carry_out(account: Account, change_set: ChangeSet, say: Say) -> State:
    """Carry a change set out and wait for its end, telling each event; gives what the stack is then."""
    seen = latest_event(account, change_set.stack)
    with aws_errors(f"change the stack {change_set.stack}"):
        account.formation.execute_change_set(StackName=change_set.stack, ChangeSetName=change_set.name)
    return wait_until_done(account, change_set.stack, say, since=seen)


def wait_until_done(account: Account, stack: str, say: Say, since: str = "") -> State:
    """Wait until nothing is being done to a stack, telling the events behind the one whose id is `since`."""
    started, seen = time.monotonic(), since
    while True:
        seen = _tell_events(
            account, stack, seen, lambda text: say(f"{time.monotonic() - started:6.0f} s  {text}")
        )
        state = state_of(account, stack)
        if not state.status.endswith("_IN_PROGRESS"):
            _tell_events(
                account, stack, seen, lambda text: say(f"{time.monotonic() - started:6.0f} s  {text}")
            )
            return state
        if time.monotonic() - started > LONGEST_S:
            raise ToolError(
                f"The stack {stack} is {state.status} for an hour; look at it in the AWS console."
            )
        time.sleep(account.poll_s)


def latest_event(account: Account, stack: str) -> str:
    """The id of a stack's newest event."""
    with aws_errors(f"read the events of {stack}"):
        events = account.formation.describe_stack_events(StackName=stack)["StackEvents"]
    return events[0]["EventId"] if events else ""


def _tell_events(account: Account, stack: str, since: str, say: Say) -> str:
    new = []
    with aws_errors(f"read the events of {stack}"):
        for page in account.formation.get_paginator("describe_stack_events").paginate(StackName=stack):
            for event in page["StackEvents"]:
                if event["EventId"] == since:
                    break
                new.append(event)
            else:
                continue
            break
    for event in reversed([each for each in new if not each.get("ResourceStatus", "").endswith(QUIET)]):
        reason = event.get("ResourceStatusReason", "")
        names = f"{event.get('ResourceType', '')} {event.get('LogicalResourceId', '')}"
        say(f"{event.get('ResourceStatus', ''):<28} {names}{f': {reason}' if reason else ''}")
    return new[0]["EventId"] if new else since


def first_failure(account: Account, stack: str) -> str:
    """What went wrong first in the last operation on a stack, in CloudFormation's words."""
    with aws_errors(f"read the events of {stack}"):
        events = account.formation.describe_stack_events(StackName=stack)["StackEvents"]
    for event in reversed(_of_last_operation(events)):
        if event.get("ResourceStatus", "").endswith("_FAILED"):
            return f"{event.get('LogicalResourceId', '')}: {event.get('ResourceStatusReason', '')}"
    return "CloudFormation names no resource"


def _of_last_operation(events: Sequence[Any]) -> list[Any]:
    """Newest first, back to the event with which the stack's own last operation began."""
    last: list[Any] = []
    for event in events:
        last.append(event)
        is_stack = event.get("PhysicalResourceId") == event.get("StackId")
        if is_stack and event.get("ResourceStatus") in {"UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS"}:
            break
    return last


def remove_failed_creation(account: Account, state: State, say: Say) -> State:
    """Delete a stack whose first creation failed, without which it cannot be made again.

    Only for a stack without data; the caller knows.
    """
    say(f"{state.name} is {state.status}: its first creation failed, so what is left of it is deleted first.")
    with aws_errors(f"delete what is left of {state.name}"):
        account.formation.delete_stack(StackName=state.name)
    while True:
        now = state_of(account, state.name)
        if not now.exists or now.status == "DELETE_FAILED":
            break
        time.sleep(account.poll_s)
    if now.exists:
        raise ToolError(f"What is left of {state.name} cannot be deleted: {now.reason}")
    return now


def protect(account: Account, stack: str) -> None:
    """Let nobody delete a stack before this has been taken off again by hand."""
    with aws_errors(f"protect the stack {stack}"):
        account.formation.update_termination_protection(StackName=stack, EnableTerminationProtection=True)


def busy_since(account: Account, stack: str) -> datetime | None:
    """When the operation began that is under way on a stack."""
    with aws_errors(f"read the events of {stack}"):
        events = account.formation.describe_stack_events(StackName=stack)["StackEvents"]
    return _of_last_operation(events)[-1]["Timestamp"] if events else None

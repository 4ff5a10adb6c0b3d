"""What a deployment would change in each stack, worked out by CloudFormation before the first change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.deploy import formation, front, stacks, store
from tools.deploy.account import Account
from tools.deploy.changes import refusals, table_of
from tools.deploy.formation import ChangeSet, Say, State
from tools.deploy.package import Package
from tools.deploy.stacks import Piece
from tools.errors import ToolError
from tools.package.stages import Stage

# Stands for what a stack will have made, where a template is only looked at.
UNKNOWN = {"APIHandlerName": "unknown"}
STUCK = {
    "UPDATE_ROLLBACK_FAILED": "CloudFormation could neither change it nor put it back. See in its events what"
    " is in the way, put that right, run `aws cloudformation continue-update-rollback --stack-name {name}`,"
    " and deploy again.",
    "DELETE_FAILED": "somebody tried to delete it. Delete it whole, or keep it, in the AWS console.",
}


@dataclass(frozen=True)
class Deployment:
    """One run: what is deployed where. `dry` changes nothing."""

    account: Account
    stage: Stage
    root: Path
    say: Say
    dry: bool = False

    @property
    def stack(self) -> str:
        """The name of the stage's own stack."""
        return str(self.stage.deploy["stack"])

    @property
    def store(self) -> store.Store:
        """What the stage's stack keeps in the deployment bucket."""
        return store.Store(self.account, store.bucket_name(self.account), self.stack)

    def state(self, stack: str) -> State:
        """What a stack is now."""
        return formation.state_of(self.account, stack)


def outputs_so_far(deployment: Deployment) -> dict[str, str]:
    """What the stacks of the stage have made."""
    found: dict[str, str] = {}
    for piece in stacks.pieces_of(deployment.stage, stacks.BEFORE):
        found.update(deployment.state(piece.stack(deployment.stage)).outputs)
    return {**found, **deployment.state(deployment.stack).outputs}


def propose_piece(
    deployment: Deployment,
    piece: Piece,
    state: State,
    outputs: Mapping[str, str],
    more: Mapping[str, str] | None = None,
) -> ChangeSet | None:
    """The changes of a stack beside the stage's own; None when there are none.

    `more` are parameters that are this template's alone.
    """
    text = piece.read(deployment.root)
    values = stacks.settings_for_templates(deployment.stage, outputs) | dict(more or {})
    parameters = stacks.parameters_of(text, values, state.parameters if state.exists else {})
    if len(text.encode()) <= formation.LARGEST_BODY:
        return formation.propose(deployment.account, state, {"TemplateBody": text}, parameters)
    key = deployment.store.key("templates", piece.template)
    deployment.store.keep(key, text.encode())
    return formation.propose(
        deployment.account, state, {"TemplateURL": deployment.store.url(key)}, parameters
    )


def propose_template(deployment: Deployment, state: State, digest: str) -> ChangeSet | None:
    """The changes of the stage's own stack to a template that lies in the bucket under its digest."""
    url = deployment.store.url(deployment.store.key("templates", f"{digest}.json"))
    return formation.propose(deployment.account, state, {"TemplateURL": url}, [])


def ready(deployment: Deployment, stack: str, *, holds_data: bool) -> State:
    """The state of a stack that can be changed now.

    What a killed run has begun is waited for, and what a failed creation has left is deleted unless it holds
    data; a dry run does neither. ToolError with what to do where a person has to.
    """
    state = deployment.state(stack)
    if state.is_busy:
        if deployment.dry:
            since = formation.busy_since(deployment.account, stack)
            raise ToolError(
                f"The stack {stack} is being changed (since {since}): {state.status}. Try again later."
            )
        deployment.say(
            f"{stack} is being changed ({state.status}), as by a run that was killed; waiting for its end."
        )
        state = formation.wait_until_done(deployment.account, stack, deployment.say)
    if state.status in STUCK:
        raise ToolError(f"The stack {stack} is {state.status}: {STUCK[state.status].format(name=stack)}")
    if state.status not in formation.FAILED_CREATION:
        return state
    if holds_data:
        raise ToolError(
            f"The first creation of {stack} failed ({state.status}: {state.reason}). What it made and"
            " keeps may hold data: look at it in the AWS console, delete the stack there, and deploy again."
        )
    return (
        state
        if deployment.dry
        else formation.remove_failed_creation(deployment.account, state, deployment.say)
    )


def show(deployment: Deployment, name: str, change_set: ChangeSet | None) -> None:
    """Tell what a change set does; ToolError, and it is dropped, where it would take data away."""
    if change_set is None:
        deployment.say(f"  {name}: no changes")
        return
    deployment.say(f"  {name}: {len(change_set.changes)} changes\n{table_of(change_set.changes)}")
    lost = refusals(deployment.account, change_set.changes)
    if lost:
        formation.drop(deployment.account, change_set)
        lines = "".join(f"\n  - {each}" for each in lost)
        raise ToolError(f"Refused, and nothing was changed: data would go with {name}:{lines}")


def preview(deployment: Deployment, package: Package) -> bool:
    """Tell all changes that can be known now, and keep none of the change sets; whether there are any.

    ToolError where one would take data away.
    """
    outputs = outputs_so_far(deployment)
    before = stacks.pieces_of(deployment.stage, stacks.BEFORE)
    after = stacks.pieces_of(deployment.stage, stacks.AFTER)
    found = [_preview_piece(deployment, piece, outputs) for piece in before]
    found.append(_preview_stage(deployment, package, outputs))
    found += [_preview_piece(deployment, piece, {**UNKNOWN, **outputs}) for piece in after]
    settings = front.front_settings(deployment)
    if settings is not None:
        found.append(_preview_piece(deployment, front.FRONT, outputs, settings))
    return any(found)


def _preview_piece(
    deployment: Deployment, piece: Piece, outputs: Mapping[str, str], more: Mapping[str, str] | None = None
) -> bool:
    name = piece.stack(deployment.stage)
    state = ready(deployment, name, holds_data=piece.holds_data)
    return _preview(deployment, name, lambda: propose_piece(deployment, piece, state, outputs, more))


def _preview_stage(deployment: Deployment, package: Package, outputs: Mapping[str, str]) -> bool:
    state = ready(deployment, deployment.stack, holds_data=False)
    if not store.bucket_exists(deployment.account, deployment.store.bucket):
        lines = [
            f"    add      {each['Type']}  {name}" for name, each in package.template["Resources"].items()
        ]
        deployment.say("\n".join([f"  {deployment.stack}: {len(lines)} resources", *lines]))
        return True
    digest = keep_template(deployment, package, outputs)
    return _preview(deployment, deployment.stack, lambda: propose_template(deployment, state, digest))


def _preview(deployment: Deployment, name: str, propose: Callable[[], ChangeSet | None]) -> bool:
    change_set = propose()
    show(deployment, name, change_set)
    if change_set is not None:
        formation.drop(deployment.account, change_set)
    return change_set is not None


def keep_template(deployment: Deployment, package: Package, outputs: Mapping[str, str]) -> str:
    """Put the finished template into the bucket; gives its digest."""
    kept, code = deployment.store, package.zip_sha256
    place = {"Bucket": kept.bucket, "Key": kept.key("zips", f"{code}.zip")}
    template = package.finished(deployment.stage, place, outputs)
    digest = store.digest(template)
    kept.keep(kept.key("templates", f"{digest}.json"), template)
    return digest

"""Changing what serves: the stack to another template, the probe, and the way back when it fails."""

from tools.deploy import formation, plan
from tools.deploy.plan import Deployment
from tools.deploy.probe import Downtime, NotServing, Probe
from tools.deploy.releases import Release
from tools.errors import ToolError

URL = "EndpointURL"
# How long a stage is tried in vain. Behind a new release each second counts as downtime; where there is
# nothing to go back to, as for the first release and for the one that was put back, it is worth waiting.
PATIENCE_S, LONG_PATIENCE_S = 10.0, 60.0


def url_of(deployment: Deployment) -> str:
    """Where the stage answers, without a slash at the end; ToolError when its stack does not say."""
    outputs = deployment.state(deployment.stack).outputs
    if URL not in outputs:
        raise ToolError(f"The stack {deployment.stack} has no output {URL}.")
    return deployment.account.reachable(outputs[URL])


def switch(deployment: Deployment, digest: str, former: Release | None) -> list[str]:
    """Change the stage's stack to the template of this digest and probe it; gives what was tried.

    When the stack cannot be changed, CloudFormation leaves what was; when the probe fails, the release
    `former` is put back. Either way ToolError says what failed, and what serves now.
    """
    state = plan.ready(deployment, deployment.stack, holds_data=False)
    change_set = plan.propose_template(deployment, state, digest)
    plan.show(deployment, deployment.stack, change_set)
    if not state.exists or former is None or former.template_sha256 == digest:
        _change(deployment, change_set)
        return _first_probe(deployment)
    health = f"{url_of(deployment)}{'/health' if 'shop' in deployment.stage.domains else ''}"
    with Downtime(health) as downtime:
        try:
            # A run that was killed behind its change has left nothing of it to do but the probe.
            _change(deployment, change_set)
            return _probe(deployment)
        except NotServing as error:
            failure = error
            deployment.say(f"The probe failed: {failure}\nGoing back to release {former.number}.")
            _go_back(deployment, former, failure)
    raise ToolError(
        f"The new release does not serve: {failure}\n"
        f"Release {former.number} serves again. It did not answer for {downtime.longest_s:.1f} s."
    )


def _change(deployment: Deployment, change_set: formation.ChangeSet | None) -> None:
    if change_set is None:
        return
    state = formation.carry_out(deployment.account, change_set, deployment.say)
    if state.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return
    why = formation.first_failure(deployment.account, deployment.stack)
    raise ToolError(f"CloudFormation could not change {deployment.stack}: {why}\n{_aftermath(state)}")


def _aftermath(state: formation.State) -> str:
    if state.status == "UPDATE_ROLLBACK_COMPLETE":
        return "It put everything back by itself: the release before serves as it did."
    if state.status in plan.STUCK:
        return plan.STUCK[state.status].format(name=state.name)
    if state.status in formation.FAILED_CREATION:
        return (
            "It was the first creation: nothing serves. The next deployment deletes what is left of it first."
        )
    return f"The stack is {state.status} now."


def _probe(deployment: Deployment, patience_s: float = PATIENCE_S) -> list[str]:
    done = Probe(url_of(deployment), deployment.stage.domains).wait(patience_s)
    deployment.say("".join(f"  probed: {each}\n" for each in done).rstrip())
    return done


def _first_probe(deployment: Deployment) -> list[str]:
    try:
        return _probe(deployment, LONG_PATIENCE_S)
    except NotServing as error:
        raise ToolError(
            f"The stage does not serve: {error}\n"
            "There is no other release to put back by itself; `artshop releases` lists what there is."
        ) from error


def _go_back(deployment: Deployment, former: Release, failure: NotServing) -> None:
    state = plan.ready(deployment, deployment.stack, holds_data=False)
    try:
        _change(deployment, plan.propose_template(deployment, state, former.template_sha256))
        _probe(deployment, LONG_PATIENCE_S)
    except (NotServing, ToolError) as error:
        raise ToolError(
            f"The new release does not serve: {failure}\n"
            f"Release {former.number} could not be put back either: {error}"
        ) from error

"""`artshop deploy` from beginning to end: checks, stacks in their order, release, and the way back."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from tools.deploy import formation, front, plan, releases, stacks, store
from tools.deploy.account import aws_errors, open_account
from tools.deploy.checks import check_everything
from tools.deploy.formation import Say
from tools.deploy.lock import only_deployment
from tools.deploy.package import Package, read_package
from tools.deploy.plan import Deployment
from tools.deploy.stacks import Piece
from tools.deploy.storefront import storefront_lines
from tools.deploy.switch import switch, url_of
from tools.edge.table import DOMAINS
from tools.errors import ToolError
from tools.package.build import build
from tools.package.stages import read_deployed_stage

# Asks whether to go on; ToolError where nobody can be asked.
Confirm = Callable[[str], bool]
ALIASES = {"dev": "staging"}
STORE = Piece(store.STACK, "deployment.yaml", holds_data=True)


def open_deployment(stage_name: str, root: Path, say: Say, *, dry: bool = False) -> Deployment:
    """A run for a stage in the account that the environment names; ToolError for what does not exist."""
    stage = read_deployed_stage(root, ALIASES.get(stage_name, stage_name))
    account = open_account()
    where = f", {account.endpoint}" if account.endpoint else ""
    say(f"Stage {stage.name}, account {account.number}, region {account.region}{where}, as {account.caller}")
    if not stage.deploy.get("stack"):
        raise ToolError(f'Stage {stage.name} has no "deploy": {{"stack": ...}} in .chalice/config.json.')
    return Deployment(account, stage, root, say, dry)


def deploy(deployment: Deployment, folder: Path | None, confirm: Confirm) -> None:
    """Deploy a stage; of a package in `folder`, or of the sources.

    ToolError says what stands in the way, or what failed and what serves now.
    """
    package = packaged(deployment, folder)
    check_everything(deployment.account, deployment.stage, package, deployment.say)
    with ExitStack() as held:
        # Before the first deployment there is no place for a lock. Of two, one alone makes the stack of it.
        is_held = _has_store(deployment) and not deployment.dry
        if is_held:
            held.enter_context(only_deployment(deployment.store))
        deployment.say("What changes:")
        changed = plan.preview(deployment, package)
        if deployment.dry:
            deployment.say("A dry run: nothing was changed.")
            return
        if changed and not confirm("Go on?"):
            raise ToolError("Nothing was changed.")
        if not is_held:
            # Somebody else may have made it while this one was asked.
            prepare_store(deployment)
            held.enter_context(only_deployment(deployment.store))
        _deploy_all(deployment, package)
        _publish_api_page(deployment)
    _tell_result(deployment)


def packaged(deployment: Deployment, folder: Path | None) -> Package:
    """The package in a folder; without one it is built of the sources, below build/."""
    if folder is None:
        folder = deployment.root / "build" / deployment.stage.name
        build(deployment.stage.name, folder, deployment.root)
    package = read_package(folder)
    deployment.say(f"Package: {package.archive}, sha256 {package.zip_sha256}")
    return package


def _has_store(deployment: Deployment) -> bool:
    return store.bucket_exists(deployment.account, deployment.store.bucket)


def _make_store(deployment: Deployment) -> None:
    account, name = deployment.account, store.STACK
    state = deployment.state(name)
    if state.is_busy:
        raise ToolError(
            f"Somebody else makes the first deployment of this account: {name} is {state.status}."
        )
    parameters = [{"ParameterKey": "BucketName", "ParameterValue": store.bucket_name(account)}]
    change_set = formation.propose(account, state, {"TemplateBody": STORE.read(deployment.root)}, parameters)
    if change_set:
        _must_succeed(deployment, formation.carry_out(account, change_set, deployment.say))
    formation.protect(account, name)


def _deploy_all(deployment: Deployment, package: Package) -> None:
    for piece in stacks.pieces_of(deployment.stage, stacks.BEFORE):
        _deploy_piece(deployment, piece)
    _deploy_stage(deployment, package)
    for piece in stacks.pieces_of(deployment.stage, stacks.AFTER):
        _deploy_piece(deployment, piece)
    deploy_front(deployment)


def deploy_front(deployment: Deployment) -> None:
    """Make the host in front of all domains, or change it; nothing where none is wanted or one is missing."""
    settings = front.front_settings(deployment)
    if settings is not None:
        _deploy_piece(deployment, front.FRONT, settings)


def _deploy_piece(deployment: Deployment, piece: Piece, more: Mapping[str, str] | None = None) -> None:
    name = piece.stack(deployment.stage)
    state = plan.ready(deployment, name, holds_data=piece.holds_data)
    change_set = plan.propose_piece(deployment, piece, state, plan.outputs_so_far(deployment), more or {})
    plan.show(deployment, name, change_set)
    if change_set is not None:
        state = formation.carry_out(deployment.account, change_set, deployment.say)
        _must_succeed(deployment, state)
    if piece.holds_data and not state.is_protected:
        formation.protect(deployment.account, name)


def _must_succeed(deployment: Deployment, state: formation.State) -> None:
    if state.status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        why = formation.first_failure(deployment.account, state.name)
        raise ToolError(f"CloudFormation could not change {state.name}, which is {state.status} now: {why}")


def prepare_store(deployment: Deployment) -> None:
    """Make the deployment bucket where there is none."""
    if not _has_store(deployment):
        _make_store(deployment)


def upload(deployment: Deployment, package: Package) -> tuple[str, str]:
    """Put the zip and the finished template into the bucket; gives the digest of each."""
    kept, code = deployment.store, package.zip_sha256
    if kept.keep(kept.key("zips", f"{code}.zip"), package.archive.read_bytes()):
        deployment.say(f"  uploaded the zip, sha256 {code}")
    return code, plan.keep_template(deployment, package, plan.outputs_so_far(deployment))


def _deploy_stage(deployment: Deployment, package: Package) -> None:
    kept = deployment.store
    code, digest = upload(deployment, package)
    current = releases.current_release(kept)
    probed = switch(deployment, digest, current)
    if current is None or current.template_sha256 != digest:
        release = releases.record_release(kept, (code, digest), deployment.root, probed)
        deployment.say(f"Release {release.number} serves.")
    else:
        deployment.say(f"No changes: release {current.number} serves.")


def go_back(deployment: Deployment, number: int | None, confirm: Confirm) -> None:
    """Put an earlier release back: this one, or the one before the one that serves; ToolError as `deploy`."""
    if not _has_store(deployment):
        raise ToolError(f"{deployment.stage.name} has not been deployed in this account and region.")
    kept = deployment.store
    with only_deployment(kept):
        target = releases.release_to_go_back_to(kept, number)
        current = releases.current_release(kept)
        deployment.say(f"Back to\n{target.line(is_current=False)}")
        if not confirm("Go on?"):
            raise ToolError("Nothing was changed.")
        switch(deployment, target.template_sha256, current)
        releases.set_current(kept, target.number)
        deployment.say(f"Release {target.number} serves.")
    _tell_result(deployment)


def _publish_api_page(deployment: Deployment) -> None:
    """Put the API's document and its page beside the images, once all domains answer under one URL."""
    stage = deployment.stage
    bucket = stage.environment.get("S3_BUCKET_NAME", "")
    url = front.front_url(deployment) or (url_of(deployment) if set(DOMAINS) <= set(stage.domains) else "")
    if not bucket or not url:
        return
    # Its imports are those of every domain.
    from tools.api_document.publishing import publish_document

    with aws_errors(f"put the API's document into {bucket}"):
        *_, page = publish_document(deployment.account.objects, bucket, url)
    at = stage.environment.get("MEDIA_BASE_URL") or plan.outputs_so_far(deployment).get("MediaBaseUrl", "")
    deployment.say(f"The API's document: {at}/{page}")


def list_releases(deployment: Deployment) -> list[str]:
    """The releases of a stage, a line each, newest first; the one that serves is marked."""
    if not _has_store(deployment):
        return []
    current = releases.current_number(deployment.store)
    found = releases.all_releases(deployment.store)
    return [each.line(is_current=each.number == current) for each in reversed(found)]


def _tell_result(deployment: Deployment) -> None:
    url = url_of(deployment)
    deployment.say(f"URL: {url}")
    if in_front := front.front_url(deployment):
        deployment.say(f"URL of all domains: {in_front}")
        lines = storefront_lines(DOMAINS, in_front)
        deployment.say("\n".join(["In the storefront's environment:", *(f"  {line}" for line in lines)]))
        return
    deployment.say("In the storefront's environment:")
    deployment.say("\n".join(f"  {line}" for line in storefront_lines(deployment.stage.domains, url)))

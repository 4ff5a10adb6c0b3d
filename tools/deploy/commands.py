"""`artshop deploy` and `artshop releases`."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from tools.errors import ToolError


@click.command()
@click.argument("stage")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Check everything and show the changes; change nothing.")
@click.option("--back", is_flag=True, help="Put the release before the one that serves back.")
@click.option("--to", "number", type=click.IntRange(1), help="With --back: this release.")
@click.option(
    "--rehearse", is_flag=True, help="Deploy to an AWS emulated on this machine, and try the shop there."
)
@click.option("--keep", is_flag=True, help="With --rehearse: serve until Ctrl-C.")
@click.option(
    "--package",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="What `artshop package --out` has built; default: built anew.",
)
def deploy(
    stage: str,
    yes: bool,
    dry_run: bool,
    back: bool,
    number: int | None,
    rehearse: bool,
    keep: bool,
    folder: Path | None,
) -> None:
    """Deploy a stage: package, stacks in their order, a probe, and back by itself when that fails.

    Looks at everything first and names what is missing before anything is changed. Shows what will change
    and asks, unless --yes. What holds data is never deleted or replaced. Ends with 1 when something failed;
    it says what, and what serves then. Killed in the middle, the same command goes on.

    \b
    Examples:
      artshop deploy staging --rehearse
      artshop deploy staging --dry-run
      AWS_PROFILE=shop AWS_REGION=eu-west-1 artshop deploy prod
      artshop deploy prod --yes
      artshop deploy --back prod
      artshop deploy --back --to 12 prod
    """
    from tools.deploy import run
    from tools.paths import ROOT

    if rehearse:
        from tools.rehearsal.rehearse import rehearse as rehearse_stage

        rehearse_stage(stage, folder, click.echo, keep=keep)
        return
    deployment = run.open_deployment(stage, ROOT, click.echo, dry=dry_run)
    if back or number:
        run.go_back(deployment, number, _confirmed(yes=yes))
    else:
        run.deploy(deployment, folder, _confirmed(yes=yes))


@click.command()
@click.argument("stage")
def releases(stage: str) -> None:
    """List what was deployed of a stage, newest first; `*` marks the release that serves.

    \b
    Example:
      artshop releases prod
    """
    from tools.deploy import run
    from tools.paths import ROOT

    deployment = run.open_deployment(stage, ROOT, lambda text: click.echo(text, err=True))
    lines = run.list_releases(deployment)
    click.echo("\n".join(lines) or "Nothing was deployed yet.")


def _confirmed(*, yes: bool) -> Callable[[str], bool]:
    def confirm(question: str) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            raise ToolError("Nobody can be asked here; --yes goes on without. Nothing was changed.")
        return click.confirm(question)

    return confirm

"""What Chalice's own command line does with this app: `local` is led to the engine, `deploy` is refused."""

import os
import sys
import threading
from collections.abc import MutableMapping, Sequence

import click

from tools.engines.ministack import answers
from tools.errors import ToolError
from tools.local import credentials, local_stage
from tools.local.settings import sign_in
from tools.local.sources_watch import watch_sources_only
from tools.package.stages import LOCAL_STAGE, read_stage
from tools.paths import ROOT, data_dir

HINT = "STORAGE_HINT"
NO_ENGINE = "No engine answers at {endpoint}; start it in another terminal with `make engine`"
NO_ACCESS = (
    "The storage of stage {stage} cannot be reached with the AWS credentials at hand; "
    "`make engine` and `chalice local` without a stage serve a shop on this machine"
)
NO_DEPLOY = (
    "`chalice deploy` leaves out what this shop needs of AWS: which messages of a batch have failed, the "
    "queue's address, dead letters and CORS on API Gateway's own errors. Use `make package STAGE={stage}` "
    "and the steps in docs/operations.md."
)


def prepare() -> None:
    """Act on the command that loads the app; it ends with one sentence where it is not to go on."""
    command, stage = called(sys.argv[1:])
    try:
        if command == "deploy":
            refuse_to_deploy(stage)
        if command == "local":
            watch_sources_only()
            prepare_local(stage, os.environ)
    except ToolError as error:
        _end(str(error))


def refuse_to_deploy(stage: str) -> None:
    """ToolError, which says why and what does it."""
    raise ToolError(NO_DEPLOY.format(stage="prod" if stage == LOCAL_STAGE else stage))


def called(arguments: Sequence[str]) -> tuple[str, str]:
    """The command of `chalice` and its stage, as Chalice itself reads them; empty where there is none.

    Where none is named Chalice says `dev`, which no stage is called: then it is the one for this machine.
    """
    from chalice.cli import cli
    from chalice.constants import DEFAULT_STAGE_NAME

    place = next((number for number, word in enumerate(arguments) if word in cli.commands), None)
    if place is None:
        return "", ""
    name, given = arguments[place], list(arguments[place + 1 :])
    context = cli.commands[name].make_context(name, given, resilient_parsing=True)
    stage = str(context.params.get("stage") or "")
    return name, LOCAL_STAGE if stage == DEFAULT_STAGE_NAME else stage


def prepare_local(stage: str, environ: MutableMapping[str, str]) -> None:
    """Add what a stage lacks to be served here; ToolError for one that does not exist.

    The stage for this machine gets the keys and the sign-in that `make engine` shows, and is refused with
    an engine that is elsewhere.
    """
    if stage != LOCAL_STAGE:
        read_stage(ROOT, stage)
        environ.setdefault(HINT, NO_ACCESS.format(stage=stage))
        return
    # Chalice has set what the stage says where the stage was named.
    local_stage.enter(environ)
    environ.update(sign_in(environ, credentials.load(data_dir(), environ)))
    environ.setdefault("TOKEN_ENCRYPTION_KEY", credentials.load_token_key(data_dir()))
    environ[HINT] = NO_ENGINE.format(endpoint=environ["AWS_ENDPOINT_URL"])
    if not answers(environ["AWS_ENDPOINT_URL"]):
        click.echo(environ[HINT], err=True)


def _end(sentence: str) -> None:
    if threading.current_thread() is threading.main_thread():
        raise click.ClickException(sentence)
    # Chalice's reloader loads the app in a thread, whose exceptions would end nothing but the thread.
    click.echo(f"Error: {sentence}", err=True)
    os._exit(1)

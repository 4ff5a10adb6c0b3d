"""The stage for this machine: what it sets, and that nothing of the caller's leads elsewhere."""

from collections.abc import Mapping, MutableMapping
from urllib.parse import urlsplit

from tools.errors import ToolError
from tools.local.settings import LOOPBACK, leave_account
from tools.package.stages import LOCAL_STAGE, read_stage
from tools.paths import ROOT


def enter(environ: MutableMapping[str, str]) -> None:
    """Set what the stage says and leave the caller's account; ToolError with an engine that is elsewhere."""
    environ.update(read_stage(ROOT, LOCAL_STAGE).environment)
    check_endpoints(environ)
    leave_account(environ)


def check_endpoints(environ: Mapping[str, str]) -> None:
    """ToolError unless every engine that the environment names is on this machine, and one is named."""
    named = {name: value for name, value in environ.items() if name.startswith("AWS_ENDPOINT_URL") and value}
    if environ.get("DYNAMODB_ENDPOINT"):
        named["DYNAMODB_ENDPOINT"] = environ["DYNAMODB_ENDPOINT"]
    for name, value in {"AWS_ENDPOINT_URL": "", **named}.items():
        if (urlsplit(value).hostname or "") not in LOOPBACK:
            what = value or "not set"
            raise ToolError(f"Stage {LOCAL_STAGE} wants an engine on this machine; {name} is {what}.")

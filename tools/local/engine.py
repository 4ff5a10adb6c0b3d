"""`artshop engine`: the engine alone, at the address where `chalice local` looks for it."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from common import clock
from tools import demo
from tools.engines.ministack import MiniStack, free_port
from tools.errors import ToolError
from tools.local import credentials, local_stage, storage
from tools.local.background import prepare_queues
from tools.local.banner import engine_banner
from tools.local.process import Say, only_one, until_stopped, watch
from tools.local.published import publish, withdraw
from tools.package.stages import LOCAL_STAGE
from tools.paths import data_dir


def serve_engine(environ: Mapping[str, str], say: Say, *, with_demo: bool = True) -> None:
    """Serve the engine of the stage for this machine until Ctrl-C; ToolError when it cannot be served.

    Table, bucket, queues and, `with_demo`, the demo data are created where they are missing.
    """
    until_stopped(lambda: _serve(environ, say, with_demo=with_demo), say)


def _serve(environ: Mapping[str, str], say: Say, *, with_demo: bool) -> None:
    data = data_dir()
    local_stage.enter(os.environ)
    with only_one(data):
        who = credentials.load(data, environ)
        engine = MiniStack(data, wanted_port(os.environ["AWS_ENDPOINT_URL"]))
        try:
            engine.start()
            storage.prepare()
            prepare_queues(say)
            if with_demo:
                demo.load(clock.utc_now(), progress=say)
            publish(data)
            say(engine_banner(engine.endpoint, environ, who, data))
            watch(engine, say, lambda: prepare_queues(say))
        finally:
            withdraw(data)
            engine.stop()


def wanted_port(endpoint: str) -> int:
    """The port of an address; ToolError when another program has it."""
    port = urlsplit(endpoint).port or 80
    if free_port(port) != port:
        raise ToolError(
            f"Port {port}, where stage {LOCAL_STAGE} of .chalice/config.json looks for its engine, is in use."
        )
    return port

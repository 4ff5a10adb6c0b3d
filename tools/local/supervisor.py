"""Starts the engine, prepares what it stores, serves the shop, and ends all of it in order."""

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from common import clock
from common.config import ConfigurationError
from common.http.app import ShopApp
from tools import demo
from tools.engines.ministack import MiniStack
from tools.errors import ToolError
from tools.local import credentials, env_file, storage
from tools.local.background import background
from tools.local.banner import banner
from tools.local.domains import Domains
from tools.local.gateway import Gateway
from tools.local.process import Say, only_one, until_stopped, watch
from tools.local.server import LocalServer
from tools.local.settings import (
    Engines,
    app_environment,
    check_media_urls,
    leave_account,
    plan_engines,
    read_port,
)
from tools.local.split import SplitGateway
from tools.paths import ROOT, data_dir


def run(environ: Mapping[str, str], say: Say, *, with_demo: bool = True, split: bool = False) -> None:
    """Serve the shop until Ctrl-C, SIGTERM or the terminal's end; ToolError when it cannot be served.

    Table, bucket, queue and, `with_demo`, the demo data are created on engines of this machine only, and
    only there does it work off the queue and run the channels' jobs. `ARTSHOP_ENV_FILE` names a file with
    settings that `environ` lacks. `split`: each domain answers in a process of its own, behind a router.
    """
    until_stopped(lambda: _run(with_env_file(environ), say, with_demo=with_demo, split=split), say)


def with_env_file(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with the settings of the file that `ARTSHOP_ENV_FILE` names, which this process gets too."""
    given = environ.get(env_file.VARIABLE, "")
    settings = env_file.read_env_file(Path(given)) if given else {}
    added = {name: value for name, value in settings.items() if not environ.get(name)}
    os.environ.update(added)
    return {**environ, **added}


def _run(environ: Mapping[str, str], say: Say, *, with_demo: bool, split: bool) -> None:
    data, port, engines = data_dir(), read_port(environ), plan_engines(environ)
    check_media_urls(environ)
    with only_one(data):
        who = credentials.load(data, environ)
        _apply(app_environment(environ, engines, port, who, data), engines)
        if engines.is_local and not environ.get("TOKEN_KMS_KEY_ID"):
            os.environ.setdefault("TOKEN_ENCRYPTION_KEY", credentials.load_token_key(data))
        domains = Domains() if split else None
        # The port is taken first: what is in use is said before anything is started.
        server = LocalServer(_gateway(load_app(), domains), port)
        with _engine(data, engines) as engine:
            try:
                if engines.is_local:
                    storage.prepare()
                if engines.is_local and with_demo:
                    demo.load(clock.utc_now(), progress=say)
                with background(data, engines, say) as prepare_queue, domains or nullcontext():
                    server.start()
                    say(banner(port, environ, who, engines, data))
                    watch(engine, say, prepare_queue)
            finally:
                server.stop()


def _gateway(app: ShopApp, domains: Domains | None) -> Gateway:
    return SplitGateway(app, domains) if domains else Gateway(app)


def load_app() -> ShopApp:
    """The project's app with the domains that `SHOP_DOMAINS` names."""
    sys.path.insert(0, str(ROOT))
    try:
        app: ShopApp = importlib.import_module("app").app
    except ConfigurationError as error:
        raise ToolError(str(error)) from error
    return app


def _apply(added: Mapping[str, str], engines: Engines) -> None:
    os.environ.update(added)
    if engines.is_local:
        leave_account(os.environ)


@contextmanager
def _engine(data: Path, engines: Engines) -> Iterator[MiniStack | None]:
    if not engines.needs_embedded:
        yield None
        return
    engine = MiniStack(data)
    try:
        engine.start()
        os.environ["AWS_ENDPOINT_URL" if engines.embedded_tables else "AWS_ENDPOINT_URL_S3"] = engine.endpoint
        os.environ.setdefault("AWS_ENDPOINT_URL_SQS", engine.endpoint)
        yield engine
    finally:
        engine.stop()

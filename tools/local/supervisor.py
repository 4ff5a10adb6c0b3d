"""Starts the engine, prepares what it stores, serves the shop, and ends all of it in order."""

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from common import clock
from common.config import ConfigurationError
from common.http.app import ShopApp
from tools import demo, locks
from tools.engines.ministack import EngineFailed, MiniStack
from tools.errors import ToolError
from tools.local import credentials, env_file, storage
from tools.local.background import background
from tools.local.banner import banner
from tools.local.server import LocalServer
from tools.local.settings import Engines, app_environment, check_media_urls, plan_engines, read_port
from tools.paths import ROOT, data_dir

RUN_LOCK = "run.lock"
WATCH_S = 0.5
RESTARTS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# They would go before the keys and the region that belong to the local engine.
FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN")

Say = Callable[[str], None]


def run(environ: Mapping[str, str], say: Say, *, with_demo: bool = True) -> None:
    """Serve the shop until Ctrl-C, SIGTERM or the terminal's end; ToolError when it cannot be served.

    Table, bucket, queue and, `with_demo`, the demo data are created on engines of this machine only, and
    only there does it work off the queue and run the channels' jobs. `ARTSHOP_ENV_FILE` names a file with
    settings that `environ` lacks.
    """
    _interrupt_on_signals()
    try:
        _run(with_env_file(environ), say, with_demo=with_demo)
    except KeyboardInterrupt:
        say("Stopped.")


def is_running(data: Path) -> bool:
    """True while a shop or its engine uses this data."""
    return any(locks.is_held(data / name) for name in (RUN_LOCK, "engine.lock"))


def with_env_file(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with the settings of the file that `ARTSHOP_ENV_FILE` names, which this process gets too."""
    given = environ.get(env_file.VARIABLE, "")
    settings = env_file.read_env_file(Path(given)) if given else {}
    added = {name: value for name, value in settings.items() if not environ.get(name)}
    os.environ.update(added)
    return {**environ, **added}


def _run(environ: Mapping[str, str], say: Say, *, with_demo: bool) -> None:
    data, port, engines = data_dir(), read_port(environ), plan_engines(environ)
    check_media_urls(environ)
    with _only_one(data):
        who = credentials.load(data, environ)
        _apply(app_environment(environ, engines, port, who), engines)
        if engines.is_local and not environ.get("TOKEN_KMS_KEY_ID"):
            os.environ.setdefault("TOKEN_ENCRYPTION_KEY", credentials.load_token_key(data))
        # The port is taken first: what is in use is said before anything is started.
        server = LocalServer(load_app(), port)
        with _engine(data, engines) as engine:
            try:
                if engines.is_local:
                    storage.prepare()
                if engines.is_local and with_demo:
                    demo.load(clock.utc_now(), progress=say)
                with background(data, engines, say) as prepare_queue:
                    server.start()
                    say(banner(port, environ, who, engines, data))
                    _watch(engine, say, prepare_queue)
            finally:
                server.stop()


def load_app() -> ShopApp:
    """The project's app with the domains that `SHOP_DOMAINS` names."""
    sys.path.insert(0, str(ROOT))
    try:
        app: ShopApp = importlib.import_module("app").app
    except ConfigurationError as error:
        raise ToolError(str(error)) from error
    return app


def _interrupt_on_signals() -> None:
    def interrupt(*_: object) -> None:
        # Once is enough: a second Ctrl-C must not break off the engine's end.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in SIGNALS:
        # Under nohup a closed terminal is meant to be ignored.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        lock = locks.acquire(data / RUN_LOCK)
    except locks.Held as error:
        raise ToolError(f"The shop runs already on the data in {data}; stop it first.") from error
    with lock:
        yield


def _apply(added: Mapping[str, str], engines: Engines) -> None:
    os.environ.update(added)
    if engines.is_local:
        for name in FOREIGN:
            os.environ.pop(name, None)


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


def _watch(engine: MiniStack | None, say: Say, prepare_queue: Callable[[], None]) -> None:
    restarts, failure = 0, ""
    while True:
        time.sleep(WATCH_S)
        if engine is None:
            continue
        if engine.is_running:
            failure = _tell_failure(engine.failure(), failure, say)
            continue
        restarts += 1
        if restarts > RESTARTS:
            raise EngineFailed(f"The engine ended {restarts} times; its log is {engine.data / 'engine.log'}")
        say("The engine ended unexpectedly and is started again with all that it acknowledged.")
        engine.start()
        # Killed in its first moments, it had no table, bucket and queue yet.
        storage.prepare()
        prepare_queue()


def _tell_failure(failure: str, told: str, say: Say) -> str:
    """Say when saving begins to fail, for another reason, or works again; gives what is true now."""
    if failure and failure != told:
        say(f"THE ENGINE CANNOT SAVE and refuses every write until it can: {failure}")
    if told and not failure:
        say("The engine saves again.")
    return failure

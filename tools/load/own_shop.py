"""A shop of the load's own: `artshop run` on a folder that is thrown away, on an engine that counts units."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.engines import dynamodb_local
from tools.engines.ministack import free_port
from tools.errors import ToolError
from tools.paths import ROOT

EMBEDDED, DYNAMODB_LOCAL = "embedded", "dynamodb-local"
READY_WITHIN_S, STOPPED_WITHIN_S, POLL_S = 180, 20, 0.1
READY = "  Stop "
# What would lead the shop to its owner's data, to an account or to another kind of payment.
_FOREIGN = (
    "ADMIN_", "AMAZON_", "ARTSHOP_", "AWS_", "CHECKOUTS_", "CURSOR_", "DYNAMODB_", "ETSY_", "JWT_",
    "PAYMENT_", "PORT", "SHOPIFY_", "SHOP_", "STOCK_", "STRIPE_", "TOKEN_", "UNPAID_",
)  # fmt: skip


def _is_there() -> None:
    """The log is written as it happens."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop to be loaded; `log` is where its access log goes, `pid` its process, where these are known.

    `collect` brings the log up to this moment, where it does not come by itself.
    """

    url: str
    username: str
    password: str
    log: Path | None = None
    pid: int | None = None
    collect: Callable[[], None] = _is_there

    def logged(self) -> int:
        """How many bytes the log has at this moment; 0 without one."""
        self.collect()
        return self.log.stat().st_size if self.log else 0

    def processor_seconds(self) -> float | None:
        """What its process has taken of the processor so far (Linux); None where that cannot be known."""
        path = Path(f"/proc/{self.pid}/stat")
        if self.pid is None or not path.exists():
            return None
        # Behind the name, which may hold spaces: state is the first, user and system time the 12th and 13th.
        fields = path.read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def own_shop(folder: Path, engine: str) -> Iterator[Shop]:
    """A shop with the demo data in an empty `folder`, which ends with the block.

    `engine` is DYNAMODB_LOCAL, which counts units as AWS does, or EMBEDDED, as in `make run`. ToolError when
    it does not start; the text holds what it said.
    """
    port, password = free_port(0), secrets.token_hex(12)
    changes = {
        "ARTSHOP_DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "ADMIN_USERNAME": "artist",
        "ADMIN_PASSWORD": password,
        # All buyers have one address here.
        "CHECKOUTS_PER_HOUR": "0",
        "PYTHONUNBUFFERED": "1",
    }
    with ExitStack() as stack:
        if engine == DYNAMODB_LOCAL:
            changes["DYNAMODB_ENDPOINT"] = stack.enter_context(dynamodb_local.start()).endpoint
        log = folder / "shop.log"
        process = stack.enter_context(_running(changes, log))
        _wait(process, log)
        yield Shop(f"http://localhost:{port}", "artist", password, log, process.pid)


@contextmanager
def _running(changes: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.cli", "run"],
            cwd=ROOT,
            env=kept | changes,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C at the terminal ends the load, which then ends the shop.
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while READY not in log.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise ToolError(f"The shop did not start; it said:\n{said}")
        time.sleep(POLL_S)

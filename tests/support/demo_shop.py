"""`artshop run` with its demo data, as a process that calls nobody but stand-ins of the channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import programs
from tests.support.local_shop import sign_in, stop
from tools.engines.ministack import free_port
from tools.fakes import channels

USERNAME, PASSWORD = "artist", "a-password-that-was-given"


@dataclass(frozen=True)
class DemoShop:
    """Where the shop answers, and the artist's token."""

    port: int
    token: str

    @property
    def url(self) -> str:
        """The address that all of its paths begin with."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def demo_shop(data: Path) -> Iterator[DemoShop]:
    """The shop, ready, with its data in a folder of its own."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    with channels.running(url, with_webhooks=False) as fakes:
        settings = {
            **fakes.environment(url),
            "ADMIN_USERNAME": USERNAME,
            "ADMIN_PASSWORD": PASSWORD,
            "ARTSHOP_DATA_DIR": str(data),
            "MEDIA_BASE_URL": f"{url}/media",
            "PORT": str(port),
            "STRIPE_WEBHOOK_SECRET": "whsec_that_nobody_else_knows",
        }
        with programs.program(["-m", "tools.cli", "run"], settings) as process:
            printed = process.read_until("Stop ")
            assert f":{port}" in printed, printed
            yield DemoShop(port, sign_in(port, USERNAME, PASSWORD))
            assert stop(process) == 0

"""Fixtures for tests of Amazon: a seller's account on loopback, and the shop's client for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests

from etsy_sync.adapters.amazon.channel import AmazonChannel
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.http import Caller
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.serving import serving

Connect = Callable[[], AmazonClient]


@dataclass
class Time:
    """A clock that only sleeping moves; `slept` are the seconds of each sleep."""

    now: datetime = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Sleeps without taking any time."""
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    """The time of the shop and of Amazon."""
    return Time()


@pytest.fixture
def amazon(time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[AmazonServer]:
    """A seller's account without listings, which the environment leads to."""
    server = AmazonServer(time, page_size=2)
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def connect(amazon: AmazonServer, time: Time) -> Iterator[Connect]:
    """Makes a client as a fresh process has it, by the settings of the moment."""
    with requests.Session() as session:
        caller = Caller(session, time.sleep, jitter=lambda: 1.0)
        yield lambda: AmazonClient(AmazonSettings.from_environment(), caller, time)


@pytest.fixture
def client(connect: Connect) -> AmazonClient:
    """The client of a process."""
    return connect()


@pytest.fixture
def channel(client: AmazonClient) -> AmazonChannel:
    """Amazon as the synchronisation uses it."""
    return AmazonChannel(client)

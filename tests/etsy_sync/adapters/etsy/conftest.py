"""Fixtures: a fake Etsy on loopback, a shop that is connected to it, and time that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests

from common.clock import iso
from etsy_sync.adapters.etsy.channel import EtsyChannel
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import Caller
from etsy_sync.repositories.etsy_tokens import EtsyToken, save_consent
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.serving import serving


@dataclass
class Clock:
    """A time that goes on when it is told to, or when somebody sleeps."""

    now: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Does not wait."""
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def etsy(
    clock: Clock, table: str, token_key_at_hand: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EtsyServer]:
    """An Etsy that nobody is connected to, named by the environment."""
    server = EtsyServer(clock)
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def caller(clock: Clock) -> Iterator[Caller]:
    with requests.Session() as session:
        yield Caller(session, clock.sleep, lambda: 1.0)


@pytest.fixture
def settings(etsy: EtsyServer) -> EtsySettings:
    return EtsySettings.from_environment()


@pytest.fixture
def connection(etsy: EtsyServer, clock: Clock) -> EtsyToken:
    """The tokens of a shop whose owner has just consented."""
    given = etsy.grant()
    return save_consent(
        EtsyToken(
            shop_id=str(SHOP_ID),
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
            token_expires_at=iso(clock.now + timedelta(seconds=given["expires_in"])),
            created_at=iso(clock.now),
            updated_at=iso(clock.now),
        )
    )


@pytest.fixture
def client(connection: EtsyToken, settings: EtsySettings, caller: Caller, clock: Clock) -> EtsyClient:
    return EtsyClient(settings, caller, clock, str(SHOP_ID))


@pytest.fixture
def channel(client: EtsyClient) -> EtsyChannel:
    return EtsyChannel(client)

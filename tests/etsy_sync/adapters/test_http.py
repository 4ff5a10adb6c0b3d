"""Calls to a channel over real sockets: what is repeated, what is waited for, and how it ends."""

from collections.abc import Iterator

import pytest
import requests

from etsy_sync.adapters.http import ApiCall, Caller, Terms
from etsy_sync.adapters.interface import RateLimited, Transient
from tools.fakes.serving import Answered, Asked, Server, serving


class Scripted(Server):
    """Answers with these statuses in turn, then with 200; None loses the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.script: list[int | None] = []
        self.wait = "1"

    def handle(self, asked: Asked) -> Answered:
        return Answered(200, {"path": asked.path})

    def answer(self, asked: Asked) -> Answered | None:
        answered = super().answer(asked)
        status = self.script.pop(0) if self.script else 200
        if status is None:
            return None
        headers = {"retry-after": self.wait} if status == 429 else {}
        return answered if status == 200 else Answered(status, {}, headers)


@pytest.fixture
def server() -> Iterator[Scripted]:
    scripted = Scripted()
    with serving(scripted):
        yield scripted


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def caller(slept: list[float]) -> Iterator[Caller]:
    with requests.Session() as session:
        yield Caller(session, slept.append, lambda: 1.0)


def send(caller: Caller, server: Scripted, method: str = "PUT", *, is_repeatable: bool = True) -> int:
    url = f"{server.url}/thing"
    return caller.ask(ApiCall(method, url, "Thing", is_repeatable), lambda answer: answer.status_code)


def test_what_may_be_repeated_is_sent_again_after_growing_waits(
    server: Scripted, caller: Caller, slept: list[float]
) -> None:
    server.script = [503, None, 500]
    assert send(caller, server) == 200
    assert slept == [0.5, 1.0, 2.0]


def test_it_ends_after_four_attempts(server: Scripted, caller: Caller) -> None:
    server.script = [503] * 9
    with pytest.raises(Transient, match="503"):
        send(caller, server)
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [503, None])
def test_what_may_not_be_repeated_is_sent_once(server: Scripted, caller: Caller, status: int | None) -> None:
    server.script = [status]
    with pytest.raises(Transient):
        send(caller, server, "POST", is_repeatable=False)
    assert len(server.asked) == 1


def test_a_short_limit_is_waited_for_and_a_long_one_is_not(
    server: Scripted, caller: Caller, slept: list[float]
) -> None:
    server.script, server.wait = [429], "3"
    assert send(caller, server, is_repeatable=False) == 200
    assert slept == [3.0]
    server.script, server.wait = [429], "60"
    with pytest.raises(RateLimited) as limited:
        send(caller, server)
    assert limited.value.retry_after == 60


def test_a_day_that_is_used_up_is_not_waited_for_however_soon_it_ends(
    server: Scripted, caller: Caller, slept: list[float]
) -> None:
    def pace() -> float:
        raise RateLimited("no further call today", 2, is_daily=True)

    call = ApiCall("GET", f"{server.url}/thing", "Thing", terms=Terms(pace=pace))
    with pytest.raises(RateLimited) as limited:
        caller.ask(call, bool)
    assert (limited.value.is_daily, slept, server.asked) == (True, [], [])


@pytest.mark.parametrize("then", [429, 401, 409])
def test_a_write_that_may_have_been_carried_out_is_never_said_to_be_refused(
    server: Scripted, caller: Caller, then: int
) -> None:
    server.script = [None, *[then] * 4]
    with pytest.raises(Transient):
        send(caller, server)
    server.script = [None, then]
    if then != 429:
        assert send(caller, server, "GET") == then


def test_a_server_that_is_not_there_is_a_short_trouble(caller: Caller) -> None:
    with pytest.raises(Transient, match="ConnectionError"):
        caller.ask(ApiCall("GET", "http://127.0.0.1:9", "Thing", is_repeatable=False), bool)


def test_an_error_names_the_call_and_not_the_address(server: Scripted, caller: Caller) -> None:
    server.script = [503]
    with pytest.raises(Transient) as failed:
        send(caller, server, "POST", is_repeatable=False)
    assert str(failed.value) == "Thing: status 503"

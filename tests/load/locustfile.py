"""The visitors and the artist as locust's users, over HTTP. `artshop load` starts it."""

import json
import sys
import time
from contextlib import suppress
from itertools import count
from random import Random
from typing import Any

import gevent
from locust import FastHttpUser, constant, events, task
from locust.env import Environment

from tools.load.artist import Artist
from tools.load.asking import Answer, Asked, Unexpected
from tools.load.books import Books
from tools.load.http_client import read_body
from tools.load.settings import BOOKS, SECONDS, Settings
from tools.load.timeline import Timeline, write_seconds
from tools.load.visitor import Visitor

TOLD_EVERY_S = 5
STOPPING = frozenset({"stopping", "stopped", "cleanup"})

settings = Settings.from_environment()
books, timeline, numbers = Books(), Timeline(), count()
began = time.monotonic()


class Browser:
    """Sends what a journey asks through locust, which enters it into its statistics."""

    def __init__(self, user: FastHttpUser, dice: Random) -> None:
        self._user, self._dice = user, dice

    def ask(self, asked: Asked) -> Answer:
        """The answer; an unexpected one is a failure of the request in locust's report too."""
        headers = dict(asked.headers)
        if asked.body is not None:
            headers.setdefault("Content-Type", "application/json")
        data: Any = asked.data or (json.dumps(asked.body) if asked.body is not None else None)
        with self._user.client.request(
            asked.method, asked.path, name=asked.name, data=data, headers=headers, catch_response=True
        ) as response:
            try:
                answer = _read(response)
                asked.judge(answer)
            except Unexpected as error:
                response.failure(str(error))
                raise
            response.success()
        return answer

    def pause(self) -> None:
        """Read for a while, unless the load is over."""
        if not _is_over(self._user.environment):
            gevent.sleep(settings.think * self._dice.uniform(0.5, 1.5))


class VisitorUser(FastHttpUser):
    """Visits, one after the other."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Every visitor draws numbers of its own, the same in every run."""
        dice = Random(f"{settings.seed}-{next(numbers)}")  # noqa: S311 - what a visitor likes is no secret
        self._visitor = Visitor(Browser(self, dice), dice, books, settings.mix)

    @task
    def visit(self) -> None:
        """One visit."""
        _go(self.environment, self._visitor.visit, self._visitor.client.pause)


class ArtistUser(FastHttpUser):
    """The one artist."""

    fixed_count = 1
    wait_time = constant(0)

    def on_start(self) -> None:
        """Sign in with the first round."""
        dice = Random(f"{settings.seed}-artist")  # noqa: S311 - what the artist edits is no secret
        self._artist = Artist(Browser(self, dice), dice, books, settings.username, settings.password)

    @task
    def round(self) -> None:
        """One round through the admin pages."""
        _go(self.environment, self._artist.round, self._artist.client.pause)


def _go(environment: Environment, journey: Any, pause: Any) -> None:
    if _is_over(environment):
        gevent.sleep(1)
        return
    # It was entered as a failure where it was met.
    with suppress(Unexpected):
        journey()
    pause()


def _read(response: Any) -> Answer:
    if not response.status_code:
        raise Unexpected(f"no answer: {response.error}")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(
        response.status_code, headers, read_body(response.text or "", headers.get("content-type", ""))
    )


def _is_over(environment: Environment) -> bool:
    return environment.runner is None or environment.runner.state in STOPPING


def _note(name: str, response_time: float, exception: Exception | None, **_: Any) -> None:
    timeline.note(time.monotonic() - began, response_time, failed=exception is not None)
    if exception is not None:
        books.unexpected[f"{name}: {exception}"] += 1


def _begin(environment: Environment, **_: Any) -> None:
    gevent.spawn(_tell, environment)


def _tell(environment: Environment) -> None:
    """Say how it goes, every few seconds."""
    while not _is_over(environment):
        gevent.sleep(TOLD_EVERY_S)
        now = timeline.recent(TOLD_EVERY_S)
        sys.stdout.write(
            f"{time.monotonic() - began:4.0f} s: {now.requests / TOLD_EVERY_S:.1f} requests/s, "
            f"p95 {now.p95:.0f} ms, {books.visits} visits, {len(books.orders)} orders, "
            f"{books.sold_out} sold out, {books.unexpected.total()} errors\n"
        )
        sys.stdout.flush()


def _write(**_: Any) -> None:
    write_seconds(settings.out / SECONDS, timeline.seconds())
    (settings.out / BOOKS).write_text(json.dumps(books.to_json()), encoding="utf-8")


for hook, listener in ((events.request, _note), (events.test_start, _begin), (events.quitting, _write)):
    hook.add_listener(listener)  # type: ignore[no-untyped-call]

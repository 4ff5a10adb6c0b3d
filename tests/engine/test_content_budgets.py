"""What the content and shop domains cost on DynamoDB Local, and what they withstand in parallel."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, meter
from common.http import Identity, Role, create_app
from common.repositories.personaggi import PERSONAGGI, Personaggio
from common.repositories.rate_limits import Limit, LimitReachedError, reserve
from content.personaggi import personaggi
from content.repositories.fumetti import FUMETTI, Fumetto
from content.routes import routes
from tests.support.http import Client

NOW = "2026-01-31T10:00:00.000Z"


def personaggio(number: int) -> Personaggio:
    """A personaggio of the size that the shop's have: a paragraph and three pictures."""
    return Personaggio(
        id=number,
        order=number,
        created_at=NOW,
        updated_at=NOW,
        name=f"Personaggio {number}",
        description="Dipinge di notte. " * 10,
        icon=f"personaggi/{number}/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a5b.png",
        images=tuple(f"personaggi/{number}/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a5{i}.png" for i in range(3)),
        background_type="solid",
        background_color="#E0E7FF",
    )


def fumetto(number: int) -> Fumetto:
    """A fumetto with a cover and sixteen pages."""
    return Fumetto(
        id=number,
        order=number,
        created_at=NOW,
        updated_at=NOW,
        title=f"Fumetto {number}",
        description="Una storia breve. " * 10,
        cover_image=f"fumetti/{number}/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a5b.png",
        pages=tuple(f"fumetti/{number}/0b0c7b1e-8a52-4c47-9d6b-3f3e1c2d4a{i:02}.png" for i in range(16)),
    )


@pytest.fixture
def filled(table: str) -> None:
    """Ten personaggi and three fumetti."""
    with UnitOfWork() as work:
        for number in range(1, 11):
            PERSONAGGI.add(work, personaggio(number))
        for number in range(1, 4):
            FUMETTI.add(work, fumetto(number))


@pytest.mark.parametrize(("path", "entries"), [("/api/personaggi", 10), ("/api/fumetti", 3)])
def test_a_list_is_one_round_trip_and_at_most_one_read_unit(filled: None, path: str, entries: int) -> None:
    visitor = Client(create_app("content", [routes]))
    with meter() as usage:
        answer = visitor.get(path)
    assert len(answer.json) == entries
    assert usage.calls == 1
    assert usage.read_units <= Decimal(1)


def test_attempts_at_the_same_moment_do_not_pass_the_limit(table: str) -> None:
    limit, now = Limit("TEST", attempts=3, seconds=3600), epoch(utc_now())

    def attempt(_: int) -> bool:
        try:
            reserve(limit, "someone", now)
        except LimitReachedError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(12))) == limit.attempts


def test_changes_at_the_same_moment_are_all_kept(filled: None) -> None:
    admin, now = Identity("1", "admin", Role.ADMIN), utc_now()

    def add_picture(number: int) -> None:
        key = f"uploads/{number}.png"
        personaggi.change(1, lambda entry: replace(entry, images=(*entry.images, key)), admin, now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add_picture, range(4)))
    entry = personaggi.find(1, sees_deleted=False)
    assert {f"uploads/{number}.png" for number in range(4)} < set(entry.images)
    assert len(entry.images) == 7

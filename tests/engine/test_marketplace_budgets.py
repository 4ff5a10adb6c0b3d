"""What creators' works cost on DynamoDB Local: round trips and capacity units."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.index import documents, freshness
from common.dynamodb import Usage, meter
from common.repositories.products import APPROVED, PENDING, Product
from tests.catalog.builders import believable_row, catalog_app, ok, store
from tests.catalog.marketplace import ALL, OWN, Artist, new_artist
from tests.support.http import Client
from tests.support.tokens import admin_token

# Signing in is asked about by one read, which is not part of what a list costs.
WITH_STANDING = 1


def works(artist: Artist, count: int, start: int = 1, status: str = APPROVED) -> list[Product]:
    """Works of a creator of the size that shops have, every fifth of them featured."""
    return [
        replace(
            believable_row(number),
            slug=f"work-{number}",
            creator_id=artist.creator.id,
            moderation_status=status,
            featured=number % 5 == 0,
            tags=("ink", "paper"),
        )
        for number in range(start, start + count)
    ]


@pytest.fixture
def artist(table: str) -> Artist:
    """A creator with 20 works, in a shop that has others too."""
    artist = new_artist()
    store([*works(artist, 20), *works(new_artist(), 20, start=101)])
    return artist


def asked(client: Client, path: str, **query: Any) -> tuple[dict[str, Any], Usage]:
    """An answer and what it cost."""
    with meter() as usage:
        body = ok(client.get(path, params=query))
    assert usage.write_units == 0
    return body, usage


def held(client: Client, path: str, total: int, **query: Any) -> tuple[Usage, Usage]:
    """What an answer costs a process that holds the catalogue, without documents and with those it needs."""
    asked(client, path, **query)
    documents.reset()
    body, first = asked(client, path, **query)
    again, second = asked(client, path, **query)
    assert (body["total"], again) == (total, body)
    return first, second


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"sort": "price-desc"},
        {"sort": "newest", "limit": "5"},
        {"category": "prints"},
        {"search": "CHAMELEON", "category": "2"},
    ],
    ids=str,
)
def test_a_creators_page_of_twenty_works(artist: Artist, query: dict[str, str]) -> None:
    first, second = held(Client(catalog_app()), artist.page, 20, **query)
    assert first.calls <= 3, first
    assert 0 < first.read_units <= 8, first
    assert second.calls <= 2, second
    assert 0 < second.read_units <= 2, second


def test_what_a_creator_features(artist: Artist) -> None:
    first, second = held(Client(catalog_app()), f"/api/creators/{artist.creator.slug}/featured", 4)
    assert first.calls <= 3, first
    assert 0 < first.read_units <= 8, first
    assert second.calls <= 2, second


def test_the_own_list_of_twenty_works(artist: Artist) -> None:
    first, second = held(artist.client, OWN, 20)
    assert first.calls <= 3 + WITH_STANDING, first
    assert 0 < first.read_units <= 8 + WITH_STANDING, first
    assert second.calls <= 2 + WITH_STANDING, second
    assert 0 < second.read_units <= 2 + WITH_STANDING, second


def test_the_queue_of_twenty_works_and_all_products(table: str) -> None:
    artist, admin = new_artist(), Client(catalog_app(), token=admin_token())
    store(works(artist, 20, status=PENDING))
    for path in (f"{ALL}/pending", ALL):
        first, second = held(admin, path, 20)
        assert first.calls <= 3 + WITH_STANDING, first
        assert 0 < first.read_units <= 12 + WITH_STANDING, first
        assert second.calls <= 2 + WITH_STANDING, second
        assert 0 < second.read_units <= 2 + WITH_STANDING, second


def test_a_process_that_begins_reads_the_catalogue_once(artist: Artist) -> None:
    freshness.reset()
    documents.reset()
    body, usage = asked(Client(catalog_app()), artist.page)
    assert body["total"] == 20
    # Who has the slug, the generation, four lists, what changed meanwhile, and the documents.
    assert usage.calls <= 8, usage
    assert 0 < usage.read_units <= 12, usage

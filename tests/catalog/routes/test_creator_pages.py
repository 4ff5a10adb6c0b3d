"""A creator's works as everybody sees them, through HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import iso
from common.collation import folded
from common.dynamodb import AT_ONCE
from common.repositories.creators import CREATORS, DISABLED
from common.repositories.products import (
    APPROVED,
    MODERATION_STATUSES,
    STATUSES,
    CategorySummary,
    Product,
)
from tests.catalog.builders import OPENING, ok, row, store
from tests.catalog.marketplace import Artist, error_of, new_artist
from tests.support.http import Client

PRINTS, PAINTINGS = CategorySummary(1, "Prints", "prints"), CategorySummary(2, "Paintings", "paintings")
WORDS = ("Luna", "Città", "sole")


def shown(client: Client, artist: Artist, **query: Any) -> list[int]:
    """The ids of the works on a creator's page, in their order."""
    return [int(work["id"]) for work in ok(client.get(artist.page, params=query))["products"]]


def work(number: int, artist: Artist, **fields: Any) -> Product:
    """A work of the creator that everybody may see, unless `fields` say otherwise."""
    known: dict[str, Any] = {"creator_id": artist.creator.id, "moderation_status": APPROVED}
    return row(number, **(known | fields))


def test_only_what_is_published_and_approved_is_shown(visitor: Client, artist: Artist) -> None:
    other = new_artist()
    store(
        [
            work(1, artist),
            work(2, artist, status="draft"),
            work(3, artist, status="archived"),
            work(4, artist, moderation_status="pending"),
            work(5, artist, moderation_status="rejected", rejection_reason="No"),
            work(6, artist, withheld=True),
            work(7, other),
            row(8),
        ]
    )
    page = ok(visitor.get(artist.page))
    assert [it["id"] for it in page["products"]] == ["1"]
    assert (page["total"], page["hasMore"]) == (1, False)
    # What its creator may see besides, nobody sees on the page.
    assert ok(artist.client.get(artist.page)) == page


def test_an_answer_may_be_kept_for_five_minutes(visitor: Client, artist: Artist) -> None:
    for part in ("products", "featured"):
        for client in (visitor, artist.client):
            answer = client.get(f"/api/creators/{artist.creator.slug}/{part}")
            assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("part", ["products", "featured"])
def test_nobody_is_told_which_creators_are_disabled(visitor: Client, artist: Artist, part: str) -> None:
    store([work(1, artist, featured=True)])
    CREATORS.change(AT_ONCE, artist.creator, replace(artist.creator, status=DISABLED))
    missing = [visitor.get(f"/api/creators/{slug}/{part}") for slug in (artist.creator.slug, "nobody", "%20")]
    errors = [error_of(answer, 404, "NOT_FOUND")["message"] for answer in missing]
    assert len(set(errors)) == 1
    assert "max-age" not in missing[0].headers["Cache-Control"]


def test_what_is_featured_comes_first(visitor: Client, artist: Artist) -> None:
    store([work(number, artist, featured=number in {2, 4}) for number in range(1, 6)])
    assert shown(visitor, artist) == [4, 2, 5, 3, 1]
    assert shown(visitor, artist, sort="newest") == [5, 4, 3, 2, 1]
    featured = ok(visitor.get(f"/api/creators/{artist.creator.slug}/featured"))
    assert [it["id"] for it in featured["products"]] == ["4", "2"]
    assert featured["total"] == 2


def test_nothing_featured_is_an_empty_list(visitor: Client, artist: Artist) -> None:
    store([work(1, artist), work(2, artist, featured=True, moderation_status="pending")])
    assert ok(visitor.get(f"/api/creators/{artist.creator.slug}/featured")) == {"products": [], "total": 0}


def test_works_without_a_price_come_last_in_either_order(visitor: Client, artist: Artist) -> None:
    prices = {1: "20", 2: "0", 3: "5.50", 4: "20", 5: "0"}
    store([work(number, artist, base_price=Decimal(price)) for number, price in prices.items()])
    assert shown(visitor, artist, sort="price-asc") == [3, 4, 1, 5, 2]
    assert shown(visitor, artist, sort="price-desc") == [4, 1, 3, 5, 2]


def test_a_category_is_met_by_slug_and_by_id(visitor: Client, artist: Artist) -> None:
    store([work(1, artist, categories=(PRINTS,)), work(2, artist, categories=(PAINTINGS,)), work(3, artist)])
    assert shown(visitor, artist, category="prints") == shown(visitor, artist, category="1") == [1]
    assert shown(visitor, artist, category="print") == shown(visitor, artist, category="lost") == []


@pytest.mark.parametrize("search", ["CITTA", "città", "ttà di n", "  citta  "])
def test_words_are_found_whatever_their_capitals_and_accents(
    visitor: Client, artist: Artist, search: str
) -> None:
    store(
        [
            work(1, artist, title="Città di notte"),
            work(2, artist, long_description="Una città di notte"),
            work(3, artist, short_description="CITTÀ DI NOTTE", long_description=None),
            work(4, artist, title="Luna"),
            work(5, artist, title="Città di notte", moderation_status="pending"),
        ]
    )
    assert shown(visitor, artist, search=search) == [3, 2, 1]


@pytest.mark.parametrize("query", [{"sort": "cheapest"}, {"limit": "x"}, {"offset": "-1"}], ids=str)
def test_nonsense_is_refused(visitor: Client, artist: Artist, query: Mapping[str, str]) -> None:
    answer = visitor.get(artist.page, params=query)
    assert answer.status == 400
    assert next(iter(query)) in answer.json["error"]["message"]


FIELDS = st.fixed_dictionaries(
    {
        "title": st.sampled_from(WORDS),
        "long_description": st.sampled_from((*WORDS, None)),
        "status": st.sampled_from(STATUSES),
        "moderation_status": st.sampled_from((*MODERATION_STATUSES, APPROVED, APPROVED)),
        "withheld": st.sampled_from((None, None, None, True)),
        "featured": st.booleans(),
        "base_price": st.sampled_from((Decimal(0), Decimal(5), Decimal(20))),
        "categories": st.sampled_from(((), (PRINTS,), (PAINTINGS,), (PRINTS, PAINTINGS))),
        "mine": st.sampled_from((True, True, False)),
    }
)


@pytest.mark.exhaustive
@settings(max_examples=40)
@given(
    works=st.lists(FIELDS, max_size=8),
    category=st.sampled_from(("", "prints", "2")),
    search=st.sampled_from(("", "luna", "citta", "SOLE")),
    sort=st.sampled_from(("", "newest", "price-asc", "price-desc")),
    limit=st.integers(1, 5),
    offset=st.integers(0, 5),
)
def test_a_page_is_what_a_plain_reading_of_its_rules_gives(
    table: str,
    visitor: Client,
    works: list[dict[str, Any]],
    category: str,
    search: str,
    sort: str,
    limit: int,
    offset: int,
) -> None:
    """Nothing pending, category AND search, the order, and the places that were asked for."""
    artist = new_artist()
    made = [_made(number, artist, dict(fields)) for number, fields in enumerate(works, 1)]
    store(made)
    wanted = [
        it
        for it in made
        if it.creator_id == artist.creator.id
        and (it.status, it.moderation_status, it.withheld) == ("published", APPROVED, None)
        and (not category or category in {name for c in it.categories for name in (str(c.id), c.slug)})
        and (
            not search
            or any(folded(search) in folded(text or "") for text in (it.title, it.long_description))
        )
    ]
    wanted.sort(key=lambda it: -it.id)
    if sort.startswith("price"):
        sign = -1 if sort == "price-desc" else 1
        wanted.sort(key=lambda it: (it.base_price == 0, sign * it.base_price))
    elif not sort:
        wanted.sort(key=lambda it: not it.featured)
    query = {"category": category, "search": search, "sort": sort, "limit": limit, "offset": offset}
    page = ok(visitor.get(artist.page, params=query))
    assert [int(it["id"]) for it in page["products"]] == [it.id for it in wanted[offset : offset + limit]]
    assert page["total"] == len(wanted)
    assert page["hasMore"] is (offset + limit < len(wanted))
    assert all(it["creatorId"] == artist.creator.id for it in page["products"])


def _made(number: int, artist: Artist, fields: dict[str, Any]) -> Product:
    owner = artist.creator.id if fields.pop("mine") else "somebody"
    moment = iso(OPENING + timedelta(minutes=number))
    return row(number, creator_id=owner, created_at=moment, **fields)

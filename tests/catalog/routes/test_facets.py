"""Counts by facet beside a list, against a plain count of what the other filters leave."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.repositories.products import CategorySummary, Variant
from tests.catalog.builders import new_category, new_product, ok, row, store
from tests.support.http import Client

PRINTS, CLOTHES = CategorySummary(1, "Stampe", "stampe"), CategorySummary(2, "Vestiti", "vestiti")
CHARACTERS = (None, "Leon", "Giullare", "LEON")
PRICES = tuple(map(Decimal, ("5", "9.99", "10", "24.99", "25", "1500")))


def _work(number: int) -> Any:
    moment = row(number).created_at
    stock = number % 3
    return row(
        number,
        title=f"{'Gatto' if number % 2 else 'Luna'} {number}",
        base_price=PRICES[number % 6],
        character_value=CHARACTERS[number % 4],
        categories=((), (PRINTS,), (CLOTHES,), (PRINTS, CLOTHES))[number // 3 % 4],
        variants=(Variant(number, number, f"V-{number}", "S", {}, Decimal(0), stock, moment, moment),),
        status="draft" if number % 11 == 0 else "published",
    )


WORKS = [_work(number) for number in range(1, 61)]


@pytest.fixture
def shop(table: str) -> None:
    store(WORKS)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(("stampe", "vestiti", "none")),
        "character": st.sampled_from(("leon", "Giullare")),
        "min_price": st.sampled_from(("10", "25")),
        "max_price": st.sampled_from(("24.99", "2000")),
        "in_stock": st.sampled_from(("true", "false")),
        "search": st.sampled_from(("gatto", "luna", "nothing")),
    },
)


def total(client: Client, query: dict[str, str], *without: str, **changes: str) -> int:
    """How many a list has by its own word."""
    left = {name: value for name, value in query.items() if name not in without} | changes
    return int(ok(client.get("/api/products", params={**left, "limit": "1"}))["total"])


@pytest.mark.exhaustive
@settings(max_examples=25)
@given(query=FILTERS)
@pytest.mark.usefixtures("shop")
def test_each_count_is_the_total_of_the_list_that_it_stands_for(
    visitor: Client, query: dict[str, str]
) -> None:
    compare(visitor, query)


@pytest.mark.parametrize("query", [{}, {"category": "stampe", "min_price": "10", "search": "gatto"}], ids=str)
@pytest.mark.usefixtures("shop")
def test_the_counts_are_the_totals_of_lists(visitor: Client, query: dict[str, str]) -> None:
    compare(visitor, query)


def compare(visitor: Client, query: dict[str, str]) -> None:
    """Holds every count beside a list against the total of the list that a click on it would show."""
    facets = ok(visitor.get("/api/products", params={**query, "facets": "1"}))["facets"]
    for entry in facets["categories"]:
        assert entry["count"] == total(visitor, query, "category", category=entry["slug"]) > 0
    for entry in facets["characters"]:
        assert entry["count"] == total(visitor, query, "character", character=entry["name"]) > 0
    for entry in facets["price"]:
        bounds = {"min_price": str(entry["min"])}
        bounds |= {} if entry["max"] is None else {"max_price": str(entry["max"])}
        assert entry["count"] == total(visitor, query, "min_price", "max_price", **bounds) > 0
    counts = facets["in_stock"]
    assert counts == {said: total(visitor, query, "in_stock", in_stock=said) for said in ("true", "false")}
    everything = total(visitor, query, "min_price", "max_price")
    assert sum(entry["count"] for entry in facets["price"]) == everything


@pytest.mark.usefixtures("shop")
def test_characters_are_one_whatever_their_capitals_and_drafts_are_not_counted(visitor: Client) -> None:
    facets = ok(visitor.get("/api/products", params={"facets": "true"}))["facets"]
    published = [work for work in WORKS if work.status == "published"]
    leons = sum((work.character_value or "").lower() == "leon" for work in published)
    assert [(each["name"], each["count"]) for each in facets["characters"]] == [
        ("Leon", leons),
        ("Giullare", sum(work.character_value == "Giullare" for work in published)),
    ]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", ["/api/products", "/api/shop/products"])
@pytest.mark.parametrize("said", [None, "", "0", "false", "maybe"])
def test_nothing_is_added_for_who_does_not_ask(visitor: Client, path: str, said: str | None) -> None:
    params = {} if said is None else {"facets": said}
    assert "facets" not in ok(visitor.get(path, params=params))


@pytest.mark.usefixtures("shop")
def test_the_list_itself_stays_as_it_is(visitor: Client) -> None:
    query = {"category": "stampe", "sort_by": "title"}
    for path in ("/api/products", "/api/shop/products"):
        plain, counted = (ok(visitor.get(path, params=query | more)) for more in ({}, {"facets": "1"}))
        assert counted.pop("facets")["categories"]
        assert counted == plain


def test_categories_are_called_what_they_are_called_now(visitor: Client, admin: Client) -> None:
    category = new_category(admin, "Stampe")
    product = new_product(admin, category_ids=[category["id"]], base_price=Decimal("12.50"))
    asked = {"facets": "1"}
    first = visitor.get("/api/products", params=asked)
    assert ok(first)["facets"]["categories"] == [{"slug": "stampe", "name": "Stampe", "count": 1}]
    assert ok(first)["facets"]["price"] == [{"min": 10, "max": Decimal("24.99"), "count": 1}]
    ok(admin.put(f"/api/categories/{category['id']}", json={"name": "Stampe d'arte"}))
    again = visitor.get("/api/products", params=asked, headers={"If-None-Match": first.headers["ETag"]})
    assert ok(again)["facets"]["categories"] == [{"slug": "stampe", "name": "Stampe d'arte", "count": 1}]
    ok(admin.delete(f"/api/products/{product['id']}"))
    assert ok(visitor.get("/api/products", params=asked))["facets"] == {
        "categories": [],
        "characters": [],
        "price": [],
        "in_stock": {"true": 0, "false": 0},
    }

"""Products with times: at every moment all that the shop shows and sells agrees with one model."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app import app
from common.clock import iso, utc_now
from common.errors import NotFound
from common.repositories.products import Image, Product
from orders.checkout import place_order
from tests.catalog.builders import store
from tests.catalog.work_builders import add_creator
from tests.orders.cart_builders import MOMENT, on_sale
from tests.orders.order_builders import purchase
from tests.support.http import Client
from tests.support.tokens import admin_token
from tools.paths import ROOT

# Soon, so that who is signed in now is signed in then.
TIMES = [utc_now().replace(microsecond=0) + timedelta(minutes=it) for it in (5, 10, 15)]
INSTANT = timedelta(milliseconds=1)
MOMENTS = [moment + off for moment in TIMES for off in (-INSTANT, timedelta(), INSTANT / 2)]
SOURCES = ("app.py", "common", "catalog", "orders", "content", "shop", "etsy_sync", "tools", "migration")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block requests arrive at this moment."""
    with patch("common.clock.utc_now", lambda: moment):
        yield


@dataclass(frozen=True)
class Work:
    """What is said of a product; its times are numbers of TIMES."""

    status: str
    moderation: str | None
    withheld: bool
    since: int | None
    until: int | None

    def product(self, number: int) -> Product:
        """The product of this number."""
        times = [None if it is None else iso(TIMES[it]) for it in (self.since, self.until)]
        return on_sale(
            number,
            stock=100,
            title=f"Gatto {number}",
            character_value=f"Leon {number}",
            status=self.status,
            publish_at=times[0],
            unpublish_at=times[1],
            images=(Image(number, number, "products/a.png", "", 0, MOMENT),),
            creator_id="c-1" if self.moderation else None,
            moderation_status=self.moderation,
            withheld=True if self.moderation and self.withheld else None,
        )

    def is_public(self, moment: datetime) -> bool:
        """The model: published, nothing said against it, and within its times."""
        is_said = self.moderation in (None, "approved") and not (self.moderation and self.withheld)
        has_begun = self.since is None or moment >= TIMES[self.since]
        is_over = self.until is not None and moment >= TIMES[self.until]
        return self.status == "published" and is_said and has_begun and not is_over


WORKS = st.builds(
    Work,
    status=st.sampled_from(["published", "published", "published", "draft"]),
    moderation=st.sampled_from([None, None, "approved", "pending"]),
    withheld=st.booleans(),
    since=st.sampled_from([None, None, 0, 1]),
    until=st.sampled_from([None, None, 1, 2]),
)


def listed(client: Client, path: str, **query: str) -> tuple[list[int], int]:
    """The ids of a list, in order of the ids, and its total."""
    body = client.get(path, params={"per_page": "50", **query}).json
    return sorted(product["id"] for product in body["products"]), body["total"]


def shown_in_lists(client: Client, public: list[int]) -> None:
    expected = (public, len(public))
    assert listed(client, "/api/products") == expected
    assert listed(client, "/api/products", sort_by="title") == expected
    assert listed(client, "/api/products", search="gatto") == expected
    assert listed(client, "/api/shop/products", status="published") == expected


def shown_in_counts_and_suggestions(client: Client, public: list[int]) -> None:
    facets = client.get("/api/products", params={"facets": "1"}).json["facets"]
    assert facets["in_stock"] == {"true": len(public), "false": 0}
    assert sum(band["count"] for band in facets["price"]) == len(public)
    assert sorted(each["name"] for each in facets["characters"]) == [f"Leon {number}" for number in public]
    suggested = client.get("/api/products/suggest", params={"q": "gatto"}).json["products"]
    assert sorted(each["id"] for each in suggested) == public


def shown_to_search_engines(client: Client, public: list[int]) -> None:
    pages = fromstring(client.get("/sitemap.xml").text.encode())
    assert [page[0].text for page in pages] == [f"https://s.example.com/it/shop/row-000{it}" for it in public]
    feed = fromstring(client.get("/feeds/google.xml").text.encode())
    ids = [item.findtext("{http://base.google.com/ns/1.0}id") for item in feed.iter("item")]
    assert ids == [f"{number}-{number}0" for number in public]


def shown_on_its_creator_s_page(client: Client, public: list[int]) -> None:
    works = client.get("/api/creators/slug-c-1/products").json
    assert sorted(int(work["id"]) for work in works["products"]) == public
    assert works["total"] == len(public)


def is_shown_and_sold(client: Client, number: int, moment: datetime) -> set[bool]:
    """What each place says of a product."""
    parts = ("", "/images", "/variants", "/json-ld")
    body = {"product_id": number, "variant_id": number * 10, "quantity": 1}
    answers = [client.get(f"/api/products/{number}{part}").status == 200 for part in parts]
    answers.append(client.post("/api/cart/items", json=body).status == 200)
    items = client.get("/api/cart").json["items"]
    answers.append(number in {item["product_id"] for item in items})
    try:
        place_order(purchase((number, 1)), moment)
        answers.append(True)
    except NotFound:
        answers.append(False)
    return set(answers)


@given(st.lists(WORKS, min_size=1, max_size=4), st.permutations(MOMENTS))
@settings(max_examples=3, phases=[Phase.generate])
def test_every_place_agrees_with_one_model(table: str, works: list[Work], moments: list[datetime]) -> None:
    agree(works, moments[:2])


@pytest.mark.exhaustive
@given(st.lists(WORKS, min_size=1, max_size=6), st.permutations(MOMENTS))
@settings(max_examples=6, phases=[Phase.generate])
def test_every_place_agrees_at_every_moment(table: str, works: list[Work], moments: list[datetime]) -> None:
    agree(works, moments)


@pytest.fixture(autouse=True)
def _storefront(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREFRONT_URL", "https://s.example.com")


def agree(works: list[Work], moments: list[datetime]) -> None:
    add_creator_once()
    numbered = dict(enumerate(works, start=1))
    gone = [on_sale(number, status="draft") for number in range(len(works) + 1, 7)]
    store([*(work.product(number) for number, work in numbered.items()), *gone])
    visitor, admin = Client(app), Client(app, token=admin_token())
    for moment in moments:
        public = [number for number, work in numbered.items() if work.is_public(moment)]
        with at(moment):
            shown_in_lists(visitor, public)
            shown_in_counts_and_suggestions(visitor, public)
            shown_to_search_engines(visitor, public)
            shown_on_its_creator_s_page(visitor, [it for it in public if numbered[it].moderation])
            shopper = Client(app, headers={"X-Cart-Session": f"session-{uuid4()}"})
            for number in numbered:
                assert is_shown_and_sold(shopper, number, moment) == {number in public}
            assert listed(admin, "/api/products") == ([*range(1, 7)], 6)


def add_creator_once() -> None:
    """The creator of the works, whom an earlier example may have made."""
    from common.repositories.creators import CREATORS

    if CREATORS.get("c-1") is None:
        add_creator()


def shop(*works: Work) -> list[Product]:
    return store(work.product(number) for number, work in enumerate(works, start=1))


def timed(since: int | None = None, until: int | None = None) -> Work:
    """A published product of the shop's own with these times."""
    return Work("published", None, False, since, until)


def test_a_list_has_another_tag_when_a_moment_comes_and_nothing_is_written(table: str) -> None:
    shop(timed(), timed(since=0), timed(until=1))
    visitor = Client(app)
    tags: list[str] = []
    answers = []
    for moment in (TIMES[0] - INSTANT, TIMES[0], TIMES[1]):
        with at(moment):
            answer = visitor.get("/api/products")
            held = visitor.get("/api/products", headers={"If-None-Match": answer.headers["ETag"]})
            later = visitor.get("/api/products", headers={"If-None-Match": (tags or ['"none"'])[-1]})
        assert (held.status, later.status) == (304, 200)
        tags.append(answer.headers["ETag"])
        answers.append(sorted(product["id"] for product in answer.json["products"]))
    assert answers == [[1, 3], [1, 2, 3], [1, 2]]
    assert len(set(tags)) == 3
    with at(TIMES[2]):
        assert visitor.get("/api/products").headers["ETag"] == tags[-1]


def test_a_walk_goes_on_where_it_was_when_a_moment_comes_within_it(table: str) -> None:
    shop(timed(), timed(since=0), timed(), timed(until=0), timed(), timed(since=0))
    visitor, seen, cursor = Client(app), [], ""
    for moment in (TIMES[0] - INSTANT, TIMES[0]):
        with at(moment):
            query = {"limit": "2", "sort_by": "title", "sort_order": "ASC", "last_key": cursor}
            body = visitor.get("/api/products", params=query).json
        seen.append([product["id"] for product in body["products"]])
        cursor = body.get("lastEvaluatedKey", "")
    assert seen == [[1, 3], [5, 6]]


def test_what_is_not_shown_yet_decides_nothing_in_a_search(table: str) -> None:
    store([on_sale(1, title="Gatto"), on_sale(2, title="Gatot", publish_at=iso(TIMES[0]))])
    visitor = Client(app)
    with at(TIMES[0] - INSTANT):
        assert listed(visitor, "/api/products", search="gatot") == ([1], 1)
    with at(TIMES[0]):
        assert listed(visitor, "/api/products", search="gatot") == ([2], 1)


def test_a_product_with_times_is_shown_by_its_slug_between_them_only(table: str) -> None:
    store([on_sale(1, status="draft", publish_at=iso(TIMES[0]), unpublish_at=iso(TIMES[1])), on_sale(2)])
    visitor, admin = Client(app), Client(app, token=admin_token())
    statuses = []
    for moment in (TIMES[0] - INSTANT, TIMES[0], TIMES[1]):
        with at(moment):
            statuses.append(visitor.get("/api/shop/products/row-0001").status)
            assert admin.get("/api/shop/products/row-0001").status == 200
            assert visitor.get("/api/shop/products/row-0002").status == 200
    assert statuses == [404, 200, 404]


def _compares_times(node: ast.AST) -> bool:
    """Whether an expression says what comes first of a product's times and anything else."""
    if not isinstance(node, ast.Compare):
        return False
    if not any(isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for operator in node.ops):
        return False
    names: set[Any] = set()
    for part in ast.walk(node):
        names |= {getattr(part, "id", None), getattr(part, "attr", None), getattr(part, "value", None)}
    return bool(names & {"publish_at", "unpublish_at"})


def test_the_times_of_a_product_are_compared_with_a_moment_in_one_place_alone() -> None:
    places = [ROOT / source for source in SOURCES]
    files = [it for place in places for it in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    found = {_name(file) for file in files for node in ast.walk(_tree(file)) if _compares_times(node)}
    assert found == {"common/repositories/products.py"}


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))

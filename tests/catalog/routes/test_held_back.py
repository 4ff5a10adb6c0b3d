"""What is not approved, or whose creator is disabled, is shown to nobody who does not keep the catalogue."""

from decimal import Decimal
from typing import Any

import pytest

from app import load_routes
from catalog.listing import list_products
from catalog.product_filters import Filters
from catalog.withholding import withhold_works
from common.clock import iso
from common.dynamodb import Update, update_item
from common.repositories.creators import ACTIVE
from common.repositories.products import APPROVED, REJECTED, CategorySummary, Image
from tests.catalog.builders import OPENING, ok, refused, row, store
from tests.catalog.work_builders import (
    LATER,
    MODERATOR,
    REASON,
    add_creator,
    add_work,
    approve,
    reject,
    set_status,
    withhold,
)
from tests.support.http import Client
from tests.support.tokens import visitor_token

PRINTS = CategorySummary(1, "Prints", "prints")
PICTURE = Image(1, 1, "https://example.com/a.png", "", 0, iso(OPENING))

# Every way in which the lists of the shop can be asked.
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"status": "published"},
    {"status": "draft"},
    {"status": "held_back"},
    {"search": "secret"},
    {"category": "prints"},
    {"character": "Leon"},
    {"character_value": "Leon"},
    {"min_price": "1"},
    {"max_price": "90"},
    {"in_stock": "true"},
    {"sort_by": "title"},
    {"sort_by": "base_price", "sort_order": "DESC"},
    {"sort_by": "created_at", "sort_order": "ASC"},
    {"creatorId": "c-1"},
    {"creatorId": "c-1", "status": "published"},
    {"creatorId": "c-1", "search": "secret"},
    {"creatorId": "c-1", "category": "prints", "sort_by": "title"},
    {"limit": "1"},
    {"per_page": "0"},
)
LISTS = ("/api/products", "/api/shop/products")


def _held(number: int, **fields: Any) -> None:
    known: dict[str, Any] = {
        "slug": f"held-{number}",
        "title": "Secret chameleon",
        "base_price": Decimal(20),
        "character_value": "Leon",
        "categories": (PRINTS,),
        "images": (PICTURE,),
    }
    add_work(number, **(known | fields))


@pytest.fixture
def held(table: str) -> int:
    """A shop with one work that everybody may see (9) and five that nobody may; how many those are."""
    add_creator()
    store([row(9, title="Seen by all", base_price=Decimal(20))])
    _held(1)
    _held(2, moderation_status=REJECTED, rejection_reason=REASON)
    _held(3, moderation_status=APPROVED, withheld=True)
    _held(4, status="draft")
    _held(5, status="archived", moderation_status=REJECTED)
    return 5


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_no_public_list_has_any_of_it(held: int, visitor: Client, path: str, asked: dict[str, Any]) -> None:
    for client in (visitor, Client(visitor.app, token=visitor_token())):
        body = ok(client.get(path, params=asked))
        assert {product["id"] for product in body["products"]} <= {9}
        assert body["total"] <= 1
        assert "Secret" not in str(body)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_no_public_page_shows_any_of_it(held: int, visitor: Client, admin: Client, number: int) -> None:
    for name in (str(number), f"held-{number}"):
        for path in (
            f"/api/products/{name}",
            f"/api/products/{name}/images",
            f"/api/products/{name}/variants",
            f"/api/products/{name}/json-ld",
        ):
            refused(visitor.get(path), 404)
            ok(admin.get(path))
    refused(visitor.get(f"/api/shop/products/held-{number}"), 404)
    assert ok(admin.get(f"/api/shop/products/held-{number}"))["id"] == number


def test_every_public_route_that_names_a_product_is_tried_here() -> None:
    routes = load_routes("catalog")
    assert {route.path for route in routes if route.role is None and "{product}" in route.path} == {
        "/api/products/{product}",
        "/api/products/{product}/images",
        "/api/products/{product}/json-ld",
        "/api/products/{product}/variants",
        "/api/shop/products/{product}",
    }


def test_whoever_keeps_the_catalogue_sees_all_of_it_under_its_status(held: int, admin: Client) -> None:
    def ids(path: str, **asked: Any) -> list[int]:
        body = ok(admin.get(path, params=asked))
        assert body["total"] == len(body["products"])
        return sorted(product["id"] for product in body["products"])

    for path in ("/api/products", "/api/admin/shop/products"):
        assert ids(path) == [1, 2, 3, 4, 5, 9]
        assert ids(path, status="published") == [1, 2, 3, 9]
        assert ids(path, status="draft") == [4]
        assert ids(path, status="archived") == [5]
        assert ids(path, search="secret") == [1, 2, 3, 4, 5]
        assert ids(path, creatorId="c-1", status="published") == [1, 2, 3]
    # Below /api/shop everybody is a visitor.
    assert ids("/api/shop/products") == [9]


def test_an_administrator_pages_through_what_is_held_back_in_its_place(table: str, admin: Client) -> None:
    add_creator()
    store([row(number) for number in range(1, 10) if number % 3])
    for number in (3, 6, 9):
        add_work(number, slug=f"held-{number}")
    asked = {"status": "published", "per_page": 4}
    pages = [ok(admin.get("/api/products", params={**asked, "page": page})) for page in (1, 2, 3)]
    assert [[it["id"] for it in page["products"]] for page in pages] == [[9, 8, 7, 6], [5, 4, 3, 2], [1]]
    assert {page["total"] for page in pages} == {9}


@pytest.mark.parametrize(
    "filters", [Filters(("published",), True), Filters(("published",), True, in_stock=True)]
)
def test_a_cursor_leads_through_what_is_held_back_too(table: str, filters: Filters) -> None:
    add_creator()
    for number in range(1, 10):
        add_work(number, moderation_status=APPROVED if number % 3 else REJECTED)
    found: list[int] = []
    page = list_products(filters, 1, 2)
    while True:
        found += [product.id for product in page.products]
        assert page.total == 9
        if page.cursor is None:
            break
        page = list_products(filters, 1, 2, page.cursor)
    assert found == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_what_is_approved_comes_and_what_is_rejected_goes_at_once(visitor: Client) -> None:
    add_creator()
    add_work(1)

    def seen() -> tuple[list[int], int]:
        body = ok(visitor.get("/api/products"))
        return [product["id"] for product in body["products"]], visitor.get("/api/products/1").status

    assert seen() == ([], 404)
    approve(1)
    assert seen() == ([1], 200)
    withhold()
    assert seen() == ([], 404)
    set_status("c-1", ACTIVE)
    withhold_works("c-1", False, MODERATOR, LATER)
    assert seen() == ([1], 200)
    reject(1)
    assert seen() == ([], 404)


def test_a_list_whose_index_is_a_moment_behind_shows_no_more_than_it_knows(visitor: Client) -> None:
    add_creator()
    add_work(1, moderation_status=APPROVED)
    add_work(2, moderation_status=APPROVED)
    # As the rows of an index are while the change of a work is on its way there.
    update_item(("PRODUCT#1", "METADATA"), Update().set("moderation_status", "rejected"))
    for asked in ({}, {"sort_by": "title"}, {"search": "row"}):
        body = ok(visitor.get("/api/products", params=asked))
        assert [product["id"] for product in body["products"]] == [2]


@pytest.mark.parametrize("creator", ["c-2", "", "nobody", "c-1#x", "ü"])
def test_a_list_of_a_creator_has_nobody_else_s_works(visitor: Client, creator: str) -> None:
    for number, owner in ((1, "c-1"), (2, "c-2")):
        add_creator(owner)
        add_work(number, creator_id=owner, moderation_status=APPROVED)
    store([row(3)])
    body = ok(visitor.get("/api/products", params={"creatorId": creator}))
    assert [it["id"] for it in body["products"]] == {"c-2": [2], "": [3, 2, 1]}.get(creator, [])


def test_a_work_says_whose_it_is_and_what_the_shop_said_of_it(visitor: Client, admin: Client) -> None:
    add_creator()
    said = {"featured": True, "amazon_link": "https://www.amazon.com/dp/B0", "tags": ("ink", "city")}
    add_work(1, moderation_status=APPROVED, **said)
    add_work(2, moderation_status=REJECTED, rejection_reason=REASON)
    add_work(3, moderation_status=APPROVED, withheld=True)
    store([row(4)])
    words = ("creatorId", "featured", "amazonLink", "tags", "moderationStatus", "rejectionReason", "withheld")

    def shown(client: Client, number: int) -> dict[str, Any]:
        body = ok(client.get(f"/api/products/{number}"))
        return {name: body[name] for name in words if name in body}

    assert shown(visitor, 1) == {
        "creatorId": "c-1",
        "featured": True,
        "amazonLink": "https://www.amazon.com/dp/B0",
        "tags": ["ink", "city"],
    }
    assert shown(admin, 2) == {"creatorId": "c-1", "moderationStatus": REJECTED, "rejectionReason": REASON}
    assert shown(admin, 3) == {"creatorId": "c-1", "moderationStatus": APPROVED, "withheld": True}
    assert shown(visitor, 4) == shown(admin, 4) == {}

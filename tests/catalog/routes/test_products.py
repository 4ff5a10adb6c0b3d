"""Who sees what of the catalogue, and who may change it."""

from typing import Any

import pytest

from tests.catalog.builders import catalog_app, new_product, ok, refused, row, store
from tests.support.http import Client
from tests.support.tokens import every_guarded_route, expired_token, forged_token, visitor_token

SUFFIXES = ("", "/variants", "/images")


@pytest.fixture
def shop(table: str) -> None:
    """One product of each status."""
    store([row(n, status=status) for n, status in enumerate(("published", "draft", "archived"), start=1)])


def test_every_route_with_a_role_refuses_who_does_not_have_it(table: str) -> None:
    assert every_guarded_route(catalog_app()) >= 41


def _ids(client: Client, **query: Any) -> list[int]:
    return [product["id"] for product in ok(client.get("/api/products", params=query))["products"]]


def test_strangers_see_published_products_and_admins_all(admin: Client, visitor: Client, shop: None) -> None:
    assert (_ids(visitor), _ids(admin)) == ([1], [3, 2, 1])
    assert ok(visitor.get("/api/products"))["total"] == 1
    assert ok(admin.get("/api/products"))["total"] == 3


def test_a_status_that_is_not_for_strangers_shows_them_nothing(
    admin: Client, visitor: Client, shop: None
) -> None:
    for product_id, status in ((2, "draft"), (3, "archived")):
        assert ok(visitor.get("/api/products", params={"status": status}))["total"] == 0
        assert _ids(visitor, status=status, search="row") == []
        assert _ids(admin, status=status) == [product_id]
    for unknown in ("active", "deleted", "PUBLISHED", "draft,published"):
        assert _ids(visitor, status=unknown) == [1]
        assert len(_ids(admin, status=unknown)) == 3


def test_drafts_and_archived_products_are_found_by_admins_only(
    admin: Client, visitor: Client, shop: None
) -> None:
    for product_id in (2, 3):
        for name in (str(product_id), f"row-{product_id:04d}"):
            for suffix in SUFFIXES:
                refused(visitor.get(f"/api/products/{name}{suffix}"), 404, "Product not found")
                ok(admin.get(f"/api/products/{name}{suffix}"))


def test_a_token_that_proves_nothing_is_a_stranger_s(visitor: Client, shop: None) -> None:
    for token in (forged_token(), expired_token(), visitor_token(), "x"):
        assert ok(visitor.get("/api/products", token=token))["total"] == 1
        refused(visitor.get("/api/products/2", token=token), 404)


def test_a_list_is_never_answered_to_strangers_from_what_admins_were_told(
    admin: Client, visitor: Client, shop: None
) -> None:
    told = admin.get("/api/products")
    assert told.headers["Cache-Control"] == "private, no-store"
    public = visitor.get("/api/products")
    assert told.headers["ETag"] != public.headers["ETag"]
    assert "Authorization" in public.headers["Vary"]
    again = visitor.get("/api/products", headers={"If-None-Match": public.headers["ETag"]})
    assert (again.status, again.text) == (304, "")


def test_the_page_of_a_product_changes_its_tag_with_the_product(admin: Client, visitor: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['slug']}"
    tag = visitor.get(path).headers["ETag"]
    ok(admin.put(f"/api/products/{product['id']}", json={"title": "New"}))
    fresh = visitor.get(path, headers={"If-None-Match": tag})
    assert (fresh.status, fresh.json["title"]) == (200, "New")

"""The sitemap: every public product's page and no other, in as many files as there have to be."""

import pytest

from catalog.discovery import sitemap
from catalog.products import update_product
from common.clock import utc_now
from common.dynamodb import meter
from common.http import Identity, Role
from tests.catalog.builders import new_product, ok, refused, row, store
from tests.catalog.discovery.documents import STOREFRONT, entries
from tests.support.http import Client

ACTOR = Identity("1", "admin", Role.ADMIN)


def pages(client: Client, path: str = "/sitemap.xml") -> list[str]:
    """The addresses of a sitemap."""
    answer = client.get(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    return [entry["loc"] for entry in entries(answer.text)]


def test_it_has_what_is_public_and_nothing_else(visitor: Client, admin: Client) -> None:
    store(
        [
            row(1),
            row(2, status="draft"),
            row(3, creator_id="c-1", moderation_status="pending"),
            row(4, publish_at="2999-01-01T00:00:00.000Z"),
            row(5, unpublish_at="2026-01-01T00:00:00.000Z"),
            row(6, slug="città & notte"),
        ]
    )
    expected = [f"{STOREFRONT}/it/shop/row-0001", f"{STOREFRONT}/it/shop/citt%C3%A0%20%26%20notte"]
    assert pages(visitor) == expected
    # Whoever keeps the catalogue reads what everybody reads.
    assert [entry["loc"] for entry in entries(admin.get("/sitemap.xml").text)] == expected


def test_a_shop_without_products_has_an_empty_one(visitor: Client) -> None:
    assert pages(visitor) == []


def test_it_says_when_a_page_was_changed_and_not_when_a_piece_was_sold(
    visitor: Client, admin: Client
) -> None:
    product = new_product(admin, variants=[{"sku": "A", "name": "S", "stock": 3}])
    (before,) = entries(visitor.get("/sitemap.xml").text)
    assert product["created_at"] <= before["lastmod"] <= utc_now().isoformat()
    variant = product["variants"][0]["id"]
    ok(admin.patch(f"/api/variants/{variant}/stock", json={"operation": "subtract", "quantity": 1}))
    assert entries(visitor.get("/sitemap.xml").text) == [before]
    update_product(product["id"], {"title": "Another"}, ACTOR, utc_now())
    (after,) = entries(visitor.get("/sitemap.xml").text)
    assert after["lastmod"] > before["lastmod"]


def test_who_holds_it_costs_one_question(visitor: Client, admin: Client) -> None:
    store([row(1)])
    tag = visitor.get("/sitemap.xml").headers["ETag"]
    with meter() as usage:
        assert visitor.get("/sitemap.xml", headers={"If-None-Match": tag}).status == 304
    assert usage.calls == 1
    with meter() as again:
        assert visitor.get("/sitemap.xml").status == 200
    assert again.calls == 1
    new_product(admin)
    assert visitor.get("/sitemap.xml", headers={"If-None-Match": tag}).status == 200


def test_many_products_are_parted(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_URLS", 2)
    store(row(number) for number in range(1, 6))
    index = entries(visitor.get("/sitemap.xml").text, "sitemap")
    parts = [f"https://api.example.com/sitemaps/{number}.xml" for number in (1, 2, 3)]
    assert [entry["loc"] for entry in index] == parts
    found = [page for part in parts for page in pages(visitor, part.removeprefix("https://api.example.com"))]
    assert found == [f"{STOREFRONT}/it/shop/row-000{number}" for number in range(1, 6)]
    for name in ("0.xml", "4.xml", "1", "x.xml", "01.xml"):
        refused(visitor.get(f"/sitemaps/{name}"), 404, "no such part")


def test_the_path_of_a_page_is_a_setting(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    store([row(1)])
    tag = visitor.get("/sitemap.xml").headers["ETag"]
    monkeypatch.setenv("STOREFRONT_PRODUCT_PATH", "/works/{slug}.html")
    answer = visitor.get("/sitemap.xml", headers={"If-None-Match": tag})
    assert [entry["loc"] for entry in entries(answer.text)] == [f"{STOREFRONT}/works/row-0001.html"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/1.xml", "/feeds/google.xml"])
def test_without_a_storefront_there_is_none(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.delenv("STOREFRONT_URL")
    refused(visitor.get(path), 404, "STOREFRONT_URL is not set")


def test_the_largest_page_of_so_many_fits_into_an_answer() -> None:
    from common.http.answer_size import fits

    longest = row(10**9, slug="x" * 255, publish_at="2026-01-01T00:00:00.000Z")
    from common.repositories.listings import listing_row
    from common.repositories.products import listing_item

    rows = [listing_row(listing_item(longest))] * sitemap.MOST_URLS
    (text,) = sitemap.sitemaps(rows)
    assert fits(text)

"""The artist's product pages below /api/admin/shop, whose oldest knows one name, price, stock and picture."""

from decimal import Decimal
from typing import Any

import pytest

from tests.catalog.builders import (
    actions_of,
    as_in_shop,
    created,
    new_product,
    new_variant,
    ok,
    refused,
    row,
    store,
    tallies,
    without,
)
from tests.support.http import Client

ROWS = "/api/admin/shop/products"


def _new_row(admin: Client, **fields: Any) -> dict[str, Any]:
    return created(admin.post(ROWS, json={"name": "Ink Notte", "price": 25} | fields))


def test_a_row_has_the_words_of_the_page_beside_the_product(admin: Client) -> None:
    product = new_product(
        admin,
        title="T",
        long_description="Long",
        base_price="12.50",
        images=[{"url": "a/b.png"}],
        variants=[{"sku": "A", "name": "S", "stock": 2}, {"sku": "B", "name": "M", "stock": 3}],
    )
    (shown,) = ok(admin.get(ROWS))["products"]
    words = {
        "name": "T",
        "description": "Long",
        "price": Decimal("12.5"),
        "stock": 5,
        "image_url": product["images"][0]["url"],
    }
    assert {name: shown[name] for name in words} == words
    assert without(shown, *words, "publish_at", "unpublish_at") == as_in_shop(product)
    assert ok(admin.get(f"{ROWS}/{product['id']}")) == shown


def test_the_words_are_there_even_where_the_product_has_nothing(admin: Client) -> None:
    bare = new_product(admin)
    short = new_product(admin, short_description="Short", long_description="")
    rows = {it["id"]: it for it in ok(admin.get(ROWS))["products"]}
    nothing = {"description": "", "stock": 0, "image_url": "", "price": bare["base_price"]}
    assert {name: rows[bare["id"]][name] for name in nothing} == nothing
    assert rows[short["id"]]["description"] == "Short"


def test_the_list_shows_every_status_a_hundred_a_page(admin: Client) -> None:
    statuses = ("published", "draft", "archived")
    store([row(n, status=statuses[n % 3]) for n in range(1, 106)])
    body = ok(admin.get(ROWS))
    assert (len(body["products"]), body["total"], body["page"], body["per_page"]) == (100, 105, 1, 100)
    assert {it["status"] for it in body["products"]} == set(statuses)
    assert [it["id"] for it in ok(admin.get(ROWS, params={"page": 2}))["products"]] == [
        101,
        102,
        103,
        104,
        105,
    ]


def test_a_new_row_becomes_a_draft_with_a_slug_of_its_name(admin: Client) -> None:
    shown = _new_row(admin, name="Città di Notte!", description="Signed", stock="4", price="19.9")
    assert (shown["title"], shown["slug"], shown["status"]) == ("Città di Notte!", "citta-di-notte", "draft")
    assert (shown["long_description"], shown["base_price"], shown["price"]) == (
        "Signed",
        "19.90",
        Decimal("19.90"),
    )
    assert [(it["sku"], it["stock"]) for it in shown["variants"]] == [("citta-di-notte", 4)]
    assert ok(admin.get("/api/shop/products/citta-di-notte"))["variants"] == shown["variants"]
    assert tallies()["draft"] == 1


def test_a_new_row_may_have_a_picture_or_none(admin: Client) -> None:
    shown = _new_row(admin, image_url="https://elsewhere.example/a.jpg")
    assert shown["image_url"] == "https://elsewhere.example/a.jpg"
    assert [it["url"] for it in shown["images"]] == [shown["image_url"]]
    for index, nothing in enumerate(("", None)):
        assert _new_row(admin, name=f"N{index}", image_url=nothing)["images"] == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": None}, "title"),
        ({"name": ""}, "title is required"),
        ({"price": -1}, "base_price must be a non-negative number"),
        ({"price": "free"}, "base_price must be a non-negative number"),
        ({"stock": -1}, "stock"),
        ({"stock": 1.5}, "stock"),
        ({"image_url": "javascript:alert(1)"}, "image_url"),
        ({"image_url": "../x"}, "image_url"),
        ({"description": 5}, "long_description"),
    ],
)
def test_a_wrong_row_is_refused(admin: Client, fields: dict[str, Any], words: str) -> None:
    refused(admin.post(ROWS, json={"name": "N", "price": 5} | fields), 400, words)
    shown = _new_row(admin)
    refused(admin.patch(f"{ROWS}/{shown['id']}", json=fields), 400, words)
    assert ok(admin.get(f"{ROWS}/{shown['id']}")) == shown


def test_a_row_may_be_sent_back_whole(admin: Client) -> None:
    for shown in (_new_row(admin), _new_row(admin, name="With stock", stock=3, image_url="a/b.png")):
        again = ok(admin.patch(f"{ROWS}/{shown['id']}", json=shown | {"name": "New"}))
        changed = {"name": "New", "title": "New", "updated_at": again["updated_at"]}
        assert again == shown | changed


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ({"title": "New"}, {"title": "New", "name": "New"}),
        ({"name": "New"}, {"title": "New", "name": "New"}),
        ({"base_price": "9.90"}, {"base_price": "9.90", "price": Decimal("9.9")}),
        ({"base_price": 9.9}, {"base_price": "9.90", "price": Decimal("9.9")}),
        ({"price": 9.9}, {"base_price": "9.90", "price": Decimal("9.9")}),
        ({"long_description": "L"}, {"long_description": "L", "description": "L"}),
        ({"status": "published"}, {"status": "published"}),
        ({"sku": "", "gtin": None}, {"sku": ""}),
    ],
    ids=str,
)
def test_one_field_of_a_whole_row_is_changed_by_whichever_name_it_has(
    admin: Client, edit: dict[str, Any], changed: dict[str, Any]
) -> None:
    images = [{"url": "a/b.png"}]
    variants = [{"sku": "A", "name": "S", "stock": 2}, {"sku": "B", "name": "M", "stock": 3}]
    made = new_product(admin, status="draft", short_description="Short", images=images, variants=variants)
    shown = ok(admin.get(f"{ROWS}/{made['id']}"))
    again = ok(admin.patch(f"{ROWS}/{made['id']}", json=shown | edit))
    assert without(again, "updated_at") == without(shown | changed, "updated_at")


def test_a_row_sent_back_as_it_was_changes_nothing(admin: Client) -> None:
    shown = _new_row(admin)
    assert ok(admin.patch(f"{ROWS}/{shown['id']}", json=shown)) == shown
    assert actions_of("Product", shown["id"]) == ["CREATE"]


def test_a_row_older_than_the_rules_can_be_changed(admin: Client) -> None:
    store([row(1, slug="My Slug_1", title="Trailing ", status="draft")])
    shown = ok(admin.get(f"{ROWS}/1"))
    again = ok(admin.patch(f"{ROWS}/1", json=shown | {"base_price": "3.00"}))
    assert (again["slug"], again["title"], again["base_price"]) == ("My Slug_1", "Trailing ", "3.00")
    refused(admin.patch(f"{ROWS}/1", json=shown | {"slug": "Another Slug"}), 400, "slug")


def test_a_product_needs_no_more_than_a_slug_and_a_title(admin: Client) -> None:
    shown = created(admin.post(ROWS, json={"slug": "s", "title": "T"}))
    assert (shown["slug"], shown["base_price"], shown["currency"], shown["status"]) == (
        "s",
        "0.00",
        "EUR",
        "draft",
    )


def test_a_new_product_may_name_its_categories(admin: Client) -> None:
    category = created(admin.post("/api/admin/categories", json={"name": "Prints", "slug": "prints"}))
    shown = _new_row(admin, categories=[{"id": category["id"]}])
    assert shown["categories"] == [category]
    refused(admin.post(ROWS, json={"name": "N", "price": 1, "categories": [{"id": 77}]}), 400, "77")


def test_the_list_is_searched_by_title_and_ordered_as_asked(admin: Client) -> None:
    store(
        [
            row(1, title="Notte", long_description="A lamp"),
            row(2, title="LAMP one", status="draft", created_at="2020-01-01T00:00:00.000Z"),
            row(3, title="the lamp"),
        ]
    )
    body = ok(admin.get(ROWS, params={"search": "lamp", "page": 1, "per_page": 10}))
    assert ([it["id"] for it in body["products"]], body["total"]) == ([2, 3], 2)
    newest = ok(admin.get(ROWS, params={"sort_by": "created_at"}))
    assert [it["id"] for it in newest["products"]] == [3, 1, 2]


def test_every_product_is_listed_at_once_with_none_a_page(admin: Client) -> None:
    store([row(n, status=("published", "draft")[n % 2]) for n in range(1, 131)])
    body = ok(admin.get(ROWS, params={"page": 3, "per_page": 0}))
    assert [it["id"] for it in body["products"]] == list(range(1, 131))
    assert (body["total"], body["per_page"]) == (130, 0)


def test_the_stock_of_a_row_is_that_of_its_only_variant(admin: Client) -> None:
    shown = _new_row(admin)
    path = f"{ROWS}/{shown['id']}"
    assert (shown["stock"], shown["variants"]) == (0, [])
    first = ok(admin.patch(path, json={"stock": 7}))
    assert (first["stock"], len(first["variants"])) == (7, 1)
    second = ok(admin.patch(path, json={"stock": 2}))
    assert (second["stock"], second["variants"][0]["id"]) == (2, first["variants"][0]["id"])
    new_variant(admin, shown["id"], stock=1)
    refused(admin.patch(path, json={"stock": 9, "name": "Not this"}), 409, "variants")
    assert (ok(admin.get(path))["stock"], ok(admin.get(path))["title"]) == (3, shown["title"])
    assert ok(admin.patch(path, json={"stock": 3}))["stock"] == 3


def test_a_new_picture_takes_the_place_of_the_first(admin: Client) -> None:
    shown = _new_row(admin, image_url="a/first.png")
    path = f"{ROWS}/{shown['id']}"
    changed = ok(admin.patch(path, json={"image_url": "a/second.png"}))
    assert changed["image_url"].endswith("/a/second.png")
    assert len(changed["images"]) == 1
    assert ok(admin.patch(path, json={"image_url": changed["image_url"]})) == changed
    bare = _new_row(admin, name="Bare")
    assert ok(admin.patch(f"{ROWS}/{bare['id']}", json={"image_url": "a/b.png"}))["image_url"].endswith(
        "b.png"
    )


def test_a_name_that_is_taken_changes_nothing(admin: Client) -> None:
    _new_row(admin, name="Taken")
    body = {"name": "Taken", "slug": "taken", "price": 5}
    refused(admin.post(ROWS, json=body), 409, "slug 'taken'")
    mine = _new_row(admin, name="Mine", stock=1)
    body = {"slug": "taken", "stock": 5, "image_url": "a/b.png"}
    refused(admin.patch(f"{ROWS}/{mine['id']}", json=body), 409, "taken")
    assert ok(admin.get(f"{ROWS}/{mine['id']}")) == mine


def test_a_row_is_deleted_softly(admin: Client) -> None:
    shown = _new_row(admin)
    assert ok(admin.delete(f"{ROWS}/{shown['id']}")) == {"message": "Product deleted"}
    refused(admin.get(f"{ROWS}/{shown['id']}"), 404)
    refused(admin.patch(f"{ROWS}/{shown['id']}", json={"name": "X"}), 404)
    assert sorted(actions_of("Product", shown["id"])) == ["CREATE", "DELETE"]
    assert ok(admin.delete(f"{ROWS}/{shown['id']}")) == {"message": "Product deleted"}
    assert ok(admin.delete(f"{ROWS}/77")) == {"message": "Product deleted"}
    assert ok(admin.post(f"/api/products/{shown['id']}/restore"))["title"] == shown["title"]


def test_what_names_no_row_is_refused(admin: Client) -> None:
    for wrong in ("0", "abc", "METADATA", "..%2Fx"):
        refused(admin.get(f"{ROWS}/{wrong}"), 400, "id")
        refused(admin.patch(f"{ROWS}/{wrong}", json={"name": "X"}), 400, "id")
        refused(admin.delete(f"{ROWS}/{wrong}"), 400, "id")
    refused(admin.get(f"{ROWS}/77"), 404)
    refused(admin.patch(f"{ROWS}/{_new_row(admin)['id']}", json={"unknown": 1}), 400, "At least one field")

"""Bodies that the catalogue does not take: a 400 that names the field, and nothing stored."""

from typing import Any

import pytest

from catalog import schemas
from common.errors import InvalidInput
from common.http.validation import Schema, load
from tests.catalog.builders import (
    new_category,
    new_product,
    ok,
    product_body,
    refused,
    rows_under,
    tallies,
)
from tests.support.http import Client

WRONG: dict[str, list[Any]] = {
    "title": [None, "", "   ", 5, True, ["x"], {"x": 1}, "x" * 501, "nul \x00 inside"],
    "slug": [None, "", 5, "With Capitals", "two words", "-x", "x-", "é", "x/y", "../x", "x#y", "x" * 256],
    "base_price": [
        None,
        -1,
        "-0.01",
        "x",
        "",
        True,
        [1],
        {},
        "1.005",
        10**8,
        10**37,
        "1e3",
        "NaN",
        "Infinity",
    ],
    "short_description": [5, ["x"], "x" * 1001, "\x00"],
    "long_description": [5, {"x": 1}, "x" * 50_001],
    "currency": [None, "", "E", "EURO", "eur", "€€€", 978],
    "sku": [5, "x" * 101],
    "gtin": [4006381333931, "x" * 51],
    "status": [None, "", "active", "PUBLISHED", 1, ["draft"]],
    "character_id": [0, -1, 1.5, "x", True, 10**16, [1]],
    "character_value": [5, "x" * 256],
    "etsy_link": [5, "x" * 1001, "javascript:alert(1)", " JavaScript:x", "data:text/html,x"],
    "tax_class": [5, "Art", "a b", "x" * 31, ["art"]],
    "cannot_be_withdrawn": [1, "yes", [], {}],
    "category_ids": [5, "1", None, [0], ["x"], [-1], [None], [99], list(range(1, 12))],
}
WRONG_PARTS: dict[str, list[Any]] = {
    "images": [
        5,
        [5],
        [{}],
        [{"url": ""}],
        [{"url": "javascript:alert(1)"}],
        [{"url": "data:image/png;base64,x"}],
        [{"url": "../../etc/passwd"}],
        [{"url": "//"}, {"url": "x y"}],
        [{"url": "a.png", "position": -1}],
        [{"url": "a.png", "alt_text": "x" * 501}],
        [{"url": "x" * 1001}],
        [{"url": "a.png"}] * 13,
    ],
    "variants": [
        5,
        [{}],
        [{"sku": "A"}],
        [{"sku": "", "name": "S"}],
        [{"sku": "A", "name": "x" * 256}],
        [{"sku": "A", "name": "S", "stock": -1}],
        [{"sku": "A", "name": "S", "stock": 1.5}],
        [{"sku": "A", "name": "S", "price_adjustment": "1.001"}],
        [{"sku": "A", "name": "S", "price_adjustment": -100_001}],
        [{"sku": "A", "name": "S", "attributes": []}],
        [{"sku": str(n), "name": "S"} for n in range(26)],
    ],
    "categories": [5, [5], [{}], [{"id": "x"}], [{"id": 0}], [{"id": 99}], [{"id": 10**37}]],
}


@pytest.mark.parametrize("field", [*WRONG, *WRONG_PARTS])
def test_a_new_product_with_a_wrong_field_is_refused_by_its_name(admin: Client, field: str) -> None:
    for value in WRONG.get(field) or WRONG_PARTS[field]:
        answer = admin.post("/api/products", json=product_body(slug="wrong") | {field: value})
        named = "category_ids" if field == "categories" else field
        assert answer.status == 400, (value, answer.text)
        assert field in answer.error or named in answer.error, (value, answer.text)
        assert any(name.split(".")[0] in (field, named) for name in answer.json["fields"]), answer.text
    assert tallies()["published"] == 0
    refused(admin.get("/api/products/wrong"), 404)


def test_an_update_with_a_wrong_field_is_refused_by_its_name(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}"
    for field, values in WRONG.items():
        for value in values:
            answer = admin.put(path, json={"title": "New", field: value})
            assert answer.status == 400, (field, value, answer.text)
            assert field in answer.error, (field, value, answer.text)
    assert ok(admin.get(path)) == product


@pytest.mark.parametrize("missing", ["title", "slug", "base_price"])
def test_a_new_product_needs_a_title_a_slug_and_a_price(admin: Client, missing: str) -> None:
    body = {name: value for name, value in product_body().items() if name != missing}
    refused(admin.post("/api/products", json=body), 400, f"{missing} is required")


MALFORMED = [
    ("", "Request body is required"),
    ("   ", "Request body is required"),
    ("{", "Invalid JSON in request body"),
    ('"text"', "JSON object"),
    ("[]", "JSON object"),
    ("null", "JSON object"),
    ('{"title": "T", "slug": "t", "base_price": NaN}', "base_price"),
    ('{"title": "T", "slug": "t", "base_price": Infinity}', "base_price"),
    ('{"title": "T", "slug": "t", "base_price": -Infinity}', "base_price"),
    ('{"title": "T", "slug": "t", "base_price": 1e999}', "base_price"),
    ('{"title": "T", "slug": "t", "base_price": ' + "9" * 39 + "}", "base_price"),
    ('{"title": "T", "slug": "t", "base_price": 1.' + "1" * 40 + "}", "base_price"),
    ('{"title": "a\\u0000b", "slug": "t", "base_price": 1}', "title"),
    ('{"title": "a\\ud800b", "slug": "t", "base_price": 1}', "title"),
    ('{"unknown": "a\\u0000b", "title": "T", "slug": "t", "base_price": 1}', "unknown"),
    ("[" * 5000, ""),
    ('{"a":' * 200 + "1" + "}" * 200, "deep"),
]


def _routes_that_read_a_body(product: dict[str, Any], category: dict[str, Any]) -> list[tuple[str, str]]:
    path = f"/api/products/{product['id']}"
    variant = f"/api/variants/{product['variants'][0]['id']}"
    return [
        ("POST", "/api/products"),
        ("PUT", path),
        ("POST", f"{path}/variants"),
        ("PUT", variant),
        ("PATCH", f"{variant}/stock"),
        ("PATCH", f"{path}/images/{product['images'][0]['id']}"),
        ("POST", "/api/categories"),
        ("PUT", f"/api/categories/{category['id']}"),
        ("POST", "/api/admin/shop/products"),
        ("PATCH", f"/api/admin/shop/products/{product['id']}"),
    ]


def test_a_malformed_body_is_refused_on_every_route_that_reads_one(admin: Client) -> None:
    product = new_product(admin, variants=[{"sku": "V1", "name": "S"}], images=[{"url": "a.png"}])
    category = new_category(admin, "Prints")
    for method, path in _routes_that_read_a_body(product, category):
        for body, words in MALFORMED:
            answer = admin.request(method, path, data=body)
            assert answer.status == 400, (method, path, body[:80], answer.text)
            assert words in answer.error, (method, path, body[:80], answer.text)
    assert ok(admin.get(f"/api/products/{product['id']}")) == product
    assert ok(admin.get(f"/api/categories/{category['id']}")) == category
    assert tallies()["published"] == 1


def test_what_only_the_shop_may_set_is_not_stored(admin: Client) -> None:
    hostile = {"id": 999, "version": 99, "expires_at": 1, "stock": {"1": 5}}
    product = new_product(admin, **hostile)
    category = new_category(admin, "Prints", **{k: v for k, v in hostile.items() if k != "stock"})
    for entity, made in (("PRODUCT", product), ("CATEGORY", category)):
        stored = rows_under(f"{entity}#{made['id']}")
        assert all({"expires_at", "deleted_at"}.isdisjoint(item) for item in stored)
        assert all(item.get("version", 1) == 1 for item in stored)
    assert rows_under("PRODUCT#999") == []


@pytest.mark.parametrize("key", ["PK", "SK", "GSI1PK", "GSI3SK"])
def test_keys_of_the_table_are_refused_by_name_wherever_a_body_is_read(admin: Client, key: str) -> None:
    product = new_product(admin, variants=[{"sku": "V1", "name": "S"}], images=[{"url": "a.png"}])
    category = new_category(admin, "Prints")
    for method, path in _routes_that_read_a_body(product, category):
        answer = admin.request(method, path, json={key: "PRODUCT#999"})
        assert answer.status == 400, (method, path, answer.text)
        assert f"{key} must not be set" in answer.error, (method, path, answer.text)
    assert rows_under("PRODUCT#999") == []


@pytest.mark.parametrize("key", ["created_at", "updated_at", "deleted_at"])
def test_the_dates_of_something_new_are_the_shops(admin: Client, key: str) -> None:
    dated = {"title": "Moon", "slug": "moon", "base_price": 1, key: "1999-01-01T00:00:00.000Z"}
    refused(admin.post("/api/products", json=dated), 400, f"{key} must not be set")
    dated = {"name": "Moon", "slug": "moon", key: "1999-01-01T00:00:00.000Z"}
    refused(admin.post("/api/categories", json=dated), 400, f"{key} must not be set")


def test_form_encoded_bodies_are_taken_too(admin: Client) -> None:
    answer = admin.post("/api/products", data={"title": "T", "slug": "t", "base_price": "12.50"})
    assert answer.status == 201
    assert answer.json["base_price"] == 12.5


def test_hostile_texts_are_kept_as_they_are(admin: Client) -> None:
    for number, text in enumerate(
        ("<script>alert(1)</script>", "'; DROP TABLE x;--", '{"$gt": ""}', "#n0 = :v0", "😀", "a\nb")
    ):
        product = new_product(admin, title=text, sku=f"{number}{text}", character_value=text)
        shown = ok(admin.get(f"/api/products/{product['id']}"))
        assert (shown["title"], shown["character_value"]) == (text, text)
        assert ok(admin.get("/api/products", params={"character_value": text}))["total"] == 1


@pytest.mark.parametrize(("new", "change"), [("NewProduct", "ProductChanges"), ("NewRow", "RowChanges")])
@pytest.mark.parametrize("field", [name for name in WRONG if name != "category_ids"])
def test_a_field_is_refused_in_the_same_words_when_it_is_new_and_when_it_is_changed(
    new: str, change: str, field: str
) -> None:
    """By the same rule too, but for the slug of a row, which is made where none is given."""
    free = (None, "", "   ") if (new, field) == ("NewRow", "slug") else ()
    bodies = [product_body() | {field: wrong} for wrong in WRONG[field] if wrong not in free]
    said = [_words(getattr(schemas, new), body) for body in bodies]
    assert said == [_words(getattr(schemas, change), body, partial=True) for body in bodies]
    assert any(said)


def _words(schema: type[Schema], body: dict[str, Any], *, partial: bool = False) -> str:
    """What is said of a body; nothing of a price whose currency only the shop's rules know."""
    try:
        load(schema, body, partial=partial)
    except InvalidInput as refusal:
        return refusal.message
    return ""

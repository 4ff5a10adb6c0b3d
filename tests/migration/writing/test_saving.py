"""What was moved can be saved by the pages: values that are left as they are are not judged again."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app import app
from tests.migration.moves import TOKEN_KEY, Move
from tests.support.awkward_data import insert
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token

_PICTURES = '["{}"]'.format('", "'.join(f"https://cdn.example.com/{n}.png" for n in range(25)))
_NO_PICTURE = '["", "ftp://old.example.com/a.png"]'
_LONG = "x" * 6000


@pytest.fixture
def shop(postgresql_database: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Move]:
    """A database without rows, an empty table and an empty bucket."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    with fresh_bucket():
        yield Move(postgresql_database)


def _moved(shop: Move, table: str, row: Mapping[str, Any]) -> Client:
    insert(shop.url, table, dict(row))
    assert shop.run().passed
    return Client(app, token=admin_token())


def _saved(client: Client, method: str, path: str, shown: Mapping[str, Any], **change: Any) -> dict[str, Any]:
    """The answer to a form that sends back all that it was shown, with something changed."""
    answer = client.request(method, path, json={**shown, **change})
    assert answer.status == 200, answer.text
    saved: dict[str, Any] = answer.json
    return saved


@pytest.mark.parametrize(
    "odd",
    [
        {"images": _PICTURES},
        {"images": _NO_PICTURE},
        {"description": _LONG},
        {"name": ""},
        {"name": " Ada "},
        {"background_color": "rebeccapurple", "gradient_from": "#fff", "gradient_to": "hsl(1 2% 3%)"},
        {"icon": "ftp://old.example.com/a.png", "background_image": "a b"},
        {"order": -5},
    ],
)
def test_a_character_is_saved(shop: Move, odd: dict[str, Any]) -> None:
    admin = _moved(shop, "personaggi", {"id": 1, "name": "Ada"} | odd)
    shown = admin.get("/api/personaggi/1").json
    saved = _saved(admin, "PUT", "/api/personaggi/1", shown, gradientFrom="#123456")
    moving = {"updated_at", "updatedAt", "gradientFrom"}
    assert {name: saved[name] for name in shown if name not in moving} == {
        name: value for name, value in shown.items() if name not in moving
    }
    assert saved["gradientFrom"] == "#123456"


@pytest.mark.parametrize(
    "odd", [{"title": ""}, {"description": _LONG}, {"pages": _NO_PICTURE}, {"order": -1}]
)
def test_a_comic_is_saved(shop: Move, odd: dict[str, Any]) -> None:
    admin = _moved(shop, "fumetti", {"id": 1, "title": "T"} | odd)
    shown = admin.get("/api/fumetti/1").json
    saved = _saved(admin, "PUT", "/api/fumetti/1", shown, coverImage="https://cdn.example.com/c.png")
    assert saved["coverImage"] == "https://cdn.example.com/c.png"
    assert (saved["title"], saved["pages"]) == (shown["title"], shown["pages"])


def test_a_character_is_still_judged_by_what_changes(shop: Move) -> None:
    admin = _moved(shop, "personaggi", {"id": 1, "name": "Ada", "gradient_from": "#fff"})
    shown = admin.get("/api/personaggi/1").json
    answer = admin.put("/api/personaggi/1", json=shown | {"gradientFrom": "#ffe"})
    assert answer.status == 400


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "percentage", "value": "150.00"},
        {"type": "fixed", "value": "-5.00"},
        {"type": "fixed", "value": "0.00", "max_uses": 0},
        {"code": "città!", "min_order_value": "-1.00"},
        {"valid_from": "2026-01-02", "valid_until": "2026-01-01"},
    ],
)
def test_an_odd_code_is_switched_off(shop: Move, odd: dict[str, Any]) -> None:
    admin = _moved(
        shop, "discount_codes", {"id": 1, "code": "OLD", "type": "percentage", "value": "10.00"} | odd
    )
    path = "/api/admin/discounts/1"
    shown = admin.get(path).json["discount"]
    off = _saved(admin, "PATCH", path, shown, active=False, is_active=False)["discount"]
    assert off["active"] is False
    assert [off[name] for name in ("code", "value", "max_uses")] == [
        shown[name] for name in ("code", "value", "max_uses")
    ]
    assert _saved(admin, "PUT", path, {}, is_active=True)["discount"]["active"] is True


def test_a_code_is_still_judged_by_what_changes(shop: Move) -> None:
    admin = _moved(shop, "discount_codes", {"id": 1, "code": "OLD", "type": "percentage", "value": "150.00"})
    assert admin.patch("/api/admin/discounts/1", json={"value": 120}).status == 400
    assert admin.patch("/api/admin/discounts/1", json={"type": "fixed_amount"}).status == 200
    assert admin.patch("/api/admin/discounts/1", json={"type": "percentage"}).status == 400


_PRODUCT = {"id": 1, "slug": "Città 1", "title": " T ", "base_price": "-1.00", "etsy_link": "javascript:x"}


@pytest.mark.parametrize("path", ["/api/products/1", "/api/admin/shop/products/1"])
def test_a_product_is_saved(shop: Move, path: str) -> None:
    admin = _moved(shop, "products", _PRODUCT | {"currency": "eur"})
    method = "PATCH" if "admin" in path else "PUT"
    saved = _saved(admin, method, path, admin.get(path).json, gtin="1")
    assert (saved["slug"], saved["title"], saved["gtin"]) == ("Città 1", " T ", "1")


@pytest.mark.parametrize("path", ["/api/variants/3", "/api/admin/shop/variants/3"])
def test_a_variant_is_saved(shop: Move, path: str) -> None:
    insert(shop.url, "products", {**_PRODUCT, "etsy_link": None, "status": "published"})
    row = {
        "id": 3,
        "product_id": 1,
        "sku": "",
        "name": "",
        "stock": -2,
        "attributes": "[1]",
        "price_adjustment": "-200000.00",
    }
    admin = _moved(shop, "product_variants", row)
    is_page = "admin" in path
    product = admin.get("/api/admin/shop/products/1" if is_page else "/api/products/1")
    (shown,) = product.json["variants"]
    method = "PATCH" if is_page else "PUT"
    saved = _saved(admin, method, path, shown, name="New")
    assert (saved["name"], saved["stock"], saved["attributes"]) == ("New", -2, [1])


@pytest.mark.parametrize("path", ["/api/categories/1", "/api/admin/categories/1"])
def test_a_category_is_saved(shop: Move, path: str) -> None:
    admin = _moved(shop, "categories", {"id": 1, "slug": "Città 1", "name": "", "description": "x" * 3000})
    method = "PATCH" if "admin" in path else "PUT"
    saved = _saved(admin, method, path, admin.get(path).json, parent_id=None, name="New")
    assert (saved["slug"], saved["name"]) == ("Città 1", "New")


def test_a_picture_of_a_product_is_saved(shop: Move) -> None:
    insert(shop.url, "products", _PRODUCT)
    admin = _moved(
        shop, "product_images", {"id": 2, "product_id": 1, "url": "x", "position": -1, "alt_text": "x" * 500}
    )
    path = "/api/products/1/images/2"
    saved = _saved(admin, "PATCH", path, {"position": -1, "alt_text": "New"})["image"]
    assert (saved["position"], saved["alt_text"]) == (-1, "New")

"""Old forms: what was read before a sale, and saved after it, brings no sold piece back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from common.clock import utc_now
from common.stock_ledger import apply_channel_sale
from orders.allocation import RequestedItem
from orders.checkout import place_order
from tests.catalog.builders import created, new_image, new_product, new_variant, ok, refused
from tests.orders.order_builders import purchase
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

ROWS = "/api/admin/shop/products"
COMMIT = "common.dynamodb.UnitOfWork.commit"
PAGE = ("name", "description", "price", "image_url", "stock")


@pytest.fixture
def product(admin: Client) -> dict[str, Any]:
    """A published product with one variant, SKU A, of which one piece is left."""
    return new_product(admin, title="Moon", variants=[{"sku": "A", "name": "S", "stock": 1}])


def _buy(product: dict[str, Any], quantity: int = 1) -> None:
    place_order(purchase(wanted=(RequestedItem(product["id"], None, quantity),)), utc_now())


def _form(admin: Client, product: dict[str, Any]) -> dict[str, Any]:
    """What the page fills its form with: the row as its list shows it."""
    rows = {it["id"]: it for it in ok(admin.get(ROWS))["products"]}
    return {name: rows[product["id"]][name] for name in PAGE}


def _save(admin: Client, product: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    return ok(admin.patch(f"{ROWS}/{product['id']}", json=form))


def test_an_old_form_of_the_page_keeps_the_sale_and_saves_the_rest(
    admin: Client, product: dict[str, Any]
) -> None:
    form = _form(admin, product)
    _buy(product)
    saved = _save(admin, product, form | {"price": 30})
    assert (saved["stock"], saved["price"]) == (0, 30)
    # Sent twice, as by a double click, it says the same.
    assert _save(admin, product, form | {"price": 30})["stock"] == 0


def test_pieces_that_an_old_form_adds_come_to_what_is_left(admin: Client, product: dict[str, Any]) -> None:
    form = _form(admin, product)
    _buy(product)
    assert _save(admin, product, form | {"stock": 5})["stock"] == 4
    assert _save(admin, product, form | {"stock": 5})["stock"] == 4


def test_a_form_that_takes_away_more_than_is_left_leaves_nothing(
    admin: Client, product: dict[str, Any]
) -> None:
    ok(admin.patch(f"/api/variants/{product['variants'][0]['id']}/stock", json={"quantity": 3}))
    form = _form(admin, product)
    _buy(product, 2)
    assert _save(admin, product, form | {"stock": 1})["stock"] == 0


def test_who_has_looked_again_sets_the_stock_to_what_it_was(admin: Client, product: dict[str, Any]) -> None:
    _form(admin, product)
    _buy(product)
    assert _save(admin, product, _form(admin, product) | {"stock": 1})["stock"] == 1
    _buy(product)
    ok(admin.get(f"{ROWS}/{product['id']}"))
    assert _save(admin, product, {"stock": 1})["stock"] == 1


def test_what_is_saved_is_what_the_next_form_is_held_to(admin: Client) -> None:
    row = created(admin.post(ROWS, json={"name": "Moon", "status": "published", "stock": 2}))
    for stock in (5, 3, 0, 4):
        assert _save(admin, row, {"stock": stock})["stock"] == stock
    _buy(row)
    assert _save(admin, row, {"stock": 4})["stock"] == 3


def test_each_sign_in_is_held_to_what_it_was_shown(admin: Client, product: dict[str, Any]) -> None:
    other = Client(admin.app, token=admin_token(age=timedelta(hours=1)))
    form = _form(admin, product)
    _buy(product)
    again = _form(other, product)
    assert _save(admin, product, form)["stock"] == 0
    assert _save(other, product, again | {"stock": 1})["stock"] == 1


def test_a_sale_while_the_form_is_saved_is_kept(admin: Client, product: dict[str, Any]) -> None:
    form = _form(admin, product)
    with just_before("catalog.row_stock.count", lambda: _buy(product)):
        assert _save(admin, product, form | {"stock": 3})["stock"] == 2


def test_a_form_that_is_sent_twice_at_once_counts_once(admin: Client, product: dict[str, Any]) -> None:
    form = _form(admin, product) | {"stock": 3}
    with just_before("catalog.row_stock.count", lambda: _save(admin, product, form)):
        assert _save(admin, product, form)["stock"] == 3


def test_a_first_count_that_is_sent_twice_at_once_makes_one_variant(admin: Client) -> None:
    row = created(admin.post(ROWS, json={"name": "Moon"}))
    with just_before("catalog.row_stock.create_variant", lambda: _save(admin, row, {"stock": 3})):
        shown = _save(admin, row, {"stock": 3})
    assert [variant["stock"] for variant in shown["variants"]] == [3]


def test_who_was_shown_nothing_is_asked_to_look_first(admin: Client, product: dict[str, Any]) -> None:
    path = f"{ROWS}/{product['id']}"
    assert ok(admin.patch(path, json={"stock": 2}))["stock"] == 2
    _buy(product)
    other = Client(admin.app, token=admin_token(age=timedelta(hours=1)))
    refused(other.patch(path, json={"stock": 2}), 409, "updated_at")
    assert ok(other.patch(path, json={"stock": 1}))["stock"] == 1
    ok(other.get(path))
    assert ok(other.patch(path, json={"stock": 2}))["stock"] == 2


def test_an_old_form_of_several_variants_is_no_conflict(admin: Client) -> None:
    variants = [{"sku": sku, "name": sku, "stock": 5} for sku in ("A", "B")]
    product = new_product(admin, variants=variants)
    form = _form(admin, product)
    apply_channel_sale("etsy", "r-1", "A", 1, utc_now())
    assert _save(admin, product, form | {"name": "New"})["stock"] == 9
    refused(admin.patch(f"{ROWS}/{product['id']}", json={"stock": 3}), 409, "several variants")


def _whole_row(admin: Client, product: dict[str, Any]) -> Callable[[], Any]:
    path = f"{ROWS}/{product['id']}"
    row = ok(admin.get(path))
    return lambda: admin.patch(path, json=row | {"title": "New"})


def _whole_product(admin: Client, product: dict[str, Any]) -> Callable[[], Any]:
    path = f"/api/products/{product['id']}"
    shown = ok(admin.get(path))
    return lambda: admin.put(path, json=shown | {"title": "New"})


def _whole_variant(admin: Client, product: dict[str, Any]) -> Callable[[], Any]:
    (variant,) = ok(admin.get(f"/api/products/{product['id']}"))["variants"]
    return lambda: admin.put(f"/api/variants/{variant['id']}", json=variant)


def _whole_shop_variant(admin: Client, product: dict[str, Any]) -> Callable[[], Any]:
    (variant,) = ok(admin.get(f"{ROWS}/{product['id']}"))["variants"]
    return lambda: admin.patch(f"/api/admin/shop/variants/{variant['id']}", json=variant)


def _count_of_variant(admin: Client, product: dict[str, Any]) -> Callable[[], Any]:
    (variant,) = ok(admin.get(f"{ROWS}/{product['id']}"))["variants"]
    body = {"quantity": 1, "updated_at": variant["updated_at"]}
    return lambda: admin.patch(f"/api/variants/{variant['id']}/stock", json=body)


STOCK_FORMS = [_whole_row, _whole_variant, _whole_shop_variant, _count_of_variant]


@pytest.mark.parametrize("form", STOCK_FORMS)
def test_a_form_that_says_what_it_saw_is_refused_after_a_sale(
    admin: Client, product: dict[str, Any], form: Any
) -> None:
    save = form(admin, product)
    _buy(product)
    refused(save(), 409, "look again")
    assert ok(admin.get(f"{ROWS}/{product['id']}"))["stock"] == 0


@pytest.mark.parametrize("form", [*STOCK_FORMS, _whole_product])
def test_a_form_that_says_what_it_saw_is_saved_while_that_holds(
    admin: Client, product: dict[str, Any], form: Any
) -> None:
    assert form(admin, product)().status == 200
    assert form(admin, product)().status == 200


@pytest.mark.parametrize("form", [_whole_row, _whole_variant, _whole_shop_variant])
def test_a_sale_between_looking_and_writing_is_found_too(
    admin: Client, product: dict[str, Any], form: Any
) -> None:
    variant_id = product["variants"][0]["id"]
    save = form(admin, product)
    ok(admin.patch(f"/api/variants/{variant_id}/stock", json={"quantity": 2}))
    save = form(admin, product)
    with just_before(COMMIT, lambda: _buy(product)):
        answer = save()
    assert answer.status in (200, 409)
    assert ok(admin.get(f"{ROWS}/{product['id']}"))["stock"] == 1


@pytest.mark.parametrize("form", [_whole_row, _whole_product])
def test_fields_that_somebody_else_changed_are_not_overwritten(
    admin: Client, product: dict[str, Any], form: Any
) -> None:
    save = form(admin, product)
    ok(admin.put(f"/api/products/{product['id']}", json={"base_price": 99}))
    refused(save(), 409, "look again")
    assert ok(admin.get(f"/api/products/{product['id']}"))["base_price"] == 99


def test_pictures_variants_and_sales_make_no_form_of_fields_old(
    admin: Client, product: dict[str, Any], bucket: str
) -> None:
    save = _whole_product(admin, product)
    new_image(admin, product["id"])
    new_variant(admin, product["id"], stock=3)
    apply_channel_sale("etsy", "r-1", "A", 1, utc_now())
    assert save().json["title"] == "New"


@pytest.mark.parametrize("path", ["/api/variants/{}", "/api/admin/shop/variants/{}"])
def test_a_stock_that_is_set_blindly_after_a_sale_is_refused(
    admin: Client, product: dict[str, Any], path: str
) -> None:
    (variant,) = product["variants"]
    send = admin.put if path.startswith("/api/variants") else admin.patch
    where = path.format(variant["id"])
    assert send(where, json={"stock": 2}).status == 200
    _buy(product)
    refused(send(where, json={"stock": 2}), 409, "updated_at")
    assert send(where, json={"name": "New"}).status == 200
    (shown,) = ok(admin.get(f"/api/products/{product['id']}"))["variants"]
    assert (shown["name"], shown["stock"]) == ("New", 1)
    assert send(where, json={"stock": 2, "updated_at": shown["updated_at"]}).status == 200


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_time_says_nothing_and_a_wrong_one_is_refused(
    admin: Client, product: dict[str, Any], nothing: str | None
) -> None:
    path = f"/api/products/{product['id']}"
    ok(admin.put(path, json={"title": "New", "updated_at": nothing}))
    refused(admin.put(path, json={"title": "New", "updated_at": "yesterday"}), 400, "updated_at")


def _tag(admin: Client, path: str) -> dict[str, str]:
    return {"If-Match": admin.get(path).headers["ETag"]}


def _writes(admin: Client, product: dict[str, Any]) -> list[tuple[str, str, dict[str, Any] | None]]:
    (variant,) = product["variants"]
    return [
        ("PUT", f"/api/products/{product['id']}", {"title": "New"}),
        ("PATCH", f"{ROWS}/{product['id']}", {"name": "New", "stock": 1}),
        ("PUT", f"/api/variants/{variant['id']}", {"stock": 1}),
        ("PATCH", f"/api/admin/shop/variants/{variant['id']}", {"stock": 1}),
        ("PATCH", f"/api/variants/{variant['id']}/stock", {"quantity": 1}),
        ("POST", "/api/admin/shop/inventory/adjust", {"variant_id": variant["id"], "quantity": 1}),
        ("DELETE", f"/api/variants/{variant['id']}", None),
        ("DELETE", f"/api/products/{product['id']}", None),
        ("DELETE", f"{ROWS}/{product['id']}", None),
    ]


@pytest.mark.parametrize("number", range(9))
def test_a_tag_that_is_old_is_refused_by_every_write(
    admin: Client, product: dict[str, Any], number: int
) -> None:
    method, path, body = _writes(admin, product)[number]
    ok(admin.patch(f"/api/variants/{product['variants'][0]['id']}/stock", json={"quantity": 5}))
    for seen in (f"/api/products/{product['id']}", f"{ROWS}/{product['id']}"):
        old = _tag(admin, seen)
        apply_channel_sale("etsy", seen, "A", 1, utc_now())
        refused(admin.request(method, path, json=body, headers=old), 412, "look again")
    shown = ok(admin.get(f"{ROWS}/{product['id']}"))
    assert (shown["stock"], shown["title"], len(shown["variants"])) == (3, "Moon", 1)
    fresh = _tag(admin, f"{ROWS}/{product['id']}")
    assert admin.request(method, path, json=body, headers=fresh).status == 200


@pytest.mark.parametrize(
    ("form", "status"),
    [("{tag}", 200), ('"other", {tag}', 200), ("*", 200), ("W/{tag}", 412), ('"other"', 412), ("", 412)],
)
def test_tags_are_compared_strongly(
    admin: Client, visitor: Client, product: dict[str, Any], form: str, status: int
) -> None:
    path = f"/api/products/{product['slug']}"
    tag = visitor.get(path).headers["ETag"]
    headers = {"If-Match": form.format(tag=tag)}
    answer = admin.put(f"/api/products/{product['id']}", json={"title": "New"}, headers=headers)
    assert answer.status == status


def test_browsers_may_send_the_header(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://shop.example")
    answer = admin.options("/api/products", headers={"Origin": "https://shop.example"})
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"].split(", ")

"""What a caller saw, held against what is there: one rule for every kind of thing."""

from collections.abc import Callable
from typing import Any

import pytest

from common.errors import Outdated, PreconditionFailed
from common.http import create_app
from common.http.basis import Basis
from common.http.caching import entity_tag
from common.http.responses import encode_json
from orders.routes import routes as order_routes
from tests.catalog.builders import catalog_app, new_category, ok, refused
from tests.content.samples import FUMETTO, PERSONAGGIO, PNG, Kind
from tests.orders.order_builders import an_order, store_orders
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

T0, T1 = "2026-01-01T09:00:00.000Z", "2026-01-01T09:00:00.001Z"
TAG = entity_tag(encode_json({"a": 1}))


def _hold(basis: Basis, changed_at: str = T0) -> None:
    basis.hold(changed_at, lambda: [{"b": 2}, {"a": 1}])


@pytest.mark.parametrize(
    "basis", [Basis(), Basis("*"), Basis(TAG), Basis(f'"x", {TAG}'), Basis(None, T0), Basis(TAG, T1)]
)
def test_what_still_holds_is_let_through(basis: Basis) -> None:
    _hold(basis)


def test_what_was_changed_since_is_refused() -> None:
    with pytest.raises(Outdated):
        _hold(Basis(None, T0), T1)
    for header in ('"x"', f"W/{TAG}", TAG.strip('"'), ""):
        with pytest.raises(PreconditionFailed):
            _hold(Basis(header))


Shop = Callable[[str], Client]


def _category() -> tuple[Client, str, dict[str, Any]]:
    admin = Client(catalog_app(), token=admin_token())
    return admin, f"/api/categories/{new_category(admin, 'Prints')['id']}", {"description": "On paper"}


def _shop_category() -> tuple[Client, str, dict[str, Any]]:
    admin, path, body = _category()
    return admin, path.replace("/api/", "/api/admin/"), body


def _discount() -> tuple[Client, str, dict[str, Any]]:
    admin = Client(create_app("orders", [order_routes]), token=admin_token())
    body = {"code": "MOON", "discount_type": "percentage", "discount_value": 10}
    made = admin.post("/api/admin/discounts", json=body)
    assert made.status == 201, made.text
    (code,) = ok(admin.get("/api/admin/discounts"))["discounts"]
    return admin, f"/api/admin/discounts/{code['id']}", {"min_purchase": 5}


def _entry(kind: Kind) -> tuple[Client, str, dict[str, Any]]:
    from content.routes import routes

    admin = Client(create_app("content", [routes]), token=admin_token())
    return admin, f"{kind.path}/{kind.create(admin)['id']}", {"description": "Blue"}


def _personaggio() -> tuple[Client, str, dict[str, Any]]:
    return _entry(PERSONAGGIO)


def _fumetto() -> tuple[Client, str, dict[str, Any]]:
    return _entry(FUMETTO)


KINDS = [_category, _shop_category, _discount, _personaggio, _fumetto]
Thing = Callable[[], tuple[Client, str, dict[str, Any]]]


def _write(admin: Client, path: str, body: dict[str, Any], **options: Any) -> Answer:
    method = "PATCH" if "/admin/categories" in path else "PUT"
    return admin.request(method, path, json=body, **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("table")
def test_a_form_saved_over_a_newer_one_is_refused(kind: Thing) -> None:
    admin, path, change = kind()
    seen = admin.get(path)
    old = seen.json.get("discount", seen.json)
    assert _write(admin, path, old | change).status == 200
    refused(_write(admin, path, old | {"description": "Old"}), 409, "look again")
    tag = {"If-Match": seen.headers["ETag"]}
    refused(_write(admin, path, {"description": "Old"}, headers=tag), 412, "look again")
    refused(admin.delete(path, headers=tag), 412, "look again")
    fresh = {"If-Match": admin.get(path).headers["ETag"]}
    assert _write(admin, path, {"description": "New"}, headers=fresh).status == 200
    assert _write(admin, path, {"description": "Newer"}).status == 200


@pytest.mark.parametrize("kind", [PERSONAGGIO, FUMETTO], ids=["personaggi", "fumetti"])
@pytest.mark.usefixtures("table")
def test_pictures_that_come_and_go_make_no_form_old(bucket: str, kind: Kind) -> None:
    admin, path, _ = _entry(kind)
    entry_id = int(path.rpartition("/")[2])
    form = kind.shown(admin, entry_id)
    url = kind.upload(admin, entry_id, file=PNG).json["url"]
    assert kind.remove(admin, entry_id, url).status == 200
    assert admin.put(path, json=form | {"description": "Blue"}).status == 200


@pytest.mark.parametrize("path", ["/api/admin/orders/1/status", "/api/admin/shop/orders/1/fulfillment"])
@pytest.mark.usefixtures("table")
def test_a_step_that_was_decided_on_an_older_order_is_refused(path: str) -> None:
    admin = Client(create_app("orders", [order_routes]), token=admin_token())
    store_orders([an_order(1, payment_status="paid")])
    seen = admin.get("/api/admin/shop/orders/1")
    assert admin.patch(path, json={"status": "fulfilled"}).status == 200
    basis = {"status": "unfulfilled", "updated_at": seen.json["updated_at"]}
    refused(admin.patch(path, json=basis), 409, "look again")
    headers = {"If-Match": seen.headers["ETag"]}
    refused(admin.patch(path, json={"status": "unfulfilled"}, headers=headers), 412)
    assert admin.get("/api/admin/shop/orders/1").json["fulfillment_status"] == "fulfilled"

"""Variants over HTTP: added, changed, counted and taken off sale, and what happens to them at once."""

from decimal import Decimal
from typing import Any

import pytest

from common.repositories.products import Variant
from tests.catalog.builders import (
    actions_of,
    audit_of,
    created,
    new_product,
    new_variant,
    ok,
    refused,
    row,
    rows_under,
    store,
    variant_body,
)
from tests.support.http import Client
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


def _stock(admin: Client, variant: dict[str, Any]) -> int:
    variants = ok(admin.get(f"/api/products/{variant['product_id']}/variants"))["variants"]
    return int(next(it["stock"] for it in variants if it["id"] == variant["id"]))


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"size": "S", "n": 1.5, "deep": {"a": [1, None, True]}}, None),
        ('{"size": "S"}', {"size": "S"}),
        ("{}", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_attributes_come_as_an_object_or_as_the_text_of_one(admin: Client, sent: Any, stored: Any) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], attributes=sent)
    assert variant["attributes"] == (sent if stored is None else stored)
    assert ok(admin.get(f"/api/products/{product['id']}"))["variants"] == [variant]


@pytest.mark.parametrize(
    "attributes",
    ["[1]", "5", "{", '{"a": NaN}', [1], 5, True, {"": 1}, {"a": {"": 1}}, {"a" * 101: 1}, {"a": "x" * 5000}],
)
def test_other_attributes_are_refused(admin: Client, attributes: Any) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}/variants"
    refused(admin.post(path, json=variant_body(attributes=attributes)), 400, "attributes")
    assert ok(admin.get(path)) == {"variants": []}


def test_an_update_changes_the_named_fields(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="V1", attributes={"size": "S"}, stock=4)
    path = f"/api/variants/{variant['id']}"
    changed = ok(admin.put(path, json={"name": "Large", "price_adjustment": "-1.5", "unknown": 1, "id": 9}))
    wanted = {"name": "Large", "price_adjustment": Decimal("-1.5"), "updated_at": changed["updated_at"]}
    assert changed == variant | wanted
    assert ok(admin.put(path, json={"stock": 9}))["stock"] == 9
    assert _stock(admin, variant) == 9
    assert ok(admin.put(path, json={"attributes": None}))["attributes"] == {}


def test_a_sku_is_unique_among_variants_and_free_after_a_change(admin: Client) -> None:
    product, other = new_product(admin), new_product(admin)
    first = new_variant(admin, product["id"], sku="V1")
    path = f"/api/products/{other['id']}/variants"
    refused(admin.post(path, json=variant_body(sku="V1")), 409, "V1")
    second = new_variant(admin, other["id"], sku="V2")
    refused(admin.put(f"/api/variants/{second['id']}", json={"sku": "V1", "stock": 77}), 409, "V1")
    assert _stock(admin, second) == second["stock"]
    ok(admin.put(f"/api/variants/{first['id']}", json={"sku": "V3"}))
    assert new_variant(admin, other["id"], sku="V1")["sku"] == "V1"


def test_stock_is_set_added_to_and_taken_from(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=5)
    path = f"/api/variants/{variant['id']}/stock"
    seen = []
    for body in (
        {"quantity": 10},
        {"quantity": 3, "operation": "add"},
        {"quantity": 4, "operation": "subtract"},
        {"quantity": "2", "operation": "set"},
        {"quantity": 2, "operation": "subtract"},
        {"quantity": 0, "operation": "subtract"},
    ):
        seen.append(ok(admin.patch(path, json=body))["stock"])
        assert _stock(admin, variant) == seen[-1]
    assert seen == [10, 13, 9, 2, 0, 0]


def test_stock_never_falls_below_zero(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=5)
    path = f"/api/variants/{variant['id']}/stock"
    refused(
        admin.patch(path, json={"quantity": 6, "operation": "subtract"}), 400, "Requested: 6", "Available: 5"
    )
    assert _stock(admin, variant) == 5
    assert actions_of("ProductVariant", variant["id"]) == ["CREATE"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": None},
        {"quantity": -1},
        {"quantity": 1.5},
        {"quantity": "many"},
        {"quantity": True},
        {"quantity": [1]},
        {"quantity": 1_000_001},
        {"quantity": 10**37},
        {"quantity": 1, "operation": "multiply"},
        {"quantity": 1, "operation": None},
    ],
)
def test_other_counts_are_refused(admin: Client, body: dict[str, Any]) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=5)
    answer = admin.patch(f"/api/variants/{variant['id']}/stock", json=body)
    assert refused(answer, 400)
    assert answer.json.keys() == {"error", "fields"} or body == {}
    assert _stock(admin, variant) == 5


def test_what_names_no_variant_is_not_found(admin: Client) -> None:
    new_variant(admin, new_product(admin)["id"])
    for wrong in (
        "0",
        "-1",
        "99",
        "abc",
        "METADATA",
        "..%2Fx",
        "9" * 40,
        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    ):
        refused(admin.put(f"/api/variants/{wrong}", json={"name": "S"}), 404, "Variant not found")
        refused(admin.patch(f"/api/variants/{wrong}/stock", json={"quantity": 1}), 404, "Variant not found")
        refused(admin.delete(f"/api/variants/{wrong}"), 404, "Variant not found")
    assert rows_under("VARIANT#99") == []


def test_a_variant_off_sale_is_gone_with_its_stock_and_its_sku_is_free(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="V1")
    path = f"/api/variants/{variant['id']}"
    assert ok(admin.delete(path)) == {"message": "Variant deleted"}
    assert ok(admin.get(f"/api/products/{product['id']}/variants")) == {"variants": []}
    refused(admin.delete(path), 404)
    refused(admin.put(path, json={"name": "S"}), 404)
    refused(admin.patch(f"{path}/stock", json={"quantity": 1}), 404)
    again = new_variant(admin, product["id"], sku="V1")
    # What was off sale before a product was deleted does not come back with it.
    ok(admin.delete(f"/api/products/{product['id']}"))
    restored = ok(admin.post(f"/api/products/{product['id']}/restore"))
    assert [(it["id"], it["stock"]) for it in restored["variants"]] == [(again["id"], again["stock"])]


def test_a_product_takes_forty_variants_and_no_more(admin: Client) -> None:
    variants = tuple(
        Variant(n, 1, f"S{n}", "S", {}, Decimal(0), 1, "2026-01-01", "2026-01-01") for n in range(1, 41)
    )
    store([row(1, variants=variants)])
    refused(admin.post("/api/products/1/variants", json=variant_body()), 409, "40")
    # All of them fit into the one step of a deletion and of a restore.
    ok(admin.delete("/api/products/1"))
    assert len(ok(admin.post("/api/products/1/restore"))["variants"]) == 40


def test_a_variant_needs_a_product(admin: Client) -> None:
    refused(admin.post("/api/products/77/variants", json=variant_body(sku="V1")), 404)
    refused(admin.get("/api/products/77/variants"), 404)
    new_variant(admin, new_product(admin)["id"], sku="V1")


def test_each_change_is_in_the_audit_log(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], name="S", stock=5)
    path = f"/api/variants/{variant['id']}"
    ok(admin.put(path, json={"name": "M"}))
    ok(admin.patch(f"{path}/stock", json={"quantity": 2, "operation": "subtract"}))
    ok(admin.delete(path))
    entries = {entry.action: entry for entry in audit_of("ProductVariant", variant["id"])}
    assert entries.keys() == {"CREATE", "UPDATE", "UPDATE_STOCK", "DELETE"}
    assert entries["UPDATE"].changes == {"name": {"old": "S", "new": "M"}}
    assert entries["UPDATE_STOCK"].changes == {"stock": {"old": 5, "operation": "subtract", "quantity": 2}}


def test_of_two_who_take_the_last_piece_one_is_refused(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=1)
    path = f"/api/variants/{variant['id']}/stock"
    take = {"quantity": 1, "operation": "subtract"}

    def rival() -> None:
        ok(admin.patch(path, json=take))

    with just_before(COMMIT, rival):
        refused(admin.patch(path, json=take), 400, "Available: 0")
    assert _stock(admin, variant) == 0


def test_two_additions_at_once_both_count(admin: Client) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=1)
    path = f"/api/variants/{variant['id']}/stock"

    def rival() -> None:
        ok(admin.patch(path, json={"quantity": 10, "operation": "add"}))

    with just_before(COMMIT, rival):
        ok(admin.patch(path, json={"quantity": 100, "operation": "add"}))
    assert _stock(admin, variant) == 111


@pytest.mark.parametrize("operation", ["set", "add", "subtract"])
def test_nothing_is_counted_of_a_variant_that_was_deleted_meanwhile(admin: Client, operation: str) -> None:
    variant = new_variant(admin, new_product(admin)["id"], stock=9)
    path = f"/api/variants/{variant['id']}"

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.patch(f"{path}/stock", json={"quantity": 1, "operation": operation}), 404)
    listing = next(it for it in rows_under(f"PRODUCT#{variant['product_id']}") if it["SK"] == "LISTING")
    assert listing["stock"] == {}


def test_a_sku_that_is_changed_twice_at_once_leaves_no_name_taken(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="OLD")
    path = f"/api/variants/{variant['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"sku": "THEIRS", "name": "Theirs"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"sku": "MINE"}))
    (shown,) = ok(admin.get(f"/api/products/{product['id']}/variants"))["variants"]
    assert (shown["sku"], shown["name"]) == ("MINE", "Theirs")
    for sku in ("OLD", "THEIRS"):
        new_variant(admin, product["id"], sku=sku)


def test_two_changes_within_one_millisecond_both_hold(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.variants.iso", lambda _: "2026-01-01T00:00:00.000Z")
    product = new_product(admin)
    variant = new_variant(admin, product["id"])
    path = f"/api/variants/{variant['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"name": "Theirs"}))

    with just_before(COMMIT, rival):
        ok(admin.put(path, json={"price_adjustment": 3}))
    (shown,) = ok(admin.get(f"/api/products/{product['id']}/variants"))["variants"]
    assert (shown["name"], shown["price_adjustment"]) == ("Theirs", 3)


def test_a_change_does_not_bring_back_a_variant_that_was_deleted_meanwhile(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="V1")
    path = f"/api/variants/{variant['id']}"

    def rival() -> None:
        ok(admin.delete(path))

    with just_before(COMMIT, rival):
        refused(admin.put(path, json={"name": "Back"}), 404)
    assert ok(admin.get(f"/api/products/{product['id']}/variants")) == {"variants": []}


def test_a_deletion_frees_the_sku_that_was_given_meanwhile(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="OLD")
    path = f"/api/variants/{variant['id']}"

    def rival() -> None:
        ok(admin.put(path, json={"sku": "NEW"}))

    with just_before(COMMIT, rival):
        ok(admin.delete(path))
    assert {new_variant(admin, product["id"], sku=sku)["sku"] for sku in ("OLD", "NEW")} == {"OLD", "NEW"}


def test_a_weight_is_kept_by_a_form_that_does_not_know_it(admin: Client) -> None:
    product = new_product(admin)
    path = f"/api/products/{product['id']}/variants"
    made = created(admin.post(path, json=variant_body(weight=850)))
    assert made["weight"] == 850
    old_form = {name: made[name] for name in ("sku", "attributes", "price_adjustment", "stock")}
    assert ok(admin.put(f"/api/variants/{made['id']}", json=old_form | {"name": "Large"}))["weight"] == 850
    assert ok(admin.get(f"/api/products/{product['id']}"))["variants"][0]["weight"] == 850
    cleared = ok(admin.put(f"/api/variants/{made['id']}", json={"weight": None}))
    assert "weight" not in cleared
    last = audit_of("ProductVariant", made["id"])[-1].changes
    assert last
    assert last["weight"] == {"old": 850, "new": None}


@pytest.mark.parametrize("weight", [0, -1, 100_001, 1.5, "heavy"])
def test_a_weight_is_whole_grams_of_a_parcel(admin: Client, weight: object) -> None:
    path = f"/api/products/{new_product(admin)['id']}/variants"
    refused(admin.post(path, json=variant_body(weight=weight)), 400, "weight")

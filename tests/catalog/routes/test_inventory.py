"""Counting variants below /api/admin/shop: several at once, or one by an operation."""

from typing import Any

import pytest

from tests.catalog.builders import actions_of, new_product, new_variant, ok, refused
from tests.support.http import Client
from tests.support.races import just_before

PATH = "/api/admin/shop/inventory/adjust"
READ = "catalog.inventory.batch_get"
DONE = {"message": "Inventory updated"}


@pytest.fixture
def variants(admin: Client) -> list[int]:
    """The ids of two variants of one product and one of another, five pieces each."""
    first, second = new_product(admin), new_product(admin)
    return [new_variant(admin, product["id"], stock=5)["id"] for product in (first, first, second)]


def _stock(admin: Client) -> dict[int, int]:
    products = ok(admin.get("/api/admin/shop/products"))["products"]
    return {variant["id"]: variant["stock"] for product in products for variant in product["variants"]}


def _adjust(admin: Client, *changes: tuple[int, int]) -> Any:
    entries = [{"variantId": variant_id, "quantity": quantity} for variant_id, quantity in changes]
    return admin.post(PATH, json={"adjustments": entries})


def test_several_variants_are_counted_at_once(admin: Client, variants: list[int]) -> None:
    a, b, c = variants
    assert ok(_adjust(admin, (a, 3), (b, -5), (c, -1), (c, -1), (a, 0))) == DONE
    assert _stock(admin) == {a: 8, b: 0, c: 3}
    assert [actions_of("ProductVariant", each).count("UPDATE_STOCK") for each in variants] == [1, 1, 1]


def test_what_is_not_on_sale_changes_nothing(admin: Client, variants: list[int]) -> None:
    a, b, c = variants
    ok(admin.delete(f"/api/variants/{b}"))
    deleted = new_product(admin, variants=[{"sku": "D", "name": "S", "stock": 5}])
    ok(admin.delete(f"/api/products/{deleted['id']}"))
    gone = deleted["variants"][0]["id"]
    assert ok(_adjust(admin, (a, 1), (b, 1), (gone, -1), (777, 1), (-1, 1))) == DONE
    assert _stock(admin) == {a: 6, c: 5}
    other_words = [{"variant_id": a, "quantity": 1}, {"variantId": a}, {}]
    assert ok(admin.post(PATH, json={"adjustments": other_words})) == DONE
    assert ok(admin.post(PATH, json={"adjustments": []})) == DONE
    assert _stock(admin) == {a: 6, c: 5}


def test_nothing_is_counted_when_one_is_short(admin: Client, variants: list[int]) -> None:
    a, b, c = variants
    refused(_adjust(admin, (a, 3), (c, -6)), 400, "Requested: 6, Available: 5")
    refused(_adjust(admin, (a, 3), (b, -6)), 400, "Requested: 6, Available: 5")
    assert _stock(admin) == dict.fromkeys(variants, 5)


def test_of_two_who_take_the_last_pieces_one_is_refused(admin: Client, variants: list[int]) -> None:
    a, b, _ = variants
    with just_before("catalog.inventory.move", lambda: ok(_adjust(admin, (a, -4)))):
        refused(_adjust(admin, (b, 1), (a, -4)), 400, "Requested: 4, Available: 1")
    assert (_stock(admin)[a], _stock(admin)[b]) == (1, 5)


def test_two_additions_at_once_both_count(admin: Client, variants: list[int]) -> None:
    a, b, _ = variants
    with just_before("catalog.inventory.move", lambda: ok(_adjust(admin, (a, 2), (b, -1)))):
        assert ok(_adjust(admin, (a, 4))) == DONE
    assert (_stock(admin)[a], _stock(admin)[b]) == (11, 4)


@pytest.mark.parametrize(("operation", "left"), [("add", 7), ("subtract", 3), ("set", 2)])
def test_one_variant_is_counted_by_an_operation(
    admin: Client, variants: list[int], operation: str, left: int
) -> None:
    body = {"variant_id": variants[0], "quantity": 2, "operation": operation}
    assert ok(admin.post(PATH, json=body)) == DONE
    assert _stock(admin) == {variants[0]: left, variants[1]: 5, variants[2]: 5}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "adjustments is required"),
        ({"adjustments": None}, "adjustments"),
        ({"adjustments": {"variantId": 1, "quantity": 1}}, "adjustments"),
        ({"adjustments": [7]}, "adjustments"),
        ({"adjustments": [{"variantId": 1, "quantity": "many"}]}, "quantity"),
        ({"adjustments": [{"variantId": 1, "quantity": 1}] * 21}, "adjustments"),
        ({"variant_id": 777, "quantity": 1, "operation": "add"}, "Variant not found"),
        ({"variant_id": 1, "quantity": 9, "operation": "subtract"}, "Requested: 9, Available: 5"),
        ({"variant_id": 1, "quantity": -1}, "quantity"),
        ({"variant_id": 1, "operation": "add"}, "quantity is required"),
        ({"variant_id": 1, "quantity": 1, "operation": "halve"}, "operation"),
        ({"variant_id": "x", "quantity": 1}, "variant_id"),
    ],
    ids=str,
)
def test_what_cannot_be_counted_is_refused(
    admin: Client, variants: list[int], body: dict[str, Any], words: str
) -> None:
    refused(admin.post(PATH, json=body), 400, words)
    assert _stock(admin) == dict.fromkeys(variants, 5)

"""What carts and discount codes cost on DynamoDB Local: round trips and capacity units."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import Usage, meter
from tests.catalog.builders import believable_row, ok, store
from tests.orders.cart_builders import a_code, cart_app, put, shopper
from tests.support.http import Answer, Client
from tests.support.tokens import TOKEN_TRIPS, TOKEN_UNITS, admin_token

Within = tuple[int, Decimal | int, Decimal | int]


@pytest.fixture
def client(table: str) -> Client:
    """A guest before five works of the size that shops have."""
    rows = [believable_row(number) for number in range(1, 6)]
    stocked = [tuple(replace(each, stock=50) for each in row.variants) for row in rows]
    store(replace(row, variants=variants) for row, variants in zip(rows, stocked, strict=True))
    a_code()
    return shopper()


def cost(ask: Callable[[], Answer]) -> Usage:
    with meter() as usage:
        ok(ask())
    return usage


def within(usage: Usage, budget: Within) -> bool:
    trips, read, write = budget
    return usage.calls <= trips and usage.read_units <= read and usage.write_units <= write


def _filled(client: Client, products: int) -> Client:
    for product in range(1, products + 1):
        ok(put(client, product))
    return client


def test_an_empty_cart_takes_one_trip_and_writes_nothing(client: Client) -> None:
    usage = cost(lambda: client.get("/api/cart"))
    assert within(usage, (1, 1, 0)), usage


def test_a_cart_of_three_lines_takes_two_trips(client: Client) -> None:
    _filled(client, 3)
    usage = cost(lambda: client.get("/api/cart"))
    assert within(usage, (2, 4, 0)), usage


def test_a_code_on_the_cart_takes_no_further_trip(client: Client) -> None:
    _filled(client, 3)
    ok(client.post("/api/cart/discount", json={"code": "SAVE10"}))
    usage = cost(lambda: client.get("/api/cart"))
    assert within(usage, (2, Decimal("4.5"), 0)), usage


@pytest.mark.parametrize("products", [0, 1])
def test_adding_takes_three_trips(client: Client, products: int) -> None:
    _filled(client, products)
    usage = cost(lambda: put(client, products + 1))
    assert within(usage, (3, 3, 3)), usage


def test_each_further_product_in_the_cart_costs_one_unit_more(client: Client) -> None:
    _filled(client, 4)
    usage = cost(lambda: put(client, 5))
    assert within(usage, (3, 6, 3)), usage


def test_changing_and_removing_take_three_trips(client: Client) -> None:
    item = ok(put(_filled(client, 2), 1))["items"][0]["id"]
    usage = cost(lambda: client.patch(f"/api/cart/items/{item}", json={"quantity": 3}))
    assert within(usage, (3, 3, 3)), usage
    usage = cost(lambda: client.delete(f"/api/cart/items/{item}"))
    assert within(usage, (3, 3, 3)), usage


def test_a_merge_is_paid_once(client: Client) -> None:
    _filled(client, 2)
    buyer = shopper(token=admin_token())
    first = cost(lambda: buyer.get("/api/cart"))
    assert first.calls == 4 + TOKEN_TRIPS, first
    again = cost(lambda: buyer.get("/api/cart"))
    assert within(again, (2 + TOKEN_TRIPS, 4 + TOKEN_UNITS, 0)), again


def test_a_page_of_codes_takes_one_trip(client: Client) -> None:
    for number in range(2, 22):
        a_code(f"CODE{number}", id=number)
    artist = Client(cart_app(), token=admin_token())
    usage = cost(lambda: artist.get("/api/admin/discounts?per_page=20"))
    assert within(usage, (1 + TOKEN_TRIPS, Decimal("1.5") + TOKEN_UNITS, 0)), usage

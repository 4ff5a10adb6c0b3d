"""What a checkout and the lists of orders cost on DynamoDB Local: round trips and capacity units.

DynamoDB Local counts the actions of one transaction that cost the same only once, so the arithmetic of
AWS is done beside it: an action costs two units for each kilobyte of its row, and an entry of an index
one, or two where it moves, as that of a listing row does to the mark of its change.
"""

from decimal import Decimal
from typing import Any

import pytest

from catalog.variants import update_variant
from common.clock import utc_now
from common.dynamodb import INDEXES, Item, UnitOfWork, Update, Usage, from_wire, get_item, meter, put_item
from common.http import Identity, Role
from common.repositories.catalogue_changes import change_listing
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Edition
from tests.catalog.builders import believable_row, ok, store
from tests.orders.cart_builders import a_code
from tests.orders.order_builders import (
    an_order,
    body_of,
    body_of_cart,
    buyer,
    check_out,
    orders_app,
    store_orders,
)
from tests.orders.shipping_builders import set_shipping
from tests.support.http import Client
from tests.support.tokens import TOKEN_TRIPS, TOKEN_UNITS, admin_token
from tests.support.wire import sent_parameters

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOW_STOCK_THRESHOLD", "0")
    monkeypatch.setenv("TAX_RATE", "0.22")
    store(believable_row(number) for number in range(1, 42, 2))
    with UnitOfWork() as work:
        for number in range(1, 42, 2):
            change_listing(work, number, Update())
    a_code()


def _checkout(lines: int) -> tuple[Usage, list[list[Any]]]:
    """What the checkout of a cart of so many lines with a code and a key costs, and its transactions."""
    client = buyer()
    for number in range(1, 2 * lines, 2):
        item = {"product_id": number, "variant_id": number * 10 + 2, "quantity": 1}
        assert client.post("/api/cart/items", json=item).status == 200
    assert client.post("/api/cart/discount", json={"code": "SAVE10"}).status == 200
    sent = sent_parameters("TransactWriteItems")
    with meter() as usage:
        answer = check_out(client, body_of_cart(), "key-1")
    assert answer.status == 201, answer.text
    assert (len(answer.json["items"]), answer.json["order"]["discount_code"]) == (lines, "SAVE10")
    return usage, [parameters["TransactItems"] for parameters in sent]


def _size(item: Item) -> int:
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Any) -> int:
    if isinstance(value, dict):
        return 3 + sum(1 + len(name) + _value_size(part) for name, part in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _value_size(part) for part in value)
    if isinstance(value, bool):
        return 1
    return len(str(value).encode())


def _aws_units(actions: list[Any]) -> int:
    """What AWS counts for a transaction, by the rows as it has left them."""
    units = 0
    for action in actions:
        (request,) = action.values()
        key = from_wire({name: request.get("Item", request.get("Key"))[name] for name in ("PK", "SK")})
        row = get_item((key["PK"], key["SK"]), consistent=True)
        assert row is not None
        kilobytes = -(-_size(row) // 1024)
        moved = row.get("GSI3PK") == "CATALOGUE"
        units += kilobytes * (2 + sum(f"{index}PK" in row for index in INDEXES) + moved)
    return units


# The lines of the last one need a second kilobyte, which DynamoDB Local counts four times for each index.
@pytest.mark.parametrize(("lines", "local", "units"), [(1, 44, 35), (3, 44, 55), (10, 60, 128)])
def test_a_checkout_takes_three_trips(lines: int, local: int, units: int) -> None:
    usage, (actions,) = _checkout(lines)
    operations = [operation for operation, *_ in usage.operations]
    assert operations == ["batch_get_item", "batch_get_item", "transact_write_items"]
    # The order, its lines, the cart, the code, the key, the counter, the notification, the limits of the
    # address and of the cart; of each line the count of its product and the record of the change.
    assert len(actions) == 9 + 2 * lines
    assert 0 < usage.write_units <= local
    assert 0 < _aws_units(actions) <= units


def test_a_repetition_reads_only() -> None:
    _checkout(1)
    with meter() as usage:
        assert check_out(buyer(), body_of_cart(), "key-1").status == 201
    assert usage.calls == 2
    assert usage.write_units == 0


def _list_cost(query: dict[str, Any]) -> tuple[dict[str, Any], Usage]:
    admin = Client(orders_app(), token=admin_token())
    with meter() as usage:
        body = ok(admin.get("/api/admin/orders", params=query))
    return body, usage


def test_a_page_of_the_admin_list_takes_two_trips() -> None:
    store_orders(an_order(number) for number in range(1, 61))
    body, usage = _list_cost({"per_page": 25})
    assert (len(body["orders"]), body["total"]) == (25, 60)
    assert usage.calls <= 2 + TOKEN_TRIPS
    assert 0 < usage.read_units <= 6 + TOKEN_UNITS
    filtered, cost = _list_cost({"per_page": 25, "payment_status": "pending"})
    assert (filtered["orders"], filtered["total"]) == (body["orders"], 60)
    assert cost.calls == 1 + TOKEN_TRIPS
    assert cost.read_units <= Decimal(8) + TOKEN_UNITS


def test_an_order_is_read_in_one_trip() -> None:
    _checkout(3)
    with meter() as usage:
        assert ok(buyer().get("/api/orders/ORD-00000001"))["items"]
    assert usage.calls == 1
    assert usage.read_units <= 1


def test_terms_of_shipping_add_no_trip_and_no_write() -> None:
    set_shipping()
    usage, (actions,) = _checkout(1)
    operations = [operation for operation, *_ in usage.operations]
    assert operations == ["batch_get_item", "batch_get_item", "transact_write_items"]
    assert len(actions) == 11
    assert 0 < _aws_units(actions) <= 35


def test_a_quote_reads_twice_and_writes_nothing() -> None:
    set_shipping()
    item = {"product_id": 1, "variant_id": 12, "quantity": 1}
    with meter() as usage:
        assert buyer().post("/api/orders/quote", json=body_of(item)).status == 200
    assert [operation for operation, *_ in usage.operations] == ["batch_get_item"] * 2
    assert usage.write_units == 0
    assert usage.read_units <= 5


def test_a_number_costs_no_trip_and_one_small_row() -> None:
    def bought(pieces: int, key: str) -> tuple[Usage, list[Any]]:
        sent = sent_parameters("TransactWriteItems")
        with meter() as usage:
            body = body_of({"product_id": 1, "variant_id": 12, "quantity": pieces})
            assert check_out(buyer(), body, key).status == 201
        return usage, sent[-1]["TransactItems"]

    pk, sk = variant_pointer_key(12)
    put_item({"PK": pk, "SK": sk, "product_id": 1})
    plain = bought(2, "key-1")[1]
    without = _aws_units(plain)
    update_variant(12, {"edition": Edition(50), "stock": 50}, Identity("1", "admin", Role.ADMIN), utc_now())
    usage, numbered = bought(2, "key-2")
    assert usage.calls == 3
    assert len(numbered) == len(plain) + 2
    assert 0 < _aws_units(numbered) <= without + 2 * 2

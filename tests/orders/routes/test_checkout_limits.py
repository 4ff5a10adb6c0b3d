"""How many orders one caller may place, and what does not count."""

from collections import Counter

import pytest

from common.config import ConfigurationError
from orders.limits import checkouts_of_address
from tests.catalog.builders import refused, store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import (
    body_of,
    buyer,
    check_out,
    counter,
    half_past,
    order_rows,
    stock_of,
    wanted,
)
from tests.support.http import Client


@pytest.fixture(autouse=True)
def _hour(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = half_past()
    monkeypatch.setattr("common.clock.utc_now", lambda: moment)


@pytest.fixture
def client(table: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A guest before a shop that takes three orders an hour from one address."""
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "3")
    store([on_sale(1, stock=100)])
    return buyer()


def test_the_order_after_the_last_is_refused_and_takes_nothing(client: Client) -> None:
    answers = [check_out(buyer(f"session-{n:04d}"), body_of(wanted(1))) for n in range(4)]
    assert [answer.status for answer in answers] == [201, 201, 201, 429]
    assert refused(answers[-1], 429, "Too many orders, try again later")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert (len(order_rows()), counter(), stock_of(1)) == (3, (3, 3), 97)
    assert check_out(buyer("session-0009", "203.0.113.9"), body_of(wanted(1))).status == 201


def test_a_repetition_and_a_refusal_use_nothing_up(client: Client) -> None:
    for _ in range(5):
        assert check_out(client, body_of(wanted(1)), "key-1").status == 201
        assert check_out(client, body_of(wanted(1, 999))).status == 409
        assert check_out(client, body_of(wanted(9))).status == 404
    assert check_out(client, body_of(wanted(1)), "key-2").status == 201
    # Also of a repetition after the last one the answer is the order.
    assert check_out(client, body_of(wanted(1)), "key-3").status == 201
    assert check_out(client, body_of(wanted(1)), "key-4").status == 429
    assert check_out(client, body_of(wanted(1)), "key-1").status == 201


def test_a_cart_is_counted_over_all_addresses(client: Client) -> None:
    statuses = Counter(
        check_out(buyer(address=f"203.0.113.{number}"), body_of(wanted(1))).status for number in range(21)
    )
    assert statuses == {201: 20, 429: 1}


def test_a_caller_without_a_session_is_counted_by_address(client: Client) -> None:
    nobody = Client(client.app)
    assert [check_out(nobody, body_of(wanted(1))).status for _ in range(4)] == [201, 201, 201, 429]


def test_the_older_checkout_is_limited_too(client: Client) -> None:
    answers = []
    for _ in range(4):
        client.post("/api/cart/items", json={"product_id": 1, "variant_id": 10, "quantity": 1})
        answers.append(client.post("/api/shop/checkout", json={"email": "a@example.com", "name": "A"}).status)
    assert answers == [200, 200, 200, 429]


def test_the_limit_can_be_lifted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "0")
    assert checkouts_of_address() is None
    assert {check_out(buyer(f"session-{n:04d}"), body_of(wanted(1))).status for n in range(5)} == {201}


def test_the_limit_is_a_whole_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "many")
    with pytest.raises(ConfigurationError, match="whole number"):
        checkouts_of_address()

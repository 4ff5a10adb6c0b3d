"""A word of the source means in the shop what it meant before, or the row is not moved."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.listing import list_products
from catalog.product_filters import Filters
from catalog.products import update_product
from common.http import Identity, Role
from common.repositories.notifications import all_notifications
from common.repositories.orders import order_by_id
from common.repositories.products import PUBLISHED
from migration.findings import Finding, Kind
from migration.inspecting.inspection import inspect
from migration.inspecting.oddities import ATTENTION, BLOCKING
from migration.postgres.source import connect
from orders.discounts import try_discount
from orders.orders import OrderFilters, list_orders
from orders.repositories.discounts import discount_by_code
from tests.migration.moves import NOW, TOKEN_KEY, Move, columns_of
from tests.support.awkward_data import insert

ADMIN = Identity("1", "artist", Role.ADMIN)
_ORDER = {"customer_email": "a@example.com", "customer_name": "A", "total": "9"}


@pytest.fixture
def shop(postgresql_database: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Move:
    """A database without rows, and an empty table."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    return Move(postgresql_database)


def _product(shop: Move, number: int, **values: Any) -> None:
    basis = {"id": number, "slug": f"p{number}", "title": f"P{number}", "base_price": "10.00"}
    insert(shop.url, "products", basis | values)


def _code(shop: Move, number: int, kind: str, value: str = "10.00") -> None:
    insert(shop.url, "discount_codes", {"id": number, "code": f"CODE{number}", "type": kind, "value": value})


def _order(shop: Move, number: int, **values: Any) -> None:
    insert(shop.url, "orders", _ORDER | {"id": number, "order_number": f"ORD-{number:08d}"} | values)


def _findings(shop: Move, kind: Kind) -> list[Finding]:
    with connect(shop.url) as source:
        return [it for it in inspect(source).findings if it.kind is kind and "words" in it.what]


def _arrives(shop: Move) -> None:
    """The move, the verification and the way back find nothing wrong."""
    assert shop.run().passed
    assert shop.verify().differences == []
    assert columns_of(shop.way_back()) == []


@pytest.mark.parametrize("status", ["PUBLISHED", " published ", "Published"])
def test_a_published_product_is_in_the_public_list(shop: Move, status: str) -> None:
    _product(shop, 1, status=status)
    _arrives(shop)
    public = list_products(Filters((PUBLISHED,)), 1, 10)
    assert ([product.id for product in public.products], public.total) == ([1], 1)


@pytest.mark.parametrize("kind", ["percent", "%", "PERCENTAGE", "Percentage "])
def test_a_percentage_is_no_amount(shop: Move, kind: str) -> None:
    _code(shop, 1, kind)
    _arrives(shop)
    assert try_discount("code1", Decimal(50), "EUR", NOW.replace(year=2027)).amount == Decimal("5.00")


@pytest.mark.parametrize("kind", ["fixed_amount", "FIXED"])
def test_an_amount_is_no_percentage(shop: Move, kind: str) -> None:
    _code(shop, 1, kind)
    _arrives(shop)
    assert try_discount("code1", Decimal(50), "EUR", NOW.replace(year=2027)).amount == Decimal("10.00")


@pytest.mark.parametrize("word", ["PAID", "succeeded", "Paid "])
def test_a_paid_order_is_a_paid_one(shop: Move, word: str) -> None:
    _order(shop, 1, payment_status=word)
    _arrives(shop)
    assert [order.id for order in list_orders(OrderFilters(payment_status="paid"), 0, 10).orders] == [1]


def test_a_refunded_order_has_all_of_its_money_back(shop: Move) -> None:
    _order(shop, 1, payment_status="Refunded")
    _arrives(shop)
    order = order_by_id(1)
    assert order is not None
    assert (order.payment_status, order.refunded_amount) == ("refunded", Decimal(9))


@pytest.mark.parametrize(("word", "state"), [("Shipped", "shipped"), ("delivered", "delivered")])
def test_a_parcel_is_where_it_was(shop: Move, word: str, state: str) -> None:
    _order(shop, 1, fulfillment_status=word)
    _arrives(shop)
    assert [order.id for order in list_orders(OrderFilters(status=state), 0, 10).orders] == [1]


@pytest.mark.parametrize("word", ["eur", "", "€"])
def test_a_currency_is_written_as_the_shop_does(shop: Move, word: str) -> None:
    _product(shop, 1, currency=word)
    _order(shop, 1, currency=word)
    _arrives(shop)
    order = order_by_id(1)
    assert order is not None
    assert order.currency == "EUR"


def test_a_notification_is_as_severe_as_its_type(shop: Move) -> None:
    for number, kind in enumerate(("LOW_STOCK", "made up"), 1):
        insert(shop.url, "notifications", {"id": number, "type": kind, "title": "T"})
    _arrives(shop)
    found = {(it.id, it.type, it.severity) for it in all_notifications(0)}
    assert found == {("1", "low_stock", "warning"), ("2", "made up", "info")}


def test_what_is_written_in_another_way_is_named_before_the_move(shop: Move) -> None:
    _product(shop, 7, status="PUBLISHED")
    _code(shop, 3, "percent")
    found = _findings(shop, ATTENTION)
    assert {(it.entity, *it.examples) for it in found} == {
        ("products", "7: 'PUBLISHED' becomes published"),
        ("discount_codes", "3: 'percent' becomes percentage"),
    }
    assert _findings(shop, BLOCKING) == []


def _foreign_words(shop: Move) -> None:
    _product(shop, 7, status="hidden", deleted_at="2026-01-01")
    _product(shop, 8, currency="euros"[:2])
    _code(shop, 3, "gift")
    _order(shop, 4, payment_status="on_hold")
    _order(shop, 5, fulfillment_status="lost")
    insert(shop.url, "personaggi", {"id": 2, "name": "A", "background_type": "stripes"})


def test_words_that_the_shop_does_not_have_are_named_before_the_move(shop: Move) -> None:
    _foreign_words(shop)
    found = {(it.entity, it.what.partition(":")[0], *it.examples) for it in _findings(shop, BLOCKING)}
    assert found == {
        ("products", "status", "7: 'hidden'"),
        ("products", "currency", "8: 'eu'"),
        ("discount_codes", "type", "3: 'gift'"),
        ("orders", "payment_status", "4: 'on_hold'"),
        ("orders", "fulfillment_status", "5: 'lost'"),
        ("personaggi", "background_type", "2: 'stripes'"),
    }


def test_words_that_the_shop_does_not_have_stop_the_move_before_the_first_write(shop: Move) -> None:
    _foreign_words(shop)
    _product(shop, 9)
    result = shop.run()
    assert result.was_stopped
    assert {(it.entity, it.id) for it in result.bad} == {
        ("products", 7),
        ("products", 8),
        ("discount_codes", 3),
        ("orders", 4),
        ("orders", 5),
        ("personaggi", 2),
    }
    assert "status 'hidden' is no word that the shop has (published, draft, archived)" in str(result.bad)


def test_without_them_the_others_are_moved(shop: Move) -> None:
    _foreign_words(shop)
    _product(shop, 9, status="published")
    assert not shop.run(skip_bad=True).was_stopped
    assert [product.id for product in list_products(Filters((PUBLISHED,)), 1, 10).products] == [9]
    missed = {(it.entity, it.id) for it in shop.verify().differences if it.entity != "lists"}
    assert missed == {
        ("products", 7),
        ("products", 8),
        ("discount_codes", 3),
        ("orders", 4),
        ("orders", 5),
        ("personaggi", 2),
    }


def test_an_order_that_was_refunded_in_part_is_named(shop: Move) -> None:
    _order(shop, 4, payment_status="Partially_Refunded")
    _arrives(shop)
    with connect(shop.url) as source:
        (found,) = [it for it in inspect(source).findings if "in part" in it.what]
    assert (found.kind, found.examples) == (ATTENTION, ["4"])


def test_going_back_gives_the_words_of_the_source(shop: Move) -> None:
    _product(shop, 1, status="PUBLISHED", currency="eur")
    _product(shop, 2, status="PUBLISHED")
    _code(shop, 1, "percent")
    _order(shop, 1, payment_status="succeeded", fulfillment_status="delivered")
    assert shop.run().passed
    update_product(1, {"title": "New"}, ADMIN, NOW)
    update_product(2, {"status": "archived"}, ADMIN, NOW)
    shop.go_back()
    assert shop.sql("SELECT title, status, currency FROM products ORDER BY id") == [
        ("New", "PUBLISHED", "eur"),
        ("P2", "archived", "EUR"),
    ]
    assert shop.sql("SELECT type FROM discount_codes") == [("percent",)]
    assert shop.sql("SELECT payment_status, fulfillment_status FROM orders") == [("succeeded", "delivered")]
    assert {table for _, table, _ in columns_of(shop.way_back())} <= {"audit_logs"}


def test_a_code_that_takes_something_else_off_is_named(shop: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    _code(shop, 1, "percentage")
    assert shop.run().passed
    found = discount_by_code("CODE1")
    assert found is not None
    monkeypatch.setattr("migration.verifying.access.discount_amount", lambda *_: Decimal("10.00"))
    (difference,) = shop.verify().differences
    assert "takes off, which is 10.00 of 1000.00" in difference.what

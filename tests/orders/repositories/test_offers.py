"""What carts are priced with: products on sale with their stock, and a discount code."""

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork, meter
from orders.repositories.discounts import DISCOUNTS
from orders.repositories.offers import read_offers
from tests.catalog.builders import store
from tests.orders.cart_builders import MOMENT, a_code, on_sale, variant

pytestmark = pytest.mark.usefixtures("table")


def test_products_and_code_come_in_one_trip() -> None:
    store([on_sale(number, stock=number) for number in range(1, 4)])
    code = a_code()
    with meter() as usage:
        offers = read_offers([3, 1, 3], utc_now(), code.id)
    assert usage.calls == 1
    assert {number: product.variants[0].stock for number, product in offers.products.items()} == {3: 3, 1: 1}
    assert offers.code == code


def test_what_is_not_on_sale_is_missing() -> None:
    store([on_sale(1, status="draft"), on_sale(2, deleted_at=MOMENT), on_sale(3)])
    code = a_code()
    with UnitOfWork() as work:
        DISCOUNTS.delete(work, code, MOMENT)
    offers = read_offers([1, 2, 3, 4], utc_now(), code.id)
    assert list(offers.products) == [3]
    assert offers.code is None


def test_a_variant_belongs_to_its_product_and_is_sold() -> None:
    gone = variant(1, 1, deleted_at=MOMENT)
    store([on_sale(1, variants=(variant(1), gone)), on_sale(2)])
    offers = read_offers([1, 2], utc_now())
    assert offers.variant(1, 10) == offers.products[1].variants[0]
    assert [offers.variant(*pair) for pair in ((1, 11), (1, 20), (2, 10), (3, 30))] == [None] * 4


def test_nothing_is_asked_for_nothing() -> None:
    with meter() as usage:
        assert read_offers([], utc_now()).products == {}
    assert usage.calls == 0

"""Finding orders by what people know of them, those with numbers of another shop included."""

import pytest

from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.repositories.orders import Order, OrderDetails, add_order
from orders.orders import find_order, id_of
from tests.orders.order_builders import MOMENT, an_order

pytestmark = pytest.mark.usefixtures("table")


def stored(number: int, order_number: str, **fields: str) -> Order:
    order = an_order(number, order_number=order_number, **fields)
    with UnitOfWork() as work:
        add_order(work, order, OrderDetails(()), ValueError("taken"))
    return order


def found(reference: str) -> int:
    order, _ = find_order(reference)
    assert id_of(reference) == order.id
    return order.id


def test_an_order_is_found_by_its_id_and_by_its_number() -> None:
    stored(7, "ORD-00000007")
    stored(8, "OLD/é #8")
    assert (found("7"), found("ORD-00000007"), found("OLD/é #8")) == (7, 7, 8)


def test_a_number_that_reads_like_that_of_another_id_leads_to_its_own_order() -> None:
    stored(3, "ORD-00000099")
    assert found("ORD-00000099") == 3
    stored(99, "ORD-1")
    assert (found("ORD-00000099"), found("99"), found("ORD-1")) == (3, 99, 99)


@pytest.mark.parametrize("reference", ["ORD-00000042", "ORD-00000005", "unknown", ""])
def test_what_is_not_there_or_deleted_is_not_found(reference: str) -> None:
    stored(5, "ORD-00000005", deleted_at=MOMENT)
    stored(6, "unknown", deleted_at=MOMENT)
    with pytest.raises(NotFound):
        find_order(reference)
    with pytest.raises(NotFound):
        id_of(reference)

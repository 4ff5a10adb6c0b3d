"""The counter of orders: the ids that were given out, how many orders there are, and what they add up to.

`COUNTER/ORDER_ID` holds the last id in `value`, how many orders there are in `orders`, and what they add up
to, by months of UTC (common.repositories.sales_tally).
"""

from common import prefixes
from common.dynamodb import Item, Key, UnitOfWork, Update, attr, get_item, next_id
from common.repositories.orders import Order
from common.repositories.sales_tally import SalesTally, one_more, tally_of

ID_COUNTER = "ORDER_ID"
COUNTER_KEY: Key = (prefixes.COUNTER, ID_COUNTER)


def number_of_orders() -> int:
    """How many orders there are, by one read of their counter."""
    return sales_tally().orders


def sales_tally() -> SalesTally:
    """How many orders were placed and what they add up to, by one read of their counter."""
    return tally_of(get_item(COUNTER_KEY) or {})


def last_id_in(counter: Item | None) -> int:
    """The last id that was given out, as the counter's row says."""
    return int((counter or {}).get("value", 0))


def count_next_order(work: UnitOfWork, order: Order, taken: Exception) -> None:
    """Counts an order that takes the id after the last one; `taken` is raised when that was given out."""
    last = attr("value").missing() if order.id == 1 else attr("value").eq(order.id - 1)
    work.update(
        COUNTER_KEY,
        _counted(order).set("value", order.id),
        # Stops two orders that saw the same last id from both taking the one after it.
        condition=last,
        failed=taken,
        tag="counter",
    )


def count_order(work: UnitOfWork, order: Order) -> None:
    """Counts an order whose id was reserved before."""
    work.update(COUNTER_KEY, _counted(order), tag="counter")


def _counted(order: Order) -> Update:
    return one_more(order.total, order.currency, order.created_at[:7])


def reserve_id() -> int:
    """Takes the next id out of the counter, for an order that could not take the one it saw free."""
    return next_id(ID_COUNTER)

"""What every new order has in common, wherever it was placed: its number in line, and who is told of it."""

from datetime import datetime

from common.dynamodb import UnitOfWork
from common.money import money_text
from common.notifications import notify
from common.optimistic import StaleVersion
from common.repositories.orders import Order

# Orders share the order counter, so many at once have to wait for each other.
RETRIES = 15
# Of many who want numbers of one edition at once, each has to see which one the last got.
ATTEMPTS = 40


class IdTaken(StaleVersion):
    """Another order took the id that was seen free."""

    def __init__(self) -> None:
        super().__init__("Order")


def notify_new_order(work: UnitOfWork, order: Order, now: datetime) -> None:
    """Adds the notification of a new order."""
    notify(
        work,
        type="order_created",
        title=f"New order {order.order_number}",
        message=f"{order.order_number}: {money_text(order.total, order.currency)}",
        metadata={"order_id": order.id, "order_number": order.order_number, "total": order.total},
        now=now,
    )

"""Orders once they are placed: found, listed, and moved along until they are delivered."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.collation import folded
from common.dynamodb import SortCondition, UnitOfWork, sort_key
from common.emails import written_forms
from common.errors import InvalidInput, NotFound
from common.notifications import notify
from common.numeric_ids import numeric_id
from common.optimistic import retry_when_stale
from common.repositories.order_counter import number_of_orders
from common.repositories.orders import (
    Order,
    OrderDetails,
    Parcel,
    all_orders,
    change_order,
    id_of_foreign_number,
    newest_orders,
    order_by_id,
    order_with_details,
    own_number,
)
from orders import states
from orders.idempotency import Token
from orders.parcels import parcel_said, with_parcel


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """Which orders a list shows; a field that is empty does not matter.

    `customer_email` is part of an address in any of its forms; `since` and `until` are times in ISO
    8601 UTC, both included.
    """

    payment_status: str = ""
    fulfillment_status: str = ""
    status: str = ""
    customer_email: str = ""
    since: str = ""
    until: str = ""

    @property
    def selects_all(self) -> bool:
        """Whether every order is wanted."""
        return self == OrderFilters()

    def wants(self, order: Order) -> bool:
        """Whether the order has the states and the address that are asked for."""
        return (
            self.payment_status in ("", order.payment_status)
            and self.fulfillment_status in ("", order.fulfillment_status)
            and self.status in ("", self._state(order))
            and self._wants_address(order.customer_email)
        )

    def _wants_address(self, address: str) -> bool:
        part = folded(self.customer_email)
        return not part or any(part in folded(form) for form in written_forms(address))

    def _state(self, order: Order) -> str:
        # Words that only payments have are asked for under the same name.
        of_payments = self.status in states.PAYMENT_STATUSES and self.status not in states.WORDS
        return order.payment_status if of_payments else states.word(order)

    @property
    def selects_none(self) -> bool:
        """Whether the stretch of time ends before it begins, which the database refuses to read."""
        return self.since > self._end

    def created(self) -> SortCondition | None:
        """The stretch of time that is wanted, as a condition on the index that is ordered by it."""
        if not self.since and not self.until:
            return None
        return sort_key().between(self.since or "0", self._end)

    @property
    def _end(self) -> str:
        # `~` sorts behind everything that follows a date or a time in a sort key.
        return f"{self.until}~"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders, newest first, and how many there are in all."""

    orders: list[Order]
    total: int


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What an administrator asks of an order.

    `carrier`, `tracking_number`, `tracking_url` are of a parcel on its way; all but these and `status` is for
    refunds and cancellations.
    """

    status: str
    restock: bool | None = None
    amount: Decimal | None = None
    reason: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    token: Token | None = None


def id_of(reference: str) -> int:
    """The id behind an id or an order number; NotFound when nothing can have it."""
    if (order_id := numeric_id(reference)) is not None:
        return order_id
    own = own_number(reference)
    order = order_by_id(own) if own is not None else None
    if order is not None and order.order_number == reference:
        return order.id
    # An order that was imported may have a number that reads like that of another id.
    foreign = id_of_foreign_number(reference)
    if foreign is None:
        raise NotFound("Order not found")
    return foreign


def order_of(reference: str) -> Order:
    """The order with this id or number, without its lines; NotFound."""
    own = own_number(reference)
    order = order_by_id(own) if own is not None else None
    if order is None or order.order_number != reference:
        order = order_by_id(id_of(reference))
    if order is None:
        raise NotFound("Order not found")
    return order


def find_order(reference: str) -> tuple[Order, OrderDetails]:
    """The order with this id or number; NotFound."""
    own = own_number(reference)
    found = order_with_details(own) if own is not None else None
    if found is None or found[0].order_number != reference:
        found = order_with_details(id_of(reference))
    if found is None:
        raise NotFound("Order not found")
    return found


def list_orders(filters: OrderFilters, start: int, end: int) -> OrderPage:
    """The orders that the filters want from place `start` (0 is the newest) to before `end`, and their total.

    Unfiltered, they cost what the orders up to their end cost; filtered, all orders of the stretch of time
    are read.
    """
    if filters.selects_none:
        return OrderPage([], 0)
    if filters.selects_all:
        total = number_of_orders()
        return OrderPage(newest_orders(end)[start:] if start < total else [], total)
    found = [order for order in all_orders(filters.created()) if filters.wants(order)]
    return OrderPage(found[start:end], len(found))


def change_status(order_id: int, change: StatusChange, actor: Actor, now: datetime) -> Order:
    """Moves an order to a status: a fulfilment status, or one of the words that clients know.

    A parcel that is told of, with the step or after it, is kept and mailed to the buyer, a correction too.
    Raises InvalidInput for another word, NotFound, ImpossibleStep, and what refunds and cancellations
    raise.
    """
    from orders.refunds import cancel_order, refund_order

    if change.status == states.CANCELLED:
        return cancel_order(order_id, change.restock, change.reason, actor, now, token=change.token).order
    if change.status == states.REFUNDED:
        return refund_order(
            order_id, change.amount, change.restock, change.reason, actor, now, token=change.token
        ).order
    if not states.is_fulfillment_word(change.status):
        accepted = ", ".join(dict.fromkeys((*states.WORDS, *states.FULFILLMENT_STATUSES)))
        raise InvalidInput.of_field("status", f"must be one of {accepted}")
    parcel = parcel_said(change.carrier, change.tracking_number, change.tracking_url)
    return retry_when_stale(lambda: _fulfil(order_id, change.status, parcel, actor, now))


def _fulfil(order_id: int, status: str, parcel: Parcel | None, actor: Actor, now: datetime) -> Order:
    from common.outbox import queue_order_mail

    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    after = with_parcel(states.step(order, status, iso(now)), parcel, iso(now))
    if after == order:
        return order
    is_sent = after.fulfillment_status == states.FULFILLED != order.fulfillment_status
    with UnitOfWork() as work:
        stored = change_order(work, order, after)
        _audit(work, order, stored, actor, now)
        if is_sent:
            _tell_shipped(work, stored, now)
        # Who was told before where a parcel can be followed is told where it is instead.
        if is_sent or (after.parcel != order.parcel and after.fulfillment_status == states.FULFILLED):
            queue_order_mail(work, stored, "order_shipped", now)
    return stored


def _audit(work: UnitOfWork, before: Order, after: Order, actor: Actor, now: datetime) -> None:
    known = [
        {
            "status": states.word(order),
            "fulfillment_status": order.fulfillment_status,
            "delivered_at": order.delivered_at,
            "parcel": asdict(order.parcel) if order.parcel else None,
        }
        for order in (before, after)
    ]
    record(
        work,
        actor=actor,
        action="UPDATE_ORDER_STATUS",
        entity_type="Order",
        entity_id=before.id,
        now=now,
        changes=changes_between(*known),
    )


def _tell_shipped(work: UnitOfWork, order: Order, now: datetime) -> None:
    notify(
        work,
        type="order_shipped",
        title=f"Order shipped: {order.order_number}",
        message=f"Order {order.order_number} was shipped",
        metadata={"order_id": order.id, "order_number": order.order_number},
        now=now,
    )

"""The papers that an order should have and has not: issued when asked for, or when a report comes late.

Each is issued in a transaction of its own; whatever stops in between is taken up by the next call.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from common.audit import Actor, record
from common.dynamodb import UnitOfWork, batch_get
from common.errors import Conflict, NotFound
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order, details_from_item, details_key, order_by_id
from common.repositories.selling_terms import TERMS_KEY, terms_in
from orders.papers.issuing import ASKED, PAID, Desk, add_invoice, credit, desk_in
from orders.papers.parties import buyer_of
from orders.repositories.paper_numbers import numbers_key
from orders.repositories.papers import Party
from orders.repositories.refunds import REFUNDS, SUCCEEDED, refunds_of

_ATTEMPTS = 40


def complete_papers(order_id: int, now: datetime) -> None:
    """Issues what the shop issues by itself for an order that counts as paid: invoice, then credit notes."""
    retry_when_stale(lambda: _invoice(_order(order_id), now, PAID), _ATTEMPTS)
    _credit_refunds(order_id, now)


def issue_asked(order_id: int, buyer: Party | None, actor: Actor, now: datetime) -> Order:
    """Issues the invoice of an order, to `buyer` or else as its address says, and what follows; audited.

    One that has an invoice is answered as it is, since nothing that was issued changes. Raises NotFound, and
    Conflict where the seller or the papers are not set among the terms, or the order was cancelled unpaid.
    """
    retry_when_stale(lambda: _invoice(_order(order_id), now, ASKED, buyer, actor), _ATTEMPTS)
    _credit_refunds(order_id, now)
    return _order(order_id)


def _invoice(
    order: Order, now: datetime, moment: str, buyer: Party | None = None, actor: Actor | None = None
) -> None:
    if order.invoice is not None:
        return
    rows = batch_get([TERMS_KEY, numbers_key(now), details_key(order.id)], consistent=True)
    desk, row = desk_in(terms_in(rows.get(TERMS_KEY)), rows, now), rows.get(details_key(order.id))
    if moment == ASKED:
        _refuse(order, desk)
    if row is None or not desk.issues(order, moment):
        return
    details = details_from_item(row)
    with UnitOfWork() as work:
        after = add_invoice(work, desk, order, details, buyer or buyer_of(order, details))
        change_order(work, order, after)
        if actor is not None:
            _audit(work, after, actor, now)


def _refuse(order: Order, desk: Desk) -> None:
    if desk.terms.seller is None or desk.terms.papers is None:
        raise Conflict("The terms of the shop do not say who sells, or that it issues papers")
    if order.cancelled_at is not None and order.paid_at is None:
        raise Conflict(f"Order {order.order_number} was cancelled without a payment")


def _credit_refunds(order_id: int, now: datetime) -> None:
    for refund in refunds_of(order_id):
        if refund.status == SUCCEEDED and refund.credit_note is None:
            retry_when_stale(partial(_credit, order_id, refund.number, now), _ATTEMPTS)


def _credit(order_id: int, number: int, now: datetime) -> None:
    order, refund = _order(order_id), refunds_of(order_id)[number - 1]
    if refund.status != SUCCEEDED or refund.credit_note is not None:
        return
    with UnitOfWork() as work:
        after, note = credit(work, order, refund.amount, now, pieces=refund.pieces, taxes=refund.taxes)
        if note is None:
            return
        change_order(work, order, after)
        REFUNDS.change(work, refund, replace(refund, credit_note=note))


def _audit(work: UnitOfWork, order: Order, actor: Actor, now: datetime) -> None:
    record(
        work,
        actor=actor,
        action="ISSUE",
        entity_type="Order",
        entity_id=order.id,
        now=now,
        metadata={"invoice": order.invoice},
    )


def _order(order_id: int) -> Order:
    order = order_by_id(order_id)
    if order is None:
        raise NotFound("Order not found")
    return order

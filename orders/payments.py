"""Payments: how an order is paid, and what follows when it was or was not.

The provider is asked before anything is written, under a key that makes a repetition the same charge; so
whoever tries again after a crash, or at the same moment, finds the order charged once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from common.clock import iso, utc_now
from common.config import ConfigurationError
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, ShopError
from common.logging import describe_exception, logger
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order
from orders import states
from orders.payment_records import IS_PAID, record_failed, record_paid
from orders.providers import (
    Charge,
    ChargeStatus,
    Intent,
    accepted_methods,
    default_method,
    idempotency_key,
    provider_named,
)
from orders.refunds import existing, finish_pending

# Whoever tries cards out needs more; a customer who is refused so often has to ask the shop.
MAX_ATTEMPTS = 20

# What storefronts call payment by the shop's own provider.
_OWN = frozenset({"", "card", "credit_card", "default"})


def accepted(method: str | None) -> str:
    """The provider that an order with this `payment_method` is paid by; InvalidInput for unknown ones.

    None, an empty text and `card` mean the shop's own.
    """
    wanted = (method or "").strip().lower()
    name = default_method() if wanted in _OWN else wanted
    usable = accepted_methods()
    if name not in usable:
        raise InvalidInput.of_field("payment_method", f"must be one of {', '.join(usable)}")
    return name


def begin(order: Order) -> Intent | None:
    """What the customer needs to pay a new order; None where nothing is needed or nothing can be had.

    It raises nothing: the order is placed, and paying prepares what is missing by itself.
    """
    if order.total == 0 or not _is_open(order):
        return None
    try:
        intent = provider_named(order.payment_method).begin(order)
        if intent and intent.reference and intent.reference != order.payment_intent_id:
            _remember(order.id, intent.reference)
    except (ShopError, ConfigurationError, BotoCoreError, ClientError) as error:
        logger().warning(
            "payment not begun", extra={"order": order.order_number, **describe_exception(error)}
        )
        return None
    return intent


def pay(order_id: int, details: Mapping[str, Any], now: datetime) -> tuple[Order, Charge]:
    """Takes an order's total and answers the order as it is then, with the charge.

    The charge may be PENDING: the customer has to confirm it, and a webhook tells the rest. Raises
    NotFound, Conflict when the order is paid or cancelled, InvalidInput with the provider's text when it
    was declined, ProviderUnavailable. Money taken for an order that was cancelled meanwhile goes back.
    """
    order = existing(order_id)
    if order.cancelled_at is not None:
        # An earlier payment that came too late may have got no further than its reservation.
        finish_pending(order_id, now)
    _refuse_unpayable(order)
    charge = _charge(order, details)
    if charge.status is ChargeStatus.FAILED:
        _refuse_unpayable(record_failed(order_id, now), counting=False)
        raise InvalidInput(charge.failure)
    if charge.status is ChargeStatus.PENDING:
        return retry_when_stale(lambda: _wait(order_id, charge.reference, now)), charge
    paid = record_paid(order_id, charge.reference, now)
    if paid.cancelled_at is not None:
        raise Conflict("The order was cancelled meanwhile; the payment is given back")
    return paid, charge


def _charge(order: Order, details: Mapping[str, Any]) -> Charge:
    if order.total == 0:
        return Charge(ChargeStatus.SUCCEEDED, f"free_{order.order_number}")
    key = idempotency_key(order, f"charge:{order.payment_attempts}")
    return provider_named(order.payment_method).charge(order, details, key)


def _refuse_unpayable(order: Order, *, counting: bool = True) -> None:
    if order.cancelled_at is not None:
        raise Conflict("Order is cancelled")
    if order.payment_status in IS_PAID:
        raise Conflict("Order is already paid")
    if counting and order.payment_attempts >= MAX_ATTEMPTS:
        raise Conflict("Too many payments of this order have failed; ask the shop")


def _is_open(order: Order) -> bool:
    return order.cancelled_at is None and order.payment_status not in IS_PAID


def _remember(order_id: int, reference: str) -> None:
    def step() -> None:
        order = existing(order_id)
        if _is_open(order):
            with UnitOfWork() as work:
                after = replace(order, payment_intent_id=reference, updated_at=iso(utc_now()))
                change_order(work, order, after)

    retry_when_stale(step)


def _wait(order_id: int, reference: str, now: datetime) -> Order:
    """The order once it says that its payment is under way."""
    order = existing(order_id)
    under_way = replace(order, payment_intent_id=reference, payment_status=states.PENDING)
    if not _is_open(order) or under_way == order:
        return order
    with UnitOfWork() as work:
        return change_order(work, order, replace(under_way, updated_at=iso(now)))

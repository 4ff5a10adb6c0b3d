"""Payments: how an order is paid, and what follows when it was or was not.

The provider is asked before anything is written, under a key that makes a repetition the same charge; so
whoever tries again after a crash, or at the same moment, finds the order charged once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from common.clock import iso, utc_now
from common.config import ConfigurationError
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, ShopError
from common.logging import describe_exception, logger
from common.optimistic import retry_when_stale
from common.repositories.orders import Order, change_order
from orders import states
from orders.limits import Caller, payment_by
from orders.payment_methods import free_reference
from orders.payment_records import IS_PAID, record_failed, record_paid
from orders.providers import (
    Charge,
    ChargeStatus,
    Intent,
    idempotency_key,
    provider_named,
)
from orders.refunds import existing, finish_pending

# Whoever tries cards out needs more; a customer who is refused so often has to ask the shop.
MAX_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Payer:
    """Whoever pays, and whether the order is theirs: then its own attempts count, else the stranger's."""

    caller: Caller
    is_holder: bool


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


def pay(
    order_id: int, details: Mapping[str, Any], now: datetime, payer: Payer | None = None
) -> tuple[Order, Charge]:
    """Takes an order's total and answers the order as it is then, with the charge.

    The charge may be PENDING: the customer has to confirm it, and a webhook tells the rest. Raises
    NotFound, Conflict when the order is paid or cancelled, InvalidInput with the provider's text when it
    was declined, TooManyRequests, ProviderUnavailable. Without a `payer` nobody's attempts are counted but
    the order's. Money taken for an order that was cancelled meanwhile goes back.
    """
    order = existing(order_id)
    if _is_free_and_paid(order):
        return order, Charge(ChargeStatus.SUCCEEDED, free_reference(order.order_number))
    if order.cancelled_at is not None:
        # An earlier payment that came too late may have got no further than its reservation.
        finish_pending(order_id, now)
    is_holder = payer is None or payer.is_holder
    _refuse_unpayable(order, counting=is_holder)
    charge = _charge(order, details) if payer is None else _charge_for(payer, order, details, now)
    if charge.status is ChargeStatus.FAILED:
        # A stranger's card is none of the order's attempts, which its buyer needs.
        after = record_failed(order_id, now, reported=not is_holder)
        _refuse_unpayable(after, counting=False)
        raise InvalidInput(charge.failure)
    if charge.status is ChargeStatus.PENDING:
        return retry_when_stale(lambda: _wait(order_id, charge.reference, now)), charge
    paid = record_paid(order_id, charge.reference, now)
    if paid.cancelled_at is not None:
        raise Conflict("The order was cancelled meanwhile; the payment is given back")
    return paid, charge


def _charge_for(payer: Payer, order: Order, details: Mapping[str, Any], now: datetime) -> Charge:
    with payment_by(payer.caller, now, is_holder=payer.is_holder) as trial:
        # The order does not count a stranger's attempts, so nothing of it tells two of them apart. What keeps
        # them from charging twice is that an order has one payment at its provider.
        step = f"charge:{order.payment_attempts}" if payer.is_holder else f"charge:{uuid4()}"
        charge = _charge(order, details, step)
        trial.failed = charge.status is ChargeStatus.FAILED
    return charge


def _charge(order: Order, details: Mapping[str, Any], step: str = "") -> Charge:
    if order.total == 0:
        return Charge(ChargeStatus.SUCCEEDED, free_reference(order.order_number))
    key = idempotency_key(order, step or f"charge:{order.payment_attempts}")
    return provider_named(order.payment_method).charge(order, details, key)


def _refuse_unpayable(order: Order, *, counting: bool = True) -> None:
    if order.cancelled_at is not None:
        raise Conflict("Order is cancelled")
    if order.payment_status in IS_PAID:
        raise Conflict("Order is already paid")
    if counting and order.payment_attempts >= MAX_ATTEMPTS:
        raise Conflict("Too many payments of this order have failed; ask the shop")


def _is_free_and_paid(order: Order) -> bool:
    """Whether paying it, as clients do after every checkout, has nothing left to do."""
    return order.total == 0 and order.payment_status == states.PAID and order.cancelled_at is None


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

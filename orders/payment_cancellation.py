"""The end of a payment that was begun: before an order is cancelled, nobody can pay it any more."""

from datetime import datetime

from common.config import ConfigurationError
from common.errors import Conflict
from common.logging import describe_exception, logger
from common.repositories.orders import Order
from orders.payment_records import IS_PAID, record_paid
from orders.providers import Charge, ProviderNotSetUp, provider_named


class PaymentUnderWay(Conflict):
    """The money of an unpaid order is being taken at the moment; how that ends, a later call finds out."""


def cancel_payment(order: Order, now: datetime) -> Order:
    """Has the provider take no payment of an unpaid order any more; answers the order as it is then.

    It is paid by then where the provider was faster. A provider that is not set up any more is not asked: the
    pieces are not to wait for settings that may never come back. Raises PaymentUnderWay, and
    ProviderUnavailable while nobody can say.
    """
    if order.payment_status in IS_PAID or order.cancelled_at is not None or order.channel is not None:
        return order
    charge = _standing_charge(order)
    if charge is None:
        return order
    if charge.succeeded:
        return record_paid(order.id, charge.reference, now)
    raise PaymentUnderWay(f"A payment of order {order.order_number} is under way; try again in some minutes")


def _standing_charge(order: Order) -> Charge | None:
    try:
        return provider_named(order.payment_method).cancel_payment(order)
    except (ProviderNotSetUp, ConfigurationError) as error:
        fields = {"order": order.order_number, **describe_exception(error)}
        logger().error("payment not cancelled", extra=fields)
        return None

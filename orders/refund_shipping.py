"""What the shipping of an order came to in its total, which a refund may give back by itself, once."""

from collections.abc import Sequence
from decimal import Decimal

from common.repositories.orders import NO_MONEY, Order, OrderLine
from orders import states
from orders.providers.minor_units import from_minor, to_minor


def shipping_charge(order: Order, lines: Sequence[OrderLine]) -> Decimal:
    """The shipping in an order's total: less its part of the discount, with its tax where that was added.

    Tax by rate was worked out after the discount, the one rate of `TAX_RATE` before it. In what a provider
    can give back.
    """
    if not order.shipping:
        return NO_MONEY
    untaxed = order.subtotal + order.shipping - order.discount
    net = order.shipping - order.shipping_discount
    is_by_rate = any(line.tax_rate is not None for line in lines)
    part, whole = (net, untaxed) if is_by_rate else (order.shipping, untaxed + order.discount)
    tax = max(NO_MONEY, order.total - untaxed) * part / whole if whole else NO_MONEY
    return from_minor(min(to_minor(net + tax, order.currency), _total(order)), order.currency)


def is_shipping_open(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Whether the shipping came to anything that no refund was made or begun for."""
    is_back = order.refunded_shipping or order.payment_status == states.REFUNDED
    return not is_back and shipping_charge(order, lines) > 0


def _total(order: Order) -> int:
    return to_minor(order.total, order.currency)

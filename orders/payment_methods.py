"""How orders may be paid: which method a name means, and whether it can take a sale."""

from common.errors import InvalidInput
from orders.providers import Sale, accepted_methods, default_method, provider_named

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


def free_reference(order_number: str) -> str:
    """The reference of the payment of an order that costs nothing, which no provider is asked for."""
    return f"free_{order_number}"


def refuse_unpayable(method: str, sale: Sale) -> None:
    """InvalidInput, naming what else is accepted, when the method cannot take the payment of a sale."""
    if sale.total == 0:
        return
    reason = provider_named(method).refusal(sale)
    if reason is None:
        return
    others = ", ".join(name for name in accepted_methods() if _can_take(name, sale))
    raise InvalidInput.of_field("payment_method", f"{reason}; must be one of {others}" if others else reason)


def _can_take(method: str, sale: Sale) -> bool:
    return provider_named(method).refusal(sale) is None

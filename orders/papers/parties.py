"""To whom a paper is addressed, as the order's billing address says it."""

from collections.abc import Mapping
from typing import Any

from common.countries import country_code
from common.repositories.orders import Order, OrderDetails
from orders.repositories.papers import Party


def buyer_of(order: Order, details: OrderDetails) -> Party:
    """The buyer of an order; of an address that was imported, what is known by the usual names."""
    return party(order.customer_name, details.billing_address or details.shipping_address, details.vat_number)


def recipient_of(order: Order, details: OrderDetails) -> Party:
    """Whom the parcel of an order goes to."""
    return party(order.customer_name, details.shipping_address, None)


def party(name: str, address: Any, vat_number: str | None) -> Party:
    """Somebody at an address with street, city, state, zip_code and country, any of which may be missing."""
    parts = address if isinstance(address, Mapping) else {}
    country = _text(parts, "country")
    return Party(
        name=name,
        street=_text(parts, "street"),
        zip_code=_text(parts, "zip_code"),
        city=_text(parts, "city"),
        state=_text(parts, "state"),
        country=country_code(country),
        country_name=country,
        vat_number=vat_number,
    )


def _text(address: Mapping[str, Any], name: str) -> str | None:
    value = address.get(name)
    return value.strip() or None if isinstance(value, str) else None

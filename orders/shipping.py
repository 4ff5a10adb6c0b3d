"""What the delivery of an order costs: the zone of its country, the methods there, and the one that is taken.

The value that rates go by, and from which they are free, is that of the lines before any discount: a code
makes no parcel dearer. A shop that has set no terms of shipping asks for no address and sends for nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from common.collation import folded
from common.countries import country_code, eu_members
from common.errors import InvalidInput
from common.money import to_money
from common.repositories.orders import Delivery
from common.repositories.selling_terms import (
    BY_VALUE,
    BY_WEIGHT,
    EU,
    EVERYWHERE,
    Shipping,
    ShippingMethod,
    ShippingZone,
)
from orders.pricing import Line, currency_of
from orders.repositories.offers import Offers

PICKUP = "pickup"

_ADDRESS, _COUNTRY, _METHOD = "shipping_address", "shipping_address.country", "shipping_method"


class Destination(NamedTuple):
    """Where an order is to go and how: the address as typed, and the method's name; None is the cheapest.

    Of an address that is not whole yet, as a quote's, only the country counts.
    """

    address: Mapping[str, Any] | None = None
    method: str | None = None
    is_whole: bool = True


class Consignment(NamedTuple):
    """What is to be sent: `weight` in grams, None where a piece's is unknown, `value` in `currency`."""

    weight: int | None
    value: Decimal
    currency: str


def consignment_of(shipping: Shipping, lines: Sequence[Line], offers: Offers) -> Consignment:
    """What these lines weigh (a variant without a weight: the default) and are worth. MixedCurrencies."""
    weights = [_weight(shipping, line, offers) for line in lines]
    known = [each for each in weights if each is not None]
    weight = sum(known) + (shipping.packaging_weight or 0) if len(known) == len(weights) else None
    return Consignment(weight, sum((line.total for line in lines), Decimal(0)), currency_of(lines))


def methods_to(shipping: Shipping, country: str | None, sent: Consignment) -> tuple[Delivery, ...]:
    """Each way in which the consignment can reach its buyer, as the shop names them, pick-up last.

    `country` is ISO 3166-1 alpha-2, None where it is not known yet. A country of no zone, and a currency that
    is not that of the rates, has no way but the pick-up.
    """
    zone = zone_of(shipping, country) if country and sent.currency == shipping.currency else None
    priced = [(method, _price(method, sent)) for method in (zone.methods if zone else ())]
    found = [
        Delivery(method.name, to_money(price, sent.currency), country, sent.weight)
        for method, price in priced
        if price is not None
    ]
    return (*found, *_pickup(shipping, sent))


def zone_of(shipping: Shipping, country: str) -> ShippingZone | None:
    """The zone that names a country, else that of the rest of the EU, else that of the rest of the world."""
    names = (country, *([EU] if country in eu_members() else []), EVERYWHERE)
    found = ((zone for zone in shipping.zones if name in zone.countries) for name in names)
    return next((zone for zones in found for zone in zones), None)


def delivery_for(shipping: Shipping | None, destination: Destination, sent: Consignment) -> Delivery | None:
    """How the order goes to its destination: by the named method, else by the cheapest that sends it.

    None for a shop that has set no terms. Raises InvalidInput naming the field: an address that is missing or
    lacks what its country needs, a country that is not understood or not sent to, an unknown method.
    """
    if shipping is None:
        return None
    wanted = folded(destination.method or "").strip()
    if wanted == PICKUP or not shipping.zones:
        return _picked_up(shipping, sent)
    country = _country(destination)
    _refuse_currency(shipping, sent)
    if zone_of(shipping, country) is None:
        raise InvalidInput.of_field(_COUNTRY, f"is {country}, which the shop does not ship to")
    if destination.is_whole:
        _refuse_incomplete(country, destination.address or {})
    found = methods_to(shipping, country, sent)
    return _chosen(found, wanted, country)


def delivery_of(
    shipping: Shipping | None, destination: Destination, lines: Sequence[Line], offers: Offers
) -> Delivery | None:
    """How these lines go to their destination; see `delivery_for`. Raises MixedCurrencies as well."""
    if shipping is None:
        return None
    return delivery_for(shipping, destination, consignment_of(shipping, lines, offers))


def methods_of(
    shipping: Shipping | None, address: Mapping[str, Any] | None, lines: Sequence[Line], offers: Offers
) -> tuple[Delivery, ...]:
    """Each way in which these lines can reach an address; none for a shop that has set no terms."""
    if shipping is None:
        return ()
    country = country_code((address or {}).get("country"))
    return methods_to(shipping, country, consignment_of(shipping, lines, offers))


def price_of(delivery: Delivery | None) -> Decimal:
    """What a delivery adds to an order."""
    return delivery.price if delivery else Decimal(0)


def sent_to(delivery: Delivery | None, address: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The address that the goods go to, None where they are fetched: then they change hands in the shop."""
    return None if delivery is not None and delivery.method == PICKUP else address


def _weight(shipping: Shipping, line: Line, offers: Offers) -> int | None:
    variant = offers.variant(line.product_id, line.variant_id)
    each = (variant.weight if variant else None) or shipping.default_weight
    return None if each is None else each * line.quantity


def _price(method: ShippingMethod, sent: Consignment) -> Decimal | None:
    """What a method costs for a consignment; None where it does not take it."""
    counted = {BY_WEIGHT: sent.weight, BY_VALUE: sent.value}.get(method.by, 0)
    if counted is None:
        return None
    prices = (step.price for step in method.steps if step.up_to is None or counted <= step.up_to)
    price = next(prices, None)
    if price is not None and method.free_from is not None and sent.value >= method.free_from:
        return Decimal(0)
    return price


def _pickup(shipping: Shipping, sent: Consignment) -> tuple[Delivery, ...]:
    if shipping.pickup is None:
        return ()
    return (Delivery(PICKUP, to_money(0, sent.currency), weight=sent.weight, place=shipping.pickup),)


def _picked_up(shipping: Shipping, sent: Consignment) -> Delivery:
    found = _pickup(shipping, sent)
    if not found:
        raise InvalidInput.of_field(_METHOD, "cannot be pickup, because the shop has no place for it")
    return found[0]


def _country(destination: Destination) -> str:
    if destination.address is None:
        raise InvalidInput.of_field(_ADDRESS, "is required, because the shipping depends on it")
    if not str(destination.address.get("country") or "").strip():
        raise InvalidInput.of_field(_COUNTRY, "is required, because the shipping depends on it")
    country = country_code(destination.address["country"])
    if country is None:
        raise InvalidInput.of_field(_COUNTRY, "must be the code or the name of a country")
    return country


def _refuse_currency(shipping: Shipping, sent: Consignment) -> None:
    if sent.currency != shipping.currency:
        raise InvalidInput(f"Parcels are priced in {shipping.currency}, and this order is in {sent.currency}")


def _refuse_incomplete(country: str, address: Mapping[str, Any]) -> None:
    from common.postal_addresses import complaints

    found = {f"{_ADDRESS}.{field}": text for field, text in complaints(country, address).items()}
    if found:
        sentences = "; ".join(f"{field} {text}" for field, text in found.items())
        raise InvalidInput(sentences, fields={field: [text] for field, text in found.items()})


def _chosen(found: tuple[Delivery, ...], wanted: str, country: str) -> Delivery:
    if wanted:
        named = next((each for each in found if folded(each.method) == wanted), None)
        if named is None:
            names = ", ".join(each.method for each in found) or "none of this shop's"
            raise InvalidInput.of_field(_METHOD, f"must be one of {names}")
        return named
    sent_ones = [each for each in found if each.method != PICKUP]
    if not sent_ones:
        raise InvalidInput(f"No shipping method to {country} takes so much in one order")
    return min(sent_ones, key=lambda each: each.price)

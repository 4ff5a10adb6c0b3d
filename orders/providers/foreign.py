"""Payment by a method of the shop that an order was imported with: known by name, never used here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common.errors import InvalidInput, NotFound
from common.repositories.orders import Order
from orders.providers.base import Charge, Event, GivenBack, Intent, RefundRefused, Sale


class ForeignProvider:
    """Takes and gives back nothing; whoever took the money has to give it back."""

    name = "foreign"
    moves_money = False
    charges = False

    def refusal(self, sale: Sale) -> str | None:  # noqa: ARG002 - part of the interface
        """Always refused."""
        return "is not used in this shop"

    def begin(self, order: Order) -> Intent | None:  # noqa: ARG002 - part of the interface
        """Nothing to prepare."""
        return None

    def charge(self, order: Order, details: Mapping[str, Any], key: str) -> Charge:  # noqa: ARG002
        """Always refused."""
        raise InvalidInput(f"This shop takes no payments by {_method(order)}")

    def refund(self, order: Order, amount: Decimal, key: str) -> GivenBack:  # noqa: ARG002
        """Always refused."""
        raise RefundRefused(f"This shop gives nothing back that was paid by {_method(order)}")

    def cancel_payment(self, order: Order) -> Charge | None:  # noqa: ARG002
        """Nothing is under way."""
        return None

    def parse_event(self, raw_body: bytes, headers: Mapping[str, str]) -> Event | None:  # noqa: ARG002
        """It reports nothing, so whatever claims to be its report is foreign."""
        raise NotFound("This payment provider has no webhooks")


def _method(order: Order) -> str:
    return f"{order.payment_method!r}" if order.payment_method else "an unknown method"

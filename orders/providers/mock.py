"""A provider that moves no money, for development and demonstrations."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from common.errors import NotFound
from common.repositories.orders import Order
from orders.providers.base import Charge, ChargeStatus, Event, GivenBack, Intent, Sale


class MockProvider:
    """Accepts every payment, unless its details ask for a failure by `simulateFailure`."""

    name = "mock"
    moves_money = True
    charges = True

    def refusal(self, sale: Sale) -> str | None:  # noqa: ARG002 - part of the interface
        """It takes everything."""
        return None

    def begin(self, order: Order) -> Intent | None:  # noqa: ARG002 - part of the interface
        """Nothing to prepare."""
        return None

    def charge(self, order: Order, details: Mapping[str, Any], key: str) -> Charge:  # noqa: ARG002
        """A charge whose reference follows from the key, so that a repetition is the same charge."""
        reference = _reference("mock", key)
        if details.get("simulateFailure") is True or details.get("simulate_failure") is True:
            return Charge(ChargeStatus.FAILED, reference, "The payment was declined (simulated)")
        return Charge(ChargeStatus.SUCCEEDED, reference)

    def refund(self, order: Order, amount: Decimal, key: str) -> GivenBack:  # noqa: ARG002
        """A reference that follows from the key."""
        return GivenBack(_reference("mock_refund", key))

    def cancel_payment(self, order: Order) -> Charge | None:  # noqa: ARG002
        """Nothing is under way."""
        return None

    def parse_event(self, raw_body: bytes, headers: Mapping[str, str]) -> Event | None:  # noqa: ARG002
        """It reports nothing, so whatever claims to be its report is foreign."""
        raise NotFound("This payment provider has no webhooks")


def _reference(kind: str, key: str) -> str:
    return f"{kind}_{sha256(key.encode()).hexdigest()[:24]}"

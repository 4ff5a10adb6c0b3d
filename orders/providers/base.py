"""What a payment provider is to the shop, and the errors that it may raise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from common.errors import Conflict, NotSetUp, Unavailable
from common.repositories.orders import Order


class ProviderUnavailable(Unavailable):
    """The provider gave no usable answer, so nobody knows whether the step was carried out.

    The same step with the same idempotency key finds out.
    """

    def __init__(self) -> None:
        super().__init__("The payment provider cannot be reached right now; try again")


class ProviderNotSetUp(NotSetUp):
    """The provider cannot be asked, because a setting is missing; nothing was asked."""

    def __init__(self, name: str, missing: str) -> None:
        super().__init__(
            f"Payments by {name} are not set up here: {missing}", retry_after=3600, reason=missing
        )


class RefundRefused(Conflict):
    """The provider answered that it does not give this money back, or that it came back.

    `reference` is the provider's name for a refund that it had made before it failed.
    """

    def __init__(self, message: str, reference: str | None = None) -> None:
        super().__init__(message)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund that the provider has accepted; a pending one has not reached the buyer yet."""

    reference: str
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """What a customer needs to pay an order: shown once the order is placed.

    `reference` is the provider's name for the payment, None where it has none; `client_secret` lets the
    storefront confirm it; `metadata` is shown to the client as it stands.
    """

    reference: str | None = None
    client_secret: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sale:
    """What is about to be ordered: its total, and each work's page on Etsy (None for a work without one)."""

    total: Decimal
    currency: str
    etsy_links: tuple[str | None, ...] = ()


class ChargeStatus(Enum):
    """How a charge ended; PENDING means that the customer has to do something more."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Charge:
    """The outcome of a charge; `failure` is a text for the customer."""

    status: ChargeStatus
    reference: str
    failure: str = ""
    client_secret: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the money has been taken."""
        return self.status is ChargeStatus.SUCCEEDED


class EventKind(Enum):
    """What a provider may report on its own."""

    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    REFUND = "refund"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Event:
    """A verified report of a provider.

    `reference` is the payment that it is about. `amount` is what was paid or failed, for REFUNDED all that
    was given back so far, else that of the one refund or dispute; None for an amount that its currency
    cannot have. `order_id` is None when the report names none of our orders. `subject` is the id of the
    refund or dispute, `state` the provider's word for how it stands, `key` the one under which the refund
    was asked for here, `reason` why it failed or is disputed. `created` is in epoch seconds.
    """

    id: str
    provider: str
    kind: EventKind
    order_id: int | None
    reference: str
    amount: Decimal | None
    currency: str
    created: int = 0
    subject: str = ""
    state: str = ""
    key: str = ""
    reason: str = ""


def idempotency_key(order: Order, step: str) -> str:
    """The key under which a provider carries a step of one order out once, as in `...:charge:0`.

    The time of the order keeps apart two shops that share a provider's test account.
    """
    return f"{order.order_number}:{order.created_at}:{step}"


class Provider(Protocol):
    """Takes and gives back money; `key`, see idempotency_key, makes a repeated step take effect once."""

    name: str
    moves_money: bool
    """Whether it gives money back itself; else that is done by hand, where the money went."""
    charges: bool
    """Whether it takes the money itself, so that an order is paid within minutes or not at all."""

    def refusal(self, sale: Sale) -> str | None:
        """Why this provider cannot take the payment of a sale that costs something; None when it can.

        It reads on after the name of the field, as in `cannot be used for ...`.
        """

    def begin(self, order: Order) -> Intent | None:
        """Prepares the payment of an order; None where there is nothing to prepare."""

    def charge(self, order: Order, details: Mapping[str, Any], key: str) -> Charge:
        """Takes the total of an order. Raises ProviderUnavailable, InvalidInput for unusable details."""

    def refund(self, order: Order, amount: Decimal, key: str) -> GivenBack:
        """Gives `amount` of the order's payment back, or looks how the refund of this key stands.

        Raises ProviderUnavailable, RefundRefused.
        """

    def cancel_payment(self, order: Order) -> Charge | None:
        """Takes no payment of an unpaid order any more: None once that is so, however often it is asked.

        Otherwise the charge that was faster, SUCCEEDED or PENDING. Raises ProviderUnavailable.
        """

    def parse_event(self, raw_body: bytes, headers: Mapping[str, str]) -> Event | None:
        """The report in a webhook's body once its signature is verified; None for one of no interest.

        Raises Unauthenticated for a bad signature, Unavailable when webhooks are not set up.
        """

"""Receipts: what was bought on Etsy, by the time of their last change.

https://developers.etsy.com/documentation/reference#operation/getShopReceipts
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.clock import epoch
from etsy_sync.adapters.etsy.answers import moment, money
from etsy_sync.adapters.etsy.client import PAGE, EtsyClient
from etsy_sync.adapters.interface import Transient, Unreadable

CANCELED = frozenset({"canceled", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line of a receipt; `transaction_id` is what a movement of stock is recorded under.

    `sku` is without surrounding blanks and may be empty, `price` is that of one piece.
    """

    transaction_id: int
    listing_id: int | None
    sku: str
    title: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt; amounts in `currency`. What tells of the buyer may be withheld, and is not printed.

    `status` is in lower case: paid, completed, open, payment processing, canceled, fully refunded or
    partially refunded.
    """

    receipt_id: int
    status: str
    is_paid: bool
    is_shipped: bool
    created_at: datetime
    updated_at: datetime
    currency: str
    grand_total: Decimal
    subtotal: Decimal
    total_shipping_cost: Decimal
    total_tax_cost: Decimal
    discount: Decimal
    lines: tuple[ReceiptLine, ...]
    payment_method: str | None = None
    buyer_name: str | None = field(default=None, repr=False)
    buyer_email: str | None = field(default=None, repr=False)
    first_line: str | None = field(default=None, repr=False)
    second_line: str | None = field(default=None, repr=False)
    city: str | None = field(default=None, repr=False)
    state: str | None = field(default=None, repr=False)
    zip: str | None = field(default=None, repr=False)
    country_iso: str | None = field(default=None, repr=False)
    message_from_buyer: str | None = field(default=None, repr=False)

    @property
    def is_canceled(self) -> bool:
        """Whether the whole receipt was called off."""
        return self.status in CANCELED

    @property
    def address(self) -> dict[str, str] | None:
        """The address as the shop's own orders have it; None where Etsy withholds it."""
        values = {
            "street": ", ".join(line for line in (self.first_line, self.second_line) if line),
            "city": self.city,
            "state": self.state,
            "zip_code": self.zip,
            "country": self.country_iso,
        }
        known = {name: value for name, value in values.items() if value}
        return known or None


def receipts_since(client: EtsyClient, min_last_modified: datetime) -> Iterator[Receipt | Unreadable]:
    """Every receipt that was made or changed at this time or later, the longest unchanged first.

    One that changes while they are read comes again, as it is then. Raises what the client's calls raise.
    """
    since, offset = epoch(min_last_modified), 0
    seen: set[Receipt | Unreadable] = set()
    while True:
        page = client.page("receipts", offset, {"min_last_modified": since, "sort_on": "updated"})
        contents = [each for each in page if isinstance(each, dict)]
        for content in contents:
            found = _readable(content)
            if found not in seen:
                seen.add(found)
                yield found
        if len(page) < PAGE:
            return
        # By time and not by offset: a receipt that changes moves to the end, and all behind it move up.
        # From a second before, because more may have changed in the last one.
        last = max((_last_change(content) for content in contents), default=0) - 1
        since, offset = (last, 0) if last > since else (since, offset + PAGE)


def receipt(client: EtsyClient, receipt_id: int) -> Receipt:
    """One receipt. Raises Rejected (`not_found`), and what the client's calls raise."""
    return receipt_of(client.get(f"/shops/{client.shop_id}/receipts/{receipt_id}"))


def receipt_of(content: dict[str, Any]) -> Receipt:
    """The receipt that Etsy's JSON tells of. Raises Transient when it lacks what every receipt has."""
    try:
        return Receipt(
            receipt_id=int(content["receipt_id"]),
            status=str(content["status"]).lower(),
            is_paid=bool(content["is_paid"]),
            is_shipped=bool(content["is_shipped"]),
            created_at=_time(content, "created"),
            updated_at=_time(content, "updated"),
            currency=str(content["grandtotal"]["currency_code"]),
            grand_total=money(content["grandtotal"]),
            subtotal=money(content["subtotal"]),
            total_shipping_cost=money(content["total_shipping_cost"]),
            total_tax_cost=money(content["total_tax_cost"]),
            discount=money(content["discount_amt"]) if content.get("discount_amt") else Decimal(0),
            lines=tuple(_line(line) for line in content["transactions"]),
            buyer_name=content.get("name"),
            **{name: content.get(name) for name in _AS_IT_IS},
        )
    except (KeyError, TypeError, ValueError):
        raise Transient("Etsy's answer has a receipt that cannot be read") from None


def _readable(content: dict[str, Any]) -> Receipt | Unreadable:
    try:
        return receipt_of(content)
    except Transient:
        return Unreadable(str(content.get("receipt_id")))


def _last_change(content: dict[str, Any]) -> int:
    """When a receipt changed last (epoch seconds); 0 where that cannot be read."""
    try:
        return epoch(_time(content, "updated"))
    except (TypeError, ValueError):
        return 0


_AS_IT_IS = (
    "payment_method",
    "buyer_email",
    "first_line",
    "second_line",
    "city",
    "state",
    "zip",
    "country_iso",
    "message_from_buyer",
)


def _line(content: dict[str, Any]) -> ReceiptLine:
    return ReceiptLine(
        transaction_id=int(content["transaction_id"]),
        listing_id=content.get("listing_id"),
        sku=str(content.get("sku") or "").strip(),
        title=str(content.get("title") or ""),
        quantity=int(content["quantity"]),
        price=money(content["price"]),
    )


def _time(content: dict[str, Any], name: str) -> datetime:
    found = moment(content.get(f"{name}_timestamp") or content.get(f"{name[:-1]}_timestamp"))
    if found is None:
        raise ValueError(name)
    return found

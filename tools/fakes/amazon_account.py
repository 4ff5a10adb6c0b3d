"""What a seller's account on Amazon holds: listings whose changes settle late, and orders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from common.clock import iso

MARKETPLACE = "A11IL2PNWYJU7H"
MERCHANT, NETWORK = "DEFAULT", "AMAZON_EU"


@dataclass
class Listing:
    """One SKU; `quantity` is what buyers can have now, of the seller's stock or of Amazon's (`is_fba`)."""

    sku: str
    quantity: int
    is_fba: bool = False
    product_type: str = "WALL_ART"
    lead_time: int | None = 3
    is_closed: bool = False
    issues: list[dict[str, Any]] = field(default_factory=list)

    def shown(self, sections: set[str]) -> dict[str, Any]:
        """The listing as getListingsItem gives it."""
        is_buyable = self.quantity > 0 and not self.is_closed
        summary = {
            "marketplaceId": MARKETPLACE,
            "asin": "B000000001",
            "productType": self.product_type,
            "status": ["BUYABLE", "DISCOVERABLE"] if is_buyable else ["DISCOVERABLE"],
            "itemName": f"Print {self.sku}",
            **({"fnSku": "X000000001"} if self.is_fba else {}),
        }
        own = {"fulfillmentChannelCode": MERCHANT, "quantity": self.quantity}
        everything = {
            "summaries": [summary],
            "fulfillmentAvailability": [{"fulfillmentChannelCode": NETWORK} if self.is_fba else own],
            "issues": self.issues,
        }
        return {"sku": self.sku, **{name: everything[name] for name in everything if name in sections}}


@dataclass(frozen=True)
class Change:
    """An accepted patch that buyers do not see yet."""

    due: datetime | None
    sku: str
    quantity: int
    lead_time: int | None


class Account:
    """The listings and orders of a seller; `delay` seconds after a patch it shows, None: on `settle` only."""

    def __init__(self, clock: Callable[[], datetime], delay: int | None = None) -> None:
        self.clock = clock
        self.delay = delay
        self.listings: dict[str, Listing] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.changes: list[Change] = []
        self.accidents: list[str] = []
        self._numbers = count(1)

    def accept(self, listing: Listing, offer: Mapping[str, Any], *, keeps: bool) -> None:
        """Takes a patch of the quantity; without `keeps` what it does not name is dropped."""
        if listing.is_fba:
            self.accidents.append(listing.sku)
            listing.is_fba = False
        kept = listing.lead_time if keeps else None
        lead_time = offer.get("lead_time_to_ship_max_days", kept)
        due = None if self.delay is None else self.clock() + timedelta(seconds=self.delay)
        self.changes.append(Change(due, listing.sku, offer["quantity"], lead_time))

    def apply_due(self, *, everything: bool = False) -> int:
        """Lets accepted changes show, in the order of their arrival; the answer is how many did."""
        now = self.clock()
        due = [one for one in self.changes if everything or (one.due is not None and one.due <= now)]
        self.changes = [one for one in self.changes if one not in due]
        for one in due:
            if listing := self.listings.get(one.sku):
                listing.quantity, listing.lead_time = one.quantity, one.lead_time
        return len(due)

    def sell(self, pieces: Mapping[str, int], price: str, *, is_pending: bool) -> str:
        """A buyer orders; ValueError when there are not so many. The answer is the order's id."""
        listings = {sku: self.listings[sku] for sku in pieces}
        for sku, quantity in pieces.items():
            if not 0 < quantity <= listings[sku].quantity or listings[sku].is_closed:
                raise ValueError(f"there are {listings[sku].quantity} of {sku}, not {quantity}")
        if len({one.is_fba for one in listings.values()}) != 1:
            raise ValueError("Amazon sends what it keeps in an order of its own")
        for sku, quantity in pieces.items():
            listings[sku].quantity -= quantity
        number = next(self._numbers)
        order_id = f"405-{number:07d}-{number:07d}"
        is_fba = listings[next(iter(pieces))].is_fba
        items = [_item(number, place, sku, pieces[sku], price) for place, sku in enumerate(pieces)]
        self.orders[order_id] = self._order(order_id, items, is_fba=is_fba, is_pending=is_pending)
        return order_id

    def change_order(self, order_id: str, status: str) -> dict[str, Any]:
        """Moves an order to another status; the answer is the order."""
        order = self.orders[order_id]
        order["fulfillment"]["fulfillmentStatus"] = status
        order["lastUpdatedTime"] = iso(self.clock())
        return order

    def cancel(self, order_id: str, sku: str | None, *, restores: bool) -> None:
        """Cancels an order or its lines of one SKU; `restores` puts the pieces on sale again."""
        order = self.orders[order_id]
        for item in order["orderItems"]:
            counts, its_sku = item["fulfillment"], item["product"]["sellerSku"]
            if sku in {None, its_sku}:
                if restores:
                    self.listings[its_sku].quantity += counts["quantityUnfulfilled"]
                counts["quantityUnfulfilled"] = 0
                item["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER"}}
        left = any(one["fulfillment"]["quantityUnfulfilled"] for one in order["orderItems"])
        self.change_order(order_id, order["fulfillment"]["fulfillmentStatus"] if left else "CANCELLED")

    def ship(self, order_id: str) -> None:
        """Sends what is still to be sent of an order."""
        for item in self.change_order(order_id, "SHIPPED")["orderItems"]:
            counts = item["fulfillment"]
            counts["quantityFulfilled"] += counts["quantityUnfulfilled"]
            counts["quantityUnfulfilled"] = 0

    def _order(
        self, order_id: str, items: list[dict[str, Any]], *, is_fba: bool, is_pending: bool
    ) -> dict[str, Any]:
        now = iso(self.clock())
        prices = [Decimal(item["product"]["price"]["unitPrice"]["amount"]) for item in items]
        total = sum(price * item["quantityOrdered"] for price, item in zip(prices, items, strict=True))
        proceeds = {"grandTotal": {"amount": str(total), "currencyCode": "EUR"}}
        if is_pending:
            for item in items:
                del item["product"]["price"]
        return {
            "orderId": order_id,
            "createdTime": now,
            "lastUpdatedTime": now,
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": MARKETPLACE},
            "fulfillment": {
                "fulfillmentStatus": "PENDING" if is_pending else "UNSHIPPED",
                "fulfilledBy": "AMAZON" if is_fba else "MERCHANT",
            },
            "orderItems": items,
            **({} if is_pending else {"proceeds": proceeds}),
        }


def _item(order: int, place: int, sku: str, quantity: int, price: str) -> dict[str, Any]:
    return {
        "orderItemId": f"{order:07d}{place:07d}",
        "quantityOrdered": quantity,
        "product": {
            "asin": "B000000001",
            "title": f"Print {sku}",
            "sellerSku": sku,
            "price": {"unitPrice": {"amount": price, "currencyCode": "EUR"}},
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    }

"""The fake's shop: its listings with their inventories, its receipts, and what buyers do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from tools.fakes.etsy_rules import ON_PROPERTY, Json, Refused, is_offered

SIZE = 513

STATES = ("active", "inactive", "sold_out", "draft", "expired")


@dataclass
class Listing:
    """A listing; `content` is its inventory as Etsy gives it."""

    listing_id: int
    title: str
    state: str
    created: int
    updated: int
    content: Json
    renewals: int = 0

    @property
    def offerings(self) -> Iterator[Json]:
        """The offerings of all its products."""
        return (offering for product in self.content["products"] for offering in product["offerings"])

    @property
    def quantity(self) -> int:
        """What it has in all."""
        return sum(offering["quantity"] for offering in self.offerings if offering["is_enabled"])

    def offering(self, sku: str) -> Json:
        """The first offering with a SKU. Raises KeyError."""
        for product in self.content["products"]:
            if product["sku"] == sku:
                offering: Json = product["offerings"][0]
                return offering
        raise KeyError(sku)


@dataclass
class Shop:
    """The shop of one account."""

    shop_id: int
    user_id: int
    listings: dict[int, Listing] = field(default_factory=dict)
    receipts: dict[int, Json] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1001))

    def number(self) -> int:
        """A number that nothing else has."""
        return next(self._numbers)

    def listing(self, listing_id: int | str) -> Listing:
        """A listing. Refuses one that there is not."""
        found = self.listings.get(int(listing_id)) if str(listing_id).isdigit() else None
        if found is None:
            raise Refused(404, "Could not find a listing", f"listing_id = {listing_id}")
        return found

    def add(
        self,
        title: str,
        skus: Iterable[tuple[str, int]],
        price: str,
        state: str,
        now: datetime,
        *,
        vary: bool,
    ) -> Listing:
        """A new listing with a product for each SKU, told apart by their size where there are several."""
        pairs = list(skus)
        is_single = len(pairs) == 1
        products = [
            self._product(sku, quantity, price, None if is_single else sku) for sku, quantity in pairs
        ]
        varying = [] if is_single or not vary else [SIZE]
        content: Json = {"products": products, **{name: [] for name in ON_PROPERTY}}
        content |= {"quantity_on_property": varying, "sku_on_property": [] if is_single else [SIZE]}
        moment = int(now.timestamp())
        listing = Listing(self.number(), title, state, moment, moment, content)
        self.listings[listing.listing_id] = listing
        return listing

    def replace(self, listing: Listing, body: Json, now: datetime) -> None:
        """Puts an inventory in the place of a listing's; products and offerings get new numbers."""
        products = [self._numbered(product) for product in body["products"]]
        listing.content = {"products": products, **{name: list(body.get(name) or []) for name in ON_PROPERTY}}
        listing.updated = int(now.timestamp())

    def set_state(self, listing: Listing, state: str, now: datetime) -> None:
        """What a PATCH of the state does. Refuses what cannot be."""
        if state not in ("active", "inactive"):
            raise Refused(400, "state must be active or inactive")
        if state == "inactive" and listing.state not in ("active", "inactive"):
            raise Refused(400, f"Cannot deactivate a listing in this state: state = {listing.state}")
        if state == "active" and listing.state in ("sold_out", "expired"):
            listing.renewals += 1
            for offering in listing.offerings:
                offering["quantity"] = 1 if listing.state == "sold_out" else offering["quantity"]
        if state == "active" and not any(map(is_offered, listing.offerings)):
            raise Refused(400, "There was a problem with /quantity : cannot be empty")
        listing.state, listing.updated = state, int(now.timestamp())

    def buy(self, listing: Listing, sku: str, quantity: int, now: datetime) -> Json:
        """A buyer's paid receipt. ValueError when there is not so much on sale."""
        offering = listing.offering(sku)
        if (
            listing.state != "active"
            or not offering["is_enabled"]
            or not 0 < quantity <= offering["quantity"]
        ):
            raise ValueError(f"{quantity} of {sku} are not on sale: {listing.state}, {offering['quantity']}")
        self._lower(listing, sku, quantity)
        if not any(map(is_offered, listing.offerings)):
            listing.state = "sold_out"
        listing.updated = int(now.timestamp())
        receipt = self._receipt(listing, sku, quantity, now)
        self.receipts[receipt["receipt_id"]] = receipt
        return receipt

    def _lower(self, listing: Listing, sku: str, quantity: int) -> None:
        is_shared = not listing.content["quantity_on_property"]
        for offering in list(listing.offerings) if is_shared else [listing.offering(sku)]:
            offering["quantity"] -= quantity

    def _product(self, sku: str, quantity: int, price: str, size: str | None) -> Json:
        value = {
            "property_id": SIZE,
            "property_name": "Size",
            "scale_id": None,
            "scale_name": None,
            "value_ids": [self.number()],
            "values": [size],
        }
        return {
            "product_id": self.number(),
            "sku": sku,
            "is_deleted": False,
            "offerings": [
                {
                    "offering_id": self.number(),
                    "quantity": quantity,
                    "is_enabled": True,
                    "is_deleted": False,
                    "price": money(price),
                    "readiness_state_id": None,
                }
            ],
            "property_values": [] if size is None else [value],
        }

    def _numbered(self, product: Json) -> Json:
        offerings = [
            {
                **offering,
                "offering_id": self.number(),
                "is_deleted": False,
                "price": money(str(offering["price"])),
            }
            for offering in product["offerings"]
        ]
        values = [
            {"scale_id": None, "property_name": "", **value, "scale_name": None}
            for value in product.get("property_values", [])
        ]
        return {
            "product_id": self.number(),
            "sku": product.get("sku") or "",
            "is_deleted": False,
            "offerings": offerings,
            "property_values": values,
        }

    def _receipt(self, listing: Listing, sku: str, quantity: int, now: datetime) -> Json:
        price = listing.offering(sku)["price"]
        moment, total = int(now.timestamp()), {**price, "amount": price["amount"] * quantity}
        nothing = {**price, "amount": 0}
        return {
            "receipt_id": self.number(),
            "receipt_type": 0,
            "status": "Paid",
            "is_paid": True,
            "is_shipped": False,
            "created_timestamp": moment,
            "create_timestamp": moment,
            "updated_timestamp": moment,
            "update_timestamp": moment,
            "name": "A. Buyer",
            "buyer_email": None,
            "first_line": "1 Example Street",
            "second_line": "Second floor",
            "city": "Exampleton",
            "state": None,
            "zip": "00100",
            "country_iso": "IT",
            "payment_method": "cc",
            "message_from_buyer": None,
            "grandtotal": total,
            "subtotal": total,
            "total_price": total,
            "total_shipping_cost": nothing,
            "total_tax_cost": nothing,
            "total_vat_cost": nothing,
            "discount_amt": nothing,
            "refunds": [],
            "transactions": [self._line(listing, sku, quantity, price, moment)],
        }

    def _line(self, listing: Listing, sku: str, quantity: int, price: Json, moment: int) -> Json:
        return {
            "transaction_id": self.number(),
            "listing_id": listing.listing_id,
            "product_id": 0,
            "title": listing.title,
            "sku": sku,
            "quantity": quantity,
            "price": price,
            "paid_timestamp": moment,
            "shipped_timestamp": None,
        }


def money(price: str) -> Json:
    """Etsy's Money for a price in euros."""
    return {"amount": int(Decimal(price) * 100), "divisor": 100, "currency_code": "EUR"}


def told(listing: Listing, shop: Shop, includes: Iterable[str] = ()) -> Json:
    """The JSON of a listing with what was asked to be included."""
    wanted = set(includes)
    return {
        "listing_id": listing.listing_id,
        "user_id": shop.user_id,
        "shop_id": shop.shop_id,
        "title": listing.title,
        "description": f"About {listing.title}",
        "state": listing.state,
        "quantity": listing.quantity,
        "url": f"https://www.etsy.com/listing/{listing.listing_id}",
        "created_timestamp": listing.created,
        "updated_timestamp": listing.updated,
        "skus": [product["sku"] for product in listing.content["products"] if product["sku"]],
        "price": next(iter(listing.offerings))["price"],
        **({"inventory": listing.content} if "Inventory" in wanted else {}),
        **({"images": _images(listing)} if "Images" in wanted else {}),
    }


def pairs(skus: Mapping[str, int] | Iterable[Any]) -> list[tuple[str, int]]:
    """SKUs with their quantities, of an object or of a list of pairs."""
    given: Iterable[Any] = skus.items() if isinstance(skus, Mapping) else skus
    return [(str(pair[0]), int(pair[1])) for pair in given]


def _images(listing: Listing) -> list[Json]:
    url = f"https://i.etsystatic.com/{listing.listing_id}/il_fullxfull.jpg"
    return [{"listing_image_id": listing.listing_id, "rank": 1, "url_fullxfull": url}]

"""A listing's inventory: what each SKU has, and the whole set that a changed quantity is written with.

Etsy replaces the set by what it is sent, so everything is sent back as it was read, without the keys that
only Etsy writes. https://developers.etsy.com/documentation/reference#operation/updateListingInventory
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etsy_sync.adapters.etsy.answers import money
from etsy_sync.adapters.interface import Rejected

# What one offering may have.
MOST = 999

ACTIVE, INACTIVE, SOLD_OUT, DRAFT, EXPIRED = "active", "inactive", "sold_out", "draft", "expired"
# Etsy's older word for inactive, which it still answers with.
EDIT = "edit"

_ON_PROPERTY = (
    "price_on_property",
    "quantity_on_property",
    "sku_on_property",
    "readiness_state_on_property",
)
_OF_VALUE = ("property_id", "property_name", "scale_id", "value_ids", "values")


@dataclass(frozen=True)
class Inventory:
    """The inventory of a listing as it was read, and the state of the listing at that moment."""

    state: str
    content: Mapping[str, Any] = field(repr=False)

    @property
    def products(self) -> list[Mapping[str, Any]]:
        """The products that are not deleted, as Etsy gave them."""
        return [product for product in self.content.get("products", ()) if not product.get("is_deleted")]

    @property
    def is_on_sale(self) -> bool:
        """Whether buyers see the listing."""
        return self.state == ACTIVE

    @property
    def doubled(self) -> tuple[str, ...]:
        """The SKUs that several products of the listing have; nobody can say which one is meant."""
        found = Counter(sku for product in self.products if (sku := sku_of(product)))
        return tuple(sku for sku, times in found.items() if times > 1)

    @property
    def has_blank(self) -> bool:
        """Whether a product of the listing has no SKU."""
        return any(not sku_of(product) for product in self.products)

    @property
    def skus(self) -> tuple[str, ...]:
        """The SKUs that one product each has, in Etsy's order."""
        return tuple(sku for sku, _ in self._single())

    def stored(self) -> dict[str, int]:
        """What Etsy keeps for each such SKU, whether or not the listing is on sale."""
        return {sku: int(live_offerings(product)[0]["quantity"]) for sku, product in self._single()}

    def quantities(self, skus: Sequence[str]) -> dict[str, int | None]:
        """What buyers can have of these SKUs; None for one that is not there, or not once."""
        stored = self.stored()
        return {
            sku: None if sku.strip() not in stored else stored[sku.strip()] if self.is_on_sale else 0
            for sku in skus
        }

    def _single(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        doubled = set(self.doubled)
        for product in self.products:
            sku = sku_of(product)
            # Etsy gives each product one offering; with several, a quantity would not be one number.
            if sku and sku not in doubled and len(live_offerings(product)) == 1:
                yield sku, product


def sku_of(product: Mapping[str, Any]) -> str:
    """The SKU of a product without surrounding blanks; empty where it has none."""
    return str(product.get("sku") or "").strip()


def live_offerings(product: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The offerings of a product that are not deleted."""
    return [offering for offering in product.get("offerings", ()) if not offering.get("is_deleted")]


def body_for(inventory: Inventory, quantities: Mapping[str, int]) -> dict[str, Any]:
    """The body that gives these SKUs these quantities, each at most 999, and leaves all else as it is.

    Where the listing is not on sale, SKUs that are not named get 0, which is what buyers see of them:
    what Etsy has kept of them since is no stock that anybody counts. Raises Rejected for a SKU that is
    not in the listing once, and where Etsy keeps one number for SKUs that are to have different ones.
    """
    wanted = {sku.strip(): max(0, min(MOST, quantity)) for sku, quantity in quantities.items()}
    known = set(inventory.skus)
    for sku in wanted:
        if sku not in known:
            raise Rejected("unknown_sku", f"the listing has no product, or several, with the SKU {sku}")
    products = [_product(product, wanted, is_kept=inventory.is_on_sale) for product in inventory.products]
    content = inventory.content
    body = {"products": products, **{name: list(content.get(name) or ()) for name in _ON_PROPERTY}}
    _check_shared(body)
    return body


def offers_nothing(body: Mapping[str, Any]) -> bool:
    """Whether a body leaves buyers nothing, which Etsy does not accept."""
    return not any(
        offering["is_enabled"] and offering["quantity"] > 0
        for product in body["products"]
        for offering in product["offerings"]
    )


def _product(product: Mapping[str, Any], wanted: Mapping[str, int], *, is_kept: bool) -> dict[str, Any]:
    quantity = wanted.get(sku_of(product), None if is_kept else 0)
    return {
        "sku": product.get("sku") or "",
        "property_values": [
            {name: value[name] for name in _OF_VALUE if name in value}
            for value in product.get("property_values", ())
        ],
        "offerings": [_offering(offering, quantity) for offering in live_offerings(product)],
    }


def _offering(offering: Mapping[str, Any], quantity: int | None) -> dict[str, Any]:
    return {
        "price": money(offering["price"]),
        "quantity": min(MOST, int(offering["quantity"])) if quantity is None else quantity,
        "is_enabled": bool(offering["is_enabled"]),
        "readiness_state_id": offering.get("readiness_state_id"),
    }


def _check_shared(body: Mapping[str, Any]) -> None:
    """Etsy keeps one quantity for all products that are equal in the properties it varies by."""
    varying = set(body["quantity_on_property"])
    shared: dict[tuple[str, ...], int] = {}
    for product in body["products"]:
        place = tuple(
            sorted(
                f"{value['property_id']}:{value.get('value_ids')}:{value.get('values')}"
                for value in product["property_values"]
                if value["property_id"] in varying
            )
        )
        for offering in product["offerings"]:
            if shared.setdefault(place, offering["quantity"]) != offering["quantity"]:
                raise Rejected(
                    "quantity_is_shared",
                    "the listing keeps one quantity for several variations; let quantities vary on Etsy",
                )

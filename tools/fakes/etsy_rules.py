"""What Etsy refuses: rules that need nothing but the request itself."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

MOST = 999

ON_PROPERTY = (
    "price_on_property",
    "quantity_on_property",
    "sku_on_property",
    "readiness_state_on_property",
)
ROOT = {"products", *ON_PROPERTY}
PRODUCT = {"sku", "offerings", "property_values"}
OFFERING = {"price", "quantity", "is_enabled", "readiness_state_id"}
VALUE = {"property_id", "property_name", "scale_id", "value_ids", "values"}
VALUE_REQUIRED = {"property_id", "value_ids", "values"}


@dataclass
class Refused(Exception):
    """A request that Etsy answers with an error."""

    status: int
    error: str
    description: str = ""

    @property
    def body(self) -> Json:
        """The JSON of the answer."""
        return {"error": self.error} | ({"error_description": self.description} if self.description else {})


def check_inventory(body: Any) -> None:
    """Refuses a body of a PUT of an inventory that breaks a rule."""
    if not isinstance(body, dict):
        raise Refused(400, "The body must be a JSON object")
    _only("inventory", body, ROOT, {"products"})
    if not isinstance(body["products"], list) or not body["products"]:
        raise Refused(400, "products must be a list that is not empty")
    for product in body["products"]:
        _check_product(product)
    _check_properties(body)
    for name in ("quantity_on_property", "price_on_property", "sku_on_property"):
        _check_shared(body, name)
    if not any(is_offered(offering) for product in body["products"] for offering in product["offerings"]):
        raise Refused(400, "One offering must have quantity greater than 0")


def is_offered(offering: Json) -> bool:
    """Whether buyers can have something of an offering."""
    return bool(offering["is_enabled"]) and offering["quantity"] > 0


def _check_product(product: Json) -> None:
    _only("product", product, PRODUCT, {"offerings"})
    if not isinstance(product["offerings"], list) or len(product["offerings"]) != 1:
        raise Refused(400, "a product must have one offering")
    for offering in product["offerings"]:
        _check_offering(offering)
    for value in product.get("property_values", []):
        _only("property value", value, VALUE, VALUE_REQUIRED)
        if any(mark in str(text) for text in value["values"] for mark in "()"):
            raise Refused(400, "values must not contain parentheses")


def _check_offering(offering: Json) -> None:
    _only("offering", offering, OFFERING, OFFERING)
    price, quantity = offering["price"], offering["quantity"]
    if isinstance(price, bool) or not isinstance(price, int | Decimal):
        raise Refused(400, "price must be a number", f"got {type(price).__name__}")
    if price < Decimal("0.20") or (price * 100) % 1:
        raise Refused(400, "price must be at least 0.20 and have no more than two decimals")
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 0 <= quantity <= MOST:
        raise Refused(400, f"quantity must be an integer from 0 to {MOST}")
    if not isinstance(offering["is_enabled"], bool):
        raise Refused(400, "is_enabled must be a boolean")


def _check_properties(body: Json) -> None:
    used = {value["property_id"] for product in body["products"] for value in product["property_values"]}
    for name in ON_PROPERTY:
        if set(body.get(name) or []) - used:
            raise Refused(400, f"{name} names a property that no product has")


def _check_shared(body: Json, name: str) -> None:
    """What does not vary by a property is equal for all products that differ in that property alone."""
    varying = set(body.get(name) or [])
    field = name.removesuffix("_on_property")
    shared: dict[tuple[str, ...], Any] = {}
    for product in body["products"]:
        place = tuple(
            str((value["property_id"], value["value_ids"], value["values"]))
            for value in product["property_values"]
            if value["property_id"] in varying
        )
        found = product.get("sku") if field == "sku" else product["offerings"][0][field]
        if shared.setdefault(place, found) != found:
            raise Refused(400, f"{field} must be consistent across all products unless {name} is set")


def _only(what: str, given: Any, allowed: set[str], required: set[str]) -> None:
    if not isinstance(given, dict):
        raise Refused(400, f"{what} must be an object")
    if unknown := given.keys() - allowed:
        raise Refused(400, f"Invalid {what}", f"unexpected keys: {', '.join(sorted(unknown))}")
    if missing := required - given.keys():
        raise Refused(400, f"Invalid {what}", f"missing keys: {', '.join(sorted(missing))}")

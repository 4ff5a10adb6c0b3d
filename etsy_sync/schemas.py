"""What the sync's clients send."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, pre_load
from marshmallow.validate import Length

from common.http.validation import Schema
from etsy_sync.fields import (
    LONGEST_REASON,
    Asin,
    Disposition,
    Id,
    Moment,
    OrderId,
    Quantity,
    ShortText,
    Sku,
    TextOrNumber,
    Truth,
)

# Each takes a few reads and a transaction, and an answer has 29 seconds.
MAX_ITEMS = 50


class SyncSchema(Schema):
    """A body of the sync: `labels` are what sentences call its fields.

    Clients are told of the first field that is wrong, by one sentence.
    """

    labels: ClassVar[Mapping[str, str]] = {}
    # Channels' programs send whole objects, which no row is made of.
    refused: ClassVar[frozenset[str]] = frozenset()
    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """ValidationError of the first complaint, with its field's label where it has one."""
        del data
        name, complaint = _first(error.messages)
        label = self.labels.get(name)
        raise ValidationError(f"{label}: {complaint}" if label else {name: [complaint]}) from error


def _first(messages: Any) -> tuple[str, str]:
    """The first complaint and the name of its field, however deep; the empty name for the whole body."""
    name = ""
    while isinstance(messages, dict):
        part, messages = next(iter(messages.items()))
        name = part if isinstance(part, str) and part not in {"", "_schema"} else name
    return name, str(messages[0] if isinstance(messages, list) else messages)


class Item(SyncSchema):
    """So many pieces of a SKU."""

    sku = Sku(required=True)
    quantity = Quantity()

    @pre_load
    def _object(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError("an item must be an object")
        return data


class ReportedOrder(SyncSchema):
    """An order that a channel took; `items` are loaded as the pieces of each SKU."""

    labels: ClassVar[Mapping[str, str]] = {
        "items": "Invalid payload",
        "sku": "SKU",
        "quantity": "Quantity",
    }

    items = fields.List(
        fields.Nested(Item),
        required=True,
        error_messages=dict.fromkeys(("required", "null", "invalid"), "items must be a list"),
        validate=Length(min=1, max=MAX_ITEMS, error=f"there must be 1 to {MAX_ITEMS} items"),
    )
    order_id = OrderId(data_key="orderId")

    @post_load
    def _add_up(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        pieces: dict[str, int] = {}
        for item in data["items"]:
            pieces[item["sku"]] = pieces.get(item["sku"], 0) + item["quantity"]
        return data | {"items": pieces}


class ReportedReturn(SyncSchema):
    """A return as a channel reports it; the order's id goes by two names."""

    labels: ClassVar[Mapping[str, str]] = {
        "sku": "SKU",
        "quantity": "Quantity",
        "disposition": "Disposition",
    }
    other_names: ClassVar[Mapping[str, str]] = {"orderId": "returnOrderId"}

    sku = Sku(required=True)
    quantity = Quantity()
    disposition = Disposition()
    returned_at = Moment(data_key="returnedAt", allow_none=True, load_default=None)
    order_id = OrderId(data_key="returnOrderId")
    license_plate = ShortText(data_key="licensePlateNumber")
    reason = ShortText(LONGEST_REASON)


class Buffer(SyncSchema):
    """How many pieces of a SKU are kept back."""

    labels: ClassVar[Mapping[str, str]] = {"bufferQty": "bufferQty"}

    quantity = Quantity(minimum=0, data_key="bufferQty")


class SkuMapping(SyncSchema):
    """Under which ASIN a SKU is sold on Amazon."""

    labels: ClassVar[Mapping[str, str]] = {"sku": "SKU", "asin": "ASIN"}

    asin = Asin()
    sku = Sku(required=True)

    @pre_load
    def _both(self, data: Any, **_: Any) -> Any:
        if isinstance(data, Mapping) and (ShortText().read(data.get("asin")) is None or not data.get("sku")):
            raise ValidationError("sku and asin are required")
        return data


class LinkedProduct(SyncSchema):
    """Which product a listing sells."""

    product_id = Id()


class NamedShop(SyncSchema):
    """The shop that is meant, where there are several."""

    shop_id = TextOrNumber()


class NamedDirection(NamedShop):
    """The same, and which way stock goes."""

    direction = TextOrNumber()


class ShopifyTarget(SyncSchema):
    """The inventory item that is meant, where a SKU has several."""

    inventory_item_id = TextOrNumber()


class ShopifyLinking(ShopifyTarget):
    """A SKU, and which of several variants has it."""

    labels: ClassVar[Mapping[str, str]] = {"sku": "SKU"}

    sku = Sku(required=True)
    variant_id = TextOrNumber()


class AmazonTarget(SyncSchema):
    """The seller's SKU that is meant, where there are several."""

    seller_sku = TextOrNumber()


class AmazonLinking(SyncSchema):
    """A SKU, the seller's own of it where that is another, and whether Amazon keeps the pieces."""

    labels: ClassVar[Mapping[str, str]] = {"sku": "SKU", "seller_sku": "SKU"}

    is_fba = Truth(load_default=False, error_messages={"null": "must be true or false"})
    sku = Sku(required=True)
    seller_sku = Sku(allow_none=True, load_default=None)

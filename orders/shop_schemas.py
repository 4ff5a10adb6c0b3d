"""The bodies that the routes below /api/shop accept, as forgiving as the clients of those paths expect."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, pre_load

from common.http.fields import LARGEST_ID, WholeNumber
from common.http.validation import Schema
from orders.cart_items import MAX_QUANTITY
from orders.cart_schemas import NullablePositiveInteger, PositiveInteger
from orders.order_schemas import CheckoutSchema

# The buyer's session comes by header or cookie here, and the items from the cart behind it.
_NOT_READ = frozenset({"items", "session_token"})


class ShopQuantity(Schema):
    """How many pieces of an item there should be: none takes it out, nothing said leaves it as it is."""

    quantity = WholeNumber(minimum=0, maximum=MAX_QUANTITY)

    @pre_load
    def _refuse_less_than_none(self, data: Any, **_: Any) -> Any:
        return _refuse_negative(data)


class ShopItem(Schema):
    """What is put into a cart; a quantity that is missing, null or 0 means one piece."""

    product_id = PositiveInteger(LARGEST_ID, from_text=True, required=True)
    variant_id = NullablePositiveInteger(LARGEST_ID, from_text=True, load_default=None)
    quantity = PositiveInteger(MAX_QUANTITY, from_text=True, load_default=1)

    @pre_load
    def _read_leniently(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        if data.get("product_id") in (None, ""):
            raise ValidationError("Product not found")
        return {name: value for name, value in _refuse_negative(data).items() if not _is_unsaid(name, value)}


class CartCheckoutSchema(CheckoutSchema):
    """An order of what is in the cart; `email` and `name` go before their longer names."""

    @pre_load
    def _one_name(self, data: Any, **_: Any) -> Any:
        named = {name: value for name, value in data.items() if name not in _NOT_READ}
        for name in ("email", "name"):
            if named.get(name):
                named[f"customer_{name}"] = named[name]
        return super()._one_name(named)


def _refuse_negative(data: Any) -> Any:
    quantity = data.get("quantity") if isinstance(data, Mapping) else None
    if isinstance(quantity, int | Decimal) and quantity < 0:
        raise ValidationError("Invalid quantity")
    return data


def _is_unsaid(name: str, value: Any) -> bool:
    return name == "quantity" and not isinstance(value, bool) and value in (None, "", 0)

"""The ten calls of storefronts and artist that are asked most, as `docs/load.md` tells of their visits."""

from benchmarks.order_calls import (
    ADMIN_LIST,
    CART,
    ITEMS,
    PAGE,
    OrderCall,
    product_of_line,
    variant_of_line,
)
from benchmarks.shop import NAMES
from common.repositories.orders import number_of

_LIST = "/api/products?status=published&page=1&per_page=12"
_SECOND_PRODUCT = {"product_id": product_of_line(1), "variant_id": variant_of_line(1), "quantity": 1}

FLOOR_CALLS = (
    OrderCall("product page by slug", "GET", "/api/products/{slug}"),
    OrderCall("12 products, newest first", "GET", f"{_LIST}&sort_by=created_at&sort_order=DESC"),
    OrderCall("12 products of a character", "GET", f"{_LIST}&character_value={NAMES[0]}"),
    OrderCall("categories", "GET", "/api/categories"),
    OrderCall("personaggi", "GET", "/api/personaggi"),
    OrderCall("fumetti", "GET", "/api/fumetti"),
    OrderCall("cart of 3 lines", "GET", CART, lines=3),
    OrderCall("add a second product to a cart", "POST", ITEMS, lines=1, body=_SECOND_PRODUCT),
    OrderCall("how an order stands", "GET", f"/api/orders/{number_of(PAGE)}"),
    OrderCall(f"admin list, {PAGE} orders", "GET", ADMIN_LIST, is_admin=True),
)

"""Routes of variants and their stock."""

from collections.abc import Callable
from typing import Any

from catalog.products import find_product
from catalog.routes.basis import stock_check, variant_check
from catalog.shop_views import shop_variant_json
from catalog.variants import count_stock, create_variant, find_variant, remove_variant, update_variant
from common.http import PUBLIC, Body, Request, Role, Routes
from common.http.declared_bodies import changes
from common.http.path_ids import path_id
from common.product_json import variant_json
from common.repositories.products import Variant

routes = Routes("catalog")


@routes.get("/api/products/{product}/variants", role=PUBLIC, answer="Variants")
def get_variants(request: Request) -> dict[str, Any]:
    """The variants of a product."""
    product = find_product(request.params["product"], request.now, sees_all=request.may(Role.EDITOR))
    return {"variants": [variant_json(variant) for variant in product.live_variants]}


@routes.post(
    "/api/products/{product}/variants",
    role=Role.EDITOR,
    body=Body("schemas.VariantSchema"),
    answer="Variant",
    status=201,
)
def post_variant(request: Request) -> dict[str, Any]:
    """A new variant of a product."""
    return variant_json(_created(request))


@routes.post(
    "/api/admin/shop/products/{product}/variants",
    role=Role.EDITOR,
    body=Body("schemas.VariantSchema"),
    answer="ShopVariant",
    status=201,
    refuses_with_400=True,
)
def post_shop_variant(request: Request) -> dict[str, Any]:
    """A new variant of a product, answered with its amounts as texts."""
    return shop_variant_json(_created(request))


def _created(request: Request) -> Variant:
    product_id = path_id(request, "product", "Product")
    return create_variant(product_id, request.load(), request.actor, request.now)


@routes.put(
    "/api/variants/{variant}",
    role=Role.EDITOR,
    body=changes("schemas.VariantSchema"),
    answer="Variant",
    if_match=True,
)
def put_variant(request: Request) -> dict[str, Any]:
    """Changes of a variant; the whole of it may be sent."""
    return variant_json(_changed(request, variant_json))


@routes.patch(
    "/api/admin/shop/variants/{variant}",
    role=Role.EDITOR,
    body=changes("schemas.VariantSchema"),
    answer="ShopVariant",
    if_match=True,
    refuses_with_400=True,
)
def patch_shop_variant(request: Request) -> dict[str, Any]:
    """Changes of a variant, answered with its amounts as texts."""
    return shop_variant_json(_changed(request, shop_variant_json))


def _changed(request: Request, shown: Callable[[Variant], dict[str, Any]]) -> Variant:
    variant_id = path_id(request, "variant", "Variant")
    data = request.changes(shown(find_variant(variant_id)))
    check = variant_check(request, variant_id, data)
    return update_variant(variant_id, data, request.actor, request.now, check=check)


@routes.delete("/api/variants/{variant}", role=Role.EDITOR, answer="Message", if_match=True)
def delete_variant(request: Request) -> dict[str, Any]:
    """Takes a variant off sale."""
    variant_id = path_id(request, "variant", "Variant")
    check = stock_check(request, variant_id)
    remove_variant(variant_id, request.actor, request.now, check=check)
    return {"message": "Variant deleted"}


@routes.patch(
    "/api/variants/{variant}/stock",
    role=Role.EDITOR,
    body=Body("schemas.StockChange"),
    answer="Variant",
    if_match=True,
)
def patch_stock(request: Request) -> dict[str, Any]:
    """Sets, adds to or takes from the stock of a variant."""
    variant_id = path_id(request, "variant", "Variant")
    change, check = request.load(), stock_check(request, variant_id)
    return variant_json(count_stock(variant_id, **change, actor=request.actor, now=request.now, check=check))

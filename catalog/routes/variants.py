"""Routes of variants and their stock."""

from collections.abc import Callable
from typing import Any

from catalog.products import find_product
from catalog.routes.arguments import actor, existing_id, is_admin, path_id
from catalog.routes.basis import stock_check, variant_check
from catalog.shop_views import shop_variant_json
from catalog.variants import count_stock, create_variant, find_variant, remove_variant, update_variant
from common.http import PUBLIC, Request, Response, Role, Routes
from common.http.statuses import refusing_with_400
from common.http.unchanged import changed_fields
from common.product_json import variant_json
from common.repositories.products import Variant

routes = Routes("catalog")


@routes.get("/api/products/{product}/variants", role=PUBLIC)
def get_variants(request: Request) -> dict[str, Any]:
    """The variants of a product."""
    product = find_product(request.params["product"], sees_all=is_admin(request))
    return {"variants": [variant_json(variant) for variant in product.live_variants]}


@routes.post("/api/products/{product}/variants", role=Role.ADMIN)
def post_variant(request: Request) -> Response:
    """A new variant of a product."""
    return Response(variant_json(_created(request)), status=201)


@routes.post("/api/admin/shop/products/{product}/variants", role=Role.ADMIN)
@refusing_with_400
def post_shop_variant(request: Request) -> Response:
    """The same, answered with its amounts as texts."""
    return Response(shop_variant_json(_created(request)), status=201)


def _created(request: Request) -> Variant:
    from catalog.schemas import NewVariant

    product_id = path_id(request, "product")
    return create_variant(product_id, request.load(NewVariant), actor(request), request.now)


@routes.put("/api/variants/{variant}", role=Role.ADMIN)
def put_variant(request: Request) -> dict[str, Any]:
    """Changes of a variant; the whole of it may be sent."""
    return variant_json(_changed(request, variant_json))


@routes.patch("/api/admin/shop/variants/{variant}", role=Role.ADMIN)
@refusing_with_400
def patch_shop_variant(request: Request) -> dict[str, Any]:
    """The same, answered with its amounts as texts."""
    return shop_variant_json(_changed(request, shop_variant_json))


def _changed(request: Request, shown: Callable[[Variant], dict[str, Any]]) -> Variant:
    from catalog.schemas import VariantChanges

    variant_id = existing_id(request, "variant", "Variant")
    data = changed_fields(request, VariantChanges, shown(find_variant(variant_id)))
    check = variant_check(request, variant_id, data)
    return update_variant(variant_id, data, actor(request), request.now, check=check)


@routes.delete("/api/variants/{variant}", role=Role.ADMIN)
def delete_variant(request: Request) -> dict[str, Any]:
    """Takes a variant off sale."""
    variant_id = existing_id(request, "variant", "Variant")
    check = stock_check(request, variant_id)
    remove_variant(variant_id, actor(request), request.now, check=check)
    return {"message": "Variant deleted"}


@routes.patch("/api/variants/{variant}/stock", role=Role.ADMIN)
def patch_stock(request: Request) -> dict[str, Any]:
    """Sets, adds to or takes from the stock of a variant."""
    from catalog.schemas import StockChange

    variant_id = existing_id(request, "variant", "Variant")
    change = request.load(StockChange)
    check = stock_check(request, variant_id)
    operation, quantity = change["operation"], change["quantity"]
    return variant_json(
        count_stock(variant_id, operation, quantity, actor(request), request.now, check=check)
    )

"""Routes of variants and their stock."""

from typing import Any

from catalog.products import find_product
from catalog.routes.arguments import actor, changes, existing_id, is_admin, path_id
from catalog.variants import count_stock, create_variant, remove_variant, update_variant
from common.http import PUBLIC, Request, Response, Role, Routes
from common.product_json import variant_json

routes = Routes("catalog")


@routes.get("/api/products/{product}/variants", role=PUBLIC)
def get_variants(request: Request) -> dict[str, Any]:
    """The variants of a product."""
    product = find_product(request.params["product"], sees_all=is_admin(request))
    return {"variants": [variant_json(variant) for variant in product.live_variants]}


@routes.post("/api/products/{product}/variants", role=Role.ADMIN)
def post_variant(request: Request) -> Response:
    """A new variant of a product."""
    from catalog.schemas import NewVariant

    product_id = path_id(request, "product")
    variant = create_variant(product_id, request.load(NewVariant), actor(request), request.now)
    return Response(variant_json(variant), status=201)


@routes.put("/api/variants/{variant}", role=Role.ADMIN)
def put_variant(request: Request) -> dict[str, Any]:
    """Changes of a variant."""
    from catalog.schemas import VariantChanges

    variant_id = existing_id(request, "variant", "Variant")
    data = changes(request, VariantChanges)
    return variant_json(update_variant(variant_id, data, actor(request), request.now))


@routes.delete("/api/variants/{variant}", role=Role.ADMIN)
def delete_variant(request: Request) -> dict[str, Any]:
    """Takes a variant off sale."""
    remove_variant(existing_id(request, "variant", "Variant"), actor(request), request.now)
    return {"message": "Variant deleted"}


@routes.patch("/api/variants/{variant}/stock", role=Role.ADMIN)
def patch_stock(request: Request) -> dict[str, Any]:
    """Sets, adds to or takes from the stock of a variant."""
    from catalog.schemas import StockChange

    variant_id = existing_id(request, "variant", "Variant")
    change = request.load(StockChange)
    return variant_json(
        count_stock(variant_id, change["operation"], change["quantity"], actor(request), request.now)
    )

"""The route that counts variants by their ids."""

from typing import Any

from catalog.inventory import adjust_stock
from catalog.routes.arguments import actor
from catalog.variants import count_stock
from common.http import Request, Role, Routes
from common.http.statuses import refusing_with_400

routes = Routes("catalog")


@routes.post("/api/admin/shop/inventory/adjust", role=Role.ADMIN)
@refusing_with_400
def post_adjustment(request: Request) -> dict[str, Any]:
    """Several changes in `adjustments`, all or none; or one `operation` on the stock of `variant_id`."""
    from catalog.schemas import Adjustments, VariantStockChange

    if "variant_id" in request.payload():
        one = request.load(VariantStockChange)
        count_stock(one["variant_id"], one["operation"], one["quantity"], actor(request), request.now)
    else:
        adjust_stock(request.load(Adjustments)["changes"], actor(request), request.now)
    return {"message": "Inventory updated"}

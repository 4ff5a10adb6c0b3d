"""The route that counts variants by their ids."""

from typing import Any

from catalog.inventory import adjust_stock
from catalog.routes.arguments import actor
from catalog.routes.basis import stock_check
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
        variant_id, operation, quantity = one["variant_id"], one["operation"], one["quantity"]
        check = stock_check(request, variant_id)
        count_stock(variant_id, operation, quantity, actor(request), request.now, check=check)
    else:
        adjust_stock(request.load(Adjustments)["changes"], actor(request), request.now)
    return {"message": "Inventory updated"}

"""The route that counts variants by their ids."""

from typing import Any

from catalog.inventory import adjust_stock
from catalog.routes.basis import stock_check
from catalog.variants import count_stock
from common.http import Body, Request, Role, Routes

routes = Routes("catalog")


@routes.post(
    "/api/admin/shop/inventory/adjust",
    role=Role.EDITOR,
    body=Body("schemas.VariantStockChange", otherwise="schemas.Adjustments", distinguished_by="variant_id"),
    answer="Message",
    if_match=True,
    refuses_with_400=True,
)
def post_adjustment(request: Request) -> dict[str, Any]:
    """Several changes in `adjustments`, all or none; or one `operation` on the stock of `variant_id`."""
    wanted = request.load()
    if "changes" in wanted:
        adjust_stock(wanted["changes"], request.actor, request.now)
    else:
        check = stock_check(request, wanted["variant_id"])
        count_stock(**wanted, actor=request.actor, now=request.now, check=check)
    return {"message": "Inventory updated"}

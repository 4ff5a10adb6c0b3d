"""The route that shows the newest entries of the stock ledger."""

from typing import Any

from common.http import Request, Role, Routes
from common.repositories.stock_movements import Movement, newest_movements, newest_of_count
from common.stock_levels import current_stock

SHOWN = 50

routes = Routes("shop")


@routes.get("/api/admin/stock/movements", role=Role.ADMIN, query=("sku",), answer="StockMovements")
def get_movements(request: Request) -> dict[str, Any]:
    """The newest 50 changes of stocks, or those of the `sku` that is named; none of one that nobody knows."""
    sku = request.arg("sku").strip()
    found = _of_sku(sku) if sku else newest_movements(SHOWN)
    return {"movements": [_movement_json(each) for each in found], "count": len(found)}


def _of_sku(sku: str) -> list[Movement]:
    stock = current_stock([sku])[sku]
    return newest_of_count(sku=sku, variant_id=stock.variant_id, most=SHOWN)


def _movement_json(movement: Movement) -> dict[str, Any]:
    return {
        "delta": movement.delta,
        "reason": movement.reason,
        "source": movement.source,
        "eventId": movement.event_id,
        "createdAt": movement.created_at,
        "sku": movement.sku,
        "variantId": movement.variant_id,
        "productId": movement.product_id,
        "channel": movement.channel,
        "shortfall": movement.shortfall,
    }

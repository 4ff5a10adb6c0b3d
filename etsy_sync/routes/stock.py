"""Routes that show the counts of SKUs and keep pieces back.

What knows the stock loads the products too, so it is imported when it is asked for.
"""

from operator import itemgetter
from typing import Any

from common.clock import iso
from common.http import Body, Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import WHOLE, window
from common.stock_queue import queue_size
from etsy_sync.routes.arguments import sku_in_path

SHOWN_RETURNS = 100

routes = Routes("etsy_sync")


@routes.get("/api/inventory", role=Role.ADMIN, answer="Inventory", paging=WHOLE)
def get_inventory(request: Request) -> Response:
    """The numbers of every SKU."""
    from common.stock_levels import all_stock
    from etsy_sync.stock.views import stock_json

    places, inventory = window(request), list(all_stock().items())
    entries = [(sku, stock_json(stock)) for sku, stock in inventory[places.start : places.end]]
    total = len(inventory)
    return list_response(
        places.stretch(entries, total), lambda shown: {"totalSkus": total, "inventory": dict(shown)}
    )


@routes.get("/api/inventory/{sku}", role=Role.ADMIN, answer="SkuWithReturns")
def get_sku(request: Request) -> dict[str, Any]:
    """A SKU with its newest returns; one that nobody knows has none of anything."""
    from etsy_sync.repositories.stock_returns import returns_of
    from etsy_sync.stock.inventory import stock_of
    from etsy_sync.stock.views import return_json, sku_json

    sku = sku_in_path(request)
    returns = [return_json(each) for each in returns_of(sku, SHOWN_RETURNS)]
    return {**sku_json(stock_of(sku)), "returns": returns, "queueSize": queue_size()}


@routes.get("/api/buffer/{sku}", role=Role.ADMIN, answer="Sku")
def get_buffer(request: Request) -> dict[str, Any]:
    """A SKU and what is kept back of it."""
    from etsy_sync.stock.inventory import stock_of
    from etsy_sync.stock.views import sku_json

    return sku_json(stock_of(sku_in_path(request)))


@routes.post("/api/buffer/{sku}", role=Role.ADMIN, body=Body("schemas.Buffer"), answer="ChangedBuffer")
def post_buffer(request: Request) -> dict[str, Any]:
    """Keeps pieces of a SKU back from the channels."""
    from etsy_sync.stock.inventory import keep_back
    from etsy_sync.stock.views import stock_json

    sku, quantity = sku_in_path(request), request.load()["quantity"]
    stock = keep_back(sku, quantity, request.actor, request.now)
    return {"sku": sku, **stock_json(stock), "message": f"Buffer of {sku} set to {quantity}"}


@routes.post("/api/sku-mapping", role=Role.ADMIN, body=Body("schemas.SkuMapping"), answer="Mapping")
def post_mapping(request: Request) -> dict[str, Any]:
    """Says under which ASIN a SKU is sold on Amazon."""
    from etsy_sync.stock.inventory import map_sku

    sku, asin = itemgetter("sku", "asin")(request.load())
    return {"success": True, "sku": sku, "asin": asin, "mappedAt": map_sku(sku, asin, request.now)}


@routes.get("/api/product-sync/{asin}", role=Role.ADMIN, answer="ProductSync")
def get_product(request: Request) -> dict[str, Any]:
    """How far Amazon knows the stock of a product, by its ASIN."""
    from etsy_sync.stock.inventory import level_of_product

    asin = request.params["asin"].strip()
    level = level_of_product(asin)
    return {
        "productId": asin,
        "lastSync": level.synced_at if level else None,
        "synced": bool(level and level.is_synced),
        "inventoryLevel": level.quantity if level else 0,
        "errors": list(level.errors) if level else [],
        "checkedAt": iso(request.now),
    }

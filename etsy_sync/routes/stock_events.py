"""Routes on which an administrator's program reports what channels sold and took back."""

from typing import Any
from uuid import uuid4

from common.http import Body, Request, Role, Routes

routes = Routes("etsy_sync")

DEFAULT_REASON = "Customer return"
KEY_HEADER = "Idempotency-Key"


@routes.post(
    "/webhook/shopify",
    role=Role.ADMIN,
    body=Body("schemas.ReportedOrder"),
    headers=(KEY_HEADER,),
    answer="TakenOrder",
)
def post_order(request: Request) -> dict[str, Any]:
    """An order on Shopify; its id, else the Idempotency-Key, makes a repetition harmless."""
    from etsy_sync.stock.inventory import take_order

    order = request.load()
    order_id = order["order_id"] or _event_id(request) or str(uuid4())
    outcomes, stocks = take_order("shopify", order_id, order["items"], request.now)
    short = {sku: outcome.shortfall for sku, outcome in outcomes.items() if outcome.shortfall}
    return {
        "success": True,
        "queued": sum(outcome.delta != 0 for outcome in outcomes.values()),
        "inventoryAfter": {sku: stock.physical for sku, stock in stocks.items()},
        "broadcastAfter": {sku: stock.broadcast for sku, stock in stocks.items()},
        "duplicate": all(outcome.kind == "duplicate" for outcome in outcomes.values()),
        **({"shortfall": short} if short else {}),
    }


@routes.post(
    "/webhook/amazon/return",
    role=Role.ADMIN,
    body=Body("schemas.ReportedReturn"),
    headers=(KEY_HEADER,),
    answer="TakenReturn",
)
def post_return(request: Request) -> dict[str, Any]:
    """A return from Amazon; a repetition of it changes nothing."""
    from etsy_sync.stock.inventory import stock_of
    from etsy_sync.stock.returns import Returned, take_return

    said = request.load()
    said["reason"] = said["reason"] or DEFAULT_REASON
    said["returned_at"] = said["returned_at"] or request.now
    returned = Returned(**said, channel="amazon", event_id=_event_id(request))
    taken = take_return(returned, request.now)
    stock = stock_of(returned.sku)
    alert = {"alert": {"id": taken.alert.id, "message": taken.alert.message}} if taken.alert else {}
    return {
        "ok": True,
        "processed": True,
        "synced": taken.rule.restocks,
        "action": taken.rule.action,
        "inventoryAfter": stock.physical,
        "broadcastAfter": stock.broadcast,
        "duplicate": taken.outcome.kind == "duplicate",
        **alert,
    }


def _event_id(request: Request) -> str | None:
    return (request.header(KEY_HEADER) or "").strip()[:200] or None

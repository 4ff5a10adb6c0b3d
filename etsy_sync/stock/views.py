"""Counts, returns and alerts as the sync's clients read them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from common.repositories.sku_stock import Broadcast
from common.repositories.stock_alerts import Alert
from etsy_sync.repositories.stock_returns import StockReturn

if TYPE_CHECKING:
    from common.stock_levels import Stock


def stock_json(stock: "Stock") -> dict[str, int]:
    """The three numbers of a SKU."""
    return {"physical": stock.physical, "buffer": stock.buffer, "broadcast": stock.broadcast}


def sku_json(stock: "Stock") -> dict[str, Any]:
    """A SKU, its numbers, and what the channel that was told last was told; `channels` has every one."""
    told = {channel: _broadcast_json(each) for channel, each in sorted(stock.last_broadcast.items())}
    newest = max(told.values(), key=lambda each: str(each["timestamp"]), default=None)
    return {"sku": stock.sku, **stock_json(stock), "lastBroadcast": newest, "channels": told}


def return_json(returned: StockReturn) -> dict[str, Any]:
    """A return in the list of its SKU."""
    return {
        "quantity": returned.quantity,
        "disposition": returned.disposition,
        "timestamp": returned.returned_at,
        "orderId": returned.order_id,
    }


def alert_json(alert: Alert) -> dict[str, Any]:
    """An alert; its time in ISO 8601 UTC."""
    return {
        "alertId": alert.id,
        "type": alert.type,
        "severity": alert.severity,
        "sku": alert.sku,
        "message": alert.message,
        "timestamp": alert.created_at,
        "read": alert.is_read,
    }


def alerts_json(alerts: Iterable[Alert]) -> list[dict[str, Any]]:
    """Alerts in their order."""
    return [alert_json(alert) for alert in alerts]


def _broadcast_json(told: Broadcast) -> dict[str, Any]:
    return {"count": told.count, "txId": told.transaction_id, "timestamp": told.at}

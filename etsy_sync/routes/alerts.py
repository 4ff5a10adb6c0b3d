"""Routes of the alerts about stock."""

from typing import Any

from common.errors import NotFound
from common.http import Request, Role, Routes
from common.repositories.stock_alerts import (
    alerts_of_severity,
    mark_alert_read,
    number_of_unread_alerts,
    unread_alerts,
)
from etsy_sync.bodies import severity_of
from etsy_sync.views import alerts_json

SHOWN = 200

routes = Routes("etsy_sync")


@routes.get("/api/alerts/unread", role=Role.ADMIN)
def get_unread(request: Request) -> dict[str, Any]:  # noqa: ARG001 - every handler has one
    """The newest unread alerts; `unreadCount` counts all of them."""
    alerts = unread_alerts(SHOWN)
    unread = len(alerts) if len(alerts) < SHOWN else number_of_unread_alerts()
    return {"count": len(alerts), "unreadCount": unread, "alerts": alerts_json(alerts)}


@routes.get("/api/alerts/severity/{level}", role=Role.ADMIN)
def get_by_severity(request: Request) -> dict[str, Any]:
    """The newest alerts of a severity."""
    severity = severity_of(request.params["level"])
    alerts = alerts_json(alerts_of_severity(severity, SHOWN))
    return {"severity": severity, "count": len(alerts), "alerts": alerts}


@routes.post("/api/alerts/{alert}/read", role=Role.ADMIN)
def post_read(request: Request) -> dict[str, Any]:
    """Marks an alert as read; NotFound for an id that no alert has."""
    alert_id = request.params["alert"]
    if not mark_alert_read(alert_id, request.now):
        raise NotFound("Alert not found")
    return {"ok": True, "alertId": alert_id}

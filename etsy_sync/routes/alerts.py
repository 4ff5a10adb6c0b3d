"""Routes of the alerts about stock."""

from collections.abc import Callable, Mapping
from typing import Any

from common.errors import InvalidInput, NotFound
from common.http import Request, Response, Role, Routes
from common.http.lists import Stretch, list_response
from common.http.paging import Paging, page_cursor
from common.repositories.stock_alerts import (
    SEVERITIES,
    Alert,
    alerts_of_severity,
    cursor_behind_severity,
    cursor_behind_unread,
    mark_alert_read,
    number_of_unread_alerts,
    unread_alerts,
)
from etsy_sync.stock.views import alerts_json

SHOWN = 200
PAGING = Paging(SHOWN, SHOWN, sizes=(), page=None)

routes = Routes("etsy_sync")


@routes.get("/api/alerts/unread", role=Role.ADMIN, answer="UnreadAlerts", paging=PAGING)
def get_unread(request: Request) -> Response:
    """The newest unread alerts; `unreadCount` counts all of them."""
    cursor = page_cursor(request)
    found = unread_alerts(SHOWN + 1, cursor)
    everything = cursor is None and len(found) <= SHOWN
    unread = len(found) if everything else number_of_unread_alerts()
    return _response(found, cursor_behind_unread, {"unreadCount": unread})


@routes.get("/api/alerts/severity/{level}", role=Role.ADMIN, answer="AlertsOfSeverity", paging=PAGING)
def get_by_severity(request: Request) -> Response:
    """The newest alerts of a severity."""
    severity = request.params["level"].lower()
    if severity not in SEVERITIES:
        raise InvalidInput(f"Invalid severity: must be one of {', '.join(SEVERITIES)}")
    found = alerts_of_severity(severity, SHOWN + 1, page_cursor(request))
    return _response(found, cursor_behind_severity, {"severity": severity})


def _response(found: list[Alert], behind: Callable[[Alert], str], about: Mapping[str, Any]) -> Response:
    following = behind(found[SHOWN - 1]) if len(found) > SHOWN else None
    stretch = Stretch(alerts_json(found[:SHOWN]), following, lambda count: behind(found[count - 1]))
    return list_response(stretch, lambda shown: {"count": len(shown), "alerts": shown, **about})


@routes.post("/api/alerts/{alert}/read", role=Role.ADMIN, answer="ReadAlert")
def post_read(request: Request) -> dict[str, Any]:
    """Marks an alert as read; NotFound for an id that no alert has."""
    alert_id = request.params["alert"]
    if not mark_alert_read(alert_id, request.now):
        raise NotFound("Alert not found")
    return {"ok": True, "alertId": alert_id}

"""Routes of the administrator's notifications."""

from typing import Any

from common.http import Request, Response, Role, Routes
from common.http.lists import list_response
from common.http.paging import Paging, by_rule, page_cursor, page_of, refusing, zero_is_none
from shop.notifications import (
    NotificationFilter,
    notification_page,
    read_all_notifications,
    read_notification,
    remove_notification,
    show_notification,
)

BASE = "/api/admin/notifications"
# One storefront writes per_page, the other perPage.
PAGING = Paging(sizes=(("per_page", zero_is_none), ("perPage", refusing), ("per_page", by_rule)))

routes = Routes("shop")


@routes.get(
    BASE,
    role=Role.ADMIN,
    query=("type", "severity", "unread", "unreadOnly"),
    answer="NotificationPage",
    paging=PAGING,
)
def get_list(request: Request) -> Response:
    """A page of notifications, by type, severity and whether they are unread."""
    page, size = page_of(request)
    wanted = NotificationFilter(
        type=request.choice("type"),
        severity=request.choice("severity"),
        unread_only="true" in (request.arg("unread"), request.arg("unreadOnly")),
    )
    found = notification_page(wanted, page, size, page_cursor(request), request.now)
    about = {"total": found.total, "unread_count": found.unread_count, "page": page, "per_page": size}
    return list_response(found.stretch, lambda shown: {"notifications": shown, "count": len(shown), **about})


@routes.get(f"{BASE}/{{notification}}", role=Role.ADMIN, answer="Notification")
def get_one(request: Request) -> dict[str, Any]:
    """One notification."""
    return show_notification(request.params["notification"], request.now)


@routes.patch(f"{BASE}/{{notification}}/read", role=Role.ADMIN, answer="ReadNotification")
def patch_read(request: Request) -> dict[str, Any]:
    """Marks one notification as read; its fields are given twice, as either storefront looks for them."""
    notification = read_notification(request.params["notification"], request.now)
    return {**notification, "notification": notification}


@routes.post(f"{BASE}/mark-all-read", role=Role.ADMIN, answer="Message")
@routes.post(f"{BASE}/read-all", role=Role.ADMIN, answer="Message")
def post_all_read(request: Request) -> dict[str, str]:
    """Marks every notification as read."""
    read_all_notifications(request.now)
    return {"message": "All notifications marked as read"}


@routes.delete(f"{BASE}/{{notification}}", role=Role.ADMIN, answer="Message")
def delete_one(request: Request) -> dict[str, str]:
    """Deletes one notification."""
    remove_notification(request.params["notification"], request.now)
    return {"message": "Notification deleted"}

"""The handlers of the administrator's notifications."""

from typing import Any

from common.http import Request, Response
from common.http.lists import list_response
from common.http.paging import page_cursor
from shop.notifications import (
    NotificationFilter,
    notification_page,
    read_all_notifications,
    read_notification,
    remove_notification,
    show_notification,
)
from shop.routes.arguments import page_size

DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 100


def get_list(request: Request) -> Response:
    """A page of notifications, by type, severity and whether they are unread."""
    page, per_page = request.page_args(DEFAULT_PER_PAGE, MAX_PER_PAGE)
    wanted = NotificationFilter(
        type=request.choice("type"),
        severity=request.choice("severity"),
        unread_only="true" in (request.arg("unread"), request.arg("unreadOnly")),
    )
    # One storefront writes per_page, the other perPage.
    none = request.arg("per_page") == "0"
    size = 0 if none else page_size(request, per_page, MAX_PER_PAGE)
    found = notification_page(wanted, page, size, page_cursor(request), request.now)
    about = {"total": found.total, "unread_count": found.unread_count, "page": page, "per_page": size}
    return list_response(found.stretch, lambda shown: {"notifications": shown, "count": len(shown), **about})


def get_one(request: Request) -> dict[str, Any]:
    """One notification."""
    return show_notification(request.params["notification"], request.now)


def patch_read(request: Request) -> dict[str, Any]:
    """Marks one notification as read; its fields are given twice, as either storefront looks for them."""
    notification = read_notification(request.params["notification"], request.now)
    return {**notification, "notification": notification}


def post_all_read(request: Request) -> dict[str, str]:
    """Marks every notification as read."""
    read_all_notifications(request.now)
    return {"message": "All notifications marked as read"}


def delete_one(request: Request) -> dict[str, str]:
    """Deletes one notification."""
    remove_notification(request.params["notification"], request.now)
    return {"message": "Notification deleted"}

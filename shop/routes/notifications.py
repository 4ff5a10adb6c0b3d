"""The handlers of the administrator's notifications."""

from typing import Any

from common.http import Request
from shop.notifications import (
    Wanted,
    notification_page,
    read_all_notifications,
    read_notification,
    remove_notification,
    show_notification,
)
from shop.routes.arguments import page_size

DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 100


def get_list(request: Request) -> dict[str, Any]:
    """A page of notifications, by type, severity and whether they are unread."""
    page, per_page = request.page_args(DEFAULT_PER_PAGE, MAX_PER_PAGE)
    wanted = Wanted(
        type=request.choice("type"),
        severity=request.choice("severity"),
        unread_only="true" in (request.arg("unread"), request.arg("unreadOnly")),
    )
    if request.arg("per_page") == "0":
        return notification_page(wanted, page, 0, request.now)
    # One storefront writes per_page, the other perPage.
    return notification_page(wanted, page, page_size(request, per_page, MAX_PER_PAGE), request.now)


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

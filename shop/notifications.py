"""The administrator's notifications: which ones, page by page, as JSON; marking and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import epoch
from common.errors import InvalidInput, NotFound
from common.repositories import notifications as repository
from common.repositories.notifications import FIELDS, SEVERITIES, TYPES, Notification

LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notifications are asked for; an empty type or severity means all of them.

    Raises InvalidInput for a type or severity that does not exist.
    """

    type: str = ""
    severity: str = ""
    unread_only: bool = False

    def __post_init__(self) -> None:
        if self.type and self.type not in TYPES:
            raise InvalidInput("Invalid notification type")
        if self.severity and self.severity not in SEVERITIES:
            raise InvalidInput("Invalid notification severity")

    def matches(self, notification: Notification) -> bool:
        """Whether this notification is among them."""
        return (
            self.type in ("", notification.type)
            and self.severity in ("", notification.severity)
            and not (self.unread_only and notification.is_read)
        )


def notification_page(wanted: Wanted, page: int, per_page: int, now: datetime) -> dict[str, Any]:
    """Page `page` (from 1) of what is wanted, newest first; 0 a page shows none and counts them all.

    `total` counts all that is wanted, on whatever page; `unread_count` everything that is unread.
    """
    moment = epoch(now)
    # The unread ones are few and stand by themselves, so that asking for them does not read the others.
    found = (
        repository.unread_notifications(moment)
        if wanted.unread_only
        else repository.all_notifications(moment)
    )
    matching = [notification for notification in found if wanted.matches(notification)]
    return {
        **_list_json(matching[(page - 1) * per_page : page * per_page]),
        "total": len(matching),
        "unread_count": sum(not notification.is_read for notification in found),
        "page": page,
        "per_page": per_page,
    }


def show_notification(notification_id: str, now: datetime) -> dict[str, Any]:
    """The notification as it is; NotFound when there is none."""
    notification = repository.find_notification(_checked_id(notification_id), epoch(now))
    if notification is None:
        raise _missing()
    return notification_json(notification)


def read_notification(notification_id: str, now: datetime) -> dict[str, Any]:
    """The notification as read; a later reading keeps the time of the first. NotFound when there is none."""
    notification = repository.mark_read(_checked_id(notification_id), now)
    if notification is None:
        raise _missing()
    return notification_json(notification)


def read_all_notifications(now: datetime) -> None:
    """Marks as read all that are unread now; what arrives meanwhile stays unread."""
    repository.mark_all_read(repository.unread_notifications(epoch(now)), now)


def remove_notification(notification_id: str, now: datetime) -> None:
    """Deletes a notification for good; NotFound when there is none."""
    if not repository.delete_notification(_checked_id(notification_id), epoch(now)):
        raise _missing()


def notification_json(notification: Notification) -> dict[str, Any]:
    """Every field of a notification; `read_at` is null until it is read."""
    return {name: getattr(notification, name) for name in FIELDS}


def _list_json(notifications: Sequence[Notification]) -> dict[str, Any]:
    entries = [notification_json(notification) for notification in notifications]
    return {"notifications": entries, "count": len(entries)}


def _checked_id(text: str) -> str:
    """`text` in the form that ids are stored in; NotFound for what cannot be the id of a notification."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        # Notifications that came from the shop's first database keep their numbers.
        return str(int(text))
    try:
        return str(UUID(text))
    except ValueError as error:
        raise _missing() from error


def _missing() -> NotFound:
    return NotFound("Notification not found")

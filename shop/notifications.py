"""The administrator's notifications: which ones, page by page, as JSON; marking and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import epoch
from common.dynamodb import Query
from common.errors import InvalidInput, NotFound
from common.http.lists import Stretch
from common.repositories import notifications as repository
from common.repositories.notifications import NOTIFICATIONS, SEVERITIES, TYPES, Notification

LONGEST_NUMBER = 15

_SHOWN = (
    "id",
    "type",
    "title",
    "message",
    "severity",
    "metadata",
    "is_read",
    "read_at",
    "created_at",
    "updated_at",
    "expires_at",
)


@dataclass(frozen=True, slots=True)
class NotificationFilter:
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

    @property
    def is_narrowed(self) -> bool:
        """Whether a type or a severity is asked for."""
        return bool(self.type or self.severity)

    @property
    def query(self) -> Query:
        """The rows of these, newest first."""
        return repository.wanted_notifications(
            type_word=self.type, severity=self.severity, unread_only=self.unread_only
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Some notifications, newest first, and whether more follow.

    `total` counts all that is wanted, on whatever page; `unread_count` everything that is unread.
    """

    shown: list[Notification]
    more: bool
    total: int
    unread_count: int
    query: Query

    @property
    def stretch(self) -> Stretch:
        """The notifications as JSON."""
        following = self._behind(len(self.shown)) if self.more and self.shown else None
        return Stretch([notification_json(each) for each in self.shown], following, self._behind)

    def _behind(self, number: int) -> str:
        return NOTIFICATIONS.cursor_behind(self.query, self.shown[number - 1])


def notification_page(
    wanted: NotificationFilter, page: int, per_page: int, cursor: str | None, now: datetime
) -> Found:
    """Page `page` (from 1) of what is wanted, or what follows `cursor`; 0 a page shows none and counts them.

    A page costs what the rows up to its end cost, one behind a cursor what its own cost. A list that ends
    with its first page is counted by that; the engine counts any other. Raises InvalidCursor.
    """
    query, moment, start = wanted.query, epoch(now), (page - 1) * per_page
    if cursor is not None:
        read = repository.notifications_behind(query, per_page + 1, cursor, moment)
        shown, more = read[:per_page], len(read) > per_page
        return Found(shown, more, *_counted(wanted, moment), query)
    read = repository.notifications_until(query, start + per_page + 1, moment)
    shown, more = read[start : start + per_page], len(read) > start + per_page
    numbers = _counted(wanted, moment) if more else _counted_by(read, wanted, moment)
    return Found(shown, more, *numbers, query)


def _counted_by(
    everything: Sequence[Notification], wanted: NotificationFilter, moment: int
) -> tuple[int, int]:
    if wanted.is_narrowed:
        return len(everything), _number_of_unread(moment)
    return len(everything), sum(not notification.is_read for notification in everything)


def _counted(wanted: NotificationFilter, moment: int) -> tuple[int, int]:
    unread = _number_of_unread(moment)
    if wanted.is_narrowed:
        return repository.number_of_notifications(wanted.query, moment), unread
    # Read and unread are counted once each, where counting all of them would count the unread ones twice.
    return unread if wanted.unread_only else unread + repository.number_of_read_notifications(moment), unread


def _number_of_unread(moment: int) -> int:
    return repository.number_of_notifications(repository.wanted_notifications(unread_only=True), moment)


def show_notification(notification_id: str, now: datetime) -> dict[str, Any]:
    """The notification as it is; NotFound when there is none."""
    notification = NOTIFICATIONS.get(_checked_id(notification_id), now=epoch(now))
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
    """Deletes a notification for good; one that is gone is deleted already. NotFound for what is no id."""
    repository.delete_notification(_checked_id(notification_id), epoch(now))


def notification_json(notification: Notification) -> dict[str, Any]:
    """Every field of a notification; `read_at` is null until it is read."""
    return {name: getattr(notification, name) for name in _SHOWN}


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

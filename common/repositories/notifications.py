"""Notifications for the administrator: their type, keys, and how they are read and marked.

Every notification is found newest first: GSI2 holds all of them, GSI1 those that are read and those that
are not in a partition each, so that the unread ones are read without the others. How many there are is
counted by the engine, because rows vanish by themselves when they expire and a counter would not notice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, Literal, get_args

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Index,
    Key,
    Query,
    TransactionRefused,
    UnitOfWork,
    Update,
    attr,
    count,
    delete_item,
    is_live,
    present,
    sort_key,
    update_item,
)
from common.dynamodb.rows import Rows

NotificationType = Literal[
    "order_created", "order_paid", "payment_failed", "low_stock", "order_shipped", "order_refunded", "system"
]
Severity = Literal["info", "warning", "error", "critical"]

TYPES: tuple[str, ...] = get_args(NotificationType)
SEVERITIES: tuple[str, ...] = get_args(Severity)

MARKED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Notification:
    """Something the administrator should know; times in ISO 8601 UTC, `expires_at` in epoch seconds.

    What was imported may have no message, and any JSON or none as its metadata.
    """

    id: str
    type: str
    title: str
    message: str | None
    severity: str
    created_at: str
    updated_at: str
    expires_at: int
    metadata: Any = field(default_factory=dict)
    is_read: bool = False
    read_at: str | None = None

    @property
    def reading(self) -> str:
        """Whether it is read, as the key of its list says it."""
        return _word(is_read=self.is_read)


def _word(*, is_read: bool) -> str:
    return "true" if is_read else "false"


_BY_READING: Index[Notification] = Index(
    "GSI1", prefixes.NOTIFICATION_READ + "#{reading}", "{created_at}#{id}"
)
_ALL: Index[Notification] = Index("GSI2", prefixes.NOTIFICATION, "{created_at}#{id}")

NOTIFICATIONS = Rows(
    Notification,
    "Notification",
    key=prefixes.NOTIFICATION + "#{id}",
    indexes=(_BY_READING, _ALL),
)


def all_notifications(now: int) -> list[Notification]:
    """Every notification that has not expired at `now` (epoch seconds), newest first, by GSI2."""
    return NOTIFICATIONS.all(_ALL.query(descending=True), now=now)


def notifications_since(moment: str) -> list[Notification]:
    """Those created from a moment (ISO 8601 UTC) on, oldest first, by GSI2."""
    return NOTIFICATIONS.all(_ALL.query(sort=sort_key().ge(moment)))


def unread_notifications(now: int) -> list[Notification]:
    """The unread ones that have not expired at `now` (epoch seconds), newest first, by GSI1."""
    return NOTIFICATIONS.all(_of_reading(is_read=False), now=now)


def wanted_notifications(*, type_word: str = "", severity: str = "", unread_only: bool = False) -> Query:
    """The query of notifications, newest first; an empty type or severity means all of them."""
    wanted = {"type": type_word, "severity": severity}
    conditions = [attr(name).eq(word) for name, word in wanted.items() if word]
    where = reduce(and_, conditions) if conditions else None
    if unread_only:
        return _of_reading(is_read=False, where=where)
    return _ALL.query(descending=True, where=where)


def notifications_until(wanted: Query, limit: int, now: int) -> list[Notification]:
    """The newest `limit` of the wanted that have not expired at `now` (epoch seconds)."""
    return NOTIFICATIONS.all(wanted, limit=limit, now=now)


def notifications_behind(wanted: Query, limit: int, cursor: str, now: int) -> list[Notification]:
    """The next `limit` of the wanted behind a cursor, of those not expired at `now`; InvalidCursor."""
    return NOTIFICATIONS.page(wanted, limit, cursor, now=now)[0]


def number_of_notifications(wanted: Query, now: int) -> int:
    """How many of the wanted have not expired at `now` (epoch seconds); costs what reading them costs."""
    return count(wanted, now)


def number_of_read_notifications(now: int) -> int:
    """How many that have been read have not expired at `now` (epoch seconds), at the same cost."""
    return count(_of_reading(is_read=True), now)


def mark_read(notification_id: str, now: datetime) -> Notification | None:
    """The notification as read at `now`, or since an earlier time; None when there is none."""
    try:
        row = update_item(NOTIFICATIONS.key(notification_id), _reading(now), condition=_is_unread(now))
    except ConditionFailed as refused:
        if refused.item is None or not is_live(refused.item, epoch(now)):
            return None
        row = refused.item
    return NOTIFICATIONS.of(row)


def mark_all_read(notifications: Sequence[Notification], now: datetime) -> None:
    """Marks exactly these as read at `now`, 100 in one step; any that are read or gone meanwhile stay so."""
    keys = [NOTIFICATIONS.key_of(notification) for notification in notifications]
    for start in range(0, len(keys), MARKED_AT_ONCE):
        _mark(keys[start : start + MARKED_AT_ONCE], now)


def delete_notification(notification_id: str, now: int) -> bool:
    """Deletes a notification for good; False when there was none at `now` (epoch seconds)."""
    try:
        # Lets only one of two deletions succeed, and none of a row that has expired already.
        delete_item(NOTIFICATIONS.key(notification_id), condition=present(now))
    except ConditionFailed:
        return False
    return True


def _mark(keys: Sequence[Key], now: datetime) -> None:
    waiting = list(keys)
    while waiting:
        try:
            with UnitOfWork() as work:
                for key in waiting:
                    work.update(key, _reading(now), condition=_is_unread(now))
        except TransactionRefused as refused:
            # A refused row was read, deleted or expired meanwhile: nothing is left to do with it.
            done = {refusal.key for refusal in refused.refusals}
            waiting = [key for key in waiting if key not in done]
        else:
            return


def _is_unread(now: datetime) -> Condition:
    # Stops a second reader from moving the time of the first, and a reader who meets a deletion from
    # bringing back a row that has nothing but a read mark.
    return present(epoch(now)) & attr("is_read").eq(False)


def _reading(now: datetime) -> Update:
    moment = iso(now)
    update = Update().set("is_read", True).set("read_at", moment).set("updated_at", moment)
    return _BY_READING.moved(update, reading=_word(is_read=True))


def _of_reading(*, is_read: bool, where: Condition | None = None) -> Query:
    return _BY_READING.query(reading=_word(is_read=is_read), descending=True, where=where)

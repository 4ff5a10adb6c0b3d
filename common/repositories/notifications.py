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

from common.clock import epoch, iso
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Item,
    Key,
    Query,
    TransactionRefused,
    UnitOfWork,
    Update,
    attr,
    count,
    cursor_behind,
    delete_item,
    fetch_all,
    fetch_page,
    get_item,
    index_keys,
    is_live,
    present,
    update_item,
)
from common.dynamodb.stored_json import from_stored, to_stored

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

    What was brought along may have no message, and any JSON or none as its metadata.
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


FIELDS = (
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


def notification_key(notification_id: str) -> Key:
    """The key of a notification."""
    return f"NOTIFICATION#{notification_id}", "METADATA"


def notification_item(notification: Notification) -> Item:
    """The row of a notification, with the keys of its two indexes."""
    pk, sk = notification_key(notification.id)
    position = f"{notification.created_at}#{notification.id}"
    fields = {name: getattr(notification, name) for name in FIELDS}
    fields["metadata"] = to_stored(notification.metadata)
    return {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI1", _partition(is_read=notification.is_read), position),
        **index_keys("GSI2", "NOTIFICATION", position),
        **{name: value for name, value in fields.items() if value is not None},
    }


def notification_from_item(item: Item) -> Notification:
    """The notification that a row holds."""
    fields = {name: item[name] for name in FIELDS if name in item}
    return Notification(**{"message": None, **fields, "metadata": from_stored(item.get("metadata"))})


def all_notifications(now: int) -> list[Notification]:
    """Every notification that has not expired at `now` (epoch seconds), newest first, by GSI2."""
    return _read(Query("NOTIFICATION", index="GSI2", descending=True), now)


def unread_notifications(now: int) -> list[Notification]:
    """The unread ones that have not expired at `now` (epoch seconds), newest first, by GSI1."""
    return _read(Query(_partition(is_read=False), index="GSI1", descending=True), now)


def wanted_notifications(*, type_word: str = "", severity: str = "", unread_only: bool = False) -> Query:
    """The query of notifications, newest first; an empty type or severity means all of them."""
    wanted = {"type": type_word, "severity": severity}
    conditions = [attr(name).eq(word) for name, word in wanted.items() if word]
    where = reduce(and_, conditions) if conditions else None
    if unread_only:
        return Query(_partition(is_read=False), index="GSI1", descending=True, where=where)
    return Query("NOTIFICATION", index="GSI2", descending=True, where=where)


def notifications_until(wanted: Query, limit: int, now: int) -> list[Notification]:
    """The newest `limit` of the wanted that have not expired at `now` (epoch seconds)."""
    return [notification_from_item(item) for item in fetch_all(wanted, limit=limit, now=now)]


def notifications_behind(wanted: Query, limit: int, cursor: str, now: int) -> list[Notification]:
    """The next `limit` of the wanted behind a cursor, of those not expired at `now`; InvalidCursor."""
    return [notification_from_item(item) for item in fetch_page(wanted, limit, cursor, now).items]


def cursor_behind_notification(wanted: Query, notification: Notification) -> str:
    """The cursor of what follows a notification among the wanted."""
    return cursor_behind(wanted, notification_item(notification))


def number_of_notifications(wanted: Query, now: int) -> int:
    """How many of the wanted have not expired at `now` (epoch seconds); costs what reading them costs."""
    return count(wanted, now)


def number_of_read_notifications(now: int) -> int:
    """How many that have been read have not expired at `now` (epoch seconds), at the same cost."""
    return count(Query(_partition(is_read=True), index="GSI1"), now)


def find_notification(notification_id: str, now: int) -> Notification | None:
    """The notification that has not expired at `now` (epoch seconds), by one consistent read."""
    item = get_item(notification_key(notification_id), consistent=True, now=now)
    return notification_from_item(item) if item else None


def mark_read(notification_id: str, now: datetime) -> Notification | None:
    """The notification as read at `now`, or since an earlier time; None when there is none."""
    try:
        row = update_item(notification_key(notification_id), _reading(now), condition=_is_unread(now))
    except ConditionFailed as refused:
        if refused.item is None or not is_live(refused.item, epoch(now)):
            return None
        row = refused.item
    return notification_from_item(row)


def mark_all_read(notifications: Sequence[Notification], now: datetime) -> None:
    """Marks exactly these as read at `now`, 100 in one step; any that are read or gone meanwhile stay so."""
    keys = [notification_key(notification.id) for notification in notifications]
    for start in range(0, len(keys), MARKED_AT_ONCE):
        _mark(keys[start : start + MARKED_AT_ONCE], now)


def delete_notification(notification_id: str, now: int) -> bool:
    """Deletes a notification for good; False when there was none at `now` (epoch seconds)."""
    try:
        # Lets only one of two deletions succeed, and none of a row that has expired already.
        delete_item(notification_key(notification_id), condition=present(now))
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
    # GSI1SK stays what it is: the place among the read ones is that among the unread ones.
    return (
        Update()
        .set("is_read", True)
        .set("read_at", moment)
        .set("updated_at", moment)
        .set("GSI1PK", _partition(is_read=True))
    )


def _partition(*, is_read: bool) -> str:
    return f"NOTIFICATION_READ#{'true' if is_read else 'false'}"


def _read(query: Query, now: int) -> list[Notification]:
    return [notification_from_item(item) for item in fetch_all(query, now=now)]

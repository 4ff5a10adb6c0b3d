"""The administrator's notifications over HTTP."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import UnitOfWork
from common.notifications import notify
from common.repositories.notifications import (
    SEVERITIES,
    TYPES,
    NotificationType,
    Severity,
)
from tests.support.http import Answer, Client

PATH = "/api/admin/notifications"
NOW = utc_now() - timedelta(hours=1)
MARK_ALL = "common.repositories.notifications.mark_all_read"
READ_UNREAD = "common.repositories.notifications.unread_notifications"


def tell(
    title: str = "Order",
    kind: NotificationType = "order_created",
    severity: Severity | None = None,
    moment: datetime = NOW,
) -> None:
    """A notification that was written at `moment`."""
    with UnitOfWork() as work:
        notify(
            work,
            type=kind,
            title=title,
            message="12.20 EUR",
            severity=severity,
            metadata={"order_id": 7, "total": Decimal("12.20")},
            now=moment,
        )


def tell_many(count: int) -> None:
    """Notifications N0 (the newest) to N<count - 1>."""
    for start in range(0, count, 100):
        with UnitOfWork() as work:
            for number in range(start, min(start + 100, count)):
                moment = NOW - timedelta(seconds=number)
                notify(work, type="system", title=f"N{number}", message="", now=moment)


def listed(admin: Client, **params: Any) -> dict[str, Any]:
    answer = admin.get(PATH, params=params)
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.json
    assert body["count"] == len(body["notifications"])
    return body


def titles(admin: Client, **params: Any) -> list[str]:
    return [entry["title"] for entry in listed(admin, **params)["notifications"]]


def id_of(admin: Client, title: str) -> str:
    (found,) = [entry["id"] for entry in listed(admin)["notifications"] if entry["title"] == title]
    return str(found)


def read(admin: Client, title: str) -> Answer:
    return admin.patch(f"{PATH}/{id_of(admin, title)}/read")


def test_a_notification_has_the_fields_that_clients_read(admin: Client) -> None:
    tell("Low stock: Luna", "low_stock")
    body = listed(admin)
    (entry,) = body["notifications"]
    assert body == {
        "notifications": [entry],
        "total": 1,
        "unread_count": 1,
        "page": 1,
        "per_page": 20,
        "count": 1,
    }
    assert str(UUID(entry.pop("id")))
    assert entry == {
        "type": "low_stock",
        "title": "Low stock: Luna",
        "message": "12.20 EUR",
        "severity": "warning",
        "metadata": {"order_id": 7, "total": Decimal("12.20")},
        "is_read": False,
        "read_at": None,
        "created_at": iso(NOW),
        "updated_at": iso(NOW),
        "expires_at": epoch(NOW + timedelta(days=90)),
    }


def test_without_notifications_there_is_an_empty_list(admin: Client) -> None:
    body = listed(admin)
    assert (body["notifications"], body["total"], body["unread_count"]) == ([], 0, 0)


@pytest.mark.parametrize("kind", TYPES)
def test_notifications_of_one_type(admin: Client, kind: NotificationType) -> None:
    others: list[Any] = list(TYPES)
    for each in others:
        tell(each, each)
    body = listed(admin, type=kind)
    assert [entry["type"] for entry in body["notifications"]] == [kind]
    assert (body["total"], body["unread_count"]) == (1, len(TYPES))


@pytest.mark.parametrize("severity", SEVERITIES)
def test_notifications_of_one_severity(admin: Client, severity: Severity) -> None:
    others: list[Any] = list(SEVERITIES)
    for each in others:
        tell(each, "system", each)
    body = listed(admin, severity=severity)
    assert [entry["severity"] for entry in body["notifications"]] == [severity]
    assert (body["total"], body["unread_count"]) == (1, len(SEVERITIES))


def test_the_empty_choice_of_a_drop_down_filters_nothing(admin: Client) -> None:
    tell("A")
    tell("B", "low_stock")
    empty = dict.fromkeys(("type", "severity", "unread"), "[object Object]")
    assert listed(admin, **empty) == listed(admin)
    assert titles(admin, **{**empty, "type": "low_stock"}) == ["B"]


@pytest.mark.parametrize("name", ["unread", "unreadOnly"])
def test_unread_ones_only(admin: Client, name: str) -> None:
    tell("A")
    tell("B", "low_stock")
    tell("C", moment=NOW + timedelta(seconds=1))
    assert read(admin, "A").status == 200
    body = listed(admin, **{name: "true"})
    assert [entry["title"] for entry in body["notifications"]] == ["C", "B"]
    assert (body["total"], body["unread_count"]) == (2, 2)
    assert titles(admin, type="low_stock", **{name: "true"}) == ["B"]
    assert listed(admin, type="low_stock", **{name: "true"})["unread_count"] == 2


@pytest.mark.parametrize("value", ["false", "", "0", "TRUE"])
def test_unread_is_said_by_true_alone(admin: Client, value: str) -> None:
    tell("A")
    read(admin, "A")
    assert titles(admin, unread=value) == ["A"]


def test_the_unread_count_falls_and_the_total_stays_when_one_is_read(admin: Client) -> None:
    tell("A")
    tell("B")
    read(admin, "A")
    body = listed(admin)
    assert (body["total"], body["unread_count"]) == (2, 1)


@pytest.mark.parametrize("name", ["per_page", "perPage"])
def test_pages_follow_each_other_with_true_totals(admin: Client, name: str) -> None:
    tell_many(5)
    pages = [listed(admin, page=page, **{name: 2}) for page in (1, 2, 3, 4)]
    assert [[entry["title"] for entry in page["notifications"]] for page in pages] == [
        ["N0", "N1"],
        ["N2", "N3"],
        ["N4"],
        [],
    ]
    assert {(page["total"], page["unread_count"], page["per_page"]) for page in pages} == {(5, 5, 2)}
    assert [page["page"] for page in pages] == [1, 2, 3, 4]


def test_a_page_has_20_notifications_by_default_and_100_at_most(admin: Client) -> None:
    tell_many(101)
    assert listed(admin)["count"] == 20
    for name in ("per_page", "perPage"):
        body = listed(admin, **{name: 100_000})
        assert (body["count"], body["per_page"], body["total"]) == (100, 100, 101)


def test_an_unusable_page_is_the_first(admin: Client) -> None:
    tell("A")
    for page in ("0", "-1", "two", "1.5", "9" * 40):
        assert listed(admin, page=page, per_page="many")["page"] == 1
    assert titles(admin, page=999_999_999) == []


@pytest.mark.parametrize("params", [{}, {"unread": "true"}, {"type": "system"}, {"severity": "info"}])
@pytest.mark.parametrize("name", ["lastEvaluatedKey", "cursor", "last_key"])
def test_a_cursor_goes_on_behind_its_page(admin: Client, name: str, params: dict[str, str]) -> None:
    tell_many(5)
    first = listed(admin, perPage=2, **params)
    tell("Newer", "system")
    second = listed(admin, perPage=2, **params, **{name: first["lastEvaluatedKey"]})
    third = listed(admin, perPage=2, **params, **{name: second["lastEvaluatedKey"]})
    shown = [entry["title"] for page in (first, second, third) for entry in page["notifications"]]
    assert shown == ["N0", "N1", "N2", "N3", "N4"]
    assert [page["total"] for page in (first, second, third)] == [5, 6, 6]
    assert "lastEvaluatedKey" not in third


@pytest.mark.parametrize("cursor", ["x", '{"id": "7"}', "é", "a" * 1000])
def test_a_cursor_that_was_not_given_here_is_refused(admin: Client, cursor: str) -> None:
    tell("A")
    answer = admin.get(PATH, params={"lastEvaluatedKey": cursor})
    assert (answer.status, answer.error) == (400, "cursor is not valid")


def test_two_cursors_that_differ_are_refused(admin: Client) -> None:
    tell_many(3)
    one, other = (listed(admin, perPage=size)["lastEvaluatedKey"] for size in (1, 2))
    assert titles(admin, cursor=one, lastEvaluatedKey=one) == ["N1", "N2"]
    answer = admin.get(PATH, params={"cursor": one, "lastEvaluatedKey": other})
    assert (answer.status, answer.error) == (400, "cursor must not differ from lastEvaluatedKey")


def test_totals_are_true_when_some_are_read(admin: Client) -> None:
    tell_many(4)
    tell("Low", "low_stock")
    read(admin, "N1")
    for params, numbers in (
        ({}, (5, 4)),
        ({"unread": "true"}, (4, 4)),
        ({"type": "system"}, (4, 4)),
        ({"type": "system", "unread": "true"}, (3, 4)),
    ):
        for size in (1, 2, 100):
            body = listed(admin, per_page=size, **params)
            assert (body["total"], body["unread_count"]) == numbers, (params, size)


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"type": "order"}, "Invalid notification type"),
        ({"type": "ORDER_PAID"}, "Invalid notification type"),
        ({"type": "system", "severity": "fatal"}, "Invalid notification severity"),
        ({"perPage": "0"}, "perPage must be a positive integer"),
        ({"perPage": "-1"}, "perPage must be a positive integer"),
        ({"perPage": "two"}, "perPage must be a positive integer"),
        ({"perPage": "1.5"}, "perPage must be a positive integer"),
    ],
)
def test_what_makes_no_sense_is_refused(admin: Client, params: dict[str, str], error: str) -> None:
    answer = admin.get(PATH, params=params)
    assert (answer.status, answer.error) == (400, error)

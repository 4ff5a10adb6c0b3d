"""Tests of reading, showing and deleting notifications over HTTP."""

from datetime import timedelta

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import put_item
from common.repositories.notifications import (
    NOTIFICATIONS,
    Notification,
)
from tests.shop.routes.test_notifications import (
    MARK_ALL,
    NOW,
    PATH,
    READ_UNREAD,
    id_of,
    listed,
    read,
    tell,
    tell_many,
    titles,
)
from tests.support.http import Client
from tests.support.races import just_after, just_before
from tests.support.tokens import every_guarded_route, guarded_routes


def test_a_read_notification_is_given_back_both_ways(admin: Client) -> None:
    tell("A")
    before = utc_now()
    body = read(admin, "A").json
    entry = body.pop("notification")
    assert body == entry == listed(admin)["notifications"][0]
    assert entry["is_read"] is True
    assert iso(before) <= entry["read_at"] <= iso(utc_now())
    assert entry["updated_at"] == entry["read_at"]


def test_reading_twice_keeps_the_first_time(admin: Client) -> None:
    tell("A")
    first = read(admin, "A").json
    second = read(admin, "A")
    assert (second.status, second.json) == (200, first)


@pytest.mark.parametrize("action", ["mark-all-read", "read-all"])
def test_all_are_read_at_once(admin: Client, action: str) -> None:
    tell("A")
    first = read(admin, "A").json["read_at"]
    tell("B")
    tell("C", "low_stock")
    answer = admin.post(f"{PATH}/{action}")
    assert (answer.status, answer.json) == (200, {"message": "All notifications marked as read"})
    body = listed(admin)
    assert (body["total"], body["unread_count"]) == (3, 0)
    assert all(entry["is_read"] and entry["read_at"] for entry in body["notifications"])
    assert {entry["read_at"] for entry in body["notifications"] if entry["title"] == "A"} == {first}
    assert admin.post(f"{PATH}/{action}").status == 200


def test_one_that_arrives_while_all_are_read_stays_unread(admin: Client) -> None:
    tell("Old")
    with just_after(READ_UNREAD, lambda: tell("New")):
        assert admin.post(f"{PATH}/mark-all-read").status == 200
    assert titles(admin, unread="true") == ["New"]


def test_one_that_arrived_just_before_all_are_read_is_read_too(admin: Client) -> None:
    tell("Old")
    with just_before(READ_UNREAD, lambda: tell("New")):
        assert admin.post(f"{PATH}/mark-all-read").status == 200
    assert titles(admin, unread="true") == []


def test_one_that_is_deleted_while_all_are_read_stays_deleted(admin: Client) -> None:
    tell("A")
    tell("B")
    gone = id_of(admin, "A")
    with just_before(MARK_ALL, lambda: admin.delete(f"{PATH}/{gone}")):
        assert admin.post(f"{PATH}/mark-all-read").status == 200
    body = listed(admin)
    assert [entry["title"] for entry in body["notifications"]] == ["B"]
    assert body["unread_count"] == 0


def test_a_deleted_notification_is_gone(admin: Client) -> None:
    tell("A")
    tell("B")
    gone = id_of(admin, "A")
    answer = admin.delete(f"{PATH}/{gone}")
    assert (answer.status, answer.json) == (200, {"message": "Notification deleted"})
    assert (titles(admin), listed(admin)["total"], listed(admin)["unread_count"]) == (["B"], 1, 1)
    repeated = admin.delete(f"{PATH}/{gone}")
    assert (repeated.status, repeated.json) == (answer.status, answer.json)
    assert admin.patch(f"{PATH}/{gone}/read").status == 404
    assert titles(admin) == ["B"]


@pytest.mark.parametrize("unknown", ["2f1c1a52-6a0e-4d5c-9a43-2d6d0f7f8a11", "7", "%D9%A3" * 32])
def test_a_notification_that_does_not_exist_is_not_found_and_deleted_already(
    admin: Client, unknown: str
) -> None:
    one = f"{PATH}/{unknown}"
    for answer in (admin.get(one), admin.patch(f"{one}/read")):
        assert (answer.status, answer.error) == (404, "Notification not found")
    assert admin.delete(one).status == 200
    assert listed(admin)["total"] == 0


@pytest.mark.parametrize("wrong", ["x" * 300, "a%23b", "%C3%A9"])
def test_what_cannot_be_the_id_of_a_notification_is_not_found(admin: Client, wrong: str) -> None:
    one = f"{PATH}/{wrong}"
    for answer in (admin.get(one), admin.patch(f"{one}/read"), admin.delete(one)):
        assert (answer.status, answer.error) == (404, "Notification not found")


def test_one_notification_is_shown_without_being_read(admin: Client) -> None:
    tell("A")
    (entry,) = listed(admin)["notifications"]
    assert admin.get(f"{PATH}/{entry['id']}").json == entry
    assert listed(admin)["unread_count"] == 1


def test_a_notification_that_came_with_a_number_is_found_by_it(admin: Client) -> None:
    moved = Notification(
        id="7",
        type="order_created",
        title="New Order: ORD-00000001",
        message="Order from the first database",
        severity="info",
        created_at=iso(NOW),
        updated_at=iso(NOW),
        expires_at=epoch(NOW + timedelta(days=90)),
    )
    put_item(NOTIFICATIONS.item(moved))
    for number in ("7", "007"):
        assert admin.get(f"{PATH}/{number}").json["title"] == moved.title
    assert admin.patch(f"{PATH}/7/read").json["is_read"] is True
    assert admin.delete(f"{PATH}/7").status == 200
    assert admin.get(f"{PATH}/7").status == 404


def test_none_a_page_shows_none_and_counts_them(admin: Client) -> None:
    tell_many(3)
    body = listed(admin, per_page=0, page=2)
    assert (body["notifications"], body["total"], body["unread_count"]) == ([], 3, 3)
    assert (body["page"], body["per_page"]) == (2, 0)


def test_expired_notifications_are_nowhere(admin: Client) -> None:
    tell("Expired", moment=utc_now() - timedelta(days=90))
    tell("Kept", moment=utc_now() - timedelta(days=89, hours=23))
    for params in ({}, {"unread": "true"}, {"type": "order_created"}):
        body = listed(admin, **params)
        assert [entry["title"] for entry in body["notifications"]] == ["Kept"]
        assert (body["total"], body["unread_count"]) == (1, 1)
    assert admin.post(f"{PATH}/mark-all-read").status == 200
    assert listed(admin)["total"] == 1


def test_nobody_but_an_administrator_gets_in(visitor: Client) -> None:
    tell("A")
    guarded = {
        (route.method, route.path.removeprefix(PATH))
        for route in guarded_routes(visitor.app)
        if route.path.startswith(PATH)
    }
    assert guarded == {
        ("GET", ""),
        ("GET", "/{notification}"),
        ("PATCH", "/{notification}/read"),
        ("POST", "/mark-all-read"),
        ("POST", "/read-all"),
        ("DELETE", "/{notification}"),
    }
    assert every_guarded_route(visitor.app) >= len(guarded)
    assert visitor.get(PATH).status == 401

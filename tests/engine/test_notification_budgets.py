"""What notifications cost on DynamoDB Local, and what they withstand in parallel."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import Item, UnitOfWork, meter
from common.http import create_app
from common.notifications import notify
from common.repositories.notifications import (
    NOTIFICATIONS,
    Notification,
    all_notifications,
    mark_all_read,
    unread_notifications,
)
from shop.notifications import read_all_notifications
from shop.routes import routes
from tests.support.http import Client
from tests.support.tokens import TOKEN_TRIPS, TOKEN_UNITS, admin_token

PATH = "/api/admin/notifications"
NOW = utc_now() - timedelta(hours=1)


def tell(count: int) -> None:
    """Notifications of the size that an order brings."""
    for start in range(0, count, 100):
        with UnitOfWork() as work:
            for number in range(start, min(start + 100, count)):
                notify(
                    work,
                    type="order_created",
                    title=f"New order: ORD-{number:08}",
                    message=f"Order ORD-{number:08} of 122.00 EUR with 3 lines",
                    metadata={"order_id": number, "order_number": f"ORD-{number:08}"},
                    now=NOW - timedelta(seconds=number),
                )


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(create_app("shop", [routes]), token=admin_token())


@pytest.mark.parametrize(
    ("params", "calls"),
    [({}, 1), ({"unread": "true"}, 1), ({"type": "order_created", "severity": "info"}, 2)],
)
def test_a_list_of_fifty_is_one_round_trip(admin: Client, params: dict[str, str], calls: int) -> None:
    tell(50)
    with meter() as usage:
        answer = admin.get(PATH, params={**params, "per_page": 50})
    assert (answer.json["count"], answer.json["total"], answer.json["unread_count"]) == (50, 50, 50)
    # Those of one type do not say how many of the others are unread.
    assert usage.calls == calls + TOKEN_TRIPS
    assert usage.read_units <= Decimal(4) * calls + TOKEN_UNITS


def test_the_unread_ones_do_not_cost_what_the_others_do(admin: Client) -> None:
    tell(200)
    mark_all_read(all_notifications(epoch(NOW))[1:], NOW)
    with meter() as usage:
        answer = admin.get(PATH, params={"unread": "true"})
    assert (answer.json["total"], usage.calls) == (1, 1 + TOKEN_TRIPS)
    assert usage.read_units <= Decimal("0.5") + TOKEN_UNITS


def test_a_page_of_a_thousand_reads_a_page_and_has_the_rest_counted(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(1000)
    read: list[int] = []
    monkeypatch.setattr(NOTIFICATIONS, "of", _counting(read))
    with meter() as usage:
        first = admin.get(PATH).json
    with meter() as behind:
        second = admin.get(PATH, params={"cursor": first["lastEvaluatedKey"], "page": 40}).json
    assert (first["total"], first["unread_count"], first["count"]) == (1000, 1000, 20)
    assert (second["total"], second["count"], second["notifications"][0]["title"]) == (
        1000,
        20,
        "New order: ORD-00000020",
    )
    # One row more than a page tells whether anything follows; one behind a cursor looks one further.
    assert len(read) <= 2 * 22
    # The page, and the counts of those that are unread and of those that are read.
    assert (usage.calls, behind.calls) == (3 + TOKEN_TRIPS, 3 + TOKEN_TRIPS)
    assert max(usage.read_units, behind.read_units) <= Decimal(82) + TOKEN_UNITS


def _counting(read: list[int]) -> Callable[[Item], Notification]:
    original = NOTIFICATIONS.of

    def counted(item: Item) -> Notification:
        read.append(1)
        return original(item)

    return counted


def test_reading_and_deleting_one_is_one_round_trip(admin: Client) -> None:
    tell(1)
    (entry,) = unread_notifications(epoch(NOW))
    with meter() as reading:
        assert admin.patch(f"{PATH}/{entry.id}/read").status == 200
    with meter() as deletion:
        assert admin.delete(f"{PATH}/{entry.id}").status == 200
    assert (reading.calls, deletion.calls) == (1 + TOKEN_TRIPS, 1 + TOKEN_TRIPS)
    assert reading.write_units <= Decimal(4)
    assert deletion.write_units <= Decimal(3)


def test_a_notification_is_one_small_row_with_two_index_entries(table: str) -> None:
    with meter() as usage:
        tell(1)
    assert usage.calls == 1
    # DynamoDB Local counts 4 units in a transaction for the row and for each of its index entries.
    assert usage.write_units <= Decimal(12)


def test_a_hundred_are_marked_in_two_round_trips(admin: Client) -> None:
    tell(100)
    with meter() as usage:
        assert admin.post(f"{PATH}/mark-all-read").status == 200
    assert usage.calls == 2 + TOKEN_TRIPS
    assert unread_notifications(epoch(NOW)) == []


def test_readers_of_everything_at_once_agree_on_one_time_each(table: str) -> None:
    tell(60)
    moments = [NOW + timedelta(seconds=number) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(read_all_notifications, moments))
    rows = all_notifications(epoch(NOW))
    assert len(rows) == 60
    assert {row.read_at for row in rows} <= {iso(moment) for moment in moments}
    assert all(row.is_read for row in rows)

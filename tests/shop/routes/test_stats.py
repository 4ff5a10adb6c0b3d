"""The figures of the dashboard over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from common.clock import parse_iso
from common.dynamodb import UnitOfWork, put_item
from common.repositories.order_counter import COUNTER_KEY
from common.repositories.personaggi import PERSONAGGI, Personaggio
from shop.stats import dashboard
from tests.catalog.builders import row, store
from tests.support.http import Client

PATH = "/api/admin/stats"
NOW = parse_iso("2026-03-15T10:00:00Z")


def add_works(*statuses: str) -> None:
    """Works of these statuses, each made an hour after the one before on the tenth of March."""
    store(
        row(number, title=f"Work {number}", status=status, created_at=f"2026-03-10T{number:02d}:00:00.000Z")
        for number, status in enumerate(statuses, start=1)
    )


def add_character(number: int, hour: int, *, deleted: bool = False) -> None:
    """A personaggio that was made on the tenth of March."""
    moment = f"2026-03-10T{hour:02d}:30:00.000Z"
    entry = Personaggio(
        id=number,
        order=number,
        created_at=moment,
        updated_at=moment,
        name=f"Ada {number}",
        deleted_at=moment if deleted else None,
    )
    with UnitOfWork() as work:
        PERSONAGGI.add(work, entry)


def sell(orders: int, revenue: str, **months: str) -> None:
    """Writes the tally that checkouts keep; months are named as in `m2026_03`."""
    pk, sk = COUNTER_KEY
    named = {f"sales_{name[1:].replace('_', '-')}": Decimal(amount) for name, amount in months.items()}
    put_item({"PK": pk, "SK": sk, "value": orders, "orders": orders, "revenue": Decimal(revenue), **named})


def sales(now: datetime = NOW) -> list[tuple[str, Decimal]]:
    return [(entry["month"], entry["sales"]) for entry in dashboard(now)["salesData"]]


def test_an_empty_shop_has_nothing_to_count(admin: Client) -> None:
    answer = admin.get(PATH)
    assert answer.status == 200
    months: list[dict[str, Any]] = answer.json.pop("salesData")
    assert [entry["sales"] for entry in months] == [0] * 6
    assert answer.json == {
        "totalProducts": 0,
        "totalOrders": 0,
        "totalPersonaggi": 0,
        "totalRevenue": 0,
        "currency": "EUR",
        "revenueByCurrency": {},
        "recentActivity": [],
    }


def test_everything_that_is_there_is_counted(admin: Client) -> None:
    add_works("published", "draft", "archived", "draft")
    add_character(1, hour=1)
    add_character(2, hour=2, deleted=True)
    sell(3, "125.50")
    shown = admin.get(PATH)
    assert (shown.json["totalProducts"], shown.json["totalPersonaggi"], shown.json["totalOrders"]) == (
        4,
        1,
        3,
    )
    assert shown.json["totalRevenue"] == Decimal("125.5")


def test_sales_are_those_of_the_last_six_months_with_the_oldest_first(table: str) -> None:
    sell(9, "60.00", m2025_09="5.00", m2025_10="10.50", m2026_01="20.00", m2026_03="24.50", m2026_04="1.00")
    assert sales() == [
        ("October", Decimal("10.50")),
        ("November", Decimal(0)),
        ("December", Decimal(0)),
        ("January", Decimal("20.00")),
        ("February", Decimal(0)),
        ("March", Decimal("24.50")),
    ]


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-01-01T00:00:00Z", "August", "January"),
        ("2026-06-30T23:59:59Z", "January", "June"),
        ("2026-12-31T23:59:59Z", "July", "December"),
    ],
)
def test_the_present_month_is_the_last_one(table: str, now: str, first: str, last: str) -> None:
    months = sales(parse_iso(now))
    assert (len(months), months[0][0], months[-1][0]) == (6, first, last)


def test_the_newest_five_of_the_last_three_of_each_kind_are_shown(admin: Client) -> None:
    add_works("draft", "published", "archived", "published")
    for number in range(1, 5):
        add_character(number, hour=number + 10)
    entries = admin.get(PATH).json["recentActivity"]
    assert [(entry["type"], entry["description"]) for entry in entries] == [
        ("personaggio", "New personaggio: Ada 4"),
        ("personaggio", "New personaggio: Ada 3"),
        ("personaggio", "New personaggio: Ada 2"),
        ("product", "New product: Work 4"),
        ("product", "New product: Work 3"),
    ]
    assert entries[0]["time"] == "2026-03-10T14:30:00.000Z"

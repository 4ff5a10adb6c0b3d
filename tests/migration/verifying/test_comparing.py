"""The canonical form of rows: equal for what is the same, different for everything else."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from migration.verifying.comparing import checksum, comparable

ROME = timezone(timedelta(hours=2))


def value(table: str, column: str, found: Any, *bases: str) -> Any:
    return comparable(table, {column: found}, bases)[column]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 31, 10, 0, 0, 123_999),  # noqa: DTZ001 (as PostgreSQL gives it)
        datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC),
        datetime(2026, 1, 31, 12, 0, 0, 123_456, tzinfo=ROME),
    ],
)
def test_times_are_compared_to_the_millisecond_in_utc(moment: datetime) -> None:
    assert value("orders", "created_at", moment) == "2026-01-31T10:00:00.123Z"


@pytest.mark.parametrize("amount", [25, Decimal(25), Decimal("25.0"), Decimal("25.00"), Decimal("2.5E+1")])
def test_amounts_have_the_decimals_of_their_column(amount: Any) -> None:
    found = value("orders", "total", amount)
    assert (found, str(found)) == (Decimal("25.00"), "25.00")


def test_no_digit_of_an_amount_is_lost() -> None:
    long = Decimal("12345678901234567890123456789012345.678")
    assert str(value("orders", "total", long)) == str(long)
    assert str(value("orders", "total", Decimal("-0.00"))) == "0.00"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": [None, True]}, {"b": [None, True], "a": Decimal("1.0")}),
        ([Decimal("1E+2")], [100]),
        ([10**50], [Decimal("1E+50")]),
        ({"": Decimal("0.10")}, {"": Decimal("0.1")}),
    ],
)
def test_json_that_means_the_same_is_the_same(one: Any, other: Any) -> None:
    sums = {checksum(comparable("orders", {"shipping_address": found})) for found in (one, other)}
    assert len(sums) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [([1], [True]), (["1"], [1]), ([], {}), ("", None), ([None], []), ([0], [False]), ([1, 2], [2, 1])],
)
def test_json_that_means_something_else_differs(one: Any, other: Any) -> None:
    sums = {checksum(comparable("orders", {"shipping_address": found})) for found in (one, other)}
    assert len(sums) == 2


def test_an_absent_column_is_null_and_an_empty_text_is_not() -> None:
    assert comparable("categories", {})["description"] is None
    assert checksum(comparable("categories", {})) == checksum(comparable("categories", {"description": None}))
    assert checksum(comparable("categories", {})) != checksum(comparable("categories", {"description": ""}))


def test_an_upload_is_the_same_under_every_address_of_the_shops_own() -> None:
    base = "https://shop.example.com"
    for address in ("/uploads/a.png", "uploads/a.png", f"{base}/uploads/a.png"):
        assert value("product_images", "url", address, base) == "uploads/a.png"
    assert value("product_images", "url", f"{base}/uploads/a.png") == f"{base}/uploads/a.png"
    assert value("fumetti", "pages", ["/uploads/a", {"b": "/uploads/b"}], base)[0] == "uploads/a"
    # A text of another kind is compared as it is.
    assert value("products", "etsy_link", "/uploads/a.png", base) == "/uploads/a.png"

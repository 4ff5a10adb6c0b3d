"""A column's declaration says what it becomes, what stands for what is missing, and how it comes back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from migration.mapping.reading import absent, attributes, row_of
from migration.mapping.records import BadRow, Context
from migration.schema.columns import (
    CREATED,
    ELSEWHERE,
    ID,
    UPDATED,
    Column,
    Table,
    flag,
    media,
    moment,
    money,
    text,
    whole,
)
from migration.schema.tables import TABLES

AS_OF = datetime(2026, 1, 31, 10, tzinfo=UTC)
CONTEXT = Context(as_of=AS_OF, media_bases=("https://shop.example.com",))
TABLE = Table(
    "works",
    (
        ID,
        text("title", 50),
        text("currency", 3, default="'EUR'"),
        money("value", default="0", becomes="price"),
        flag("is_shown", default="true"),
        media("cover", 100, null=True),
        whole("place", null=True, part="DETAILS"),
        text("odd", 9, null=True, becomes=ELSEWHERE),
        CREATED,
        UPDATED,
    ),
)
LENIENT = Table(
    "links",
    (ID, text("shop", 9, is_key=True), text("name", 9), whole("count"), moment("seen_at")),
    fills_gaps=True,
)


def test_each_column_becomes_the_attribute_that_it_names() -> None:
    row = {"id": 1, "title": "T", "currency": "USD", "value": 5, "cover": "/uploads/a.png", "place": 3}
    found = attributes(TABLE, row | {"is_shown": False, "odd": "x", "created_at": AS_OF}, CONTEXT)
    assert found == {
        "id": 1,
        "title": "T",
        "currency": "USD",
        "price": Decimal(5),
        "is_shown": False,
        "cover": "uploads/a.png",
        "created_at": "2026-01-31T10:00:00.000Z",
        "updated_at": "2026-01-31T10:00:00.000Z",
    }
    assert attributes(TABLE, row, CONTEXT, "DETAILS") == {"place": 3}


def test_what_is_missing_is_what_the_declaration_says() -> None:
    found = attributes(TABLE, {"id": 1, "title": "T"}, CONTEXT)
    assert (found["currency"], found["price"], found["is_shown"]) == ("EUR", Decimal(0), True)
    assert (found["cover"], found["created_at"]) == (None, "2026-01-31T10:00:00.000Z")


@pytest.mark.parametrize(("row", "words"), [({}, "title is missing"), ({"title": None}, "title is NULL")])
def test_without_a_default_the_row_cannot_be_moved(row: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRow, match=f"works 1: {words}"):
        attributes(TABLE, {"id": 1, **row}, CONTEXT)


def test_a_table_that_fills_gaps_takes_nothing_of_each_type_and_tells_where() -> None:
    row = {"id": 1, "shop": "s"}
    found = attributes(LENIENT, row, CONTEXT)
    assert (found["name"], found["count"], found["seen_at"]) == ("", 0, "2026-01-31T10:00:00.000Z")
    assert absent(LENIENT, row) == ["count", "name", "seen_at"]
    with pytest.raises(BadRow, match="links 1: has no shop"):
        attributes(LENIENT, {"id": 1, "shop": ""}, CONTEXT)


def test_attributes_come_back_as_columns() -> None:
    row = row_of(
        TABLE, {"id": 1, "price": 5, "cover": "uploads/a.png", "created_at": "2026-01-31T10:00:00.000Z"}
    )
    assert (row["value"], row["cover"], row["currency"]) == (Decimal(5), "/uploads/a.png", "EUR")
    # As PostgreSQL's `timestamp` has it.
    assert row["created_at"] == AS_OF.replace(tzinfo=None)
    assert row_of(TABLE, {"place": 3}, "DETAILS", odd="x") == {"place": 3, "odd": "x"}
    with pytest.raises(KeyError):
        row_of(LENIENT, {"id": 1})


def test_earlier_names_and_secrets_are_those_of_the_declarations() -> None:
    assert TABLES["audit_logs"].earlier == {"actor": "user_id", "diff": "changes"}
    assert TABLES["fumetti"].media == {"cover_image", "pages"}
    assert TABLES["etsy_oauth_tokens"].secrets == {"access_token", "refresh_token"}
    assert [column.name for column in TABLES["carts"].given_up] == ["expires_at"]


def test_no_two_columns_of_a_row_become_one_attribute() -> None:
    for table in TABLES.values():
        for columns in table.mapped.values():
            names = [column.attribute for column in columns]
            assert len(set(names)) == len(names), table.name


def test_what_is_always_set_here_may_be_missing_there() -> None:
    found = {
        column.name for column in TABLES["discount_codes"].columns if column.null and column.is_always_set
    }
    assert found == {"valid_from"}
    assert not Column("a", "text", null=True).is_always_set

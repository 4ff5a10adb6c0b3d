"""Cursors and paging as AWS's own engine checks them."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import (
    InvalidCursor,
    Item,
    Query,
    attr,
    batch_write,
    count,
    delete_item,
    fetch_all,
    fetch_page,
    sort_key,
)

NOW = 1_800_000_000


def walked(wanted: Query, size: int) -> list[Item]:
    items: list[Item] = []
    cursor = None
    while True:
        page = fetch_page(wanted, size, cursor, now=NOW)
        items += page.items
        cursor = page.cursor
        if cursor is None:
            return items
        assert len(page.items) == size


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20),
    st.integers(1, 6),
    st.booleans(),
    st.booleans(),
)
def test_pages_of_an_index_neither_skip_nor_repeat(
    table: str, rows: list[tuple[bool, bool]], size: int, descending: bool, alike: bool
) -> None:
    partition = str(uuid4())
    items = [
        {
            "PK": f"{partition}#{number:02}",
            "SK": "METADATA",
            "GSI1PK": partition,
            "GSI1SK": "alike" if alike else f"{number:02}",
            "matches": matches,
            "expires_at": NOW + lives,
        }
        for number, (matches, lives) in enumerate(rows)
    ]
    batch_write(items)
    wanted = Query(partition, index="GSI1", descending=descending, where=attr("matches").eq(True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.dynamodb.query.FILTERED_LIMIT", 2)
        found = walked(wanted, size)
    expected = [item for item, (matches, lives) in zip(items, rows, strict=True) if matches and lives]
    assert len(found) == len(expected) == count(wanted, now=NOW)
    assert sorted(item["PK"] for item in found) == [item["PK"] for item in expected]
    if not alike:
        assert found == (expected[::-1] if descending else expected)


@pytest.mark.parametrize("wanted", [Query("P"), Query("G", index="GSI1")])
def test_the_place_of_a_deleted_item_is_still_a_place(table: str, wanted: Query) -> None:
    batch_write([{"PK": "P", "SK": f"{number}", "GSI1PK": "G", "GSI1SK": f"{number}"} for number in range(6)])
    first = fetch_page(wanted, 2)
    delete_item(("P", first.items[-1]["SK"]))
    rest = fetch_page(wanted, 10, first.cursor)
    assert [item["SK"] for item in rest.items] == ["2", "3", "4", "5"]


def test_a_cursor_outside_the_sort_condition_of_another_query_never_reaches_the_engine(table: str) -> None:
    batch_write([{"PK": "P", "SK": f"{number}"} for number in range(6)])
    cursor = fetch_page(Query("P"), 1).cursor
    with pytest.raises(InvalidCursor):
        fetch_page(Query("P", sort=sort_key().gt("3")), 1, cursor)


def test_more_than_a_megabyte_is_read_to_its_end(table: str) -> None:
    items = [{"PK": "P", "SK": f"{number}", "text": "x" * 350_000} for number in range(7)]
    assert batch_write(items).failed == []
    assert fetch_all(Query("P")) == items
    assert count(Query("P")) == 7
    assert walked(Query("P"), 3) == items

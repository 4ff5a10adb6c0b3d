"""Tests of queries: what they find, how they page by themselves, and what their cursors accept."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import (
    InvalidCursor,
    Item,
    Page,
    Query,
    SortCondition,
    attr,
    batch_write,
    count,
    delete_item,
    fetch_all,
    fetch_page,
    meter,
    put_item,
    query,
    read_cursor,
    sign_cursor,
    sort_key,
)
from tests.support import wire
from tests.support.races import just_after

NOW = 1_800_000_000
SORTS = ["A", "B#1", "B#2", "C", "D"]


class Row(NamedTuple):
    """What decides whether a row is among the results."""

    matches: bool
    expired: bool


rows = st.lists(st.builds(Row, st.booleans(), st.booleans()), max_size=25)


def numbered(amount: int, partition: str = "P") -> list[Item]:
    return [{"PK": partition, "SK": f"{number:03}", "number": number} for number in range(amount)]


def stored(amount: int, partition: str = "P") -> list[Item]:
    items = numbered(amount, partition)
    assert batch_write(items).failed == []
    return items


def all_pages(wanted: Query, size: int, now: int | None = None) -> list[Page]:
    pages = [fetch_page(wanted, size, now=now)]
    while pages[-1].cursor is not None:
        pages.append(fetch_page(wanted, size, pages[-1].cursor, now=now))
    return pages


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (None, SORTS),
        (sort_key().eq("C"), ["C"]),
        (sort_key().lt("C"), ["A", "B#1", "B#2"]),
        (sort_key().le("C"), ["A", "B#1", "B#2", "C"]),
        (sort_key().gt("C"), ["D"]),
        (sort_key().ge("C"), ["C", "D"]),
        (sort_key().between("B#2", "C"), ["B#2", "C"]),
        (sort_key().begins_with("B#"), ["B#1", "B#2"]),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("index", [None, "GSI2"])
def test_sort_conditions_choose_part_of_a_partition(
    table: str, sort: SortCondition | None, expected: list[str], descending: bool, index: str | None
) -> None:
    batch_write([{"PK": "P", "SK": it, "GSI2PK": "P", "GSI2SK": it} for it in SORTS])
    put_item({"PK": "Q", "SK": "C", "GSI2PK": "Q", "GSI2SK": "C"})
    wanted = Query("P", sort=sort, index=index, descending=descending)
    found = [item["SK"] for item in fetch_all(wanted)]
    assert found == (expected[::-1] if descending else expected)
    assert count(wanted) == len(expected)


def test_an_empty_partition_has_nothing(table: str) -> None:
    assert fetch_all(Query("P")) == []
    assert fetch_page(Query("P"), 5) == Page([], None)
    assert count(Query("P")) == 0


@pytest.mark.parametrize(("limit", "amount"), [(None, 5), (0, 0), (3, 3), (5, 5), (9, 5)])
def test_a_limit_bounds_what_is_fetched(table: str, limit: int | None, amount: int) -> None:
    items = stored(5)
    assert fetch_all(Query("P"), limit=limit) == items[:amount]


def test_no_more_is_read_than_is_missing(table: str) -> None:
    stored(9)
    sent = wire.sent_parameters("Query")
    fetch_all(Query("P"), limit=4)
    fetch_page(Query("P"), 4)
    fetch_all(Query("P"))
    assert [parameters.get("Limit") for parameters in sent] == [4, 5, None]


def test_a_selection_has_only_the_attributes_asked_for(table: str) -> None:
    put_item({"PK": "P", "SK": "A", "name": "ink", "url": "u", "expires_at": NOW + 1})
    put_item({"PK": "P", "SK": "B", "url": "u", "expires_at": NOW})
    put_item({"PK": "P", "SK": "C", "url": "u"})
    wanted = Query("P", select=("name", "SK"))
    assert fetch_all(wanted, now=NOW) == [{"name": "ink", "SK": "A"}, {"SK": "C"}]
    assert [page.items for page in all_pages(wanted, 1, NOW)] == [[{"name": "ink", "SK": "A"}], [{"SK": "C"}]]


def test_expired_items_are_absent_everywhere(table: str) -> None:
    put_item({"PK": "P", "SK": "A", "expires_at": NOW})
    put_item({"PK": "P", "SK": "B", "expires_at": NOW + 1})
    put_item({"PK": "P", "SK": "C"})
    assert [item["SK"] for item in fetch_all(Query("P"), now=NOW)] == ["B", "C"]
    assert [item["SK"] for item in fetch_page(Query("P"), 5, now=NOW).items] == ["B", "C"]
    assert count(Query("P"), now=NOW) == 2
    assert fetch_all(Query("P"), limit=1, now=NOW)[0]["SK"] == "B"


def test_the_clock_decides_what_is_expired_by_default(table: str) -> None:
    put_item({"PK": "P", "SK": "A", "expires_at": 1})
    put_item({"PK": "P", "SK": "B", "expires_at": 99_999_999_999})
    assert [item["SK"] for item in fetch_all(Query("P"))] == ["B"]
    assert count(Query("P")) == 1


@pytest.mark.exhaustive
@settings(max_examples=50)
@given(rows, st.integers(1, 7), st.integers(1, 5), st.booleans(), st.booleans())
def test_pages_neither_skip_nor_repeat_and_are_full(
    table: str, rows: list[Row], size: int, reach: int, filtered: bool, descending: bool
) -> None:
    partition = str(uuid4())
    items = [
        {"PK": partition, "SK": f"{number:02}", "matches": row.matches, "expires_at": NOW + (not row.expired)}
        for number, row in enumerate(rows)
    ]
    batch_write(items)
    expected = [it for it, row in zip(items, rows, strict=True) if not row.expired]
    if filtered:
        expected = [item for item in expected if item["matches"]]
    where = attr("matches").eq(True) if filtered else None
    wanted = Query(partition, where=where, descending=descending)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.dynamodb.query.FILTERED_LIMIT", reach)
        pages = all_pages(wanted, size, NOW)
        limited = fetch_all(wanted, limit=size, now=NOW)
    found = [item for page in pages for item in page.items]
    assert found == (expected[::-1] if descending else expected)
    assert [len(page.items) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert pages[-1].items or not expected
    assert limited == found[:size]
    assert count(wanted, now=NOW) == len(found)


def test_rows_with_one_sort_key_in_an_index_are_paged_one_by_one(table: str) -> None:
    batch_write([{"PK": f"P{number}", "SK": "A", "GSI1PK": "ALL", "GSI1SK": "SAME"} for number in range(7)])
    pages = all_pages(Query("ALL", index="GSI1"), 2)
    assert [len(page.items) for page in pages] == [2, 2, 2, 1]
    assert {item["PK"] for page in pages for item in page.items} == {f"P{number}" for number in range(7)}


def test_what_comes_and_goes_between_pages_moves_nothing_else(table: str) -> None:
    stored(8)
    first = fetch_page(Query("P"), 3)
    put_item({"PK": "P", "SK": "000a"})
    delete_item(("P", "001"))
    delete_item(("P", "002"))
    second = fetch_page(Query("P"), 3, first.cursor)
    assert [item["SK"] for item in second.items] == ["003", "004", "005"]


def test_what_follows_may_vanish_before_the_next_page(table: str) -> None:
    stored(3)
    first = fetch_page(Query("P"), 2)
    delete_item(("P", "002"))
    assert fetch_page(Query("P"), 2, first.cursor) == Page([], None)


def test_a_large_partition_is_read_to_its_end(table: str) -> None:
    # The service answers with at most 1 MB at a time.
    items = [{"PK": "P", "SK": str(number), "text": "x" * 300_000} for number in range(8)]
    for item in items:
        put_item(item)
    with meter() as usage:
        assert fetch_all(Query("P")) == items
    assert usage.calls > 1
    assert count(Query("P")) == 8
    assert [item for page in all_pages(Query("P"), 5) for item in page.items] == items


def test_a_page_behind_many_expired_rows_takes_few_calls(table: str) -> None:
    batch_write([item | {"expires_at": NOW} for item in numbered(500)])
    put_item({"PK": "P", "SK": "999"})
    with meter() as usage:
        assert [item["SK"] for item in fetch_page(Query("P"), 1, now=NOW).items] == ["999"]
    assert usage.calls <= 9


def test_a_page_of_rare_matches_takes_few_calls(table: str) -> None:
    batch_write(numbered(500))
    with meter() as usage:
        found = fetch_page(Query("P", where=attr("number").eq(498)), 1)
    assert [item["number"] for item in found.items] == [498]
    assert found.cursor is None
    assert usage.calls <= 3


def test_however_many_trips_it_takes_the_limit_stays_one_that_the_engine_accepts(table: str) -> None:
    start = {"PK": {"S": "P"}, "SK": {"S": "000"}}
    sent = wire.sent_parameters("Query")
    wire.answer_calls("Query", [{"Items": [], "LastEvaluatedKey": start}] * 60)
    assert fetch_page(Query("P", where=attr("number").eq(1)), 1) == Page([], None)
    assert len(sent) == 61
    assert max(parameters["Limit"] for parameters in sent) < 2**31


OTHER_QUERIES: list[Query] = [
    Query("Q"),
    Query("P", descending=True),
    Query("P", index="GSI1"),
    Query("P", sort=sort_key().gt("0")),
    Query("P", where=attr("number").gt(1)),
]


@pytest.mark.parametrize("other", OTHER_QUERIES)
def test_a_cursor_of_another_query_is_refused(table: str, other: Query) -> None:
    stored(3)
    cursor = fetch_page(Query("P"), 1).cursor
    with pytest.raises(InvalidCursor):
        fetch_page(other, 1, cursor)


def test_a_cursor_of_another_table_is_refused(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(3)
    cursor = fetch_page(Query("P"), 1).cursor
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "another")
    with pytest.raises(InvalidCursor):
        fetch_page(Query("P"), 1, cursor)


def test_a_cursor_holds_for_other_page_sizes_and_selections(table: str) -> None:
    stored(6)
    cursor = fetch_page(Query("P", where=attr("number").is_in([1, 3, 5])), 1).cursor
    rest = fetch_page(Query("P", where=attr("number").is_in([1, 3, 5]), consistent=False), 5, cursor)
    assert [item["number"] for item in rest.items] == [3, 5]


def _without_sort_key(payload: dict[str, Any]) -> None:
    del payload["SK"]


def _with_a_number(payload: dict[str, Any]) -> None:
    payload["SK"] = 1


def _with_more(payload: dict[str, Any]) -> None:
    payload["GSI1PK"] = "P"


@pytest.mark.parametrize("damage", [_without_sort_key, _with_a_number, _with_more])
def test_a_signed_cursor_of_another_form_is_refused(
    table: str, damage: Callable[[dict[str, Any]], None]
) -> None:
    stored(3)
    cursor = fetch_page(Query("P"), 1).cursor
    assert cursor is not None
    scope = query._scope(query._parameters(Query("P")))
    payload = read_cursor(cursor, scope)
    damage(payload)
    with pytest.raises(InvalidCursor):
        fetch_page(Query("P"), 1, sign_cursor(payload, scope))


def test_a_tampered_cursor_is_refused_before_anything_is_read(table: str) -> None:
    sent = wire.sent_parameters("Query")
    with pytest.raises(InvalidCursor):
        fetch_page(Query("P"), 1, "bm90.b3Vycw")
    assert sent == []


def test_a_consistent_query_sees_what_was_just_written(table: str) -> None:
    sent = wire.sent_parameters("Query")
    with just_after("common.dynamodb.items.call", lambda: fetch_all(Query("P", consistent=True))):
        put_item({"PK": "P", "SK": "A"})
    fetch_all(Query("P"))
    assert [parameters.get("ConsistentRead") for parameters in sent] == [True, None]


def test_a_page_holds_at_least_one_item(table: str) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        fetch_page(Query("P"), 0)


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"index": "GSI4"}, "no index"), ({"index": "GSI1", "consistent": True}, "consistently")],
)
def test_impossible_queries_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Query("P", **options)

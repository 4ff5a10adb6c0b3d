"""Tests of the counters, one caller at a time and with a rival in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import get_item, next_id, next_ids, raise_counter
from tests.support.races import just_before


def test_ids_start_at_1_and_go_on(table: str) -> None:
    assert [next_id("PRODUCT_ID") for _ in range(3)] == [1, 2, 3]
    assert next_ids("PRODUCT_ID", 3) == range(4, 7)
    assert next_id("PRODUCT_ID") == 7


def test_counters_do_not_know_each_other(table: str) -> None:
    next_ids("PRODUCT_ID", 5)
    assert next_id("VARIANT_ID") == 1
    assert get_item(("COUNTER", "PRODUCT_ID")) == {"PK": "COUNTER", "SK": "PRODUCT_ID", "value": 5}


@settings(max_examples=25)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_no_id_is_given_out_twice(table: str, counts: list[int]) -> None:
    first = next_id("ANY")
    given_out = [number for count in counts for number in next_ids("ANY", count)]
    assert given_out == list(range(first + 1, first + 1 + sum(counts)))


@pytest.mark.parametrize("count", [0, -1])
def test_nothing_to_reserve_is_refused(table: str, count: int) -> None:
    with pytest.raises(ValueError, match="reserve"):
        next_ids("ANY", count)
    assert get_item(("COUNTER", "ANY")) is None


def test_a_raised_counter_gives_out_higher_ids(table: str) -> None:
    raise_counter("ANY", 100)
    assert next_id("ANY") == 101


@settings(max_examples=25)
@given(st.lists(st.integers(0, 40), max_size=6))
def test_raising_never_lowers(table: str, targets: list[int]) -> None:
    before = next_id("ANY")
    for target in targets:
        raise_counter("ANY", target)
    assert next_id("ANY") == max([before, *targets]) + 1


def test_ids_given_out_while_a_raise_is_under_way_are_not_given_out_again(table: str) -> None:
    def rival() -> None:
        next_ids("ANY", 200)

    with just_before("common.dynamodb.counters.update_item", rival):
        raise_counter("ANY", 100)
    assert next_id("ANY") == 201

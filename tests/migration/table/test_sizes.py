"""Sizes are DynamoDB's, and what it cannot hold is refused before it is sent."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import to_wire
from migration.table.sizes import MAX_ITEM_BYTES, item_size, why_not_storable, write_units

KEY = {"PK": "A#1", "SK": "METADATA"}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("", 0),
        ("abc", 3),
        ("è\U0001f98e", 6),
        (0, 2),
        (7, 2),
        (12, 2),
        (123, 3),
        (1200, 2),
        (-12, 3),
        (Decimal("1.50"), 2),
        (True, 1),
        (None, 1),
        (b"abc", 3),
        ([], 3),
        (["a", 1], 3 + 2 + 1 + 2),
        ({"ab": "c"}, 3 + 1 + 2 + 1),
        ({"a", "bc"}, 3),
        ({1, 22}, 4),
    ],
)
def test_a_value_has_the_size_that_dynamodb_counts(value: object, size: int) -> None:
    assert item_size({"n": value}) == 1 + size


def test_an_entry_in_each_index_costs_as_much_again() -> None:
    item = {**KEY, "GSI1PK": "x", "GSI1SK": "y", "GSI2PK": "x", "GSI2SK": "y"}
    assert write_units(KEY) == 1
    assert write_units(item) == 3
    assert write_units({**item, "text": "x" * 1024}) == 6


def test_an_item_of_the_largest_size_is_accepted_and_one_byte_more_is_not() -> None:
    room = MAX_ITEM_BYTES - item_size({**KEY, "text": ""})
    assert why_not_storable({**KEY, "text": "x" * room}) is None
    reason = why_not_storable({**KEY, "text": "x" * (room + 1)})
    assert reason == "would be an item of 409,601 bytes; DynamoDB holds 409,600"


def test_a_long_json_of_small_items_does_not_mislead() -> None:
    assert why_not_storable({**KEY, "text": "\U0001f98e" * 50_000}) is None


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({**KEY, "n": 10**38 + 1}, "n has more than 38 significant digits"),
        ({**KEY, "t": "\ud800"}, "not valid Unicode"),
        ({"PK": "x" * 2049, "SK": "y"}, "PK would have 2,049 bytes"),
        ({"PK": "x", "SK": "è" * 513}, "SK would have 1,026 bytes"),
        ({**KEY, "GSI1PK": "x", "GSI1SK": ""}, "GSI1SK would have 0 bytes"),
    ],
)
def test_what_cannot_be_stored_is_explained(item: dict[str, Any], words: str) -> None:
    assert words in (why_not_storable(item) or "")


_values = st.recursive(
    st.text() | st.integers(-(10**30), 10**30) | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(min_size=1), _values))
def test_the_json_of_an_item_is_never_shorter_than_the_item(item: dict[str, Any]) -> None:
    import json

    assert len(json.dumps(to_wire(item))) >= item_size(item)

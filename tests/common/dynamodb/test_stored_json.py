"""JSON of any shape can be stored and comes back equal."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import from_wire, to_wire
from common.dynamodb.stored_json import from_stored, to_stored

NUMBERS = st.integers(-(10**60), 10**60) | st.decimals(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def through_the_table(value: Any) -> Any:
    row = {"document": {"parts": {"7": {"value": to_stored(value)}}}}
    return from_stored(from_wire(to_wire(row))["document"]["parts"]["7"]["value"])


@given(JSON)
def test_any_json_comes_back(value: Any) -> None:
    assert through_the_table(value) == value


@pytest.mark.parametrize(
    "value",
    [
        {"": 1},
        {"a": [{"": None}]},
        {"n": 10**40 + 1},
        Decimal("1E+400"),
        nested(40),
        nested(28),
        {"$json": "[]"},
        {"$json": "no JSON"},
        {"a": "\ud800"},
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_dynamodb_cannot_hold_is_kept_as_text(value: Any) -> None:
    assert list(to_stored(value)) == ["$json"]
    assert through_the_table(value) == value


@pytest.mark.parametrize("value", [None, {}, [], "", 0, False, "text", {"a": {"$json": "[]"}}, {"$json": 1}])
def test_everything_else_is_stored_as_it_is(value: Any) -> None:
    assert to_stored(value) == value
    assert through_the_table(value) == value

"""Values at the limits, judged by AWS's own engine."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import (
    Query,
    UnstorableValue,
    fetch_all,
    get_client,
    get_item,
    put_item,
    to_wire,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)
numbers = st.integers(-(10**38) + 1, 10**38 - 1) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**28) + 1, 10**28 - 1),
    st.integers(-102, 90),
)
filled = texts.filter(bool)
leaves = (
    texts
    | numbers
    | st.booleans()
    | st.none()
    | st.binary(max_size=12)
    | st.sets(filled, min_size=1, max_size=4)
    | st.sets(numbers, min_size=1, max_size=4)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(filled, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(values)
def test_what_the_engine_stores_is_what_was_given(table: str, value: Any) -> None:
    key = (str(uuid4()), "A")
    put_item({"PK": key[0], "SK": key[1], "value": value})
    assert get_item(key) == {"PK": key[0], "SK": key[1], "value": value}


@pytest.mark.parametrize(
    "value",
    [
        10**38 - 1,
        10**125,
        Decimal("9." + "9" * 37 + "E+125"),
        Decimal("-9." + "9" * 37 + "E+125"),
        Decimal("1E-130"),
        Decimal("-1E-130"),
        Decimal("1." + "2" * 37),
    ],
)
def test_the_largest_and_smallest_numbers_pass_exactly(table: str, value: int | Decimal) -> None:
    put_item({"PK": "P", "SK": "A", "value": value})
    assert get_item(("P", "A")) == {"PK": "P", "SK": "A", "value": value}


@pytest.mark.parametrize("number", ["1E+126", "1E-131", "1" * 39])
def test_the_engine_refuses_the_numbers_that_the_codec_refuses(table: str, number: str) -> None:
    client = get_client()
    with pytest.raises(client.exceptions.ClientError, match="ValidationException"):
        client.put_item(TableName=table, Item={"PK": {"S": "P"}, "SK": {"S": "A"}, "n": {"N": number}})
    assert fetch_all(Query("P")) == []


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"in": value}
    return value


def test_the_deepest_value_that_the_codec_writes_is_stored(table: str) -> None:
    put_item({"PK": "P", "SK": "A", "value": _nested(31)})
    assert get_item(("P", "A")) == {"PK": "P", "SK": "A", "value": _nested(31)}


def test_a_level_more_is_refused_by_both(table: str) -> None:
    with pytest.raises(UnstorableValue, match="32 levels"):
        put_item({"PK": "P", "SK": "A", "value": _nested(32)})
    client = get_client()
    wire = to_wire({"PK": "P", "SK": "A", "value": _nested(31)})
    wire["value"] = {"M": {"out": wire["value"]}}
    with pytest.raises(client.exceptions.ClientError, match="Nesting Levels"):
        client.put_item(TableName=table, Item=wire)

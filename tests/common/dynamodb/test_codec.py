"""Tests of the wire format: exact both ways, and refusing what DynamoDB cannot hold."""

from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, cast

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import (
    UnstorableValue,
    from_wire,
    from_wire_value,
    key_of,
    to_wire,
    to_wire_value,
)
from common.dynamodb.codec import WRITE_ID, key_to_wire

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = texts.filter(bool)
integers = st.integers(-(10**38) + 1, 10**38 - 1)
decimals = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**28) + 1, 10**28 - 1),
    st.integers(-100, 90),
)
numbers = integers | decimals
scalars = texts | numbers | st.booleans() | st.none() | st.binary(max_size=20)
sets = (
    st.sets(texts, min_size=1, max_size=4)
    | st.sets(numbers, min_size=1, max_size=4)
    | st.frozensets(st.binary(max_size=4), min_size=1, max_size=4)
)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=20,
    )


values = nested(scalars | sets)
# boto3 reads no number whose digits, trailing zeros included, are more than 38.
values_for_boto3 = nested(
    texts | st.booleans() | st.integers(-(10**30), 10**30) | st.decimals(0, 1000, places=4)
)
items = st.dictionaries(names.filter(lambda name: name != WRITE_ID), values, max_size=6)


class Status(StrEnum):
    ACTIVE = "active"


class Level(IntEnum):
    HIGH = 3


@given(items)
def test_what_is_written_is_read_back_equal(item: dict[str, Any]) -> None:
    assert from_wire(to_wire(item)) == item


def test_an_attribute_that_reading_would_lose_is_refused() -> None:
    with pytest.raises(UnstorableValue, match=f"{WRITE_ID} is the access layer's own name"):
        to_wire({"PK": "P", "SK": "S", WRITE_ID: []})


@given(values_for_boto3)
def test_the_wire_form_means_to_boto3_what_it_means_here(value: Any) -> None:
    wire = to_wire_value(value)
    read_by_boto3: object = TypeDeserializer().deserialize(cast("Any", wire))
    assert read_by_boto3 == from_wire_value(wire) == value


@given(numbers)
def test_whole_numbers_are_read_as_int_and_others_as_decimal(number: int | Decimal) -> None:
    read = from_wire_value(to_wire_value(number))
    assert type(read) is (int if number == int(number) else Decimal)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ("", {"S": ""}),
        ("àé", {"S": "àé"}),
        (0, {"N": "0"}),
        (-12, {"N": "-12"}),
        (True, {"BOOL": True}),
        (None, {"NULL": True}),
        (b"\x00", {"B": b"\x00"}),
        (bytearray(b"a"), {"B": b"a"}),
        (Decimal("12.50"), {"N": "12.5"}),
        (Decimal("1E+3"), {"N": "1000"}),
        (Decimal("-0.00"), {"N": "0"}),
        (Decimal("1." + "0" * 60), {"N": "1"}),
        (("a", 1), {"L": [{"S": "a"}, {"N": "1"}]}),
        ({"a": {}}, {"M": {"a": {"M": {}}}}),
        (MappingProxyType({"a": 1}), {"M": {"a": {"N": "1"}}}),
        (set("gfedcba"), {"SS": list("abcdefg")}),
        ({30, 2, 1}, {"NS": ["1", "2", "30"]}),
        (frozenset({b"b", b"a"}), {"BS": [b"a", b"b"]}),
        (Status.ACTIVE, {"S": "active"}),
        (Level.HIGH, {"N": "3"}),
    ],
)
def test_wire_forms(value: object, wire: dict[str, Any]) -> None:
    assert to_wire_value(value) == wire


def test_subclasses_of_text_become_plain_text() -> None:
    assert type(to_wire_value(Status.ACTIVE)["S"]) is str


def test_numbers_of_the_engine_in_exponent_form_are_read() -> None:
    assert from_wire_value({"N": "1E+2"}) == Decimal(100)
    assert from_wire_value({"N": "1.5E-10"}) == Decimal("1.5E-10")


@pytest.mark.parametrize(
    "value",
    [
        10**38 - 1,
        -(10**38) + 1,
        10**125,
        Decimal("9." + "9" * 37 + "E+125"),
        Decimal("1E-130"),
        Decimal("-1E-130"),
        Decimal("1." + "2" * 37),
    ],
)
def test_the_largest_and_smallest_numbers_pass(value: int | Decimal) -> None:
    assert from_wire_value(to_wire_value(value)) == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "float"),
        (float("nan"), "float"),
        (Decimal("NaN"), "finite"),
        (Decimal("sNaN"), "finite"),
        (Decimal("-Infinity"), "finite"),
        (10**38 + 1, "38 significant digits"),
        (Decimal("1." + "1" * 38), "38 significant digits"),
        (10**126, "out of range"),
        pytest.param(-(10**5000), "out of range", id="beyond what Python writes as text"),
        (Decimal("1E+126"), "out of range"),
        (Decimal("1E-131"), "out of range"),
        (set(), "empty set"),
        (frozenset(), "empty set"),
        ({"a", 1}, "only texts"),
        ({True}, "only texts"),
        ({("a",)}, "only texts"),
        (object(), "object"),
        ("\ud800", "Unicode"),
        ({1: "a"}, "names are texts"),
        ({"": "a"}, "empty name"),
    ],
)
def test_what_dynamodb_cannot_hold_is_refused(value: object, reason: str) -> None:
    with pytest.raises(UnstorableValue, match=reason):
        to_wire_value(value)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"PK": "a", "price": 1.5}, "price"),
        ({"attributes": {"size": 1.5}}, "attributes.size"),
        ({"lines": [1, {"price": [0, 0, float("inf")]}]}, "lines.1.price.2"),
        ({"a": {2: "x"}}, "a.2"),
        ({"tags": {1.5}}, "tags"),
    ],
)
def test_a_refusal_names_where_the_value_stands(item: dict[str, Any], path: str) -> None:
    with pytest.raises(UnstorableValue) as caught:
        to_wire(item)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path} ")


def _nested(levels: int) -> Any:
    value: Any = "deep"
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


def test_32_levels_pass_and_33_are_refused() -> None:
    assert from_wire(to_wire({"a": _nested(31)})) == {"a": _nested(31)}
    with pytest.raises(UnstorableValue, match="32 levels"):
        to_wire({"a": _nested(32)})


def test_an_endless_value_is_refused_like_one_nested_too_deeply() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UnstorableValue, match="32 levels"):
        to_wire({"a": endless})


def test_reading_gives_fresh_containers() -> None:
    wire = to_wire({"tags": ["a"], "images": {"1": {}}})
    from_wire(wire)["images"]["1"]["key"] = "changed"
    assert from_wire(wire) == {"tags": ["a"], "images": {"1": {}}}


def test_the_key_of_an_item() -> None:
    assert key_of({"PK": "A", "SK": "B", "x": 1}) == ("A", "B")


@pytest.mark.parametrize("item", [{}, {"PK": "A"}, {"PK": "A", "SK": ""}, {"PK": 1, "SK": "B"}])
def test_an_item_without_a_whole_key_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="PK and SK"):
        key_of(item)


@pytest.mark.parametrize(
    ("name", "longest"), [("PK", 2048), ("SK", 1024), ("GSI2PK", 2048), ("GSI3SK", 1024)]
)
def test_a_key_is_as_long_as_the_service_takes_it(name: str, longest: int) -> None:
    for text in ("k" * longest, "é" * (longest // 2)):
        assert to_wire({"PK": "A", "SK": "B", name: text})[name] == {"S": text}
        with pytest.raises(UnstorableValue, match=str(longest)):
            to_wire({"PK": "A", "SK": "B", name: text + "é"})


@pytest.mark.parametrize("key", [("k" * 2049, "S"), ("P", "k" * 1025), ("\ud800", "S")])
def test_what_no_item_can_be_found_by_is_refused(key: tuple[str, str]) -> None:
    with pytest.raises(UnstorableValue):
        key_to_wire(key)

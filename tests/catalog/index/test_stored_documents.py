"""Tests of items as JSON: exact both ways, also where JSON has no form for what an item holds."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.index.stored_documents import decode, encode
from common.dynamodb import Item, from_wire, to_wire

texts = st.text(st.characters(codec="utf-8"), max_size=12)
signs = st.sampled_from(["$set", "$bytes", "$", "$$set", "id", "title"])
numbers = st.integers(-(10**38) + 1, 10**38 - 1) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**28) + 1, 10**28 - 1),
    st.integers(-100, 90),
)
scalars = texts | numbers | st.booleans() | st.none()
beyond_json = (
    st.binary(max_size=8)
    | st.sets(texts, min_size=1, max_size=3)
    | st.sets(numbers, min_size=1, max_size=3)
    | st.sets(st.binary(max_size=4), min_size=1, max_size=3)
)


def items_of(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Item]:
    names = (texts | signs).filter(bool)
    values = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=12,
    )
    return st.dictionaries(names, values, max_size=5)


def told(value: Any) -> Any:
    """A value with the types of everything in it, in an order of its own."""
    if isinstance(value, dict):
        return {name: told(held) for name, held in value.items()}
    if isinstance(value, list):
        return [told(held) for held in value]
    if isinstance(value, set):
        return sorted(map(repr, value))
    return repr(value)


@given(items_of(scalars))
def test_an_item_comes_back_with_every_type(item: Item) -> None:
    assert told(decode(encode(item))) == told(item)


@given(items_of(scalars | beyond_json))
def test_sets_and_bytes_come_back_too_whatever_the_names_beside_them(item: Item) -> None:
    assert told(decode(encode(item))) == told(item)


@given(items_of(scalars | beyond_json))
def test_what_the_table_answers_comes_back_as_it_was(item: Item) -> None:
    read = from_wire(to_wire({name: held for name, held in item.items() if name != "write_id"}))
    assert told(decode(encode(read))) == told(read)


@given(st.sets(texts, min_size=2, max_size=6))
def test_equal_items_are_equal_bytes(names: set[str]) -> None:
    assert encode({"names": set(names)}) == encode({"names": {*sorted(names, reverse=True)}})


def test_it_is_compact_and_keeps_letters_as_they_are() -> None:
    item = {"id": 7, "title": "Perché", "base_price": Decimal("12.50"), "tags": ["a"], "sku": None}
    assert encode(item) == '{"id":7,"title":"Perché","base_price":12.50,"tags":["a"],"sku":null}'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), object(), "\ud800"])
def test_what_no_item_holds_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"is a float|a finite number|is a object|surrogates"):
        encode({"value": value})


@pytest.mark.parametrize("data", [b"", b'{"id":', b"[1]", b"7", b' {"a":1', b"\xff\xfe", b"null"])
def test_what_is_no_item_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|is no item|can't decode"):
        decode(data)

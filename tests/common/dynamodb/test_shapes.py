"""Fields are stored as their annotations say, and read back equal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import from_wire, to_wire
from common.dynamodb.shapes import Kind, Shape


@dataclass(frozen=True, slots=True)
class Part:
    """A map in a row."""

    price: Decimal
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Every kind of field."""

    text: str
    optional: str | None
    anything: Any
    count: int = 0
    is_on: bool = True
    kind: Literal["a", "b"] = "a"
    amount: Decimal | None = None
    words: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    by_name: Mapping[str, Part] = field(default_factory=dict)
    loose: Mapping[str, Any] | None = None
    part: Part | None = None


SHAPE = Shape(Whole)
amounts = st.decimals(-(10**9), 10**9, places=2)
texts = st.text(st.characters(codec="utf-8"), max_size=5)
names = st.text("abc", min_size=1, max_size=3)
parts = st.builds(Part, amounts, st.none() | texts)
wholes = st.builds(
    Whole,
    text=texts,
    optional=st.none() | texts,
    anything=st.recursive(
        st.none() | texts | st.integers(), lambda each: st.lists(each) | st.dictionaries(texts, each)
    ),
    amount=st.none() | amounts,
    words=st.lists(texts).map(tuple),
    parts=st.lists(parts).map(tuple),
    counts=st.dictionaries(names, st.integers(0, 9)),
    by_name=st.dictionaries(names, parts),
    part=st.none() | parts,
)


@given(wholes)
def test_what_is_stored_is_read_back(whole: Whole) -> None:
    assert SHAPE.read(from_wire(to_wire(SHAPE.store(whole)))) == whole


def test_none_is_not_stored_and_money_is_exact() -> None:
    stored = SHAPE.store(Whole("", None, None, part=Part(Decimal("1.10"))))
    assert {"optional", "anything", "amount", "loose"}.isdisjoint(stored)
    assert stored["part"] == {"price": Decimal("1.10")}
    read = SHAPE.read({"text": "t", "amount": 3, "part": {"price": 4}, "foreign": 1})
    assert read == Whole("t", None, None, amount=Decimal(3), part=Part(Decimal(4)))
    assert isinstance(read.amount, Decimal)


def test_a_field_that_must_be_there_is_missed() -> None:
    with pytest.raises(TypeError, match="text"):
        SHAPE.read({})


def test_a_null_is_none_whatever_the_kind() -> None:
    assert SHAPE.read({"text": "t", "amount": None, "part": None}) == Whole("t", None, None)


def test_named_fields_are_not_stored_while_they_are_their_default() -> None:
    sparse = Shape(Whole, unstored=("counts", "count", "is_on"))
    assert {"counts", "count", "is_on"}.isdisjoint(sparse.store(Whole("t", None, None)))
    full = sparse.store(Whole("t", None, None, count=1, is_on=False, counts={"a": 0}))
    assert (full["count"], full["is_on"], full["counts"]) == (1, False, {"a": 0})


def test_a_kind_can_be_named_where_the_annotation_does_not_say_it() -> None:
    upper = Shape(Whole, kinds={"text": Kind(str.upper, str.lower)})
    assert upper.store(Whole("ink", None, None))["text"] == "INK"
    assert upper.read({"text": "INK"}).text == "ink"


def test_a_choice_between_two_kinds_has_to_be_named() -> None:
    @dataclass(frozen=True)
    class Either:
        value: Decimal | str

    with pytest.raises(TypeError, match="no one way"):
        _ = Shape(Either).kinds


def test_a_field_is_stored_under_the_name_that_rows_have_for_it() -> None:
    @dataclass(frozen=True)
    class Told:
        """What a channel was told."""

        last_broadcast: int | None = None

    shape = Shape(Told, stored_as={"last_broadcast": "told"})
    assert shape.store(Told(3)) == {"told": 3}
    assert shape.read({"told": 3, "last_broadcast": 4}) == Told(3)
    assert shape.read({}) == Told()


def test_what_is_left_out_while_it_is_empty_is_never_stored_empty() -> None:
    sparse = Shape(Whole, unstored=("counts", "count"))
    assert "counts" not in sparse.store(Whole("t", None, None), whole=True)
    assert sparse.store(Whole("t", None, None), whole=True)["count"] == Whole("t", None, None).count


def test_what_stands_apart_is_not_stored_and_is_given_to_be_read() -> None:
    shape = Shape(Part, apart=("word",))
    assert shape.names == ("price",)
    stored = shape.store(Part(Decimal("1.10"), "of the key"))
    assert stored == {"price": Decimal("1.10")}
    assert shape.read({**stored, "word": "foreign"}, word="of the key") == Part(Decimal("1.10"), "of the key")
    assert shape.read(stored) == Part(Decimal("1.10"))

"""The proof that an answer which is not of its shape is found."""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

import pytest

from tests.support.shapes import differences


class Part(TypedDict):
    name: str
    price: NotRequired[Decimal]


class Whole(TypedDict):
    id: int
    is_on: bool
    kind: Literal["a", "b"]
    note: str | None
    parts: list[Part]
    counts: dict[str, int]
    anything: Any
    either: Part | list[int]


GOOD: dict[str, Any] = {
    "id": 1,
    "is_on": True,
    "kind": "a",
    "note": None,
    "parts": [{"name": "x"}, {"name": "y", "price": Decimal("1.5")}, {"name": "z", "price": 2}],
    "counts": {"x": 1},
    "anything": [{"x": None}],
    "either": [1],
}


def test_an_answer_of_its_shape_has_no_differences() -> None:
    assert differences(GOOD, Whole) == []
    assert differences([GOOD], list[Whole]) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"id": True}, "answer.id"),
        ({"id": "1"}, "answer.id"),
        ({"id": Decimal("1.5")}, "answer.id"),
        ({"is_on": 1}, "answer.is_on"),
        ({"kind": "c"}, "answer.kind"),
        ({"note": 5}, "answer.note"),
        ({"parts": None}, "answer.parts"),
        ({"parts": [{"name": 1}]}, "answer.parts[0].name"),
        ({"parts": [{"name": "x", "price": None}]}, "answer.parts[0].price"),
        ({"parts": [{}]}, "answer.parts[0].name is missing"),
        ({"counts": {"x": "1"}}, "answer.counts[x]"),
        ({"either": ["x"]}, "answer.either"),
        ({"either": 5}, "answer.either"),
        ({"more": 1}, "answer.more is not declared"),
    ],
)
def test_every_other_answer_is_told_by_its_place(change: dict[str, Any], place: str) -> None:
    found = differences(GOOD | change, Whole)
    assert [each for each in found if each.startswith(place)], found


def test_a_field_that_is_missing_is_told() -> None:
    assert differences({}, Part) == ["answer.name is missing"]
    assert differences(None, Part) == ["answer: None is no Part"]

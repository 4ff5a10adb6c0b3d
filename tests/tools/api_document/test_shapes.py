"""Shapes of answers as JSON Schema."""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

import pytest

from tools.api_document.shapes import Shapes, UnknownShape


class Named(TypedDict):
    """Something with a name."""

    name: str


class Branch(Named):
    """A branch and all below it."""

    below: list["Branch"]
    weight: NotRequired[Decimal | None]


class Owner(TypedDict):
    """Who owns it."""

    thing: Named | None


def test_a_typed_dictionary_has_the_fields_of_what_it_continues_and_no_others() -> None:
    shapes = Shapes()
    assert shapes.schema(Branch) == {"$ref": "#/components/schemas/Branch"}
    assert shapes.components["Branch"] == {
        "type": "object",
        "description": "A branch and all below it.",
        "properties": {
            "name": {"type": "string"},
            "below": {"type": "array", "items": {"$ref": "#/components/schemas/Branch"}},
            "weight": {"type": ["number", "null"]},
        },
        "required": ["below", "name"],
        "additionalProperties": False,
    }


def test_only_what_is_answered_becomes_a_component() -> None:
    shapes = Shapes()
    shapes.schema(list[Owner])
    assert shapes.components.keys() == {"Owner", "Named"}
    assert shapes.components["Owner"]["properties"]["thing"] == {
        "anyOf": [{"$ref": "#/components/schemas/Named"}, {"type": "null"}]
    }


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (Literal["a", "b"], {"enum": ["a", "b"]}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (int | str, {"type": ["integer", "string"]}),
        (bool, {"type": "boolean"}),
        (Any, {}),
        (object, {}),
    ],
)
def test_each_kind_of_type_has_its_schema(shape: Any, schema: dict[str, Any]) -> None:
    assert Shapes().schema(shape) == schema


@pytest.mark.parametrize("shape", [float, set[str], bytes])
def test_what_no_answer_can_have_is_refused(shape: Any) -> None:
    with pytest.raises(UnknownShape):
        Shapes().schema(shape)


def test_two_shapes_of_one_name_are_refused() -> None:
    other = TypedDict("other", {"thing": int})  # noqa: UP013 - made twice on purpose
    other.__name__ = "Named"
    shapes = Shapes()
    shapes.schema(Named)
    with pytest.raises(UnknownShape, match="both have a shape Named"):
        shapes.schema(other)

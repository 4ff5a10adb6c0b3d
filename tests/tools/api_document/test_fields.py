"""What the document says of a body's fields is what the fields take."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from marshmallow import ValidationError, fields

from common.http import Route
from common.http.declared_bodies import schema_named
from common.http.fields import StrictField
from etsy_sync.fields import Asin
from tools.api_document.document import all_routes
from tools.api_document.fields import attributes_of

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    7,
    0.5,
    10**9,
    10**16,
    "",
    " ",
    "a",
    "A",
    "true",
    "false",
    "12",
    "-1",
    "1.50",
    "abc-def",
    "Ab c",
    "percentage",
    "fixed_amount",
    "SELLABLE",
    "#a0b1c2",
    "B00TEST123",
    "x" * 60_000,
    [],
    ["a"],
    [1],
    {},
    {"a": 1},
]


def _bodies() -> Iterator[tuple[Route, str]]:
    for route in all_routes():
        yield from ((route, name) for name in (route.body.schema_names if route.body else ()))


def _fields() -> list[tuple[str, StrictField[Any]]]:
    found = {}
    for route, name in _bodies():
        schema = schema_named(route.domain, name)
        for field_name, field in schema().fields.items():
            # What is no text counts as not said there, and the body refuses that it is missing.
            if isinstance(field, StrictField) and not isinstance(field, Asin):
                found[f"{schema.__name__}.{field_name}"] = field
    return sorted(found.items())


@pytest.mark.parametrize(
    ("name", "field"), _fields(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_field_refuses_what_the_document_does_not_allow(name: str, field: StrictField[Any]) -> None:
    allowed = jsonschema.Draft202012Validator(attributes_of(None, field))
    for value in VALUES:
        if not allowed.is_valid(value):
            with pytest.raises(ValidationError):
                field.deserialize(value)


@pytest.mark.parametrize(
    ("name", "field"), _fields(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_field_takes_something_of_what_the_document_allows(name: str, field: StrictField[Any]) -> None:
    allowed = jsonschema.Draft202012Validator(attributes_of(None, field))
    words = attributes_of(None, field).get("enum", [])
    tried = [*VALUES, *words, "EUR", "anna@example.com", "2026-01-02", "https://example.com/a.webp"]
    assert any(_is_taken(field, value) for value in tried if allowed.is_valid(value))


def test_a_field_of_the_projects_own_without_a_rule_is_refused() -> None:
    class Unknown(StrictField[str]):
        """Takes what nobody has described."""

    with pytest.raises(TypeError, match="Unknown has no JSON Schema"):
        attributes_of(None, Unknown())
    assert attributes_of(None, fields.Boolean()) == {}


def _is_taken(field: StrictField[Any], value: Any) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return False
    return True

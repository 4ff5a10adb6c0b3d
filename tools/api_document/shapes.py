"""JSON Schema of the shapes that the domains' `answers` name: typed dictionaries, lists, unions and texts."""

from decimal import Decimal
from functools import cache
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

Json = dict[str, Any]

_SCALARS: dict[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
    NoneType: "null",
    None: "null",
}


class UnknownShape(TypeError):
    """A type that no answer can have."""


class Shapes:
    """The schemas of all shapes that were asked for, by their names."""

    def __init__(self) -> None:
        self.components: dict[str, Json] = {}
        self._types: dict[str, Any] = {}

    def schema(self, shape: Any) -> Json:
        """The schema of a type; a typed dictionary becomes a component, and this the reference to it.

        UnknownShape for a type that has no schema, or for two typed dictionaries of one name.
        """
        origin, parts = get_origin(shape), get_args(shape)
        if is_typeddict(shape):
            return self._component(shape)
        if origin in {Union, UnionType}:
            return self._one_of(parts)
        if origin is list:
            return {"type": "array", "items": self.schema(parts[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.schema(parts[1])}
        return _plain(shape)

    def _one_of(self, parts: tuple[Any, ...]) -> Json:
        schemas = [self.schema(part) for part in parts]
        if all(schema.keys() == {"type"} for schema in schemas):
            return {"type": [schema["type"] for schema in schemas]}
        return {"anyOf": schemas}

    def _component(self, shape: Any) -> Json:
        name = shape.__name__
        known = self._types.setdefault(name, shape)
        if known is not shape:
            raise UnknownShape(f"{known.__module__} and {shape.__module__} both have a shape {name}")
        if name not in self.components:
            # Set before its fields are looked at, for a category holds categories.
            component = self.components[name] = {"type": "object", "description": getdoc(shape) or ""}
            hints = _hints(shape)
            component["properties"] = {field: self.schema(hints[field]) for field in hints}
            component["required"] = sorted(shape.__required_keys__)
            # Tests hold every answer to exactly these fields.
            component["additionalProperties"] = False
        return {"$ref": f"#/components/schemas/{name}"}


def _plain(shape: Any) -> Json:
    if get_origin(shape) is Literal:
        return {"enum": list(get_args(shape))}
    if shape in {Any, object}:
        return {}
    if shape in _SCALARS:
        return {"type": _SCALARS[shape]}
    raise UnknownShape(f"{shape!r} has no schema")


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)

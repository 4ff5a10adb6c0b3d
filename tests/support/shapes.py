"""Answers held against the shapes that their routes declare."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from common.http import Route

_SCALARS: dict[Any, type | tuple[type, ...]] = {
    str: str,
    bool: bool,
    int: int,
    Decimal: (int, Decimal),
    NoneType: NoneType,
    None: NoneType,
}


def declared_shape(route: Route) -> Any:
    """The type that a route's successful answers have."""
    return getattr(import_module(f"{route.domain}.answers"), route.answer)


def differences(value: Any, shape: Any, path: str = "answer") -> list[str]:
    """Where a JSON value, its numbers int or Decimal, is not of a shape; empty where it is."""
    return list(_differences(value, shape, path))


def _differences(value: Any, shape: Any, path: str) -> Iterator[str]:
    origin, parts = get_origin(shape), get_args(shape)
    if is_typeddict(shape):
        yield from _of_object(value, shape, path)
    elif origin in {Union, UnionType}:
        each = [differences(value, part, path) for part in parts]
        yield from min(each, key=len)
    elif isinstance(origin, type) and isinstance(value, origin):
        for name, entry in _entries(value):
            yield from _differences(entry, parts[-1], f"{path}[{name}]")
    elif not _is_simple(value, shape):
        yield f"{path}: {value!r} is no {shape}"


def _entries(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _of_object(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no {shape.__name__}"
        return
    hints = _hints(shape)
    yield from (f"{path}.{name} is missing" for name in shape.__required_keys__ - value.keys())
    yield from (f"{path}.{name} is not declared" for name in value.keys() - hints.keys())
    for name in value.keys() & hints.keys():
        yield from _differences(value[name], hints[name], f"{path}.{name}")


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)


def _is_simple(value: Any, shape: Any) -> bool:
    if get_origin(shape) is Literal:
        return value in get_args(shape)
    if shape in {Any, object}:
        return True
    # True is an int in Python and none in JSON.
    is_confused = isinstance(value, bool) is not (shape is bool)
    return not is_confused and isinstance(value, _SCALARS.get(shape, ()))

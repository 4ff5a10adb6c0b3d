"""How the fields of a frozen dataclass are stored, as its annotations say.

Whole numbers, texts (times among them) and truths stand as they are. `Decimal` is money or any exact number,
`tuple` a list, `Mapping` a map, another dataclass a map of its own, and `Any` JSON of any shape. What is None
is not stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import cached_property
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from .codec import Item
from .stored_json import from_stored, to_stored

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

E = TypeVar("E", bound="DataclassInstance")


class Kind(NamedTuple):
    """How the values of a field are written and read; None is neither."""

    store: Callable[[Any], Any]
    read: Callable[[Any], Any]


JSON = Kind(to_stored, from_stored)
"""JSON of any shape, as text where DynamoDB cannot hold it."""


def _same(value: Any) -> Any:
    return value


_PLAIN = Kind(_same, _same)
_OF_TYPES: Mapping[Any, Kind] = {Any: JSON, Decimal: Kind(_same, Decimal)}


class Shape(Generic[E]):
    """The fields of `entity`; those that `unstored` names are not stored while they are their default.

    `kinds` says how a field is stored that its annotation does not say it of, `stored_as` under which name
    where that is not its own. Fields `apart` stand elsewhere, as in a key: they are not stored, and given to
    `read`. A missing field is None where it may be None, because None is not stored, else its default.
    """

    def __init__(
        self,
        entity: type[E],
        unstored: tuple[str, ...] = (),
        kinds: Mapping[str, Kind] | None = None,
        stored_as: Mapping[str, str] | None = None,
        apart: tuple[str, ...] = (),
    ) -> None:
        held = [it for it in fields(entity) if it.name not in apart]
        self.entity = entity
        self.names = tuple(it.name for it in held)
        self._given = dict(kinds or {})
        self._called = {name: (stored_as or {}).get(name, name) for name in self.names}
        self._places = tuple(self._called.items())
        self._unstored = {it.name: _default_of(it) for it in held if it.name in unstored}

    # What follows from the annotations is worked out with the first row: an app that starts declares many
    # more kinds of rows than it meets.

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.entity)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """How each field is written and read. TypeError for one that there is no one way to store."""
        return {name: _kind_of(self._hints[name]) for name in self.names} | self._given

    @cached_property
    def _lacking(self) -> frozenset[str]:
        names = (name for name in self.names if name not in self._unstored)
        return frozenset(name for name in names if _may_be_none(self._hints[name]))

    @cached_property
    def _converted(self) -> list[tuple[str, Callable[[Any], Any]]]:
        # Most values are stored as they are, and every row that is read passes here.
        return [(name, kind.read) for name, kind in self.kinds.items() if kind != _PLAIN]

    def store(self, entity: E, *, whole: bool = False) -> Item:
        """What is stored of an entity, its keys apart; if `whole`, what `unstored` names too.

        Of that, empty lists and maps are never stored.
        """
        stored: Item = {}
        for name, kind in self.kinds.items():
            value = getattr(entity, name)
            if value is None:
                continue
            is_left_out = name in self._unstored and value == self._unstored[name]
            if is_left_out and (not whole or value in ((), {})):
                continue
            stored[self._called[name]] = kind.store(value)
        return stored

    def read(self, item: Mapping[str, Any], /, **apart: Any) -> E:
        """The entity that an item and what stands apart make, whatever else the item has."""
        # One pass into the one map: every product that is shown passes here with all its parts.
        for name, there in self._places:
            if there in item:
                apart[name] = item[there]
            elif name in self._lacking:
                apart[name] = None
        for name, read in self._converted:
            value = apart.get(name)
            if value is not None:
                apart[name] = read(value)
        return self.entity(**apart)


def _default_of(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _may_be_none(annotation: Any) -> bool:
    return NoneType in get_args(annotation) or annotation is Any


def _kind_of(annotation: Any) -> Kind:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _kind_of_choice(arguments)
    if origin is tuple:
        return _listed(_kind_of(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapped(_PLAIN if arguments[1] is Any else _kind_of(arguments[1]))
    if is_dataclass(annotation) and isinstance(annotation, type):
        shape = Shape(annotation)
        return Kind(shape.store, shape.read)
    return _OF_TYPES.get(annotation, _PLAIN)


def _kind_of_choice(choices: tuple[Any, ...]) -> Kind:
    kinds = {_kind_of(choice) for choice in choices if choice is not NoneType}
    if len(kinds) != 1:
        raise TypeError(f"no one way to store {choices}: name it in `kinds`")
    return kinds.pop()


def _listed(entry: Kind) -> Kind:
    return Kind(
        lambda values: [entry.store(value) for value in values],
        lambda values: tuple([entry.read(value) for value in values]),
    )


def _mapped(entry: Kind) -> Kind:
    return Kind(
        lambda values: {name: entry.store(value) for name, value in values.items()},
        lambda values: {name: entry.read(value) for name, value in values.items()},
    )

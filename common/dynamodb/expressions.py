"""Conditions and updates as values, and the renderer that turns them into expressions.

Every attribute name is aliased, because DynamoDB reserves more than 500 words (status, name, value,
position, url, total, ...), and every value is a placeholder, so nothing a caller sends is read as syntax.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from .codec import WireItem, to_wire_value

Path = tuple[str | int, ...]

MAX_CHOICES = 100


class Expression:
    """Collects the aliases of names and the placeholders of values of one request."""

    __slots__ = ("_aliases", "names", "values")

    def __init__(self) -> None:
        self._aliases: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.values: WireItem = {}

    def path(self, path: Path) -> str:
        """The aliased form of a path, as in `#n0.#n1[2]`."""
        text = ""
        for part in path:
            if isinstance(part, int):
                text += f"[{part}]"
            elif text:
                text += f".{self._alias(part)}"
            else:
                text = self._alias(part)
        return text

    def operand(self, operand: object) -> str:
        """The placeholder of a value, or the aliased path when the operand is an attribute."""
        if isinstance(operand, Attribute):
            return self.path(operand.path)
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = to_wire_value(operand)
        return placeholder

    def parameters(self) -> dict[str, Any]:
        """The request parameters that define the aliases and placeholders used so far."""
        parameters: dict[str, Any] = {}
        if self.names:
            parameters["ExpressionAttributeNames"] = self.names
        if self.values:
            parameters["ExpressionAttributeValues"] = self.values
        return parameters

    def _alias(self, name: str) -> str:
        alias = self._aliases.get(name)
        if alias is None:
            alias = self._aliases[name] = f"#n{len(self._aliases)}"
            self.names[alias] = name
        return alias


class Condition:
    """What must hold for an item; combined with `&`, `|` and `~`."""

    __slots__ = ()

    def render(self, expression: Expression) -> str:
        """The condition as text, its names and values added to `expression`."""
        raise NotImplementedError

    def __and__(self, other: "Condition") -> "Condition":
        return _Group("AND", (*_parts(self, "AND"), *_parts(other, "AND")))

    def __or__(self, other: "Condition") -> "Condition":
        return _Group("OR", (*_parts(self, "OR"), *_parts(other, "OR")))

    def __invert__(self) -> "Condition":
        return _Not(self)


@dataclass(frozen=True, slots=True)
class _Test(Condition):
    template: str
    operands: tuple[object, ...]

    def render(self, expression: Expression) -> str:
        return self.template % tuple([expression.operand(operand) for operand in self.operands])


@dataclass(frozen=True, slots=True)
class _Group(Condition):
    word: str
    parts: tuple[Condition, ...]

    def render(self, expression: Expression) -> str:
        return f"({f' {self.word} '.join([part.render(expression) for part in self.parts])})"


@dataclass(frozen=True, slots=True)
class _Not(Condition):
    part: Condition

    def render(self, expression: Expression) -> str:
        return f"(NOT {self.part.render(expression)})"


def _parts(condition: Condition, word: str) -> tuple[Condition, ...]:
    # Flat groups, because DynamoDB refuses redundant parentheses.
    if isinstance(condition, _Group) and condition.word == word:
        return condition.parts
    return (condition,)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute, or an entry within one, that conditions speak about; values may be attributes too."""

    path: Path

    def exists(self) -> Condition:
        """It is there, whatever its value."""
        return _Test("attribute_exists(%s)", (self,))

    def missing(self) -> Condition:
        """It is not there; `attr("PK").missing()` is true when there is no item at all."""
        return _Test("attribute_not_exists(%s)", (self,))

    def eq(self, value: object) -> Condition:
        """It is there and equals the value."""
        return _Test("%s = %s", (self, value))

    def ne(self, value: object) -> Condition:
        """It is missing or differs from the value."""
        return _Test("%s <> %s", (self, value))

    def lt(self, value: object) -> Condition:
        """It is less than the value."""
        return _Test("%s < %s", (self, value))

    def le(self, value: object) -> Condition:
        """It is at most the value."""
        return _Test("%s <= %s", (self, value))

    def gt(self, value: object) -> Condition:
        """It is greater than the value."""
        return _Test("%s > %s", (self, value))

    def ge(self, value: object) -> Condition:
        """It is at least the value."""
        return _Test("%s >= %s", (self, value))

    def between(self, low: object, high: object) -> Condition:
        """It lies between the two values, both included."""
        return _Test("%s BETWEEN %s AND %s", (self, low, high))

    def begins_with(self, prefix: str) -> Condition:
        """It is a text that starts so."""
        return _Test("begins_with(%s, %s)", (self, prefix))

    def contains(self, value: object) -> Condition:
        """It is a text with this part, or a set or list with this entry."""
        return _Test("contains(%s, %s)", (self, value))

    def is_in(self, values: Iterable[object]) -> Condition:
        """It equals one of the values, 1 to 100 of them. Raises ValueError for none or more."""
        choices = tuple(values)
        if not 1 <= len(choices) <= MAX_CHOICES:
            raise ValueError(f"is_in takes 1 to {MAX_CHOICES} values, not {len(choices)}")
        places = ", ".join(["%s"] * len(choices))
        return _Test(f"%s IN ({places})", (self, *choices))


def attr(*path: str | int) -> Attribute:
    """An attribute by name, or an entry within it: `attr("stock", "12")`, `attr("lines", 0)`."""
    return Attribute(_checked(path))


def _checked(path: Path) -> Path:
    if not path or not isinstance(path[0], str) or "" in path:
        raise ValueError(f"{path!r} is no path of an attribute")
    return path


class Update:
    """Changes of one item, collected in place; each method returns the same update.

    A path is the name of an attribute or a tuple that leads into it. Naming a path twice raises
    ValueError.
    """

    __slots__ = ("_adds", "_paths", "_removes", "_sets")

    def __init__(self) -> None:
        self._sets: list[tuple[str, tuple[object, ...]]] = []
        self._adds: list[tuple[object, ...]] = []
        self._removes: list[Attribute] = []
        self._paths: set[Path] = set()

    def __bool__(self) -> bool:
        return bool(self._paths)

    def set(self, path: str | Path, value: object) -> Self:
        """Write the value, whatever was there."""
        self._sets.append(("%s = %s", (self._target(path), value)))
        return self

    def set_default(self, path: str | Path, value: object) -> Self:
        """Write the value unless there is one already."""
        target = self._target(path)
        self._sets.append(("%s = if_not_exists(%s, %s)", (target, target, value)))
        return self

    def increment(self, path: str | Path, amount: object) -> Self:
        """Change a number that is there by the amount; the engine refuses when it is missing."""
        target = self._target(path)
        self._sets.append(("%s = %s + %s", (target, target, amount)))
        return self

    def add(self, path: str | Path, amount: object) -> Self:
        """Change a number by the amount, counting from 0 when it is missing, or extend a set."""
        self._adds.append((self._target(path), amount))
        return self

    def remove(self, *paths: str | Path) -> Self:
        """Take the attributes or entries away; those that are missing already are no error."""
        for path in paths:
            self._removes.append(self._target(path))
        return self

    def render(self, expression: Expression, **also: object) -> str:
        """The update as text, with the attributes `also` written too.

        Raises ValueError when it changes nothing.
        """
        if not self:
            raise ValueError("an update that changes nothing")
        clauses = []
        sets = [*self._sets, *(("%s = %s", (attr(name), value)) for name, value in also.items())]
        if sets:
            clauses.append("SET " + ", ".join([_fill(expression, *change) for change in sets]))
        if self._removes:
            clauses.append("REMOVE " + ", ".join([expression.path(it.path) for it in self._removes]))
        if self._adds:
            clauses.append("ADD " + ", ".join([_fill(expression, "%s %s", it) for it in self._adds]))
        return " ".join(clauses)

    def _target(self, path: str | Path) -> Attribute:
        target = attr(path) if isinstance(path, str) else attr(*path)
        if target.path in self._paths:
            raise ValueError(f"{target.path!r} is changed twice in one update")
        self._paths.add(target.path)
        return target


def _fill(expression: Expression, template: str, operands: tuple[object, ...]) -> str:
    return template % tuple([expression.operand(operand) for operand in operands])

"""Queries of one partition of the table or an index, paging by themselves.

An expired item is dropped here, after the read, because a filter of the engine would not save any
capacity and would hide how many items a page still needs; only counting filters in the engine.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from common.config import table_name

from .client import call
from .codec import Item, from_wire, refuse_long_key
from .cursor import InvalidCursor, read_cursor, sign_cursor
from .expressions import Condition, Expression, attr
from .lifecycle import EXPIRES_AT, epoch_now, is_live, live
from .table import INDEXES

# With a filter nobody knows how many items must be read for a page: start small, double each time.
FILTERED_LIMIT = 100
# More than the megabyte of one answer ever holds, and far within the 32 bits of the parameter.
LARGEST_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class SortCondition:
    """Which part of a partition to read; made by `sort_key()`."""

    template: str
    operands: tuple[str, ...]


class SortKey:
    """Makes conditions on the sort key, whatever its name in the table or index."""

    __slots__ = ()

    def eq(self, value: str) -> SortCondition:
        """Exactly this sort key."""
        return SortCondition("%s = %s", (value,))

    def lt(self, value: str) -> SortCondition:
        """Sort keys before the value."""
        return SortCondition("%s < %s", (value,))

    def le(self, value: str) -> SortCondition:
        """Sort keys up to the value."""
        return SortCondition("%s <= %s", (value,))

    def gt(self, value: str) -> SortCondition:
        """Sort keys after the value."""
        return SortCondition("%s > %s", (value,))

    def ge(self, value: str) -> SortCondition:
        """Sort keys from the value on."""
        return SortCondition("%s >= %s", (value,))

    def between(self, low: str, high: str) -> SortCondition:
        """Sort keys between the values, both included."""
        return SortCondition("%s BETWEEN %s AND %s", (low, high))

    def begins_with(self, prefix: str) -> SortCondition:
        """Sort keys that start so."""
        return SortCondition("begins_with(%s, %s)", (prefix,))


def sort_key() -> SortKey:
    """The sort key of a query: `sort_key().begins_with("VARIANT#")`."""
    return SortKey()


@dataclass(frozen=True, slots=True)
class Query:
    """One partition of the table, or of an index, in the order of its sort key.

    `where` filters after the read (it costs the same capacity), `select` names the attributes wanted.
    Raises ValueError for an unknown index or a consistent read of an index.
    """

    partition: str
    sort: SortCondition | None = None
    index: str | None = None
    descending: bool = False
    consistent: bool = False
    where: Condition | None = None
    select: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.index is not None and self.index not in INDEXES:
            raise ValueError(f"there is no index {self.index!r}")
        if self.index is not None and self.consistent:
            raise ValueError("an index cannot be read consistently")

    @property
    def own_keys(self) -> tuple[str, str]:
        """The names of the partition and sort key that are queried."""
        return (f"{self.index}PK", f"{self.index}SK") if self.index else ("PK", "SK")

    @property
    def position_keys(self) -> tuple[str, ...]:
        """The names of all attributes that mark an item's place in the query."""
        return ("PK", "SK", *self.own_keys) if self.index else ("PK", "SK")


class Page(NamedTuple):
    """Some items, and the cursor of what follows them; None when nothing does."""

    items: list[Item]
    cursor: str | None


def fetch_all(query: Query, *, limit: int | None = None, now: int | None = None) -> list[Item]:
    """The items of the query, the first `limit` of them if given, without those expired at `now`.

    `now` is in epoch seconds, by default the clock's.
    """
    if limit is not None and limit < 1:
        return []
    items = _read(query, _parameters(query), limit, now)
    return _selected(query, items)


def fetch_page(query: Query, limit: int, cursor: str | None = None, now: int | None = None) -> Page:
    """The next `limit` items after the cursor, and the cursor of the page after them.

    A page is full unless the query ends with it, whatever its filter drops. The cursor is the place
    of the last item returned, so items that come and go meanwhile are neither skipped nor repeated.
    Raises InvalidCursor, and ValueError when the limit is below 1.
    """
    if limit < 1:
        raise ValueError(f"a page holds at least 1 item, not {limit}")
    parameters = _parameters(query)
    scope = _scope(parameters)
    if cursor is not None:
        parameters["ExclusiveStartKey"] = _start_key(query, read_cursor(cursor, scope))
    # One more than asked for tells whether anything follows.
    items = _read(query, parameters, limit + 1, now)
    following = _cursor(query, items[limit - 1], scope) if len(items) > limit else None
    return Page(_selected(query, items[:limit]), following)


def cursor_behind(query: Query, item: Item) -> str:
    """The cursor with which `fetch_page` goes on behind an item of the query, which has all its keys."""
    return _cursor(query, item, _scope(_parameters(query)))


def count(query: Query, now: int | None = None) -> int:
    """How many items the query has, without those expired at `now` (epoch seconds, default: the clock).

    Costs the capacity of reading them.
    """
    parameters = _parameters(query, count_at=epoch_now() if now is None else now)
    return sum(response["Count"] for response in _responses(parameters))


def _read(query: Query, parameters: dict[str, Any], limit: int | None, now: int | None) -> list[Item]:
    moment = epoch_now() if now is None else now
    items: list[Item] = []
    if limit is not None:
        parameters["Limit"] = _reach(query, limit, 0)
    for trip, response in enumerate(_responses(parameters)):
        for wire in response["Items"]:
            item = from_wire(wire)
            if EXPIRES_AT not in item or is_live(item, moment):
                items.append(item)
        if limit is not None and len(items) >= limit:
            return items[:limit]
        if limit is not None:
            parameters["Limit"] = _reach(query, limit - len(items), trip + 1)
    return items


def _reach(query: Query, missing: int, trip: int) -> int:
    """How many items to read next for those still missing, more with each trip that fell short."""
    least = missing if query.where is None else max(missing, FILTERED_LIMIT)
    return min(least << min(trip, 10), LARGEST_LIMIT)


def _responses(parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    while True:
        response = call("query", **parameters)
        yield response
        start = response.get("LastEvaluatedKey")
        if not start:
            return
        parameters["ExclusiveStartKey"] = start


def _parameters(query: Query, *, count_at: int | None = None) -> dict[str, Any]:
    expression = Expression()
    parameters: dict[str, Any] = {
        "TableName": table_name(),
        "KeyConditionExpression": _key_condition(query, expression),
        "ScanIndexForward": not query.descending,
    }
    if query.index:
        parameters["IndexName"] = query.index
    if query.consistent:
        parameters["ConsistentRead"] = True
    where = query.where
    if count_at is not None:
        parameters["Select"] = "COUNT"
        where = live(count_at) if where is None else where & live(count_at)
    elif query.select is not None:
        parameters["ProjectionExpression"] = _projection(query, query.select, expression)
    if where is not None:
        parameters["FilterExpression"] = where.render(expression)
    parameters.update(expression.parameters())
    return parameters


def _key_condition(query: Query, expression: Expression) -> str:
    partition, sort = query.own_keys
    refuse_long_key(partition, query.partition)
    for operand in query.sort.operands if query.sort else ():
        refuse_long_key(sort, operand)
    text = attr(partition).eq(query.partition).render(expression)
    if query.sort is None:
        return text
    operands = [expression.operand(operand) for operand in query.sort.operands]
    return f"{text} AND {query.sort.template % (expression.path((sort,)), *operands)}"


def _projection(query: Query, select: tuple[str, ...], expression: Expression) -> str:
    # The place and the expiry are read with every item, because pages and reads depend on them.
    names = dict.fromkeys((*select, *query.position_keys, EXPIRES_AT))
    return ", ".join([expression.path((name,)) for name in names])


def _selected(query: Query, items: list[Item]) -> list[Item]:
    if query.select is None:
        return items
    return [{name: item[name] for name in query.select if name in item} for item in items]


def _scope(parameters: dict[str, Any]) -> str:
    return sha256(json.dumps(parameters, sort_keys=True, default=repr).encode()).hexdigest()


def _cursor(query: Query, last: Item, scope: str) -> str:
    return sign_cursor({name: last[name] for name in query.position_keys}, scope)


def _start_key(query: Query, payload: dict[str, Any]) -> dict[str, Any]:
    if set(payload) != set(query.position_keys) or not all(isinstance(it, str) for it in payload.values()):
        raise InvalidCursor
    return {name: {"S": value} for name, value in payload.items()}

"""What a list is narrowed to and ordered by, as SQL over the tables of `sqlite_schema`."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.index.holding import Position
from catalog.index.sqlite_schema import price_key
from catalog.product_filters import Filters, place_of_text
from common.collation import folded

# The columns of each order; the id decides between equals.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "created_at": ("created_at", "id"),
    "base_price": ("price", "id"),
    "title": ("folded_title", "title", "id"),
    "id": ("id",),
}

Given = dict[str, Any]


def narrowed(filters: Filters, *, is_search: bool, hides: bool) -> tuple[str, Given]:
    """`FROM ... WHERE ...` of all products of a list, and what its names stand for.

    Where it `hides` some, those in the table `hidden` are left out.
    """
    given: Given = {}
    conditions = [_standing(filters, given)]
    for condition, *values in _values(filters):
        names = [f"v{len(given) + number}" for number in range(len(values))]
        given |= dict(zip(names, values, strict=True))
        conditions.append(condition.format(*(f":{name}" for name in names)))
    if filters.in_stock is not None:
        conditions.append("in_stock" if filters.in_stock else "NOT in_stock")
    if hides:
        conditions.append("id NOT IN (SELECT id FROM hidden)")
    joined = " JOIN found USING (id)" if is_search else ""
    return f"FROM products{joined} WHERE {' AND '.join(conditions)}", given


def behind(filters: Filters, after: Position, *, ranked: bool) -> tuple[str, Given]:
    """The condition of what follows a position in the list's order.

    Raises what `place_of_text` does for a position of another order.
    """
    value, product_id = place_of_text(after.text, after.product_id, filters.sort_by)
    given: Given = {f"a{number}": part for number, part in enumerate((*_keys(value, filters), product_id))}
    columns = ORDERS[filters.sort_by]
    if columns == ("id",):
        given = {"a0": product_id}
    names = ", ".join(f":{name}" for name in given)
    condition = f"({', '.join(columns)}) {'<' if filters.descending else '>'} ({names})"
    if not ranked:
        return condition, given
    return f"(rank > :rank OR (rank = :rank AND {condition}))", given | {"rank": after.rank}


def _standing(filters: Filters, given: Given) -> str:
    """Which lists are seen: what is approved, and what is held back if that is asked for."""
    names = []
    for status in filters.statuses:
        names.append(f"v{len(given)}")
        given[names[-1]] = status
    statuses = f"status IN ({', '.join(f':{name}' for name in names)})"
    return f"{statuses} AND approved IN ({'0, 1' if filters.sees_held_back else '1'})"


def _values(filters: Filters) -> Iterator[tuple[str, *tuple[Any, ...]]]:
    if filters.creator is not None:
        yield "creator = {}", filters.creator
    if filters.category is not None:
        yield "id IN (SELECT id FROM categories WHERE value = {})", filters.category
    if filters.character is not None:
        yield "(character = {} OR character_id = {})", folded(filters.character).encode(), filters.character
    if filters.min_price is not None:
        yield "price >= {}", price_key(filters.min_price)
    if filters.max_price is not None:
        yield "price <= {}", price_key(filters.max_price)
    if filters.title:
        yield "instr(all_of_title, {})", folded(filters.title).encode()


def _keys(value: Any, filters: Filters) -> tuple[bytes, ...]:
    if filters.sort_by == "base_price":
        return (price_key(value),)
    if filters.sort_by == "title":
        return tuple(part.encode() for part in value)
    return (value.encode(),) if filters.sort_by == "created_at" else ()

"""Records of any content that PostgreSQL's columns can have, and what a move makes of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from common.dynamodb import Item, from_wire, to_wire
from migration.mapping.entities import ENTITIES, Entity
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import Column
from migration.schema.tables import TABLES
from migration.schema.vocabularies import Vocabulary, Words
from migration.verifying.comparing import comparable

AS_OF = datetime(2026, 1, 31, 10, 0, 0, 123456, tzinfo=UTC)
CONTEXT = Context(as_of=AS_OF, media_bases=("https://shop.example.com",))
MAPPED = tuple(entity for entity in ENTITIES if "etsy" not in entity.name and "shopify" not in entity.name)
ENTITY = {entity.name: entity for entity in MAPPED}

_INT = st.integers(-(2**31), 2**31 - 1)
_ID = st.integers(1, 2**31 - 1)
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_NUMBERS = st.integers(-(10**45), 10**45) | st.decimals(allow_nan=False, allow_infinity=False, places=3)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(_CHARACTERS, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(_CHARACTERS, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
_PATHS = st.sampled_from(
    ["/uploads/a b/é.png", "uploads/1.png", "https://shop.example.com/uploads/2.png", "", "/"]
)
_PICTURES = st.lists(_PATHS | st.text(_CHARACTERS, max_size=5), max_size=3)
_TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59))  # noqa: DTZ001 (as PostgreSQL)


def values(column: Column) -> st.SearchStrategy[Any]:
    """What psycopg can give for a column and the shop has a word for; NULL too where there is a default."""
    found = _of_type(column) if column.words is None else _written(column.words)
    return found | st.none() if column.null or column.default else found


def _written(vocabulary: Words) -> st.SearchStrategy[str]:
    words = vocabulary.words if isinstance(vocabulary, Vocabulary) else ("EUR", "USD", "KWD")
    cases: st.SearchStrategy[Callable[[str], str]] = st.sampled_from([str.strip, str.upper, str.capitalize])
    blanks = st.sampled_from(["", " ", "\t", "\u00a0"])
    spelt = st.tuples(st.sampled_from([*words, *vocabulary.same]), cases, blanks, blanks)
    return spelt.map(lambda it: f"{it[2]}{it[1](it[0])}{it[3]}")


def _of_type(column: Column) -> st.SearchStrategy[Any]:
    if column.name in ("icon", "background_image", "cover_image", "url"):
        return _PATHS
    if column.is_json:
        return _PICTURES | _JSON if column.name in ("images", "pages") else _JSON
    if column.is_timestamp:
        return _TIMES | _TIMES.map(lambda moment: moment.replace(tzinfo=UTC))
    if column.scale is not None:
        return st.integers(-(10**10) + 1, 10**10 - 1).map(lambda number: Decimal(number).scaleb(-2))
    return {"boolean": st.booleans(), "int": _INT}.get(column.type, st.text(_CHARACTERS, max_size=12))


@st.composite
def rows(draw: Callable[..., Any], table: str, fixed: Row) -> Row:
    """A row; columns that have a default or can be NULL may be missing, as in an older database."""
    found = dict(fixed)
    for column in TABLES[table].columns:
        can_miss = column.null or column.default is not None
        if column.name not in fixed and not (can_miss and draw(st.integers(0, 9)) == 0):
            found[column.name] = draw(values(column))
    return found


@st.composite
def records(draw: Callable[..., Any], entity: Entity) -> Record:
    """A parent with up to three rows of each of its children."""
    number = draw(_ID)
    found = {entity.table: [draw(rows(entity.table, {"id": number}))]}
    for child in entity.children:
        ids = sorted(draw(st.sets(_ID, max_size=3)))
        own = "categoriesId" if child.table == "product_categories" else "id"
        found[child.table] = [draw(rows(child.table, {own: each, child.foreign_key: number})) for each in ids]
    return Record(entity.name, number, found)


def stored(entity: Entity, record: Record, context: Context = CONTEXT) -> list[Item]:
    """The rows that a record becomes, as DynamoDB gives them back."""
    return [from_wire(to_wire(item)) for item in entity.items(record, context)]


def there_and_back(entity: Entity, record: Record, context: Context = CONTEXT) -> dict[str, list[Row]]:
    """The rows of PostgreSQL after a move and a way back."""
    return entity.rows([item for item in stored(entity, record, context) if entity.record_of(item)])


def canonical(table: str, found: list[Row], source: list[Row]) -> list[dict[str, Any]]:
    """Rows in the order of their ids and in canonical form, without columns that the source lacks."""
    columns = {name for row in source for name in row}
    ordered = sorted(found, key=lambda row: [row[name] for name in TABLES[table].primary_key])
    every = [comparable(table, row, CONTEXT.media_bases) for row in ordered]
    return [{name: row[name] for name in row if name in columns} for row in every]


def one(name: str, row: Row, **children: list[Row]) -> Record:
    """A record of the entity with this name."""
    entity = ENTITY[name]
    tables = {child.table: children.get(child.table, []) for child in entity.children}
    return Record(name, row["id"], {entity.table: [row], **tables})

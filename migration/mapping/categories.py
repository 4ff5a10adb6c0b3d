"""Categories: a row for each, and the marker of its slug while it is live."""

from collections.abc import Sequence

from catalog.repositories.category_writes import category_marker
from common.dynamodb import Item
from common.repositories.categories import Category, category_item
from migration.mapping import restoring
from migration.mapping.entity import Entity
from migration.mapping.reading import Columns
from migration.mapping.records import Context, Record, Row

TABLE = "categories"
_PREFIX = "CATEGORY#"


def items(record: Record, context: Context) -> list[Item]:
    """The row of a category and its marker."""
    columns = Columns(TABLE, record.row(TABLE), context)
    category = Category(
        id=columns.required("id"),
        name=columns.required("name"),
        slug=columns.required("slug"),
        description=columns.get("description"),
        parent_id=columns.get("parent_id"),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        deleted_at=columns.moment("deleted_at"),
    )
    markers = [] if category.deleted_at else [category_marker(category)]
    return [category_item(category), *markers]


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The row of PostgreSQL behind the items of a category."""
    found = [item for item in stored if record_of(item) is not None]
    return {TABLE: [_row(item) for item in found]}


def _row(item: Item) -> Row:
    return {
        **restoring.plain(item, ("id", "name", "slug", "description", "parent_id")),
        **restoring.times(item, "created_at", "updated_at", "deleted_at"),
    }


def record_of(item: Item) -> int | None:
    """The id of the category that an item is the row of."""
    is_row = item["PK"].startswith(_PREFIX) and item["SK"] == "METADATA"
    return int(item["PK"].removeprefix(_PREFIX)) if is_row else None


CATEGORIES = Entity(
    name=TABLE,
    table=TABLE,
    items=items,
    rows=rows,
    record_of=record_of,
    counters={TABLE: "CATEGORY_ID"},
)

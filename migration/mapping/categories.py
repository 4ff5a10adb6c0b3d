"""Categories: a row for each, and the marker of its slug while it is live."""

from common.dynamodb import Item
from common.repositories.categories import CATEGORIES, Category
from migration.mapping.entity import Entity
from migration.mapping.reading import attributes, one_row_each, own_id
from migration.mapping.records import Context, Record
from migration.schema.columns import CREATED, DELETED, ID, UPDATED, Table, long_text, text, whole

TABLE = Table(
    "categories",
    (
        ID,
        text("name", 255),
        text("slug", 255, unique=True),
        long_text("description"),
        whole("parent_id", null=True, references="categories"),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "CATEGORY#{id} / METADATA; marker of slug",
)


def _items(record: Record, context: Context) -> list[Item]:
    category = Category(**attributes(TABLE, record.row(TABLE.name), context))
    return [CATEGORIES.item(category), *CATEGORIES.markers(category)]


_record_of = own_id("CATEGORY#", "METADATA")

CATEGORIES_ENTITY = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=one_row_each(TABLE, _record_of),
    record_of=_record_of,
    counters={TABLE.name: "CATEGORY_ID"},
)

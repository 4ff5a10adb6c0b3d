"""Personaggi and fumetti: a row for each, in its place among the live ones or among the deleted ones."""

from collections.abc import Callable, Mapping
from typing import Any

from common.dynamodb import Item
from common.repositories.ordered import MAX_ORDER, OrderedCollection
from common.repositories.personaggi import PERSONAGGI, Personaggio
from content.repositories.fumetti import FUMETTI, Fumetto
from migration.mapping.entity import Entity
from migration.mapping.galleries import pictures_of, put_pictures, shown
from migration.mapping.reading import attributes, one_row_each, own_id
from migration.mapping.records import BadRow, Context, Record, Row
from migration.schema.columns import (
    CREATED,
    DELETED,
    ELSEWHERE,
    ID,
    UPDATED,
    Column,
    Table,
    json,
    long_text,
    media,
    text,
    whole,
)
from migration.schema.vocabularies import Vocabulary


def _gallery(name: str) -> Column:
    return json(name, binary=False, is_media=True, is_address=True, becomes=ELSEWHERE)


PERSONAGGI_TABLE = Table(
    "personaggi",
    (
        ID,
        text("name", 100),
        long_text("description"),
        media("icon", 500, null=True),
        _gallery("images"),
        text("background_color", 50, default="'#E0E7FF'"),
        text("background_type", 20, default="'solid'", words=Vocabulary(("solid", "gradient", "image", ""))),
        text("gradient_from", 50, null=True),
        text("gradient_to", 50, null=True),
        media("background_image", 500, null=True),
        whole("order", default="0"),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "PERSONAGGIO#{id} / METADATA",
)
FUMETTI_TABLE = Table(
    "fumetti",
    (
        ID,
        text("title", 200),
        long_text("description"),
        media("cover_image", 500, null=True),
        _gallery("pages"),
        whole("order", default="0"),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "FUMETTO#{id} / METADATA",
)


def _entity(
    table: Table, collection: OrderedCollection[Any], entry: Callable[..., Any], gallery: str
) -> Entity:
    """The entity of a collection whose entries have their pictures in the column `gallery`."""

    def items(record: Record, context: Context) -> list[Item]:
        row = record.row(table.name)
        values = attributes(table, row, context)
        if abs(values["order"]) > MAX_ORDER:
            reason = f"order {values['order']} is beyond {MAX_ORDER}, which the list has room for"
            raise BadRow(table.name, row["id"], reason)
        pictures = row.get(gallery)
        item = collection.item(entry(**values, **{gallery: shown(pictures, context.media_bases)}))
        put_pictures(item, gallery, pictures, context.media_bases)
        return [item]

    def pictures(item: Item) -> Row:
        return {gallery: pictures_of(item, gallery)}

    def reserves(record: Record) -> Mapping[str, int]:
        # New entries take their place behind all others.
        return {f"{collection.prefix}_ORDER": max(0, record.row(table.name).get("order") or 0)}

    record_of = own_id(f"{collection.prefix}#")
    return Entity(
        name=table.name,
        table=table.name,
        items=items,
        rows=one_row_each(table, record_of, pictures),
        record_of=record_of,
        counters={table.name: f"{collection.prefix}_ID"},
        reserves=reserves,
    )


PERSONAGGI_ENTITY = _entity(PERSONAGGI_TABLE, PERSONAGGI, Personaggio, "images")
FUMETTI_ENTITY = _entity(FUMETTI_TABLE, FUMETTI, Fumetto, "pages")

"""Personaggi and fumetti: a row for each, in its place among the live ones or among the deleted ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.dynamodb import Item
from common.repositories.ordered import MAX_ORDER, OrderedCollection
from common.repositories.personaggi import PERSONAGGI, Personaggio
from content.repositories.fumetti import FUMETTI, Fumetto
from migration.mapping import restoring
from migration.mapping.entity import Entity
from migration.mapping.galleries import pictures_of, put_pictures, shown
from migration.mapping.reading import Columns, media_address
from migration.mapping.records import Context, Record, Row

_TIMES = ("created_at", "updated_at", "deleted_at")


def _personaggio_items(record: Record, context: Context) -> list[Item]:
    columns = Columns("personaggi", record.row("personaggi"), context)
    entry = Personaggio(
        **_of_every_entry(columns),
        name=columns.required("name"),
        description=columns.get("description"),
        icon=columns.media("icon"),
        images=shown(columns.get("images"), context.media_bases),
        background_color=columns.required("background_color", "#E0E7FF"),
        background_type=columns.required("background_type", "solid"),
        gradient_from=columns.get("gradient_from"),
        gradient_to=columns.get("gradient_to"),
        background_image=columns.media("background_image"),
    )
    item = PERSONAGGI.row(entry)
    put_pictures(item, "images", columns.get("images"), context.media_bases)
    return [item]


def _fumetto_items(record: Record, context: Context) -> list[Item]:
    columns = Columns("fumetti", record.row("fumetti"), context)
    entry = Fumetto(
        **_of_every_entry(columns),
        title=columns.required("title"),
        description=columns.get("description"),
        cover_image=columns.media("cover_image"),
        pages=shown(columns.get("pages"), context.media_bases),
    )
    item = FUMETTI.row(entry)
    put_pictures(item, "pages", columns.get("pages"), context.media_bases)
    return [item]


def _of_every_entry(columns: Columns) -> dict[str, Any]:
    return {
        "id": columns.required("id"),
        "order": _order(columns),
        "created_at": columns.created_at(),
        "updated_at": columns.updated_at(),
        "deleted_at": columns.moment("deleted_at"),
    }


def _order(columns: Columns) -> int:
    order = int(columns.required("order", 0))
    if abs(order) > MAX_ORDER:
        raise columns.bad(f"order {order} is beyond {MAX_ORDER}, which the list has room for")
    return order


def _personaggio_row(item: Item) -> Row:
    names = ("id", "name", "description", "background_color", "background_type")
    return {
        **restoring.plain(item, (*names, "gradient_from", "gradient_to", "order")),
        "icon": media_address(item.get("icon")),
        "images": pictures_of(item, "images"),
        "background_image": media_address(item.get("background_image")),
        **restoring.times(item, *_TIMES),
    }


def _fumetto_row(item: Item) -> Row:
    return {
        **restoring.plain(item, ("id", "title", "description", "order")),
        "cover_image": media_address(item.get("cover_image")),
        "pages": pictures_of(item, "pages"),
        **restoring.times(item, *_TIMES),
    }


def _entity(
    table: str,
    collection: OrderedCollection[Any],
    items: Callable[[Record, Context], list[Item]],
    row: Callable[[Item], Row],
) -> Entity:
    prefix = f"{collection.prefix}#"

    def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
        return {table: [row(item) for item in stored if record_of(item) is not None]}

    def record_of(item: Item) -> int | None:
        return int(item["PK"].removeprefix(prefix)) if item["PK"].startswith(prefix) else None

    def reserves(record: Record) -> Mapping[str, int]:
        # New entries take their place behind all others.
        return {f"{collection.prefix}_ORDER": max(0, record.row(table).get("order") or 0)}

    return Entity(
        name=table,
        table=table,
        items=items,
        rows=rows,
        record_of=record_of,
        counters={table: f"{collection.prefix}_ID"},
        reserves=reserves,
    )


PERSONAGGI_ENTITY = _entity("personaggi", PERSONAGGI, _personaggio_items, _personaggio_row)
FUMETTI_ENTITY = _entity("fumetti", FUMETTI, _fumetto_items, _fumetto_row)

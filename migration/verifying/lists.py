"""Asks the shop's lists for what was moved: who is in them, and whether in the source's order.

What is in a list beside that has come since, and is no difference.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from common.repositories.categories import product_ids_in
from common.repositories.listings import all_rows
from common.repositories.notifications import all_notifications, unread_notifications
from common.repositories.orders import newest_orders
from common.repositories.personaggi import PERSONAGGI
from common.repositories.products import DRAFT, STATUSES
from content.repositories.fumetti import FUMETTI
from migration.mapping.entity import MALFORMED, RecordId
from migration.mapping.words import word_of
from migration.postgres.source import Source
from migration.schema.columns import quoted
from migration.table.batches import BEFORE_ALL_TIME

NEWEST = 100

Problems = Iterator[tuple[str, str]]
"""The list and what is wrong with it."""

# Times are kept to the millisecond. What may be missing in an older database is filled in by `_stated`.
_OF_STATUS = """
    SELECT id FROM products WHERE {deleted} IS NULL AND coalesce({status}::text, '') = ANY(%s)
    ORDER BY date_trunc('milliseconds', {created}), id
"""
_WRITTEN = "SELECT DISTINCT coalesce({status}::text, '') AS status FROM products"
_NEWEST_ORDERS = """
    SELECT id FROM orders WHERE {deleted} IS NULL
    ORDER BY date_trunc('milliseconds', {created}) DESC, id DESC LIMIT %s
"""
# As the shop of before sorted: the newest first among those of one order.
_IN_ORDER = """
    SELECT id FROM {table} WHERE {deleted} IS NULL
    ORDER BY coalesce({order}, 0), date_trunc('milliseconds', {created}) DESC, id DESC
"""
_DELETED = "SELECT id FROM {table} WHERE {deleted} IS NOT NULL ORDER BY id"
_OPTIONAL = {
    "deleted": ("deleted_at", "NULL"),
    "created": ("created_at", "NULL::timestamp"),
    "order": ("order", "NULL::int"),
    "status": ("status", "NULL"),
}


def problems(source: Source, over: Mapping[str, Collection[RecordId]]) -> Problems:
    """What is wrong with the lists of tables; `over` has the ids in each that are over and dropped."""
    for table, ids in over.items():
        try:
            if table in CHECKS and source.has(table, "id"):
                yield from CHECKS[table](source)
            elif table == "notifications" and source.has(table, "id", "is_read"):
                yield from _notifications(source, ids)
        except MALFORMED as error:
            # The shop fails here as well, on a row that neither it nor the migration has written.
            yield f"lists of {table}", f"cannot be read: {type(error).__name__} {error}"


def _products(source: Source) -> Problems:
    """Each product in the list of its status, which is the public one for what is published."""
    written = [row["status"] for row in source.query(_stated(source, "products", _WRITTEN))]
    of_status = {status: [text for text in written if _status(text) == status] for status in STATUSES}
    for status, texts in of_status.items():
        wanted = _ids(source, _stated(source, "products", _OF_STATUS), texts)
        found = [listed.id for listed in all_rows(status)]
        yield from _compared(f"products of status {status}", wanted, found)


def _status(text: str) -> str | None:
    # A product of no status is a draft.
    return word_of("products", "status", text) if text else DRAFT


def _categories(source: Source) -> Problems:
    if not source.has("product_categories", "productsId", "categoriesId"):
        return
    linked: dict[int, list[int]] = {}
    for row in source.query('SELECT "categoriesId" AS c, "productsId" AS p FROM product_categories'):
        linked.setdefault(row["c"], []).append(row["p"])
    for category, products in linked.items():
        yield from _compared(
            f"products in category {category}", sorted(products), sorted(product_ids_in(category))
        )


def _orders(source: Source) -> Problems:
    found = [order.id for order in newest_orders(NEWEST)]
    # Orders that have come since take the places of some that were among the newest.
    if len(_ids(source, "SELECT id FROM orders WHERE id = ANY(%s)", found)) == len(found):
        wanted = _ids(source, _stated(source, "orders", _NEWEST_ORDERS), NEWEST)
        yield from _compared("the newest orders", wanted, found)


def _personaggi(source: Source) -> Problems:
    yield from _ordered(source, "personaggi", PERSONAGGI.live, PERSONAGGI.deleted)


def _fumetti(source: Source) -> Problems:
    yield from _ordered(source, "fumetti", FUMETTI.live, FUMETTI.deleted)


def _ordered(
    source: Source, table: str, live: Callable[[], Sequence[object]], deleted: Callable[[], Sequence[object]]
) -> Problems:
    in_order, gone = (_ids(source, _stated(source, table, words)) for words in (_IN_ORDER, _DELETED))
    yield from _compared(f"live {table}", in_order, _of(live()))
    yield from _compared(f"deleted {table}", gone, sorted(_of(deleted())))


def _notifications(source: Source, over: Collection[RecordId]) -> Problems:
    wanted = _ids(source, "SELECT id FROM notifications ORDER BY id")
    unread = _ids(source, "SELECT id FROM notifications WHERE NOT is_read ORDER BY id")
    for name, ids, found in (
        ("all notifications", wanted, all_notifications(BEFORE_ALL_TIME)),
        ("unread notifications", unread, unread_notifications(BEFORE_ALL_TIME)),
    ):
        own = [_own_id(source, "notifications", number) for number in ids]
        there = sorted(it.id for it in found)
        yield from _compared(name, sorted(str(one) for one in own if one not in over), there)


def _own_id(source: Source, table: str, number: int) -> RecordId:
    """The id here of a row that has this one in PostgreSQL, which going back may have given to it."""
    given = source.given.here(table, number)
    return number if given is None else given[0]


def _compared(name: str, wanted: Sequence[RecordId], found: Sequence[RecordId]) -> Problems:
    there, expected = set(found), set(wanted)
    missing = [number for number in wanted if number not in there]
    if missing:
        yield name, f"lacks {', '.join(map(str, missing))}"
    elif [number for number in found if number in expected] != list(wanted):
        yield name, "is in another order"


def _stated(source: Source, table: str, template: str) -> str:
    """A statement about a table: what the source lacks of its columns counts as NULL."""
    words = {
        word: quoted(name) if source.has(table, name) else instead
        for word, (name, instead) in _OPTIONAL.items()
    }
    return template.format(table=quoted(table), **words)


def _ids(source: Source, statement: str, *parameters: object) -> list[int]:
    return [int(row["id"]) for row in source.query(statement, *parameters)]


def _of(entries: Sequence[object]) -> list[int]:
    return [int(entry.id) for entry in entries]  # type: ignore[attr-defined]


CHECKS: dict[str, Callable[[Source], Problems]] = {
    "products": _products,
    "categories": _categories,
    "orders": _orders,
    "personaggi": _personaggi,
    "fumetti": _fumetti,
}

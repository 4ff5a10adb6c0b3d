"""Every change of a count: what happened, recorded once in the transaction that changed the number.

A movement's key is made of the event that caused it, so the row is also what makes an event that is
reported twice count once. Movements are never changed; together they add up to the count.
"""

from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import islice
from typing import Literal
from zlib import crc32

from common import once, prefixes
from common.clock import parse_iso
from common.dynamodb import Index, Item, Query, UnitOfWork, fetch_all, get_item
from common.dynamodb.shapes import Shape
from common.errors import Conflict
from common.once import Mark, Marks
from common.parallel import side_by_side

# The newest stand in so many partitions, each count in one of them: none takes the writes of all.
SHARDS = 4

Reason = Literal["sale", "return", "count", "correction", "channel"]

# An event counts once, for good.
_APPLIED = Marks(prefixes.STOCK_MOVEMENT)


class AlreadyApplied(Conflict):
    """The event has changed this count before, so nothing was changed now."""

    def __init__(self, source: str, event_id: str) -> None:
        super().__init__(f"{source} {event_id} has been applied already")


@dataclass(frozen=True, slots=True)
class Movement:
    """`delta` pieces more or fewer of a variant, or of a SKU that no variant has.

    `source` and `event_id` name what caused it, such as `order` and `42`; `shortfall` is by how many
    pieces more was sold than was there, `numbers` those of the pieces of an edition that were sold.
    `created_at` is ISO 8601 UTC.
    """

    delta: int
    reason: Reason
    source: str
    event_id: str
    created_at: str
    sku: str | None = None
    variant_id: int | None = None
    product_id: int | None = None
    channel: str | None = None
    shortfall: int = 0
    numbers: tuple[int, ...] | None = None

    @property
    def counted(self) -> str:
        """What is counted: the id of the variant, else the SKU."""
        return str(self.variant_id) if self.variant_id is not None else self.sku or ""

    @property
    def count(self) -> str:
        """The count that it belongs to, as the key of the list of its movements names it."""
        return _of_variant(self.variant_id) if self.variant_id is not None else _of_sku(self.counted)

    @property
    def shard(self) -> int:
        """Which of the partitions of the newest movements has it, from 0."""
        return crc32(self.count.encode()) % SHARDS


def _of_variant(variant_id: int) -> str:
    return f"{prefixes.VARIANT}#{variant_id}"


def _of_sku(sku: str) -> str:
    return f"{prefixes.SKU}#{sku}"


_SHAPE = Shape(Movement, unstored=("shortfall",))
_PLACE = "{created_at}#{source}#{event_id}"
_OF_COUNT: Index[Movement] = Index("GSI1", prefixes.STOCK_MOVEMENT + "#{count}", _PLACE)
_NEWEST: Index[Movement] = Index("GSI2", prefixes.STOCK_MOVEMENT_NEWEST + "#{shard}", _PLACE)


def movement_mark(source: str, event_id: str, subject: str) -> Mark:
    """The mark of what an event did to `subject`: a variant's id as text, or a SKU."""
    # Ids come from elsewhere: escaped, so that no two of them make the same key.
    escaped = event_id.replace("%", "%25").replace("#", "%23")
    return _APPLIED.of(source, escaped, subject)


def movement_fields(movement: Movement) -> Item:
    """A movement and its places in the indexes, without a key of its own."""
    return {**_OF_COUNT.keys(movement), **_NEWEST.keys(movement), **_SHAPE.store(movement)}


def movement_from_item(item: Item) -> Movement:
    """The movement that a row holds."""
    return _SHAPE.read(item)


def add_movement(
    work: UnitOfWork,
    movement: Movement,
    *,
    subject: str | None = None,
    repeated: Exception | None = None,
) -> None:
    """Records a movement; `repeated` at the commit when its event has been recorded for `subject` before.

    `subject` is by default what is counted, `repeated` AlreadyApplied. Add the movement before the change
    itself, and a repetition is reported as one whatever else fails.
    """
    once.add(
        work,
        movement_mark(movement.source, movement.event_id, subject or movement.counted),
        parse_iso(movement.created_at),
        movement_fields(movement),
        repeated=repeated or AlreadyApplied(movement.source, movement.event_id),
        tag="movement",
    )


def find_movement(source: str, event_id: str, subject: str) -> Movement | None:
    """What an event did to `subject`, by one consistent read; None for nothing."""
    item = get_item(movement_mark(source, event_id, subject).key, consistent=True)
    return movement_from_item(item) if item else None


def movements_of_variant(variant_id: int) -> list[Movement]:
    """Every movement of a variant, its opening count first."""
    return _listed(_of_variant(variant_id))


def movements_of_sku(sku: str) -> list[Movement]:
    """Every movement of a SKU's own count, oldest first."""
    return _listed(_of_sku(sku))


def newest_of_count(*, sku: str, variant_id: int | None, most: int) -> list[Movement]:
    """The newest movements of a SKU's own count and of the variant's that has it, the newest first.

    A query for each. The variant's are those of all SKUs that it ever had.
    """
    counts = [_of_sku(sku), *([] if variant_id is None else [_of_variant(variant_id)])]
    return _newest([_OF_COUNT.query(count=count, descending=True) for count in counts], most)


def newest_movements(most: int) -> list[Movement]:
    """The newest movements of all counts, the newest first, by one query of each partition side by side.

    Those that were written before the table kept this list are not in it.
    """
    return _newest([_NEWEST.query(shard=shard, descending=True) for shard in range(SHARDS)], most)


def _newest(queries: list[Query], most: int) -> list[Movement]:
    with side_by_side(len(queries)) as start:
        reading = [start(partial(fetch_all, query, limit=most)) for query in queries]
        lists = [[movement_from_item(item) for item in each.result()] for each in reading]
    # Each is sorted already; of two of one moment the order does not matter.
    return list(islice(merge(*lists, key=lambda each: each.created_at, reverse=True), most))


def _listed(count: str) -> list[Movement]:
    return [movement_from_item(item) for item in fetch_all(_OF_COUNT.query(count=count))]

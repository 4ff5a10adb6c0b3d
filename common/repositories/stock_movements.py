"""Every change of a count: what happened, recorded once in the transaction that changed the number.

A movement's key is made of the event that caused it, so the row is also what makes an event that is
reported twice count once. Movements are never changed; together they add up to the count.
"""

from dataclasses import dataclass
from typing import Any, Literal

from common import once, prefixes
from common.clock import parse_iso
from common.dynamodb import Item, Query, UnitOfWork, fetch_all, get_item, index_keys
from common.errors import Conflict
from common.once import Mark, Marks

Reason = Literal["sale", "return", "count", "correction", "channel"]

FIELDS = (
    "delta",
    "reason",
    "source",
    "event_id",
    "created_at",
    "sku",
    "variant_id",
    "product_id",
    "channel",
    "shortfall",
)


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
    pieces more was sold than was there. `created_at` is ISO 8601 UTC.
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

    @property
    def counted(self) -> str:
        """What is counted: the id of the variant, else the SKU."""
        return str(self.variant_id) if self.variant_id is not None else self.sku or ""


def movement_mark(source: str, event_id: str, subject: str) -> Mark:
    """The mark of what an event did to `subject`: a variant's id as text, or a SKU."""
    # Ids come from elsewhere: escaped, so that no two of them make the same key.
    escaped = event_id.replace("%", "%25").replace("#", "%23")
    return _APPLIED.of(source, escaped, subject)


def variant_partition(variant_id: int) -> str:
    """The GSI1 partition that lists the movements of a variant."""
    return f"{prefixes.STOCK_MOVEMENT}#VARIANT#{variant_id}"


def sku_partition(sku: str) -> str:
    """The GSI1 partition that lists the movements of a SKU while no variant has it."""
    return f"{prefixes.STOCK_MOVEMENT}#SKU#{sku}"


def movement_fields(movement: Movement) -> Item:
    """A movement and its place in GSI1, without a key of its own."""
    values = {name: getattr(movement, name) for name in FIELDS}
    listed = (
        variant_partition(movement.variant_id)
        if movement.variant_id is not None
        else sku_partition(movement.counted)
    )
    return {
        **index_keys("GSI1", listed, f"{movement.created_at}#{movement.source}#{movement.event_id}"),
        **{name: value for name, value in values.items() if value is not None and name != "shortfall"},
        **({"shortfall": movement.shortfall} if movement.shortfall else {}),
    }


def movement_from_item(item: Item) -> Movement:
    """The movement that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in FIELDS if name in item}
    return Movement(**values)


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
    return _listed(variant_partition(variant_id))


def movements_of_sku(sku: str) -> list[Movement]:
    """Every movement of a SKU's own count, oldest first."""
    return _listed(sku_partition(sku))


def _listed(partition: str) -> list[Movement]:
    return [movement_from_item(item) for item in fetch_all(Query(partition, index="GSI1"))]

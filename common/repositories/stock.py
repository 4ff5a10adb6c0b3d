"""The counts of pieces, each in one place and changed under a condition.

The pieces of a variant are counted in the listing row of its product, those of a SKU that no variant has
in the row of the SKU. What was read before a change is part of its condition as far as something else was
decided by it: whether the pieces suffice, and whether the count has just become low.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from common import prefixes
from common.clock import iso
from common.dynamodb import Attribute, Condition, Item, Key, UnitOfWork, Update, attr
from common.dynamodb.unique import marker_key
from common.errors import InvalidInput, NotFound
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import RowChange, change_listing
from common.repositories.numbering import Numbering, TooFewNumbers, numbering_map
from common.repositories.products import Variant, listing_key
from common.repositories.sku_stock import sku_key, touched


class InsufficientStock(InvalidInput):
    """More is taken than is there; `available` is what is left."""

    def __init__(self, requested: int, available: int) -> None:
        super().__init__(
            f"Insufficient stock available. Requested: {requested}, Available: {available}",
            fields={"quantity": [f"only {available} available"]},
        )
        self.available = available


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where pieces are counted, and how many there were when it was read (`seen`).

    Of a variant where `product_id` and `variant_id` are given, else of the SKU itself. `numbering` is what
    was left then of the edition that the variant is.
    """

    sku: str | None
    seen: int
    product_id: int | None = None
    variant_id: int | None = None
    numbering: Numbering | None = None

    @property
    def key(self) -> Key:
        """The key of the row that holds the count."""
        return sku_key(self.sku or "") if self.product_id is None else listing_key(self.product_id)

    @property
    def count(self) -> Attribute:
        """The count within its row."""
        return attr("physical") if self.product_id is None else attr("stock", str(self.variant_id))

    @property
    def edition(self) -> Attribute:
        """What is left of its edition, within the same row."""
        return attr("editions", str(self.variant_id))

    @property
    def is_of_variant(self) -> bool:
        """Whether a variant has these pieces."""
        return self.product_id is not None


Move = tuple[Shelf, int]
"""A count and how many pieces come to it, or go from it when negative."""


def shelf_of(variant: Variant) -> Shelf:
    """Where the pieces of a variant are counted, as it was read."""
    return Shelf(variant.sku or None, variant.stock, variant.product_id, variant.id, variant.numbering)


def falls_low(before: int, after: int, low: int) -> bool:
    """Whether a change from `before` to `after` pieces makes a count low that was not."""
    return before > low >= after


def taking(count: Attribute, seen: int, quantity: int, low: int) -> Condition:
    """The condition of taking `quantity` out of a count of which `seen` was read, `low` pieces being low.

    Stops two takers who both saw the last pieces from both taking them. It holds as long as the count is
    on the same side of `low` as it was, before and after, so that of many takers at once exactly one is
    the one who makes it low.
    """
    after = seen - quantity
    if after > low:
        return count.ge(quantity + low + 1)
    if seen > low:
        return count.between(max(quantity, low + 1), quantity + low)
    return count.between(quantity, low)


def set_stock(
    work: UnitOfWork, shelf: Shelf, quantity: int, now: datetime, left: Numbering | None = None
) -> None:
    """Sets a count to `quantity` pieces; StaleVersion when it is no longer what was read.

    `left`, here and below, is what is left of the edition afterwards, where pieces are numbered by it.
    Raises TooFewNumbers for more pieces of an edition than that.
    """
    _write(work, shelf, setting(shelf, quantity, now, left))


def setting(
    shelf: Shelf,
    quantity: int,
    now: datetime,
    left: Numbering | None = None,
    *,
    is_bounded: bool = True,
) -> RowChange:
    """What `set_stock` does to the row of a count, for what changes other things of that row besides.

    `is_bounded` unless its caller knows of other bounds than what was left of the edition.
    """
    condition = unchanged(shelf)
    if shelf.is_of_variant:
        more = quantity - shelf.seen if is_bounded else 0
        # Stops a number from being left behind for a variant that was removed a moment ago.
        condition = shelf.count.exists() & condition & _numbers_suffice(shelf, more, left)
    update = _row_update(shelf, now, quantity - shelf.seen).set(shelf.count.path, quantity)
    return RowChange(_renumbered(update, shelf, left), condition, _refusal(shelf, 0))


def add_stock(
    work: UnitOfWork, shelf: Shelf, quantity: int, now: datetime, left: Numbering | None = None
) -> None:
    """Puts `quantity` pieces in; two additions at once both count. TooFewNumbers as in `set_stock`."""
    condition = None
    if shelf.is_of_variant:
        # Stops an addition to a variant that was removed a moment ago from leaving a number behind.
        condition = shelf.count.exists() & _numbers_suffice(shelf, quantity, left)
    update = _renumbered(_moved(shelf, quantity, now), shelf, left)
    _write(work, shelf, RowChange(update, condition, _refusal(shelf, 0)))


def take_stock(
    work: UnitOfWork, shelf: Shelf, quantity: int, low: int, now: datetime, left: Numbering | None = None
) -> None:
    """Takes `quantity` pieces out; InsufficientStock when fewer are there, `low` as in `taking`."""
    if quantity > shelf.seen:
        raise InsufficientStock(quantity, shelf.seen)
    condition = taking(shelf.count, shelf.seen, quantity, low)
    if shelf.is_of_variant:
        condition &= _numbers_suffice(shelf, -quantity, left)
    update = _renumbered(_moved(shelf, -quantity, now), shelf, left)
    _write(work, shelf, RowChange(update, condition, _refusal(shelf, quantity)))


def move_together(
    work: UnitOfWork,
    moves: Sequence[Move],
    low: int,
    *,
    now: datetime,
    left: Mapping[int, Numbering] = MappingProxyType({}),
    condition: Condition | None = None,
    failed: Exception,
) -> None:
    """Moves counts of variants of one product in one step, if `condition` holds of its listing row too.

    `left` is what is left afterwards of the editions that number pieces, by the ids of their variants.
    `failed` is raised at the commit when a count is not what it was decided by. TooFewNumbers.
    """
    update = _stamped(Update(), now, is_taken=any(delta < 0 for _, delta in moves))
    for shelf, delta in moves:
        after = left.get(shelf.variant_id or 0)
        _renumbered(update.increment(shelf.count.path, delta), shelf, after)
        # Stops an addition to a variant that was removed a moment ago from leaving a number behind.
        enough = shelf.count.exists() if delta > 0 else taking(shelf.count, shelf.seen, -delta, low)
        enough &= _numbers_suffice(shelf, delta, after)
        condition = condition & enough if condition else enough
    _write(work, moves[0][0], RowChange(update, condition, failed))


def take_all(work: UnitOfWork, shelf: Shelf, now: datetime, left: Numbering | None = None) -> None:
    """Takes every piece out, exactly as many as were read; StaleVersion when there are others."""
    if shelf.seen:
        set_stock(work, shelf, 0, now, left)
    else:
        # Stops pieces that arrive at this moment from being passed over as if there were none.
        work.check(shelf.key, unchanged(shelf), failed=StaleVersion("Stock"))


def removal(shelf: Shelf) -> RowChange:
    """What takes a count of a variant away with what is in it; StaleVersion when it is not what was read."""
    return RowChange(Update().remove(shelf.count.path), unchanged(shelf), StaleVersion("Stock"))


def unchanged(shelf: Shelf) -> Condition:
    """The count is what was read: stops a change that was decided by a number that no longer holds."""
    same = shelf.count.eq(shelf.seen)
    return same if shelf.seen else same | shelf.count.missing()


def same_numbering(shelf: Shelf) -> Condition:
    """The edition is what was read: stops two takers from getting the same number, one from taking a piece
    that has just become an edition's without any, and pieces from coming to one that has no numbers left.
    """
    if shelf.numbering is None:
        return shelf.edition.missing()
    return shelf.edition.eq(numbering_map(shelf.numbering))


def same_owner(work: UnitOfWork, shelf: Shelf) -> None:
    """Demands that the SKU still belongs to the variant, or still to none, as it was read.

    Stops a change of the wrong count when a variant takes or gives up the SKU at this moment.
    """
    if shelf.sku is None:
        return
    owner = (
        attr("owner").eq(f"{prefixes.VARIANT}#{shelf.variant_id}")
        if shelf.is_of_variant
        else attr("PK").missing()
    )
    work.check(marker_key("VARIANT_SKU", shelf.sku), owner, failed=StaleVersion(f"SKU {shelf.sku}"))


def _numbers_suffice(shelf: Shelf, delta: int, left: Numbering | None) -> Condition:
    """The edition is what was read, and has numbers for all pieces that are there afterwards.

    TooFewNumbers where it has not by what was read.
    """
    condition = same_numbering(shelf)
    numbering = left or shelf.numbering
    if numbering is None or delta <= 0:
        return condition
    if shelf.seen + delta > numbering.left:
        raise TooFewNumbers(numbering.left)
    # Stops two additions at once from putting in more pieces than there are numbers for.
    return condition & shelf.count.le(numbering.left - delta)


def _renumbered(update: Update, shelf: Shelf, left: Numbering | None) -> Update:
    return update if left is None else update.set(shelf.edition.path, numbering_map(left))


def _write(work: UnitOfWork, shelf: Shelf, change: RowChange) -> None:
    """Changes the row of a count, and tells whoever holds the catalogue where it is that of a product."""
    if shelf.product_id is None:
        work.update(shelf.key, change.update, condition=change.condition, failed=change.failed)
    else:
        change_listing(
            work, shelf.product_id, change.update, condition=change.condition, failed=change.failed
        )


def _moved(shelf: Shelf, delta: int, now: datetime) -> Update:
    update = _row_update(shelf, now, delta)
    if shelf.is_of_variant:
        return update.increment(shelf.count.path, delta)
    return update.add(shelf.count.path, delta)


def _row_update(shelf: Shelf, now: datetime, delta: int) -> Update:
    if not shelf.is_of_variant:
        return touched(shelf.sku or "", now)
    return _stamped(Update(), now, is_taken=delta < 0) if delta else Update()


def _stamped(update: Update, now: datetime, *, is_taken: bool) -> Update:
    """Says in the listing row when its stock was moved, by which an old form is recognised."""
    update.set("stock_moved_at", iso(now))
    return update.set("stock_taken_at", iso(now)) if is_taken else update


def _refusal(shelf: Shelf, quantity: int) -> Callable[[Item | None], Exception]:
    """What a refused change of a count means, by the row that it met."""

    def read(row: Item | None) -> Exception:
        available = _value(row, shelf)
        if available is None and shelf.is_of_variant:
            return NotFound("Variant not found")
        left = int(available or 0)
        return InsufficientStock(quantity, left) if left < quantity else StaleVersion("Stock")

    return read


def _value(row: Item | None, shelf: Shelf) -> Any:
    found: Any = row
    for name in shelf.count.path:
        found = (found or {}).get(name)
    return found

"""What a variant's edition is, within the listing row of its product: said first, changed, and taken back."""

from collections.abc import Iterable
from datetime import datetime

from common.dynamodb import Condition, UnitOfWork, Update, attr
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import RowChange, change_listing
from common.repositories.numbering import Numbering, TooFewNumbers, numbering_map
from common.repositories.products import Product, Variant
from common.repositories.stock import Shelf, same_numbering, setting, unchanged


def begun(update: Update, variant: Variant, beside: Iterable[Variant]) -> tuple[Update, Condition | None]:
    """An update of a listing row that says besides of a variant that it is an edition, if it is one.

    `beside` are the variants that the product has. The condition is the one under which that can be said.
    """
    if variant.numbering is None:
        return update, None
    entry = numbering_map(variant.numbering)
    if any(other.numbering for other in beside):
        return update.set(("editions", str(variant.id)), entry), attr("editions").exists()
    # Stops the first editions of two variants at once from writing over each other.
    none_yet = attr("editions").missing() | attr("editions").eq({})
    return update.set("editions", {str(variant.id): entry}), none_yet


def redefining(product: Product, shelf: Shelf, after: Variant, now: datetime) -> RowChange:
    """What makes the edition and the count of a variant, read as `shelf`, those of `after`.

    At the commit StaleVersion when either is not what was read. TooFewNumbers.
    """
    if after.numbering and after.stock > after.numbering.left:
        raise TooFewNumbers(after.numbering.left)
    counted = setting(shelf, after.stock, now, is_bounded=False)
    failed = StaleVersion("The edition")
    if after.numbering is None:
        return RowChange(counted.update.remove(shelf.edition.path), counted.condition, failed)
    if shelf.numbering is not None:
        update = counted.update.set(shelf.edition.path, numbering_map(after.numbering))
        return RowChange(update, counted.condition, failed)
    update, possible = begun(counted.update, after, product.variants)
    condition = counted.condition & possible if counted.condition and possible else possible
    return RowChange(update, condition, failed)


def renumber(work: UnitOfWork, shelf: Shelf, left: Numbering) -> None:
    """Changes what is left of an edition and no count; StaleVersion when either is not what was read.

    TooFewNumbers when more pieces are on sale than would be left.
    """
    if shelf.seen > left.left:
        raise TooFewNumbers(left.left)
    update = Update().set(shelf.edition.path, numbering_map(left))
    # Stops a decision on an older reading: of the numbers, and of the pieces that they have to suffice for.
    condition = unchanged(shelf) & same_numbering(shelf)
    change_listing(
        work, shelf.product_id or 0, update, condition=condition, failed=StaleVersion("The edition")
    )

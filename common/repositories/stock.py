"""The stock of variants: numbers in the listing row of their product, changed under a condition."""

from common.dynamodb import Item, UnitOfWork, Update, attr
from common.errors import InvalidInput, NotFound
from common.repositories.products import listing_key


class InsufficientStock(InvalidInput):
    """More is taken than is there; `available` is what is left."""

    def __init__(self, requested: int, available: int) -> None:
        super().__init__(
            f"Insufficient stock available. Requested: {requested}, Available: {available}",
            fields={"quantity": [f"only {available} available"]},
        )
        self.available = available


def set_stock(work: UnitOfWork, product_id: int, variant_id: int, quantity: int) -> None:
    """Sets what is there of a variant to `quantity` pieces."""
    counted = ("stock", str(variant_id))
    work.update(
        listing_key(product_id),
        Update().set(counted, quantity),
        # Stops a count that arrives after the variant was removed from leaving a number without a variant.
        condition=attr(*counted).exists(),
        failed=NotFound("Variant not found"),
    )


def add_stock(work: UnitOfWork, product_id: int, variant_id: int, quantity: int) -> None:
    """Puts `quantity` pieces of a variant in; two additions at once both count."""
    counted = ("stock", str(variant_id))
    work.update(
        listing_key(product_id),
        Update().increment(counted, quantity),
        # Stops an addition to a variant that was removed a moment ago.
        condition=attr(*counted).exists(),
        failed=NotFound("Variant not found"),
    )


def take_stock(work: UnitOfWork, product_id: int, variant_id: int, quantity: int) -> None:
    """Takes `quantity` pieces of a variant out, or fails with InsufficientStock."""
    counted = ("stock", str(variant_id))
    work.update(
        listing_key(product_id),
        Update().increment(counted, -quantity),
        # Stops two takers who both read the last pieces: the second finds too few and fails.
        condition=attr(*counted).ge(quantity),
        failed=lambda row: _shortage(row, variant_id, quantity),
    )


def _shortage(row: Item | None, variant_id: int, quantity: int) -> Exception:
    available = (row or {}).get("stock", {}).get(str(variant_id))
    if available is None:
        return NotFound("Variant not found")
    return InsufficientStock(quantity, int(available))
